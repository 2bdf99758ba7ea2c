"""Our own checks of PDF/A-2b: what we write holds, and each clause notices what it is there for."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms

from station.delivery import pdf as delivery
from station.delivery.verify_pdfa import CHECKS, failures
from station.errors import ExportRefused
from station.imaging import srgb
from tests.pdf_records import coded, desk, drawn

Change = Callable[[pikepdf.Pdf], object]
NAME, DICT, ARRAY = pikepdf.Name, pikepdf.Dictionary, pikepdf.Array


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A file of a JPEG and a PNG with a palette."""
    record = desk(tmp_path)
    record.add(coded(drawn(), "JPEG"))
    record.add(coded(drawn("P"), "PNG"), "image/png")
    return record.export()[0].path


def test_what_we_write_needs_no_mending(good: Path):
    assert failures(good) == ()
    with pikepdf.open(good) as pdf:
        assert pdf.check_pdf_syntax() == []


def add_font(pdf: pikepdf.Pdf, **change: object) -> None:
    glyphs = pdf.make_stream(change.pop("glyphs", b"\0\1" * 4))  # type: ignore[arg-type]
    program = {"FontFile2": pdf.make_stream(b"a font")} if change.pop("embedded", True) else {}
    described = DICT(Type=NAME.FontDescriptor, FontName=NAME.Glyphless, Flags=4, **program)
    below = DICT(
        Type=NAME.Font,
        Subtype=NAME.CIDFontType2,
        BaseFont=NAME.Glyphless,
        CIDToGIDMap=glyphs,
        FontDescriptor=described,
    )
    font = DICT(
        Type=NAME.Font, Subtype=NAME.Type0, BaseFont=NAME.Glyphless, Encoding=NAME("/Identity-H"),
        DescendantFonts=ARRAY([pdf.make_indirect(below)]),
    )  # fmt: skip
    pdf.pages[0].obj.Resources.Font = DICT(F=pdf.make_indirect(font))


def change_image(**entries: object) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            pdf.pages[0].obj.Resources.XObject.Im[f"/{name}"] = value

    return change


def change_content(text: bytes) -> Change:
    return lambda pdf: pdf.pages[0].obj.Contents.write(text)


def change_metadata(old: bytes, new: bytes) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert old in packet
        pdf.Root.Metadata.write(packet.replace(old, new))

    return change


def change_profile(at: int, new: bytes) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        stream = pdf.Root.OutputIntents[0].DestOutputProfile
        old = stream.read_bytes()
        stream.write(old[:at] + new + old[at + len(new) :])

    return change


