"""Every measure of a portrait in words: what the officer sees and does."""

from ui.wording.measure_words import MeasureWords
from ui.wording.translate import QT_TRANSLATE_NOOP

_ASIDE = QT_TRANSLATE_NOOP(
    "Measures", "The face is turned aside. Ask the person to face the camera straight on."
)
_TILTED = QT_TRANSLATE_NOOP("Measures", "The head is tilted. Ask the person to hold it upright.")
_EVEN_LIGHT = QT_TRANSLATE_NOOP(
    "Measures", "Light the face evenly from both sides, then take the picture again."
)
_MIDDLE = QT_TRANSLATE_NOOP(
    "Measures", "The face is not in the middle. Ask the person to move, or turn the camera."
)
_ROOM = QT_TRANSLATE_NOOP(
    "Measures", "The face is too high or too low. Set the camera to the height of the eyes."
)

PORTRAIT_MEASURES: dict[str, MeasureWords] = {
    "single_face_present": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "One face alone"),
        2,
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "Another face is in the picture. Ask others to step aside, and cover any picture of a face.",
        ),
    ),
    "head_pose_yaw": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Head turned aside"),
        1,
        QT_TRANSLATE_NOOP("Measures", "°"),
        low=_ASIDE,
        high=_ASIDE,
    ),
    "head_pose_pitch": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Head raised or lowered"),
        1,
        QT_TRANSLATE_NOOP("Measures", "°"),
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "The chin is raised. Ask the person to lower it a little, or raise the camera to the eyes.",
        ),
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "The chin is lowered. Ask the person to raise it a little, or lower the camera to the eyes.",
        ),
    ),
    "head_pose_roll": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Head tilted"),
        1,
        QT_TRANSLATE_NOOP("Measures", "°"),
        low=_TILTED,
        high=_TILTED,
    ),
    "inter_eye_distance": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Distance between the eyes"),
        0,
        QT_TRANSLATE_NOOP("Measures", "px"),
        low=QT_TRANSLATE_NOOP(
            "Measures", "The face is too small in the picture. Ask the person to come closer, or zoom in."
        ),
    ),
    "eyes_open": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Eyes open"),
        3,
        low=QT_TRANSLATE_NOOP(
            "Measures",
            "The eyes are not fully open. Ask the person to open them; if they cannot, keep it with a reason.",
        ),
    ),
    "mouth_closed": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Mouth closed"),
        3,
        low=QT_TRANSLATE_NOOP("Measures", "The mouth is open. Ask the person to close it."),
    ),
    "over_exposure_prevention": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "No burnt-out parts of the face"),
        3,
        low=QT_TRANSLATE_NOOP(
            "Measures", "Light burns out part of the face. Dim the lamps or turn them aside."
        ),
    ),
    "illumination_uniformity": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Even light on the face"),
        2,
        low=QT_TRANSLATE_NOOP(
            "Measures", "One side of the face is darker. Light the face evenly from both sides."
        ),
    ),
    "natural_colour": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Natural colour of the face"),
        1,
        low=QT_TRANSLATE_NOOP(
            "Measures", "The colours look wrong. Set the camera's white balance for these lamps."
        ),
    ),
    "background_uniformity": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Evenness of the background"),
        low=QT_TRANSLATE_NOOP(
            "Measures", "The background is uneven. Clear it, and ask the person to step forward from it."
        ),
    ),
    "colour_space": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Colour coding"),
        high=QT_TRANSLATE_NOOP(
            "Measures", "The picture is grey. Set the camera to colour, or use another one."
        ),
    ),
    "luminance_mean": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Mean lightness of the face, for information"),
        3,
        low=_EVEN_LIGHT,
        high=_EVEN_LIGHT,
    ),
    "luminance_variance": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Spread of lightness of the face, for information"),
        4,
        low=_EVEN_LIGHT,
        high=_EVEN_LIGHT,
    ),
    "under_exposure_prevention": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Dark parts of the face, for information"),
        3,
        low=_EVEN_LIGHT,
        high=_EVEN_LIGHT,
    ),
    "dynamic_range": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Range of tones of the face, for information"),
        1,
        QT_TRANSLATE_NOOP("Measures", "bit"),
        low=_EVEN_LIGHT,
        high=_EVEN_LIGHT,
    ),
    "head_size": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Size of the head in the capture"),
        2,
        low=QT_TRANSLATE_NOOP(
            "Measures", "The head is small in the picture. Ask the person to come closer, or zoom in."
        ),
        high=QT_TRANSLATE_NOOP(
            "Measures", "The head is large in the picture. Ask the person to step back, or zoom out."
        ),
    ),
    "leftward_crop_of_the_face_image": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Room to the left"), 1, low=_MIDDLE, high=_MIDDLE
    ),
    "rightward_crop_of_the_face_image": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Room to the right"), 1, low=_MIDDLE, high=_MIDDLE
    ),
    "margin_above_of_the_face_image": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Room above the eyes"), 1, low=_ROOM, high=_ROOM
    ),
    "margin_below_of_the_face_image": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Room below the eyes"), 1, low=_ROOM, high=_ROOM
    ),
    "unified_quality_score": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Overall score of OFIQ, for information"),
        1,
        low=QT_TRANSLATE_NOOP(
            "Measures", "OFIQ finds this picture poor. Look at the other checks, then take it again."
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
    "background_lightness": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Lightness of the background"),
        0,
        QT_TRANSLATE_NOOP("Measures", "L*"),
        low=QT_TRANSLATE_NOOP("Measures", "The background is dark. Use the white background and light it."),
        high=QT_TRANSLATE_NOOP("Measures", "The background is too bright. Dim the lamps that light it."),
    ),
    "background_colour": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Colour of the background"),
        0,
        QT_TRANSLATE_NOOP("Measures", "C*"),
        high=QT_TRANSLATE_NOOP(
            "Measures", "The background is coloured. Use the white background, or set the white balance."
        ),
    ),
    "background_evenness": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Spots and shadows in the background"),
        2,
        high=QT_TRANSLATE_NOOP(
            "Measures", "Something shows in the background. Clear the marked place, and step away from shadows."
        ),
    ),
    "sharpness_substitute": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Sharpness of the face (own measure)"),
        2,
        low=QT_TRANSLATE_NOOP(
            "Measures", "The face is blurred. Ask the person to hold still, check the focus, and take it again."
        ),
    ),
    "smile_substitute": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Smile (own measure)"),
        2,
        high=QT_TRANSLATE_NOOP("Measures", "The person smiles. Ask for a calm, neutral face."),
    ),
    "gaze_substitute": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Eyes looking aside (own measure)"),
        2,
        high=QT_TRANSLATE_NOOP("Measures", "The eyes look aside. Ask the person to look into the camera."),
    ),
    "face_occlusion_substitute": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Covered part of the face (own measure)"),
        2,
        high=QT_TRANSLATE_NOOP(
            "Measures", "Something may cover the face. Look for hair, a mask or a hand, and have it moved."
        ),
    ),
    "lower_face_occlusion_substitute": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Covered mouth or chin (own measure)"),
        2,
        high=QT_TRANSLATE_NOOP(
            "Measures", "Something may cover mouth or chin. Look for a mask or a scarf, and have it moved."
        ),
    ),
    "eyes_occlusion_substitute": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "Covered eyes (own measure)"),
        2,
        high=QT_TRANSLATE_NOOP(
            "Measures",
            "Something may cover the eyes. Look for dark or shining glasses or hair, and have it moved.",
        ),
    ),
    "compression_substitute": MeasureWords(
        QT_TRANSLATE_NOOP("Measures", "JPEG compression (own measure)"),
        low=QT_TRANSLATE_NOOP(
            "Measures", "The picture was compressed too much. Set the camera to better quality."
        ),
    ),
}
"""By the measure's name; the substitutes are ours and say so."""

PORTRAIT_REASONS: dict[str, str] = {
    "face_too_small": QT_TRANSLATE_NOOP(
        "Measures", "The face is too small in the picture. Ask the person to come closer, or zoom in."
    ),
    "engine_silent": QT_TRANSLATE_NOOP("Measures", "OFIQ could not judge this picture."),
    "no_background": QT_TRANSLATE_NOOP(
        "Measures", "The person fills the picture: there is no background to judge."
    ),
    "no_colour": QT_TRANSLATE_NOOP("Measures", "The picture is grey: it has no colours to judge."),
    "no_engine": QT_TRANSLATE_NOOP(
        "Measures", "This needs OFIQ with its own models, which is not installed here."
    ),
    "no_face": QT_TRANSLATE_NOOP(
        "Measures", "No face was found. Ask the person to face the camera, light the face, and come closer."
    ),
    "no_models": QT_TRANSLATE_NOOP(
        "Measures",
        "The face models are missing or changed. Tell the technician; the station runs without this check.",
    ),
    "turned": QT_TRANSLATE_NOOP(
        "Measures", "The face is turned too far to judge this. Ask the person to face the camera."
    ),
}
"""Why a measure of a portrait was not assessed."""
