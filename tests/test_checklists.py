"""Checklists: the shipped ones are honest about their source, and a slip of the hand is named."""

from pathlib import Path

import pytest

from station.errors import SettingsError
from station.flow.checklists import CATEGORIES, load_checklists
from station.model.checklist import Item

SHIPPED = Path(__file__).parent.parent / "resources" / "checklists"

GOOD = """
category = "study"
title = "Study permit"
edition = "2026-11"
source = "The centre"
unverified = false
[[items]]
id = "consent"
title = "Consent form"
[[items]]
id = "translations"
title = "Translations"
mandatory = false
"""


def write(folder: Path, text: str, name: str = "study.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_each_category_has_a_short_list_that_calls_itself_unverified() -> None:
    checklists = load_checklists(SHIPPED)
    assert set(checklists) == set(CATEGORIES)
    for category, checklist in checklists.items():
        assert checklist.category == category
        assert checklist.unverified and checklist.edition and checklist.source
        assert 5 <= len(checklist.items) <= 8
        assert any(item.mandatory for item in checklist.items)


def test_a_list_holds_what_its_file_says_in_its_order(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    checklist = load_checklists(tmp_path)["study"]
    assert checklist.items == (
        Item("consent", "Consent form", True),
        Item("translations", "Translations", False),
    )
    assert not checklist.unverified


@pytest.mark.parametrize(
    ("change", "key", "problem", "suggestion"),
    [
        (('"study"', '"studies"'), "category", "wrong_value", "study"),
        (("edition", "editions"), "editions", "unknown_key", "edition"),
        (("mandatory", "mandatroy"), "items.2.mandatroy", "unknown_key", "mandatory"),
        (('"translations"', '"consent"'), "items.2.id", "duplicate", ""),
        (('id = "consent"', ""), "items.1.id", "missing", ""),
        (("mandatory = false", 'mandatory = "no"'), "items.2.mandatory", "wrong_type", ""),
        (("[[items]]", "[[item]]"), "item", "unknown_key", "items"),
        (('source = "The centre"', ""), "source", "missing", ""),
        (("unverified = false", "unverified = 0"), "unverified", "wrong_type", ""),
    ],
)
def test_a_slip_is_named_with_what_was_probably_meant(
    tmp_path: Path, change: tuple[str, str], key: str, problem: str, suggestion: str
) -> None:
    old, new = change
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(SettingsError) as caught:
        load_checklists(tmp_path)
    assert caught.value.context == {
        "where": "study.toml",
        "key": key,
        "problem": problem,
        "suggestion": suggestion,
    }


def test_a_list_that_does_not_say_so_counts_as_unverified(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("unverified = false", ""))
    assert load_checklists(tmp_path)["study"].unverified


def test_a_category_in_two_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "a.toml")
    write(tmp_path, GOOD, "b.toml")
    with pytest.raises(SettingsError, match=r"where=b\.toml, key=category, problem=duplicate"):
        load_checklists(tmp_path)
