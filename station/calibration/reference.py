"""The measured values of one physical target, from the CGATS file that came with it or was made for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import numpy as np

from station.calibration.cgats import CgatsTable, Row, parse
from station.calibration.lab import D50, Lab, lab_of_relative_xyz
from station.errors import ReferenceRefused
from station.model.target import TargetLabel

MOST_BYTES = 4 << 20
"""A file of 2000 patches with their spectra has under 1 MB."""

LIFE_YEARS = 2
"""Targets fade: practice measures them anew about every two years."""

AGREE = 0.05
"""L*, a* or b* by which a file's own Lab may differ from its XYZ: rounding to two decimals."""

_LAB = ("LAB_L", "LAB_A", "LAB_B")
_XYZ = ("XYZ_X", "XYZ_Y", "XYZ_Z")
_RANGES = {"LAB_L": (0, 110), "LAB_A": (-200, 200), "LAB_B": (-200, 200)} | dict.fromkeys(_XYZ, (0, 200))
"""What a surface can have; fluorescent paper lies above the white."""

_IDS = ("SAMPLE_ID", "SAMPLE_NAME", "SAMPLE_LOC")
"""What names a patch, best first."""

_CONDITIONS = (
    "DESCRIPTOR",
    "ILLUMINATION_NAME",
    "ILLUMINANT",
    "OBSERVER_ANGLE",
    "OBSERVER",
    "WEIGHTING_FUNCTION",
)
_OTHER_WHITE = re.compile(r"\b(?:D(?:55|65|75|93)|F(?:2|7|11|12)|(?:ILLUMINANT|ILL\.?)[ ,=:]*[AC])\b", re.ASCII)
_WIDE_ANGLE = re.compile(r"^10(?:\.0)?$|\b10[ -]?(?:°|DEG)|\b1964\b", re.ASCII)

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+", re.ASCII)
_ISO_DATE = re.compile(r"\b((?:19|20)[0-9]{2})[-:./]([0-9]{1,2})[-:./]([0-9]{1,2})(?![0-9])", re.ASCII)
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b", re.ASCII)
_DAY = re.compile(r"\b[0-9]{1,2}\b(?!:)(?<!:[0-9][0-9])", re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[A-Z]*\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """What one reference file says.

    `patches` has L*a*b* (D50, 2 degrees) by the patch's id, `sha256` (64 hex digits) is that of the whole file.
    `serial` is "" and `created` None where the file does not say. `differing` names the patches whose Lab is
    further than 0.05 from their XYZ; Lab is what counts. `spread` is the mean MEAN_DE (colour difference) of a
    batch file, whose values are the mean of a production run; None where a file is of one target. `spreads` has
    it by the patch's id. `batch` is when the run was made (PROD_DATE), "" where the file does not say.
    """

    identifier: str
    serial: str
    created: date | None
    sha256: str
    patches: Mapping[str, Lab] = field(repr=False)
    differing: tuple[str, ...] = ()
    spread: float | None = None
    spreads: Mapping[str, float] = field(default_factory=dict, repr=False)
    batch: str = ""

    @property
    def expires(self) -> date | None:
        """Return the first day on which the values are too old, None where nobody knows when they were made."""
        if self.created is None:
            return None
        year, leap_day = self.created.year + LIFE_YEARS, (self.created.month, self.created.day) == (2, 29)
        return date(year, 3, 1) if leap_day else self.created.replace(year=year)

    def check(self, today: date, label: TargetLabel | None = None, serial: str = "") -> None:
        """Refuse the values of another target, and old ones. `label` is what the target itself says.

        `serial` is what a person reads on a target without a label: its serial number or its batch.

        Raises:
            ReferenceRefused: `reason` is expired, other_file (the label names another) or other_serial.
        """
        if self.expires is not None and today >= self.expires:
            raise ReferenceRefused(reason="expired")
        # Only values that are a run's mean are any target's of that run.
        own = (self.serial, self.batch) if self.spread is not None else (self.serial,)
        if serial and serial.strip().casefold() not in {word.casefold() for word in own if word}:
            raise ReferenceRefused(reason="other_serial")
        if label is None:
            return
        if label.reference and not self.sha256.startswith(label.reference.lower()):
            raise ReferenceRefused(reason="other_file")
        # A label that names no file is tied by the serial number alone, so that the file must state it.
        if self.serial != label.serial and (self.serial or not label.reference):
            raise ReferenceRefused(reason="other_serial")


def read_reference(path: Path) -> ReferenceFile:
    """Read a reference file, never more than 4 MB of it.

    Raises:
        ReferenceRefused: `reason` is unreadable, too_large, or one of `reference_of`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ReferenceRefused(reason="unreadable") from error
    return reference_of(content)


def reference_of(content: bytes) -> ReferenceFile:
    """Understand the bytes of a reference file.

    Raises:
        ReferenceRefused: `reason` is too_large, one of `cgats.parse`, duplicate_keyword, other_light, no_ids,
            no_colours, duplicate_id, decimal_comma, not_a_number or out_of_range; with `line` where one is to
            blame.
    """
    if len(content) > MOST_BYTES:
        raise ReferenceRefused(reason="too_large")
    # The form is ASCII; what makers write into their headings beyond it is Latin 1 or UTF-8, and no value.
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    file = parse(text)
    tables = [table for table in file.tables if _has(table, _LAB) or _has(table, _XYZ)]
    if not tables:
        raise ReferenceRefused(reason="no_colours")
    patches: dict[str, Lab] = {}
    differing: list[str] = []
    for table in tables:
        _check_conditions(table)
        _take(table, patches, differing)
    if not patches:
        raise ReferenceRefused(reason="no_colours")
    spreads = {name: spread for table in tables for name, spread in _column(table, "MEAN_DE")}
    return ReferenceFile(
        identifier=file.identifier,
        serial=_said(tables, "SERIAL"),
        created=_date(_said(tables, "CREATED")),
        sha256=sha256(content).hexdigest(),
        patches=MappingProxyType(patches),
        differing=tuple(differing),
        spread=float(np.mean(list(spreads.values()))) if spreads else None,
        spreads=MappingProxyType(spreads),
        batch=_said(tables, "PROD_DATE"),
    )


def _has(table: CgatsTable, columns: tuple[str, ...]) -> bool:
    return set(columns) <= set(table.columns)


def _check_conditions(table: CgatsTable) -> None:
    """Refuse values for another white or observer."""
    said = (table.heading.get(word, "").upper() for word in _CONDITIONS)
    if any(_OTHER_WHITE.search(value) or _WIDE_ANGLE.search(value) for value in said):
        raise ReferenceRefused(reason="other_light")


def _take(table: CgatsTable, patches: dict[str, Lab], differing: list[str]) -> None:
    """Put the patches of a table to the others, which must not have them."""
    at = {name: number for number, name in enumerate(table.columns)}
    name_at = _name_at(table)
    has_lab, has_xyz = _has(table, _LAB), _has(table, _XYZ)
    for row in table.rows:
        name = row.values[name_at]
        if name in patches:
            raise ReferenceRefused(reason="duplicate_id", line=row.line)
        stated = _triple(row, at, _LAB) if has_lab else None
        worked_out = _lab_of_xyz(_triple(row, at, _XYZ)) if has_xyz else None
        if stated and worked_out and max(abs(a - b) for a, b in zip(stated, worked_out, strict=True)) > AGREE:
            differing.append(name)
        values = stated or worked_out
        if values is not None:
            patches[name] = values


def _name_at(table: CgatsTable) -> int:
    """Return which column names the patches."""
    name = next((name for name in _IDS if name in table.columns), None)
    if name is None:
        raise ReferenceRefused(reason="no_ids", line=table.line)
    return table.columns.index(name)


def _triple(row: Row, at: Mapping[str, int], columns: tuple[str, ...]) -> Lab:
    first, second, third = (_number(row, at[column], _RANGES[column]) for column in columns)
    return first, second, third


def _column(table: CgatsTable, column: str) -> list[tuple[str, float]]:
    """Return the patches' values of a column of differences, none where the table lacks it."""
    if column not in table.columns:
        return []
    at, name_at = table.columns.index(column), _name_at(table)
    return [(row.values[name_at], _number(row, at, (0, 200))) for row in table.rows]


def _number(row: Row, at: int, within: tuple[float, float]) -> float:
    """Read one number with a point, in reach of what a colour can have."""
    word = row.values[at]
    if not _NUMBER.fullmatch(word):
        reason = "decimal_comma" if _COMMA.fullmatch(word) else "not_a_number"
        raise ReferenceRefused(reason=reason, line=row.line)
    value, (low, high) = float(word), within
    if not low <= value <= high:
        raise ReferenceRefused(reason="out_of_range", line=row.line)
    return value


def _lab_of_xyz(xyz: Lab) -> Lab:
    lightness, a, b = lab_of_relative_xyz(np.array(xyz) / D50).tolist()
    return lightness, a, b


def _said(tables: list[CgatsTable], word: str) -> str:
    """Return what the headings say, "" where they do not; two different values would be two targets."""
    line = next((table.repeated[word] for table in tables if word in table.repeated), None)
    said = {value for table in tables if (value := table.heading.get(word))}
    if line is not None:
        raise ReferenceRefused(reason="duplicate_keyword", line=line)
    if len(said) > 1:
        raise ReferenceRefused(reason="duplicate_keyword")
    return said.pop() if said else ""


def _date(text: str) -> date | None:
    """Return the day: 2025-03-04, "March 4, 2025" or "Tue Mar 4 10:11:12 2025"; None where there is none."""
    upper = text.upper()
    if iso := _ISO_DATE.search(upper):
        year, month, day = map(int, iso.groups())
    elif (named := _MONTH.search(upper)) and (years := _YEAR.search(upper)) and (days := _DAY.search(upper)):
        year, month, day = int(years[0]), _MONTHS.index(named[1]) + 1, int(days[0])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
