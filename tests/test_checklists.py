"""Checklists: the shipped ones are honest about their source, and a slip of the hand is named."""

import re
from pathlib import Path

import pytest

from station.errors import SettingsError
from station.flow import checklists as module
from station.flow.checklists import CATEGORIES, load_checklists
from station.model.checklist import Checklist, Item, Question
from ui.wording.errors import WORDINGS

SHIPPED = Path(__file__).parent.parent / "resources" / "checklists"

GOOD = """
category = "study"
title = "Study permit"
edition = "2026-11"
source = "The centre"
unverified = false
[[questions]]
id = "foreign"
text = "Is a document in another language?"
[[questions]]
id = "minor"
text = "Does a minor travel alone?"
age_from = 1
age_below = 18
only_when_suggested = true
[[items]]
id = "consent"
title = "Consent form"
[[items]]
id = "waiver"
title = "Waiver form"
waiver = true
[[items]]
id = "custody"
title = "Custody papers"
when = "minor"
scan = "certificate"
[[items]]
id = "translations"
title = "Translations"
mandatory = false
when = "foreign"
pages_min = 2
"""

ADVICE = re.compile(r"\b(eligib|approv|refus|guarant|chance|recommend|admissib|garanti|éligib)", re.I)
"""What a centre does not say of an application, in English and French."""


@pytest.fixture(scope="module")
def shipped() -> dict[str, Checklist]:
    return dict(load_checklists(SHIPPED))


def write(folder: Path, text: str, name: str = "study.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_each_category_has_a_list_that_calls_itself_unverified(shipped: dict[str, Checklist]) -> None:
    assert set(shipped) == set(CATEGORIES)
    for category, checklist in shipped.items():
        assert checklist.category == category
        assert checklist.unverified and checklist.edition and checklist.source


def test_no_shipped_list_gives_advice(shipped: dict[str, Checklist]) -> None:
    for checklist in shipped.values():
        texts = [checklist.title, *(i.title for i in checklist.items), *(q.text for q in checklist.questions)]
        assert not [text for text in texts if ADVICE.search(text)]


def test_every_shipped_condition_is_a_question(shipped: dict[str, Checklist]) -> None:
    for checklist in shipped.values():
        assert all(
            question.text.endswith(("?", ".")) and "?" in question.text for question in checklist.questions
        )
        assert len({question.text for question in checklist.questions}) == len(checklist.questions)


def test_an_adult_whose_papers_are_plain_answers_no_question(shipped: dict[str, Checklist]) -> None:
    for checklist in shipped.values():
        asked = {question.id: question for question in checklist.questions}
        must = [asked[item.when] for item in checklist.items if item.when and item.mandatory]
        assert all(question.only_when_suggested and question.age_below for question in must)
        assert sum(item.waiver for item in checklist.items) == 1


def test_a_list_holds_what_its_file_says_in_its_order(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    checklist = load_checklists(tmp_path)["study"]
    assert checklist.items == (
        Item("consent", "Consent form", mandatory=True),
        Item("waiver", "Waiver form", mandatory=False, waiver=True),
        Item("custody", "Custody papers", mandatory=True, when="minor", scan="certificate"),
        Item("translations", "Translations", mandatory=False, when="foreign", pages_min=2),
    )
    assert checklist.questions == (
        Question("foreign", "Is a document in another language?"),
        Question("minor", "Does a minor travel alone?", 1, 18, only_when_suggested=True),
    )
    assert not checklist.unverified


@pytest.mark.parametrize(
    ("change", "key", "problem", "suggestion"),
    [
        (('"study"', '"studies"'), "category", "wrong_value", "study"),
        (("edition", "editions"), "editions", "unknown_key", "edition"),
        (("mandatory", "mandatroy"), "items.4.mandatroy", "unknown_key", "mandatory"),
        (("pages_min", "page_min"), "items.4.page_min", "unknown_key", "pages_min"),
        (("age_below", "age_bellow"), "questions.2.age_bellow", "unknown_key", "age_below"),
        (('"translations"', '"consent"'), "items.4.id", "duplicate", ""),
        (('id = "foreign"', 'id = "minor"'), "questions.2.id", "duplicate", ""),
        (('id = "consent"', ""), "items.1.id", "missing", ""),
        (('text = "Does a minor travel alone?"', ""), "questions.2.text", "missing", ""),
        (("mandatory = false", 'mandatory = "no"'), "items.4.mandatory", "wrong_type", ""),
        (("[[items]]", "[[item]]"), "item", "unknown_key", "items"),
        (('source = "The centre"', ""), "source", "missing", ""),
        (("unverified = false", "unverified = 0"), "unverified", "wrong_type", ""),
        (('when = "minor"', 'when = "minors"'), "items.3.when", "unknown_name", "minor"),
        (('when = "minor"', 'when = "xyz"'), "items.3.when", "unknown_name", "foreign, minor"),
        (('when = "minor"', ""), "questions.2.id", "unused", ""),
        (("pages_min = 2", "pages_min = 0"), "items.4.pages_min", "wrong_value", ">= 1"),
        (("pages_min = 2", "pages_min = true"), "items.4.pages_min", "wrong_type", ""),
        (("pages_min = 2", "pages_min = 1.5"), "items.4.pages_min", "wrong_type", ""),
        (('scan = "certificate"', 'scan = ""'), "items.3.scan", "missing", ""),
        (("age_below = 18", "age_below = 1"), "questions.2.age_below", "wrong_order", ""),
        (("age_from = 1", "age_from = -1"), "questions.2.age_from", "wrong_value", ">= 0"),
        (
            ("age_from = 1\nage_below = 18\n", ""),
            "questions.2.only_when_suggested", "without_age", "",
        ),
        (
            ('title = "Consent form"', 'title = "Consent form"\nwaiver = true'),
            "items.2.waiver", "second_waiver", "",
        ),
        (("waiver = true", "waiver = true\nmandatory = true"), "items.2.mandatory", "not_with_waiver", ""),
        (("waiver = true", 'waiver = true\nwhen = "minor"'), "items.2.when", "not_with_waiver", ""),
    ],
)  # fmt: skip
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


def test_every_problem_of_a_list_has_words_of_its_own() -> None:
    text = Path(module.__file__).read_text("utf-8")
    given = set(re.findall(r'refusal\([^,]+, "(\w+)"', text))
    assert {"second_waiver", "unused", "unknown_name"} <= given <= set(WORDINGS[SettingsError].whys)


def test_a_list_that_does_not_say_so_counts_as_unverified(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("unverified = false", ""))
    assert load_checklists(tmp_path)["study"].unverified


def test_a_category_in_two_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "a.toml")
    write(tmp_path, GOOD, "b.toml")
    with pytest.raises(SettingsError, match=r"where=b\.toml, key=category, problem=duplicate"):
        load_checklists(tmp_path)
