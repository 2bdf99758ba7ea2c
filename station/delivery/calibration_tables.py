"""What a report says of a calibration before its plots: the verdict, where it comes from, and all figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from station.calibration.profile import Asked, Mark
from station.delivery import calibration_words as words
from station.delivery.calibration_sheet import BLACK, GREY, LEFT, MM, PALE, RIGHT, Sheet
from station.model.calibration import Figure, Kept
from station.model.quality import Finding, Status

_SIZE, _SMALL = 8.0, 6.8
_ROW = 4.7 * MM
_SECOND = 3.4 * MM

_NAME, _VALUE, _SPREAD, _UNIT, _LIMIT, _SOURCE, _STATUS = (
    LEFT + at * MM for at in (0, 83, 99, 101.5, 119, 147, 156)
)
_NAME_WIDTH = 66 * MM
_BESIDE = 27 * MM
_MOST_LINES = 3
"""A device's name comes from outside: more of it is in the JSON file."""

_SECTIONS = (
    "Figures that decide the verdict",
    "Figures with a limit that do not decide",
    "Figures without a limit, for information",
)

_MARKS = {
    Mark.PRIMARY: "",
    Mark.SECONDARY: " (quoted by others only; the source itself was not at hand)",
    Mark.OURS: " (set by this programme)",
}


def figures(sheet: Sheet, kept: Kept, asked: Mapping[str, Asked]) -> None:
    """Write the table of all figures but those of single edges, and where the limits come from."""
    findings = kept.calibration.report.findings
    measured = {figure.measure: figure for figure in kept.calibration.report.analysis.figures}
    shown = sorted((one for one in findings if not words.edge_of(one.measure)), key=_section)
    sources = _numbered(asked[f.measure] for f in shown if f.measure in asked)
    sheet.heading("All figures", 4 * _ROW)
    _head(sheet)
    for section, group in groupby(shown, key=_section):
        rows = list(group)
        if sheet.needs(2.4 * _ROW):
            _head(sheet)
        sheet.y -= _ROW
        sheet.text(_NAME, sheet.y + 1.2 * MM, _SECTIONS[section], _SIZE, bold=True)
        for finding in rows:
            source = asked.get(finding.measure)
            note = f"{sources[source.source, source.mark]}{words.MARKS[source.mark]}" if source else ""
            _row(sheet, finding, measured.get(finding.measure), note)
    _notes(sheet, sources)


def edges(sheet: Sheet, kept: Kept) -> None:
    """Write SFR50 and SFR10 of every single edge, two edges in a row; nothing where no edge was measured."""
    found = {f.measure: f for f in kept.calibration.report.findings if words.edge_of(f.measure)}
    places = list(dict.fromkeys(name[6:] for name in found))
    if not places:
        return
    sheet.heading("Sharpness of each edge", 3 * _ROW)
    offsets = (0.0, 93 * MM)

    def head() -> None:
        sheet.y -= _ROW
        for offset in offsets[: len(places)]:
            sheet.text(LEFT + offset, sheet.y + 1.2 * MM, "Edge (square, side)", _SIZE, bold=True)
            for at, name in ((58, "SFR50"), (78, "SFR10")):
                sheet.text(LEFT + offset + at * MM, sheet.y + 1.2 * MM, name, _SIZE, bold=True, align=1)
        sheet.rule(sheet.y)

    head()
    for begin in range(0, len(places), 2):
        if sheet.needs(_ROW):
            head()
        sheet.y -= _ROW
        for offset, place in zip(offsets, places[begin : begin + 2], strict=False):
            name = f"{'Across' if place.startswith('x') else 'Along'}, {words.edge_of(f'sfr50_{place}')}"
            sheet.text(LEFT + offset, sheet.y + 1.2 * MM, name, _SIZE)
            for at, level in ((58, "sfr50"), (78, "sfr10")):
                finding = found.get(f"{level}_{place}")
                told = _amount(finding) if finding is not None else ""
                sheet.text(LEFT + offset + at * MM, sheet.y + 1.2 * MM, told, _SIZE, align=1)
        sheet.rule(sheet.y, PALE, 0.4)
    sheet.y -= 1 * MM
    sheet.paragraph("In cycles/px; what lies above 0.5 is beyond the sampling.", _SMALL)


