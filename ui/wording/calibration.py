"""A calibration in words: its figures with their limits, and what to clean or adjust."""

from math import ceil

from station.model.quality import Finding, Limit, Status
from ui.wording import measures
from ui.wording.calibration_camera import CAMERA_FIGURES, CAMERA_REASONS
from ui.wording.calibration_details import CALIBRATION_DETAILS
from ui.wording.calibration_measures import CALIBRATION_MEASURES, FigureWords
from ui.wording.translate import QT_TRANSLATE_NOOP, number, translated

_CONTEXT = "Calibration"

FIGURES: dict[str, FigureWords] = CALIBRATION_MEASURES | CALIBRATION_DETAILS | CAMERA_FIGURES
"""All figures that have words, by measure."""

_NO_COLOUR = QT_TRANSLATE_NOOP("Calibration", "The picture is grey; scan the target in colour.")

REASONS: dict[str, str] = {
    **CAMERA_REASONS,
    "clipped": QT_TRANSLATE_NOOP(
        "Calibration",
        "Part of it lies at the end of the scale; set brightness and contrast back and scan again.",
    ),
    "angle": QT_TRANSLATE_NOOP("Calibration", "The edges lie at a wrong angle; lay the target straight."),
    "cut_off": QT_TRANSLATE_NOOP("Calibration", "Part of it lies outside the picture; move the target inward."),
    "fault": QT_TRANSLATE_NOOP("Calibration", "No figure came out; scan the target again."),
    "grey_only": _NO_COLOUR,
    "grey_picture": _NO_COLOUR,
    "incomplete_reference": QT_TRANSLATE_NOOP(
        "Calibration", "The reference file lacks some of the patches; use the file of this very target."
    ),
    "low_contrast": QT_TRANSLATE_NOOP(
        "Calibration", "Black and white are too near to each other; set brightness and contrast back."
    ),
    "no_edge": QT_TRANSLATE_NOOP(
        "Calibration", "An edge could not be found; look whether something covers it."
    ),
    "no_baseline": QT_TRANSLATE_NOOP(
        "Calibration", "This device has not been qualified yet, so there is nothing to compare with."
    ),
    "no_claim": QT_TRANSLATE_NOOP("Calibration", "Neither the scanner nor its file says the resolution."),
    "no_limit": QT_TRANSLATE_NOOP("Calibration", "For information: the profile sets no limit."),
    "no_reference": QT_TRANSLATE_NOOP(
        "Calibration", "A target without measured values cannot tell; use one with its reference file."
    ),
    "none_found": QT_TRANSLATE_NOOP("Calibration", "There was none."),
    "other_size": QT_TRANSLATE_NOOP(
        "Calibration", "The two scans differ in size; scan both with the same settings."
    ),
    "not_measured": QT_TRANSLATE_NOOP("Calibration", "This target or this scan does not show it."),
    "too_small": QT_TRANSLATE_NOOP(
        "Calibration", "Its place in the picture has too few pixels to judge it by."
    ),
}
"""Why a figure was not judged."""

SHORTLY: dict[str, str] = {
    "no_reference": QT_TRANSLATE_NOOP("Calibration", "needs a measured target"),
    "incomplete_reference": QT_TRANSLATE_NOOP("Calibration", "needs the right file"),
    "grey_only": QT_TRANSLATE_NOOP("Calibration", "needs colour"),
    "grey_picture": QT_TRANSLATE_NOOP("Calibration", "needs colour"),
    "no_baseline": QT_TRANSLATE_NOOP("Calibration", "nothing to compare with"),
    "no_claim": QT_TRANSLATE_NOOP("Calibration", "resolution not stated"),
    "not_measured": QT_TRANSLATE_NOOP("Calibration", "not on this target"),
    "none_found": QT_TRANSLATE_NOOP("Calibration", "none found"),
}
PLACES: dict[str, str] = {
    "top_left": QT_TRANSLATE_NOOP("Calibration", "top left"),
    "top_right": QT_TRANSLATE_NOOP("Calibration", "top right"),
    "centre": QT_TRANSLATE_NOOP("Calibration", "centre"),
    "bottom_left": QT_TRANSLATE_NOOP("Calibration", "bottom left"),
    "bottom_right": QT_TRANSLATE_NOOP("Calibration", "bottom right"),
    "white": QT_TRANSLATE_NOOP("Calibration", "white square"),
}
"""The slanted squares of the A4 target."""

