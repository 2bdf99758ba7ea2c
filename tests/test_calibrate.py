"""The whole way without a window: a target is drawn, scanned by arithmetic, measured and judged."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import main
from station.calibration.analyse import analyse
from station.calibration.draw import draw
from station.calibration.label import text_of
from station.calibration.layouts import FOLDER, load_layouts
from station.calibration.reference import reference_of
from station.errors import ReferenceRefused, TargetRefused
from station.imaging import codec
from station.imaging.cv import cv
from station.model.calibration import Analysis
from station.model.image import Pixels
from station.model.target import TargetKind, TargetLabel
from station.settings import resources_dir
from tests.commands import ask
from tests.kiosk import TODAY
from ui import console

LAYOUTS = load_layouts(resources_dir() / FOLDER)
SERIAL = "S-0001"


def scanned(target: TargetKind, dpi: int = 300, degrees: float = 0.3) -> Pixels:
    """A sheet on a white glass: turned, a little soft, its paper below full scale, with noise."""
    drawn = draw(LAYOUTS[target], label(target), dpi)
    height, width = drawn.shape[:2]
    turn = cv().getRotationMatrix2D((width / 2 + 40, height / 2 + 40), degrees, 1)
    glass = cv().copyMakeBorder(drawn, 40, 40, 40, 40, cv().BORDER_CONSTANT, value=(235, 235, 235))
    size = (width + 80, height + 80)
    laid = cv().warpAffine(glass, turn, size, flags=cv().INTER_CUBIC, borderValue=(235, 235, 235))
    soft = cv().GaussianBlur(laid, (0, 0), 0.7).astype(np.float32) * (225 / 255) + 16
    noise = np.random.default_rng(3).normal(0, 1.2, soft.shape)
    return np.clip(np.round(soft + noise), 0, 255).astype(np.uint8)


def label(target: TargetKind) -> TargetLabel:
    return TargetLabel(target, LAYOUTS[target].revision, SERIAL)


def measured(pixels: Pixels, target: TargetKind, **facts: object) -> Analysis:
    return analyse(
        pixels, target, LAYOUTS, [text_of(label(target))], today=TODAY.date(), **facts  # type: ignore[arg-type]
    )  # fmt: skip


def value(analysis: Analysis, measure: str) -> float | None:
    return next(figure.value for figure in analysis.figures if figure.measure == measure)


@pytest.mark.parametrize(("target", "dpi"), [(TargetKind.A4, 300), (TargetKind.CARD, 600)])
def test_a_sheet_is_measured_whole(target: TargetKind, dpi: int) -> None:
    analysis = measured(scanned(target, dpi), target, claimed=(float(dpi), float(dpi)))
    assert analysis.label == label(target)
    for measure in ("resolution_x", "resolution_y"):
        assert value(analysis, measure) == pytest.approx(dpi, rel=0.001)
    assert value(analysis, "skew") == pytest.approx(-0.3, abs=0.02)
    distortion, shift = value(analysis, "distortion"), value(analysis, "channel_shift_rg")
    assert distortion is not None and distortion < 0.1
    assert shift == pytest.approx(0, abs=0.05)
    names = {figure.measure for figure in analysis.figures}
    assert {"sfr50_x", "sfr10_y", "noise", "uniformity", "delta_e_mean", "white_balance"} <= names
    assert len([figure.measure for figure in analysis.figures]) == len(names)
    told = {figure.measure: figure.reason for figure in analysis.figures if figure.value is None}
    assert told["delta_e_mean"] == told["delta_l_max"] == told["white_balance"] == "no_reference"


def test_values_of_another_sheet_are_refused() -> None:
    rows = "\n".join(f"{patch.id} 50 0 0" for patch in LAYOUTS[TargetKind.CARD].patches)
    count = len(LAYOUTS[TargetKind.CARD].patches)
    text = (
        f'CGATS.17\nSERIAL "S-0002"\nNUMBER_OF_FIELDS 4\nBEGIN_DATA_FORMAT\nSAMPLE_ID LAB_L LAB_A LAB_B\n'
        f"END_DATA_FORMAT\nNUMBER_OF_SETS {count}\nBEGIN_DATA\n{rows}\nEND_DATA\n"
    )
    with pytest.raises(ReferenceRefused, match="other_serial"):
        measured(scanned(TargetKind.CARD, 600), TargetKind.CARD, reference=reference_of(text.encode()))


def test_the_other_target_is_not_taken_for_the_one_that_was_asked_for() -> None:
    with pytest.raises(TargetRefused, match="wrong_target"):
        analyse(
            scanned(TargetKind.CARD, 600), TargetKind.A4, LAYOUTS,
            [text_of(label(TargetKind.CARD))], today=TODAY.date(),
        )  # fmt: skip


def test_the_commands_draw_and_measure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(codec.encode_png(scanned(TargetKind.A4), (300.0, 300.0)))
    status, (row,) = ask(capsys, "calibrate", scan, "--target", "a4")
    assert (status, row["verdict"], row["profile"]) == (console.DONE, "PASS", "self_printed")
    status, (row,) = ask(capsys, "calibrate", scan, "--target", "a4", "--dpi", "200")
    assert (status, row["verdict"]) == (console.FINDINGS, "FAIL"), "the scanner claims a wrong resolution"
    status, (row,) = ask(capsys, "calibrate", scan, "--target", "a4", "--profile", "station_default")
    assert (status, row["verdict"]) == (console.FINDINGS, "FAIL"), "nothing is proved without a reference"
    blank = tmp_path / "blank.png"
    blank.write_bytes(codec.encode_png(np.full((900, 700), 230, np.uint8), (100.0, 100.0)))
    assert main.main(["calibrate", str(blank), "--target", "a4"]) == console.COULD_NOT
    assert "CA-001" in capsys.readouterr().err


def test_an_answer_that_nobody_reads_to_its_end_is_no_crash(tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(codec.encode_png(scanned(TargetKind.CARD, 600), (600.0, 600.0)))
    command = [sys.executable, "main.py", "calibrate", str(scan), "--target", "card"]
    reading, writing = os.pipe()
    os.close(reading)
    environ = {**os.environ, "STATION_DATA_DIR": str(tmp_path)}
    try:
        ran = subprocess.run(
            command,
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=Path(main.__file__).parent,
            env=environ,
            timeout=120,
        )
    finally:
        os.close(writing)
    assert (ran.returncode, ran.stderr) == (console.COULD_NOT, b"")
