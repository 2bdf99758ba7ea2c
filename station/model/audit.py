"""What the audit tells: words for acts that are no visit's, and when the log is anchored."""

from enum import StrEnum


class Told(StrEnum):
    """What is told beside the acts of visits (`ActKind`), in the audit's column `act`."""

    BEGAN = "began"
    """The first entry of a station; `after` is the digest of the mark that the migration left."""
    RECORD_CHANGED = "record_changed"
    """A record was added (`before` ""), changed, or deleted (`after` "")."""
    CALIBRATED = "calibrated"
    """Of this and the next two `record` is a device's id, `before` the digest of its last one before."""
    LEAVE_GIVEN = "leave_given"
    RELEASED = "released"
    SIGNED_IN = "signed_in"
    """By password; also to return, and to take the work of another over."""
    RETURNED = "returned"
    """By PIN."""
    SIGN_IN_REFUSED = "sign_in_refused"
    """A wrong password or PIN for this account."""
    LOCKED = "locked"
    SIGNED_OUT = "signed_out"
    SECOND_SIGNED = "second_signed"
    """`officer` signed beside who was at work."""
    SECOND_ASKED = "second_asked"
    """`officer` was at work and had somebody else sign what follows for the device that `record` names."""
    ACCOUNT_MADE = "account_made"
    """From here on `record` is an account's id, `before` and `after` digests of its roles and state."""
    ACCOUNT_CHANGED = "account_changed"
    PASSWORD_GIVEN = "password_given"
    PIN_GIVEN = "pin_given"
    KEY_ROTATED = "key_rotated"
    """`before` and `after` are the ids of the station keys."""
    KEY_KEPT = "key_kept"
    """A station key (`record`) is kept otherwise; `before` and `after` say how."""
    KEY_RESTORED = "key_restored"
    """A station key (`record`) was taken back from a recovery sheet; `after` says how it is kept."""


class AnchorReason(StrEnum):
    """Why the head of a station's log was signed and written down outside the database."""

    SIGN_OUT = "sign_out"
    DAY_END = "day_end"
    COUNT = "count"
