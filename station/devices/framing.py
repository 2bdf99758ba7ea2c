"""From the bytes of a reader to frames: the lines of a document, the text of a code, half a frame, garbage.

Serial readers and readers that type like a keyboard share it. Check digits are not looked at here: rows that
come one at a time are paired by their size and time, and the flow decides what they are worth.
"""

import re
import unicodedata
from functools import reduce
from operator import xor

from station.model.document import Symbology
from station.model.swipe import BlockCheck, Framing, Swipe, SwipeKind

LONGEST = 512
"""Bytes of the longest frame."""
SLOWEST_S = 2.0
"""From the first byte of a frame to its last, and from one row of a zone to the next."""
QUIET_S = 0.2
"""Silence that ends a frame without marks. The caller feeds at least as often."""

ROWS = {30: 3, 36: 2, 44: 2}
"""Rows of a zone by their length (ICAO 9303-4 to -7)."""
_WIDTHS = frozenset(ROWS) | {width * rows for width, rows in ROWS.items()}

AIM = {
    "A": Symbology.CODE39,
    "C": Symbology.CODE128,
    "E": Symbology.EAN13,
    "I": Symbology.ITF,
    "L": Symbology.PDF417,
    "Q": Symbology.QR,
    "d": Symbology.DATAMATRIX,
    "z": Symbology.AZTEC,
}
"""Code characters of ISO/IEC 15424; `]o` marks lines of OCR."""

_GLITCH = 3
"""So many bytes of noise come from plugs and power, and mean nothing."""
_BLANK = frozenset(b"\0\t\n\r ")
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_LINE_END = re.compile(r"[\r\n]+")
_ROW = re.compile(r"[A-Z0-9<]+", re.IGNORECASE)
_PADDING = re.compile(r"_+$")
_OCR = re.compile(r"^\]o[0-9A-Za-z]", re.MULTILINE)
_RTE_HEADER = re.compile(rb"..OU\x02.", re.DOTALL)
_IN_CODES = frozenset("\t\n\r\x04\x1d\x1e\x1f")
"""Control characters that codes hold: the separators of ISO/IEC 15434."""

INCOMPLETE, GARBAGE = Swipe(SwipeKind.INCOMPLETE), Swipe(SwipeKind.GARBAGE)


class FrameParser:
    """Cuts a stream of bytes into frames. Knows no clock: each call brings the time in seconds.

    What comes out does not depend on how the bytes were split into reads. Used on one thread.
    """

    def __init__(self, framing: Framing) -> None:
        """Wait for the first frame."""
        self._framing = framing
        self._body = bytearray()
        self._inside = False
        self._ended = False
        self._spoilt = False
        self._noise = 0
        self._began = self._last = 0.0
        self._lines: list[str] = []
        self._rows = _Rows()

    def feed(self, data: bytes, now: float) -> list[Swipe]:
        """Take what came, or nothing, and return what it completes."""
        found = self._wait(now)
        for byte in data:
            found += self._framed(byte, now) if self._framing.begin else self._lined(byte, now)
            self._last = now
        return found

    # -- frames between marks ---------------------------------------------------------------------------------

    def _framed(self, byte: int, now: float) -> list[Swipe]:
        framing, body = self._framing, self._body
        if not self._inside:
            self._noise += byte not in _BLANK
            body.append(byte)
            del body[: -len(framing.begin)]
            if body == framing.begin:
                self._begin(now)
            return []
        if self._ended:
            return self._proved(byte, now)
        body.append(byte)
        if len(body) <= framing.header:
            return []
        if body.endswith(framing.begin) and self._begins_anew(now):
            del body[-len(framing.begin) :]
            broken = self._broken() if body.strip() else []
            self._begin(now)
            return broken
        if body.endswith(framing.end):
            del body[-len(framing.end) :]
            self._ended = True
            return [] if framing.check is not BlockCheck.NONE else self._close(now)
        return self._watched()

    def _begin(self, now: float) -> None:
        self._forget()
        self._inside, self._began = True, now

    def _begins_anew(self, now: float) -> bool:
        """Tell a begin mark in the middle of a frame from a printable character of its text."""
        alone = len(self._body) == len(self._framing.begin)
        return alone or self._framing.begin[0] < 0x20 or now - self._last >= QUIET_S

    def _proved(self, check: int, now: float) -> list[Swipe]:
        proved = reduce(xor, self._body + self._framing.end) == check
        if self._framing.check is BlockCheck.XOR and not proved:
            self._forget()
            return [*self._rows.drop(), GARBAGE]
        return self._close(now)

    def _close(self, now: float) -> list[Swipe]:
        body, spoilt = bytes(self._body), self._spoilt
        self._forget()
        if spoilt:
            return []
        if self._framing.header:
            if not _RTE_HEADER.match(body):
                return [*self._rows.drop(), GARBAGE]
            body = body[self._framing.header :]
        found = self._rows.take(_text(body), now)
        if self._rows and self._framing.end in (b"\r", b"\n"):
            self._inside, self._began = True, now  # the mark ended a row only; the next row has no begin mark
        return found

    def _broken(self) -> list[Swipe]:
        """Say that a frame has no end; a row that waits for its partner is none."""
        if self._spoilt or (self._rows and not self._body.strip()):
            return []
        return self._rows.drop() or [INCOMPLETE]

    # -- lines ------------------------------------------------------------------------------------------------

    def _lined(self, byte: int, now: float) -> list[Swipe]:
        if not self._inside:
            self._begin(now)
        if byte not in b"\r\n":
            self._body.append(byte)
            return self._watched()
        line = _text(bytes(self._body))
        self._body.clear()
        if self._spoilt or not line.strip():
            return []
        if not self._lines and self._rows.fits(line):
            return self._rows.take(line, now)
        self._lines.append(line)
        return []

    def _hush(self, now: float) -> list[Swipe]:
        """Take the silence after lines as their end."""
        text = "\n".join([*self._lines, _text(bytes(self._body))]).strip()
        spoilt = self._spoilt
        self._forget()
        return [] if spoilt or len(text) <= _GLITCH else self._rows.take(text, now)

    # -- limits -----------------------------------------------------------------------------------------------

    def _watched(self) -> list[Swipe]:
        if len(self._body) + sum(map(len, self._lines)) <= LONGEST:
            return []
        self._lines.clear()
        self._body.clear()
        spoilt, self._spoilt = self._spoilt, True
        return [] if spoilt else [*self._rows.drop(), GARBAGE]

    def _wait(self, now: float) -> list[Swipe]:
        """Do what the time that went by asks for."""
        found: list[Swipe] = []
        quiet = now - self._last >= QUIET_S
        if not self._framing.begin:
            if self._inside and quiet:
                found += self._hush(now)
        elif self._inside and now - self._began > SLOWEST_S:
            found += self._broken()
            self._forget()
        elif not self._inside and quiet and self._noise:
            found += [GARBAGE] if self._noise > _GLITCH else []
            self._forget()
        return found + self._rows.late(now)

    def _forget(self) -> None:
        self._body.clear()
        self._lines.clear()
        self._inside = self._ended = self._spoilt = False
        self._noise = 0


