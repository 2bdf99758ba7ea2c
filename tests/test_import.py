"""Expected applications from files: what is good becomes a record, what is not is named and never repeated."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import ImportRefused
from station.flow.events import RefusedLine
from station.flow.expected import BYTES_MAX, COLUMNS, PROBLEMS, ExpectedFile, read_expected
from station.model.document import PartialDate
from station.model.record import ApplicationRecord, TravelDocument

DAY = Path(__file__).parent.parent / "resources" / "rehearsals" / "day.csv"

GOOD = {
    "application_number": "V300000111",
    "letter_number": "L000123456",
    "category": "visitor",
    "surname": "Núñez",
    "given_names": "Marisol",
    "birth_date": "1988-04-12",
    "sex": "F",
    "nationality": "MEX",
    "document_number": "N48210367",
    "document_issuing_state": "MEX",
    "document_expiry": "2031-06-30",
}
RECORD = ApplicationRecord(
    id="",
    application_number="V300000111",
    letter_number="L000123456",
    category="visitor",
    surname="Núñez",
    given_names="Marisol",
    birth_date=PartialDate(1988, 4, 12),
    sex="F",
    nationality="MEX",
    document=TravelDocument("N48210367", "MEX", PartialDate(2031, 6, 30)),
)


def read(folder: Path, content: str | bytes, name: str = "day.csv") -> ExpectedFile:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_expected(path)


def csv_of(*lines: dict[str, str], delimiter: str = ",") -> str:
    return "\n".join([delimiter.join(COLUMNS), *(delimiter.join(line.values()) for line in lines), ""])


def second(**changes: str) -> dict[str, str]:
    """Another good line, with these changes."""
    return {**GOOD, "application_number": "V300000122", "letter_number": "L000123467", **changes}


@pytest.mark.parametrize(
    "content",
    [
        csv_of(GOOD),
        "\ufeff" + csv_of(GOOD),
        csv_of(GOOD, delimiter=";"),
        csv_of(GOOD).replace("\n", "\r\n"),
        csv_of({column: f'"{value}"' for column, value in GOOD.items()}),
        csv_of({**GOOD, "surname": "  Nu\u0301n\u0303ez ", "sex": "f", "category": "Visitor"}),
        "\n\n" + csv_of(GOOD) + ",,,,,,,,,,\n\n",
        ",".join(reversed(COLUMNS)).upper() + "\n" + ",".join(reversed(GOOD.values())),
    ],
    ids=["plain", "bom", "semicolons", "crlf", "quoted", "decomposed", "blank lines", "turned round"],
)
def test_the_same_person_comes_out_of_every_dialect(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == ExpectedFile((RECORD,))


def test_json_says_the_same_as_csv(tmp_path: Path) -> None:
    assert read(tmp_path, json.dumps([GOOD]), "day.JSON") == ExpectedFile((RECORD,))
    sparse = {column: GOOD[column] for column in ("application_number", "category", "surname", "birth_date")}
    found = read(tmp_path, json.dumps([{**sparse, "sex": None}]), "day.json")
    assert found.records[0].document is None
    assert found.records[0].letter_number == ""


def test_a_birth_date_may_be_known_in_part(tmp_path: Path) -> None:
    found = read(tmp_path, csv_of({**GOOD, "birth_date": "1990-00-00"}))
    assert found.records[0].birth_date == PartialDate(1990)


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("application_number", "", "missing"),
        ("surname", "  ", "missing"),
        ("birth_date", "", "missing"),
        ("document_number", "", "missing"),
        ("birth_date", "12.04.1988", "bad_date"),
        ("birth_date", "1988-02-30", "bad_date"),
        ("birth_date", "1988-00-12", "bad_date"),
        ("birth_date", "1899-12-31", "bad_date"),
        ("birth_date", "١٩٨٨-٠٤-١٢", "bad_date"),
        ("document_expiry", "2031-06-00", "bad_date"),
        ("category", "tourist", "unknown_category"),
        ("sex", "female", "bad_sex"),
        ("nationality", "Mexico", "bad_code"),
        ("document_issuing_state", "MX", "bad_code"),
        ("letter_number", "L0001<23456", "bad_number"),
        ("application_number", "V30000011é", "bad_number"),
        ("surname", "N" * 121, "too_long"),
        ("document_number", "N" * 33, "too_long"),
        ("given_names", "Mari\x00sol", "control_character"),
        ("given_names", "Mari\u202esol", "control_character"),
    ],
)
def test_a_bad_cell_refuses_its_line_and_no_other(
    tmp_path: Path, column: str, value: str, problem: str
) -> None:
    found = read(tmp_path, csv_of(second(**{column: value}), GOOD))
    assert found == ExpectedFile((RECORD,), (RefusedLine(2, column, problem),))
    assert problem in PROBLEMS


def test_names_keep_the_signs_that_their_script_needs(tmp_path: Path) -> None:
    names = ["D'Ángelo-Øst", "សុខ\u200bស្រីមុំ", "Đặng"]
    lines = [{**GOOD, "application_number": f"V{n}", "letter_number": f"L{n}", "surname": name}
             for n, name in enumerate(names)]  # fmt: skip
    assert [record.surname for record in read(tmp_path, csv_of(*lines)).records] == names


def test_lines_that_share_a_number_are_all_refused(tmp_path: Path) -> None:
    other = second(application_number="v300 000-111", surname="Okonjo")
    same_letter = second(application_number="V300000999")
    found = read(tmp_path, csv_of(GOOD, other, same_letter, second(letter_number="")))
    assert found.refused == (
        RefusedLine(2, "application_number", "duplicate"),
        RefusedLine(3, "application_number", "duplicate"),
        RefusedLine(4, "letter_number", "duplicate"),
    )
    assert [record.application_number for record in found.records] == ["V300000122"]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    two_rows = second(given_names='"Ana\nMaria"')
    short = "V300000133,L000123478,visitor"
    found = read(tmp_path, csv_of(two_rows) + "\n" + short + "\n" + csv_of(GOOD).split("\n")[1])
    assert found.refused == (
        RefusedLine(2, "given_names", "control_character"),
        RefusedLine(5, "", "wrong_cells"),
    )
    assert found.records == (RECORD,)


def test_an_open_quote_ends_the_file_where_it_stands(tmp_path: Path) -> None:
    found = read(tmp_path, csv_of(GOOD, second(surname='"Okonjo'), second()))
    assert found == ExpectedFile((RECORD,), (RefusedLine(3, "", "bad_quotes"),))


def test_json_entries_that_are_no_lines_are_refused_by_their_place(tmp_path: Path) -> None:
    entries = [GOOD, "V300000122", {**second(), "e_mail": "x"}, {**second(), "birth_date": 1988}]
    found = read(tmp_path, json.dumps(entries), "day.json")
    assert found.records == (RECORD,)
    assert found.refused == (
        RefusedLine(2, "", "not_an_object"),
        RefusedLine(3, "", "unknown_column"),
        RefusedLine(4, "birth_date", "not_text"),
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("day.xlsx", b"PK", "unknown_format"),
        ("day.csv", b"", "empty"),
        ("day.csv", b"\xef\xbb\xbf \r\n", "empty"),
        ("day.csv", csv_of(), "empty"),
        ("day.json", b"[]", "empty"),
        ("day.json", b"{}", "not_json"),
        ("day.json", b"[{]", "not_json"),
        ("day.json", b"[" * 200_000, "not_json"),
        ("day.csv", csv_of(GOOD).encode("utf-16"), "encoding"),
        ("day.csv", csv_of(GOOD).encode("latin-1"), "encoding"),
        ("day.csv", b" " * (BYTES_MAX + 1), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_a_file_that_cannot_be_taken_at_all_says_why(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(tmp_path, content, name)
    assert caught.value.context["reason"] == reason


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="reason=unreadable"):
        read_expected(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("header", "missing", "unknown"),
    [
        (",".join(column for column in COLUMNS if column != "surname"), ("surname",), ()),
        (",".join((*COLUMNS, "e_mail")), (), (12,)),
        (",".join((*COLUMNS, "surname")), (), (12,)),
    ],
)
def test_wrong_columns_refuse_the_whole_file(
    tmp_path: Path, header: str, missing: tuple[str, ...], unknown: tuple[int, ...]
) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(tmp_path, header + "\n" + ",".join(GOOD.values()))
    assert caught.value.context == {"reason": "columns", "missing": missing, "unknown": unknown}


def test_nothing_of_a_person_reaches_an_error_or_a_repr(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(tmp_path, ",".join(GOOD.values()) + "\n" + ",".join(GOOD.values()))
    shown = [repr(caught.value), repr(caught.value.__cause__)]
    shown += [repr(read(tmp_path, csv_of(GOOD, second(sex="female"))))]
    for value in GOOD.values():
        if len(value) > 3 and value not in ("visitor",):
            assert all(value not in text for text in shown)


@given(st.lists(st.fixed_dictionaries({column: st.text(max_size=12) for column in COLUMNS}), max_size=4))
def test_any_texts_become_a_record_or_a_refused_line(
    tmp_path_factory: pytest.TempPathFactory, lines: list[dict[str, str]]
) -> None:
    content = json.dumps([GOOD, *lines]).encode("utf-8")
    found = read(tmp_path_factory.getbasetemp(), content, "any.json")
    assert len(found.records) + len(found.refused) == len(lines) + 1
    assert {line.problem for line in found.refused} <= set(PROBLEMS)


def test_the_rehearsal_day_is_good_from_the_first_line_to_the_last() -> None:
    day = read_expected(DAY)
    assert (len(day.records), day.refused) == (12, ())
    assert {record.category for record in day.records} == {"visitor", "study", "work"}
    births = sorted(record.birth_date.year for record in day.records if record.birth_date)
    assert (births[0], births[-1]) == (1944, 2018)
    documents = [record.document for record in day.records if record.document]
    assert len({document.number for document in documents}) == 12
    assert all(len(document.number) == 9 for document in documents)
    expiries = sorted(str(document.expiry_date) for document in documents)
    assert expiries[0] < "2026-11" < expiries[1] < "2027-05" < expiries[2]
    assert len({record.surname for record in day.records}) == 11
