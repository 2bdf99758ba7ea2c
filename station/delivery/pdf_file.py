"""Writes a PDF file object by object, straight to the disk (ISO 32000-1:2008, 7.5).

Nothing stays in memory but where each object begins, so a record of a hundred pages takes no more than its
largest page. The same calls give the same bytes.
"""

import hashlib
from collections.abc import Iterable
from typing import BinaryIO

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line: ISO 19005-2, 6.1.2
_ID_LENGTH = 16


def number(value: float) -> bytes:
    """Write a number without an exponent, which PDF does not know; six places are 0.35 nm of paper."""
    plain = round(value, 6) + 0.0  # what rounds to minus nought becomes nought
    return f"{plain:.6f}".rstrip("0").rstrip(".").encode()


def numbers(values: Iterable[float]) -> bytes:
    """Write numbers with spaces between them."""
    return b" ".join(map(number, values))


def text(value: str) -> bytes:
    """Write a text string (7.9.2.2) in UTF-16 as hexadecimal digits: no character is special there."""
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"


def reference(made: int) -> bytes:
    """Write a reference to the object of this number."""
    return b"%d 0 R" % made


class PdfFile:
    """A PDF file that is being written; for one thread."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin the file at its first byte."""
        self._file = file
        self._at = 0
        self._begins: list[int] = []
        self._digest = hashlib.sha256()
        self._write(_HEADER)

    def reserve(self) -> int:
        """Return the number of an object that will be written later."""
        self._begins.append(0)
        return len(self._begins)

    def add(self, body: bytes, made: int | None = None) -> int:
        """Write an object, the reserved one of number `made` or a new one; returns its number."""
        made = self._begin(made)
        self._write(body + b"\nendobj\n")
        return made

    def stream(self, entries: bytes, parts: Iterable[bytes]) -> int:
        """Write a stream and return its number; `entries` are those of its dictionary but the length."""
        parts = tuple(parts)
        made = self._begin(None)
        self._write(b"<< %s /Length %d >>\nstream\n" % (entries, sum(map(len, parts))))
        for part in parts:
            self._write(part)
        self._write(b"\nendstream\nendobj\n")
        return made

    def close(self, root: int, info: int) -> None:
        """Write the table of all objects and the trailer; the file's ID is taken from its content."""
        table_at = self._at
        rows = b"".join(b"%010d 00000 n \n" % begin for begin in self._begins)
        size = len(self._begins) + 1
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows))
        own = b"<%s>" % self._digest.hexdigest()[: 2 * _ID_LENGTH].encode()
        self._write(
            b"trailer\n<< /Size %d /Root %s /Info %s /ID [%s %s] >>\nstartxref\n%d\n%%%%EOF\n"
            % (size, reference(root), reference(info), own, own, table_at)
        )

    def _begin(self, made: int | None) -> int:
        made = made or self.reserve()
        self._begins[made - 1] = self._at
        self._write(b"%d 0 obj\n" % made)
        return made

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._at += len(data)
