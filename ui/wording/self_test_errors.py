"""The failure of the self-test in words: what happened, why, what to do."""

from station import errors
from station.errors import StationError
from ui.wording.error_words import Wording
from ui.wording.translate import QT_TRANSLATE_NOOP

SELF_TEST_ERRORS: dict[type[StationError], Wording] = {
    errors.SelfTestFailed: Wording(
        QT_TRANSLATE_NOOP("Errors", "This station takes no pictures of applicants."),
        QT_TRANSLATE_NOOP("Errors", "It could not prove that it measures as it should."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Use another station and tell the technician this code. Rehearsals on simulated devices are still "
            "possible.",
        ),
        detail=QT_TRANSLATE_NOOP("Errors", "Different: {measures} ({count} in all)."),
        more=(QT_TRANSLATE_NOOP("Errors", "File: {picture}."),),
        whys={
            "differs": QT_TRANSLATE_NOOP(
                "Errors",
                "It decodes, reads or measures its own test pictures otherwise than it did when it was proved: "
                "a part of the program was changed.",
            ),
            "damaged": QT_TRANSLATE_NOOP("Errors", "One of its test pictures is damaged, changed or missing."),
            "fault": QT_TRANSLATE_NOOP("Errors", "Its self-test broke off; the cause is in the station's log."),
        },
    ),
}
