"""Every measure in words: its name, how its value is written, and what to do when it is not good."""

from dataclasses import dataclass

from station.model.quality import Finding, Limit, Status
from ui.wording.translate import QT_TRANSLATE_NOOP, UNKNOWN, number, translated

_CONTEXT = "Measures"


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """One measure as marked English text. `low` and `high` say what to do when the value is too low or high."""

    title: str
    decimals: int = 0
    unit: str = ""
    low: str = ""
    high: str = ""


_EVEN_LIGHT = QT_TRANSLATE_NOOP(
    "Measures", "Light the face evenly from both sides, then take the picture again."
)

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
    "face_sharpness": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Sharpness of the face"),
        2,
        low=QT_TRANSLATE_NOOP(
            "Measures", "The face is blurred. Ask the person to hold still, then take the picture again."
        ),
    ),
    "face_highlights": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Light on the face"),
        0,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        low=QT_TRANSLATE_NOOP(
            "Measures", "There is too little light on the face. Switch on the lamps in front."
        ),
        high=QT_TRANSLATE_NOOP(
            "Measures", "There is too much light on the face. Dim the lamps or turn them aside."
        ),
    ),
    "face_lightness": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Lightness of the face, for information"),
        0,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        low=_EVEN_LIGHT,
        high=_EVEN_LIGHT,
    ),
    "over_exposure": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Burnt-out parts of the face"),
        1,
        QT_TRANSLATE_NOOP("Measures", "%"),
        high=QT_TRANSLATE_NOOP(
            "Measures", "Light burns out part of the face. Dim the lamps or turn them aside."
        ),
    ),
    "under_exposure": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Dark parts of the face, for information"),
        1,
        QT_TRANSLATE_NOOP("Measures", "%"),
        high=_EVEN_LIGHT,
    ),
    "background_uniformity": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Evenness of the background"),
        1,
        QT_TRANSLATE_NOOP("Measures", "ΔE"),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "The background is uneven. Clear it, and ask the person to step forward from it.",
        ),
    ),
    "background_lightness": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Lightness of the background"),
        0,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        low=QT_TRANSLATE_NOOP("Measures", "The background is dark. Use the white background and light it."),
        high=QT_TRANSLATE_NOOP("Measures", "The background is too bright. Dim the lamps that light it."),
    ),
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
}
"""Why a measure was not assessed."""

_AT_LEAST = QT_TRANSLATE_NOOP("Measures", "Limit: at least {low}")
_AT_MOST = QT_TRANSLATE_NOOP("Measures", "Limit: at most {high}")
_BETWEEN = QT_TRANSLATE_NOOP("Measures", "Limit: {low} to {high}")
_AGAIN = QT_TRANSLATE_NOOP("Measures", "Take the picture or scan the page again.")


def title(measure: str) -> str:
    """Return the name of a measure; one that nobody worded speaks by its own name."""
    return translated(_CONTEXT, _words(measure).title)


def value(finding: Finding) -> str:
    """Return the measured value with its unit, "" when it was not assessed."""
    return "" if finding.raw is None else _amount(finding, finding.raw)


def limit(finding: Finding) -> str:
    """Return the limit of good as a phrase, "" when there is none."""
    asked = finding.limit or Limit()
    low, high = ("" if end is None else _amount(finding, end) for end in (asked.low, asked.high))
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
    words, asked = _words(finding.measure), finding.limit or Limit()
    too_low = asked.low is not None and finding.raw is not None and finding.raw < asked.low
    return translated(_CONTEXT, (words.low if too_low else words.high) or _AGAIN)


def _words(measure: str) -> MeasureWords:
    return MEASURES.get(measure) or MeasureWords(measure.replace("_", " ").capitalize(), 2)


def _amount(finding: Finding, raw: float) -> str:
    words = _words(finding.measure)
    unit = translated(_CONTEXT, words.unit)
    written = number(raw, words.decimals) if raw == raw else UNKNOWN
    return f"{written} {unit}" if unit else written
