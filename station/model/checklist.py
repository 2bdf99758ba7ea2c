"""What a category of application brings, and what satisfies each item."""

from dataclasses import dataclass
from enum import StrEnum


class ItemState(StrEnum):
    """How far an item has come.

    UNDECIDED: it hangs on a question that nobody answered yet; NOT_NEEDED: the answer was no, or nothing is
    missing for which a waiver must be signed; TOO_FEW: it has pages, but fewer than the list asks for.
    """

    MISSING = "missing"
    PRESENT = "present"
    ATTENTION = "attention"
    NOT_BROUGHT = "not_brought"
    UNDECIDED = "undecided"
    NOT_NEEDED = "not_needed"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Question:
    """A condition as a question to the officer; the record may suggest an answer, it never gives one.

    The suggestion is yes when the applicant's age in full years is at least `age_from` and below `age_below`
    (None = open); with neither nothing is suggested. `only_when_suggested`: it is not asked where the record's
    age says no, because an age is a fact and no judgement; unknown ages are asked.
    """

    id: str
    text: str
    age_from: int | None = None
    age_below: int | None = None
    only_when_suggested: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist: `id` is stable, `title` is the list's own English text.

    `when` names the question that must be answered yes for the item to count, "" when it always does. Answered
    yes, the item is needed; `mandatory` then tells whether the question must be answered at all.
    `scan` names the scan profile. `waiver` marks the form that the applicant signs when something needed was
    not brought; it is needed only then, and never `mandatory`. `pages_min` is how many pages it has at least.
    """

    id: str
    title: str
    mandatory: bool = True
    when: str = ""
    scan: str = "form"
    waiver: bool = False
    pages_min: int = 1


@dataclass(frozen=True, slots=True)
class Checklist:
    """The list of one category. `unverified` lists say so on the screen."""

    category: str
    title: str
    items: tuple[Item, ...]
    edition: str = ""
    source: str = ""
    unverified: bool = True
    questions: tuple[Question, ...] = ()