def repacked(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata
    packet.write(packet.read_bytes(), filter=NAME.ASCIIHexDecode)


CHANGES: dict[str, tuple[str, Change]] = {
    "nothing": ("", lambda pdf: None),
    "a font that is whole": ("", add_font),
    "a filter that is not ours": ("6.1.7.2", lambda pdf: change_image(Filter=NAME.LZWDecode)(pdf)),
    "a stream in another file": ("6.1.7.1", change_image(F=pikepdf.String("elsewhere.jpg"))),
    "a page of two points": (
        "6.1.13",
        lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", ARRAY([0, 0, 2, 99])),
    ),
    "a page of six metres": (
        "6.1.13",
        lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", ARRAY([0, 0, 99, 17000])),
    ),
    "a long string": ("6.1.13", lambda pdf: pdf.docinfo.__setitem__("/Keywords", "x" * 40_000)),
    "an unknown operator": ("6.2.2", change_content(b"q /Im Do Q BX what EX")),
    "an operator for colours": ("6.2.2", change_content(b"0 0 0 1 k q /Im Do Q")),
    "a picture that is not named": ("6.2.2", change_content(b"q /Elsewhere Do Q")),
    "an open pair": ("6.2.2", change_content(b"q q /Im Do Q")),
    "no output intent": ("6.2.3", lambda pdf: pdf.Root.__delitem__("/OutputIntents")),
    "a profile cut short": ("6.2.3", change_profile(0, b"\0\0\0\1")),
    "a profile for printers": ("6.2.3", change_profile(12, b"prtr")),
    "a picture in CMYK": ("6.2.4", change_image(ColorSpace=NAME.DeviceCMYK)),
    "a graphics state": (
        "6.2.5",
        lambda pdf: pdf.pages[0].obj.Resources.__setitem__("/ExtGState", DICT(G=DICT(ca=0.5))),
    ),
    "a picture that is smoothed": ("6.2.8", change_image(Interpolate=True)),
    "a picture with a mask": ("6.2.8", change_image(SMask=ARRAY([0, 1]))),
    "PostScript": ("6.2.9", change_image(Subtype=NAME.PS)),
    "a font without its program": ("6.2.11.4", lambda pdf: add_font(pdf, embedded=False)),
    "a missing glyph": ("6.2.11.8", lambda pdf: add_font(pdf, glyphs=b"\0\1\0\0")),
    "a note on a page": (
        "6.3",
        lambda pdf: pdf.pages[1].obj.__setitem__("/Annots", ARRAY([DICT(Subtype=NAME.Text)])),
    ),
    "a script": (
        "6.4 to 6.11",
        lambda pdf: pdf.Root.__setitem__("/OpenAction", DICT(S=NAME.JavaScript, JS="x")),
    ),
    "a form": ("6.4 to 6.11", lambda pdf: pdf.Root.__setitem__("/AcroForm", DICT(Fields=ARRAY([])))),
    "a file inside": ("6.4 to 6.11", lambda pdf: pdf.attachments.__setitem__("a.txt", b"text")),
    "no metadata": ("6.6.2", lambda pdf: pdf.Root.__delitem__("/Metadata")),
    "packed metadata": ("6.6.2", repacked),
    "metadata that is no XML": ("6.6.2", change_metadata(b"</x:xmpmeta>", b"")),
    "two titles": ("6.6.3", lambda pdf: pdf.docinfo.__setitem__("/Title", "another")),
    "two dates": ("6.6.3", lambda pdf: pdf.docinfo.__setitem__("/CreationDate", "D:20200101000000Z")),
    "another part": ("6.6.4", change_metadata(b"<pdfaid:part>2<", b"<pdfaid:part>1<")),
    "another level": ("6.6.4", change_metadata(b"conformance>B<", b"conformance>A<")),
}


@pytest.mark.parametrize(("clause", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_each_clause_notices_what_it_is_for(good: Path, tmp_path: Path, clause: str, change: Change):
    other = tmp_path / "changed.pdf"
    with pikepdf.open(good) as pdf:
        change(pdf)
        pdf.save(
            other,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    assert clause in (failures(other) or ("",))
    if not clause:
        assert failures(other) == ()


BYTES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "no PDF": ("6.1", lambda data: b"something else"),
    "something before it": ("6.1.2", lambda data: b"\n" + data),
    "no comment of high bytes": ("6.1.2", lambda data: data.replace(b"%\xe2\xe3\xcf\xd3", b"%abcd", 1)),
    "something behind it": ("6.1.3", lambda data: data + b"more"),
    "no identifier": ("6.1.3", lambda data: re.sub(rb"/ID \[[^]]*\]", lambda m: b" " * len(m[0]), data)),
    "a table that leads astray": ("6.1.4", lambda data: re.sub(rb"startxref\n\d+", b"startxref\n7", data)),
    "a length that is wrong": (
        "6.1.4",
        lambda data: re.sub(rb"/Length (\d)(\d+)", rb"/Length 1\2", data, count=1),
    ),
}


@pytest.mark.parametrize(("clause", "change"), BYTES.values(), ids=BYTES.keys())
def test_the_bytes_of_the_file_itself_are_looked_at(
    good: Path, tmp_path: Path, clause: str, change: Callable[[bytes], bytes]
):
    other = tmp_path / "changed.pdf"
    other.write_bytes(change(good.read_bytes()))
    assert clause in failures(other)


def test_every_clause_has_its_proof():
    proved = {clause for clause, _ in (*CHANGES.values(), *BYTES.values())}
    assert set(CHECKS) - proved == set()


def test_a_file_that_fails_its_checks_is_not_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    record = desk(tmp_path)
    record.add(coded(drawn(), "JPEG"))
    monkeypatch.setattr(delivery.srgb, "profile", lambda: b"no profile")
    with pytest.raises(ExportRefused) as refused:
        record.export()
    assert refused.value.context == {"reason": "not_archivable", "check": "6.2.3"}
    assert record.files == []


def test_our_profile_is_srgb():
    made = ImageCms.ImageCmsProfile(BytesIO(srgb.profile()))
    assert made.profile.version == 2.4
    assert made.profile.device_class == "mntr"
    assert made.profile.profile_description == srgb.NAME
    # Little CMS's own sRGB and ours lead every colour to the same one.
    grid = np.stack(np.meshgrid(*[np.arange(0, 256, 15, np.uint8)] * 3), -1).reshape(-1, 18, 3)
    there = ImageCms.profileToProfile(
        Image.fromarray(grid), made, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    assert there is not None
    assert np.abs(np.asarray(there).astype(int) - grid).max() <= 1
    assert srgb.profile() == srgb.profile()
