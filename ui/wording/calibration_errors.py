"""The failures of the calibration in words: what happened, why, what to do."""

from station import errors
from station.errors import StationError
from station.model.calibration import Reason
from ui.wording.error_words import Wording
from ui.wording.reasons import GLASS_WHYS, REFERENCE_WHYS, TARGET_WHYS
from ui.wording.translate import QT_TRANSLATE_NOOP

_LOCKED_WHYS: dict[str, str] = {
    Reason.NEVER: QT_TRANSLATE_NOOP("Errors", "It has never been calibrated on this station."),
    Reason.FAILED: QT_TRANSLATE_NOOP("Errors", "It failed its last calibration."),
    Reason.FAILED_TWICE: QT_TRANSLATE_NOOP(
        "Errors", "It failed its calibration twice; a technician must release it."
    ),
    Reason.CLOCK: QT_TRANSLATE_NOOP(
        "Errors", "The computer's clock was set back: nobody can tell how old the calibration is."
    ),
    Reason.SERIAL: QT_TRANSLATE_NOOP("Errors", "It is another device than the one that was calibrated."),
    Reason.DRIVER: QT_TRANSLATE_NOOP("Errors", "Its driver was changed since it was calibrated."),
    Reason.SETTINGS: QT_TRANSLATE_NOOP("Errors", "Its settings were changed since it was calibrated."),
    Reason.SCANS: QT_TRANSLATE_NOOP(
        "Errors", "It has taken as many pictures as are allowed between two calibrations."
    ),
    Reason.TARGET: QT_TRANSLATE_NOOP("Errors", "The target by which it was calibrated has expired."),
    Reason.DAY: QT_TRANSLATE_NOOP("Errors", "The day's check is missing."),
    Reason.TIME: QT_TRANSLATE_NOOP("Errors", "Its last full calibration is too old."),
}

CALIBRATION_ERRORS: dict[type[StationError], Wording] = {
    errors.CalibrationLocked: Wording(
        QT_TRANSLATE_NOOP("Errors", "This device must be calibrated before it takes pictures."),
        QT_TRANSLATE_NOOP("Errors", "Nothing proves at present that it measures what it should."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Use another device, or put the visit aside and press the device at the top of the window to "
            "calibrate it. A supervisor can open it for a time.",
        ),
        whys=_LOCKED_WHYS,
    ),
    errors.ReferenceRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The reference file of the target was not taken."),
        QT_TRANSLATE_NOOP("Errors", "It is not a whole CGATS file with colour values."),
        QT_TRANSLATE_NOOP("Errors", "Take the file that came with this target, unchanged, and try again."),
        detail=QT_TRANSLATE_NOOP("Errors", "Line: {line}."),
        whys=REFERENCE_WHYS,
    ),
    errors.GlassRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The empty glass could not be checked."),
        QT_TRANSLATE_NOOP("Errors", "The picture does not look like one of an empty glass."),
        QT_TRANSLATE_NOOP("Errors", "Take everything off the glass, close the lid, and check again."),
        whys=GLASS_WHYS,
    ),
    errors.TargetRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The calibration target could not be measured."),
        QT_TRANSLATE_NOOP("Errors", "It does not look as it should."),
        QT_TRANSLATE_NOOP("Errors", "Lay the target flat on the clean glass, whole and upright. Scan again."),
        whys=TARGET_WHYS,
    ),
}
