"""Targets: what is read off papers, off the line of a reader, and off a network scanner."""

import io
import json
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from drivers.escl.documents import Malformed, Order, offer_of, tree, view_of
from drivers.escl.known import Known
from drivers.escl.offer import capabilities, ordered
from drivers.escl.picture import page_of
from drivers.escl.place import place
from drivers.opencv_camera import coded
from drivers.simulated.escl_words import capabilities_xml, status_xml
from station.calibration.label import label_in
from station.devices.framing import FrameParser
from station.errors import DeviceError, PictureError, SettingsError, StationError, Unsupported
from station.imaging import codec
from station.model.capability import ColourMode, ScanSettings, Source
from station.model.document import Barcode, Certainty, MrzFormat, Symbology
from station.model.swipe import ETX, STX, BlockCheck, Framing
from station.reading import separators
from station.reading.mrz import parse
from station.reading.patterns import load_patterns
from station.settings import resources_dir
from tests.crosschecked import HOLDER, RECORD, TODAY, build, compare
from tests.fuzz.target import Target, of_file, small_pictures

ZONES = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
    "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6",
)
"""The specimens of ICAO 9303-4 to -7, and the older French card."""

LABELS = (b"CT1;A1;T-0042;0123456789AB;20300101", b"CT1;C2;9;000000000000;00000000")
FRAMINGS = (
    Framing(),
    Framing(STX, ETX),
    Framing(STX, ETX, BlockCheck.XOR),
    Framing(STX, ETX, BlockCheck.UNPROVED, header=6),
    Framing(b"~", b"\r"),
)
INCH = Order(Source.FLATBED, ColourMode.GREY, "image/jpeg", 75, 0, 0, 300, 300, open_end=False)
KNOWN = {
    "scanners": {"escl:a": {"url": "http://192.0.2.7:80/eSCL", "name": "Scanner", "seen": "2026-11-22"}},
    "certificates": {"escl:a": "ab" * 32},
}


def text_of(data: bytes) -> str:
    """Return text of any bytes, also such as no file can hold."""
    return data.decode("utf-8", "surrogateescape" if len(data) % 2 else "replace")


def zone(data: bytes, _: Path) -> None:
    """Parse printed lines and hold what they say against a record."""
    mrz = parse(text_of(data).split("\n"), today=TODAY)
    compare(
        RECORD, mrz=mrz, identifiers=(), today=TODAY, second=parse(build(HOLDER, MrzFormat.TD3), today=TODAY)
    )


@cache
def _patterns() -> object:
    return load_patterns(resources_dir() / "patterns")


def code(data: bytes, _: Path) -> None:
    """Say what the payload of a bar code means, in every symbology that the first byte chooses."""
    kinds = tuple(Symbology)
    read = Barcode(kinds[(data[:1] or b"\0")[0] % len(kinds)], data[1:], Certainty.ACCEPTED)
    found = _patterns().identify([read])  # type: ignore[attr-defined]
    compare(RECORD, mrz=None, identifiers=found, today=TODAY, others=[read.text])
    label_in(read.text)
    separators.parse(read.text)


def swipe(data: bytes, _: Path) -> None:
    """Feed a stream in pieces, with pauses, in every framing."""
    for framing in FRAMINGS:
        parser, now = FrameParser(framing), 0.0
        for at in range(0, len(data), 37):
            now += (0.001, 0.3, 3.0)[at % 3]
            for one in parser.feed(data[at : at + 37], now):
                parse(one.lines, today=TODAY)
        parser.feed(b"", now + 10)


def offer(data: bytes, _: Path) -> None:
    """Read what a scanner says of itself, and order every page that it claims to make."""
    read = offer_of(data)
    capabilities(read)
    for source in Source:
        for mode in ColourMode:
            with suppress(Unsupported):
                tree(ordered(read, ScanSettings(source, mode, 300), "escl:x").xml())


