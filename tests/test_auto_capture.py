"""The portrait takes itself when all that is required has held, and at no other time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.flow.auto_capture import BREAK_S, AutoCapture
from station.model.quality import Finding, QualityReport, Status


def report(*required: Status, informs: Status = Status.PASS) -> QualityReport:
    findings = [Finding(f"m{place}", status) for place, status in enumerate(required)]
    return QualityReport("portrait", (*findings, Finding("o", informs, required=False)))


GOOD = report(Status.PASS, Status.PASS)
BAD = report(Status.PASS, Status.FAIL)
NOBODY = QualityReport("portrait", (Finding("m", Status.NOT_ASSESSED, reason="no_face"),))


def armed(hold_s: float = 1.0, burst: int = 5) -> AutoCapture:
    capture = AutoCapture(hold_s, burst)
    capture.arm(True)
    return capture


def eighths(capture: AutoCapture, said: str, start_s: float = 0.0) -> list[int]:
    """Feed one report every eighth of a second: g good, b bad, n nobody; return what each answered."""
    reports = {"g": GOOD, "b": BAD, "n": NOBODY}
    return [capture.hear(reports[letter], start_s + place / 8) for place, letter in enumerate(said)]


def test_it_fires_once_when_all_has_held_for_its_time() -> None:
    assert eighths(armed(), "g" * 24) == [*[0] * 8, 5, *[0] * 15]


def test_held_grows_with_the_time_and_ends_with_the_burst() -> None:
    capture = armed(hold_s=2.0)
    held = []
    for place in range(18):
        capture.hear(GOOD, place / 8)
        held.append(capture.held)
    assert held == [*(place / 16 for place in range(17)), 0.0]


def test_it_waits_to_be_armed_anew_and_then_begins_from_the_start() -> None:
    capture = armed()
    eighths(capture, "g" * 9)
    assert not capture.armed
    capture.arm(True)
    assert eighths(capture, "g" * 9, start_s=1.125) == [*[0] * 8, 5]


def test_it_never_fires_while_off() -> None:
    capture = AutoCapture()
    assert not any(eighths(capture, "g" * 40))
    assert capture.held == 0
    capture.arm(True)
    eighths(capture, "gggg", start_s=5.0)
    capture.arm(False)
    assert not any(eighths(capture, "g" * 40, start_s=5.5))


def test_a_short_lapse_does_not_count() -> None:
    assert eighths(armed(), "gggbgggggg") == [*[0] * 8, 5, 0]


def test_a_lapse_that_is_no_longer_short_begins_anew() -> None:
    # Good at 0.25 s and again at 0.625 s: the time counts from there.
    assert eighths(armed(), "gggbbggggggggg") == [*[0] * 13, 5]
    assert eighths(armed(), "gggbbb")[-1] == 0


def test_it_does_not_fire_on_a_report_that_is_not_good_itself() -> None:
    assert eighths(armed(), "g" * 8 + "bg") == [*[0] * 9, 5]


@pytest.mark.parametrize("status", [Status.WARN, Status.FAIL, Status.NOT_ASSESSED])
def test_a_required_finding_must_pass(status: Status) -> None:
    capture = armed()
    assert not any(capture.hear(report(Status.PASS, status), place / 8) for place in range(20))


@pytest.mark.parametrize("status", [Status.WARN, Status.FAIL, Status.NOT_ASSESSED])
def test_what_only_informs_does_not_hold_it_up(status: Status) -> None:
    capture = armed()
    assert sum(capture.hear(report(Status.PASS, informs=status), place / 8) for place in range(9)) == 5


def test_nothing_required_is_nothing_that_holds() -> None:
    capture = armed()
    assert not any(capture.hear(report(), place / 8) for place in range(20))


def test_a_stream_that_was_lost_begins_anew() -> None:
    capture = armed()
    eighths(capture, "ggggggg")
    assert eighths(capture, "ggggggggg", start_s=1.75) == [*[0] * 8, 5]


def test_when_nobody_was_there_it_begins_anew_without_grace() -> None:
    assert eighths(armed(), "ggggggn" + "g" * 9) == [*[0] * 15, 5]


def test_however_short_the_time_a_change_of_person_is_not_caught() -> None:
    # Nobody at 0.25 s: the first report that may fire is the one at 0.75 s.
    assert eighths(armed(hold_s=0.125, burst=1), "bbngggggg") == [0, 0, 0, 0, 0, 0, 1, 0, 0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 120), st.sampled_from("gbn")), min_size=1, max_size=80))
def test_behind_every_burst_lies_a_whole_run(said: list[tuple[int, str]]) -> None:
    capture, now, heard = armed(hold_s=0.8), 0, []
    for hundredths, letter in said:
        now += hundredths
        fired = capture.hear({"g": GOOD, "b": BAD, "n": NOBODY}[letter], now / 100)
        heard.append((now, letter))
        assert 0 <= capture.held <= 1
        if fired:
            run = [entry for entry in heard if entry[0] > now - 80]
            earlier = [entry for entry in heard if entry[0] <= now - 80]
            run = [*earlier[-1:], *run]
            assert "n" not in {letter for _, letter in run}
            assert all(later - earlier <= 100 for (earlier, _), (later, _) in pairwise(run))
            good = [at for at, letter in run if letter == "g"]
            lapses = [(a, b) for a, b in pairwise(good) if any(a < at < b for at, what in run if what == "b")]
            assert all(b - a <= BREAK_S * 100 + 1e-9 for a, b in lapses)
            return
