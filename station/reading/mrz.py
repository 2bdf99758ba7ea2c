"""Parse the lines of a machine-readable zone (ICAO 9303-3 to -7). Knows nothing of pictures.

Bad lines never raise: what is wrong comes back as remarks, with field, line and column.
"""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from station.model.document import Mrz, MrzFormat, MrzRemark, MrzStatus, PartialDate
from station.reading import mrz_dates
from station.reading.mrz_digits import DocumentNumber, document_number, failing
from station.reading.mrz_layout import ALPHABET, FILLER, FRENCH_CARD, LAYOUTS, SIZES, Layout, Span
from station.reading.mrz_lines import split, tidy
from station.reading.mrz_remarks import REMARKS, status_of
from station.reading.mrz_repair import Repair, repair, sound
from station.reading.mrz_states import is_code

__all__ = ["REMARKS", "parse", "split"]

_PASSPORT_TYPES = frozenset(FILLER + "PDEORTSLMU")
"""Second letters of the harmonised passport codes (9303-4, 4.4; PU in 9303-8) and the older plain P."""


def parse(lines: Sequence[str], *, today: datetime.date) -> Mrz:
    """Read the fields of a zone; `today` decides the centuries of its dates.

    ACCEPTED: every check digit holds and nothing is doubtful. UNSURE: it holds, but a cell was mended or is
    covered by no check digit and looks wrong. CHECK_FAILED: a check digit or a date is wrong and there is no
    single way to mend it. NOT_FOUND: this is no zone, and remarks say why (`column` of `line_length` is the
    length of the line, `column` of `line_count` the number of lines).
    """
    cells = split("\n".join(lines))
    if cells is None:
        return _not_found(tuple(lines))
    layout = _layout(cells)
    mending = Repair(cells) if sound(cells, layout) else repair(cells, layout)
    zone = _Zone(mending.lines, layout, document_number(mending.lines, layout), failing(mending.lines, layout))
    if cells[0][0] not in "ACIPV" and zone.failed:
        return _nothing(tuple(lines), _nearest(cells), MrzRemark("not_a_zone", ""))
    if cells != tuple(lines):
        zone.remark("cleaned", "")
    if layout is FRENCH_CARD:
        zone.remark("french_layout", "")
    for cell in mending.changed:
        zone.remarks.append(MrzRemark("repaired", cell.name, cell.line, cell.column))
    for cell in mending.suggested:
        zone.remarks.append(MrzRemark("repair_suggested", cell.name, cell.line, cell.column))
    return zone.read(today)


def _layout(cells: tuple[str, ...]) -> Layout:
    visa = cells[0].startswith("V")
    if len(cells[0]) == 30:
        return LAYOUTS[MrzFormat.TD1]
    if len(cells[0]) == 44:
        return LAYOUTS[MrzFormat.MRVA if visa else MrzFormat.TD3]
    card = LAYOUTS[MrzFormat.TD2]
    if cells[0].startswith("IDFRA") and len(failing(cells, FRENCH_CARD)) < len(failing(cells, card)):
        return FRENCH_CARD
    return LAYOUTS[MrzFormat.MRVB] if visa else card


def _not_found(lines: tuple[str, ...]) -> Mrz:
    tidied = [tidy(line) for line in lines]
    nearest = _nearest(tidied)
    layout = LAYOUTS[nearest]
    remarks = [
        MrzRemark("line_length", "", number, len(line))
        for number, line in enumerate(tidied)
        if len(line) != layout.width
    ]
    if len(lines) != layout.rows:
        remarks = [MrzRemark("line_count", "", 0, len(lines))]
    for number, line in enumerate(tidied):
        wrong = next((column for column, c in enumerate(line) if c not in ALPHABET), None)
        if wrong is not None:
            remarks.append(MrzRemark("foreign_character", "", number, wrong))
    return _nothing(lines, nearest, *(remarks or [MrzRemark("no_filler", "")]))


def _nearest(lines: Sequence[str]) -> MrzFormat:
    """Name the size that lines which are no zone come nearest to, for the officer who typed them."""
    longest = max(map(len, lines), default=0)
    rows, width = min(SIZES, key=lambda size: (abs(size[0] - len(lines)), abs(size[1] - longest)))
    return next(name for name, layout in LAYOUTS.items() if (layout.rows, layout.width) == (rows, width))


def _nothing(lines: tuple[str, ...], nearest: MrzFormat, *remarks: MrzRemark) -> Mrz:
    return Mrz(nearest, lines, MrzStatus.NOT_FOUND, remarks=remarks)


