"""Commercial targets, drawn with invented colours: found without marks, measured, never passed by mistake."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import main
from drivers.simulated.degrade import degrade
from station.calibration.analyse import analyse_chart
from station.calibration.chart_layouts import load_charts
from station.calibration.chart_locate import locate_chart
from station.calibration.chart_reference import named_as
from station.calibration.colour import delta_e_2000
from station.calibration.draw import draw
from station.calibration.judge import judge, proven
from station.calibration.lab import lab_of_light, linear
from station.calibration.layouts import FOLDER, load_layouts
from station.calibration.profile import load_profiles
from station.calibration.reference import reference_of
from station.errors import ReferenceRefused, SettingsError, TargetRefused
from station.flow.calibration_work import PROFILES
from station.flow.headless_calibrate import CHART_PROFILES
from station.imaging import codec
from station.imaging.cv import cv
from station.model.calibration import Analysis, CalibrationReport
from station.model.degradation import Degradation
from station.model.image import Pixels
from station.model.quality import Verdict
from station.model.target import ChartKind, PatchKind, TargetKind, TargetLabel
from station.settings import resources_dir
from tests.commands import ask
from tests.drawn_charts import CHARTS, SCENES, Scene, drawn, invented, reference_file, values_of
from ui import console

TODAY = date(2026, 3, 1)
CHECKER, IT8, Q13 = (CHARTS[kind] for kind in (ChartKind.COLORCHECKER, ChartKind.IT8, ChartKind.Q13))
COLOURS = {kind: invented(layout) for kind, layout in CHARTS.items()}


def measured(kind: ChartKind, pixels: Pixels, **facts: object) -> Analysis:
    return analyse_chart(pixels, CHARTS[kind], today=TODAY, **facts)  # type: ignore[arg-type]


def judged(kind: ChartKind, analysis: Analysis, profile: str = "") -> CalibrationReport:
    return judge(analysis, load_profiles(PROFILES)[profile or CHART_PROFILES[kind]])


def value(analysis: Analysis, measure: str) -> float:
    found = next(figure.value for figure in analysis.figures if figure.measure == measure)
    assert found is not None
    return found


def refusal(kind: ChartKind, pixels: Pixels, **facts: object) -> str:
    with pytest.raises(TargetRefused) as caught:
        measured(kind, pixels, **facts)
    return str(caught.value.context["reason"])


def own_file(kind: ChartKind, **facts: object) -> bytes:
    return reference_file(values_of(COLOURS[kind]), **facts)  # type: ignore[arg-type]


# -- layouts --------------------------------------------------------------------------------------------------


def test_the_layouts_have_the_patches_of_the_standards() -> None:
    assert [patch.id for patch in CHECKER.patches[:7]] == ["A1", "B1", "C1", "D1", "E1", "F1", "A2"]
    assert CHECKER.greys == ("A4", "B4", "C4", "D4", "E4", "F4")
    assert len(IT8.patches) == 12 * 22 + 24
    assert (IT8.patches[0].id, IT8.patches[263].id) == ("A1", "L22")
    assert IT8.greys == tuple(f"GS{step}" for step in range(24))
    assert Q13.greys == tuple(str(step) for step in range(20)) == tuple(patch.id for patch in Q13.patches)
    assert not any(patch.kind is PatchKind.COLOUR for patch in Q13.patches)


def test_no_reference_value_stands_in_a_layout() -> None:
    for layout in CHARTS.values():
        assert {patch.design for patch in layout.patches} == {(255, 255, 255)}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('kind = "q13"', 'kind = "q14"', "wrong_value"),
        ("grey_row = 1", "grey_row = 2", "wrong_value"),
        ("grey_row = 1", "", "missing"),
        ("columns = 20", "columns = 0", "wrong_value"),
        ("columns = 20", "", "missing"),
        ("at = [0.0, 0.0]", "at = [0.0]", "wrong_type"),
        ("size = [1.0, 2.0]", "size = [1.0, -2.0]", "wrong_value"),
        ('names = ["{i}", "GS{i}", "{n}"]', 'names = ["grey"]', "duplicate"),
        ("rows = 1", "rows = 1\nserial = 3", "unknown_key"),
    ],
)
def test_a_slip_in_a_layout_is_named(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = (resources_dir() / "targets" / "charts" / "q13.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "q13.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_charts(tmp_path)
    assert caught.value.context["problem"] == problem


# -- finding and measuring ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_drawn_colours_come_back_however_the_chart_lies(kind: ChartKind, scene: Scene) -> None:
    pixels = drawn(CHARTS[kind], COLOURS[kind], scene)
    assert locate_chart(pixels, CHARTS[kind]).turned == 90 * scene.quarters
    analysis = measured(kind, pixels, reference=reference_of(own_file(kind)))
    assert value(analysis, "delta_l_max") < 0.3
    assert value(analysis, "white_balance") < 0.3
    if kind is not ChartKind.Q13:
        assert value(analysis, "delta_e_max") < 0.3
    assert value(analysis, "noise") > 0


@pytest.mark.parametrize("kind", [ChartKind.COLORCHECKER, ChartKind.Q13], ids=str)
def test_a_known_error_of_tone_is_found_to_0_3(kind: ChartKind) -> None:
    dim = 0.93
    analysis = measured(
        kind, drawn(CHARTS[kind], COLOURS[kind], Scene(gain=dim)), reference=reference_of(own_file(kind))
    )
    true, seen = (
        values_of(COLOURS[kind]),
        values_of(
            {name: tuple(level * dim for level in colour) for name, colour in COLOURS[kind].items()}  # type: ignore[misc]
        ),
    )
    worst = max(abs(true[name][0] - seen[name][0]) for name in CHARTS[kind].greys)
    assert value(analysis, "delta_l_max") == pytest.approx(worst, abs=0.3)


@pytest.mark.parametrize("kind", [ChartKind.COLORCHECKER, ChartKind.Q13], ids=str)
def test_the_errors_of_a_worn_scanner_are_found_to_0_3(kind: ChartKind) -> None:
    wear = Degradation(
        scale=(0.01, -0.01), skew=-1.3, shear=0.1, barrel_px=1.0, blur_px=(0.8, 0.6), red_px=(0.3, 0.0),
        black=0.004, white=0.97, cast=(0.98, 1.0, 0.94), gamma=1.03, noise=0.6, backing=0.3,
    )  # fmt: skip
    clean = drawn(CHARTS[kind], COLOURS[kind], Scene(noise=0.0, blur=0.3))
    fine = cv().resize(clean, None, fx=2, fy=2, interpolation=cv().INTER_NEAREST)
    values = values_of(COLOURS[kind])
    analysis = measured(kind, degrade(fine, 600, 300, wear), reference=reference_of(own_file(kind)))
    true = np.array(list(values.values()))
    seen = lab_of_light(wear.light(linear(np.array(list(COLOURS[kind].values())))))
    greys = [list(values).index(name) for name in CHARTS[kind].greys]
    off = (seen - true)[greys]
    assert value(analysis, "delta_l_max") == pytest.approx(np.abs(off[:, 0]).max(), abs=0.3)
    assert value(analysis, "white_balance") == pytest.approx(np.hypot(off[:, 1], off[:, 2]).max(), abs=0.3)
    if kind is ChartKind.COLORCHECKER:
        differences = delta_e_2000(seen, true)
        assert value(analysis, "delta_e_mean") == pytest.approx(differences.mean(), abs=0.3)
        assert value(analysis, "delta_e_max") == pytest.approx(differences.max(), abs=0.3)


@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_four_corners_in_any_order_do_as_well(kind: ChartKind) -> None:
    pixels = drawn(CHARTS[kind], COLOURS[kind], Scene(quarters=1, degrees=1.0))
    layout, grid = CHARTS[kind], CHARTS[kind].grid
    right = grid.left + (grid.columns - 1) * grid.pitch_x + grid.width
    bottom = grid.top + (grid.rows - 1) * grid.pitch_y + grid.height
    field = [(grid.left, grid.top), (right, bottom), (right, grid.top), (grid.left, bottom)]
    true = locate_chart(pixels, layout)
    # A hand is off by two pixels.
    corners = [(float(x) + 2, float(y) - 2) for x, y in true.pixels_at(field)]
    given = locate_chart(pixels, layout, corners=corners)
    assert given.turned == true.turned
    assert np.abs(given.pixels_at(field) - true.pixels_at(field)).max() < 4
    found = measured(kind, pixels, reference=reference_of(own_file(kind)), corners=corners)
    assert value(found, "delta_l_max") < 0.3
    assert refusal(kind, pixels, corners=[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]) == "no_target"


def test_only_what_the_chart_has_is_measured() -> None:
    names = {
        kind: {f.measure for f in measured(kind, drawn(CHARTS[kind], COLOURS[kind])).figures}
        for kind in ChartKind
    }
    for measures in names.values():
        assert {"delta_l_max", "white_balance", "noise"} <= measures
        assert not [m for m in measures if m.startswith(("resolution", "sfr", "skew", "channel", "uniformity"))]
    assert "delta_e_mean" in names[ChartKind.IT8]
    assert not [m for m in names[ChartKind.Q13] if m.startswith("delta_e")]


# -- verdicts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_a_true_device_passes_with_values_and_never_without(kind: ChartKind) -> None:
    pixels = drawn(CHARTS[kind], COLOURS[kind])
    assert proven(judged(kind, measured(kind, pixels, reference=reference_of(own_file(kind)))))
    without = measured(kind, pixels)
    for profile in load_profiles(PROFILES):
        report = judged(kind, without, profile)
        assert not proven(report), profile
        assert report.report.verdict is not Verdict.PASS, profile
    told = {figure.measure: figure.reason for figure in without.figures}
    assert told["delta_l_max"] == told["white_balance"] == "no_reference"


def test_what_a_chart_does_not_have_is_open_and_does_not_pass_elsewhere() -> None:
    kind = ChartKind.COLORCHECKER
    analysis = measured(kind, drawn(CHECKER, COLOURS[kind]), reference=reference_of(own_file(kind)))
    report = judged(kind, analysis, "station_default")
    told = {finding.measure: finding.reason for finding in report.findings}
    assert told["resolution_x"] == told["sfr50_x"] == told["uniformity"] == "not_measured"
    assert not proven(report)


def test_a_grey_scanner_has_tone_and_no_colour() -> None:
    kind = ChartKind.COLORCHECKER
    grey = drawn(CHECKER, COLOURS[kind]).mean(axis=2).astype(np.uint8)
    analysis = measured(kind, grey, reference=reference_of(own_file(kind)))
    told = {figure.measure: figure.reason for figure in analysis.figures}
    assert told["delta_l_max"] == ""
    assert told["white_balance"] == told["delta_e_mean"] == "grey_picture"
    assert not proven(judged(kind, analysis))


@pytest.mark.parametrize("gain", [1.12, 1.3])
def test_clipped_light_is_no_tone(gain: float) -> None:
    kind = ChartKind.Q13
    analysis = measured(
        kind, drawn(Q13, COLOURS[kind], Scene(gain=gain)), reference=reference_of(own_file(kind))
    )
    told = {figure.measure: figure.reason for figure in analysis.figures}
    assert told["delta_l_max"] == told["white_balance"] == told["noise"] == "clipped"
    assert not proven(judged(kind, analysis))


# -- bad pictures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", list(ChartKind), ids=str)
@pytest.mark.parametrize("laid", list(ChartKind), ids=str)
def test_another_chart_is_not_taken_for_the_one_that_is_asked_for(asked: ChartKind, laid: ChartKind) -> None:
    if asked is not laid:
        assert refusal(asked, drawn(CHARTS[laid], COLOURS[laid])) in {"wrong_target", "no_target", "cut_off"}


@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_our_own_sheet_and_an_empty_glass_are_no_chart(kind: ChartKind) -> None:
    own = load_layouts(resources_dir() / FOLDER)[TargetKind.CARD]
    sheet = draw(own, TargetLabel(TargetKind.CARD, own.revision, "S-1"), 300)
    assert refusal(kind, sheet) in {"wrong_target", "no_target", "cut_off"}
    noise = np.random.default_rng(1).normal(230, 2, (500, 400, 3)).clip(0, 255).astype(np.uint8)
    assert refusal(kind, noise) == "no_target"


@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_paper_over_patches_is_seen_or_fails(kind: ChartKind) -> None:
    pixels = drawn(CHARTS[kind], COLOURS[kind], Scene(noise=0.5)).copy()
    height, width = pixels.shape[:2]
    sly = pixels.copy()
    pixels[height // 2 - 60 : height // 2 + 55, width // 3 : width // 3 + 150] = 240
    assert refusal(kind, pixels) in {"covered", "wrong_target"}
    # One patch exactly, as a label of its size would: only its colour is wrong.
    patch = CHARTS[kind].patches[4]
    corners = np.array([(patch.left, patch.top), (patch.left + patch.width, patch.top + patch.height)])
    (left, top), (right, bottom) = locate_chart(sly, CHARTS[kind]).pixels_at(corners).round().astype(int)
    sly[top : bottom + 1, left : right + 1] = (250, 20, 250)
    analysis = measured(kind, sly, reference=reference_of(own_file(kind)))
    assert not proven(judged(kind, analysis))


@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_a_chart_that_is_half_on_the_glass_is_refused(kind: ChartKind) -> None:
    pixels = drawn(CHARTS[kind], COLOURS[kind])
    width = pixels.shape[1]
    assert refusal(kind, pixels[:, : round(width * 0.75)]) in {"cut_off", "wrong_target"}
    assert refusal(kind, pixels[:, round(width * 0.75) :]) in {"cut_off", "wrong_target", "no_target"}


def test_a_scale_that_does_not_fall_is_another_target() -> None:
    colours = COLOURS[ChartKind.COLORCHECKER]
    shuffled = dict(colours) | dict.fromkeys(CHECKER.greys, colours["C2"])
    assert refusal(ChartKind.COLORCHECKER, drawn(CHECKER, shuffled)) == "wrong_target"


# -- reference files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_every_naming_of_the_patches_is_understood(kind: ChartKind) -> None:
    layout, values = CHARTS[kind], values_of(COLOURS[kind])
    for naming in layout.namings:
        renamed = {name: values[patch.id] for name, patch in zip(naming, layout.patches, strict=True)}
        found = named_as(layout, reference_of(reference_file(renamed, spread=0.4)))
        assert list(found.patches) == [patch.id for patch in layout.patches]
        for name, lab in found.patches.items():
            assert lab == pytest.approx(values[name], abs=1e-3)
        assert set(found.spreads) == set(found.patches)


def test_zeros_and_small_letters_in_names_count_for_nothing() -> None:
    values = values_of(COLOURS[ChartKind.IT8])
    argyll = {
        f"{name.rstrip('0123456789').lower()}{int(name.lstrip('ABCDEFGHIJKLS')):02d}": lab
        for name, lab in values.items()
    }
    assert "gs00" in argyll
    assert "a01" in argyll
    found = named_as(IT8, reference_of(reference_file(argyll)))
    assert set(found.patches) == set(values)


def test_a_reference_of_another_target_is_refused() -> None:
    pixels = drawn(CHECKER, COLOURS[ChartKind.COLORCHECKER])
    others = {"P1": (50.0, 0.0, 0.0)}, values_of(COLOURS[ChartKind.IT8]), values_of(COLOURS[ChartKind.Q13])
    for other in others[:2]:
        with pytest.raises(ReferenceRefused, match="other_target"):
            measured(ChartKind.COLORCHECKER, pixels, reference=reference_of(reference_file(other)))
    with pytest.raises(ReferenceRefused, match="other_target"):
        named_as(CHECKER, reference_of(reference_file(others[2])))


def test_values_of_another_print_of_the_chart_fail() -> None:
    pixels = drawn(CHECKER, COLOURS[ChartKind.COLORCHECKER])
    other = reference_of(reference_file(values_of(invented(CHECKER, seed=8))))
    analysis = measured(ChartKind.COLORCHECKER, pixels, reference=other)
    assert value(analysis, "delta_e_mean") > 15
    assert not proven(judged(ChartKind.COLORCHECKER, analysis))


def test_a_reference_that_lacks_patches_judges_nothing() -> None:
    values = values_of(COLOURS[ChartKind.COLORCHECKER])
    pixels = drawn(CHECKER, COLOURS[ChartKind.COLORCHECKER])
    few = {name: values[name] for name in values if name != "E4"}
    analysis = measured(ChartKind.COLORCHECKER, pixels, reference=reference_of(reference_file(few)))
    assert {f.reason for f in analysis.figures if f.needs_reference} == {"incomplete_reference"}
    unclear = {name: values[name] for name in ("A1", "A2", "B1", "B2")}
    with pytest.raises(ReferenceRefused, match="other_target"):
        named_as(CHECKER, reference_of(reference_file(unclear)))


def test_the_file_must_be_the_targets_where_a_person_says_which_it_is() -> None:
    one, batch = (reference_of(own_file(ChartKind.Q13, spread=spread)) for spread in (None, 0.3))
    one.check(TODAY, serial="t-0001 ")
    batch.check(TODAY, serial="T-0001")
    batch.check(TODAY, serial="2026:01")
    for file, serial in ((one, "T-0002"), (one, "2026:01"), (batch, "2026:02")):
        with pytest.raises(ReferenceRefused, match="other_serial"):
            file.check(TODAY, serial=serial)
    with pytest.raises(ReferenceRefused, match="other_serial"):
        replace(one, serial="").check(TODAY, serial="T-0001")
    with pytest.raises(ReferenceRefused, match="expired"):
        measured(
            ChartKind.Q13, drawn(Q13, COLOURS[ChartKind.Q13]), reference=replace(one, created=date(2020, 1, 1))
        )


def test_the_spread_of_a_batch_is_in_the_uncertainty_and_may_leave_a_verdict_open() -> None:
    kind = ChartKind.COLORCHECKER
    pixels = drawn(CHECKER, COLOURS[kind], Scene(gain=0.97))
    sharp, blurred = (
        measured(kind, pixels, reference=reference_of(own_file(kind, spread=spread))) for spread in (None, 4.0)
    )
    certain, unsure = ({f.measure: f for f in analysis.figures} for analysis in (sharp, blurred))
    for measure in ("delta_e_mean", "delta_e_p90", "delta_e_max", "white_balance", "delta_l_max"):
        assert certain[measure].uncertainty is None
        assert certain[measure].value == unsure[measure].value
        # 2 * 4.0 * sqrt(pi / 8) = 8 * 0.62666
        assert unsure[measure].uncertainty == pytest.approx(5.0133, abs=1e-3)
    assert proven(judged(kind, sharp))
    assert not proven(judged(kind, blurred))


# -- the command ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ChartKind), ids=str)
def test_the_command_measures_commercial_targets(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: ChartKind
) -> None:
    scan, file = tmp_path / "scan.png", tmp_path / "reference.txt"
    scan.write_bytes(codec.encode_png(drawn(CHARTS[kind], COLOURS[kind]), (300.0, 300.0)))
    file.write_bytes(own_file(kind).replace(b'CREATED "2026-02-01"\n', b""))
    words = ("calibrate", scan, "--target", kind.value)
    status, (row,) = ask(capsys, *words, "--reference", file, "--serial", "T-0001")
    assert (status, row["verdict"], row["profile"]) == (console.DONE, "PASS", CHART_PROFILES[kind])
    status, (row,) = ask(capsys, *words)
    assert (status, row["verdict"]) == (console.FINDINGS, "FAIL")
    refused = [*map(str, words), "--reference", str(file), "--serial", "T-0002"]
    assert main.main(refused) == console.COULD_NOT
    assert "CA-002" in capsys.readouterr().err


def test_the_program_draws_only_its_own_targets(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main.main(["target", "--kind", "it8", "--out", str(tmp_path / "it8.png")])