def compared(sheet: Sheet, kept: Kept, before: Kept) -> None:
    """Write what changed since the calibration before, figure by figure with a limit."""
    now, then = kept.calibration, before.calibration
    earlier = {finding.measure: finding for finding in then.report.findings}
    rows = [
        (finding, finding.raw, was.raw)
        for finding in now.report.findings
        if (was := earlier.get(finding.measure)) is not None
        and finding.raw is not None and was.raw is not None
        and words.limit(finding)
    ]  # fmt: skip
    if not rows:
        return
    sheet.heading("Before and after", 4 * _ROW)
    sheet.paragraph(
        f"Before: calibration {before.number} of {words.moment(then.at)}, {words.verdict(then)}.", 8
    )
    other = [
        told
        for told, differs in (
            ("another sheet", then.report.analysis.label != now.report.analysis.label),
            ("another setup of the device", then.setup != now.setup),
            ("another profile", then.report.report.profile != now.report.report.profile),
        )
        if differs
    ]
    if other:
        sheet.paragraph(f"It had {' and '.join(other)}: changes need not be those of the device.", 8, bold=True)
    _before_head(sheet)
    for finding, value, old in rows:
        if sheet.needs(_ROW):
            _before_head(sheet)
        sheet.y -= _ROW
        y, places = sheet.y + 1.2 * MM, words.decimals(finding.measure)
        sheet.text(_NAME, y, words.title(finding.measure), _SIZE)
        sheet.text(_VALUE, y, words.number(old, places), _SIZE, align=1)
        sheet.text(_SPREAD, y, words.number(value, places), _SIZE, align=1)
        change = words.number(value - old, places)
        sheet.text(_LIMIT, y, change if change.startswith("-") else f"+{change}", _SIZE, align=1)
        sheet.text(_LIMIT + 2.5 * MM, y, words.unit(finding.unit), _SIZE)
        sheet.text(_SOURCE, y, words.limit(finding), _SIZE)
        sheet.rule(sheet.y, PALE, 0.4)


def _before_head(sheet: Sheet) -> None:
    sheet.y -= _ROW
    y = sheet.y + 1.2 * MM
    sheet.text(_NAME, y, "Figure", _SIZE, bold=True)
    for at, name in ((_VALUE, "Before"), (_SPREAD, "Now"), (_LIMIT, "Change")):
        sheet.text(at, y, name, _SIZE, bold=True, align=1)
    sheet.text(_LIMIT + 2.5 * MM, y, "Unit", _SIZE, bold=True)
    sheet.text(_SOURCE, y, "Limit", _SIZE, bold=True)
    sheet.rule(sheet.y)


def _section(finding: Finding) -> int:
    if finding.required:
        return 0
    return 1 if words.limit(finding) or finding.reason == "no_baseline" else 2


def _head(sheet: Sheet) -> None:
    sheet.y -= _ROW
    y = sheet.y + 1.2 * MM
    right: Sequence[tuple[float, str]] = ((_VALUE, "Value"), (_SPREAD, "± U (k = 2)"))
    for at, name in right:
        sheet.text(at, y, name, _SIZE, bold=True, align=1)
    for at, name in (
        (_NAME, "Figure"), (_UNIT, "Unit"), (_LIMIT, "Limit"), (_SOURCE, "Source"), (_STATUS + 5 * MM, "Status")
    ):  # fmt: skip
        sheet.text(at, y, name, _SIZE, bold=True)
    sheet.rule(sheet.y, BLACK, 0.8)


def _row(sheet: Sheet, finding: Finding, figure: Figure | None, note: str) -> None:
    names = sheet.wrapped(words.title(finding.measure), _SIZE, _NAME_WIDTH)
    reason = words.reason(finding)
    limited = bool(words.limit(finding)) or bool(reason)
    # In place of the value where it fits, below the name where not.
    beside = finding.raw is None and sheet.width_of(reason, _SMALL) <= _LIMIT - _SPREAD + _BESIDE
    height = _ROW + (len(names) - 1) * _SECOND + (_SECOND if reason and not beside else 0)
    if sheet.needs(height):
        _head(sheet)
    y = sheet.y - _ROW + 1.2 * MM
    for at, name in enumerate(names):
        sheet.text(_NAME, y - at * _SECOND, name, _SIZE)
    if finding.raw is not None:
        spread = figure.uncertainty if figure is not None else None
        value, told = words.value_and_spread(finding.measure, finding.raw, spread)
        sheet.text(_VALUE, y, value, _SIZE, align=1)
        sheet.text(_SPREAD, y, told or "-", _SIZE, align=1)
        sheet.text(_UNIT, y, words.unit(finding.unit), _SIZE)
    sheet.text(_LIMIT, y, words.limit(finding), _SIZE)
    sheet.text(_SOURCE, y, note, _SIZE)
    if limited:
        sheet.sign(finding.status, _STATUS + 1.8 * MM, y + 2.6, 7.5)
        bold = finding.status is not Status.PASS
        sheet.text(_STATUS + 5 * MM, y, words.status(finding), _SIZE, bold=bold)
    if reason and beside:
        sheet.text(_LIMIT - 2 * MM, y, reason, _SMALL, align=1)
    elif reason:
        sheet.text(_NAME + 3 * MM, y - len(names) * _SECOND, f"Not assessed: {reason}.", _SMALL)
    sheet.y -= height
    sheet.rule(sheet.y, PALE, 0.4)


