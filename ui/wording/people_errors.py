"""What people may not do, and accounts that are refused, in words: what happened, why, what to do."""

from station import errors
from station.errors import StationError
from ui.wording.error_words import Wording
from ui.wording.translate import QT_TRANSLATE_NOOP

PEOPLE_ERRORS: dict[type[StationError], Wording] = {
    errors.NotAllowed: Wording(
        QT_TRANSLATE_NOOP("Errors", "This was not done."),
        QT_TRANSLATE_NOOP("Errors", "Your account has no right to it."),
        QT_TRANSLATE_NOOP("Errors", "Ask somebody who may. They can sign in here without ending your visit."),
        detail=QT_TRANSLATE_NOOP("Errors", "Who may: {roles}."),
        whys={
            "locked": QT_TRANSLATE_NOOP("Errors", "The screen is locked."),
            "nobody": QT_TRANSLATE_NOOP("Errors", "Nobody is signed in."),
            "no_second": QT_TRANSLATE_NOOP("Errors", "Nothing waits for a second person any more."),
        },
    ),
    errors.AccountRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The account was not changed."),
        QT_TRANSLATE_NOOP("Errors", "What was given does not make an account."),
        QT_TRANSLATE_NOOP("Errors", "Change what is named here, then try again."),
        whys={
            "name_taken": QT_TRANSLATE_NOOP("Errors", "Somebody has this name already, or one like it."),
            "no_name": QT_TRANSLATE_NOOP("Errors", "The name holds no letter."),
            "unknown": QT_TRANSLATE_NOOP("Errors", "There is no such account."),
            "short": QT_TRANSLATE_NOOP("Errors", "The password is shorter than 12 characters or 4 words."),
            "long": QT_TRANSLATE_NOOP("Errors", "The password is longer than 256 characters."),
            "name": QT_TRANSLATE_NOOP(
                "Errors", "The password is little more than the name, or than a few signs again and again."
            ),
            "same": QT_TRANSLATE_NOOP("Errors", "The new password is the old one."),
            "pin_length": QT_TRANSLATE_NOOP("Errors", "A PIN has 4 to 8 digits."),
            "pin_simple": QT_TRANSLATE_NOOP("Errors", "A PIN such as 1111 or 1234 is guessed first."),
            "last_supervisor": QT_TRANSLATE_NOOP("Errors", "Nobody would be left who keeps the accounts."),
            "no_role": QT_TRANSLATE_NOOP("Errors", "No role was chosen."),
            "set_up": QT_TRANSLATE_NOOP("Errors", "The station has accounts already."),
        },
    ),
}
