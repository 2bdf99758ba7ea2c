"""A calibration in plain English words for a report: names, values with their units, limits, reasons."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from math import ceil, isfinite
from types import MappingProxyType

from station.calibration.profile import Mark
from station.delivery.calibration_titles import TITLES
from station.model.calibration import Calibration
from station.model.quality import Finding, Limit, Status
from station.model.target import ChartKind, TargetKind

REPLACED = "\N{BLACK SQUARE}"
"""Stands for each character that the fonts of a report do not have."""

_BEYOND_LATIN = frozenset(f"Δ≤≥{REPLACED}")
"""Characters of the two symbol fonts that every PDF viewer has, used beside those of Windows-1252."""

_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "degrees": "°", "cy/px": "cycles/px", "dE00": "ΔE00", "dE_ab": "ΔE(a*b*)", "1/100 cm²": "in 100 cm²",
        "ratio": "", "count": "", "steps": "",
    }
)  # fmt: skip
"""Units that are written otherwise than they are stored."""

_OF_ONE_EDGE = ("sfr50_x_", "sfr50_y_", "sfr10_x_", "sfr10_y_")

_SIDES = {"left": "left edge", "right": "right edge", "top": "upper edge", "bottom": "lower edge"}

_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "angle": "the edges lie at a wrong angle",
        "clipped": "a part of it lies at the end of the scale",
        "cut_off": "a part of it lies outside the picture",
        "fault": "no finite figure came out",
        "grey_only": "the picture is grey",
        "grey_picture": "the picture is grey",
        "incomplete_reference": "the reference file lacks some of the patches",
        "low_contrast": "black and white are too near to each other",
        "no_baseline": "the device has not been qualified yet, so there is nothing to compare with",
        "no_claim": "neither the scanner nor its file states the resolution",
        "no_edge": "an edge could not be found",
        "no_reference": "it needs a target with measured values",
        "none_found": "there was none",
        "not_measured": "this target or this picture does not show it",
        "other_size": "the two scans differ in size",
        "too_small": "its place in the picture has too few pixels",
    }
)

_STATUS: Mapping[Status, str] = MappingProxyType(
    {
        Status.PASS: "Pass",
        Status.WARN: "Marginal",
        Status.FAIL: "Fail",
        Status.NOT_ASSESSED: "Not assessed",
    }
)

MARKS: Mapping[Mark, str] = MappingProxyType({Mark.PRIMARY: "", Mark.SECONDARY: "†", Mark.OURS: "‡"})
"""Signs beside a limit: none where it was read in its source, † quoted by others, ‡ set by this programme."""

_TARGETS: Mapping[str, str] = MappingProxyType(
    {
        TargetKind.A4: "A4 sheet, drawn by this program",
        TargetKind.CARD: "Card, drawn by this program",
        "board": "Board for cameras, drawn by this program",
        ChartKind.COLORCHECKER: "ColorChecker Classic",
        ChartKind.IT8: "IT8.7/2",
        ChartKind.Q13: "Kodak Q-13",
    }
)


def plain(text: str) -> str:
    """Return a text with a visible sign for each character that the fonts of a report do not have."""
    return "".join(_shown(character) for character in unicodedata.normalize("NFC", text))


def title(measure: str) -> str:
    """Return the name of a figure; one of a single edge (`sfr50_x_top_left_left`) has its place with it."""
    edge = edge_of(measure)
    if edge and measure not in TITLES:
        return f"{TITLES[measure[:7]][0]}, {edge}"
    return TITLES[measure][0] if measure in TITLES else measure.replace("_", " ").capitalize()


def edge_of(measure: str) -> str:
    """Return the place of a figure of one edge (top left, lower edge), "" of any other."""
    if not measure.startswith(_OF_ONE_EDGE):
        return ""
    square, _, side = measure[8:].rpartition("_")
    place = "white square" if square == "white" else square.replace("_", " ")
    return f"{place}, {_SIDES.get(side, side)}"


def decimals(measure: str) -> int:
    """Return with how many decimals a figure is given."""
    known = measure if measure in TITLES else measure[:7]
    return TITLES[known][1] if known in TITLES else 2


def unit(stored: str) -> str:
    """Return a unit as it is written for people."""
    return _UNITS.get(stored, stored)


def number(value: float, places: int) -> str:
    """Return a number with so many decimals; what rounds to nought has no sign."""
    return f"{round(value, places) + 0.0:.{places}f}" if isfinite(value) else "?"


def value_and_spread(measure: str, value: float, spread: float | None) -> tuple[str, str]:
    """Return a figure and its expanded uncertainty with equal decimals, the uncertainty rounded up.

    A small uncertainty shows one decimal more; it is "" where nobody assessed it.
    """
    places = decimals(measure)
    if spread is None or not isfinite(spread):
        return number(value, places), ""
    if 0 < spread < 0.5 * 10**-places:
        places += 1
    step = 10.0**-places
    return number(value, places), number(ceil(abs(spread) / step - 1e-9) * step, places)


def limit(finding: Finding) -> str:
    """Return the tolerance as a phrase without its unit, "" when there is none."""
    asked, places = finding.limit or Limit(), decimals(finding.measure)
    low, high = (None if end is None else number(end, places) for end in (asked.low, asked.high))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else ""


def status(finding: Finding) -> str:
    """Return the status in a word or two."""
    return _STATUS[finding.status]


def reason(finding: Finding) -> str:
    """Return why a figure was not judged, as a clause; "" when it was, or nobody asked."""
    if finding.status is not Status.NOT_ASSESSED or finding.reason == "no_limit":
        return ""
    return _REASONS.get(finding.reason, finding.reason.replace("_", " "))


def target(kind: str) -> str:
    """Return the name of a kind of target."""
    return _TARGETS.get(kind, kind)


def moment(at: datetime) -> str:
    """Return a moment with its time zone: 2025-03-04 07:30:00 UTC+07:00."""
    zone = at.strftime("%z")
    return at.strftime("%Y-%m-%d %H:%M:%S") + (f" UTC{zone[:3]}:{zone[3:5]}" if zone else "")


def self_printed(done: Calibration) -> bool:
    """Tell whether the target was drawn by this program for a printer and nobody measured the print."""
    return done.target in tuple(TargetKind) and not done.reference


def verdict(done: Calibration) -> str:
    """Return the verdict in one word or two."""
    if done.passed:
        return "Passed"
    return "Failed" if _broken(done) else "Not proved"


def verdict_sentence(done: Calibration) -> str:
    """Return the reason of the verdict."""
    counting = [finding for finding in done.report.findings if finding.required]
    broken, open_ones = _broken(done), [f for f in counting if f.status in (Status.WARN, Status.NOT_ASSESSED)]
    if done.passed:
        return f"All {len(counting)} figures that decide keep their limits."
    if broken:
        return f"{len(broken)} of {len(counting)} figures that decide break their limits: {_named(broken)}."
    if open_ones:
        return f"No limit is certainly broken, but not proved: {_named(open_ones)}."
    return "No figure that decides was judged."


def _broken(done: Calibration) -> list[Finding]:
    return [finding for finding in done.report.findings if finding.required and finding.status is Status.FAIL]


def _named(findings: list[Finding], most: int = 3) -> str:
    names = "; ".join(f"“{title(finding.measure)}”" for finding in findings[:most])
    return f"{names} and {len(findings) - most} more" if len(findings) > most else names


def _shown(character: str) -> str:
    if not character.isprintable():
        return REPLACED
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return character if character in _BEYOND_LATIN else REPLACED
    return character