def _amount(finding: Finding) -> str:
    if finding.raw is None:
        return "not assessed"
    return words.number(finding.raw, words.decimals(finding.measure))


def _numbered(asked: Iterable[Asked]) -> dict[tuple[str, Mark], int]:
    """Count the sources of the limits, each once, in the order of the table."""
    each = dict.fromkeys((one.source, one.mark) for one in asked)
    return {source: at for at, source in enumerate(each, 1)}


def _notes(sheet: Sheet, sources: Mapping[tuple[str, Mark], int]) -> None:
    sheet.y -= 2 * MM
    sheet.paragraph(
        "A figure passes when it keeps its limit by its expanded uncertainty U (k = 2) or more, fails when it "
        "breaks it by more than U, and is marginal between, which proves nothing (JCGM 106:2012). Where U is "
        "“-” nobody assessed it and the figure alone was held against its limit.",
        _SMALL,
    )
    if not sources:
        sheet.paragraph(
            "Where the limits come from is not known here: the profile is not on this station.", _SMALL
        )
        return
    sheet.y -= 1 * MM
    sheet.paragraph(
        "Sources of the limits († quoted by others only, ‡ set by this programme)", _SMALL, bold=True
    )
    for (source, mark), at in sources.items():
        sheet.paragraph(f"{at}{words.MARKS[mark]}  {source}{_MARKS[mark]}", _SMALL)


Cells = Sequence[tuple[str, str]]


def facts(sheet: Sheet, left: Cells, right: Cells) -> None:
    """Write names and values in two columns."""
    width, gap = 86 * MM, 8 * MM
    ends = [_column(sheet, LEFT + at * (width + gap), cells, width) for at, cells in enumerate((left, right))]
    sheet.y = min(ends)


def _column(sheet: Sheet, x: float, cells: Cells, width: float) -> float:
    y, named = sheet.y, 27 * MM
    for name, value in cells:
        lines = sheet.wrapped(value, 8.5, width - named, bold=True) or ["-"]
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][:-2]}…"]
        sheet.lines(x, y, [name], 8.5)
        y = sheet.lines(x + named, y, lines, 8.5, bold=True) - 1.2
        sheet.stroke([(x, y), (x + width, y)], PALE, 0.4)
    return y


def small(sheet: Sheet, cells: Cells, write: Callable[[str], Sequence[str]]) -> None:
    """Write names and long values in small type, each value cut into lines by `write`."""
    for name, value in cells:
        sheet.lines(LEFT, sheet.y, [name], _SMALL)
        sheet.y = sheet.lines(LEFT + 40 * MM, sheet.y, write(value), _SMALL)


def frame(sheet: Sheet, status: Status, title: str, lines: Sequence[str]) -> None:
    """Write the verdict large in a frame, with its sign and its reason."""
    width = RIGHT - LEFT - 30 * MM
    wrapped = [part for line in lines for part in sheet.wrapped(line, 9.5, width)]
    height = max(24 * MM, 15 * MM + len(wrapped) * 12)
    sheet.box(LEFT, sheet.y - height, RIGHT - LEFT, height, BLACK, 1.4)
    sheet.sign(status, LEFT + 13 * MM, sheet.y - height / 2, 15 * MM)
    sheet.text(LEFT + 26 * MM, sheet.y - 10.5 * MM, title, 24, bold=True)
    sheet.lines(LEFT + 26 * MM, sheet.y - 13 * MM, wrapped, 9.5)
    sheet.y -= height


def warning(sheet: Sheet, text: str) -> None:
    """Write a sentence that must not be overlooked."""
    sheet.y -= 3 * MM
    lines = sheet.wrapped(text, 9.5, RIGHT - LEFT - 8 * MM, bold=True)
    height = len(lines) * 12 + 3 * MM
    sheet.box(LEFT, sheet.y - height, RIGHT - LEFT, height, GREY, 0.8)
    sheet.lines(LEFT + 4 * MM, sheet.y - 1 * MM, lines, 9.5, bold=True)
    sheet.y -= height
