"""The rules that every test keeps: nothing unexpected is logged, nothing is left running, nobody is called.

A test says `expected_logs.append("beginning of the message")` for each warning that belongs to it, and
`@pytest.mark.system("package")` when it needs a Debian package.
"""

import os
import sys
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from functools import cache
from itertools import count
from pathlib import Path
from shutil import which

import hypothesis
import pytest

from tests import leftovers

pytest.register_assert_rewrite("tests.postgres")  # a plugin that one of its users also imports by name

for _name in [name for name in os.environ if name.startswith("STATION_")]:
    del os.environ[_name]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test touches the key store of whoever runs it; the station takes this one for none.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
os.environ.setdefault("LC_ALL", "C.UTF-8")

IN_CI = os.environ.get("CI") == "true"

NEEDS: dict[str, Callable[[], bool]] = {
    "libsane1": lambda: find_library("sane") is not None,
    "libzbar0": lambda: find_library("zbar") is not None,
    "openssl": lambda: which("openssl") is not None,
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    "sane-airscan": lambda: any(Path("/usr/lib").glob("*/sane/libsane-airscan.so.1")),
    "sane-utils": lambda: which("scanimage", path=os.environ["PATH"] + ":/usr/bin") is not None,
    "tesseract-ocr": lambda: which("tesseract") is not None,
    "xvfb": lambda: which("Xvfb") is not None,
}
_numbers = count(1)
LOOPBACK = ("127.", "::1", "localhost")
MULTICAST_DNS = ("224.0.0.251", 5353)
"""What is sent there from a socket of the loopback interface stays on this machine."""

# A slow machine is no fault of an example; in CI every run tries the same ones.
hypothesis.settings.register_profile("house", deadline=None, derandomize=IN_CI, database=None)
hypothesis.settings.load_profile("house")


@cache
def _is_there(package: str) -> bool:
    return NEEDS[package]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what lacks its system package; in CI that is a failure."""
    for mark in item.iter_markers("system"):
        for package in mark.args:
            if package not in NEEDS:
                pytest.fail(f"tests/conftest.py does not know how to look for {package}", pytrace=False)
            if not _is_there(package):
                reason = f"needs the Debian package {package}: apt-get install {package}"
                pytest.fail(reason, pytrace=False) if IN_CI else pytest.skip(reason)


def _stay_at_home(event: str, args: tuple[object, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        return
    address = args[1] if event != "socket.getaddrinfo" else args[:1]
    if address == MULTICAST_DNS and str(args[0].getsockname()[0]).startswith(LOOPBACK):  # type: ignore[attr-defined]
        return
    if isinstance(address, tuple) and address[0] is not None and not str(address[0]).startswith(LOOPBACK):
        raise RuntimeError(f"a test reached for {address[0]}: tests call nobody beyond this machine")


sys.addaudithook(_stay_at_home)


@pytest.fixture
def expected_logs() -> list[str]:
    """Beginnings of the warnings that belong to this test; the test appends them."""
    return []


@pytest.fixture(autouse=True)
def _house_rules(
    expected_logs: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Keep the program's data apart, and look at the end for what the test left behind."""
    monkeypatch.setenv("STATION_DATA_DIR", str(tmp_path_factory.getbasetemp() / f"data-{next(_numbers)}"))
    before = leftovers.look()
    with leftovers.watched_logs() as records:
        yield
        left = leftovers.since(before)
    left += [
        f"log: {record.name}: {record.getMessage()}"
        for record in records
        if not record.getMessage().startswith(tuple(expected_logs))
    ]
    if left:
        pytest.fail("left behind or unexpected:\n  " + "\n  ".join(left), pytrace=False)
