"""A calibration said: every figure has its words, and the command prints what was judged."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import QLocale

import main
from station.calibration.judge import judge
from station.calibration.profile import MEASURES, Asked, Mark, Profile, load_profiles
from station.errors import PictureError, SettingsError
from station.flow import calibration_work
from station.flow.headless_calibrate import rows
from station.imaging import codec
from station.model.calibration import Analysis, Figure
from station.model.image import Pixels
from station.model.quality import Finding, Limit, Status
from station.model.target import TargetKind
from tests.commands import ask, is_said
from ui import console
from ui.wording import calibration as words
from ui.wording.calibration_measures import CALIBRATION_MEASURES

# -- words ----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


def test_every_measure_of_every_profile_has_words() -> None:
    profiles = load_profiles(calibration_work.PROFILES)
    limits: dict[str, list[Asked]] = {}
    for each in profiles.values():
        for measure, entry in each.asked.items():
            limits.setdefault(measure, []).append(entry)
    assert set(limits) == set(MEASURES) <= set(words.FIGURES)
    for measure, entries in limits.items():
        worded = words.FIGURES[measure]
        low = any(e.limit.low is not None or e.claimed_within or e.baseline_share for e in entries)
        high = any(e.limit.high is not None or e.claimed_within for e in entries)
        assert worded.low or not low, measure
        assert worded.high or not high, measure


@pytest.mark.parametrize("measure", sorted(words.FIGURES))
def test_a_figure_explains_itself_in_one_sentence_and_says_what_to_do(measure: str) -> None:
    worded = words.FIGURES[measure]
    assert worded.says == words.explanation(measure)
    assert worded.says.endswith(".") and worded.says.count(". ") == 0
    assert not worded.title.endswith(".")
    done = [text for text in (worded.low, worded.high) if text]
    assert done or measure not in CALIBRATION_MEASURES
    assert all(text.endswith(".") for text in done)


def test_names_of_figures_can_be_told_apart() -> None:
    titles = [worded.title for worded in words.FIGURES.values()]
    assert len(set(titles)) == len(titles)
    assert words.title("sfr50_x_top_left") == "Sharpness across (SFR50), top left"
    assert words.title("nobody_s_figure") == "Nobody s figure"
    assert words.explanation("nobody_s_figure") == ""


def test_a_finding_shows_value_limit_and_what_to_do() -> None:
    limit = Limit(0.175, 0.375, 0.175, 0.375)
    soft = Finding("sfr50_x", Status.FAIL, 0.12, "cy/px", limit=limit)
    hard = Finding("sfr50_x", Status.FAIL, 0.5, "cy/px", limit=limit)
    near = Finding("sfr50_x", Status.WARN, 0.37, "cy/px", limit=limit)
    assert words.value(soft) == "0.120 cycles/px"
    assert words.limit(soft) == "Limit: 0.175 cycles/px to 0.375 cycles/px"
    assert "glass" in words.instruction(soft)
    assert "sharpening" in words.instruction(hard)
    assert words.instruction(near) == f"Too near its limit to be sure. {words.instruction(hard)}"
    assert words.value(Finding("nobody_s_figure", Status.NOT_ASSESSED, 0.5, "%")) == "0.50 %"
    assert words.value(Finding("skew", Status.PASS, -0.0001, "degrees")) == "0.00 °"
    assert words.limit(Finding("noise", Status.PASS, 1.0, limit=Limit(high=2))) == "Limit: at most 2.00 L*"


def test_what_was_not_judged_says_why() -> None:
    open_one = Finding("delta_e_mean", Status.NOT_ASSESSED, reason="no_reference")
    assert "reference file" in words.instruction(open_one)
    assert words.value(open_one) == words.limit(open_one) == ""
    assert words.instruction(Finding("noise", Status.PASS, 1.0)) == ""
    for reason in ("not_measured", "no_claim", "no_baseline", "no_limit", "fault", "no_reference"):
        assert reason in words.REASONS


# -- rows and the command -------------------------------------------------------------------------------------


def test_rows_are_written_for_scripts() -> None:
    asked = {
        "noise": Asked(Limit(high=2.0), True, "a test", Mark.OURS),
        "delta_e_mean": Asked(Limit(high=5.0), True, "a test", Mark.OURS, needs_reference=True),
    }
    figures = (Figure("noise", "L*", 1.0), Figure("anisotropy", "%", 0.1))
    report = judge(Analysis(None, figures), Profile("test", "Test", "1", asked))
    assert rows(report) == [
        {
            "measure": "noise", "value": 1.0, "unit": "L*", "limit": {"low": None, "high": 2.0},
            "status": "PASS", "required": True, "reason": "",
        },
        {
            "measure": "delta_e_mean", "value": None, "unit": "", "limit": {"low": None, "high": 5.0},
            "status": "NOT_ASSESSED", "required": True, "reason": "not_measured",
        },
        {
            "measure": "anisotropy", "value": 0.1, "unit": "%", "limit": None,
            "status": "NOT_ASSESSED", "required": False, "reason": "no_limit",
        },
    ]  # fmt: skip
    assert json.loads(json.dumps(rows(report))) == rows(report)


GOOD: Mapping[str, tuple[str, float]] = {
    "resolution_x": ("ppi", 299.9),
    "resolution_y": ("ppi", 300.2),
    "orthogonality": ("degrees", 0.01),
    "distortion": ("px", 0.2),
    "sampling_efficiency": ("%", 90.0),
    "channel_shift_rg": ("px", 0.1),
    "channel_shift_bg": ("px", -0.1),
    "anisotropy": ("%", 0.1),
}


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.png"
    path.write_bytes(codec.encode_png(np.full((20, 30), 200, np.uint8), (300.0, 300.0)))
    return path


@pytest.fixture
def measures(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, float]]:
    """Put figures in the place of what would be measured; the table may be changed."""
    figures = dict(GOOD)

    def analyse(pixels: Pixels, target: TargetKind, *_: object, **__: object) -> Analysis:
        assert (pixels.shape, target) == ((20, 30), TargetKind.A4)
        return Analysis(None, tuple(Figure(name, unit, value) for name, (unit, value) in figures.items()))

    module = ModuleType("station.calibration.analyse")
    module.__dict__["analyse"] = analyse
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return figures


def statuses(row: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {entry["measure"]: entry["status"] for entry in row["measures"]}


def test_a_print_without_reference_is_judged_by_what_it_can_prove(
    capsys: pytest.CaptureFixture[str], measures: object, scan: Path
) -> None:
    status, (row,) = ask(capsys, "calibrate", scan, "--target", "a4")
    assert (status, row["verdict"], row["profile"]) == (console.DONE, "PASS", "self_printed")
    assert set(row) == {"file", "profile", "verdict", "measures", "took_ms"}
    assert statuses(row)["resolution_x"] == "PASS"
    assert statuses(row)["anisotropy"] == "NOT_ASSESSED"


def test_a_resolution_that_the_scanner_claims_wrongly_is_a_finding(
    capsys: pytest.CaptureFixture[str], measures: object, scan: Path
) -> None:
    status, (row,) = ask(capsys, "calibrate", scan, "--target", "a4", "--dpi", "400")
    assert (status, row["verdict"]) == (console.FINDINGS, "FAIL")
    (found,) = [entry for entry in row["measures"] if entry["measure"] == "resolution_x"]
    assert (found["status"], found["value"]) == ("FAIL", 299.9)
    assert found["limit"] == {"low": 388.0, "high": 412.0}


def test_a_stricter_profile_does_not_pass_without_reference(
    capsys: pytest.CaptureFixture[str], measures: object, scan: Path
) -> None:
    words_ = ("calibrate", scan, "--target", "a4", "--profile", "station_default")
    status, (row,) = ask(capsys, *words_)
    assert (status, row["verdict"]) == (console.FINDINGS, "FAIL")
    assert statuses(row)["delta_e_mean"] == "NOT_ASSESSED"


def test_people_read_names_values_limits_and_what_to_do(
    capsys: pytest.CaptureFixture[str], measures: dict[str, tuple[str, float]], scan: Path
) -> None:
    measures["distortion"] = ("px", 4.0)
    assert main.main(["calibrate", str(scan), "--target", "a4"]) == console.FINDINGS
    first, verdict, worst, *others = capsys.readouterr().out.splitlines()
    assert first == f"{scan}: Self-printed target: geometry and relative sharpness only."
    assert verdict == "Not good."
    assert worst.startswith("  Distortion: 4.00 px, not good. Limit: at most 3.00 px. Press the target flat")
    assert "  Stretch: 0.10 %." in others
    assert others[-2].startswith("Uncertainty not assessed")
    assert not any("_" in line or "PASS" in line for line in others)


def test_a_limit_that_was_not_read_in_its_source_is_shown_as_such(
    capsys: pytest.CaptureFixture[str], measures: object, scan: Path
) -> None:
    main.main(["calibrate", str(scan), "--target", "a4", "--profile", "metamorfoze_full"])
    assert "Limit: 294.0 ppi to 306.0 ppi, unverified." in capsys.readouterr().out


def test_what_cannot_be_calibrated_is_said(
    capsys: pytest.CaptureFixture[str], measures: object, scan: Path, tmp_path: Path
) -> None:
    absent = str(tmp_path / "absent.png")
    assert main.main(["calibrate", absent, "--target", "a4"]) == console.COULD_NOT
    assert is_said(PictureError(reason="unreadable"), capsys.readouterr().err)
    unknown = ["calibrate", str(scan), "--target", "a4", "--profile", "station_defaults"]
    assert main.main(unknown) == console.COULD_NOT
    said = capsys.readouterr().err
    assert is_said(SettingsError(problem="missing"), said)
    assert "station_default" in said


@pytest.mark.parametrize("dpi", ["0", "-300", "nan", "inf", "many"])
def test_a_claim_that_is_no_resolution_is_not_taken(scan: Path, dpi: str) -> None:
    with pytest.raises(SystemExit):
        main.main(["calibrate", str(scan), "--target", "a4", f"--dpi={dpi}"])


def test_ambient_light_comes_from_a_scan_without_the_lamp(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scan, dark = tmp_path / "scan.png", tmp_path / "dark.png"
    assert main.main(["target", "--kind", "a4", "--dpi", "150", "--out", str(scan)]) == 0
    # Code 26 of 255 is 1.03 % of the light (IEC 61966-2-1); 1 % is allowed.
    flat = codec.encode_png(np.full((400, 300, 3), 26, np.uint8), (50.0, 50.0))
    dark.write_bytes(flat)
    capsys.readouterr()
    _, (row,) = ask(capsys, "calibrate", scan, "--target", "a4", "--dark", dark, "--profile", "station_default")
    found = next(measure for measure in row["measures"] if measure["measure"] == "ambient_closed")
    assert (found["value"], found["unit"], found["status"]) == (pytest.approx(1.03, abs=0.01), "%", "FAIL")
