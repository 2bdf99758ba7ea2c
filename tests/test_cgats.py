"""Reference files: what a whole one says, and that a broken or hostile one is refused with reason and line."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.calibration import reference
from station.calibration.cgats import MOST_LINES, parse
from station.calibration.reference import MOST_BYTES, read_reference, reference_of
from station.errors import ReferenceRefused
from station.model.target import TargetKind, TargetLabel
from ui.wording.reasons import REFERENCE_WHYS

# Drawn up after the form of published IT8.7/2 batch files; the values are worked out, not copied.
# Lab of the grey: Y = 18.4187, the XYZ of L* = 50 under D50; of the white: the white itself.
WHOLE = """IT8.7/2
# a comment before anything
ORIGINATOR "Invented Targets"
DESCRIPTOR "IT8.7/2 on paper, D50, 2 degree observer"   # and one behind
CREATED "March 4, 2025"
SERIAL "T-0042"
KEYWORD "SAMPLE_BACKING"
SAMPLE_BACKING "black #2"
NUMBER_OF_FIELDS 8
BEGIN_DATA_FORMAT
SAMPLE_ID XYZ_X XYZ_Y XYZ_Z
LAB_L LAB_A LAB_B MEAN_DE
END_DATA_FORMAT
NUMBER_OF_SETS 3
BEGIN_DATA
GS00  96.42   100.0    82.49    100.0  0.00  0.00  0.2
GS11\t17.7593 18.4187  15.1936   50.0  0.0   0.0   0.4
"A 1" 17.7593 18.4187  15.1936   51.0  0.0   0.0   0.3
END_DATA
"""


def refusal(text: str | bytes) -> tuple[object, object]:
    with pytest.raises(ReferenceRefused) as caught:
        reference_of(text.encode() if isinstance(text, str) else text)
    return caught.value.context["reason"], caught.value.context.get("line")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def minimal(rows: str, columns: str = "SAMPLE_ID LAB_L LAB_A LAB_B", heading: str = "") -> str:
    fields, sets = len(columns.split()), len(rows.strip().split("\n"))
    return (
        f"CGATS.17\n{heading}NUMBER_OF_FIELDS {fields}\nNUMBER_OF_SETS {sets}\n"
        f"BEGIN_DATA_FORMAT\n{columns}\nEND_DATA_FORMAT\nBEGIN_DATA\n{rows}\nEND_DATA\n"
    )


def test_a_whole_file_says_target_day_and_values():
    found = reference_of(WHOLE.encode())
    assert (found.identifier, found.serial, found.created) == ("IT8.7/2", "T-0042", date(2025, 3, 4))
    assert found.patches["GS00"] == (100, 0, 0)
    assert found.patches["A 1"] == (51, 0, 0)
    assert found.differing == ("A 1",)
    assert found.spread == pytest.approx(0.3)
    assert found.sha256 == sha256(WHOLE.encode()).hexdigest()
    assert parse(WHOLE).tables[0].heading["SAMPLE_BACKING"] == "black #2"


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n"])
def test_line_ends_of_windows_old_macs_and_unix_say_the_same(line_end: str):
    found = reference_of(WHOLE.replace("\n", line_end).encode())
    assert found.patches == reference_of(WHOLE.encode()).patches
    broken = WHOLE.replace("50.0", "fifty").replace("\n", line_end)
    assert refusal(broken) == ("not_a_number", line_of(WHOLE, "GS11"))


def test_xyz_alone_gives_lab_under_d50():
    found = reference_of(minimal("g 17.7593 18.4187 15.1936", "SAMPLE_ID XYZ_X XYZ_Y XYZ_Z").encode())
    assert found.patches["g"] == pytest.approx((50, 0, 0), abs=2e-3)
    assert found.spread is None


def test_several_tables_are_read_and_those_without_colours_left_alone():
    device = minimal("1 255 255 255\n2 0 0 0", "SAMPLE_ID RGB_R RGB_G RGB_B")
    text = device + minimal("1 96 0 -1\n2 10 0 0") + minimal("3 50 1 1").removeprefix("CGATS.17\n")
    assert set(reference_of(text.encode()).patches) == {"1", "2", "3"}
    assert len(parse(text).tables) == 3
    assert refusal(text + minimal("2 11 0 0"))[0] == "duplicate_id"


def test_names_of_columns_are_read_in_any_case_and_in_the_spelling_of_other_programs():
    assert "A1" in reference_of(minimal("A1 50 0 0", "SampleID Lab_L Lab_a Lab_b").encode()).patches


def test_a_mark_of_utf8_and_letters_of_latin1_do_no_harm():
    text = WHOLE.replace("Invented", "Erfundene Prüf")
    for content in (b"\xef\xbb\xbf" + text.encode(), text.encode("latin-1"), text.encode() + b"\x1a"):
        assert len(reference_of(content).patches) == 3


@pytest.mark.parametrize(
    ("old", "new", "reason", "at"),
    [
        ("NUMBER_OF_SETS 3", "NUMBER_OF_SETS 4", "number_of_sets", "BEGIN_DATA\n"),
        ("NUMBER_OF_SETS 3", "NUMBER_OF_SETS -3", "number_of_sets", "BEGIN_DATA\n"),
        ("NUMBER_OF_SETS 3\n", "", "number_of_sets", "BEGIN_DATA\n"),
        ("NUMBER_OF_FIELDS 8", "NUMBER_OF_FIELDS 7", "number_of_fields", "BEGIN_DATA\n"),
        ("NUMBER_OF_FIELDS 8", "NUMBER_OF_FIELDS 8\nNUMBER_OF_FIELDS 9", "number_of_fields", "FIELDS 9"),
        ("50.0  0.0", "50,0  0.0", "decimal_comma", "GS11"),
        ("50.0  0.0", "nan  0.0", "not_a_number", "GS11"),
        ("50.0  0.0", "1_0  0.0", "not_a_number", "GS11"),
        ("50.0  0.0", "\u0665\u0660  0.0", "not_a_number", "GS11"),
        ("50.0  0.0", "1e99  0.0", "out_of_range", "GS11"),
        ("50.0  0.0", "-50.0  0.0", "out_of_range", "GS11"),
        ("50.0  0.0", "50.0", "columns", "GS11"),
        ("50.0  0.0", "50.0 0.0 0.0", "columns", "GS11"),
        ("GS11", "GS00", "duplicate_id", "17.7593"),
        ("LAB_A", "LAB_L", "duplicate_field", "LAB_B"),
        ('"A 1"', '"A 1', "quotes", "A 1"),
        ("END_DATA_FORMAT\n", "", "truncated", "NUMBER_OF_SETS"),
        ("SAMPLE_ID", "PATCH", "no_ids", "BEGIN_DATA\n"),
        ("D50, 2", "D65, 2", "other_light", None),
        ("2 degree", "10 degree", "other_light", None),
        ('SERIAL "T-0042"', 'SERIAL "T-0042"\nSERIAL "T-0043"', "duplicate_keyword", "T-0043"),
        ("IT8.7/2\n", "PK\x03\x04\n", "binary", "PK"),
        ("IT8.7/2\n", "<html>\n", "not_cgats", "html"),
        ("IT8.7/2\n", "BEGIN_DATA\n", "not_cgats", "BEGIN_DATA"),
        ("BEGIN_DATA_FORMAT", "BEGIN_DATA", "order", "BEGIN_DATA"),
        ("KEYWORD", "=1+1", "order", "=1+1"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(old: str, new: str, reason: str, at: str | None):
    text = WHOLE.replace(old, new, 1)
    assert text != WHOLE
    line = None if at is None else text[: text.index(at)].count("\n") + 1
    assert refusal(text) == (reason, line)


def test_a_file_that_breaks_off_anywhere_is_never_taken():
    for length in range(WHOLE.rindex("END_DATA") + len("END_DATA") - 1):
        assert refusal(WHOLE[:length])[0] in REFERENCE_WHYS


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# nothing\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_named_so(content: bytes):
    assert refusal(content) == ("empty", None)


def test_rows_without_colours_are_no_reference():
    assert refusal(minimal("1 1 2 3", "SAMPLE_ID RGB_R RGB_G RGB_B")) == ("no_colours", None)
    none = minimal("1 50 0 0").replace("SETS 1", "SETS 0").replace("1 50 0 0\n", "")
    assert refusal(none) == ("no_colours", None)


def test_two_tables_of_two_targets_are_not_one_reference():
    tables = minimal("1 50 0 0", heading="SERIAL A\n") + minimal("2 50 0 0", heading="SERIAL B\n")
    assert refusal(tables)[0] == "duplicate_keyword"


@pytest.mark.parametrize(
    "content",
    [
        b"\0" * 100,
        "CGATS.17\n".encode("utf-16"),
        bytes(range(256)),
        b"CGATS.17\n\x1aBEGIN_DATA\n",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_text_is_refused(content: bytes):
    assert refusal(content)[0] in ("binary", "not_cgats")


def test_a_huge_file_is_refused_before_it_is_read_whole(tmp_path: Path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 1000)
    with pytest.raises(ReferenceRefused) as caught:
        read_reference(path)
    assert caught.value.context == {"reason": "too_large"}
    assert refusal(b"CGATS.17\n" + b"\n" * MOST_LINES) == ("too_large", None)


@pytest.mark.parametrize("filler", ['"', '"" ', "a", "a ", "#", "KEYWORD ", "1e9"])
def test_one_endless_line_is_refused_and_read_once(filler: str):
    assert refusal("CGATS.17\n" + filler * (1_000_000 // len(filler)))[0] in ("quotes", "truncated", "order")


def test_a_file_that_is_not_there_is_unreadable(tmp_path: Path):
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(ReferenceRefused) as caught:
            read_reference(path)
        assert caught.value.context == {"reason": "unreadable"}


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_no_bytes_do_more_than_be_refused(content: bytes):
    reference_outcome(content)


@given(
    st.lists(
        st.sampled_from(
            [
                *WHOLE.split("\n"),
                '"',
                "BEGIN_DATA",
                "END_DATA",
                "1 2 3",
                "SERIAL",
                "#",
                "\x1a",
                "CREATED 31 Feb 2025",
            ]
        ),
        max_size=40,
    )
)
@settings(max_examples=150, deadline=None)
def test_lines_in_any_order_do_no_more_than_be_refused(lines: list[str]):
    reference_outcome("\n".join(["CGATS.17", *lines]).encode())


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_damaged_file_is_refused_or_its_values_are_colours(data: st.DataObject):
    text = bytearray(WHOLE.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    reference_outcome(bytes(text))


def reference_outcome(content: bytes) -> None:
    """Either values that a colour can have, or a refusal that has words."""
    try:
        found = reference_of(content)
    except ReferenceRefused as refused:
        assert refused.context["reason"] in REFERENCE_WHYS
        assert refused.context.get("line", 1) >= 1
    else:
        assert found.patches
        assert all(-20 <= lab[0] <= 150 for lab in found.patches.values())


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ('"March 4, 2025"', date(2025, 3, 4)),
        ('"Tue Mar 04 10:11:12 2025"', date(2025, 3, 4)),
        ("2025-03-04T10:11:12", date(2025, 3, 4)),
        ("2025:03:04", date(2025, 3, 4)),
        ("31 Feb 2025", None),
        ("2025", None),
        ("soon", None),
    ],
)
def test_the_day_is_read_as_makers_write_it(said: str, day: date | None):
    assert reference_of(minimal("1 50 0 0", heading=f"CREATED {said}\n").encode()).created == day


def label(serial: str = "T-0042", file: str = "") -> TargetLabel:
    return TargetLabel(TargetKind.A4, "1", serial, file)


def test_values_are_too_old_after_two_years():
    found = reference_of(WHOLE.encode())
    found.check(date(2027, 3, 3), label())
    with pytest.raises(ReferenceRefused, match="expired"):
        found.check(date(2027, 3, 4), label())
    leap = reference_of(minimal("1 50 0 0", heading="CREATED 2024-02-29\n").encode())
    assert leap.expires == date(2026, 3, 1)
    assert reference.LIFE_YEARS == 2


def test_the_values_of_another_target_are_refused():
    found, today = reference_of(WHOLE.encode()), date(2025, 4, 1)
    found.check(today)
    found.check(today, label(file=found.sha256[:12].upper()))
    with pytest.raises(ReferenceRefused, match="other_serial"):
        found.check(today, label(serial="T-0043"))
    with pytest.raises(ReferenceRefused, match="other_file"):
        found.check(today, label(file="0123456789ab"))
    nameless = reference_of(minimal("1 50 0 0").encode())
    nameless.check(today, label(file=nameless.sha256[:12]))
    with pytest.raises(ReferenceRefused, match="other_serial"):
        nameless.check(today, label())
