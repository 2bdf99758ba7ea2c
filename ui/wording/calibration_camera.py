"""Every figure of a camera's calibration: its name, what it says, and what to do, for Qt Linguist."""

from ui.wording.calibration_measures import FigureWords
from ui.wording.translate import QT_TRANSLATE_NOOP

_PX = QT_TRANSLATE_NOOP("Calibration", "px")
_MM = QT_TRANSLATE_NOOP("Calibration", "mm")
_DEGREES = QT_TRANSLATE_NOOP("Calibration", "°")
_PERCENT = QT_TRANSLATE_NOOP("Calibration", "%")
_CYCLES = QT_TRANSLATE_NOOP("Calibration", "cycles/px")
_DELTA_AB = QT_TRANSLATE_NOOP("Calibration", "ΔE(a*b*)")
_PER_MM = QT_TRANSLATE_NOOP("Calibration", "px/mm")
_PER_SECOND = QT_TRANSLATE_NOOP("Calibration", "in a second")
_MS = QT_TRANSLATE_NOOP("Calibration", "ms")

_AGAIN = QT_TRANSLATE_NOOP(
    "Calibration", "Mount the board flat, hold it still at each place, leave the zoom alone, and measure again."
)
_EVERYWHERE = QT_TRANSLATE_NOOP(
    "Calibration", "Show the board in every part of the picture, its corners too, and measure again."
)
_FARTHER = QT_TRANSLATE_NOOP("Calibration", "Move the camera away from the place of the portrait.")
_NEARER = QT_TRANSLATE_NOOP(
    "Calibration",
    "Choose a larger picture size, zoom in, or move the camera nearer to the place of the portrait.",
)
_UPRIGHT = QT_TRANSLATE_NOOP("Calibration", "Hold the board upright, facing the camera, and measure again.")
_FOCUS = QT_TRANSLATE_NOOP(
    "Calibration", "Clean the lens and focus it on the place of the portrait, then measure again."
)
_LENS = QT_TRANSLATE_NOOP(
    "Calibration", "Take off what shades the lens, light the card evenly, and measure again."
)
_LESS_LIGHT = QT_TRANSLATE_NOOP(
    "Calibration", "Shorten the exposure or dim the lamps until nothing is burnt out."
)
_WHITE = QT_TRANSLATE_NOOP(
    "Calibration",
    "Set the camera's white balance on the card under the lamps of the portrait, then measure again.",
)
_ONE_LIGHT = QT_TRANSLATE_NOOP("Calibration", "Keep daylight away and use lamps of one kind on both sides.")
_FLICKER = QT_TRANSLATE_NOOP(
    "Calibration", "Switch automatic exposure off, set the mains frequency, and replace lamps that flicker."
)
_FASTER = QT_TRANSLATE_NOOP(
    "Calibration", "Shorten the exposure, plug the camera in directly, and close other programs that use it."
)

_EDGE_SAYS = QT_TRANSLATE_NOOP("Calibration", "The detail that is still shown with half of its contrast there.")
_BROWN_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "A number of Brown's model of lenses, kept for whoever wants to undo the bending."
)
_GAIN_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "The factor that makes this colour of a neutral card as strong as its green."
)

