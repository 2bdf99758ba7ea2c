"""The best of several portraits, in TR-03121's order."""

from station.flow.best_of import best
from station.model.quality import Finding, QualityReport, Status


def report(mandatory: str, optional: str = "") -> QualityReport:
    """One letter for each finding: P, W, F, or N for not assessed."""
    status = {"P": Status.PASS, "W": Status.WARN, "F": Status.FAIL, "N": Status.NOT_ASSESSED}
    required = [Finding(f"m{place}", status[letter]) for place, letter in enumerate(mandatory)]
    others = [Finding(f"o{place}", status[letter], required=False) for place, letter in enumerate(optional)]
    return QualityReport("portrait", (*required, *others))


def test_the_one_with_most_mandatory_criteria_is_the_best() -> None:
    assert best([report("PPP", "FFF"), report("PPF", "PPP")]) == 0


def test_among_equals_the_one_with_most_optional_criteria() -> None:
    assert best([report("PPF", "PPF"), report("PPF", "PPP"), report("PFP", "PFF")]) == 1


def test_among_equals_the_latest() -> None:
    assert best([report("PP", "P"), report("PP", "P"), report("PF", "P")]) == 1
    assert best([report("F")]) == 0


def test_only_what_lies_within_its_limits_is_fulfilled() -> None:
    assert best([report("P"), report("W"), report("N"), report("F")]) == 0
    assert best([report("P", "P"), report("P", "W"), report("P", "N")]) == 0
    # None of the three is fulfilled, so they are equals, and the latest is the best.
    assert best([report("W"), report("F"), report("N")]) == 2
