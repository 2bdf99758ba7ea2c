"""Targets: files that staff write or bring, and what the program reads of its own settings."""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from station.calibration import profile as calibration
from station.calibration.chart_layouts import load_charts
from station.calibration.layouts import load_layouts
from station.calibration.reference import reference_of
from station.delivery.verify_pdfa import failures
from station.errors import ImportRefused, PassphraseRefused, ReferenceRefused, SettingsError
from station.flow.checklists import load_checklists
from station.flow.expected import COLUMNS, read_expected
from station.flow.photo_profiles import load_photo_profiles
from station.flow.replay_sources import in_folder
from station.flow.scan_profiles import load_scan_profiles
from station.imaging.model_file import MANIFEST, model_bytes
from station.quality import profile as quality
from station.settings import read_settings, resources_dir
from station.storage.keys.passphrase import read_passphrase
from station.toml_file import read_table
from tests.fuzz.target import Target, of_file, of_files, of_toml
from tests.pdf_records import coded, desk, drawn
from tests.stored import picture
from tests.test_cgats import WHOLE
from ui.rehearsal.script import read_script

HERE = resources_dir()
ROWS = (
    (
        "V000123456",
        "L000123456",
        "visitor",
        "Eriksson",
        "Anna",
        "1974-08-12",
        "F",
        "UTO",
        "L898902C3",
        "UTO",
        "",
    ),
    ("V000654321", "L000654321", "study", "Ivanov", "Boris", "2001-02-03", "M", "UTO", "", "", ""),
)
SETTINGS = """data_dir = "data"
station = "kiosk-1"
drivers = ["simulated"]
camera_rotation = 90
idle_minutes = 5
second_person = ["passes_for_an_obvious_reason"]
passphrase_file = "~/phrase"
[driver.simulated]
pace = "instant"
"""


def lists() -> Sequence[bytes]:
    """Return a day's list in both formats."""
    table = "\n".join(",".join(line) for line in (COLUMNS, *ROWS)).encode()
    objects = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    return table, json.dumps(objects).encode(), table.replace(b",", b";")


def expected(data: bytes, folder: Path) -> None:
    """Import a list, as CSV and as JSON."""
    for name in ("day.csv", "day.json"):
        (folder / name).write_bytes(data)
        with suppress(ImportRefused):
            read_expected(folder / name)


def settings(data: bytes, folder: Path) -> None:
    """Read the settings from a file, and the tables of the drivers from a variable."""
    (folder / "station.toml").write_bytes(data)
    with suppress(SettingsError):
        read_settings({}, folder / "station.toml")
    text = data.decode("utf-8", "replace").replace("\0", "")
    for name in ("STATION_DRIVER", "STATION_DRIVERS", "STATION_IDLE_MINUTES", "STATION_DATA_DIR"):
        with suppress(SettingsError):
            read_settings({"STATION_DATA_DIR": str(folder / "none"), name: text[:2000]})


def beside(folder: Path, load: Callable[[Path], object]) -> Target:
    """Load a folder in which one of the program's files is spoilt; the first bytes decide which."""
    names = sorted(file.name for file in folder.glob("*.toml"))

    def copy(empty: Path) -> None:
        for name in names:
            shutil.copy(folder / name, empty)

    def eat(data: bytes, copied: Path) -> None:
        name = names[sum(data[:40]) % len(names)]
        whole = (copied / name).read_bytes()
        (copied / name).write_bytes(data)
        try:
            load(copied)
        finally:
            (copied / name).write_bytes(whole)

    return Target(of_files(folder), eat, (SettingsError,), copy)


@cache
def exported() -> tuple[bytes, ...]:
    """Export a record as the station does."""
    with TemporaryDirectory() as folder:
        record = desk(Path(folder))
        record.add(coded(drawn(), "JPEG"))
        record.add(coded(drawn("P"), "PNG"), "image/png")
        return (record.export()[0].path.read_bytes(),)


@cache
def answers() -> tuple[bytes, ...]:
    """Return what `assess --json` prints."""
    report = picture("p").report
    assert report is not None
    findings = [asdict(finding) | {"region": None} for finding in report.findings[:3]]
    row = {"file": "page.jpg", "profile": "page", "version": "1", "verdict": "WARN", "findings": findings}
    return (json.dumps(row, default=str).encode() + b"\n",)


def replayed(data: bytes, folder: Path) -> None:
    """Read the answers beside which pictures are replayed; what cannot be read is told, not raised."""
    for name in ("answers.jsonl", "answers.json"):
        (folder / name).write_bytes(data)
    list(in_folder(folder))


def proved_model(data: bytes, folder: Path) -> None:
    """Read a model by a manifest."""
    (folder / MANIFEST).write_bytes(data)
    model_bytes(folder, "ocrb.onnx")


TARGETS: dict[str, Target] = {
    "lists": Target(lists, expected, ()),
    "settings": Target(
        lambda: (
            SETTINGS.encode(),
            (HERE / "station.example.toml").read_bytes(),
            b'{"simulated": {"pace": 1}}',
        ),
        settings,
        (),
    ),
    "toml": Target(of_files(HERE / "profiles"), of_file("a.toml", read_table), (SettingsError,)),
    "quality_profiles": of_toml(HERE / "profiles", read=quality.load_profile),
    "calibration_profiles": of_toml(HERE / "calibration", read=calibration.load_file),
    "checklists": of_toml(HERE / "checklists", read=load_checklists, whole_folder=True),
    "photo_profiles": of_toml(HERE / "photo_profiles", read=load_photo_profiles, whole_folder=True),
    "scan_profiles": beside(HERE / "scan_profiles", load_scan_profiles),
    "target_layouts": beside(HERE / "targets", load_layouts),
    "chart_layouts": beside(HERE / "targets" / "charts", lambda folder: load_charts(folder)),
    "rehearsals": of_toml(HERE / "rehearsals", read=read_script),
    "reference_values": Target(
        lambda: (WHOLE.encode(),), lambda data, _: reference_of(data), (ReferenceRefused,)
    ),
    "exported_pdf": Target(exported, of_file("a.pdf", failures), ()),
    "replayed_answers": Target(answers, replayed, ()),
    "model_manifest": Target(
        lambda: ((HERE / "models" / "mrz" / MANIFEST).read_bytes(),), proved_model, (LookupError,)
    ),
    "passphrase": Target(
        lambda: (b"seven grey herons wade\n",), of_file("phrase", read_passphrase), (PassphraseRefused,)
    ),
}
