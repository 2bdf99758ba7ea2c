"""The failures of the station key in words: what happened, why, what to do."""

from station import errors
from station.errors import StationError
from ui.wording.error_words import Wording
from ui.wording.translate import QT_TRANSLATE_NOOP

KEY_ERRORS: dict[type[StationError], Wording] = {
    errors.StationKeyMissing: Wording(
        QT_TRANSLATE_NOOP("Errors", "The stored data cannot be opened: their key is not there."),
        QT_TRANSLATE_NOOP("Errors", "Everything that is stored is encrypted with the key of this station."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Nothing was changed. The technician brings the key back: from a backup of the file station.vault, "
            "or from the recovery sheet with `main.py key --restore`.",
        ),
        detail=QT_TRANSLATE_NOOP("Errors", "Key: {key}."),
        whys={
            "no_vault": QT_TRANSLATE_NOOP("Errors", "The file station.vault is missing in the data folder."),
            "none_yet": QT_TRANSLATE_NOOP(
                "Errors", "Nothing is stored here yet: the key is made when the station is first opened."
            ),
            "not_in_key_store": QT_TRANSLATE_NOOP(
                "Errors", "This computer's key store, or that of another user, does not hold it."
            ),
            "no_key_store": QT_TRANSLATE_NOOP(
                "Errors", "This computer's key store is not there, or it is locked."
            ),
            "no_passphrase": QT_TRANSLATE_NOOP(
                "Errors", "A passphrase opens it, and none was given (STATION_PASSPHRASE_FILE)."
            ),
            "no_protection": QT_TRANSLATE_NOOP(
                "Errors",
                "The settings forbid a key that lies unprotected beside the data, and there is neither a key "
                "store nor a passphrase.",
            ),
        },
    ),
    errors.PassphraseRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The passphrase does not open the stored data."),
        QT_TRANSLATE_NOOP("Errors", "It is not the one by which the key was wrapped."),
        QT_TRANSLATE_NOOP("Errors", "Give the right passphrase, then try again. Nothing was changed."),
        whys={
            "wrong": QT_TRANSLATE_NOOP("Errors", "It is not the one by which the key was wrapped."),
            "short": QT_TRANSLATE_NOOP("Errors", "It has fewer than 12 characters, which anybody could find."),
            "unreadable": QT_TRANSLATE_NOOP("Errors", "Its file cannot be read, or is not text in UTF-8."),
        },
    ),
    errors.StationKeyOther: Wording(
        QT_TRANSLATE_NOOP("Errors", "Key and stored data do not belong together. Nothing was changed."),
        QT_TRANSLATE_NOOP(
            "Errors", "A part of the data folder comes from another station or from an older backup."
        ),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Do not work on. The technician puts together what belongs together: all parts of the data folder "
            "from the same backup, or the recovery sheet of this station.",
        ),
        detail=QT_TRANSLATE_NOOP("Errors", "Part: {what}. Its key: {found}. The station's key: {expected}."),
    ),
    errors.StationKeyDamaged: Wording(
        QT_TRANSLATE_NOOP("Errors", "The file that keeps the key of the stored data is damaged."),
        QT_TRANSLATE_NOOP("Errors", "The disk may be failing, or the file was changed by hand."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Nothing was changed. The technician brings it back from a backup, or the key from the recovery "
            "sheet with `main.py key --restore`.",
        ),
        detail=QT_TRANSLATE_NOOP("Errors", "File: {what}."),
    ),
    errors.RecoveryRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The recovery sheet was not taken. Nothing was changed."),
        QT_TRANSLATE_NOOP("Errors", "What was typed is not what stands on a sheet."),
        QT_TRANSLATE_NOOP("Errors", "Compare the line with the sheet, block by block, and type it again."),
        detail=QT_TRANSLATE_NOOP("Errors", "Line: {line}."),
        whys={
            "mistyped": QT_TRANSLATE_NOOP("Errors", "The last block of a line does not fit the others."),
            "incomplete": QT_TRANSLATE_NOOP("Errors", "A sheet has four numbered lines of five blocks."),
        },
    ),
}
