"""What the program is made of and whom it talks to: only what is pinned, only what was asked for."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.escl.driver import EsclDriver
from drivers.outboard import wire
from drivers.outboard.process import ChildDied, ChildProcess
from station import surroundings
from station.flow.events import JobEnded
from station.model.record import AttachmentKind
from tests.commands import ROOT
from tests.escl_rig import QUICK, Serve
from tests.escl_rig import serve as serve
from tests.fuzz.work import TARGETS
from tests.kiosk import ANNA, kiosk

PATIENCE_S = 300.0

FORBIDDEN_MODULES = {
    "pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "dbm", "yaml", "pty",
    "multiprocessing", "xmlrpc", "telnetlib", "ftplib", "smtplib", "imaplib", "urllib.request", "requests",
    "httpx", "aiohttp", "asyncio", "socketserver", "code", "codeop", "runpy", "imp", "tarfile", "webbrowser",
}  # fmt: skip
FORBIDDEN_CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.startfile", "os.execv", "os.execve",
    "os.execl", "os.execlp", "os.execvp", "os.spawnl", "os.spawnv", "os.posix_spawn", "os.fork", "os.forkpty",
    "subprocess.getoutput", "subprocess.getstatusoutput", "tempfile.mktemp", "yaml.load", "np.load",
    "numpy.load", "torch.load", "logging.config.listen", "socket.create_server", "socket.socket",
    "ssl._create_unverified_context",
}  # fmt: skip

NETWORK = {
    "drivers/escl/discovery.py": {"zeroconf", "ifaddr"},
    "drivers/escl/line.py": {"socket", "ssl", "http.client"},
    "drivers/simulated/escl_server.py": {"ssl", "http.server"},
}
"""Who may speak to a network, and by what. Beside them: psycopg through SQLAlchemy to `database_url`, OpenCV to
the addresses of cameras in `driver.opencv_camera`, and libsane to what its own dll.conf names."""

NETWORK_MODULES = {"socket", "ssl", "http.client", "http.server", "http", "zeroconf", "ifaddr", "psycopg"}
PROCESSES = {
    "drivers/outboard/process.py", "scripts/page_study/reading.py", "station/delivery/text_layer.py",
    "station/quality/ofiq/process.py",
}  # fmt: skip
"""Who may start a program."""

FOREIGN_CODE = {"drivers/sane/api.py", "station/imaging/heap.py"}
"""Who calls into C by ctypes."""

XML = {
    "drivers/escl/documents.py", "station/delivery/verify_pdfa.py", "drivers/simulated/escl_server.py",
    "drivers/simulated/escl_words.py",
}  # fmt: skip
"""Who parses XML: the first refuses every declaration, the second reads what the station itself wrote."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield every file of the program, by its name in the repository."""
    rooms = ("station", "ui", "drivers", "scripts")
    for file in (ROOT / "main.py", *(file for room in rooms for file in sorted((ROOT / room).rglob("*.py")))):
        yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Return what a file imports, at whatever depth."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def called(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call by its name; a name that was imported from a module, with its module."""
    origin = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            yield origin.get(name, name), node


TREES = dict(sources())
IMPORTS = {name: imported(tree) for name, tree in TREES.items()}
CALLS = {name: list(called(tree)) for name, tree in TREES.items()}


def users(modules: set[str]) -> set[str]:
    """Return who imports one of these."""
    return {name for name, found in IMPORTS.items() if found & modules}


# -- what it is made of ---------------------------------------------------------------------------------------

_PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==[0-9][0-9a-z.+]*( ; [^\\]+)? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


@pytest.mark.parametrize("file", sorted(ROOT.glob("requirements*.txt")), ids=lambda file: file.name)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) > 100
    assert [line for line in lines if not (_PIN.fullmatch(line) or _HASH.fullmatch(line))] == []
    assert [pin for pin, after in pairwise(lines) if _PIN.fullmatch(pin) and not _HASH.fullmatch(after)] == []


