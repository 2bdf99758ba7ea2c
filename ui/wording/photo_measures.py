"""Every measure of the photo that is cut from a portrait, in words, and why no photo could be cut."""

from ui.wording.measure_words import MeasureWords
from ui.wording.translate import QT_TRANSLATE_NOOP

_PERCENT = QT_TRANSLATE_NOOP("Measures", "%")
_CROWN = QT_TRANSLATE_NOOP(
    "Measures", "The head does not fit the photo's rule. Put the crown line on the top of the head."
)
_WIDTH = QT_TRANSLATE_NOOP(
    "Measures", "The face does not fit the photo's width. Check the crown line, then take the picture again."
)
_EYES = QT_TRANSLATE_NOOP(
    "Measures", "The eyes lie too high or too low. Leave more room above and below the head, and take it again."
)
_MIDDLE = QT_TRANSLATE_NOOP(
    "Measures", "The face is not in the middle. Leave more room on both sides of the head, and take it again."
)
_ASKEW = QT_TRANSLATE_NOOP(
    "Measures", "The head is tilted. Ask the person to hold it upright, and take the picture again."
)
_COARSE = QT_TRANSLATE_NOOP(
    "Measures", "The face is too small in the picture. Ask the person to come closer, and take it again."
)

PHOTO_MEASURES: dict[str, MeasureWords] = {
    "photo_head_height": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Chin to crown on the photo"), 1, _PERCENT, low=_CROWN, high=_CROWN
    ),
    "photo_head_width": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Width of the head on the photo"), 1, _PERCENT, low=_WIDTH, high=_WIDTH
    ),
    "photo_eye_line": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Eyes below the photo's top"), 1, _PERCENT, low=_EYES, high=_EYES
    ),
    "photo_centre": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Face in the photo's middle"), 1, _PERCENT, low=_MIDDLE, high=_MIDDLE
    ),
    "photo_margin": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Room round the head on the photo"),
        1,
        _PERCENT,
        low=QT_TRANSLATE_NOOP(
            "Measures", "The head comes close to the photo's edge. Check the crown line, or take it again."
        ),
    ),
    "photo_roll": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Turn that brings the eyes level"),
        1,
        QT_TRANSLATE_NOOP("Measures", "°"),
        low=_ASKEW,
        high=_ASKEW,
    ),
    "photo_inter_eye_distance": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Distance of the eyes on the photo"),
        0,
        QT_TRANSLATE_NOOP("Measures", "px"),
        low=_COARSE,
    ),
    "photo_size": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Height of the photo"),
        0,
        QT_TRANSLATE_NOOP("Measures", "px"),
        low=_COARSE,
    ),
    "photo_inside": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Photo within the picture"),
        1,
        _PERCENT,
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "The photo reaches beyond the picture. Leave more room round the head, and take the picture again.",
        ),
    ),
    "photo_file": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "File of the photo"),
        low=QT_TRANSLATE_NOOP("Measures", "The photo's file does not fit its rule. Take the picture again."),
    ),
}

PHOTO_REASONS: dict[str, str] = {
    "too_small": _COARSE,
    "file_too_large": QT_TRANSLATE_NOOP(
        "Measures", "The photo has more detail than its file may hold. Take the picture before a plainer wall."
    ),
    "file_too_small": QT_TRANSLATE_NOOP(
        "Measures", "The photo has less detail than its rule asks for. Check the camera, then take it again."
    ),
    "head_askew": QT_TRANSLATE_NOOP(
        "Measures",
        "The head is turned too far to cut a photo. Ask the person to hold it upright, and take it again.",
    ),
    "head_cut_off": QT_TRANSLATE_NOOP(
        "Measures",
        "The picture's edge cuts the head off. Leave room round the head, and take the picture again.",
    ),
}
"""Why no photo could be cut."""
