"""What ordinary pages showed of a device, in words: what was noticed, why it matters, what to do."""

from dataclasses import dataclass

from station.model.calibration_sign import Sign, SignKind
from ui.wording.translate import QT_TRANSLATE_NOOP, Message, moment, number, translated

_CONTEXT = "CalibrationSigns"


@dataclass(frozen=True, slots=True)
class SignWords:
    """What was noticed, the likely cause, and what to do; the first and the last may name {x} and {y} in mm."""

    what: str
    why: str
    do: str


SIGNS: dict[SignKind, SignWords] = {
    SignKind.DIRT: SignWords(
        QT_TRANSLATE_NOOP("CalibrationSigns", "Different sheets have a mark at the same place."),
        QT_TRANSLATE_NOOP("CalibrationSigns", "Dirt or a scratch on the glass draws it."),
        QT_TRANSLATE_NOOP(
            "CalibrationSigns",
            "Clean the glass, {x} mm from the left and {y} mm from the top as the picture shows it.",
        ),
    ),
    SignKind.LAMP_COLD: SignWords(
        QT_TRANSLATE_NOOP("CalibrationSigns", "The first pages after a pause are too dark."),
        QT_TRANSLATE_NOOP("CalibrationSigns", "The lamp takes long to get warm."),
        QT_TRANSLATE_NOOP("CalibrationSigns", "After a pause, scan an empty sheet before the first page."),
    ),
    SignKind.LAMP_AGEING: SignWords(
        QT_TRANSLATE_NOOP("CalibrationSigns", "White paper gets darker from day to day."),
        QT_TRANSLATE_NOOP("CalibrationSigns", "The lamp gets weaker, or the glass is dusty all over."),
        QT_TRANSLATE_NOOP("CalibrationSigns", "Clean the whole glass."),
    ),
    SignKind.AMBIENT: SignWords(
        QT_TRANSLATE_NOOP("CalibrationSigns", "It is lighter or darker beside the sheets than it used to be."),
        QT_TRANSLATE_NOOP(
            "CalibrationSigns", "The lid is open, light falls in, or the inside of the lid changed."
        ),
        QT_TRANSLATE_NOOP("CalibrationSigns", "Close the lid, and keep sun and lamps off the scanner."),
    ),
    SignKind.CAST: SignWords(
        QT_TRANSLATE_NOOP("CalibrationSigns", "White paper changes its colour from day to day."),
        QT_TRANSLATE_NOOP("CalibrationSigns", "The lamp changes its colour, or the white balance was changed."),
        QT_TRANSLATE_NOOP("CalibrationSigns", "Clean the whole glass, and set the scanner's colours back."),
    ),
}
"""All signs in words."""

_STREAK = QT_TRANSLATE_NOOP(
    "CalibrationSigns", "Clean the feeder's narrow glass, {x} mm from the left as the picture shows it."
)
_THEN = QT_TRANSLATE_NOOP("CalibrationSigns", "Then calibrate soon.")
_SINCE = QT_TRANSLATE_NOOP("CalibrationSigns", "Noticed first: {moment}.")


def word(sign: Sign) -> Message:
    """Return what was noticed, why, what to do, and since when; places are rounded to whole millimetres."""
    words, place = SIGNS[sign.kind], sign.place
    facts = {}
    if place is not None:
        facts = {"x": number(place.x_mm), "y": "" if place.y_mm is None else number(place.y_mm)}
    do = _STREAK if place is not None and place.y_mm is None else words.do
    asked = " ".join((translated(_CONTEXT, do).format(**facts), translated(_CONTEXT, _THEN)))
    since = translated(_CONTEXT, _SINCE).format(moment=moment(sign.since))
    return Message(translated(_CONTEXT, words.what), translated(_CONTEXT, words.why), asked, detail=since)