def test_packages_are_installed_by_their_hashes_alone_and_none_is_built() -> None:
    setup = (ROOT / "scripts" / "setup").read_text("utf-8")
    installs = re.findall(r"pip install (.+)", setup)
    assert len(installs) == 2
    assert any("--require-hashes" in one and "--only-binary=:all:" in one for one in installs)
    assert any("--no-index" in one and "--no-deps" in one for one in installs)
    scripts = (file for file in (ROOT / "scripts").rglob("*") if file.is_file() and file.suffix in ("", ".py"))
    fetching = re.compile(r"\b(curl|wget|git clone)\b|https?:" + "//")
    assert [
        file.name for file in (ROOT / "Makefile", *scripts) if fetching.search(file.read_text("utf-8"))
    ] == []


# -- what it never does ---------------------------------------------------------------------------------------


def test_no_object_is_made_and_no_code_is_run_out_of_data() -> None:
    assert len(TREES) > 500
    assert users(FORBIDDEN_MODULES) == set()
    assert [f"{name}: {call}" for name in CALLS for call, _ in CALLS[name] if call in FORBIDDEN_CALLS] == []


def test_the_search_for_forbidden_calls_would_find_them() -> None:
    text = "from os import system as s\nimport yaml\ns('x')\nyaml.load(f)\neval('1')\ndef f():\n import pickle"
    tree = ast.parse(text)
    assert {name for name, _ in called(tree)} & FORBIDDEN_CALLS == {"os.system", "yaml.load", "eval"}
    assert imported(tree) & FORBIDDEN_MODULES == {"yaml", "pickle"}


def test_programs_are_started_by_a_list_of_words_in_an_environment_of_their_own() -> None:
    starts = {
        name: [node for call, node in calls if call.startswith("subprocess.")] for name, calls in CALLS.items()
    }
    assert {name for name, nodes in starts.items() if nodes} == users({"subprocess"}) == PROCESSES
    for name, nodes in starts.items():
        for node in nodes:
            given = {word.arg: ast.unparse(word.value) for word in node.keywords}
            assert None not in given and "shell" not in given, name
            assert isinstance(node.args[0], ast.List | ast.Name), name
            assert "of_child" in given["env"] or given["env"] == "_ENVIRONMENT", name


def test_a_child_gets_nothing_of_the_settings_and_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STATION_DATABASE_URL", "PGPASSWORD", "LD_PRELOAD", "MY_TOKEN", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("SANE_CONFIG_DIR", "here")
    given = surroundings.of_child(PYTHONPATH="there")
    assert "secret" not in given.values()
    assert (given["SANE_CONFIG_DIR"], given["PYTHONPATH"]) == ("here", "there")
    child = ChildProcess("tests.outboard_driver:FakeDriver")
    try:
        child.receive(PATIENCE_S)
        seen = Path(f"/proc/{child.pid}/environ").read_bytes()
    finally:
        child.kill()
    assert b"secret" not in seen and b"PYTHONPATH" in seen


