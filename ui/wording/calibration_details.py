"""Figures of a calibration that no profile limits: they explain the others and stand in the report."""

from ui.wording.calibration_measures import FigureWords
from ui.wording.translate import QT_TRANSLATE_NOOP

_MM = QT_TRANSLATE_NOOP("Calibration", "mm")
_PERCENT = QT_TRANSLATE_NOOP("Calibration", "%")
_LIGHTNESS = QT_TRANSLATE_NOOP("Calibration", "L*")
_DELTA_E = QT_TRANSLATE_NOOP("Calibration", "ΔE00")
_DELTA_AB = QT_TRANSLATE_NOOP("Calibration", "ΔE(a*b*)")

_LOCAL_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "How far the scale departs from its mean over the worst 25 mm, as when the sheet slips."
)
_CAST_SAYS = QT_TRANSLATE_NOOP("Calibration", "The tint of the grey step that is furthest from grey.")
_GRAIN_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "How much the colour of one flat patch varies from pixel to pixel."
)
_STREAK_SAYS = QT_TRANSLATE_NOOP("Calibration", "The worst streak, to find the dirt that draws it.")
_SPECK_SAYS = QT_TRANSLATE_NOOP("Calibration", "Where the largest mark lies, to find it on the glass.")
_PERIOD_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "The length after which the bands repeat; a roller's girth is one such length."
)
_AMBIENT_SAYS = QT_TRANSLATE_NOOP("Calibration", "Light from the room at the place that gets most of it.")

CALIBRATION_DETAILS: dict[str, FigureWords] = {
    "distortion_percent": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Distortion at the worst place, as a part of the field"),
        QT_TRANSLATE_NOOP("Calibration", "The largest departure as a part of half the field's diagonal."),
        *(2, _PERCENT),
    ),
    "local_scale_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Change of scale across"), _LOCAL_SAYS, 2, _PERCENT
    ),
    "local_scale_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Change of scale along"), _LOCAL_SAYS, 2, _PERCENT
    ),
    "overshoot": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Bright rims of edges"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How far the light beside an edge overshoots its mark; a sign of sharpening."
        ),
        *(1, _PERCENT),
    ),
    "saturated_edges": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Edges at the end of the scale"),
        QT_TRANSLATE_NOOP("Calibration", "The sharpness of these edges can be compared with itself only."),
        *(0, ""),
    ),
    "delta_l_max_above_20": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Tone, worst grey step but the darkest"),
        QT_TRANSLATE_NOOP("Calibration", "The worst grey step of those that are lighter than L* 20."),
        *(1, _LIGHTNESS),
    ),
    "tone_reversals": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Grey steps in the wrong order"),
        QT_TRANSLATE_NOOP("Calibration", "How often a lighter step comes out darker than the one before it."),
        *(0, ""),
    ),
    "cast_a": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Tint, green to red"),
        *(_CAST_SAYS, 1, QT_TRANSLATE_NOOP("Calibration", "a*")),
    ),
    "cast_b": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Tint, blue to yellow"),
        *(_CAST_SAYS, 1, QT_TRANSLATE_NOOP("Calibration", "b*")),
    ),
    "delta_e_p90_sl1": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour by Metamorfoze, nine in ten"),
        QT_TRANSLATE_NOOP(
            "Calibration", "Nine colours in ten are at most this far off, lightness counted in full."
        ),
        *(1, _DELTA_E),
    ),
    "noise_mean": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Noise, mean"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How much the lightness of flat patches varies, as a mean over all of them."
        ),
        *(2, _LIGHTNESS),
    ),
    "noise_a": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour noise, green to red"),
        *(_GRAIN_SAYS, 2, QT_TRANSLATE_NOOP("Calibration", "a*")),
    ),
    "noise_b": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour noise, blue to yellow"),
        *(_GRAIN_SAYS, 2, QT_TRANSLATE_NOOP("Calibration", "b*")),
    ),
    "uniformity_chroma": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Evenness of the colour"),
        QT_TRANSLATE_NOOP("Calibration", "How far the tints of two places of a white sheet lie apart at most."),
        *(1, _DELTA_AB),
    ),
    "streaks": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Streaks in both directions"),
        QT_TRANSLATE_NOOP(
            "Calibration", "Thin lines that the device draws over every sheet, along and across."
        ),
        *(0, ""),
    ),
    "banding": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Banding in the worse direction"),
        QT_TRANSLATE_NOOP("Calibration", "Lightness that comes and goes over a blank sheet, noise and all."),
        *(2, _LIGHTNESS),
    ),
    "streak_width_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Width of the worst streak along the sheet"), _STREAK_SAYS, 2, _MM
    ),
    "streak_width_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Width of the worst streak across the sheet"), _STREAK_SAYS, 2, _MM
    ),
    "streak_place_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "The worst streak along the sheet, from the left"),
        _STREAK_SAYS,
        1,
        _MM,
    ),
    "streak_place_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "The worst streak across the sheet, from the top"),
        _STREAK_SAYS,
        1,
        _MM,
    ),
    "speck_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "The largest speck, from the left"), _SPECK_SAYS, 1, _MM
    ),
    "speck_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "The largest speck, from the top"), _SPECK_SAYS, 1, _MM
    ),
    "banding_period_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Period of the bands across"), _PERIOD_SAYS, 1, _MM
    ),
    "banding_period_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Period of the bands along"), _PERIOD_SAYS, 1, _MM
    ),
    "ambient_closed_max": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Most light from the room, lid closed"), _AMBIENT_SAYS, 2, _PERCENT
    ),
}