CAMERA_FIGURES: dict[str, FigureWords] = {
    "field_coverage": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Picture covered by the board"),
        QT_TRANSLATE_NOOP("Calibration", "The parts of the picture in which the board was seen well enough."),
        *(0, _PERCENT, _EVERYWHERE),
    ),
    "reprojection_rms": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "What the lens model leaves"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How far the board's corners lie from where the lens model puts them."
        ),
        *(2, _PX, "", _AGAIN),
    ),
    "reprojection_worst": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "What the lens model leaves, worst view"),
        QT_TRANSLATE_NOOP("Calibration", "The same for the view of the board that fits least."),
        *(2, _PX, "", _AGAIN),
    ),
    "fx_fy_spread": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Doubt about the focal length"),
        QT_TRANSLATE_NOOP("Calibration", "The standard deviation with which the views tell the focal length."),
        *(2, _PERCENT, "", _AGAIN),
    ),
    "principal_point_off": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Optical axis off the centre"),
        QT_TRANSLATE_NOOP("Calibration", "How far the lens's axis lies from the middle of the picture."),
        *(1, _PERCENT, "", _AGAIN),
    ),
    "split_half": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Agreement of both halves"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How far the focal length differs between one half of the views and the other."
        ),
        *(2, _PERCENT, "", _AGAIN),
    ),
    "corner_displacement": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Bending at the picture's corners"),
        QT_TRANSLATE_NOOP("Calibration", "How far the lens moves what lies in the corners of the picture."),
        *(1, _PX),
    ),
    "focal_length_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Focal length across"),
        QT_TRANSLATE_NOOP("Calibration", "The focal length in widths of a pixel."),
        *(1, _PX),
    ),
    "focal_length_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Focal length along"),
        QT_TRANSLATE_NOOP("Calibration", "The focal length in heights of a pixel."),
        *(1, _PX),
    ),
    "principal_point_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Optical axis across"),
        QT_TRANSLATE_NOOP("Calibration", "Where the lens's axis meets the picture, from its left."),
        *(1, _PX),
    ),
    "principal_point_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Optical axis along"),
        QT_TRANSLATE_NOOP("Calibration", "Where the lens's axis meets the picture, from its top."),
        *(1, _PX),
    ),
    **{
        f"lens_{letter}": FigureWords(words, _BROWN_SAYS, 4, "")
        for letter, words in (
            ("k1", QT_TRANSLATE_NOOP("Calibration", "Bending of the lens, k1")),
            ("k2", QT_TRANSLATE_NOOP("Calibration", "Bending of the lens, k2")),
            ("p1", QT_TRANSLATE_NOOP("Calibration", "Bending of the lens, p1")),
            ("p2", QT_TRANSLATE_NOOP("Calibration", "Bending of the lens, p2")),
        )
    },
    "portrait_distance": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Distance of the portrait"),
        QT_TRANSLATE_NOOP("Calibration", "How far the place of the face is from the lens."),
        *(0, _MM, _FARTHER),
    ),
    "pixels_per_mm": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Pixels per millimetre of the portrait"),
        QT_TRANSLATE_NOOP("Calibration", "How large a millimetre is seen at the place of the face."),
        *(2, _PER_MM, _NEARER),
    ),
    "portrait_tilt": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Lean of the board at the portrait"),
        QT_TRANSLATE_NOOP("Calibration", "How far the board leaned when the place of the face was measured."),
        *(1, _DEGREES, "", _UPRIGHT),
    ),
    "focus_sfr50": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Focus (SFR50)"),
        QT_TRANSLATE_NOOP(
            "Calibration", "The detail that is still shown with half of its contrast, where it is softer."
        ),
        *(3, _CYCLES, _FOCUS),
    ),
    "focus_kept": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Focus kept since commissioning"),
        QT_TRANSLATE_NOOP(
            "Calibration", "The focus as a part of what it was when the camera was commissioned."
        ),
        *(0, _PERCENT),
    ),
    "focus_sfr50_centre": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Focus in the middle (SFR50)"), _EDGE_SAYS, 3, _CYCLES
    ),
    "focus_sfr50_eyes": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Focus at eye height (SFR50)"), _EDGE_SAYS, 3, _CYCLES
    ),
    "corner_fall_off": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Darkening to the corners"),
        QT_TRANSLATE_NOOP("Calibration", "How much less light the darkest corner has than the middle."),
        *(1, _PERCENT, "", _LENS),
    ),
    "dark_level": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Light with the lens covered"),
        QT_TRANSLATE_NOOP(
            "Calibration", "What the camera shows of darkness, taken off before the rest is judged."
        ),
        *(2, _PERCENT),
    ),
    "card_clipped": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Burnt out where the face will be"),
        QT_TRANSLATE_NOOP("Calibration", "The part of the card's middle that lies at the end of the scale."),
        *(2, _PERCENT, "", _LESS_LIGHT),
    ),
    "white_gain_red": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "White balance, red"), *(_GAIN_SAYS, 2, "", _WHITE, _WHITE)
    ),
    "white_gain_blue": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "White balance, blue"), *(_GAIN_SAYS, 2, "", _WHITE, _WHITE)
    ),
    "white_evenness": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "White from side to side"),
        QT_TRANSLATE_NOOP("Calibration", "How far the tint of the card's sides is from that of its middle."),
        *(1, _DELTA_AB, "", _ONE_LIGHT),
    ),
    "exposure_steadiness": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Flicker"),
        QT_TRANSLATE_NOOP("Calibration", "How much the light of an unmoving scene varies from frame to frame."),
        *(2, _PERCENT, "", _FLICKER),
    ),
    "frame_rate": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "True frame rate"),
        QT_TRANSLATE_NOOP("Calibration", "How many frames really come, whatever the camera states."),
        *(1, _PER_SECOND, _FASTER),
    ),
    "frame_jitter": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Unsteadiness of the frame rate"),
        QT_TRANSLATE_NOOP("Calibration", "The standard deviation of the time from one frame to the next."),
        *(1, _MS, "", _FASTER),
    ),
    "frames_late": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Frames that came late"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How many frames came more than half an interval late or after a lost one."
        ),
        *(1, _PERCENT, "", _FASTER),
    ),
    "latency": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Delay of the live picture"),
        QT_TRANSLATE_NOOP("Calibration", "How long light takes from the scene to the program."),
        *(0, _MS, "", _FASTER),
    ),
}
"""The figures of cameras that have words, by measure."""

_LESS_CLEAR = QT_TRANSLATE_NOOP(
    "Calibration", "The views of the board do not tell the lens; show it everywhere, leaning to all sides."
)
_TOO_SHORT = QT_TRANSLATE_NOOP("Calibration", "Too few frames came; check the cable and measure again.")

CAMERA_REASONS: dict[str, str] = {
    "bad_stamps": QT_TRANSLATE_NOOP("Calibration", "The camera's frames bear no growing times; measure again."),
    "edge_target": QT_TRANSLATE_NOOP(
        "Calibration", "The board's squares are too small for it; hold up one black edge, slightly slanted."
    ),
    "few_frames": _TOO_SHORT,
    "few_views": _LESS_CLEAR,
    "no_pose": _UPRIGHT,
    "no_solution": _LESS_CLEAR,
    "not_confirmed": QT_TRANSLATE_NOOP("Calibration", "The screen gave no flash to time it by."),
    "not_seen": QT_TRANSLATE_NOOP(
        "Calibration", "The flash of the screen was not seen; turn the camera to what the screen lights."
    ),
    "other_lens": QT_TRANSLATE_NOOP(
        "Calibration", "Zoom or focus was moved on the way; leave the lens alone and measure again."
    ),
    "poor_coverage": _EVERYWHERE,
    "poor_tilts": _LESS_CLEAR,
    "tilted": _UPRIGHT,
    "too_dark": QT_TRANSLATE_NOOP("Calibration", "There was too little light; switch the lamps on."),
    "turn_board": QT_TRANSLATE_NOOP("Calibration", "Turn the board by some five degrees and show it again."),
}
"""Why a figure of a camera was not judged, where it is not as with scanners."""