class _Rows:
    """The rows of a zone that came so far, each by itself."""

    def __init__(self) -> None:
        self._rows: list[str] = []
        self._since = 0.0

    def __bool__(self) -> bool:
        return bool(self._rows)

    def fits(self, line: str) -> bool:
        """Tell whether a line is a row of a zone: the first has fillers, the others its length."""
        row = _padded(line)
        if not _ROW.fullmatch(row) or len(row) not in ROWS:
            return False
        return len(row) == len(self._rows[0]) if self._rows else "<" in row

    def take(self, text: str, now: float) -> list[Swipe]:
        """Take the text of one frame and return what is complete."""
        swipe = _understood(text)
        if swipe is None:
            return []
        if swipe.kind is not SwipeKind.INCOMPLETE and not (self._rows and self.fits(text)):
            return [*self.drop(), swipe]
        found: list[Swipe] = []
        for line in _lines(text):
            if self._rows and not self.fits(line):
                found += self.drop()
            if not self.fits(line):
                return found or [swipe]
            if not self._rows:
                self._since = now
            self._rows.append(line)
            if len(self._rows) == ROWS[len(line)]:
                found.append(Swipe(SwipeKind.DOCUMENT, tuple(self._rows)))
                self._rows.clear()
        return found

    def late(self, now: float) -> list[Swipe]:
        """Give up on a partner that did not come."""
        return self.drop() if self._rows and now - self._since > SLOWEST_S else []

    def drop(self) -> list[Swipe]:
        """Give the rows up."""
        alone = bool(self._rows)
        self._rows.clear()
        return [INCOMPLETE] if alone else []


def _understood(text: str) -> Swipe | None:
    """Say what the text of a frame is; None when it is empty. A zone without all its rows is INCOMPLETE."""
    text = text.strip(" \r\n\t")
    if told := _AIM.match(text):
        text = text[told.end() :]
        return Swipe(SwipeKind.CODE, text=text, symbology=AIM.get(told[0][1])) if _clean(text) else GARBAGE
    if not text:
        return None
    if not _clean(text):
        return GARBAGE
    lines = _lines(text)
    shape = (len(lines), len(lines[0]))
    joined = "".join(lines)
    if not _ROW.fullmatch(joined.replace(" ", "")) or "<" not in joined:
        return Swipe(SwipeKind.CODE, text=text)
    if " " in joined:
        return GARBAGE
    for width, rows in ROWS.items():
        if shape == (rows, width) and len({len(line) for line in lines}) == 1:
            return Swipe(SwipeKind.DOCUMENT, lines)
        if shape == (1, rows * width):
            return Swipe(
                SwipeKind.DOCUMENT, tuple(joined[at : at + width] for at in range(0, len(joined), width))
            )
    return INCOMPLETE


def _clean(text: str) -> bool:
    """Tell whether a text holds nothing that a wrong speed of the line makes of it."""
    return not any(unicodedata.category(sign) == "Cc" and sign not in _IN_CODES for sign in text)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(_padded(line) for line in _LINE_END.split(text) if line.strip())


def _padded(line: str) -> str:
    """Write the padding of a row, or of rows run together, as fillers."""
    line = line.strip()
    if len(line) not in _WIDTHS:
        return line
    return _PADDING.sub(lambda padding: "<" * len(padding[0]), line)


def _text(body: bytes) -> str:
    body = body.replace(b"\0", b"")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    return _OCR.sub("", text)
