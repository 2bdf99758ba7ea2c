"""Words: everything that can happen has some, and they are the right kind of words."""

import ast
import re
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from station import errors
from station.errors import StationError
from station.flow import confirming, expected
from station.flow.confirming import NextAction
from station.flow.events import Job, Notice, RefusedLine
from station.flow.views import DeviceState, OpenPoint, PointKind, StepState
from station.model import overrides
from station.model.capability import ColourMode, DeviceKind, Source
from station.model.checklist import ItemState
from station.model.document import Agreement, MrzRemark, MrzStatus, PartialDate
from station.model.quality import Finding, Limit, Status, Verdict
from station.model.record import AttachmentKind, Override, RecordState
from station.model.visit import Step
from station.quality import catalogue
from station.reading import crosscheck, mrz_remarks
from ui import theme
from ui.wording import measures, names, remarks, rules
from ui.wording import translate as words
from ui.wording.errors import WORDINGS, word, word_code

ROOT = Path(__file__).resolve().parents[1]


def family(kind: type[StationError]) -> Iterator[type[StationError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from family(child)


ALL_ERRORS = tuple(family(StationError))


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize("kind", ALL_ERRORS, ids=lambda kind: kind.__name__)
def test_every_failure_says_what_happened_and_what_to_do(kind: type[StationError]):
    assert kind in WORDINGS
    message = word(kind())
    assert message.what.endswith(".")
    assert message.do.endswith(".")
    assert message.code == kind.code
    assert not braces(message.text)


@pytest.mark.parametrize("kind", ALL_ERRORS, ids=lambda kind: kind.__name__)
def test_a_wording_names_only_facts_that_its_class_promises(kind: type[StationError]):
    wording = WORDINGS[kind]
    assert not braces(wording.what + wording.why + wording.do)
    assert braces(wording.detail) <= set(re.findall(r"`?(\w+)`?", kind.__doc__ or ""))


def test_facts_are_filled_in_only_when_all_are_known():
    assert word(errors.PaperJam(kept=2)).detail == "Pages that are already safe: 2."
    assert word(errors.PaperJam()).detail == ""
    assert word(errors.PageTruncated(rows=90)).detail == ""
    assert "90 of 100" in word(errors.PageTruncated(rows=90, expected=100)).detail


def test_the_reason_chooses_the_sentence():
    assert word(errors.AttachmentRefused(record="r", reason="sealed")).why == "The visit is sealed."
    assert word(errors.PictureError(reason="truncated")).why == "Its end is missing."
    assert word(errors.NotComplete(missing=("match_reason",))).why != word(errors.NotComplete()).why


def test_every_reason_that_the_program_gives_has_its_sentence():
    asked = {"AttachmentRefused": set(), "PictureError": set(), "ImportRefused": set()}
    for path in (ROOT / "station").rglob("*.py"):
        for kind, reason in re.findall(r"(\w+)\([^()]*reason=\"(\w+)\"", path.read_text("utf-8")):
            asked.setdefault(kind, set()).add(reason)
    for kind in ("AttachmentRefused", "ImportRefused"):
        assert asked[kind] <= set(WORDINGS[getattr(errors, kind)].whys), kind


def test_a_bare_code_of_a_device_chip_has_words():
    assert word_code("DV-003").what == word(errors.DeviceOffline()).what
    assert word_code("XX-999").code == "XX-999"


def test_codes_are_unique():
    codes = [kind.code for kind in ALL_ERRORS]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    "kind",
    [Step, RecordState, AttachmentKind, DeviceKind, Source, ColourMode, Override, Job],
    ids=lambda kind: kind.__name__,
)
def test_every_name_is_worded(kind):
    assert all(names.name(member) for member in kind)


@pytest.mark.parametrize(
    "kind",
    [Status, Verdict, StepState, ItemState, PointKind, DeviceState, Agreement, MrzStatus],
    ids=lambda kind: kind.__name__,
)
def test_every_state_has_icon_word_and_tone(kind):
    for member in kind:
        mark = names.mark(member)
        assert (theme.RESOURCES / "icons" / f"{mark.icon}.svg").is_file(), mark.icon
        assert mark.word
        assert hasattr(theme.LIGHT, mark.tone)


def test_states_of_one_kind_are_told_apart_without_colour():
    for kind in (Status, StepState, ItemState, DeviceState):
        assert len({names.mark(member).word for member in kind}) == len(kind)
    assert names.mark(ItemState.MISSING).tone != names.mark(PointKind.MISSING).tone


def test_every_measure_is_worded():
    asked = {*catalogue.PAGE, *catalogue.PORTRAIT}
    assert asked <= set(measures.MEASURES)


@pytest.mark.parametrize("measure", sorted(measures.MEASURES))
def test_a_measure_beyond_its_limit_says_what_to_do(measure: str):
    words_of = measures.MEASURES[measure]
    assert words_of.low or words_of.high
    sentences = [text for text in (words_of.low, words_of.high) if text]
    assert all(text.endswith(".") for text in sentences)


def test_the_failing_direction_chooses_the_instruction():
    limit = Limit(low=20, high=80)
    low = Finding("background_lightness", Status.FAIL, 10.0, "L*", limit=limit)
    high = Finding("background_lightness", Status.FAIL, 90.0, "L*", limit=limit)
    assert "dark" in measures.instruction(low)
    assert "bright" in measures.instruction(high)
    assert measures.limit(low) == "Limit: 20 L* to 80 L*"


def test_a_finding_shows_value_limit_and_correction():
    finding = Finding("clipped_highlights", Status.FAIL, 3.14, "%", limit=Limit(high=0.5))
    assert measures.value(finding) == "3.1 %"
    assert measures.limit(finding) == "Limit: at most 0.5 %"
    assert "Close the lid" in measures.instruction(finding)


def test_every_reason_for_not_assessing_is_worded():
    given: set[str] = set()
    for path in (ROOT / "station" / "quality").rglob("*.py"):
        given |= set(re.findall(r'Unmeasured\("(\w+)"\)', path.read_text("utf-8")))
    assert given
    assert given <= set(measures.REASONS)


def test_every_remark_on_a_zone_is_worded():
    assert set(mrz_remarks.REMARKS) == set(remarks.MRZ_REMARKS)
    assert remarks.mrz_remark(MrzRemark("check_failed", "birth_date")).startswith("Date of birth: ")


NEVER = re.compile(
    r"\b(eligib\w*|approv\w*|refus\w*|guarantee\w*|chance\w*|recommend\w*|errors?|invalid|illegal|fatal)\b",
    re.I,
)
"""What a visa application centre does not say, and what no one is to be told by a machine."""


@pytest.mark.parametrize("code", [*crosscheck.RULES, *rules.AGREED])
def test_every_rule_of_the_cross_check_says_what_is_so_and_what_to_do(code: str):
    worded = (rules.RULES | rules.AGREED)[code]
    for sentence in (worded.says, worded.do):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not braces(sentence)
        assert not NEVER.search(sentence)
    assert worded.says != worded.do
    assert worded.text == f"{worded.says} {worded.do}"


def test_every_rule_is_worded_once_and_no_other():
    assert list(rules.RULES) == list(crosscheck.RULES)
    assert rules.rule("").text == ""
    assert rules.rule("century").says == rules.RULES["century"].says


def test_the_next_action_names_its_field():
    worded = rules.next_action(NextAction("one_character", "surname"))
    assert (worded.says, worded.do) == ("Surname: One character differs.", rules.rule("one_character").do)
    assert rules.next_action(NextAction("by_eye")) == rules.AGREED["by_eye"]


def test_every_reason_for_confirming_is_worded():
    assert set(confirming.REASONS) <= set(remarks.OFFICER_REASONS)


def test_every_problem_of_a_list_is_worded():
    assert set(expected.PROBLEMS) == set(remarks.PROBLEMS)
    line = RefusedLine(7, "birth_date", "bad_date")
    assert remarks.problem(line).startswith("Line 7, Date of birth: a date is written")


def test_every_column_of_a_list_has_a_name():
    assert set(expected.COLUMNS) <= set(names._FIELDS)


def test_every_notice_and_open_point_is_worded():
    said: dict[str, set[str]] = {"Notice": set(), "OpenPoint": set()}
    for path in (ROOT / "station" / "flow").rglob("*.py"):
        text = path.read_text("utf-8")
        for call in re.findall(r"(?<!class )\bNotice\(([^)]*)\)", text):
            said["Notice"] |= set(re.findall(r'"(\w+)"', call.partition("{")[0]))
        said["OpenPoint"] |= set(re.findall(r'OpenPoint\(PointKind\.\w+, "(\w+)"', text))
    text = (ROOT / "station" / "flow" / "completeness.py").read_text("utf-8")
    kinds = r'"(\w+_(?:missing|matched|person|required|brought|overridden|limit|corrected|compared|open|few))"'
    said["OpenPoint"] |= set(re.findall(kinds, text))
    assert said["Notice"]
    assert said["Notice"] <= set(remarks.NOTICES)
    assert said["OpenPoint"] <= set(remarks.POINTS)
    assert remarks.notice(Notice("no_such_record")).do


def test_an_open_point_names_kind_and_reason():
    facts: dict[str, object] = {"kind": "passport_page", "page": 1, "reason": "original_is_so"}
    point = OpenPoint(PointKind.OVERRIDDEN, "picture_overridden", Step.IDENTIFY, False, facts)
    assert remarks.open_point(point) == "Passport page, kept with a reason: The original itself looks so."


def test_only_documents_have_several_pages():
    facts: dict[str, object] = {"kind": "document", "page": 3}
    point = OpenPoint(PointKind.ATTENTION, "picture_below_limit", Step.DOCUMENTS, True, facts)
    assert remarks.open_point(point) == "Document, page 3 is below its limits."


def test_a_reason_in_the_officers_own_words_stays_as_written():
    assert remarks.reason("Wears a {bandage}") == "Wears a {bandage}"
    assert remarks.reason("spelling") == "The same person, spelt otherwise."
    offered = (
        confirming.REASONS,
        [reason.code for reason in overrides.REASONS],
        remarks.WAIVE_REASONS,
        (*remarks.MEND_REASONS, remarks.LOOKED_REASON),
    )
    assert {word for words_ in offered for word in words_} == set(remarks.OFFICER_REASONS)


def test_dates_cannot_be_taken_for_another_day():
    assert words.date(PartialDate(1990, 8, 4)) == "4 Aug 1990"
    assert words.date(PartialDate(1990, 8)) == "Aug 1990"
    assert words.date(PartialDate(1990)) == "1990"
    assert words.date(None) == words.UNKNOWN
    assert words.moment(datetime(2025, 8, 4, 12, 0, tzinfo=UTC)).startswith("4 Aug 2025, ")


def test_numbers_are_written_as_the_language_writes_them():
    assert words.number(3.14159, 1) == "3.1"
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    assert words.number(3.14159, 1) == "3,1"


def ui_texts() -> Iterator[tuple[str, str]]:
    """Every literal that is marked for translation anywhere in the window."""
    for path in (ROOT / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("tr", "QT_TRANSLATE_NOOP"):
                    yield path.name, str(getattr(node.args[-1], "value", ""))


def test_no_text_promises_judges_or_blames():
    found = [(where, text) for where, text in ui_texts() if NEVER.search(text)]
    assert not found


def test_only_literals_are_marked_for_translation():
    empty = [where for where, text in ui_texts() if not text]
    assert not empty


def test_every_marked_text_stands_in_the_context_of_its_module():
    contexts = {"errors.py": "Errors", "names.py": "Names", "measures.py": "Measures", "remarks.py": "Remarks"}
    contexts |= {"rules.py": "Rules", "asked.py": "Asked", "advice.py": "Advice"}
    contexts |= {"calibration.py": "Calibration", "calibration_measures.py": "Calibration"}
    contexts["calibration_details.py"] = "Calibration"
    contexts["calibration_camera.py"] = "Calibration"
    contexts |= {"calibration_errors.py": "Errors", "calibration_verdict.py": "CalibrationVerdict"}
    contexts |= {"calibration_states.py": "CalibrationState", "calibration_board.py": "CalibrationBoard"}
    contexts["calibration_drift.py"] = "CalibrationDrift"
    contexts["calibration_signs.py"] = "CalibrationSigns"
    contexts["calibration_glass.py"] = "CalibrationGlass"
    contexts |= {"portrait_measures.py": "Measures", "photo_measures.py": "Measures"}
    contexts |= {"reasons.py": "Errors", "self_test_errors.py": "Errors"}
    contexts |= {"key_errors.py": "Errors", "store_notices.py": "Store"}
    contexts |= {"people.py": "People", "people_errors.py": "Errors"}
    for path in (ROOT / "ui" / "wording").glob("*.py"):
        used = set(re.findall(r'QT_TRANSLATE_NOOP\(\s*"(\w+)"', path.read_text("utf-8")))
        assert used <= {contexts.get(path.name, "")}, path.name


def test_tables_have_no_unknown_braces():
    tables: tuple[Mapping[str, str], ...] = (remarks.MRZ_REMARKS, remarks.PROBLEMS)
    assert not any(braces(text) for table in tables for text in table.values())
    known = {"reason", "item", "kind", "field", "question", "pages", "wanted"}
    assert set().union(*map(braces, remarks.POINTS.values())) == known
