"""Every figure of a calibration: its name, what it says, and what to clean or adjust, for Qt Linguist."""

from dataclasses import dataclass

from ui.wording.translate import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class FigureWords:
    """One figure as marked English text. `says` explains it in one sentence.

    `low` and `high` say what to clean or adjust when it is too low or too high.
    """

    title: str
    says: str
    decimals: int
    unit: str
    low: str = ""
    high: str = ""


_PPI = QT_TRANSLATE_NOOP("Calibration", "ppi")
_PX = QT_TRANSLATE_NOOP("Calibration", "px")
_MM = QT_TRANSLATE_NOOP("Calibration", "mm")
_DEGREES = QT_TRANSLATE_NOOP("Calibration", "°")
_PERCENT = QT_TRANSLATE_NOOP("Calibration", "%")
_LIGHTNESS = QT_TRANSLATE_NOOP("Calibration", "L*")
_CYCLES = QT_TRANSLATE_NOOP("Calibration", "cycles/px")
_DELTA_E = QT_TRANSLATE_NOOP("Calibration", "ΔE00")
_DELTA_AB = QT_TRANSLATE_NOOP("Calibration", "ΔE(a*b*)")
_DENSITY = QT_TRANSLATE_NOOP("Calibration", "in 100 cm²")

_SCALE_X = QT_TRANSLATE_NOOP(
    "Calibration",
    "Check the resolution set in the driver and that nothing scales the picture, then scan again.",
)
_SCALE_Y = QT_TRANSLATE_NOOP(
    "Calibration", "Check the resolution set in the driver and clean the feeder's rollers, then scan again."
)
_STRAIGHT = QT_TRANSLATE_NOOP("Calibration", "Lay the target straight against the guide and scan it again.")
_SQUARE = QT_TRANSLATE_NOOP(
    "Calibration", "Press the target flat and scan again; if it stays, the carriage needs a technician."
)
_FLAT = QT_TRANSLATE_NOOP(
    "Calibration", "Press the target flat and close the lid; if it stays, clean rails and rollers."
)
_SHARP = QT_TRANSLATE_NOOP(
    "Calibration",
    "Clean the glass on both sides and press the target flat; if it stays, have the focus checked.",
)
_OVERSHARP = QT_TRANSLATE_NOOP("Calibration", "Switch sharpening off in the driver and scan the target again.")
_REGISTER = QT_TRANSLATE_NOOP(
    "Calibration", "Press the target flat and scan again; if it stays, the sensor needs a technician."
)
_TRANSPORT = QT_TRANSLATE_NOOP(
    "Calibration", "Clean rollers and rails and scan again; if it stays, the drive needs a technician."
)
_TONE = QT_TRANSLATE_NOOP(
    "Calibration", "Switch automatic brightness and contrast off, let the lamp warm up, and scan again."
)
_CAST = QT_TRANSLATE_NOOP(
    "Calibration", "Let the lamp warm up, run the device's own white balance, and scan the target again."
)
_COLOUR = QT_TRANSLATE_NOOP(
    "Calibration", "Check the colour profile set in the driver, let the lamp warm up, and scan again."
)
_EVEN = QT_TRANSLATE_NOOP(
    "Calibration", "Clean glass and lid, close the lid fully and let the lamp warm up, then scan again."
)
_STREAK = QT_TRANSLATE_NOOP(
    "Calibration", "Clean the narrow glass of the feeder with a dry, soft cloth and scan again."
)
_DUST = QT_TRANSLATE_NOOP(
    "Calibration", "Clean the glass and the target with a dry, soft cloth and scan again."
)
_BANDS = QT_TRANSLATE_NOOP(
    "Calibration", "Clean the rollers and let the lamp warm up; if it stays, tell the technician the period."
)
_LID = QT_TRANSLATE_NOOP("Calibration", "Close the lid fully and turn the device away from window and lamp.")

_CLAIM_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "How far the resolution that was measured is from the one that the scanner states."
)
_SFR50 = QT_TRANSLATE_NOOP("Calibration", "The detail that is still shown with half of its contrast.")
_SFR10 = QT_TRANSLATE_NOOP("Calibration", "The finest detail that can still be told from grey.")
_SHIFT_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "How far two colours of one edge lie apart; print then has coloured rims."
)
_STREAKS_SAY = QT_TRANSLATE_NOOP("Calibration", "Thin lines that the device draws over every sheet.")
_DEPTH_SAYS = QT_TRANSLATE_NOOP("Calibration", "How much the worst streak departs from the paper beside it.")
_BANDING_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "Lightness that comes and goes over a blank sheet, noise and all."
)
_RHYTHM_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "The strongest rhythm of light and dark, as a roller or the lamp leaves it."
)
_GAIN_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "How much of the difference between two neighbouring greys comes out; 1 is all of it."
)
_SL1_SAYS = QT_TRANSLATE_NOOP(
    "Calibration", "How far the colours are from the measured ones, with lightness counted in full."
)
_AMBIENT_SAYS = QT_TRANSLATE_NOOP("Calibration", "Light from the room that reaches the sensor beside the lamp.")

