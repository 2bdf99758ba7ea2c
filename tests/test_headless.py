"""The headless commands on devices: they are listed, pages become files, no driver's fault spoils more."""

import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import main
from drivers.simulated.driver import SimulatedDriver
from station.errors import (
    DeviceNotFound,
    DeviceTimeout,
    DriverFault,
    DriverNotLoaded,
    PictureError,
    StationError,
    StorageFull,
    StorageMissing,
    Unsupported,
)
from station.flow import headless
from station.imaging import codec
from station.model.specimen import Paper, PaperKind
from tests.commands import ask, is_said
from tests.kiosk import ANNA, BORIS
from tests.rogue import CAMERA, SCANNER, SECRET, Hang, RogueDriver, bug, sheet
from ui import console


@pytest.fixture(autouse=True)
def simulated_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is connected to this machine stays out."""
    monkeypatch.setenv("STATION_DRIVERS", "simulated")
    monkeypatch.setenv("STATION_DRIVER", '{"simulated": {"pace": "instant"}}')


@pytest.fixture
def rogue(monkeypatch: pytest.MonkeyPatch) -> RogueDriver:
    """Put a driver that misbehaves in the place of all others."""
    driver = RogueDriver()
    monkeypatch.setattr(main, "find_drivers", lambda _: ((driver,), {}, None))
    return driver


def test_devices_are_listed_with_what_they_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    status, rows = ask(capsys, "devices")
    assert status == console.DONE
    assert [(row["kind"], row["driver"], row["state"]) for row in rows] == [
        ("scanner", "simulated", "ready"),
        ("camera", "simulated", "ready"),
    ]
    assert rows[0]["capabilities"]["sources"] == ["flatbed", "feeder", "duplex"]
    assert 300 in rows[0]["capabilities"]["resolutions_dpi"]


@pytest.mark.parametrize("verb", ["find", "open", "capabilities"])
def test_a_driver_with_a_bug_is_listed_with_its_trouble(
    capsys: pytest.CaptureFixture[str], rogue: RogueDriver, expected_logs: list[str], verb: str
) -> None:
    expected_logs.append("the driver of rogue")
    rogue.misdeeds[verb] = bug
    status, rows = ask(capsys, "devices")
    assert status == console.FINDINGS
    (failed,) = [row for row in rows if row["state"] == "failed"]
    assert (failed["driver"], failed["code"]) == ("rogue", DriverFault.code)
    assert is_said(DriverFault(), failed["message"])
    assert SECRET not in str(rows)
    assert len(rows) == (1 if verb == "find" else 2)


def test_a_driver_that_cannot_be_loaded_is_listed_with_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATION_DRIVERS", "simulated,nosuch")
    assert main.main(["devices"]) == console.FINDINGS
    said = capsys.readouterr().out.splitlines()
    assert is_said(DriverNotLoaded(), said[0])
    assert said[0].startswith("nosuch: ")
    assert len(said) == 3


def test_a_driver_that_hangs_is_not_waited_for_for_ever(
    capsys: pytest.CaptureFixture[str],
    rogue: RogueDriver,
    monkeypatch: pytest.MonkeyPatch,
    expected_logs: list[str],
) -> None:
    expected_logs.append("lane rogue did not end")
    rogue.misdeeds["find"] = hang = Hang()
    monkeypatch.setattr(headless, "PATIENCE_S", 0.1)
    monkeypatch.setattr(headless, "CLOSE_S", 0.0)
    try:
        status, (row,) = ask(capsys, "devices")
    finally:
        hang.let_go()
    assert (status, row["code"]) == (console.FINDINGS, DeviceTimeout.code)


def test_scan_writes_pages_and_overwrites_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    driver = SimulatedDriver()
    driver.configure({"pace": "instant"})
    monkeypatch.setattr(main, "find_drivers", lambda _: ((driver,), {}, None))
    words = ["scan", "--device", "simulated:scanner", "--out", tmp_path / "out", "--dpi", "75"]
    words += ["--mode", "grey", "--source", "duplex"]
    for _ in range(2):
        driver.props.lay((Paper(PaperKind.LETTER, ANNA), Paper(PaperKind.FORM, BORIS)))
        status, rows = ask(capsys, *words)
        assert status == console.DONE
        assert [row["page"] for row in rows] == [1, 2, 3, 4]
        assert {row["simulated"] for row in rows} == {True}
    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == 8
    read = codec.decode(Path(rows[0]["file"]).read_bytes())
    assert read.pixels.shape == (rows[0]["height_px"], rows[0]["width_px"])
    assert read.dpi == (75.0, 75.0)


def scan_words(folder: Path, device: str = SCANNER) -> list[str]:
    return ["scan", "--device", device, "--out", str(folder), "--dpi", "150", "--source", "feeder"]


@pytest.mark.parametrize(
    ("device", "error"),
    [("nobody:1", DeviceNotFound()), (CAMERA, Unsupported()), ("deaf:1", DeviceTimeout())],
)
def test_a_scan_that_cannot_begin_says_why(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    device: str,
    error: StationError,
) -> None:
    failures = {"deaf": DeviceTimeout(device="deaf:1")}
    monkeypatch.setattr(main, "find_drivers", lambda _: ((RogueDriver(),), failures, None))
    assert main.main(scan_words(tmp_path / "out", device)) == console.COULD_NOT
    assert is_said(error, capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_a_bug_in_a_scan_keeps_the_pages_before_it_and_the_next_scan_works(
    rogue: RogueDriver, capsys: pytest.CaptureFixture[str], tmp_path: Path, expected_logs: list[str]
) -> None:
    expected_logs += ["the driver of rogue", f"a fault of the program on lane {SCANNER}"]
    rogue.pages = [sheet(1), sheet(2)]
    rogue.misdeeds |= {"scan": bug, "close": bug}
    assert main.main(scan_words(tmp_path)) == console.COULD_NOT
    said = capsys.readouterr()
    assert is_said(DriverFault(), said.err)
    assert SECRET not in said.err + said.out
    assert len(said.out.splitlines()) == len(list(tmp_path.iterdir())) == 2
    assert main.main(scan_words(tmp_path)) == console.DONE
    assert rogue.closed == [SCANNER, SCANNER]


@pytest.mark.parametrize(
    "bad",
    [sheet(2, pixels=np.zeros((0, 9, 3), np.uint8)), sheet(2, encoded=b"junk", media_type="image/jpeg")],
    ids=["no rows", "junk"],
)
def test_a_page_that_is_no_picture_gives_no_file(
    rogue: RogueDriver, capsys: pytest.CaptureFixture[str], tmp_path: Path, bad: Any
) -> None:
    rogue.pages = [sheet(1), bad]
    assert main.main(scan_words(tmp_path)) == console.COULD_NOT
    assert PictureError.code in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["page-001.png"]


def test_a_full_disk_leaves_no_half_page(
    rogue: RogueDriver, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 300, 3), np.uint8)
    rogue.pages = [sheet(1), sheet(2, pixels=noise)]  # 1 kB and 360 kB as PNG
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
    try:
        status = main.main(scan_words(tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert status == console.COULD_NOT
    assert is_said(StorageFull(), capsys.readouterr().err)
    assert [path.name for path in tmp_path.iterdir()] == ["page-001.png"]


def test_a_folder_that_cannot_be_made_is_said(
    rogue: RogueDriver, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert main.main(scan_words(tmp_path / "file" / "out")) == console.COULD_NOT
    assert is_said(StorageMissing(), capsys.readouterr().err)
