"""What to do while the portrait is live: one sentence for the officer, one for the applicant.

Left and right are the person's own, as in a mirror, and stand only where nothing plainer says it. The
applicant's sentences stand here in English and French, because every centre speaks both; a centre's third
language comes from Qt Linguist by way of the English.
"""

from dataclasses import dataclass
from enum import StrEnum

from station.flow.advice import NOBODY, Side, side
from station.model.quality import Finding
from ui.wording import measures
from ui.wording.translate import QT_TRANSLATE_NOOP, translated

_CONTEXT = "Advice"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the applicant reads: marked English text, and the same in French."""

    english: str
    french: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about one problem: marked text for the officer, and what the applicant reads."""

    officer: str
    applicant: Spoken


class Moment(StrEnum):
    """Where the portrait stands when there is nothing to mend; COUNTING when it is about to take itself."""

    GREETING = "greeting"
    WELL = "well"
    COUNTING = "counting"
    TAKEN = "taken"
    NO_CAMERA = "no_camera"


_WAIT = Spoken(QT_TRANSLATE_NOOP("Advice", "Please wait a moment."), "Veuillez patienter un instant.")
_LIGHT = Spoken(
    QT_TRANSLATE_NOOP("Advice", "Please wait a moment. The light is being adjusted."),
    "Veuillez patienter un instant. Nous réglons la lumière.",
)
_BACKGROUND = Spoken(
    QT_TRANSLATE_NOOP("Advice", "Please wait a moment. The background is being made ready."),
    "Veuillez patienter un instant. Nous préparons l'arrière-plan.",
)
_AHEAD = Spoken(
    QT_TRANSLATE_NOOP("Advice", "Please look straight ahead."), "Veuillez regarder droit devant vous."
)
_UPRIGHT = Spoken(
    QT_TRANSLATE_NOOP("Advice", "Please hold your head upright."), "Veuillez tenir la tête bien droite."
)
_CLOSER = Spoken(QT_TRANSLATE_NOOP("Advice", "Please come a little closer."), "Veuillez vous approcher un peu.")
_BACK = Spoken(QT_TRANSLATE_NOOP("Advice", "Please step back a little."), "Veuillez reculer un peu.")
_STILL = Spoken(QT_TRANSLATE_NOOP("Advice", "Please stand still."), "Veuillez ne pas bouger.")
_THANKS = Spoken(
    QT_TRANSLATE_NOOP("Advice", "Thank you. Please hold still."), "Merci. Veuillez ne plus bouger."
)
_NEUTRAL = Spoken(
    QT_TRANSLATE_NOOP("Advice", "Please do not smile, and keep your mouth closed."),
    "Veuillez ne pas sourire et garder la bouche fermée.",
)

_FRONT_LIGHT = QT_TRANSLATE_NOOP(
    "Advice", "The face is too dark. Switch on the lamps in front, or raise the camera's exposure."
)
_LESS_LIGHT = QT_TRANSLATE_NOOP(
    "Advice", "Light burns out part of the face. Dim the lamps or turn them aside; look for glare on glasses."
)
_LEVELS = QT_TRANSLATE_NOOP(
    "Advice", "The light on the face is unusual. Look at lamps and exposure; the skin's own shade is no fault."
)
_TOO_FAR = QT_TRANSLATE_NOOP("Advice", "The face is too small. Ask the person to come a little closer.")
_TOO_NEAR = QT_TRANSLATE_NOOP("Advice", "The face is too large. Ask the person to step back a little.")

Sided = dict[Side, Advice]


def _either(officer: str, applicant: Spoken) -> Sided:
    """Return the same advice for a value that is too low and one that is too high."""
    return dict.fromkeys((Side.LOW, Side.HIGH), Advice(officer, applicant))


def _sided(low: Advice, high: Advice) -> Sided:
    return {Side.LOW: low, Side.HIGH: high}