CALIBRATION_MEASURES: dict[str, FigureWords] = {
    "resolution_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Resolution across"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How many pixels the device really makes of an inch across the sheet."
        ),
        *(1, _PPI, _SCALE_X, _SCALE_X),
    ),
    "resolution_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Resolution along"),
        QT_TRANSLATE_NOOP("Calibration", "How many pixels the device really makes of an inch along the sheet."),
        *(1, _PPI, _SCALE_Y, _SCALE_Y),
    ),
    "resolution_error_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Resolution across against the scanner's word"),
        *(_CLAIM_SAYS, 2, _PERCENT, _SCALE_X, _SCALE_X),
    ),
    "resolution_error_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Resolution along against the scanner's word"),
        *(_CLAIM_SAYS, 2, _PERCENT, _SCALE_Y, _SCALE_Y),
    ),
    "anisotropy": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Stretch"),
        QT_TRANSLATE_NOOP("Calibration", "How much wider than high a square of the sheet comes out."),
        *(2, _PERCENT, _SCALE_Y, _SCALE_Y),
    ),
    "skew": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Slant of the target"),
        QT_TRANSLATE_NOOP("Calibration", "How far the target lies turned; mostly the way it was laid down."),
        *(2, _DEGREES, _STRAIGHT, _STRAIGHT),
    ),
    "orthogonality": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Squareness"),
        QT_TRANSLATE_NOOP("Calibration", "How far a right angle on the sheet is from one in the picture."),
        *(2, _DEGREES, _SQUARE, _SQUARE),
    ),
    "distortion": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Distortion"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How far points lie from their places on average, scale and slant apart."
        ),
        *(2, _PX, "", _FLAT),
    ),
    "distortion_max": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Distortion at the worst place"),
        QT_TRANSLATE_NOOP("Calibration", "How far the worst point lies from its place, scale and slant apart."),
        *(2, _PX, "", _FLAT),
    ),
    "sfr50_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Sharpness across (SFR50)"), _SFR50, 3, _CYCLES, _SHARP, _OVERSHARP
    ),
    "sfr50_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Sharpness along (SFR50)"), _SFR50, 3, _CYCLES, _SHARP, _OVERSHARP
    ),
    "sfr10_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Fine detail across (SFR10)"), _SFR10, 3, _CYCLES, _SHARP, _OVERSHARP
    ),
    "sfr10_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Fine detail along (SFR10)"), _SFR10, 3, _CYCLES, _SHARP, _OVERSHARP
    ),
    "sampling_efficiency": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Sampling efficiency"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How much of the resolution carries real detail; the rest is empty pixels."
        ),
        *(0, _PERCENT, _SHARP, ""),
    ),
    "sfr_half_sampling": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Contrast at the limit of the pixels"),
        QT_TRANSLATE_NOOP("Calibration", "What is left there may turn fine patterns into ripples."),
        *(2, "", "", _OVERSHARP),
    ),
    "max_modulation": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Sharpening"),
        QT_TRANSLATE_NOOP(
            "Calibration", "The highest contrast of any detail; above 1 the device sharpens edges."
        ),
        *(2, "", "", _OVERSHARP),
    ),
    "channel_shift_rg": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Red against green, across"),
        *(_SHIFT_SAYS, 2, _PX, _REGISTER, _REGISTER),
    ),
    "channel_shift_bg": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Blue against green, across"),
        *(_SHIFT_SAYS, 2, _PX, _REGISTER, _REGISTER),
    ),
    "channel_shift_rg_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Red against green, along"),
        *(_SHIFT_SAYS, 2, _PX, _TRANSPORT, _TRANSPORT),
    ),
    "channel_shift_bg_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Blue against green, along"),
        *(_SHIFT_SAYS, 2, _PX, _TRANSPORT, _TRANSPORT),
    ),
    "delta_l_max": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Tone, worst grey step"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How much lighter or darker than measured the worst grey step comes out."
        ),
        *(1, _LIGHTNESS, _TONE, _TONE),
    ),
    "gain_highlights_min": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Weakest step in the light greys"), _GAIN_SAYS, 2, "", _TONE, _TONE
    ),
    "gain_highlights_max": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Strongest step in the light greys"), _GAIN_SAYS, 2, "", _TONE, _TONE
    ),
    "gain_other_min": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Weakest step in the other greys"), _GAIN_SAYS, 2, "", _TONE, _TONE
    ),
    "gain_other_max": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Strongest step in the other greys"), _GAIN_SAYS, 2, "", _TONE, _TONE
    ),
    "white_balance": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "White balance"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How much colour the worst of the grey steps has that it should not have."
        ),
        *(1, _DELTA_AB, "", _CAST),
    ),
    "delta_e_mean": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour, mean"),
        QT_TRANSLATE_NOOP("Calibration", "How far the colours are from the measured ones on average."),
        *(1, _DELTA_E, "", _COLOUR),
    ),
    "delta_e_p90": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour, nine in ten"),
        QT_TRANSLATE_NOOP("Calibration", "Nine colours in ten are at most this far from the measured ones."),
        *(1, _DELTA_E, "", _COLOUR),
    ),
    "delta_e_max": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour, worst"),
        QT_TRANSLATE_NOOP("Calibration", "How far the worst colour is from the measured one."),
        *(1, _DELTA_E, "", _COLOUR),
    ),
    "delta_e_mean_sl1": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour by Metamorfoze, mean"), _SL1_SAYS, 1, _DELTA_E, "", _COLOUR
    ),
    "delta_e_max_sl1": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Colour by Metamorfoze, worst"), _SL1_SAYS, 1, _DELTA_E, "", _COLOUR
    ),
    "noise": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Noise"),
        QT_TRANSLATE_NOOP(
            "Calibration", "How much the lightness of one flat patch varies from pixel to pixel."
        ),
        *(2, _LIGHTNESS),
        high=QT_TRANSLATE_NOOP(
            "Calibration", "Let the lamp warm up and scan again; if it stays, the lamp may be near its end."
        ),
    ),
    "uniformity": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Evenness of the light"),
        QT_TRANSLATE_NOOP(
            "Calibration", "From the darkest to the lightest place of a sheet that is white all over."
        ),
        *(2, _LIGHTNESS, "", _EVEN),
    ),
    "uniformity_range": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Fall of the light"),
        QT_TRANSLATE_NOOP("Calibration", "How much less light the darkest place of a white sheet gets."),
        *(1, _PERCENT, "", _EVEN),
    ),
    "uniformity_sd": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Spread of the light"),
        QT_TRANSLATE_NOOP("Calibration", "How much the light varies over a sheet that is white all over."),
        *(1, _PERCENT, "", _EVEN),
    ),
    "streaks_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Streaks along the sheet"), _STREAKS_SAY, 0, "", high=_STREAK
    ),
    "streaks_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Streaks across the sheet"), _STREAKS_SAY, 0, "", high=_TRANSPORT
    ),
    "streak_depth_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Worst streak along the sheet"),
        *(_DEPTH_SAYS, 1, _LIGHTNESS, "", _STREAK),
    ),
    "streak_depth_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Worst streak across the sheet"),
        *(_DEPTH_SAYS, 1, _LIGHTNESS, "", _TRANSPORT),
    ),
    "specks": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Specks"),
        QT_TRANSLATE_NOOP("Calibration", "Dust, fibres and scratches on a blank part of the sheet."),
        *(0, _DENSITY, "", _DUST),
    ),
    "speck_diameter": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Largest speck"),
        QT_TRANSLATE_NOOP("Calibration", "From end to end of the largest mark on a blank part of the sheet."),
        *(2, _MM, "", _DUST),
    ),
    "banding_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Banding across"), _BANDING_SAYS, 2, _LIGHTNESS, high=_BANDS
    ),
    "banding_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Banding along"), _BANDING_SAYS, 2, _LIGHTNESS, high=_BANDS
    ),
    "banding_amplitude_x": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Strongest band across"), _RHYTHM_SAYS, 2, _LIGHTNESS, high=_BANDS
    ),
    "banding_amplitude_y": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Strongest band along"), _RHYTHM_SAYS, 2, _LIGHTNESS, high=_BANDS
    ),
    "ambient_closed": FigureWords(
        QT_TRANSLATE_NOOP("Calibration", "Light from the room, lid closed"),
        *(_AMBIENT_SAYS, 2, _PERCENT, _LID, _LID),
    ),
}
