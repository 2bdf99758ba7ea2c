"""Exported files: the originals are in them, in order, nothing personal beside them; all of it or nothing."""

import errno
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from station.devices.cancel import CancelToken
from station.errors import Cancelled, ExportRefused, StorageFull, StorageMissing
from station.flow.volumes import volumes
from station.imaging import codec
from station.model.adjustment import Adjustment
from station.model.quality import Region
from station.model.record import AttachmentKind
from tests.pdf_records import LIST, RECORD_ID, Desk, coded, desk, drawn

TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff"}
Images = Callable[[Path], list[pikepdf.Object]]


@pytest.fixture
def record(tmp_path: Path) -> Desk:
    return desk(tmp_path)


@pytest.fixture
def images() -> Iterator[Images]:
    """The pictures of a file, page by page."""
    with ExitStack() as kept:
        yield lambda path: [
            page.obj.Resources.XObject.Im for page in kept.enter_context(pikepdf.open(path)).pages
        ]


def seen(image: pikepdf.Object) -> np.ndarray:
    """Draw an image of a PDF as grey or RGB values by pikepdf's own reader."""
    drawing = pikepdf.PdfImage(image).as_pil_image()
    return np.asarray(drawing.convert("L" if drawing.mode in ("1", "L") else "RGB"))


# -- what is in the file --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "how"),
    [
        ("RGB", {}),
        ("RGB", {"progressive": True}),
        ("RGB", {"subsampling": 0, "quality": 95}),
        ("L", {}),
        ("RGB", {"comment": b"what a scanner adds"}),
        ("RGB", {"keep_rgb": True}),  # Adobe's mark: not turned into luminance and chroma
    ],
)
def test_a_jpeg_stays_as_the_scanner_made_it_byte_for_byte(record: Desk, images: Images, mode: str, how: dict):
    data = coded(drawn(mode), "JPEG", **how) + b"\0 behind its end"
    record.add(data)
    (file,) = record.export()

    (image,) = images(file.path)
    assert image.read_raw_bytes() == data
    assert str(image.Filter) == "/DCTDecode"
    assert np.abs(seen(image).astype(int) - codec.decode(data).pixels).max() <= 2