@dataclass(slots=True)
class _Zone:
    """The lines on their way into fields; collects remarks."""

    lines: tuple[str, ...] = field(repr=False)
    layout: Layout
    number: DocumentNumber
    failed: tuple[str, ...]
    remarks: list[MrzRemark] = field(default_factory=list)

    def read(self, today: datetime.date) -> Mrz:
        surname, given_names, shortened = self._names()
        for name in self.failed:
            self.remark("check_failed", name)
        values = Mrz(
            format=self.layout.format,
            lines=self.lines,
            status=MrzStatus.ACCEPTED,
            document_code=self._document_code(),
            issuing_state=self._state("issuing_state"),
            document_number=self._document_number(),
            surname=surname,
            given_names=given_names,
            nationality=self._state("nationality"),
            birth_date=self._date("birth_date", mrz_dates.birth_date, today),
            sex=self._sex(),
            expiry_date=self._date("expiry_date", mrz_dates.expiry_date, today),
            optional_data=tuple(self._optional_data()),
            names_truncated=shortened,
            check_ok=not self.failed and self.number.checked is not None,
        )
        return replace(values, status=status_of(self.remarks), remarks=tuple(self.remarks))

    def remark(self, code: str, name: str, offset: int = 0) -> None:
        """Say something about a field; it points at its first cell, or at the check digit of the composite."""
        found = self.layout.named(name)
        check = self.layout.check(name)
        place = found[0].span if found else check.at if check else Span(0, 0, 0)
        self.remarks.append(MrzRemark(code, name, place.line, place.start + offset))

    def _cells(self, name: str) -> str:
        found = self.layout.named(name)
        return found[0].span.cut(self.lines) if found else ""

    def _document_code(self) -> str:
        code = self._cells("document_code")
        size = self.layout.format
        possible = code[0] in self.layout.first_letters
        if self.layout.rows == 3 or size is MrzFormat.TD2:
            # 9303-5, 4.2.2 note k: never V, no AI, AC only on crew member certificates, which are TD1.
            possible = possible and code[1] != "V" and code != "AI" and (code != "AC" or size is MrzFormat.TD1)
        if not possible:
            self.remark("document_code_impossible", "document_code")
        elif size is MrzFormat.TD3 and code[1] not in _PASSPORT_TYPES:
            self.remark("document_type_unknown", "document_code", 1)
        if self._looks_like_a_passport():
            self.remark("size_doubtful", "document_code")
        return code.rstrip(FILLER)

    def _looks_like_a_passport(self) -> bool:
        """A visa has no composite digit; where one holds, the V may be a misread letter."""
        other = {MrzFormat.MRVA: MrzFormat.TD3, MrzFormat.MRVB: MrzFormat.TD2}.get(self.layout.format)
        return other is not None and not self.failed and not failing(self.lines, LAYOUTS[other])

    def _state(self, name: str) -> str:
        code = self._cells(name).rstrip(FILLER)
        if self.layout.named(name) and not is_code(code):
            self.remark(f"{name}_unknown", name)
        return code

    def _document_number(self) -> str:
        if not self.number.text:
            self.remark("number_missing", "document_number")
        elif self.number.checked is None:
            self.remark("number_not_checked", "document_number")
        elif self.number.overflow:
            self.remark("number_long", "document_number")
        return self.number.text

    def _names(self) -> tuple[str, str, bool]:
        fields = [found for name in ("name", "surname", "given_names") for found in self.layout.named(name)]
        texts = [found.span.cut(self.lines) for found in fields]
        for found, text in zip(fields, texts, strict=True):
            digit = re.search(r"\d", text)
            if digit:
                self.remark("name_digit", found.name, digit.start())
        if len(fields) == 1:
            malformed = texts[0].startswith(FILLER) or "<<" in texts[0].strip(FILLER).partition("<<")[2]
            malformed = malformed or "<<<" in texts[0].strip(FILLER)
            surname, _, given = texts[0].strip(FILLER).partition("<<")
        else:
            malformed = texts[0].startswith(FILLER)
            surname, given = texts
        shortened = any(not text.endswith(FILLER) for text in texts)
        names = _words(surname), _words(given)
        for code, true in (
            ("name_missing", not any(names)),
            ("name_malformed", malformed and any(names)),
            ("name_without_given", bool(names[0]) and not names[1]),
            ("name_shortened", shortened),
        ):
            if true:
                self.remark(code, fields[0].name)
        return *names, shortened

    def _sex(self) -> str:
        sex = self._cells("sex")
        if sex == "X":
            self.remark("sex_x", "sex")
        elif sex not in ("M", "F", FILLER):
            self.remark("sex_impossible", "sex")
        return sex.strip(FILLER)

    def _date(
        self, name: str, reading: Callable[[str, datetime.date], mrz_dates.ReadDate], today: datetime.date
    ) -> PartialDate | None:
        if not self.layout.named(name):
            return None
        read = reading(self._cells(name), today)
        if read.problem:
            self.remark(f"{name}_{read.problem}", name)
        return read.date

    def _optional_data(self) -> Iterator[str]:
        taken = self.number.overflow
        for found in self.layout.named("optional_data"):
            yield " ".join(part for part in found.span.cut(self.lines)[taken:].split(FILLER) if part)
            taken = 0


def _words(cells: str) -> str:
    return " ".join(word for word in cells.split(FILLER) if word)
