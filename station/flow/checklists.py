"""The checklists of the centre, one TOML file for each category; the site replaces them by its own."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from station.model.checklist import Checklist, Item
from station.toml_file import Table, files_of, meant, read_table

CATEGORIES = ("visitor", "study", "work")
"""The categories of application that the station knows."""


def load_checklists(folder: Path) -> Mapping[str, Checklist]:
    """Read all checklists of a folder by category.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing, wrong_type, wrong_value, unknown_key,
            duplicate (an item's id in one list, or a category in two files).
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
    table.only("category", "title", "edition", "source", "unverified", "items")
    category = table.text("category")
    if category not in CATEGORIES:
        raise table.refusal("category", "wrong_value", meant(category, CATEGORIES))
    items: dict[str, Item] = {}
    for entry in table.tables("items"):
        item = _item(entry)
        if item.id in items:
            raise entry.refusal("id", "duplicate")
        items[item.id] = item
    if not items:
        raise table.refusal("items", "missing")
    return Checklist(
        category=category,
        title=table.text("title"),
        items=tuple(items.values()),
        edition=table.text("edition"),
        source=table.text("source"),
        unverified=table.flag("unverified", default=True),
    )


def _item(table: Table) -> Item:
    table.only("id", "title", "mandatory")
    return Item(table.text("id"), table.text("title"), table.flag("mandatory", default=True))
