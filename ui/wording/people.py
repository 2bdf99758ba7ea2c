"""People in words: roles, and why nobody was let in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QLocale

from station.flow.events import SignInRefused
from station.model.officer import Officer, Right, Role, who_may
from ui.wording.translate import QT_TRANSLATE_NOOP, filled, number, translated

_CONTEXT = "People"

ROLES: dict[Role, tuple[str, str]] = {
    Role.OFFICER: (
        QT_TRANSLATE_NOOP("People", "Officer"),
        QT_TRANSLATE_NOOP("People", "Takes visits in hand."),
    ),
    Role.SUPERVISOR: (
        QT_TRANSLATE_NOOP("People", "Supervisor"),
        QT_TRANSLATE_NOOP("People", "Signs beside officers, keeps the accounts."),
    ),
    Role.TECHNICIAN: (
        QT_TRANSLATE_NOOP("People", "Technician"),
        QT_TRANSLATE_NOOP("People", "Calibrates, sees no applicant."),
    ),
    Role.AUDITOR: (
        QT_TRANSLATE_NOOP("People", "Auditor"),
        QT_TRANSLATE_NOOP("People", "Reads the log, sees no applicant."),
    ),
    Role.TRAINER: (
        QT_TRANSLATE_NOOP("People", "Trainer"),
        QT_TRANSLATE_NOOP("People", "Rehearses, sees no applicant."),
    ),
}
"""Each role and what it is there for."""

REFUSALS: dict[str, str] = {
    "wrong": QT_TRANSLATE_NOOP("People", "Name and password do not belong together."),
    "wait": QT_TRANSLATE_NOOP("People", "Too many wrong passwords. The next one is taken in {wait}."),
    "locked_out": QT_TRANSLATE_NOOP(
        "People", "Too many wrong passwords. Wait {wait}, or ask a supervisor for a new password."
    ),
    "disabled": QT_TRANSLATE_NOOP("People", "This account is closed. Ask a supervisor."),
    "new_password": QT_TRANSLATE_NOOP(
        "People", "This password was given to you for once. Choose one of your own now."
    ),
    "short": QT_TRANSLATE_NOOP("People", "The new password is shorter than 12 characters or 4 words."),
    "long": QT_TRANSLATE_NOOP("People", "The new password is longer than 256 characters."),
    "name": QT_TRANSLATE_NOOP(
        "People", "The new password is little more than the name, or than a few signs again and again."
    ),
    "same": QT_TRANSLATE_NOOP("People", "The new password is the old one."),
    "pin_wrong": QT_TRANSLATE_NOOP("People", "This is not the PIN."),
    "pin_spent": QT_TRANSLATE_NOOP("People", "Three wrong PINs. Use the password."),
    "pin_closed": QT_TRANSLATE_NOOP("People", "The PIN does not open this any more. Use the password."),
    "visit_waits": QT_TRANSLATE_NOOP(
        "People", "A visit waits here. An officer or a supervisor signs in first and puts it aside."
    ),
    "no_right": QT_TRANSLATE_NOOP("People", "This account may not sign this. Who may: {roles}."),
    "same_person": QT_TRANSLATE_NOOP("People", "The second person must be another one."),
}
"""Why nobody was let in; `{wait}` is a time."""


@dataclass(frozen=True, slots=True)
class SecondWords:
    """How a second person is asked: title, what is signed, and the names of the fields.

    `saw` is "" where the reason was given before. `told` has the facts of `SecondPerson` in braces.
    """

    title: str
    told: str
    name: str
    password: str
    saw: str = ""

    def filled(self, facts: Mapping[str, object]) -> "SecondWords":
        """Return the words in the officer's language, with the facts in them."""
        told = {
            name: number(value) if isinstance(value, float | int) else value for name, value in facts.items()
        }
        words = (self.title, self.told, self.name, self.password, self.saw)
        return SecondWords(*(filled(_CONTEXT, text, told) if text else "" for text in words))


_SUPERVISOR = (
    QT_TRANSLATE_NOOP("People", "Name of the supervisor"),
    QT_TRANSLATE_NOOP("People", "Password of the supervisor"),
)

SECOND: dict[Right, SecondWords] = {
    Right.SECOND_PERSON: SecondWords(
        QT_TRANSLATE_NOOP("People", "A second person signs"),
        QT_TRANSLATE_NOOP("People", "A supervisor looks at the picture and signs here. You stay signed in."),
        *_SUPERVISOR,
        QT_TRANSLATE_NOOP("People", "What the supervisor saw"),
    ),
    Right.OPEN_LOCKED: SecondWords(
        QT_TRANSLATE_NOOP("People", "A supervisor signs"),
        QT_TRANSLATE_NOOP(
            "People",
            "A supervisor signs here that the device may be used for a time. You stay signed in.\n\n"
            "Device: {device}\nHours: {hours}\nReason: {reason}",
        ),
        *_SUPERVISOR,
    ),
    Right.RELEASE: SecondWords(
        QT_TRANSLATE_NOOP("People", "A technician signs"),
        QT_TRANSLATE_NOOP(
            "People",
            "A technician signs here that the device is mended. You stay signed in.\n\n"
            "Device: {device}\nCause: {cause}\nDone: {action}",
        ),
        QT_TRANSLATE_NOOP("People", "Name of the technician"),
        QT_TRANSLATE_NOOP("People", "Password of the technician"),
    ),
}
"""What each right signs as the second person."""


def role(of: Role) -> str:
    """Return the name of a role."""
    return translated(_CONTEXT, ROLES[of][0])


def about(of: Role) -> str:
    """Return what a role is there for."""
    return translated(_CONTEXT, ROLES[of][1])


def roles(of: Iterable[Role]) -> str:
    """Return the names of several roles in one line."""
    wanted = set(of)
    return ", ".join(role(one) for one in Role if one in wanted)


def refusal(event: SignInRefused) -> str:
    """Say why nobody was let in, and how long to wait."""
    facts = {"wait": _wait(event.seconds), "roles": roles(event.roles)}
    said = filled(_CONTEXT, REFUSALS[event.reason], facts)
    if event.reason == "wrong" and event.seconds:
        more = translated(_CONTEXT, QT_TRANSLATE_NOOP("People", "The next one is taken in {wait}."))
        said = f"{said} {more.format(wait=_wait(event.seconds))}"
    return said


def signed_by(officer: Officer, right: Right) -> str:
    """Say whose name will stand under what needs this right: of who is at work, or of a second person."""
    if right in officer.rights:
        text = translated(_CONTEXT, QT_TRANSLATE_NOOP("People", "It is signed in your name: {name}."))
        return text.format(name=officer.name)
    text = translated(_CONTEXT, QT_TRANSLATE_NOOP("People", "A second person signs it next: {roles}."))
    return text.format(roles=roles(who_may(right)))


def with_roles(facts: Mapping[str, object]) -> Mapping[str, object]:
    """Return the facts of `NotAllowed` with its roles in words."""
    named = facts.get("roles")
    if not isinstance(named, tuple):
        return facts
    return {**facts, "roles": roles(map(Role, named))}


def _wait(seconds: int) -> str:
    if seconds > _MINUTE_S:
        minutes = QLocale().toString(-(-seconds // _MINUTE_S))
        return translated(_CONTEXT, QT_TRANSLATE_NOOP("People", "{minutes} minutes")).format(minutes=minutes)
    text = translated(_CONTEXT, QT_TRANSLATE_NOOP("People", "{seconds} seconds"))
    return text.format(seconds=QLocale().toString(seconds))


_MINUTE_S = 60