ADVICE: dict[str, Sided] = {
    "single_face_present": _either(
        QT_TRANSLATE_NOOP(
            "Advice",
            "More than one face is in sight. Ask others to step aside, and take pictures of people away.",
        ),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "One person at a time in front of the camera, please."),
            "Une seule personne devant la caméra, s'il vous plaît.",
        ),
    ),
    "mesh_fit": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "The face is not seen plainly. Ask the person to face the camera uncovered."
        ),
        _AHEAD,
    ),
    "face_highlights": _sided(Advice(_FRONT_LIGHT, _LIGHT), Advice(_LESS_LIGHT, _LIGHT)),
    "luminance_mean": _either(_LEVELS, _LIGHT),
    "luminance_variance": _either(_LEVELS, _LIGHT),
    "under_exposure_prevention": _either(_LEVELS, _LIGHT),
    "dynamic_range": _either(_LEVELS, _LIGHT),
    "over_exposure_prevention": _either(_LESS_LIGHT, _LIGHT),
    "illumination_uniformity": _either(
        QT_TRANSLATE_NOOP(
            "Advice",
            "One side of the face is darker. Light it from both sides; ask the person to face the lamps.",
        ),
        _LIGHT,
    ),
    "natural_colour": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "The skin has an unnatural tint. Set the white balance, and switch coloured light off."
        ),
        _LIGHT,
    ),
    "inter_eye_distance": _sided(Advice(_TOO_FAR, _CLOSER), Advice(_TOO_NEAR, _BACK)),
    "head_size": _sided(Advice(_TOO_FAR, _CLOSER), Advice(_TOO_NEAR, _BACK)),
    "leftward_crop_of_the_face_image": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "The face is too far to the side. Ask the person to move a little to their left."
        ),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "Please move a little to your left."),
            "Veuillez vous déplacer un peu vers votre gauche.",
        ),
    ),
    "rightward_crop_of_the_face_image": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "The face is too far to the side. Ask the person to move a little to their right."
        ),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "Please move a little to your right."),
            "Veuillez vous déplacer un peu vers votre droite.",
        ),
    ),
    "margin_above_of_the_face_image": _either(
        QT_TRANSLATE_NOOP(
            "Advice",
            "There is too little room above the head. Raise the camera, or ask the person to step back.",
        ),
        _BACK,
    ),
    "margin_below_of_the_face_image": _either(
        QT_TRANSLATE_NOOP(
            "Advice",
            "There is too little room below the chin. Lower the camera, or ask the person to step back.",
        ),
        _BACK,
    ),
    "head_pose_yaw": _sided(
        Advice(
            QT_TRANSLATE_NOOP(
                "Advice", "The head is turned. Ask the person to turn it a little to their left, to the camera."
            ),
            _AHEAD,
        ),
        Advice(
            QT_TRANSLATE_NOOP(
                "Advice",
                "The head is turned. Ask the person to turn it a little to their right, to the camera.",
            ),
            _AHEAD,
        ),
    ),
    "head_pose_pitch": _sided(
        Advice(
            QT_TRANSLATE_NOOP(
                "Advice", "The head seems raised. Ask the person to lower the chin, or raise the camera."
            ),
            Spoken(
                QT_TRANSLATE_NOOP("Advice", "Please lower your chin a little."),
                "Veuillez baisser un peu le menton.",
            ),
        ),
        Advice(
            QT_TRANSLATE_NOOP(
                "Advice", "The head seems lowered. Ask the person to lift the chin, or lower the camera."
            ),
            Spoken(
                QT_TRANSLATE_NOOP("Advice", "Please lift your chin a little."),
                "Veuillez lever un peu le menton.",
            ),
        ),
    ),
    "head_pose_roll": _sided(
        Advice(
            QT_TRANSLATE_NOOP(
                "Advice", "The head leans to the person's left. Ask the person to hold it upright."
            ),
            _UPRIGHT,
        ),
        Advice(
            QT_TRANSLATE_NOOP(
                "Advice", "The head leans to the person's right. Ask the person to hold it upright."
            ),
            _UPRIGHT,
        ),
    ),
    "face_occlusion_substitute": _either(
        QT_TRANSLATE_NOOP(
            "Advice",
            "Something seems to cover the face: hair, a hand or cloth. Ask the person to free the face.",
        ),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "Please uncover your whole face."),
            "Veuillez découvrir tout votre visage.",
        ),
    ),
    "lower_face_occlusion_substitute": _either(
        QT_TRANSLATE_NOOP(
            "Advice",
            "Something seems to cover mouth or chin: a mask or a scarf. Ask the person to take it off.",
        ),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "Please uncover your mouth and chin."),
            "Veuillez découvrir votre bouche et votre menton.",
        ),
    ),
    "eyes_occlusion_substitute": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "Something seems to cover the eyes. Ask the person to take glasses off, and hair away."
        ),
        Spoken(
            QT_TRANSLATE_NOOP(
                "Advice", "Please take off your glasses, and keep your hair away from your eyes."
            ),
            "Veuillez retirer vos lunettes et dégager vos yeux.",
        ),
    ),
    "eyes_open": _either(
        QT_TRANSLATE_NOOP("Advice", "The eyes are not open. Ask the person to open both eyes."),
        Spoken(QT_TRANSLATE_NOOP("Advice", "Please open both eyes."), "Veuillez ouvrir les deux yeux."),
    ),
    "gaze_substitute": _either(
        QT_TRANSLATE_NOOP("Advice", "The eyes look aside. Ask the person to look into the camera."),
        Spoken(QT_TRANSLATE_NOOP("Advice", "Please look into the camera."), "Veuillez regarder l'objectif."),
    ),
    "mouth_closed": _either(
        QT_TRANSLATE_NOOP("Advice", "The mouth is open. Ask the person to close it."),
        Spoken(QT_TRANSLATE_NOOP("Advice", "Please close your mouth."), "Veuillez fermer la bouche."),
    ),
    "smile_substitute": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "The person seems to smile. Ask for a neutral face, with the mouth closed."
        ),
        _NEUTRAL,
    ),
    "background_lightness": _sided(
        Advice(
            QT_TRANSLATE_NOOP("Advice", "The background is dark. Use the white background and light it."),
            _BACKGROUND,
        ),
        Advice(
            QT_TRANSLATE_NOOP("Advice", "The background is too bright. Dim the lamps that light it."),
            _BACKGROUND,
        ),
    ),
    "background_colour": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "The background is coloured. Use the white background, or set the white balance."
        ),
        _BACKGROUND,
    ),
    "background_uniformity": _either(
        QT_TRANSLATE_NOOP("Advice", "The background is not plain. Clear away what stands behind the person."),
        _BACKGROUND,
    ),
    "background_evenness": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "Something or a shadow is in the background. Clear it, or ask the person to step forward."
        ),
        _BACKGROUND,
    ),
    "sharpness_substitute": _either(
        QT_TRANSLATE_NOOP(
            "Advice", "The face is blurred. Ask the person to stand still; look at focus and light."
        ),
        _STILL,
    ),
    "compression_substitute": _either(
        QT_TRANSLATE_NOOP("Advice", "The camera compresses too much. Set it to better quality."), _WAIT
    ),
    "colour_space": _either(
        QT_TRANSLATE_NOOP("Advice", "The camera sends a picture without colours. Set it to colour."), _WAIT
    ),
    "unified_quality_score": _either(
        QT_TRANSLATE_NOOP("Advice", "The overall quality is low. Look at the checks below it."), _STILL
    ),
}
"""What to do about each measure. A measure's left may be the picture's; the advice means the person's own."""

