"""The checklists of the centre, one TOML file for each category; the site replaces them by its own."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from station.model.checklist import Checklist, Item, Question
from station.toml_file import Table, files_of, meant, read_table

CATEGORIES = ("visitor", "study", "work")
"""The categories of application that the station knows."""

_V = TypeVar("_V", Item, Question)


def load_checklists(folder: Path) -> Mapping[str, Checklist]:
    """Read all checklists of a folder by category.

    Whether the scan profiles that they name exist is proved by `scan_profiles.prove`.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing, wrong_type, wrong_value, unknown_key,
            duplicate (an id of an item or a question in one list, or a category in two files), unknown_name (no
            such question), unused (a question on which nothing hangs), wrong_order (ages), without_age (nothing
            can be suggested), second_waiver, not_with_waiver (a waiver form has no condition of its own).
    """
    checklists: dict[str, Checklist] = {}
    for path in files_of(folder):
        table = read_table(path)
        checklist = _checklist(table)
        if checklist.category in checklists:
            raise table.refusal("category", "duplicate")
        checklists[checklist.category] = checklist
    return MappingProxyType(checklists)


def _checklist(table: Table) -> Checklist:
    table.only("category", "title", "edition", "source", "unverified", "questions", "items")
    category = table.text("category")
    if category not in CATEGORIES:
        raise table.refusal("category", "wrong_value", meant(category, CATEGORIES) or ", ".join(CATEGORIES))
    asked = list(table.tables("questions")) if "questions" in table.values else []
    listed = list(table.tables("items"))
    if not listed:
        raise table.refusal("items", "missing")
    questions, items = _by_id(asked, _question), _by_id(listed, _item)
    for entry, item in zip(listed, items.values(), strict=True):
        if item.when and item.when not in questions:
            raise entry.refusal("when", "unknown_name", meant(item.when, questions) or ", ".join(questions))
    for entry, question in zip(asked, questions.values(), strict=True):
        if all(item.when != question.id for item in items.values()):
            raise entry.refusal("id", "unused")
    for entry in [entry for entry, item in zip(listed, items.values(), strict=True) if item.waiver][1:]:
        raise entry.refusal("waiver", "second_waiver")
    return Checklist(
        category=category,
        title=table.text("title"),
        items=tuple(items.values()),
        edition=table.text("edition"),
        source=table.text("source"),
        unverified=table.flag("unverified", default=True),
        questions=tuple(questions.values()),
    )


def _by_id(entries: Iterable[Table], read: Callable[[Table], _V]) -> dict[str, _V]:
    found: dict[str, _V] = {}
    for entry in entries:
        value = read(entry)
        if value.id in found:
            raise entry.refusal("id", "duplicate")
        found[value.id] = value
    return found


def _question(table: Table) -> Question:
    table.only("id", "text", "age_from", "age_below", "only_when_suggested")
    age_from, age_below = table.whole("age_from"), table.whole("age_below", least=1)
    if age_from is not None and age_below is not None and age_from >= age_below:
        raise table.refusal("age_below", "wrong_order")
    only_when_suggested = table.flag("only_when_suggested", default=False)
    if only_when_suggested and age_from is None and age_below is None:
        raise table.refusal("only_when_suggested", "without_age")
    return Question(table.text("id"), table.text("text"), age_from, age_below, only_when_suggested)


def _item(table: Table) -> Item:
    table.only("id", "title", "mandatory", "when", "scan", "waiver", "pages_min")
    waiver = table.flag("waiver", default=False)
    for key in ("mandatory", "when"):
        if waiver and key in table.values:
            raise table.refusal(key, "not_with_waiver")
    plain = Item(table.text("id"), table.text("title"))
    pages_min = table.whole("pages_min", least=1)
    return Item(
        id=plain.id,
        title=plain.title,
        mandatory=table.flag("mandatory", default=not waiver),
        when=table.text("when") if "when" in table.values else plain.when,
        scan=table.text("scan") if "scan" in table.values else plain.scan,
        waiver=waiver,
        pages_min=plain.pages_min if pages_min is None else pages_min,
    )
