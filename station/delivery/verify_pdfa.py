"""Checks of our own that a file keeps the rules of PDF/A-2b (ISO 19005-2:2011), run on each one that we write.

Not a full validator: it knows the few constructs that our files are made of and refuses everything else, so
what passes is simpler than the standard allows. It does not decode pictures, does not look into font programs
and does not prove the spacing of every object (6.1.9). Each check names its clause.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from pathlib import Path

import pikepdf

from station.delivery import verify_graphics
from station.delivery.place import SIDE_MAX_PT, SIDE_MIN_PT
from station.delivery.verify_graphics import OpenedPdf, PdfObject
from station.errors import ExportRefused

_LOOKED_AT = 1024
"""Bytes at the begin and the end of a file that are looked at as such."""

_PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"

_FILTERS = {"/FlateDecode", "/DCTDecode"}
_CATALOG = {
    "/Type", "/Pages", "/Outlines", "/PageMode", "/PageLabels", "/Metadata", "/OutputIntents",
    "/ViewerPreferences",
}  # fmt: skip
_PAGE = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
_UNREADABLE = (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError)
"""RuntimeError: what qpdf finds wrong late, such as a tree of pages that leads back."""
_STRING_MAX, _NAME_MAX, _OBJECTS_MAX, _INTEGER_MAX = 32_767, 127, 8_388_607, 2**31 - 1


def prove(path: Path) -> None:
    """Stop a file that does not keep the rules.

    Raises:
        ExportRefused: `check` names the clauses.
    """
    if failed := failures(path):
        raise ExportRefused(reason="not_archivable", check=", ".join(failed))


def failures(path: Path) -> tuple[str, ...]:
    """Return the clauses that do not hold, none when all is well; a file that cannot be read fails 6.1."""
    try:
        with path.open("rb") as file, pikepdf.open(path) as pdf:
            head = file.read(_LOOKED_AT)
            file.seek(max(0, path.stat().st_size - _LOOKED_AT))
            opened = OpenedPdf(head, file.read(), pdf, tuple(pdf.objects))
            return tuple(clause for clause, check in CHECKS.items() if not _holds(check, opened))
    except _UNREADABLE:
        return ("6.1",)


def _holds(check: Callable[[OpenedPdf], bool], file: OpenedPdf) -> bool:
    try:
        return check(file)
    except (*_UNREADABLE, LookupError, TypeError, ValueError, AttributeError, ET.ParseError, StopIteration):
        return False  # what is not there or is of another kind does not hold


# -- 6.1 file structure ---------------------------------------------------------------------------------------


def _header(file: OpenedPdf) -> bool:
    """Version 1.0 to 1.7 at the first byte, then a comment of four bytes above 127."""
    return re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", file.head) is not None


def _trailer(file: OpenedPdf) -> bool:
    """Two identifiers, no encryption, nothing behind the last end mark."""
    both = file.pdf.trailer["/ID"].as_list()
    identified = len(both) == 2 and all(bytes(one) for one in both)
    return identified and "/Encrypt" not in file.pdf.trailer and file.tail.endswith(b"%%EOF\n")


def _cross_reference(file: OpenedPdf) -> bool:
    """A table leads to every object; nothing had to be mended to read them."""
    return re.search(rb"startxref\n\d+\n%%EOF\n\Z", file.tail) is not None and not file.pdf.get_warnings()


def _streams(file: OpenedPdf) -> bool:
    """Every stream lies in this file, and in the length that it says."""
    outside = ("/F", "/FFilter", "/FDecodeParms")
    return all(
        not any(key in stream for key in outside) and len(stream.read_raw_bytes()) == int(stream.Length)
        for stream in file.streams
    )


def _filters(file: OpenedPdf) -> bool:
    """Flate and DCT only: no LZW, no encryption."""
    return all(str(stream.get("/Filter", "/FlateDecode")) in _FILTERS for stream in file.streams)


def _limits(file: OpenedPdf) -> bool:
    """Sizes that every reader takes."""
    boxes = [[float(side) for side in page.mediabox.as_list()] for page in file.pdf.pages]
    sides = [side for left, bottom, right, top in boxes for side in (right - left, top - bottom)]
    return (
        all(SIDE_MIN_PT <= side <= SIDE_MAX_PT for side in sides)
        and len(file.objects) <= _OBJECTS_MAX
        and all(_is_small(entry) for entry in file.objects)
    )


def _is_small(value: PdfObject) -> bool:
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return all(len(key) <= _NAME_MAX for key in value.keys()) and _are_small(value.values())  # noqa: SIM118
    if isinstance(value, pikepdf.Array):
        return _are_small(value.as_list())
    if isinstance(value, pikepdf.String):
        return len(bytes(value)) <= _STRING_MAX
    return not isinstance(value, int) or abs(value) <= _INTEGER_MAX


def _are_small(values: Iterable[PdfObject]) -> bool:
    """Tell it of what lies directly here; what is only referred to is asked by itself."""
    return all(_is_small(value) for value in values if not getattr(value, "is_indirect", False))


# -- 6.3 to 6.11 ----------------------------------------------------------------------------------------------


def _pages(file: OpenedPdf) -> bool:
    """No annotations, actions or presentation steps on a page."""
    return all(set(page.obj.keys()) <= _PAGE for page in file.pdf.pages)


def _catalog(file: OpenedPdf) -> bool:
    """No forms, actions, scripts, embedded files, optional content, alternate presentations or requirements."""
    return set(file.root.keys()) <= _CATALOG


def _metadata(file: OpenedPdf) -> bool:
    """XMP that can be read, not packed, with a title."""
    metadata = file.root.Metadata
    said = (str(metadata.Type), str(metadata.Subtype), "/Filter" in metadata)
    return said == ("/Metadata", "/XML", False) and bool(_said(file, f"{_DC}title"))


def _same_metadata(file: OpenedPdf) -> bool:
    """Title, program and date of the information dictionary are those of XMP."""
    info = file.pdf.docinfo
    date = re.sub(r"\D", "", _said(file, f"{_XMP}CreateDate"))
    return (
        str(info["/Title"]) == _said(file, f"{_DC}title")
        and str(info["/Creator"]) == _said(file, f"{_XMP}CreatorTool")
        and re.sub(r"\D", "", str(info["/CreationDate"])) == date
    )


def _identified(file: OpenedPdf) -> bool:
    """The file says that it is PDF/A-2b."""
    return (_said(file, f"{_PDFAID}part"), _said(file, f"{_PDFAID}conformance")) == ("2", "B")


def _said(file: OpenedPdf, name: str) -> str:
    tree = ET.fromstring(file.root.Metadata.read_bytes())
    return "".join(next(tree.iter(name)).itertext())


CHECKS: dict[str, Callable[[OpenedPdf], bool]] = {
    "6.1.2": _header,
    "6.1.3": _trailer,
    "6.1.4": _cross_reference,
    "6.1.7.1": _streams,
    "6.1.7.2": _filters,
    "6.1.13": _limits,
    "6.2.2": verify_graphics.content,
    "6.2.3": verify_graphics.output_intent,
    "6.2.4": verify_graphics.colours,
    "6.2.5": verify_graphics.graphics_states,
    "6.2.8": verify_graphics.images,
    "6.2.9": verify_graphics.forms,
    "6.2.11.4": verify_graphics.fonts,
    "6.2.11.8": verify_graphics.glyphs,
    "6.3": _pages,
    "6.4 to 6.11": _catalog,
    "6.6.2": _metadata,
    "6.6.3": _same_metadata,
    "6.6.4": _identified,
}
"""Each check by the clause that it covers."""
