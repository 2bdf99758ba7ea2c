"""Every measure in words: its name, how its value is written, and what to do when it is not good."""

from station.model.quality import Finding, Limit, Status
from ui.wording.measure_words import MeasureWords
from ui.wording.photo_measures import PHOTO_MEASURES, PHOTO_REASONS
from ui.wording.portrait_measures import PORTRAIT_MEASURES, PORTRAIT_REASONS
from ui.wording.translate import QT_TRANSLATE_NOOP, UNKNOWN, number, translated

_CONTEXT = "Measures"


_SLANTED = QT_TRANSLATE_NOOP(
    "Measures", "The page lies askew. Lay it straight against the guide and scan it again."
)

MEASURES: dict[str, MeasureWords] = {
    "resolution": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Resolution"),
        0,
        QT_TRANSLATE_NOOP("Measures", "dpi"),
        low=QT_TRANSLATE_NOOP(
            "Measures", "The page was scanned too coarsely. Scan it again at 300 dpi or more."
        ),
        high=QT_TRANSLATE_NOOP("Measures", "The page was scanned more finely than needed. Scan it at 300 dpi."),
    ),
    "text_sharpness": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Sharpness of the print"),
        1,
        QT_TRANSLATE_NOOP("Measures", "px"),
        high=QT_TRANSLATE_NOOP(
            "Measures", "The print is blurred. Lay the page flat on the glass and scan it again."
        ),
    ),
    "worst_text_sharpness": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Sharpness at the worst place"),
        1,
        QT_TRANSLATE_NOOP("Measures", "px"),
        high=QT_TRANSLATE_NOOP(
            "Measures", "The print is blurred at the marked place. Press the page flat there and scan it again."
        ),
    ),
    "text_contrast": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Contrast of the print"),
        0,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "The print is pale. Close the lid and scan again; if the original is pale, keep it with a reason.",
        ),
    ),
    "paper_white": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Lightness of the paper"),
        0,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        low=QT_TRANSLATE_NOOP(
            "Measures", "The page is dark. Close the lid, clean the glass and scan it again."
        ),
        high=QT_TRANSLATE_NOOP(
            "Measures", "The page is too bright. Set the scanner's brightness back and scan again."
        ),
    ),
    "clipped_highlights": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Glare"),
        1,
        QT_TRANSLATE_NOOP("Measures", "%"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "Glare covers part of the page. Close the lid or tilt the page a little, then scan it again.",
        ),
    ),
    "clipped_shadows": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Black patches"),
        1,
        QT_TRANSLATE_NOOP("Measures", "%"),
        high=QT_TRANSLATE_NOOP(
            "Measures", "Part of the page is black. Lay it inside the glass, close the lid and scan it again."
        ),
    ),
    "marks": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Print or writing on the page"),
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "This page seems to be blank. Keep it if the back of a sheet is empty, or remove it.",
        ),
    ),
    "sheet_length": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Length of the sheet"),
        0,
        QT_TRANSLATE_NOOP("Measures", "mm"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "Two sheets may have been pulled at once. Look whether a page is missing; scan them one by one.",
        ),
    ),
    "skew": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Slant of the lines"),
        1,
        QT_TRANSLATE_NOOP("Measures", "°"),
        low=_SLANTED,
        high=_SLANTED,
    ),
    "cut_edge": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Room between print and edge"),
        1,
        QT_TRANSLATE_NOOP("Measures", "mm"),
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "Print reaches the edge of the scan and may be cut off. Move the page inward and scan it again.",
        ),
    ),
    "uneven_light": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Unevenness of the light"),
        0,
        QT_TRANSLATE_NOOP("Measures", "%"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "A shadow lies over part of the page. Press the page flat, close the lid and scan it again.",
        ),
    ),
    "noise": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Grain"),
        1,
        QT_TRANSLATE_NOOP("Measures", "levels"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "The picture is grainy. Let the scanner warm up and scan again; if it stays, tell the technician.",
        ),
    ),
    "covered": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Covered part of the page"),
        1,
        QT_TRANSLATE_NOOP("Measures", "%"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "Something covers the marked place: a finger, a clip or a folded corner. Clear it and scan again.",
        ),
    ),
    "bleed_through": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Print that shines through"),
        1,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "Print from the back shines through. Put a black sheet behind the page and scan it again.",
        ),
    ),
    "streaks": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Streaks"),
        1,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "A streak runs over the whole page. Clean the narrow glass of the feeder and scan again.",
        ),
    ),
    "moire": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Ripples (moiré)"),
        1,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "Ripples lie over the marked place. Scan the page at another resolution, such as 400 dpi.",
        ),
    ),
    "jpeg_quality": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "JPEG quality"),
        0,
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "The picture was compressed too much. Set the scanner to better quality and scan again.",
        ),
    ),
    "enlargement": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "True resolution"),
        0,
        QT_TRANSLATE_NOOP("Measures", "dpi"),
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "The picture shows less detail than its resolution says. Scan the paper itself at 300 dpi.",
        ),
    ),
    **PORTRAIT_MEASURES,
    **PHOTO_MEASURES,
}