@pytest.mark.parametrize("head", [(wire.HEADER_MOST + 1, 0), (2, wire.CONTENT_MOST + 1), (2, 2**64 - 1)])
def test_a_child_that_announces_more_than_a_page_is_not_listened_to(
    head: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    child = ChildProcess("tests.outboard_driver:FakeDriver")
    try:
        child.receive(PATIENCE_S)
        monkeypatch.setattr(child, "_read", lambda *_: memoryview(wire.HEAD.pack(*head)))
        with pytest.raises(ChildDied):
            child.receive(PATIENCE_S)
    finally:
        child.kill()


def test_the_threat_model_names_proofs_that_there_are() -> None:
    text = (ROOT / "docs" / "threat_model.md").read_text("utf-8")
    named = set(re.findall(r"`(test_[a-z_*]+)`", text))
    assert len(named) > 30
    assert [name for name in named if not list((ROOT / "tests").glob(f"{name}.py"))] == []
    doors = text.partition("## Where bytes come in")[2].partition("\n## ")[0]
    fuzzed = {word for line in re.findall(r"fuzz (.+) \|", doors) for word in re.findall(r"`([a-z_*]+)`", line)}
    targets = {name: [one for one in fuzzed if fnmatch(name, one)] for name in TARGETS}
    assert [name for name, doors in targets.items() if not doors] == [
        "patterns_text", "toml", "replayed_answers", "passphrase",
    ]  # fmt: skip
    assert [
        one for one in fuzzed if not one.startswith("test_") and not any(fnmatch(name, one) for name in TARGETS)
    ] == []


# -- whom it talks to -----------------------------------------------------------------------------------------


def test_only_these_speak_to_a_network_call_c_and_parse_xml() -> None:
    speak = {name: found & NETWORK_MODULES for name, found in IMPORTS.items() if found & NETWORK_MODULES}
    assert speak == NETWORK
    assert users({"ctypes"}) == FOREIGN_CODE
    assert users({"xml.etree.ElementTree"}) == XML
    assert users({f"PySide6.Qt{name}" for name in ("Network", "WebSockets", "WebEngineCore", "DBus")}) == set()


WHOLE = """
import json, os, sys, threading
seen = []
def watch(event, args):
    if event in ("socket.bind", "socket.listen", "socket.connect", "socket.sendto", "socket.getaddrinfo"):
        seen.append([event, repr(args[1:] if event != "socket.getaddrinfo" else args)])
    if event == "subprocess.Popen":
        seen.append([event, repr(args[1])])
sys.addaudithook(watch)
import main
from station.flow.events import DevicesChanged, Opened, Trouble
from station.flow.station import Station
from station.flow.views import DeviceState
from station.settings import read_settings
from tests.sockets import of_this_process
settings = read_settings(os.environ)
told, looks = threading.Event(), []
def hear(event):
    if isinstance(event, DevicesChanged):
        looks.append({view.info.driver for view in event.devices if view.state is DeviceState.READY})
        if "simulated" in looks[-1] and len(looks) > 6:
            told.set()
    if isinstance(event, Trouble):
        seen.append(["trouble", repr(event.error)])
station = Station(lambda: main.fit_out(settings), main.options(settings), hear)
station.start()
while not told.wait(0.2):
    station.find_devices()
    station.list_today()
sockets = of_this_process()
station.close(120)
print(json.dumps({"seen": seen, "sockets": sockets, "ready": sorted(set().union(*looks))}))
"""


def test_a_whole_station_listens_nowhere_and_calls_nobody(tmp_path: Path) -> None:
    (tmp_path / "sane").mkdir()
    (tmp_path / "sane" / "dll.conf").write_text(
        "test\n"
    )  # the network backends of libsane are the system's matter
    (tmp_path / "station.toml").write_text(
        f'drivers = ["simulated", "sane", "escl", "opencv_camera", "serial_reader"]\n'
        f'sign_in = false\n[driver.sane]\nconfig_dir = "{tmp_path / "sane"}"\n'
        '[driver.simulated]\npace = "instant"\n'
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("STATION_")},
        "STATION_DATA_DIR": str(tmp_path),
    }
    words = [sys.executable, "-c", WHOLE]
    child = subprocess.run(
        words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert child.returncode == 0, child.stderr[-3000:]
    told = json.loads(child.stdout)
    started = [what for event, what in told["seen"] if event == "subprocess.Popen"]
    assert "simulated" in told["ready"]
    ours = [what for what in started if "drivers.outboard.child" in what]
    assert ours
    # ctypes asks these where libzbar lies.
    others = {Path(what.strip("[]'").split("'")[0]).name for what in started if what not in ours}
    assert others <= {"ldconfig", "gcc", "cc", "ld", "objdump"}
    assert [one for one in told["seen"] if one[0] != "subprocess.Popen"] == []
    assert told["sockets"] == []


def test_with_a_network_scanner_only_its_configured_address_is_called(
    tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: set[tuple[str, int]] = set()
    server = serve()
    host, _, port = server.url.removeprefix("http://").partition("/")[0].partition(":")
    connect = socket.socket.connect

    def noted(own: socket.socket, address: tuple[str, int]) -> None:
        reached.add(address[:2])
        connect(own, address)

    def refused(own: socket.socket, address: object) -> None:
        raise AssertionError(f"something listens at {address}")

    monkeypatch.setattr(socket.socket, "connect", noted)
    monkeypatch.setattr(socket.socket, "bind", refused)
    driver = EsclDriver()
    driver.configure({**QUICK, "scanners": [{"url": server.url}]})
    with kiosk(tmp_path, drivers=(driver,), scan_dpi=75) as at:
        at.ready().open(ANNA.application_number)
        at.station.scan(AttachmentKind.LETTER)
        at.until(JobEnded)
    assert reached == {(host, int(port))}
