"""A sheet of paper to draw on in millimetres; bar codes on whole dots of the device."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QMarginsF, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPen,
    QPolygonF,
    QTextLayout,
    QTextOption,
)

from station.flow.sheets import Bars, Matrix
from station.model.image import MM_PER_INCH
from ui.theme import LIGHT

_UNITS = 20
"""Of type in a mm: sizes of type are whole numbers, in pixels of this grid."""

_NARROWER = (0.55, 0.65, 0.75, 0.85, 0.95)
_BARS_QUIET = 10  # modules on each side (ISO/IEC 15417)
_BARS_MODULE_MIN_MM = 0.33

Align = Qt.AlignmentFlag
LEFT, MIDDLE, RIGHT = Align.AlignLeft, Align.AlignHCenter, Align.AlignRight
_SHIFT = {LEFT: 0.0, MIDDLE: 0.5, RIGHT: 1.0}


class Paper(Enum):
    """Sizes of paper that the station prints on."""

    A4 = "a4"
    LETTER = "letter"

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height (ISO 216; ANSI/ASME Y14.1 size A)."""
        return (210.0, 297.0) if self is Paper.A4 else (215.9, 279.4)

    @property
    def layout(self) -> QPageLayout:
        """The whole sheet, upright, from its very corner: our own margins are wider than any printer's."""
        size = QPageSize(QPageSize.PageSizeId.A4 if self is Paper.A4 else QPageSize.PageSizeId.Letter)
        layout = QPageLayout(
            size, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Millimeter, QMarginsF()
        )
        layout.setMode(QPageLayout.Mode.FullPageMode)
        return layout


@dataclass(frozen=True, slots=True)
class Style:
    """How words look: height of type in mm, weight, colour."""

    size_mm: float
    bold: bool = False
    colour: str = LIGHT.text


QUIET = LIGHT.quiet


class Canvas:
    """One page of a device that is being painted; all lengths are mm from the top left corner of the sheet."""

    def __init__(self, painter: QPainter, paper: Paper, dpi: float) -> None:
        """Draw with this painter, which stands at the page's corner in dots of the device."""
        self._painter = painter
        self._dots = dpi / MM_PER_INCH
        self.width, self.height = paper.size_mm

    def words(self, x: float, y: float, words: "Words", align: Align = LEFT) -> float:
        """Write from a place, or ending at `x` or about it by `align`; return the height that it took."""
        painter = self._painter
        painter.save()
        painter.translate(self._dots * (x - _SHIFT[align] * words.width), self._dots * y)
        painter.scale(self._dots / _UNITS, self._dots / _UNITS)
        painter.setPen(QColor(words.colour))
        words.layout.draw(painter, QPointF(0, 0))
        painter.restore()
        return words.height

    def line(self, x: float, y: float, width: float, thickness: float = 0.15, colour: str = LIGHT.edge) -> None:
        """Draw a level line from here to the right, one dot thick at least."""
        dots = max(1, round(thickness * self._dots))
        self._painter.fillRect(
            self._at(x), self._at(y), self._at(x + width) - self._at(x), dots, QColor(colour)
        )

    def frame(self, x: float, y: float, side: float) -> None:
        """Draw the outline of a square."""
        self.stroke(((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)), 0.35)

    def stroke(self, points: tuple[tuple[float, float], ...], thickness: float) -> None:
        """Draw a line through these points."""
        painter = self._painter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(QColor(LIGHT.text), thickness * self._dots, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        painter.drawPolyline(QPolygonF([QPointF(x * self._dots, y * self._dots) for x, y in points]))
        painter.restore()

    def ink(self, x: float, y: float, width: float, height: float) -> None:
        """Fill with black, to whole dots."""
        left, top = self._at(x), self._at(y)
        self._painter.fillRect(
            left, top, self._at(x + width) - left, self._at(y + height) - top, Qt.GlobalColor.black
        )

    def bars(
        self, bars: Bars, x: float, y: float, height: float, room: float, module_mm: float, align: Align = LEFT
    ) -> None:
        """Draw a Code 128 from a place, or ending at `x` or about it by `align`.

        `room` is the width for bars and quiet zones together. The module is as large as it lets it be, at most
        `module_mm`. A code whose module were below 0.33 mm is left out: what it says stands beside it, too.
        """
        dots = min(round(module_mm * self._dots), int(room * self._dots / (sum(bars) + 2 * _BARS_QUIET)))
        if dots < round(_BARS_MODULE_MIN_MM * self._dots):
            return
        at = self._at(x) - round(_SHIFT[align] * dots * sum(bars))
        top, tall = self._at(y), self._at(height)
        for number, width in enumerate(bars):
            if number % 2 == 0:
                self._painter.fillRect(at, top, dots * width, tall, Qt.GlobalColor.black)
            at += dots * width

    def matrix(self, matrix: Matrix, x: float, y: float, module_mm: float, align: Align = LEFT) -> float:
        """Draw a Data Matrix from a place, or ending at `x` or about it by `align`; return its side.

        Its quiet zone, one module all around, is to be left free.
        """
        dots = max(round(module_mm * self._dots), 1)
        left, top = self._at(x) - round(_SHIFT[align] * dots * len(matrix)), self._at(y)
        for down, row in enumerate(matrix):
            for first, count in _runs(row):
                self._painter.fillRect(
                    left + dots * first, top + dots * down, dots * count, dots, Qt.GlobalColor.black
                )
        return len(matrix) * dots / self._dots

    def _at(self, mm: float) -> int:
        """Return the whole dot that is nearest."""
        return round(mm * self._dots)


Page = Callable[[Canvas], None]
"""Draws one page."""


class Words:
    """Words set in lines of a width in mm; the same lines on every device."""

    def __init__(self, text: str, style: Style, room: float) -> None:
        """Break the text into lines."""
        self.colour = style.colour
        self.layout = QTextLayout(text, _font(style.size_mm, style.bold))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.layout.setTextOption(option)
        self.layout.beginLayout()
        height = 0.0
        while (line := self.layout.createLine()).isValid():
            line.setLineWidth(room * _UNITS)
            line.setPosition(QPointF(0, height))
            height += line.height()
        self.layout.endLayout()
        lines = [self.layout.lineAt(at) for at in range(self.layout.lineCount())]
        self.lines = len(lines)
        self.height, self.line_height = height / _UNITS, height / _UNITS / max(1, len(lines))
        self.width = max((line.naturalTextWidth() for line in lines), default=0.0) / _UNITS


def largest(text: str, room: float, sizes_mm: Sequence[float], lines: int) -> Words:
    """Set bold words in the largest of these sizes that needs so many lines at most, lines of one length."""
    for size in sizes_mm:
        words = Words(text, Style(size, bold=True), room)
        if words.lines <= lines:
            break
    narrower = (Words(text, Style(size, bold=True), room * share) for share in _NARROWER)
    return next((each for each in narrower if each.lines == words.lines), words)


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return first column and length of each run of ink: one rectangle leaves no seam as many would."""
    starts = [at for at, ink in enumerate(row) if ink and not (at and row[at - 1])]
    ends = [at + 1 for at, ink in enumerate(row) if ink and not (at + 1 < len(row) and row[at + 1])]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]


@lru_cache(maxsize=64)
def _font(size_mm: float, bold: bool) -> QFont:
    font = QFont()
    font.setFamilies([QGuiApplication.font().family(), "Noto Sans Khmer"])
    font.setPixelSize(round(size_mm * _UNITS))
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