def known(data: bytes, folder: Path) -> None:
    """Read the file in which scanners and their certificates are remembered."""
    (folder / "escl.json").write_bytes(data)
    remembered = Known(folder / "escl.json")
    remembered.scanners(date(2026, 11, 22))
    remembered.prove("escl:a", "ab" * 32)


@cache
def pictures() -> tuple[bytes, ...]:
    """Code a small picture in every format and colour that is taken."""
    shade = np.linspace(0, 255, 75 * 75 * 3).reshape(75, 75, 3).astype(np.uint8)
    made = Image.fromarray(shade)
    made.getexif()[0x0112] = 6
    ways = (
        ("JPEG", "RGB", {"dpi": (75, 75)}), ("JPEG", "L", {}), ("JPEG", "CMYK", {}),
        ("JPEG", "RGB", {"progressive": True, "exif": made.getexif()}),
        ("PNG", "RGB", {"dpi": (75, 75)}), ("PNG", "P", {}), ("PNG", "1", {}), ("PNG", "RGBA", {}),
        ("PNG", "I;16", {}),
        ("TIFF", "RGB", {"compression": "tiff_lzw"}), ("TIFF", "1", {"compression": "group4"}),
        ("TIFF", "CMYK", {}), ("TIFF", "F", {}), ("TIFF", "LAB", {}), ("PPM", "RGB", {}), ("PPM", "L", {}),
    )  # fmt: skip
    written = []
    own = {"I;16": made.convert("L").convert("I;16"), "LAB": Image.new("LAB", (75, 75), (50, 3, 3))}
    for kind, mode, how in ways:
        buffer = io.BytesIO()
        (own[mode] if mode in own else made.convert(mode)).save(buffer, kind, **how)
        written.append(buffer.getvalue())
    return tuple(written)


def picture(data: bytes, _: Path) -> None:
    """Decode a picture as a file, and as the page of a scanner."""
    with small_pictures():
        for read in (codec.decode, codec.orientation, lambda body: page_of(body, INCH, 1, "escl:x")):
            with suppress(PictureError, DeviceError):
                read(data)


def frame(data: bytes, _: Path) -> None:
    """Decode one picture of a camera's stream."""
    with small_pictures():
        coded.decoded(np.frombuffer(data, np.uint8))


def _xml(*texts: str) -> tuple[bytes, ...]:
    return tuple(text.encode() for text in texts)


TARGETS: dict[str, Target] = {
    "printed_lines": Target(lambda: _xml(*ZONES), zone, ()),
    "bar_codes": Target(
        lambda: (b"\0V000123456", b"\1L000123456", b"\2ITEM:application_form", b"\3\x1e06\x1dP1\x04", *LABELS),
        code,
        (),
    ),
    "label": Target(lambda: LABELS, lambda data, _: label_in(text_of(data)), ()),
    "swipes": Target(
        lambda: (*_xml(*ZONES), *(STX + one + ETX + b"a" for one in _xml(*ZONES)), b"~]C0L000123456\r"),
        swipe,
        (),
    ),
    "escl_capabilities": Target(lambda: _xml(capabilities_xml()), offer, (Malformed,)),
    "escl_status": Target(
        lambda: _xml(
            status_xml("Idle", "ScannerAdfLoaded", [("/eSCL/ScanJobs/1", "Processing", "JobScanning", 1)])
        ),
        lambda data, _: view_of(data),
        (Malformed,),
    ),
    "escl_place": Target(
        lambda: (b"http://192.0.2.7:8080/eSCL", b"https://[2001:db8::1]/eSCL/"),
        lambda data, _: place(text_of(data)),
        (),
    ),
    "escl_known": Target(lambda: (json.dumps(KNOWN, indent=2).encode(),), known, (SettingsError, StationError)),
    "pictures": Target(pictures, picture),
    "camera_frames": Target(lambda: pictures()[:4], frame, ()),
    "patterns_text": Target(
        lambda: [file.read_bytes() for file in sorted((resources_dir() / "patterns").glob("*.toml"))],
        of_file("a.toml", load_patterns),
        (SettingsError,),
    ),
}