def test_a_jpeg_whose_colours_have_letters_is_said_to_be_rgb(record: Desk, images: Images):
    # A scanner that codes RGB as it is, without a mark of JFIF or Adobe: the components are named R, G and B.
    data = coded(drawn(), "JPEG", keep_rgb=True)
    begin = data.index(b"\xff\xee")
    data = data[:begin] + data[begin + 2 + int.from_bytes(data[begin + 2 : begin + 4], "big") :]
    record.add(data)
    (file,) = record.export()

    (image,) = images(file.path)
    assert image.read_raw_bytes() == data
    assert int(image.DecodeParms.ColorTransform) == 0


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1", "I;16"])
def test_the_rows_of_a_png_are_taken_over_as_they_are_compressed(record: Desk, images: Images, mode: str):
    image = (
        Image.fromarray(np.arange(20400, dtype=np.uint16).reshape(170, 120)) if mode == "I;16" else drawn(mode)
    )
    data = coded(image, "PNG")
    rows, at = b"", 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        rows += data[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    record.add(data, "image/png")
    (file,) = record.export()

    (embedded,) = images(file.path)
    assert embedded.read_raw_bytes() == rows
    if mode != "I;16":  # pikepdf draws no sixteen bits
        assert np.array_equal(seen(embedded), codec.decode(data).pixels)


@pytest.mark.parametrize(
    ("mode", "kind", "how", "bits"),
    [
        ("RGBA", "PNG", {}, 8),
        ("LA", "PNG", {}, 8),
        ("P", "PNG", {"transparency": 1}, 8),
        ("1", "TIFF", {"compression": "group4"}, 1),
        ("L", "TIFF", {}, 8),
        ("RGB", "TIFF", {"compression": "tiff_lzw"}, 8),
        ("CMYK", "JPEG", {}, 8),
    ],
)
def test_what_pdf_would_show_otherwise_is_coded_anew_without_loss(
    record: Desk, images: Images, mode: str, kind: str, how: dict, bits: int
):
    data = coded(drawn(mode), kind, **how)
    record.add(data, TYPES[kind])
    (file,) = record.export()

    (image,) = images(file.path)
    assert np.array_equal(seen(image), codec.decode(data).pixels)
    assert int(image.BitsPerComponent) == bits
    assert "/SMask" not in image


def test_a_contradiction_between_the_marks_of_a_jpeg_is_settled_as_the_station_sees_it(
    record: Desk, images: Images
):
    data = coded(drawn(), "JPEG")
    adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"  # "not transformed", and JFIF says it is
    data = data[:20] + adobe + data[20:]
    record.add(data)
    (file,) = record.export()

    assert np.array_equal(seen(images(file.path)[0]), codec.decode(data).pixels)


def test_pages_come_in_the_order_of_the_visit_the_checklist_and_the_page(record: Desk, images: Images):
    places = [("funds", 2), ("old", 1), ("form", 2), ("funds", 1), ("form", 1)]
    for seed, (item, page) in enumerate(places, 1):
        record.add(coded(drawn(seed=seed), "JPEG"), item=item, page=page)
    record.add(coded(drawn(seed=6), "JPEG"), kind=AttachmentKind.PASSPORT_PAGE, item="", page=1)
    record.add(coded(drawn(seed=7), "JPEG"), kind=AttachmentKind.LETTER, item="", page=1)
    told: list[tuple[int, int]] = []
    (file,) = record.export(progress=lambda done, total: told.append((done, total)))

    assert file.path.name == f"{RECORD_ID}.pdf"
    assert [image.read_raw_bytes() for image in images(file.path)] == [
        coded(drawn(seed=seed), "JPEG") for seed in (7, 6, 5, 3, 4, 1, 2)
    ]
    assert told == [(done, 7) for done in range(1, 8)]
    with pikepdf.open(file.path) as pdf, pdf.open_outline() as outline:
        pages = [page.objgen for page in pdf.pages]
        marks = [(mark.title, pages.index(mark.destination[0].objgen)) for mark in outline.root]
        labels = [page.label for page in pdf.pages]
    assert marks == [
        ("Letter", 0), ("Passport page", 1), ("Application form", 2), ("Proof of funds", 4), ("old", 6),
    ]  # fmt: skip
    assert labels == ["letter-1", "passport_page-1", "form-1", "form-2", "funds-1", "funds-2", "old-1"]


def test_each_item_that_is_named_becomes_a_file(record: Desk):
    for number, item in enumerate(["form", "form", "funds", "../odd item"], 1):
        record.add(coded(drawn(seed=number), "JPEG"), item=item)
    files = record.export("funds", "form", "../odd item", "form")

    assert [(file.path.name, file.pages) for file in files] == [
        (f"{RECORD_ID}_funds.pdf", 1),
        (f"{RECORD_ID}_form.pdf", 2),
        (f"{RECORD_ID}_..%2Fodd%20item.pdf", 1),
    ]
    assert record.files == sorted(file.path.name for file in files)
    assert [file.size_bytes for file in files] == [file.path.stat().st_size for file in files]
    with pikepdf.open(files[0].path) as pdf:
        assert str(pdf.docinfo.Title) == f"Proof of funds ({RECORD_ID})"


def test_nothing_in_a_file_but_its_pictures_names_the_applicant(record: Desk):
    record.add(coded(drawn(), "JPEG"), adjustment=Adjustment(90, 3.0, Region(0.1, 0.1, 0.8, 0.8)))
    (file,) = record.export()

    person = record.record
    assert person.document is not None
    secrets = {person.surname, "Ilse", person.application_number, person.letter_number, person.document.number}
    with pikepdf.open(file.path) as pdf:
        spoken = [file.path.read_bytes(), file.path.name.encode()]
        streams = [entry for entry in pdf.objects if isinstance(entry, pikepdf.Stream)]
        spoken += [entry.read_bytes() for entry in streams if entry.get("/Subtype") != pikepdf.Name.Image]
    assert b"<xmp:CreatorTool>visa-station 0.1.0</xmp:CreatorTool>" in spoken[0]
    for secret in secrets:
        for form in (secret.encode(), secret.encode("utf-16-be"), secret.encode("utf-16-be").hex().encode()):
            assert not any(form.lower() in text.lower() for text in spoken), secret


def test_a_file_says_what_is_not_as_it_seems(record: Desk):
    record.add(coded(drawn(), "JPEG"))
    record.add(coded(drawn(), "JPEG"), dpi=None)
    record.add(coded(drawn(), "JPEG"), dpi=(0.1, 0.1))
    (file,) = record.export()

    said = file.path.read_bytes()
    assert b"Resolution not known, page fitted to A4: 2, 3." in said
    assert b"Page from a simulated device: 1, 2, 3." in said
    with pikepdf.open(file.path) as pdf:
        boxes = [[round(float(side), 2) for side in page.mediabox[2:]] for page in pdf.pages]
    assert boxes == [[57.6, 81.6], [594.28, 841.89], [594.28, 841.89]]  # 841.89 * 120 / 170 = 594.28


def test_the_same_record_gives_the_same_bytes(record: Desk):
    record.add(coded(drawn(), "JPEG"))
    first = record.export()[0].path.read_bytes()
    assert record.export()[0].path.read_bytes() == first
    record.add(coded(drawn(seed=2), "JPEG"))
    other = record.export()[0].path
    with pikepdf.open(other) as pdf:
        assert bytes(pdf.trailer.ID[0]).hex().encode() not in first


# -- what is refused ------------------------------------------------------------------------------------------


def without_frame(data: bytes) -> bytes:
    at = data.index(b"\xff\xc0")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def as_wide_as(width: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = data.index(b"\xff\xc0")
        return data[: at + 7] + struct.pack(">H", width) + data[at + 9 :]

    return change


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda data: b"",
    "only a begin": lambda data: b"\xff\xd8\xff",
    "no frame": without_frame,
    "wider than the record says": as_wide_as(65_535),
    "narrower": as_wide_as(119),
    "no width": as_wide_as(0),
    "cut off": lambda data: data[: len(data) // 2],
    "segment beyond the end": lambda data: data[:4] + b"\xff\xff" + data[6:],
    "twelve bits": lambda data: data.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c"),
    "another kind": lambda data: b"%PDF-1.7 /JavaScript",
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_damaged_picture_is_named_by_its_page_and_nothing_is_written(
    record: Desk, change: Callable[[bytes], bytes]
):
    record.add(coded(drawn(seed=1), "JPEG"), item="funds")
    record.add(coded(drawn(seed=2), "JPEG"))
    record.add(change(coded(drawn(seed=3), "JPEG")))
    with pytest.raises(ExportRefused) as refused:
        record.export("funds", "form")

    assert refused.value.context == {"reason": "damaged", "item": "form", "page": 2}
    assert record.files == []


def test_a_picture_that_the_store_does_not_give_leaves_the_file_of_yesterday(record: Desk):
    record.add(coded(drawn(), "JPEG"))
    (file,) = record.export()
    before = file.path.read_bytes()
    page = record.add(coded(drawn(seed=2), "JPEG"))
    del record.pictures[page.picture.sha256]
    with pytest.raises(ExportRefused) as refused:
        record.export()

    assert refused.value.context["page"] == 2
    assert record.files == [file.path.name]
    assert file.path.read_bytes() == before


def test_without_a_page_there_is_no_file(record: Desk):
    reasons = {(): "no_pages", ("form",): "no_pages", ("letter",): "no_pages", ("x",): "unknown_item"}
    for items, reason in reasons.items():
        with pytest.raises(ExportRefused) as refused:
            volumes(record.record, LIST, items)
        assert refused.value.context["reason"] == reason
    assert record.files == []


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, StorageMissing)]
)
def test_what_the_disk_reports_has_a_name_and_leaves_nothing(
    record: Desk, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
):
    def refuse(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    record.add(coded(drawn(), "JPEG"))
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(kind):
        record.export()
    assert record.files == []


def test_a_folder_that_cannot_be_made_is_said(record: Desk):
    record.add(coded(drawn(), "JPEG"))
    record.folder.write_text("not a folder")
    with pytest.raises(StorageMissing):
        record.export()


def test_a_file_is_complete_and_synced_before_it_gets_its_name(record: Desk, monkeypatch: pytest.MonkeyPatch):
    record.add(coded(drawn(), "JPEG"))
    synced: list[int] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_size), fsync(handle))[1])

    def check(path: Path, target: Path) -> Path:
        assert synced == [path.stat().st_size]
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", check)
    (file,) = record.export()
    assert len(synced) == 2  # the file, then the folder
    assert file.path.stat().st_mode & 0o077 == 0  # nobody else reads it


def test_a_cancel_between_two_pages_leaves_nothing(record: Desk):
    cancel = CancelToken()
    for seed in (1, 2, 3):
        record.add(coded(drawn(seed=seed), "JPEG"))
    done: list[int] = []

    def progress(pages: int, _total: int) -> None:
        done.append(pages)
        if pages == 2:
            cancel.cancel()

    with pytest.raises(Cancelled):
        record.export(progress=progress, cancel=cancel)
    assert done == [1, 2]
    assert record.files == []
