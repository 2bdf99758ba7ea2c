"""Every failure in words: what happened, why, what to do, and its code."""

from collections.abc import Mapping

from station import errors
from station.errors import StationError
from ui.wording.asked import as_asked
from ui.wording.calibration_errors import CALIBRATION_ERRORS
from ui.wording.error_words import Wording
from ui.wording.key_errors import KEY_ERRORS
from ui.wording.people import with_roles
from ui.wording.people_errors import PEOPLE_ERRORS
from ui.wording.reasons import OFIQ_WHYS
from ui.wording.self_test_errors import SELF_TEST_ERRORS
from ui.wording.translate import QT_TRANSLATE_NOOP, Message, filled, translated

_CONTEXT = "Errors"

_KEPT = QT_TRANSLATE_NOOP("Errors", "Pages that are already safe: {kept}.")
_TECHNICIAN = QT_TRANSLATE_NOOP("Errors", "If it happens again, tell the technician this code.")

WORDINGS: dict[type[StationError], Wording] = {
    errors.StationError: Wording(
        QT_TRANSLATE_NOOP("Errors", "The station could not do this."),
        QT_TRANSLATE_NOOP("Errors", "The cause has no name yet; it is in the station's log."),
        _TECHNICIAN,
    ),
    errors.Cancelled: Wording(
        QT_TRANSLATE_NOOP("Errors", "Stopped."),
        "",
        QT_TRANSLATE_NOOP("Errors", "Start again when you are ready."),
    ),
    errors.DeviceError: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device did not do what it was asked."),
        QT_TRANSLATE_NOOP("Errors", "It gave no reason."),
        QT_TRANSLATE_NOOP("Errors", "Try again. If it happens again, switch the device off and on."),
    ),
    errors.DeviceNotFound: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device is not connected."),
        QT_TRANSLATE_NOOP("Errors", "Its cable may be loose, or it is switched off."),
        QT_TRANSLATE_NOOP("Errors", "Check the cable and the power switch. The station finds it by itself."),
    ),
    errors.DeviceBusy: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device is in use."),
        QT_TRANSLATE_NOOP("Errors", "Another program or another job holds it."),
        QT_TRANSLATE_NOOP("Errors", "Close the other program, or wait until it has finished, then try again."),
    ),
    errors.DeviceOffline: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device does not answer."),
        QT_TRANSLATE_NOOP("Errors", "It may be asleep, switched off or cut off from the network."),
        QT_TRANSLATE_NOOP("Errors", "Wake it or switch it on, check its cable, then try again."),
    ),
    errors.DeviceLost: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device went away during the work."),
        QT_TRANSLATE_NOOP("Errors", "Its cable came loose or its power failed."),
        QT_TRANSLATE_NOOP("Errors", "Connect it again, then go on where you were."),
        detail=_KEPT,
    ),
    errors.FeederEmpty: Wording(
        QT_TRANSLATE_NOOP("Errors", "No paper lies in the feeder."),
        QT_TRANSLATE_NOOP("Errors", "The feeder is empty, or the sheets are not pushed in far enough."),
        QT_TRANSLATE_NOOP("Errors", "Put the sheets in until they stop, or choose the glass, then scan again."),
    ),
    errors.PaperJam: Wording(
        QT_TRANSLATE_NOOP("Errors", "The feeder stopped."),
        QT_TRANSLATE_NOOP("Errors", "A sheet is stuck, or two were pulled at once."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Open the cover, take the sheet out, put it back on the pile, then go on.",
        ),
        detail=_KEPT,
    ),
    errors.CoverOpen: Wording(
        QT_TRANSLATE_NOOP("Errors", "The scanner's cover is open."),
        QT_TRANSLATE_NOOP("Errors", "The scanner does not move while its cover is open."),
        QT_TRANSLATE_NOOP("Errors", "Close the cover, then go on."),
        detail=_KEPT,
    ),
    errors.Unsupported: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device cannot do this."),
        QT_TRANSLATE_NOOP("Errors", "It does not offer the setting that was asked for."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Choose another scanner or device. If there is none, call the administrator: only they may change "
            "how this kind of paper is scanned.",
        ),
        detail=QT_TRANSLATE_NOOP("Errors", "Asked for {setting}: {value}."),
        more=(QT_TRANSLATE_NOOP("Errors", "Offered: {offered}."),),
        whys={
            "not_offered": QT_TRANSLATE_NOOP("Errors", "It has other settings, but not the one asked for."),
            "has_none": QT_TRANSLATE_NOOP("Errors", "By its own account it has nothing of this kind at all."),
            "profile": QT_TRANSLATE_NOOP(
                "Errors", "The administrator has set that this kind of paper is not laid there."
            ),
        },
    ),
    errors.DeviceTimeout: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device did not answer in time."),
        QT_TRANSLATE_NOOP("Errors", "It may be warming up, or it hangs."),
        QT_TRANSLATE_NOOP("Errors", "Try again. If it happens again, switch the device off and on."),
        detail=QT_TRANSLATE_NOOP("Errors", "Waited {seconds} seconds."),
    ),
    errors.PageTruncated: Wording(
        QT_TRANSLATE_NOOP("Errors", "The page came in shorter than announced."),
        QT_TRANSLATE_NOOP("Errors", "The connection broke off, or the sheet slipped."),
        QT_TRANSLATE_NOOP("Errors", "Scan this page again. It was not kept."),
        detail=QT_TRANSLATE_NOOP("Errors", "Rows received: {rows} of {expected}."),
    ),
    errors.AccessDenied: Wording(
        QT_TRANSLATE_NOOP("Errors", "The station may not use this device."),
        QT_TRANSLATE_NOOP("Errors", "This account has no right to it, or a switch on the device is locked."),
        QT_TRANSLATE_NOOP("Errors", "Unlock the device. If that does not help, tell the technician this code."),
    ),
    errors.CertificateChanged: Wording(
        QT_TRANSLATE_NOOP("Errors", "The scanner cannot prove that it is the one that was set up here."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "It shows another certificate than before: it was reset or exchanged, or another machine answers "
            "in its place.",
        ),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Use another scanner and tell the technician this code. Once the scanner is known to be the right "
            "one, the technician deletes its old certificate.",
        ),
        detail=QT_TRANSLATE_NOOP("Errors", "File: {where}. Certificate of: {key}."),
    ),
    errors.DriverFault: Wording(
        QT_TRANSLATE_NOOP("Errors", "The device's driver stopped for a reason that it does not name."),
        QT_TRANSLATE_NOOP("Errors", "What it reported is in the station's log."),
        QT_TRANSLATE_NOOP("Errors", "Switch the device off and on, then try again."),
        detail=QT_TRANSLATE_NOOP("Errors", "Reported: {detail}."),
    ),
    errors.DriverNotLoaded: Wording(
        QT_TRANSLATE_NOOP("Errors", "A device driver did not start."),
        QT_TRANSLATE_NOOP("Errors", "A part of it is missing on this computer."),
        QT_TRANSLATE_NOOP("Errors", "Work with the other devices, and tell the technician this code."),
        detail=QT_TRANSLATE_NOOP("Errors", "Driver: {driver}."),
    ),
    errors.CameraFrozen: Wording(
        QT_TRANSLATE_NOOP("Errors", "The camera's picture stands still."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "The camera sends the same picture again and again. It may show the person who was here before.",
        ),
        QT_TRANSLATE_NOOP("Errors", "Switch the camera off and on. Take no picture until its picture moves."),
    ),
    errors.CameraFull: Wording(
        QT_TRANSLATE_NOOP("Errors", "The camera's memory is full."),
        QT_TRANSLATE_NOOP("Errors", "It has no room left for one more picture."),
        QT_TRANSLATE_NOOP("Errors", "Make room on the camera's card, then take the picture again."),
    ),
    errors.PictureError: Wording(
        QT_TRANSLATE_NOOP("Errors", "This picture cannot be used."),
        QT_TRANSLATE_NOOP("Errors", "Its content is not what the station takes."),
        QT_TRANSLATE_NOOP("Errors", "Scan or take the picture again."),
        whys={
            "empty": QT_TRANSLATE_NOOP("Errors", "The file holds nothing."),
            "unknown": QT_TRANSLATE_NOOP("Errors", "It is not one page in PNG, JPEG, TIFF or PNM."),
            "damaged": QT_TRANSLATE_NOOP("Errors", "Its content is damaged."),
            "truncated": QT_TRANSLATE_NOOP("Errors", "Its end is missing."),
            "too_large": QT_TRANSLATE_NOOP(
                "Errors", "It has more than 200 million pixels, or more than this computer has room for."
            ),
            "unreadable": QT_TRANSLATE_NOOP("Errors", "The file cannot be opened."),
        },
    ),
    errors.RecordError: Wording(
        QT_TRANSLATE_NOOP("Errors", "The application record does not allow this now."),
        QT_TRANSLATE_NOOP("Errors", "It stands at another point of the visit."),
        QT_TRANSLATE_NOOP("Errors", "Go back to the desk and open the application again."),
    ),
    errors.RecordNotFound: Wording(
        QT_TRANSLATE_NOOP("Errors", "The application was not found."),
        QT_TRANSLATE_NOOP("Errors", "It is not on this centre's list, or the number was misread."),
        QT_TRANSLATE_NOOP("Errors", "Check the number, search by name, or take in today's list again."),
    ),
    errors.RecordChanged: Wording(
        QT_TRANSLATE_NOOP("Errors", "Another kiosk changed this application meanwhile."),
        QT_TRANSLATE_NOOP("Errors", "Nothing of it was overwritten; your last step was not kept."),
        QT_TRANSLATE_NOOP("Errors", "Open the application again and repeat the last step."),
    ),
    errors.AttachmentRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The record does not take this picture."),
        QT_TRANSLATE_NOOP("Errors", "It stands at another point of the visit."),
        QT_TRANSLATE_NOOP("Errors", "Look at the record, then try again."),
        whys={
            "sealed": QT_TRANSLATE_NOOP("Errors", "The visit is sealed."),
            "unknown_item": QT_TRANSLATE_NOOP("Errors", "The checklist has no such item."),
            "not_judged": QT_TRANSLATE_NOOP("Errors", "The picture has not been judged yet."),
            "needs_note": QT_TRANSLATE_NOOP("Errors", "Another reason says nothing without a note."),
            "not_measured_good": QT_TRANSLATE_NOOP("Errors", "It did not measure good: remove it instead."),
            "no_still": QT_TRANSLATE_NOOP("Errors", "No portrait waits to be accepted."),
            "needs_reason": QT_TRANSLATE_NOOP("Errors", "It is below its limits, and no reason was given."),
        },
    ),
    errors.WrongApplicant: Wording(
        QT_TRANSLATE_NOOP("Errors", "This paper belongs to another application. It was not kept."),
        QT_TRANSLATE_NOOP("Errors", "A bar code on it, read beyond doubt, names another number."),
        QT_TRANSLATE_NOOP(
            "Errors",
            "Give the paper back to its owner. If the wrong application is open, leave the visit and open the "
            "right one.",
        ),
        whys={
            "passport": QT_TRANSLATE_NOOP(
                "Errors", "Name, date of birth or number in its printed lines are those of another person."
            ),
        },
    ),
    errors.VisitOpenElsewhere: Wording(
        QT_TRANSLATE_NOOP("Errors", "This application is open at another kiosk."),
        QT_TRANSLATE_NOOP("Errors", "One visit runs at one kiosk at a time."),
        QT_TRANSLATE_NOOP("Errors", "Ask the officer there to finish or to leave the visit."),
        detail=QT_TRANSLATE_NOOP("Errors", "Kiosk: {station}."),
    ),
    errors.NotComplete: Wording(
        QT_TRANSLATE_NOOP("Errors", "The visit cannot be sealed yet."),
        QT_TRANSLATE_NOOP("Errors", "Some points are still open."),
        QT_TRANSLATE_NOOP("Errors", "Close the points that stand first in the review."),
        whys={
            "match_reason": QT_TRANSLATE_NOOP("Errors", "Fields differ, and no reason was given."),
            "correction_reason": QT_TRANSLATE_NOOP("Errors", "Printed lines were mended without a reason."),
        },
    ),
    errors.CorrectionRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The printed lines were not changed."),
        QT_TRANSLATE_NOOP("Errors", "What was typed cannot stand there."),
        QT_TRANSLATE_NOOP("Errors", "Type what the picture shows: capitals, digits and <."),
        whys={
            "no_zone": QT_TRANSLATE_NOOP("Errors", "The lines have changed meanwhile."),
            "too_long": QT_TRANSLATE_NOOP("Errors", "The text is longer than the room in the line."),
            "foreign_character": QT_TRANSLATE_NOOP(
                "Errors", "It holds a character that printed lines never have."
            ),
        },
    ),
    errors.StorageError: Wording(
        QT_TRANSLATE_NOOP("Errors", "The store did not do what it was asked."),
        QT_TRANSLATE_NOOP("Errors", "The last step may not be kept; everything before it is safe."),
        QT_TRANSLATE_NOOP("Errors", "Repeat the last step. If it happens again, tell the technician."),
    ),
    errors.StorageFull: Wording(
        QT_TRANSLATE_NOOP("Errors", "No room is left on the disk. The last step was not kept."),
        QT_TRANSLATE_NOOP("Errors", "The disk of the data folder is full."),
        QT_TRANSLATE_NOOP("Errors", "Take no further pictures. Ask the technician to make room."),
    ),
    errors.StorageLocked: Wording(
        QT_TRANSLATE_NOOP("Errors", "The database is in use by another program."),
        QT_TRANSLATE_NOOP("Errors", "A backup or a second copy of the station holds it."),
        QT_TRANSLATE_NOOP("Errors", "Close the second copy, or wait a moment, then try again."),
    ),
    errors.StorageMissing: Wording(
        QT_TRANSLATE_NOOP("Errors", "The data folder or the database does not answer."),
        QT_TRANSLATE_NOOP("Errors", "Its disk or the network may be disconnected."),
        QT_TRANSLATE_NOOP("Errors", "Check the connection, or tell the technician this code."),
    ),
    errors.StorageDamaged: Wording(
        QT_TRANSLATE_NOOP("Errors", "What is stored is not what was written. It is not used."),
        QT_TRANSLATE_NOOP("Errors", "The disk may be failing, or a file was changed by hand."),
        QT_TRANSLATE_NOOP("Errors", "Stop work with this application and tell the technician this code."),
        detail=QT_TRANSLATE_NOOP("Errors", "Part: {what}."),
    ),
    errors.StorageTooNew: Wording(
        QT_TRANSLATE_NOOP("Errors", "The database was written by a newer version of this program."),
        QT_TRANSLATE_NOOP("Errors", "An older version would not understand all of it."),
        QT_TRANSLATE_NOOP("Errors", "Start the newer version, or ask the technician to update this kiosk."),
    ),
    **KEY_ERRORS,
    errors.SettingsError: Wording(
        QT_TRANSLATE_NOOP("Errors", "A setting cannot be understood."),
        QT_TRANSLATE_NOOP("Errors", "The settings file holds something that the station does not know."),
        QT_TRANSLATE_NOOP("Errors", "Ask the technician to mend the file, then start the station again."),
        detail=QT_TRANSLATE_NOOP("Errors", "Place: {where}."),
        more=(
            QT_TRANSLATE_NOOP("Errors", "Setting: {key}."),
            QT_TRANSLATE_NOOP("Errors", "Expected: {suggestion}."),
        ),
        whys={
            "unreadable": QT_TRANSLATE_NOOP("Errors", "The file cannot be opened."),
            "not_toml": QT_TRANSLATE_NOOP("Errors", "The file is not written as TOML."),
            "not_json": QT_TRANSLATE_NOOP("Errors", "The file is not written as JSON."),
            "missing": QT_TRANSLATE_NOOP("Errors", "Something that is needed is not there."),
            "wrong_type": QT_TRANSLATE_NOOP("Errors", "The value is of another kind than expected."),
            "unknown_key": QT_TRANSLATE_NOOP("Errors", "The station knows no setting of this name."),
            "duplicate": QT_TRANSLATE_NOOP("Errors", "The same name stands there twice."),
            "wrong_value": QT_TRANSLATE_NOOP("Errors", "The value is not one that the setting can have."),
            "wrong_order": QT_TRANSLATE_NOOP("Errors", "A limit stands on the wrong side of another."),
            "unknown_name": QT_TRANSLATE_NOOP("Errors", "It names something that no file describes."),
            "unused": QT_TRANSLATE_NOOP("Errors", "Nothing in the file uses it."),
            "second_waiver": QT_TRANSLATE_NOOP("Errors", "A list has at most one form of this kind."),
            "not_with_waiver": QT_TRANSLATE_NOOP(
                "Errors", "A waiver form is asked for when something was not brought, and only then."
            ),
            "without_age": QT_TRANSLATE_NOOP("Errors", "Nothing can be suggested: the question names no age."),
            "not_a_database": QT_TRANSLATE_NOOP("Errors", "The value is not the address of a database."),
            "no_tls": QT_TRANSLATE_NOOP("Errors", "The database would be reached in the clear, without TLS."),
        },
    ),
    errors.ImportRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "The list of applications was not taken in. Nothing changed."),
        QT_TRANSLATE_NOOP("Errors", "The file is not a list that the station can read."),
        QT_TRANSLATE_NOOP("Errors", "Ask for the list again as CSV or JSON, and take it in once more."),
        whys={
            "unknown_format": QT_TRANSLATE_NOOP("Errors", "The file's name ends neither in .csv nor in .json."),
            "empty": QT_TRANSLATE_NOOP("Errors", "The file holds no application that can be taken in."),
            "unreadable": QT_TRANSLATE_NOOP("Errors", "The file cannot be opened."),
            "too_large": QT_TRANSLATE_NOOP("Errors", "The file is larger than 16 megabytes."),
            "encoding": QT_TRANSLATE_NOOP("Errors", "The file is not written in UTF-8."),
            "columns": QT_TRANSLATE_NOOP(
                "Errors", "Its heading lacks a column, or names one that is not known."
            ),
            "not_json": QT_TRANSLATE_NOOP("Errors", "The file is not a list in JSON."),
        },
    ),
    errors.ExportRefused: Wording(
        QT_TRANSLATE_NOOP("Errors", "No file was written. The record is unchanged."),
        QT_TRANSLATE_NOOP("Errors", "Its pages do not make a file that an archive takes."),
        QT_TRANSLATE_NOOP("Errors", "Look at the page named here. If it is well, tell the technician."),
        detail=QT_TRANSLATE_NOOP("Errors", "Item: {item}."),
        more=(
            QT_TRANSLATE_NOOP("Errors", "Page: {page}."),
            QT_TRANSLATE_NOOP("Errors", "Check: {check}."),
        ),
        whys={
            "no_pages": QT_TRANSLATE_NOOP("Errors", "There is no page to write."),
            "no_exporter": QT_TRANSLATE_NOOP("Errors", "This station is not set up to write files."),
            "unknown_item": QT_TRANSLATE_NOOP("Errors", "The checklist has no such item."),
            "damaged": QT_TRANSLATE_NOOP("Errors", "The stored picture of one page is damaged. Scan it again."),
            "not_archivable": QT_TRANSLATE_NOOP("Errors", "The file did not pass its own checks (PDF/A-2b)."),
        },
    ),
    **CALIBRATION_ERRORS,
    **SELF_TEST_ERRORS,
    **PEOPLE_ERRORS,
    errors.OfiqFault: Wording(
        QT_TRANSLATE_NOOP("Errors", "OFIQ did not judge the portrait. Our own measures did."),
        QT_TRANSLATE_NOOP("Errors", "The engine that the centre plugged in gave no answer."),
        QT_TRANSLATE_NOOP("Errors", "Go on as usual, and tell the technician this code."),
        detail=QT_TRANSLATE_NOOP("Errors", "File: {file}."),
        more=(QT_TRANSLATE_NOOP("Errors", "Detail: {detail}."),),
        whys=OFIQ_WHYS,
    ),
}


