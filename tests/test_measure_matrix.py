"""Every measure against every fault: each fault raises its own measure and leaves the others quiet."""

from functools import cache
from pathlib import Path

import pytest

from station.model.quality import Finding, Status
from station.quality.assess import assess
from station.quality.catalogue import PAGE
from station.quality.profile import Profile, load_profiles
from station.quality.sample import PageSample
from tests.page_faults import CLEAN, DPI, jpeg, of_jpeg, spoilt_pages

BY_NATURE = {
    # Blur takes contrast from thin strokes, and ink that shines through cannot be told from it.
    "text_sharpness": {"worst_text_sharpness", "text_contrast", "bleed_through"},
    # All levels lie nearer to each other on a dark page.
    "paper_white": {"text_contrast"},
    # A pixel of 150 dpi is two of 300.
    "resolution": {"enlargement", "text_sharpness"},
    # Nothing can be said of print that is not there.
    "marks": {
        *("text_sharpness", "worst_text_sharpness", "text_contrast", "skew", "cut_edge", "enlargement"),
        *("clipped_highlights", "clipped_shadows"),
    },
    # Ripples leave no flat place where the grain could be seen.
    "moire": {"noise"},
}
"""Which other measures a fault touches by its nature."""

ON_SQUARED_PAPER = {"skew", "cut_edge", "worst_text_sharpness", "noise"}
"""Not assessed there: handwriting has no lines of print, and the squares leave no flat place."""


@cache
def page_profile() -> Profile:
    return load_profiles(Path(__file__).parent.parent / "resources" / "profiles")["page"]


@cache
def findings(fault: str) -> dict[str, Finding]:
    report = assess(page_profile(), spoilt()[fault])
    return {finding.measure: finding for finding in report.findings}


@cache
def spoilt() -> dict[str, PageSample]:
    return dict(spoilt_pages())


def test_there_is_a_page_for_each_measure() -> None:
    assert set(spoilt()) == {"", *PAGE}


@pytest.mark.parametrize("fault", ["", *PAGE])
def test_each_fault_raises_its_own_measure_and_no_other(fault: str) -> None:
    raised = {name for name, finding in findings(fault).items() if finding.status is not Status.PASS}
    assert raised - BY_NATURE.get(fault, set()) == ({fault} if fault else set())
    if fault:
        assert findings(fault)[fault].status is not Status.NOT_ASSESSED


@pytest.mark.parametrize(
    "fault",
    [
        *("worst_text_sharpness", "clipped_highlights", "clipped_shadows", "cut_edge", "uneven_light"),
        *("covered", "bleed_through", "streaks", "moire"),
    ],
)
def test_a_fault_that_has_a_place_shows_it(fault: str) -> None:
    region = findings(fault)[fault].region
    assert region is not None
    assert region.left >= 0 and region.top >= 0
    assert region.left + region.width <= 1 + 1e-9 and region.top + region.height <= 1 + 1e-9


@pytest.mark.parametrize("kind", sorted(CLEAN))
def test_a_clean_page_of_any_kind_raises_no_alarm(kind: str) -> None:
    page = CLEAN[kind](11).scanned()
    coded = jpeg(page, 85)
    for sample in (PageSample(page, DPI), PageSample(of_jpeg(coded), DPI, coded)):
        for finding in assess(page_profile(), sample).findings:
            if finding.status is Status.NOT_ASSESSED and kind == "squared":
                assert finding.measure in ON_SQUARED_PAPER
            else:
                assert finding.status is Status.PASS, finding
