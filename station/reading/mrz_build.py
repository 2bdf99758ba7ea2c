"""Write a machine-readable zone for an invented holder: simulated passports, practice and tests."""

from dataclasses import dataclass, field

from station.model.document import MrzFormat, PartialDate
from station.reading import mrz_dates
from station.reading.mrz_digits import check_digit
from station.reading.mrz_layout import FILLER, LAYOUTS, Layout, Span
from station.reading.transliteration import recommended


@dataclass(frozen=True, slots=True)
class Holder:
    """What a zone says of an invented person and document.

    Names may hold national characters; `optional_data` has a text for each optional field of the size, in their
    order. An unknown birth date or a missing expiry date is None; `sex` is "M", "F" or "" for unspecified.
    """

    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    document_number: str = field(repr=False)
    birth_date: PartialDate | None = field(repr=False)
    expiry_date: PartialDate | None
    sex: str = ""
    nationality: str = "UTO"
    issuing_state: str = "UTO"
    document_code: str = "P"
    optional_data: tuple[str, ...] = field(default=(), repr=False)


def build(holder: Holder, size: MrzFormat) -> tuple[str, ...]:
    """Return the lines of the zone; too long names are shortened (9303-4 to -7, 4.2.3).

    Raises:
        ValueError: the document number or an optional text does not fit this size.
    """
    layout = LAYOUTS[size]
    sheet = [[FILLER] * layout.width for _ in range(layout.rows)]
    name = layout.named("name")[0].span
    number, overflow = _number(holder.document_number, layout)
    for field_name, text in {
        "document_code": holder.document_code,
        "issuing_state": holder.issuing_state,
        "document_number": number,
        "name": _name(holder.surname, holder.given_names, name.stop - name.start),
        "nationality": holder.nationality,
        "birth_date": mrz_dates.write(holder.birth_date),
        "sex": holder.sex or FILLER,
        "expiry_date": mrz_dates.write(holder.expiry_date),
    }.items():
        _put(sheet, layout.named(field_name)[0].span, text)
    texts = (overflow + "".join(holder.optional_data[:1]), *holder.optional_data[1:], "")
    for found, text in zip(layout.named("optional_data"), texts, strict=False):
        _put(sheet, found.span, text.replace(" ", FILLER))
    for check in layout.checks:
        if check.name != "document_number" or not overflow:
            _put(
                sheet,
                check.at,
                check_digit("".join("".join(sheet[s.line][s.start : s.stop]) for s in check.over)),
            )
    return tuple("".join(line) for line in sheet)


def _put(sheet: list[list[str]], span: Span, text: str) -> None:
    room = span.stop - span.start
    if len(text) > room:
        raise ValueError(f"{len(text)} characters for {room} cells in line {span.line + 1}")
    sheet[span.line][span.start : span.start + len(text)] = text


def _number(text: str, layout: Layout) -> tuple[str, str]:
    """Return what goes into the number field, and what a long number puts before the optional data."""
    span = layout.named("document_number")[0].span
    room = span.stop - span.start
    if len(text) <= room or not layout.overflows:
        return text, ""
    return text[:room], text[room:] + check_digit(text) + FILLER


def _name(surname: str, given_names: str, room: int) -> str:
    """Return the name field: primary identifier, two fillers, secondary identifier, shortened where needed."""
    primary, secondary = (recommended(part).replace(" ", FILLER) for part in (surname, given_names))
    if not secondary:
        return _shorten(primary, room)
    # The secondary identifier keeps at least its first letter (9303-4, 4.2.2.1).
    return _shorten(f"{_shorten(primary, room - 3)}{FILLER * 2}{secondary}", room)


def _shorten(text: str, room: int) -> str:
    """Cut to `room` cells so that the last one is a letter, which says that the name may be shortened."""
    while len(text) > room and text[room - 1] == FILLER:
        longest = max(text[:room].split(FILLER), key=len)
        if len(longest) < 2:
            return text[:room].rstrip(FILLER)
        text = text.replace(longest, longest[:-1], 1)
    return text[:room]