REASONS: dict[str, str] = {
    "blank": QT_TRANSLATE_NOOP("Measures", "The page seems to be blank: there is nothing to judge."),
    "blurred": QT_TRANSLATE_NOOP("Measures", "The print is too blurred to judge this by."),
    "edges_in_sight": QT_TRANSLATE_NOOP(
        "Measures", "All edges of the paper lie inside the picture: nothing is cut off."
    ),
    "fault": QT_TRANSLATE_NOOP("Measures", "This check stopped for a reason that is in the station's log."),
    "no_detail": QT_TRANSLATE_NOOP("Measures", "The picture shows no detail to judge by. Take it again."),
    "no_flat_paper": QT_TRANSLATE_NOOP("Measures", "There is too little plain paper to judge this by."),
    "no_tables": QT_TRANSLATE_NOOP("Measures", "The picture does not say how it was compressed."),
    "no_text": QT_TRANSLATE_NOOP("Measures", "There is too little print on the page to judge this by."),
    "unknown_resolution": QT_TRANSLATE_NOOP("Measures", "The picture does not say its resolution."),
    "white_paper": QT_TRANSLATE_NOOP(
        "Measures", "The paper is too bright to tell glare from it. Lower the scanner's brightness to be sure."
    ),
    **PORTRAIT_REASONS,
    **PHOTO_REASONS,
}
"""Why a measure was not assessed."""

_AT_LEAST = QT_TRANSLATE_NOOP("Measures", "Limit: at least {low}")
_AT_MOST = QT_TRANSLATE_NOOP("Measures", "Limit: at most {high}")
_BETWEEN = QT_TRANSLATE_NOOP("Measures", "Limit: {low} to {high}")
_POINTS = QT_TRANSLATE_NOOP("Measures", "{score} points")
_AGAIN = QT_TRANSLATE_NOOP("Measures", "Take the picture or scan the page again.")


def title(measure: str) -> str:
    """Return the name of a measure; one that nobody worded speaks by its own name."""
    return translated(_CONTEXT, _words(measure).title)


def value(finding: Finding) -> str:
    """Return what was judged, the value with its unit or the points; "" when it was not assessed."""
    judged = _judged(finding)
    return "" if judged is None else _amount(finding, judged)


def limit(finding: Finding) -> str:
    """Return the limit of good as a phrase, "" when there is none."""
    low, high = ("" if end is None else _amount(finding, end) for end in _good(finding))
    return limit_phrase(low, high)


def limit_phrase(low: str, high: str) -> str:
    """Return the phrase for these ends of a limit; one that is "" is open."""
    phrase = {(True, False): _AT_LEAST, (False, True): _AT_MOST, (True, True): _BETWEEN}.get(
        (bool(low), bool(high))
    )
    return translated(_CONTEXT, phrase).format(low=low, high=high) if phrase else ""


def instruction(finding: Finding) -> str:
    """Return what to do about a finding, or why it was not assessed; "" when it is good."""
    if finding.status is Status.PASS:
        return ""
    if finding.status is Status.NOT_ASSESSED:
        return translated(_CONTEXT, REASONS.get(finding.reason, REASONS["fault"]))
    words, judged, (low, _) = _words(finding.measure), _judged(finding), _good(finding)
    too_low = low is not None and judged is not None and judged < low
    return translated(_CONTEXT, (words.low if too_low else words.high) or _AGAIN)


def _words(measure: str) -> MeasureWords:
    return MEASURES.get(measure) or MeasureWords(measure.replace("_", " ").capitalize(), 2)


def _judged(finding: Finding) -> float | None:
    """What was held against the limit: points where the limit is in points, else the raw value."""
    return finding.score if finding.limit and finding.limit.scored else finding.raw


def _good(finding: Finding) -> tuple[float | None, float | None]:
    """The ends of good; where nothing is merely to be looked at, what fails is the end."""
    asked = finding.limit or Limit()
    return (
        asked.fail_low if asked.low is None else asked.low,
        asked.fail_high if asked.high is None else asked.high,
    )


def _amount(finding: Finding, amount: float) -> str:
    if finding.limit and finding.limit.scored:
        return translated(_CONTEXT, _POINTS).format(score=number(amount))
    words = _words(finding.measure)
    unit = translated(_CONTEXT, words.unit)
    # Adding nothing makes -0 of a rounded trifle 0.
    written = number(round(amount, words.decimals) + 0.0, words.decimals) if amount == amount else UNKNOWN
    return f"{written} {unit}" if unit else written
