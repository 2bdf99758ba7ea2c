"""Every failure that this program names, in one tree.

An error carries a code and facts, never a sentence: `ui/wording` says what happened, why and what to do.
Facts must not hold personal data: record ids, device ids, counts, file names of the program only.
"""

from typing import ClassVar


class StationError(Exception):
    """Something that the world did and that an operator can act on.

    `context` holds the facts that the wording fills in; a class names the ones that it needs in its docstring.
    """

    code: ClassVar[str] = "ST-000"

    def __init__(self, **context: object) -> None:
        """Keep the facts; the text of the exception is code and facts, for the log."""
        self.context = context
        facts = ", ".join(f"{name}={value}" for name, value in context.items())
        super().__init__(f"{self.code} {type(self).__name__}({facts})")

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes with all facts."""
        return (_rebuild, (type(self), self.context))


def _rebuild(kind: type[StationError], context: dict[str, object]) -> StationError:
    return kind(**context)


# -- devices: context always has `device` (its id) where one is known ------------------------------------------


class DeviceError(StationError):
    """A device did not do what it was asked."""

    code = "DV-000"


class DeviceNotFound(DeviceError):
    """No such device is connected."""

    code = "DV-001"


class DeviceBusy(DeviceError):
    """Another program or job holds the device."""

    code = "DV-002"


class DeviceOffline(DeviceError):
    """The device is known but does not answer."""

    code = "DV-003"


class DeviceLost(DeviceError):
    """The device went away in the middle of the work; `kept` pages are safe."""

    code = "DV-004"


class FeederEmpty(DeviceError):
    """No paper lies in the feeder."""

    code = "DV-005"


class PaperJam(DeviceError):
    """A sheet is stuck; `kept` pages are safe."""

    code = "DV-006"


class CoverOpen(DeviceError):
    """The cover is open; `kept` pages are safe."""

    code = "DV-007"


class Unsupported(DeviceError):
    """The device cannot do this; `setting` and `value` name it, `offered` what it has instead, where known."""

    code = "DV-008"


class DeviceTimeout(DeviceError):
    """The device did not answer within `seconds`."""

    code = "DV-009"


class PageTruncated(DeviceError):
    """A page came shorter than announced: `rows` of `expected`."""

    code = "DV-010"


class AccessDenied(DeviceError):
    """The operating system or the device refuses access."""

    code = "DV-011"


class DriverFault(DeviceError):
    """The driver failed in a way that it does not name; `detail` holds its own code."""

    code = "DV-099"


class DriverNotLoaded(DeviceError):
    """The driver `driver` could not be loaded; `detail` says why."""

    code = "DV-012"


class CertificateChanged(DeviceError):
    """The device shows another certificate than the trusted one, which `where` (a file) holds under `key`."""

    code = "DV-013"


class CameraFrozen(DeviceError):
    """The camera goes on sending, but always the same picture; it may show someone who has left."""

    code = "DV-014"


class CameraFull(DeviceError):
    """The camera has no room left for a picture."""

    code = "DV-015"


class Cancelled(StationError):
    """The operator cancelled; never shown as trouble."""

    code = "ST-001"


# -- pictures -------------------------------------------------------------------------------------------------


class PictureError(StationError):
    """No picture that we take; `reason` is empty, unknown, damaged, truncated, too_large or unreadable.

    Of a photo that is cut and coded: too_small, file_too_large or file_too_small.
    """

    code = "PC-001"


# -- records --------------------------------------------------------------------------------------------------


class RecordError(StationError):
    """A record does not allow this."""

    code = "RC-000"


class RecordNotFound(RecordError):
    """No such record."""

    code = "RC-001"


class RecordChanged(RecordError):
    """Another kiosk changed the record meanwhile; nothing was overwritten."""

    code = "RC-002"


class AttachmentRefused(RecordError):
    """The record takes no such attachment now; `reason` is a word: sealed, unknown_item, not_judged."""

    code = "RC-003"


class WrongApplicant(RecordError):
    """What was read belongs to another application than the open one."""

    code = "RC-004"


class VisitOpenElsewhere(RecordError):
    """The application has an open visit already; `station` names the kiosk."""

    code = "RC-005"


class NotComplete(RecordError):
    """The visit cannot be sealed; `missing` lists the open points as words."""

    code = "RC-006"


class CorrectionRefused(RecordError):
    """What was typed cannot stand in the printed lines: `reason` is no_zone, too_long or foreign_character."""

    code = "RC-007"


# -- storage --------------------------------------------------------------------------------------------------


class StorageError(StationError):
    """The store did not do what it was asked."""

    code = "SG-000"


class StorageFull(StorageError):
    """No room is left."""

    code = "SG-001"


class StorageLocked(StorageError):
    """Another program holds the database."""

    code = "SG-002"


class StorageMissing(StorageError):
    """The database or the data folder is not there or does not answer."""

    code = "SG-003"


class StorageDamaged(StorageError):
    """What is stored is not what was written; `what` names it."""

    code = "SG-004"


class StorageTooNew(StorageError):
    """A newer version of the program wrote the database."""

    code = "SG-005"


class StationKeyMissing(StorageError):
    """The key that opens the stored data is not there; nothing is made in its place.

    `reason` is no_vault, none_yet, not_in_key_store, no_key_store, no_passphrase or no_protection; `key` is
    its id.
    """

    code = "SG-006"


class PassphraseRefused(StorageError):
    """The passphrase does not do: `reason` is wrong, short or unreadable (its file)."""

    code = "SG-007"


class StationKeyOther(StorageError):
    """`what` (vault, database, pictures, sheet) belongs to the key `found`, not to the `expected` one: ids."""

    code = "SG-008"


class StationKeyDamaged(StorageError):
    """The file that keeps the station key is damaged; `what` names it."""

    code = "SG-009"


class RecoveryRefused(StorageError):
    """What was typed is no recovery sheet: `reason` is incomplete or mistyped (in `line`, from 1)."""

    code = "SG-010"


# -- settings and files that staff write ----------------------------------------------------------------------


class SettingsError(StationError):
    """A setting cannot be understood; `where`, `key`, `problem`, `suggestion` (may be empty)."""

    code = "SE-001"


class ImportRefused(StationError):
    """A file of expected applications cannot be taken at all; `reason` is a word."""

    code = "IM-001"


# -- files that leave the station -----------------------------------------------------------------------------


class ExportRefused(StationError):
    """No file was written; `reason` is no_pages, unknown_item, damaged or not_archivable.

    `item` (its id) and `page` (from 1 within it) say where, `check` names the clauses that do not hold.
    """

    code = "EX-001"


# -- calibration -----------------------------------------------------------------------------------------------


class ReferenceRefused(StationError):
    """A file of reference values was not taken: `reason` is a word, `line` (from 1) is to blame."""

    code = "CA-002"


class CalibrationLocked(StationError):
    """A device may not take pictures by the state of its calibration: `device`, `state` and `reason`.

    `state` and `reason` are words of `State` and `Reason` in station.model.calibration.
    """

    code = "CA-003"


class TargetRefused(StationError):
    """A calibration target cannot be measured in this picture.

    `reason` is no_target, wrong_target (another kind or revision), upside_down, cut_off, covered or bent.
    """

    code = "CA-001"


class GlassRefused(StationError):
    """Nothing can be said of a scan of the empty glass.

    `reason` is not_empty (something lies there, or the lid is open), clipped (the lid is too light), too_small.
    """

    code = "CA-004"


# -- the station itself ----------------------------------------------------------------------------------------


class SelfTestFailed(StationError):
    """The station does not measure as it was proved to, so it takes no pictures of applicants.

    `reason` is differs (`measures` names some, `count` says how many), damaged (the golden `picture` or list of
    answers is not what it was) or fault (the test broke off).
    """

    code = "ST-002"


# -- people ---------------------------------------------------------------------------------------------------


class NotAllowed(StationError):
    """Who is at work may not do this: `right` is missing, and `roles` have it.

    `reason` is no_right, locked, nobody (is signed in) or no_second (person signed).
    """

    code = "SE-010"


class AccountRefused(StationError):
    """An account was not made or changed, and nobody was let in by it.

    `reason` is name_taken, no_name, unknown, short, long, name, same, pin_length, pin_simple, last_supervisor,
    no_role or set_up (there are accounts already).
    """

    code = "SE-011"


# -- engines that the customer plugs in -----------------------------------------------------------------------


class OfiqFault(StationError):
    """The plugged-in OFIQ did not judge a picture.

    `reason` is no_folder, no_file, changed or unreadable (`file` in OFIQ's folder), not_installed, refused or
    ended (`detail` is its own word), or silent (for `seconds`).
    """

    code = "OF-001"