def word(error: StationError) -> Message:
    """Say what happened; a class without its own wording speaks as its nearest ancestor."""
    wording = next(WORDINGS[kind] for kind in type(error).__mro__ if kind in WORDINGS)
    facts: Mapping[str, object] = error.context
    if isinstance(error, errors.Unsupported):
        facts = as_asked(facts)
    elif isinstance(error, errors.NotAllowed):
        facts = with_roles(facts)
    why = wording.whys.get(_reason(facts), wording.why)
    return Message(
        what=filled(_CONTEXT, wording.what, facts),
        why=filled(_CONTEXT, why, facts),
        do=filled(_CONTEXT, wording.do, facts),
        code=error.code,
        detail=" ".join(filter(None, (_detail(text, facts) for text in (wording.detail, *wording.more)))),
    )


def _reason(facts: Mapping[str, object]) -> str:
    """Return the word that says why; what is missing says it when it is one thing."""
    missing = facts.get("missing")
    if isinstance(missing, tuple) and len(missing) == 1:
        return str(missing[0])
    return str(facts.get("reason") or facts.get("problem") or "")


def _detail(text: str, facts: Mapping[str, object]) -> str:
    known = {name: fact for name, fact in facts.items() if fact != "" and not (name == "kept" and not fact)}
    try:
        return translated(_CONTEXT, text).format_map(known).strip()
    except KeyError:
        return ""


def word_code(code: str) -> Message:
    """Say what a bare code means, as a device chip carries it; unknown codes speak as a nameless failure."""
    kind = next((known for known in WORDINGS if known.code == code), StationError)
    message = word(kind())
    return Message(message.what, message.why, message.do, code or message.code)
