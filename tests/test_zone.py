"""Which printed lines count, and what becomes of them when the officer mends a part."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from station.errors import CorrectionRefused
from station.flow import zone
from station.model.document import Mrz, MrzRemark, MrzStatus, Reading
from station.model.visit import Act, ActKind, Visit
from station.reading.mrz import parse
from station.reading.mrz_parts import parts
from station.reading.mrz_remarks import status_of

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
# The specimen of ICAO 9303-4, appendix B.
UPPER = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
LOWER = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
VISIT = Visit("v", "r", "kiosk-1", NOW)


def act(done: ActKind, /, **facts: object) -> Act:
    return Act(done, NOW, "o. fficer", facts)


def typed(*lines: str) -> Visit:
    return VISIT.after(act(ActKind.MRZ_TYPED, lines=list(lines)))


def seen(upper: str = UPPER, lower: str = LOWER, *doubts: tuple[str, int, int]) -> Reading:
    """Read a page whose cells of these fields, lines and columns were hard to read."""
    mrz = parse((upper, lower), today=TODAY)
    remarks = mrz.remarks + tuple(MrzRemark("cell_doubtful", *doubt) for doubt in doubts)
    return Reading(mrz=replace(mrz, status=status_of(remarks), remarks=remarks))


def mended(visit: Visit, mrz: Mrz, name: str, text: str) -> Visit:
    """Mend a part as the station does."""
    part = next(part for part in parts(mrz) if part.name == name)
    lines = zone.corrected(mrz, part, text)
    now = lines[part.line][part.start : part.stop]
    facts = {"part": name, "line": part.line, "start": part.start, "was": part.text, "now": now}
    return visit.after(act(ActKind.MRZ_CORRECTED, **facts, reason="misread", lines=list(lines)))


def test_the_parts_of_a_passport_are_the_fields_of_the_standard_with_their_check_digits() -> None:
    """ICAO 9303-4, 4.2.2: number 1-9 and digit 10, birth 14-19, 20, expiry 22-27, 28, optional 29-42, 43."""
    found = {part.name: (part.line, part.start, part.stop, part.text) for part in parts(seen().mrz)}
    assert found["name"] == (0, 5, 44, UPPER[5:])
    assert found["document_number"] == (1, 0, 10, "L898902C36")
    assert found["nationality"] == (1, 10, 13, "UTO")
    assert found["birth_date"] == (1, 13, 20, "7408122")
    assert found["sex"] == (1, 20, 21, "F")
    assert found["expiry_date"] == (1, 21, 28, "1204159")
    assert found["optional_data"] == (1, 28, 43, "ZE184226B<<<<<1")
    assert found["composite"] == (1, 43, 44, "0")


@pytest.mark.parametrize("lines", [(UPPER, LOWER), TD1], ids=["TD3", "TD1"])
def test_the_parts_cover_every_cell_once(lines: tuple[str, ...]) -> None:
    found = parts(parse(lines, today=TODAY))
    for number, line in enumerate(lines):
        assert "".join(part.text for part in found if part.line == number) == line


def test_lines_that_are_no_zone_have_no_parts() -> None:
    assert parts(parse(("HELLO",), today=TODAY)) == ()


def test_without_anything_read_nothing_counts() -> None:
    assert zone.counting(VISIT, None, TODAY) == (None, None)
    assert zone.counting(VISIT, Reading(), TODAY) == (None, None)


def test_a_page_whose_reader_is_missing_counts_for_nothing() -> None:
    nothing = Mrz(seen().mrz.format, (), MrzStatus.NOT_FOUND)
    assert zone.counting(VISIT, Reading(mrz=nothing), TODAY) == (None, None)


def test_the_seen_lines_count_where_none_were_typed() -> None:
    page = seen()
    assert zone.counting(VISIT, page, TODAY) == (page.mrz, None)


def test_typed_lines_count_before_doubtful_ones_and_the_seen_stand_beside_them() -> None:
    page = seen(UPPER, LOWER, ("name", 0, 7))
    first, second = zone.counting(typed(UPPER, LOWER), page, TODAY)
    assert (first and first.status, second) == (MrzStatus.ACCEPTED, page.mrz)


def test_seen_lines_count_before_typed_ones_with_a_wrong_check_digit() -> None:
    page = seen()
    first, second = zone.counting(typed(UPPER, LOWER.replace("7408122", "7408123")), page, TODAY)
    assert first == page.mrz
    assert second is not None
    assert second.status is MrzStatus.CHECK_FAILED


def test_a_mended_part_leaves_the_doubts_that_nobody_looked_at() -> None:
    page = seen(UPPER, LOWER, ("name", 0, 7), ("nationality", 1, 11))
    visit = mended(VISIT, page.mrz, "name", "ERIKSSON<<ANNA<MARIE")
    first, second = zone.counting(visit, page, TODAY)
    assert first is not None
    assert (first.given_names, first.status, second) == ("ANNA MARIE", MrzStatus.UNSURE, None)
    assert [r.field for r in first.remarks if r.code == "cell_doubtful"] == ["nationality"]
    assert [r.field for r in first.remarks if r.code == "corrected"] == ["name"]


def test_lines_are_beyond_doubt_once_every_doubtful_part_was_looked_at() -> None:
    page = seen(UPPER, LOWER, ("name", 0, 7))
    visit = mended(VISIT, page.mrz, "name", UPPER[5:])
    first, _ = zone.counting(visit, page, TODAY)
    assert first is not None
    assert first.status is MrzStatus.ACCEPTED
    assert visit.corrections[0].was == visit.corrections[0].now == UPPER[5:]


def test_a_mended_number_is_proved_by_its_check_digits() -> None:
    misread = seen(UPPER, LOWER.replace("L898902C3", "L898902G3"))
    assert misread.mrz is not None
    assert not misread.mrz.check_ok
    visit = mended(VISIT, misread.mrz, "document_number", "L898902C36")
    first, _ = zone.counting(visit, misread, TODAY)
    assert first is not None
    assert (first.document_number, first.status) == ("L898902C3", MrzStatus.ACCEPTED)


def test_two_documents_on_the_page_stay_in_doubt_whatever_is_mended() -> None:
    page = seen()
    assert page.mrz is not None
    two = replace(page.mrz, status=MrzStatus.UNSURE, remarks=(MrzRemark("two_zones", ""),))
    visit = mended(VISIT, two, "name", UPPER[5:])
    first, _ = zone.counting(visit, Reading(mrz=two), TODAY)
    assert first is not None
    assert first.status is MrzStatus.UNSURE


@pytest.mark.parametrize("kind", [ActKind.ATTACHED, ActKind.DETACHED])
def test_what_was_mended_goes_with_its_page(kind: ActKind) -> None:
    visit = mended(VISIT, seen().mrz, "sex", "M")
    assert visit.after(act(kind, kind="letter")).corrections == visit.corrections
    after = visit.after(act(kind, kind="passport_page"))
    assert (after.corrections, after.mrz_lines) == ((), ())


def test_typed_lines_stay_when_the_page_changes() -> None:
    visit = typed(UPPER, LOWER)
    assert visit.after(act(ActKind.ATTACHED, kind="passport_page")).mrz_lines == (UPPER, LOWER)


@pytest.mark.parametrize(
    ("text", "problem"), [("UTOP", "too_long"), ("U*O", "foreign_character"), ("Ü", "foreign_character")]
)
def test_a_text_that_cannot_stand_there_is_refused(text: str, problem: str) -> None:
    mrz = seen().mrz
    assert mrz is not None
    part = next(part for part in parts(mrz) if part.name == "nationality")
    with pytest.raises(CorrectionRefused) as refused:
        zone.corrected(mrz, part, text)
    assert refused.value.context["reason"] == problem


def test_a_part_that_stands_there_no_more_is_refused() -> None:
    mrz = seen().mrz
    assert mrz is not None
    part = next(part for part in parts(mrz) if part.name == "sex")
    with pytest.raises(CorrectionRefused):
        zone.corrected(parse((UPPER, LOWER.replace("F", "M")), today=TODAY), part, "F")
    with pytest.raises(CorrectionRefused):
        zone.corrected(None, part, "F")


def test_what_is_typed_short_is_filled_and_small_letters_become_capitals() -> None:
    mrz = seen().mrz
    assert mrz is not None
    part = next(part for part in parts(mrz) if part.name == "name")
    assert zone.corrected(mrz, part, "berg<<eva")[0] == "P<UTOBERG<<EVA" + "<" * 30


def test_the_screen_gets_each_part_with_its_picture_and_its_doubtful_places() -> None:
    page = seen(UPPER, LOWER, ("name", 0, 7), ("document_number", 1, 9))
    strips = [np.full((48, 10, 3), number, np.uint8) for number, _ in enumerate(parts(page.mrz))]
    views = {view.part.name: view for view in zone.part_views(page.mrz, strips, VISIT)}
    assert views["name"].doubtful == (2,)
    assert views["document_number"].doubtful == (9,)
    assert views["sex"].doubtful == ()
    assert views["name"].strip is strips[2]
    assert all(view.strip is None for view in zone.part_views(page.mrz, (), VISIT))
