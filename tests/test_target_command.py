"""The headless command `target`: a PDF to print and a PNG at any resolution."""

from pathlib import Path

import pikepdf
import pytest

import main
from station.calibration.draw import draw
from station.calibration.label import label_in
from station.calibration.layouts import FOLDER, load_layouts
from station.errors import StorageMissing
from station.imaging import codec
from station.model.target import TargetKind, TargetLabel
from station.settings import resources_dir
from tests.commands import ask, is_said
from ui import console


def test_a_png_holds_the_drawing_and_its_resolution(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "card.png"
    status, (row,) = ask(capsys, "target", "--kind", "card", "--dpi", "200", "--out", path, "--serial", "S-7")
    assert status == console.DONE
    assert row == {
        "file": str(path), "kind": "card", "label": "CT1;C1;S-7;000000000000;00000000", "dpi": 200,
        "width_mm": 85.6, "height_mm": 53.98, "width_px": 674, "height_px": 425,
    }  # fmt: skip
    found = codec.decode(path.read_bytes())
    layout = load_layouts(resources_dir() / FOLDER)[TargetKind.CARD]
    assert (found.pixels == draw(layout, TargetLabel(TargetKind.CARD, "1", "S-7"), 200)).all()
    assert found.dpi == pytest.approx((200, 200), abs=0.02)  # whole dots per metre


@pytest.mark.parametrize("kind", list(TargetKind))
def test_a_pdf_is_one_page_and_a_sheet_without_a_number_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: TargetKind
) -> None:
    path = tmp_path / "target.PDF"
    status, (row,) = ask(capsys, "target", "--kind", kind.value, "--dpi", "300", "--out", path)
    assert status == console.DONE
    label = label_in(row["label"])
    assert label == TargetLabel(kind, "1", "UNNUMBERED")
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--kind", "a5", "--out", "t.png"),
        ("--kind", "a4", "--out", "t.gif"),
        ("--kind", "a4", "--out", "t.png", "--dpi", "49"),
        ("--kind", "a4", "--out", "t.png", "--dpi", "1201"),
        ("--kind", "a4", "--out", "t.png", "--serial", "a;b"),
        ("--kind", "a4", "--out", "t.png", "--serial", ""),
        ("--out", "t.png"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        ask(capsys, "target", *words)
    assert left.value.code == console.COULD_NOT
    assert list(tmp_path.glob("t.*")) == []


def test_a_folder_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status = main.main(["target", "--kind", "card", "--dpi", "100", "--out", str(tmp_path / "no" / "t.png")])
    said = capsys.readouterr().err
    assert status == console.COULD_NOT
    assert is_said(StorageMissing(what="folder", detail="ENOENT"), said)
