"""Every target on spoilt samples: a value or an error with a name, soon, and nothing that stays behind.

`make soak ARGS="fuzz 60"` does the same for a minute a target. What that once broke stands in `BROKE`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.limits import Growth, Hang, no_growth
from tests.fuzz.mutate import spoilt
from tests.fuzz.target import Target
from tests.fuzz.work import TARGETS, feed

EXAMPLES = 30
SEEDED = 100

DEEP = b"[" * 100_000
HUGE = b"1" * 400

BROKE: tuple[tuple[str, bytes], ...] = (
    ("toml", b"x = " + DEEP),
    ("toml", b"x = " + HUGE),
    ("target_layouts", b"width = " + HUGE),
    ("patterns_text", b'[[pattern]]\nname = "a"\nkind = "label"\nshape = "' + DEEP + b'"'),
    (
        "patterns_text",
        b'[[pattern]]\nname = "a"\nkind = "label"\nshape = "(?P<value>a)"\nsymbologies = [{a = 1}]',
    ),
    ("settings", b'data_dir = "~nobody-has-this-name/x"'),
    ("settings", b'passphrase_file = "a\\u0000b"'),
    ("settings", b"a" * 5000),
    ("settings", DEEP),
    ("escl_known", b'{"scanners": {}, "certificates": {"\\ud800": "a"}}'),
    ("model_manifest", b'model = "text"'),
    ("model_manifest", b"x = " + DEEP),
    ("replayed_answers", DEEP),
    ("vault", DEEP),
    ("rotation_journal", DEEP),
    ("anchors", DEEP + b"\n"),
    (
        "anchors",
        b'{"format": 1, "station": "a", "number": Infinity, "hash": "", "at": "", "reason": "", "key": ""}\n',
    ),
    ("rows", DEEP),
    ("recovery_sheet", "1\N{NO-BREAK SPACE}0001\N{NO-BREAK SPACE}0203 0405 0607 0000".encode()),
    ("audit_export", DEEP),
    ("audit_export", b'{"format": "visa-station/audit-export/1", "chains": []}'),
    ("manifest", DEEP),
    ("manifest", b'{"manifest": {"format": "visa-station/manifest/1"}, "signature": ""}'),
)


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An empty folder, prepared for the target of this test."""
    TARGETS[request.getfixturevalue("name")].prepare(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def bounded(name: str, expected_logs: list[str]) -> Iterator[None]:
    """Give each target little memory, and let it log what it gives up."""
    expected_logs.extend(("what was noticed on ordinary pages", "the anchors of the audit could not"))
    TARGETS[name].samples()
    with no_growth():
        yield


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TARGETS)
def test_spoilt_samples_give_a_value_or_an_error_with_a_name(name: str, folder: Path) -> None:
    samples, random = TARGETS[name].samples(), Random(f"suite {name}")
    for _ in range(SEEDED):
        feed(TARGETS[name], spoilt(random, samples), folder)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False))
    def anything(random: Random) -> None:
        feed(TARGETS[name], spoilt(random, samples), folder)

    anything()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "data"), BROKE, ids=[f"{n} {name}" for n, (name, _) in enumerate(BROKE)])
def test_what_once_broke_a_target_does_not_any_more(name: str, data: bytes, folder: Path) -> None:
    feed(TARGETS[name], data, folder)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TARGETS)
def test_every_sample_is_good_before_it_is_spoilt(name: str, folder: Path) -> None:
    target = TARGETS[name]
    assert target.samples()
    for sample in target.samples() if name in ALONE else ():
        target.eat(sample, folder)


ALONE = set(TARGETS) - {"scan_profiles", "target_layouts", "chart_layouts", "model_manifest"}
"""Targets whose samples are good by themselves: a file in the place of another of its folder is refused."""


# -- the limits themselves ------------------------------------------------------------------------------------


def spin(_: bytes, __: Path) -> None:
    while True:
        pass


def fill(_: bytes, __: Path) -> None:
    bytearray(2 << 30)


@pytest.mark.parametrize("name", ["label"])
@pytest.mark.parametrize(("eat", "error"), [(spin, Hang), (fill, MemoryError)])
def test_a_hang_and_a_hunger_are_found(
    name: str, eat: Callable[[bytes, Path], object], error: type[BaseException], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("tests.fuzz.limits.CPU_S", 0.05)
    with pytest.raises(error):
        feed(Target(tuple, eat), b"", tmp_path)


@pytest.mark.parametrize("name", ["label"])
def test_what_stays_behind_is_found(name: str) -> None:
    with pytest.raises(Growth), no_growth(4 << 20):
        kept = b"x" * (16 << 20)
    assert kept
