"""A sheet for the printer as a PDF: one page, lines and not pixels, in millimetres at 100 %."""

import io
from collections.abc import Iterable, Iterator

from station.delivery.pdf_file import PdfFile, numbers, reference, text
from station.delivery.place import POINTS_PER_INCH
from station.model.image import MM_PER_INCH
from station.model.target import Point

_POINTS_PER_MM = POINTS_PER_INCH / MM_PER_INCH


def sheet_pdf(width: float, height: float, title: str, content: Iterable[bytes]) -> bytes:
    """Return a page of this size in mm (ISO 32000-1:2008), the same bytes for the same content.

    `content` are operators that draw in mm from the top left corner. The page asks viewers not to scale it
    (12.2, PrintScaling).
    """
    made = io.BytesIO()
    file = PdfFile(made)
    tree = file.reserve()
    contents = file.stream(b"", (b"\n".join(_from_the_top(height, content)),))
    font = file.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    page = file.add(
        b"<< /Type /Page /Parent %s /MediaBox [0 0 %s] /Resources << /Font << /F %s >> >> /Contents %s >>"
        % (
            reference(tree), numbers(side * _POINTS_PER_MM for side in (width, height)),
            reference(font), reference(contents),
        )
    )  # fmt: skip
    file.add(b"<< /Type /Pages /Count 1 /Kids [%s] >>" % reference(page), tree)
    root = file.add(
        b"<< /Type /Catalog /Pages %s /ViewerPreferences << /PrintScaling /None /DisplayDocTitle true >> >>"
        % reference(tree)
    )
    file.close(root, file.add(b"<< /Title %s >>" % text(title)))
    return made.getvalue()


def line_of_text(begin: Point, size: float, words: str) -> bytes:
    """Return the operators for ASCII words in Helvetica from a point on their base line, `size` in mm."""
    said = words.encode("ascii").hex().encode()
    return b"BT /F %s Tf %s Tm <%s> Tj ET" % (numbers((size,)), numbers((1, 0, 0, -1, *begin)), said)


def _from_the_top(height: float, content: Iterable[bytes]) -> Iterator[bytes]:
    down = _POINTS_PER_MM
    yield b"%s cm" % numbers((down, 0, 0, -down, 0, height * down))
    yield from content
