"""The verdict on a calibration: the decision rule, and nothing open passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.calibration.judge import judge, proven
from station.calibration.profile import Asked, Mark, Profile, load_profiles
from station.flow import calibration_work
from station.model.calibration import Analysis, CalibrationReport, Figure
from station.model.quality import Finding, Limit, Status, Verdict


def asked(
    low: float | None = None,
    high: float | None = None,
    *,
    required: bool = True,
    needs_reference: bool = False,
    claimed_within: float | None = None,
    baseline_share: float | None = None,
) -> Asked:
    return Asked(
        Limit(low, high), required, "a test", Mark.OURS, needs_reference, claimed_within, baseline_share
    )


def profile(**entries: Asked) -> Profile:
    return Profile("test", "Test", "7", entries)


def judged(figures: list[Figure], **entries: Asked) -> CalibrationReport:
    return judge(Analysis(None, tuple(figures)), profile(**entries))


def only(report: CalibrationReport) -> Finding:
    (finding,) = report.findings
    return finding


# -- the decision rule ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "uncertainty", "status"),
    [
        # |error| + U <= T passes, |error| - U > T fails, between is marginal; T = 0.5, U = 0.1.
        (0.4, 0.1, Status.PASS),
        (-0.4, 0.1, Status.PASS),
        (0.41, 0.1, Status.WARN),
        (-0.41, 0.1, Status.WARN),
        (0.5, 0.1, Status.WARN),
        (0.6, 0.1, Status.WARN),
        (0.61, 0.1, Status.FAIL),
        (-0.61, 0.1, Status.FAIL),
        # A measure that is less certain than the tolerance is wide proves nothing.
        (0.0, 0.6, Status.WARN),
        # Where nobody assessed U the figure alone decides; the limit itself is good.
        (0.5, None, Status.PASS),
        (0.501, None, Status.FAIL),
        (-0.501, None, Status.FAIL),
    ],
)
def test_the_uncertainty_guards_both_sides_of_the_tolerance(
    value: float, uncertainty: float | None, status: Status
) -> None:
    figure = Figure("skew", "degrees", value, uncertainty=uncertainty)
    finding = only(judged([figure], skew=asked(-0.5, 0.5)))
    assert (finding.status, finding.raw, finding.unit) == (status, value, "degrees")
    assert (finding.limit or Limit()).high == 0.5


def test_an_open_end_never_fails() -> None:
    assert only(judged([Figure("noise", "L*", -9.0)], noise=asked(high=2))).status is Status.PASS
    assert only(judged([Figure("sampling_efficiency", "%", 99.0)], sampling_efficiency=asked(80))).raw == 99


def test_what_is_shown_is_what_was_judged() -> None:
    finding = only(judged([Figure("noise", "L*", 2.000049)], noise=asked(high=2)))
    assert (finding.raw, finding.status) == (2.0, Status.PASS)


def test_a_marginal_figure_proves_nothing() -> None:
    report = judged([Figure("noise", "L*", 1.95, uncertainty=0.1)], noise=asked(high=2))
    assert report.report.verdict is Verdict.WARN
    assert not proven(report)


def test_what_only_informs_decides_nothing() -> None:
    figures = [Figure("noise", "L*", 1.0), Figure("skew", "degrees", 3.0)]
    report = judged(figures, noise=asked(high=2), skew=asked(-1, 1, required=False))
    assert report.report.verdict is Verdict.WARN
    assert proven(report)


def test_a_profile_that_requires_nothing_proves_nothing() -> None:
    assert not proven(judged([Figure("skew", "degrees", 0.0)], skew=asked(-1, 1, required=False)))


# -- nothing open passes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ([Figure("noise", "L*", reason="clipped")], "clipped"),
        ([Figure("noise", "L*")], "fault"),
        ([Figure("noise", "L*", float("nan"))], "fault"),
        ([Figure("noise", "L*", float("-inf"))], "fault"),
        ([Figure("noise", "L*", 1.0, uncertainty=float("nan"))], "fault"),
        ([], "not_measured"),
    ],
)
def test_a_required_figure_that_is_open_never_passes(figures: list[Figure], reason: str) -> None:
    report = judged(figures, noise=asked(high=2))
    assert (only(report).status, only(report).reason, only(report).raw) == (
        Status.NOT_ASSESSED,
        reason,
        None,
    )
    assert report.report.verdict is Verdict.FAIL
    assert not proven(report)


def test_without_reference_values_nothing_absolute_is_judged() -> None:
    entry = asked(high=2, needs_reference=True)
    noise = Figure("noise", "L*", 0.5)
    for tone in ([], [Figure("delta_l_max", "L*", reason="no_reference", needs_reference=True)]):
        finding = judged([noise, *tone], noise=entry).findings[0]
        assert (finding.status, finding.reason, finding.raw) == (Status.NOT_ASSESSED, "no_reference", 0.5)
    loud = judged([Figure("noise", "L*", 9.0)], noise=entry).findings[0]
    assert loud.status is Status.NOT_ASSESSED, "the print may be what is noisy"
    measured = Figure("delta_l_max", "L*", 1.0, needs_reference=True)
    assert judged([noise, measured], noise=entry).findings[0].status is Status.PASS


def test_a_figure_that_nobody_asks_is_told_without_a_verdict() -> None:
    report = judged(
        [
            Figure("noise", "L*", 1.0),
            Figure("anisotropy", "%", 0.1),
            Figure("banding_x", "L*", reason="clipped"),
        ],
        noise=asked(high=2),
    )
    _, told, open_one = report.findings
    assert (told.measure, told.raw, told.status) == ("anisotropy", 0.1, Status.NOT_ASSESSED)
    assert (told.reason, told.required, told.limit) == ("no_limit", False, None)
    assert (open_one.reason, open_one.raw) == ("clipped", None)
    assert report.report.verdict is Verdict.PASS
    assert (report.report.profile, report.report.version) == ("test", "7")


@given(
    value=st.floats() | st.none(),
    uncertainty=st.floats() | st.none(),
    low=st.floats(-1e6, 1e6) | st.none(),
    width=st.floats(0, 1e6) | st.none(),
)
def test_only_a_number_within_its_tolerance_passes(
    value: float | None, uncertainty: float | None, low: float | None, width: float | None
) -> None:
    high = None if width is None else (low or 0.0) + width
    report = judged([Figure("noise", "L*", value, uncertainty=uncertainty)], noise=asked(low, high))
    finding = only(report)
    assert (finding.status is Status.PASS) == proven(report)
    if finding.status is Status.PASS:
        assert value is not None
        assert low is None or value >= low - 1e-3
        assert high is None or value <= high + 1e-3


def test_the_stations_own_profile_never_passes_a_print_of_nobody_knows_what() -> None:
    profiles = load_profiles(calibration_work.PROFILES)
    for each in profiles.values():
        figures = [
            Figure(measure, "", (entry.limit.low or 0) if entry.limit.high is None else entry.limit.high)
            for measure, entry in each.asked.items()
        ]
        figures = [
            Figure(f.measure, "ppi", 400.0) if f.measure in ("resolution_x", "resolution_y") else f
            for f in figures
        ]
        report = judge(Analysis(None, tuple(figures)), each, (400.0, 400.0))
        assert proven(report) is (each.name in ("self_printed", "camera")), each.name


# -- percentages ----------------------------------------------------------------------------------------------


def test_the_claimed_resolution_and_the_least_one_both_hold() -> None:
    entry = asked(294, claimed_within=2)

    def look(ppi: float, claim: float | None) -> Finding:
        analysis = Analysis(None, (Figure("resolution_x", "ppi", ppi),))
        claimed = None if claim is None else (claim, 1.0)
        return only(judge(analysis, profile(resolution_x=entry), claimed))

    # 2 % of 300 are 6 ppi, of 600 are 12, of 200 are 4.
    for ppi, claim, low, high, status in (
        (299.0, 300.0, 294.0, 306.0, Status.PASS),
        (306.1, 300.0, 294.0, 306.0, Status.FAIL),
        (590.0, 600.0, 588.0, 612.0, Status.PASS),
        (300.0, 600.0, 588.0, 612.0, Status.FAIL),
        (200.0, 200.0, 294.0, 204.0, Status.FAIL),
    ):
        finding = look(ppi, claim)
        assert finding.limit == Limit(low, high, low, high)
        assert finding.status is status, (ppi, claim)
    unknown, coarse = look(300.0, None), look(200.0, None)
    assert (unknown.status, unknown.reason, unknown.raw) == (Status.NOT_ASSESSED, "no_claim", 300.0)
    assert (coarse.status, coarse.reason) == (Status.FAIL, "")


def test_each_direction_has_its_own_claim() -> None:
    figures = (Figure("resolution_x", "ppi", 300.0), Figure("resolution_y", "ppi", 600.0))
    entries = {name: asked(claimed_within=1) for name in ("resolution_x", "resolution_y")}
    assert proven(judge(Analysis(None, figures), profile(**entries), (300.0, 600.0)))
    assert not proven(judge(Analysis(None, figures), profile(**entries), (600.0, 300.0)))


def test_relative_sharpness_is_held_against_the_devices_own_baseline() -> None:
    entry = profile(sfr50_x=asked(baseline_share=90))
    analysis = Analysis(None, (Figure("sfr50_x", "cy/px", 0.25),))
    assert only(judge(analysis, entry, baseline={"sfr50_x": 0.27})).status is Status.PASS  # 0.243
    assert only(judge(analysis, entry, baseline={"sfr50_x": 0.30})).status is Status.FAIL  # 0.27
    new = only(judge(analysis, entry))
    assert (new.status, new.reason, new.raw) == (Status.NOT_ASSESSED, "no_baseline", 0.25)