REASONS: dict[str, Advice] = {
    NOBODY: Advice(
        QT_TRANSLATE_NOOP(
            "Advice", "No face is seen. Ask the person to stand in front of the camera and look into it."
        ),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "Please stand in front of the camera."),
            "Veuillez vous placer devant la caméra.",
        ),
    ),
    "no_models": Advice(
        QT_TRANSLATE_NOOP(
            "Advice", "The checks of the face are not installed whole. Judge by eye, and tell the technician."
        ),
        _WAIT,
    ),
}
"""What to do when a measure was not assessed for a reason that concerns the whole picture."""

MOMENTS: dict[Moment, Advice] = {
    Moment.GREETING: Advice(
        QT_TRANSLATE_NOOP("Advice", "Ask the person to look straight into the camera."),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "Welcome. Please look into the camera."),
            "Bienvenue. Veuillez regarder l'objectif.",
        ),
    ),
    Moment.WELL: Advice(QT_TRANSLATE_NOOP("Advice", "All is well. Take the portrait."), _THANKS),
    Moment.COUNTING: Advice(QT_TRANSLATE_NOOP("Advice", "All is well. The portrait takes itself."), _THANKS),
    Moment.TAKEN: Advice(
        QT_TRANSLATE_NOOP("Advice", "The portrait was taken. Look at it with the person still there."),
        Spoken(
            QT_TRANSLATE_NOOP("Advice", "Thank you. Your portrait was taken."),
            "Merci. La photo est faite.",
        ),
    ),
    Moment.NO_CAMERA: Advice(
        QT_TRANSLATE_NOOP("Advice", "There is no live picture. Look at the camera and its cable."), _WAIT
    ),
}
"""What is said when there is nothing to mend."""


def to_officer(about: Finding | Moment) -> str:
    """Return what the officer is to do."""
    advice = _advice(about)
    if advice is None and isinstance(about, Finding):
        return measures.instruction(about)
    return translated(_CONTEXT, advice.officer) if advice else ""


def to_applicant(about: Finding | Moment) -> tuple[str, ...]:
    """Return what the applicant is to do, in the station's language and in French: one line or two."""
    advice = _advice(about)
    said = advice.applicant if advice else _WAIT
    return tuple(dict.fromkeys((translated(_CONTEXT, said.english), said.french)))


def _advice(about: Finding | Moment) -> Advice | None:
    """Return the words for a moment or a finding; None for one that nobody worded or a reason of its own."""
    if isinstance(about, Moment):
        return MOMENTS[about]
    return REASONS.get(about.reason) or ADVICE.get(about.measure, {}).get(side(about))
