"""What a category of application brings, and what satisfies each item."""

from dataclasses import dataclass
from enum import StrEnum


class ItemState(StrEnum):
    """How far an item has come."""

    MISSING = "missing"
    PRESENT = "present"
    ATTENTION = "attention"
    NOT_BROUGHT = "not_brought"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist: `id` is stable, `title` is the list's own English text."""

    id: str
    title: str
    mandatory: bool = True


@dataclass(frozen=True, slots=True)
class Checklist:
    """The list of one category. `unverified` lists say so on the screen."""

    category: str
    title: str
    items: tuple[Item, ...]
    edition: str = ""
    source: str = ""
    unverified: bool = True
