"""The pages of a report: A4, filled from the top, with a foot that names the report on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from station.delivery.calibration_words import plain
from station.delivery.place import POINTS_PER_INCH
from station.model.image import MM_PER_INCH
from station.model.quality import Status

MM = POINTS_PER_INCH / MM_PER_INCH
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 15 * MM, 195 * MM
_TOP, _BOTTOM = 282 * MM, 19 * MM
_FOOT = 12 * MM
_LEADING = 1.25

Ink = tuple[float, float, float]
BLACK: Ink = (0.0, 0.0, 0.0)
GREY: Ink = (0.45, 0.45, 0.45)
PALE: Ink = (0.85, 0.85, 0.85)
BLUE: Ink = (0.04, 0.36, 0.68)
RED: Ink = (0.7, 0.14, 0.09)
GREEN: Ink = (0.11, 0.5, 0.29)
AMBER: Ink = (0.54, 0.35, 0.0)

INKS: dict[Status, Ink] = {
    Status.PASS: GREEN, Status.WARN: AMBER, Status.FAIL: RED, Status.NOT_ASSESSED: GREY
}  # fmt: skip

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself: `foot` stands on every page, `at` is the moment that it is dated with."""

    title: str
    author: str
    software: str
    foot: str
    at: datetime


class Sheet:
    """Pages in the making; lengths are points from the lower left corner, `y` is where the next thing goes."""

    def __init__(self, file: BinaryIO, about: About) -> None:
        """Begin the first page. The same calls give the same bytes."""
        # Late: only who writes a report needs it.
        from reportlab.pdfbase.pdfmetrics import stringWidth
        from reportlab.pdfgen.canvas import Canvas

        self._about = about
        self._measured: Any = stringWidth
        self._pages = 1
        self.canvas: Any = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, lang="en-GB")
        self.canvas.setTitle(plain(about.title))
        self.canvas.setAuthor(plain(about.author))
        self.canvas.setSubject("Calibration of an imaging device")
        self.canvas.setCreator(plain(about.software))
        self.canvas.setProducer("ReportLab")
        self.canvas.setDateFormatter(lambda *_: _dated(about.at))
        self.y = _TOP

    def close(self) -> None:
        """End the last page and the file."""
        self._end_page()
        self.canvas.beginForm("pages")
        self.text(LEFT, 0, f"of {self._pages}", 7.5)
        self.canvas.endForm()
        self.canvas.save()

    def turn(self) -> None:
        """Begin the next page."""
        self._end_page()
        self._pages += 1
        self.y = _TOP

    def needs(self, height: float) -> bool:
        """Begin the next page when less than this is left on this one; tell whether it was so."""
        if self.y - height >= _BOTTOM:
            return False
        self.turn()
        return True

    # -- text -------------------------------------------------------------------------------------------------

    def width_of(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a text."""
        return float(self._measured(plain(text), _font(bold), size))

    def text(
        self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, align: float = 0.0
    ) -> None:
        """Write one line in black on the base line `y`; `align` 0 begins at x, 0.5 is centred, 1 ends there."""
        self.canvas.setFillColorRGB(*BLACK)
        self.canvas.setFont(_font(bold), size)
        shown = plain(text)
        at = x - align * self.width_of(shown, size, bold=bold) if align else x
        self.canvas.drawString(at, y, shown)

    def upright_text(self, x: float, y: float, text: str, size: float) -> None:
        """Write one line upwards, centred at `y`."""
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.rotate(90)
        self.text(0, 0, text, size, align=0.5)
        self.canvas.restoreState()

    def wrapped(self, text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
        """Cut a text into lines of at most this width, at spaces; what has none is cut anywhere."""
        lines: list[str] = []
        line = ""
        for word in plain(text).split():
            longer = f"{line} {word}" if line else word
            if self.width_of(longer, size, bold=bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = self._pieces(word, size, width, bold=bold)
            lines += whole
        return [*lines, line] if line else lines

    def _pieces(self, word: str, size: float, width: float, *, bold: bool) -> list[str]:
        pieces = [""]
        for character in word:
            if pieces[-1] and self.width_of(pieces[-1] + character, size, bold=bold) > width:
                pieces.append("")
            pieces[-1] += character
        return pieces

    def lines(self, x: float, y: float, lines: Sequence[str], size: float, *, bold: bool = False) -> float:
        """Write lines, the first with its top at `y`; return where they end."""
        for line in lines:
            y -= size * _LEADING
            self.text(x, y + 0.25 * size, line, size, bold=bold)
        return y

    def paragraph(self, text: str, size: float = 9, *, bold: bool = False, width: float = RIGHT - LEFT) -> None:
        """Write a text at the left margin, on the next page when it does not fit."""
        lines = self.wrapped(text, size, width, bold=bold)
        self.needs(len(lines) * size * _LEADING)
        self.y = self.lines(LEFT, self.y, lines, size, bold=bold)

    def heading(self, text: str, with_next: float = 30 * MM) -> None:
        """Write a heading, on the next page when what it heads (at least `with_next`) has no room below it."""
        self.needs(11 * MM + with_next)
        self.y -= 9 * MM
        self.text(LEFT, self.y, text, 13, bold=True)
        self.canvas.bookmarkHorizontal(text, 0, self.y + 14)
        self.canvas.addOutlineEntry(text, text)
        self.y -= 2 * MM
        self.rule(self.y)
        self.y -= 2 * MM

    # -- drawing ----------------------------------------------------------------------------------------------

    def rule(self, y: float, ink: Ink = BLACK, width: float = 0.6) -> None:
        """Draw a line from margin to margin."""
        self.stroke([(LEFT, y), (RIGHT, y)], ink, width)

    def stroke(
        self, points: Sequence[Point], ink: Ink = BLACK, width: float = 0.6, dash: Sequence[float] = ()
    ) -> None:
        """Draw a line through points."""
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self.canvas.setStrokeColorRGB(*ink)
        self.canvas.setLineWidth(width)
        self.canvas.setLineJoin(1)
        self.canvas.setDash(*([list(dash)] if dash else []))
        self.canvas.drawPath(path, stroke=1, fill=0)

    def fill(self, points: Sequence[Point], ink: Ink) -> None:
        """Fill a polygon."""
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.close()
        self.canvas.setFillColorRGB(*ink)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def box(self, left: float, bottom: float, width: float, height: float, ink: Ink, line: float = 0.6) -> None:
        """Draw the outline of a rectangle."""
        self.canvas.setStrokeColorRGB(*ink)
        self.canvas.setLineWidth(line)
        self.canvas.setDash()
        self.canvas.rect(left, bottom, width, height, stroke=1, fill=0)

    def sign(self, status: Status, x: float, y: float, size: float) -> None:
        """Draw the sign of a status round a middle: its form says the same as its colour."""
        ink, half = INKS[status], size / 2
        white: Ink = (1.0, 1.0, 1.0)
        if status is Status.WARN:
            self.fill([(x, y + half), (x + half, y - 0.8 * half), (x - half, y - 0.8 * half)], ink)
            self.stroke([(x, y + 0.4 * half), (x, y - 0.2 * half)], white, size * 0.12)
            self.stroke([(x, y - 0.4 * half), (x, y - 0.55 * half)], white, size * 0.12)
            return
        self.canvas.setFillColorRGB(*ink)
        self.canvas.setStrokeColorRGB(*ink)
        self.canvas.setLineWidth(size * 0.1)
        self.canvas.setDash()
        judged = status is not Status.NOT_ASSESSED
        self.canvas.circle(x, y, half if judged else 0.9 * half, stroke=int(not judged), fill=int(judged))
        strokes: dict[Status, Sequence[Sequence[Point]]] = {
            Status.PASS: [[(-0.5, 0.0), (-0.12, -0.4), (0.5, 0.4)]],
            Status.FAIL: [[(-0.4, -0.4), (0.4, 0.4)], [(-0.4, 0.4), (0.4, -0.4)]],
            Status.NOT_ASSESSED: [[(-0.4, 0.0), (0.4, 0.0)]],
        }
        for line in strokes[status]:
            placed = [(x + across * half, y + up * half) for across, up in line]
            self.stroke(placed, white if judged else ink, size * 0.13)

    def _end_page(self) -> None:
        self.rule(_FOOT + 4 * MM, GREY, 0.4)
        self.text(LEFT, _FOOT, self.wrapped(self._about.foot, 7.5, RIGHT - LEFT - 24 * MM)[0], 7.5)
        self.text(RIGHT - 9 * MM, _FOOT, f"Page {self._pages}", 7.5, align=1)
        self.canvas.saveState()
        self.canvas.translate(RIGHT - 8 * MM - LEFT, _FOOT)
        self.canvas.doForm("pages")
        self.canvas.restoreState()
        self.canvas.showPage()


def _font(bold: bool) -> str:
    return "Helvetica-Bold" if bold else "Helvetica"


def _dated(at: datetime) -> str:
    """Write a date as ISO 32000-1:2008, 7.9.4 has it."""
    zone = at.strftime("%z") or "+0000"
    return at.strftime("D:%Y%m%d%H%M%S") + f"{zone[:3]}'{zone[3:5]}'"
