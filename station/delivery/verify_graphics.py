"""Checks of clause 6.2 of ISO 19005-2:2011: content, colours, pictures and fonts; see `verify_pdfa`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_TEXT = {"BT", "ET", "Tr", "Tm", "Tf", "Tz", "TJ", "Td", "Tj"}
_OPERATORS = {"q", "Q", "cm", "Do"} | _TEXT
_IMAGE = {
    "/Type", "/Subtype", "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Filter", "/DecodeParms",
    "/Length",
}  # fmt: skip
_FORM = {"/Type", "/Subtype", "/BBox", "/Matrix", "/Resources", "/Filter", "/Length"}
_RESOURCES = {"/XObject", "/Font"}
_NESTED_MAX = 28

PdfObject = Any
"""An object of pikepdf: what it holds is found by name only while the program runs."""


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """A file with its first and last bytes and all its objects."""

    head: bytes
    tail: bytes
    pdf: pikepdf.Pdf
    objects: tuple[PdfObject, ...]

    @property
    def root(self) -> PdfObject:
        """The catalogue."""
        return self.pdf.Root

    @property
    def streams(self) -> Iterator[PdfObject]:
        """All streams."""
        return (entry for entry in self.objects if isinstance(entry, pikepdf.Stream))

    def of(self, name: str, *values: str) -> Iterator[PdfObject]:
        """Yield the dictionaries and streams that have one of these values under this name."""
        for entry in self.objects:
            if isinstance(entry, pikepdf.Dictionary | pikepdf.Stream) and str(entry.get(name, "")) in values:
                yield entry

    @property
    def contents(self) -> Iterator[tuple[PdfObject, PdfObject]]:
        """Every owner of a content stream with its resources."""
        for page in self.pdf.pages:
            yield page.obj, page.obj.Resources
        for form in self.of("/Subtype", "/Form"):
            yield form, form.Resources


def content(file: OpenedPdf) -> bool:
    """Only known operators, pairs closed, each name found in the stream's own resources."""
    return all(_is_known(owner, resources) for owner, resources in file.contents)


def _is_known(owner: PdfObject, resources: PdfObject) -> bool:
    depth = 0
    for instruction in pikepdf.parse_content_stream(owner):
        operator = str(instruction.operator)
        depth += {"q": 1, "Q": -1}.get(operator, 0)
        kind = {"Do": "/XObject", "Tf": "/Font"}.get(operator)
        if operator not in _OPERATORS or not 0 <= depth <= _NESTED_MAX:
            return False
        if kind and str(instruction.operands[0]) not in resources[kind]:
            return False
    return depth == 0


def output_intent(file: OpenedPdf) -> bool:
    """One intent for PDF/A with an RGB display profile of version 2 (ICC.1:2001-04, 6.1)."""
    (intent,) = file.root.OutputIntents
    profile = intent.DestOutputProfile.read_bytes()
    return (
        str(intent.S) == "/GTS_PDFA1"
        and int(intent.DestOutputProfile.N) == 3
        and int.from_bytes(profile[:4], "big") == len(profile)
        and (profile[8], profile[12:16], profile[16:20], profile[36:40]) == (2, b"mntr", b"RGB ", b"acsp")
    )


def colours(file: OpenedPdf) -> bool:
    """Grey and RGB of the intent, or a palette of them; CMYK is never left to a device."""
    return all(_is_ours(image.ColorSpace) for image in file.of("/Subtype", "/Image"))


def _is_ours(space: PdfObject) -> bool:
    if isinstance(space, pikepdf.Array):
        kind, base, highest, table = space.as_list()
        names = (str(kind), str(base))
        return names == ("/Indexed", "/DeviceRGB") and len(bytes(table)) == 3 * (highest + 1) <= 768
    return str(space) in ("/DeviceGray", "/DeviceRGB")


def graphics_states(file: OpenedPdf) -> bool:
    """No graphics state dictionaries, so neither transfer functions nor blending (6.2.5, 6.2.10)."""
    return all(set(resources.keys()) <= _RESOURCES for _, resources in file.contents)


def images(file: OpenedPdf) -> bool:
    """No interpolation, alternates or masks; JPEG begins as one; every page shows just one picture."""
    found = tuple(file.of("/Subtype", "/Image"))
    jpegs = tuple(image for image in found if str(image.Filter) == "/DCTDecode")
    return (
        all(set(image.keys()) <= _IMAGE and int(image.BitsPerComponent) in (1, 2, 4, 8, 16) for image in found)
        and all(jpeg.read_raw_bytes()[:3] == b"\xff\xd8\xff" for jpeg in jpegs)
        and all(int(jpeg.BitsPerComponent) == 8 for jpeg in jpegs)
        and len(found) == len(file.pdf.pages)
    )


def forms(file: OpenedPdf) -> bool:
    """No PostScript and no reference to another file; also no transparency group (6.2.10)."""
    kinds = {str(entry.get("/Subtype", "")) for entry in file.of("/Type", "/XObject")}
    found = file.of("/Subtype", "/Form")
    return kinds <= {"/Image", "/Form"} and all(set(form.keys()) <= _FORM for form in found)


def fonts(file: OpenedPdf) -> bool:
    """Every font is a composite one in its own encoding (6.2.11.3) with its program in the file."""
    known = set()
    for font in file.of("/Subtype", "/Type0"):
        (below,) = font.DescendantFonts
        if str(below.Subtype) != "/CIDFontType2" or "/FontFile2" not in below.FontDescriptor:
            return False
        if str(font.Encoding) != "/Identity-H" or "/CIDToGIDMap" not in below:
            return False
        known |= {font.objgen, below.objgen}
    return {entry.objgen for entry in file.of("/Type", "/Font")} <= known


def glyphs(file: OpenedPdf) -> bool:
    """No character leads to glyph 0, which stands for what a font does not have."""
    for font in file.of("/Subtype", "/CIDFontType2"):
        table = font.CIDToGIDMap.read_bytes()
        if any(table[at : at + 2] == b"\0\0" for at in range(0, len(table), 2)):
            return False
    return True