SIDES: dict[str, str] = {
    "left": QT_TRANSLATE_NOOP("Calibration", "left edge"),
    "right": QT_TRANSLATE_NOOP("Calibration", "right edge"),
    "top": QT_TRANSLATE_NOOP("Calibration", "upper edge"),
    "bottom": QT_TRANSLATE_NOOP("Calibration", "lower edge"),
}

_NOT_ASSESSED = QT_TRANSLATE_NOOP("Calibration", "could not be measured")

_MARGINAL = QT_TRANSLATE_NOOP("Calibration", "Too near its limit to be sure.")
_AT = QT_TRANSLATE_NOOP("Calibration", "{title}, {place}")


def title(measure: str) -> str:
    """Return the name of a figure, with its place where it is that of one edge (`sfr50_x_top_left`)."""
    words, place = _entry(measure)
    name = translated(_CONTEXT, words.title)
    return translated(_CONTEXT, _AT).format(title=name, place=place) if place else name


def explanation(measure: str) -> str:
    """Return one sentence that says what the figure is; "" for one that nobody worded."""
    return translated(_CONTEXT, _entry(measure)[0].says)


def value(finding: Finding) -> str:
    """Return the figure with its unit; "" when there is none."""
    return "" if finding.raw is None else _amount(finding, finding.raw)


def value_with(finding: Finding, uncertainty: float | None) -> str:
    """Return the figure with its expanded uncertainty (k = 2) and its unit: 300.2 ± 0.1 ppi.

    The uncertainty is rounded up, so that it never reads as none.
    """
    if finding.raw is None or not uncertainty:
        return value(finding)
    words, _ = _entry(finding.measure)
    decimals = words.decimals if uncertainty >= 0.5 * 10**-words.decimals else words.decimals + 1
    step = 10.0**-decimals
    spread = number(ceil(uncertainty / step - 1e-9) * step, decimals)
    return _amount(finding, finding.raw, decimals, f" \N{PLUS-MINUS SIGN} {spread}")


def shortly(finding: Finding) -> str:
    """Return why a figure was not judged, in two or three words to stand in place of its value."""
    return translated(_CONTEXT, SHORTLY.get(finding.reason, _NOT_ASSESSED))


def limit(finding: Finding) -> str:
    """Return the tolerance as a phrase, "" when there is none."""
    asked = finding.limit or Limit()
    low, high = ("" if end is None else _amount(finding, end) for end in (asked.low, asked.high))
    return measures.limit_phrase(low, high)


def instruction(finding: Finding) -> str:
    """Return what to clean or adjust, or why the figure was not judged; "" when it is good."""
    if finding.status is Status.PASS:
        return ""
    if finding.status is Status.NOT_ASSESSED:
        return translated(_CONTEXT, REASONS.get(finding.reason, REASONS["fault"]))
    words, _ = _entry(finding.measure)
    do = translated(_CONTEXT, words.low if _nearer_low(finding) else words.high)
    if finding.status is Status.WARN:
        return " ".join(part for part in (translated(_CONTEXT, _MARGINAL), do) if part)
    return do


def _nearer_low(finding: Finding) -> bool:
    """Tell which end of the tolerance the figure broke, or came near."""
    asked, raw = finding.limit or Limit(), finding.raw
    if raw is None or asked.low is None:
        return False
    return asked.high is None or raw - asked.low < asked.high - raw


def _entry(measure: str) -> tuple[FigureWords, str]:
    """Find a figure's words: its own, else those of all edges together, with the edge's place."""
    if measure in FIGURES:
        return FIGURES[measure], ""
    for known in ("sfr50_x", "sfr50_y", "sfr10_x", "sfr10_y"):
        if measure.startswith(f"{known}_"):
            return FIGURES[known], _place(measure.removeprefix(f"{known}_"))
    return FigureWords(measure.replace("_", " ").capitalize(), "", 2, ""), ""


def _place(name: str) -> str:
    """Return where an edge lies: a square of the target and, after it, one of its sides."""
    square = next((known for known in PLACES if name.startswith(known)), "")
    side = name.removeprefix(square).strip("_")
    words = [
        translated(_CONTEXT, table[key]) for table, key in ((PLACES, square), (SIDES, side)) if key in table
    ]
    return ", ".join(words) or name.replace("_", " ")


def _amount(finding: Finding, amount: float, decimals: int | None = None, more: str = "") -> str:
    words, _ = _entry(finding.measure)
    unit = translated(_CONTEXT, words.unit) if words.says else finding.unit
    places = words.decimals if decimals is None else decimals
    # Adding nothing makes -0 of a rounded trifle 0.
    written = number(round(amount, places) + 0.0, places) + more
    return f"{written} {unit}" if unit else written
