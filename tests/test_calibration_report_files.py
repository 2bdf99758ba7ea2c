"""The files of a calibration's report: names, JSON, the same bytes again, and what a disk may do."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from station.calibration.label import label_in
from station.delivery.calibration_report import slug
from station.errors import StorageFull, StorageMissing
from station.flow.calibration_charts import charts_of
from station.model.quality import Finding, Limit, Status
from station.model.target import TargetKind
from tests.reported import REPORTER, history, kept, text_of, write
from tests.stored_calibrations import calibration


@pytest.mark.parametrize(
    ("name", "device", "expected"),
    [
        ("Scanner: left/../etc", "x", "scanner-left-etc"),
        ("ស្កេន", "escl:glass", "escl-glass"),
        ("", "ស្កេន", "device"),
    ],
)
def test_a_file_is_named_after_the_device(name: str, device: str, expected: str) -> None:
    assert slug(calibration(device_name=name, device=device)) == expected


def test_the_json_holds_all_that_is_kept(tmp_path: Path) -> None:
    one, before = kept(), kept(number=11)
    data = json.loads(write(tmp_path, one, before, ())[1].read_text("ascii"))
    done = one.calibration
    assert (data["schema"], data["schema_version"]) == ("visa-station/calibration", 1)
    found = [
        Finding(
            row["measure"], Status(row["status"]), row["value"], row["unit"], required=row["required"],
            reason=row["reason"] or "",
        )
        for row in data["figures"]
    ]  # fmt: skip
    assert found == [replace(finding, limit=None) for finding in done.report.findings]
    limits = [row["limit"] or {"low": None, "high": None} for row in data["figures"]]
    expected = [finding.limit or Limit() for finding in done.report.findings]
    assert [(limit["low"], limit["high"]) for limit in limits] == [
        (limit.low, limit.high) for limit in expected
    ]
    spreads = {row["measure"]: row["uncertainty_k2"] for row in data["figures"]}
    assert spreads["resolution_x"] == 0.1
    assert [curve["name"] for curve in data["curves"]] == [curve.name for curve in done.report.analysis.curves]
    assert tuple(map(tuple, data["curves"][0]["points"])) == done.report.analysis.curves[0].points
    assert data["maps"][0]["rows"] == [[94.9, 93.0], [None, 92.2]]
    assert data["at"] == "2025-03-04T07:30:00+07:00"
    assert data["asked_of_device"] == {"dpi": 300}
    assert data["pictures"][0]["sha256"] == done.pictures[0].sha256
    assert data["before"] == {"number": 11, "digest": before.digest}
    proof = data["proof"]
    assert proof["digest_sha256"] == one.digest
    assert bytes.fromhex(proof["signature_ed25519"]) == one.signature
    assert bytes.fromhex(proof["public_key"]) == one.key
    (skew,) = (row for row in data["figures"] if row["measure"] == "skew")
    assert skew["limit"]["mark"] == "ours"
    assert skew["title"] == "Slant of the target"


def test_the_same_calibration_gives_the_same_bytes(tmp_path: Path) -> None:
    runs = history(3)
    args = (runs[2], runs[1], charts_of(runs))
    first, second = ([path.read_bytes() for path in write(tmp_path / name, *args)] for name in "ab")
    assert first == second
    with pikepdf.open(write(tmp_path, kept())[0]) as pdf:
        assert str(pdf.docinfo.CreationDate) == "D:20250304073000+07'00'"
        assert str(pdf.docinfo.Title) == "Calibration report 12, Scanner on the left"
        assert str(pdf.Root.Lang) == "en-GB"


def _full(_: object) -> None:
    raise OSError(errno.ENOSPC, "no room")


def _file(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def _taken(path: Path) -> Path:
    (path / "calibration_scanner-on-the-left_2025-03-04T073000.json" / "in").mkdir(parents=True)
    return path


@pytest.mark.parametrize("made", [_file, _taken])
def test_a_folder_that_takes_no_file_gets_none(made: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = made(tmp_path / "out")
    with pytest.raises(StorageMissing):
        write(folder)
    assert [path.name for path in tmp_path.rglob("*") if path.suffix in (".pdf", ".part")] == []


def test_a_full_disk_is_said_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _full)
    for attempt in (write, lambda folder: REPORTER.target(TargetKind.A4, folder / "target.pdf")):
        with pytest.raises(StorageFull):
            attempt(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", TargetKind)
def test_each_fresh_target_has_a_serial_of_its_own(kind: TargetKind, tmp_path: Path) -> None:
    labels = []
    for name in ("one.pdf", "two.pdf"):
        REPORTER.target(kind, tmp_path / name)
        labels += [label for line in text_of(tmp_path / name).split("\n") if (label := label_in(line))]
    assert [label.kind for label in labels] == [kind, kind]
    assert len({label.serial for label in labels}) == 2
    assert [label.reference for label in labels] == ["", ""]
