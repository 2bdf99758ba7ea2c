"""Who works at a station, and what each role may do."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final


class Role(StrEnum):
    """What somebody is at the centre; one person may be several."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"
    TRAINER = "trainer"


class Right(StrEnum):
    """What a command of the station may ask for."""

    WORK = "work"
    """Be signed in: see the devices, cancel what runs, change the own password."""
    VISIT = "visit"
    """See applicants and take their visits in hand."""
    OVERRIDE = "override"
    """Keep a picture against its measures."""
    SECOND_PERSON = "second_person"
    """Sign beside an officer where four eyes are asked for."""
    CALIBRATE = "calibrate"
    OPEN_LOCKED = "open_locked"
    """Let a device be used for a time although its calibration does not stand."""
    RELEASE = "release"
    """Let a device be calibrated again after its cause of failure was mended."""
    SETTINGS = "settings"
    AUDIT = "audit"
    """Read the log of all acts and write it to a file."""
    ACCOUNTS = "accounts"
    REHEARSE = "rehearse"
    """Do on a station that rehearses whatever a visit needs."""


_VISIT: Final = {Right.VISIT, Right.OVERRIDE, Right.CALIBRATE}

RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.OFFICER: frozenset({Right.WORK, Right.REHEARSE, *_VISIT}),
    Role.SUPERVISOR: frozenset(
        {
            Right.WORK, Right.REHEARSE, *_VISIT, Right.SECOND_PERSON, Right.OPEN_LOCKED, Right.SETTINGS,
            Right.AUDIT, Right.ACCOUNTS,
        }
    ),
    Role.TECHNICIAN: frozenset({Right.WORK, Right.CALIBRATE, Right.RELEASE, Right.SETTINGS}),
    Role.AUDITOR: frozenset({Right.WORK, Right.AUDIT}),
    Role.TRAINER: frozenset({Right.WORK, Right.REHEARSE}),
}  # fmt: skip
"""What each role may do. A technician, an auditor and a trainer see no applicant."""

NAME_LENGTH: Final = 80
SECRET_LENGTH: Final = 256
"""The longest password, in characters."""

LEAST_CHARACTERS: Final = 12
LEAST_WORDS: Final = 4
LEAST_PIN, MOST_PIN = 4, 8
"""How many digits a PIN has; NIST SP 800-63B, 3.1.1 asks for no rules but length, of a password too."""


@dataclass(frozen=True, slots=True)
class Officer:
    """An account. `one_time`: the password was given by a supervisor and is to be replaced at the sign-in.

    `waits_until` is when the next attempt to sign in is taken, None when at once.
    """

    id: str
    name: str = field(repr=False)
    roles: frozenset[Role]
    enabled: bool = True
    one_time: bool = False
    has_pin: bool = False
    failures: int = 0
    waits_until: datetime | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """All that this person may do."""
        return rights_of(self.roles)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that is to be made."""

    name: str = field(repr=False)
    password: str = field(repr=False)
    roles: frozenset[Role]


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return what these roles may do together."""
    return frozenset[Right]().union(*(RIGHTS[role] for role in roles))


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed something: by name, where people sign in also by account.

    `asked_by` is the account of who was at work and had somebody else sign, "" when who was at work did.
    """

    name: str
    account: str = ""
    asked_by: str = ""


def who_may(right: Right) -> tuple[Role, ...]:
    """Return the roles that have this right, in their order."""
    return tuple(role for role in Role if right in RIGHTS[role])


def as_typed(secret: str) -> str:
    """Return a password as it is hashed: the same characters of another keyboard are the same (RFC 8265)."""
    return unicodedata.normalize("NFC", secret)


def flaw_of_password(password: str, name: str) -> str:
    """Return what is wrong with a password, "" when it does: short, long or name.

    12 characters do, and so do 4 different words of 2 letters or more.
    """
    words = {word.casefold() for word in password.split() if len(word) > 1}
    if len(as_typed(password).strip()) < LEAST_CHARACTERS and len(words) < LEAST_WORDS:
        return "short"
    if len(password) > SECRET_LENGTH:
        return "long"
    rest = password.casefold()
    for word in (name.casefold(), *name.casefold().split()):
        rest = rest.replace(word, "")
    return "" if len(set(rest)) > LEAST_PIN else "name"


def flaw_of_pin(pin: str) -> str:
    """Return what is wrong with a PIN, "" when it does: pin_length, or pin_simple (1111, 1234, 9876)."""
    if not (pin.isascii() and pin.isdecimal() and LEAST_PIN <= len(pin) <= MOST_PIN):
        return "pin_length"
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return "pin_simple" if steps in ({0}, {1}, {-1}) else ""
