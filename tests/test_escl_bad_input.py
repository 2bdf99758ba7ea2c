"""The driver `escl` on what no scanner should send: bounded in memory, named, and never a bug of ours."""

import io
import socket
import struct
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from zeroconf import ServiceInfo

from drivers.escl import discovery, scanner
from drivers.escl.documents import UNITS_PER_INCH, Malformed, Order, offer_of, tree, view_of
from drivers.escl.line import Line
from drivers.escl.offer import capabilities, ordered
from drivers.escl.picture import most_bytes, page_of
from drivers.escl.place import place
from drivers.simulated.escl_trouble import Trouble
from drivers.simulated.escl_words import capabilities_xml, status_xml
from station.devices.cancel import CancelToken
from station.errors import DeviceError, DriverFault, PageTruncated, Unsupported
from station.model.capability import Area, ColourMode, ScanSettings, Source
from tests.contracts import scanned
from tests.escl_rig import LOOPBACK, SMALL, STRIP, Serve, kept_until, opened
from tests.escl_rig import serve as serve

FEW = settings(max_examples=60)
GIB = 1 << 30
INCH = Order(Source.FLATBED, ColourMode.GREY, "image/jpeg", 75, 0, 0, 300, 300, open_end=False)


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """Answer every request with these bytes, then keep the connection open until the other side is tired."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        ended = threading.Event()

        def serve_one() -> None:
            with suppress(OSError):
                while not ended.is_set():
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(1 << 16)
                        connection.sendall(answer)
                        ended.wait(0.05)

        thread = threading.Thread(target=serve_one)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}/eSCL"
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def picture(kind: str = "JPEG", width: int = 75, height: int = 75) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(file, kind)
    return file.getvalue()


# -- more than there can be ------------------------------------------------------------------------------------


@pytest.mark.parametrize("asks", ["capabilities", "page"])
def test_two_gigabytes_are_refused_before_they_are_read(asks: str) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (2 * GIB)
    with answering(body + b"\xff\xd8") as url:
        address = place(url)
        assert address is not None
        line = Line(address, "escl:x", 30.0, lambda _: None)
        bound = {"capabilities": 1_000_000, "page": most_bytes(INCH)}[asks]
        with pytest.raises(DriverFault) as caught:
            line.ask("GET", "/eSCL/x", limit_s=60.0, most_bytes=bound)
    assert caught.value.context["detail"] == f"more than {bound} bytes"


def test_a_body_without_end_takes_no_more_memory_than_a_page_may(serve: Serve) -> None:
    server = serve()
    server.spoil(Trouble.ENDLESS)
    device = opened(server.url)
    tracemalloc.start()
    try:
        kept_until(device, STRIP, DriverFault)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # 40 x 20 mm at 75 dpi are 118 x 59 pixels; a growing buffer may take twice what it holds.
    assert peak < 3 * most_bytes(replace(INCH, width=472, height=236))


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"\0" * 100,
    ],
    ids=[
        "negative length",
        "odd chunk",
        "negative chunk",
        "many headers",
        "long header",
        "odd status",
        "nothing",
    ],
)
def test_an_answer_that_is_no_http_is_no_bug_of_ours(answer: bytes) -> None:
    with answering(answer) as url, pytest.raises(DeviceError) as caught:
        opened(url, answer_timeout_s=30)
    assert caught.value.context["device"] == f"escl:{url}"


# -- pictures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [Source.FLATBED, Source.FEEDER])
@pytest.mark.parametrize("area", [None, Area(0, 0, 80, 60)])
def test_pages_at_half_the_resolution_are_refused_by_name(
    serve: Serve, source: Source, area: Area | None
) -> None:
    server = serve()
    server.spoil(Trouble.HALF_DPI, at=1)
    asked = replace(SMALL, source=source, resolution_dpi=600, area=area)
    _, context = kept_until(opened(server.url), asked, Unsupported)
    assert (context["setting"], context["value"]) == ("resolution_dpi", "600 (sent: 300)")


def twice_framed(body: bytes, height: int, width: int) -> bytes:
    """Return a JPEG with a second frame header of this size behind the first."""
    at = body.index(b"\xff\xc0")
    segment = body[at : at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")]
    second = segment[:5] + struct.pack(">HH", height, width) + segment[9:]
    return body[: at + len(segment)] + second + body[at + len(segment) :]


@pytest.mark.parametrize("size", [(150, 150), (75, 76), (20, 20), (65_500, 65_500), (0, 0)])
def test_a_picture_that_changes_its_size_is_no_page(size: tuple[int, int]) -> None:
    with pytest.raises((DriverFault, PageTruncated)):
        page_of(twice_framed(picture(), *size), INCH, 1, "escl:x")


@pytest.mark.parametrize("size", [(0, 0), (75, 0), (0, 75), (2**31, 2**31)])
@pytest.mark.parametrize("open_end", [True, False])
def test_a_picture_of_no_size_or_of_all_sizes_is_no_page(size: tuple[int, int], open_end: bool) -> None:
    header = struct.pack(">II", *size) + b"\x08\0\0\0\0"
    chunk = b"IHDR" + header
    png = b"\x89PNG\r\n\x1a\n\0\0\0\r" + chunk + struct.pack(">I", zlib.crc32(chunk)) + picture("PNG")[33:]
    with pytest.raises((DriverFault, PageTruncated)):
        page_of(png, replace(INCH, open_end=open_end), 1, "escl:x")


def test_a_page_may_come_turned_by_its_own_word() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (75, 80)).save(file, "JPEG", exif=exif)
    assert page_of(file.getvalue(), INCH, 1, "escl:x").pixels.shape == (75, 80)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@given(edits=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), min_size=1, max_size=6))
@FEW
def test_a_picture_with_wrong_bytes_is_a_page_or_an_error_with_a_name(
    kind: str, edits: list[tuple[int, bytes]]
) -> None:
    body = bytearray(picture(kind))
    for at, put in edits:
        place_of = at % (len(body) + 1)
        body[place_of : place_of + max(len(put) - 1, 1)] = put
    with suppress(DriverFault, PageTruncated, Unsupported):
        page = page_of(bytes(body), INCH, 1, "escl:x")
        assert max(page.pixels.shape[:2]) <= 75 + 16


# -- documents -------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "99999999999",
        "1e9",
        "2480",
        "NaN",
        "RGB24",
        "image/jpeg",
        "<x/>",
        "&amp;",
        "&b;",
        "]]>",
        "<!--",
    ]
)


def mutated(text: str, edits: list[tuple[int, str]]) -> bytes:
    """Return a document in which the text of some elements is another."""
    for at, word in edits:
        ends = [place for place, letter in enumerate(text) if letter == ">"]
        cut = ends[at % len(ends)] + 1
        text = (
            text[:cut] + word + text[text.find("<", cut) :] if at % 3 else text[:cut] + word + text[cut + 5 :]
        )
    return text.encode()


EDITS = st.lists(st.tuples(st.integers(0, 10_000), WORDS), min_size=1, max_size=6)


@given(edits=EDITS)
@FEW
def test_capabilities_with_wrong_words_are_understood_or_refused(edits: list[tuple[int, str]]) -> None:
    with suppress(Malformed):
        offer = offer_of(mutated(capabilities_xml(), edits))
        able = capabilities(offer)
        assert able.area_mm is not None and min(able.area_mm) > 0
        for source in able.sources or ():
            for mode in able.modes or ():
                with suppress(Unsupported):
                    order = ordered(offer, ScanSettings(source, mode, 300), "escl:x")
                    tree(order.xml())
                    assert 0 < most_bytes(order) < 64 * GIB and order.width / UNITS_PER_INCH < 400


@given(edits=EDITS)
@FEW
def test_a_status_with_wrong_words_is_understood_or_refused(edits: list[tuple[int, str]]) -> None:
    jobs = [("/eSCL/ScanJobs/1", "Processing", "JobScanning", 1)]
    with suppress(Malformed):
        view_of(mutated(status_xml("Idle", "ScannerAdfLoaded", jobs), edits))


@given(body=st.binary(max_size=400))
@FEW
def test_bytes_that_are_no_document_are_refused(body: bytes) -> None:
    for read in (tree, offer_of, view_of):
        with suppress(Malformed):
            read(body)


@given(location=st.text(max_size=60) | st.from_regex(r"(http:)?//[\[\]a:@%]*/?[!-~]*", fullmatch=True))
@FEW
def test_any_place_of_a_job_is_a_path_below_our_own_host_or_none(location: str) -> None:
    path = scanner._path(location, "/eSCL")
    assert path is None or (path.startswith("/") and path.isascii() and path.isprintable() and " " not in path)


@given(text=st.binary(max_size=300), name=st.text(max_size=40))
@FEW
def test_any_announcement_is_a_scanner_or_none(text: bytes, name: str) -> None:
    kind = "_uscan._tcp.local."
    info = ServiceInfo(
        kind, f"x.{kind}", port=80, addresses=[b"\x7f\0\0\1"], properties=text, server="x.local."
    )
    info.name = f"{name}.{kind}"
    address = discovery._address(info, secure=False)
    if address is not None:
        assert place(address.url) == address
        assert discovery._id(info, address).isprintable()
    assert discovery._name(info).isprintable()


def test_a_scanner_that_sent_nonsense_scans_again(serve: Serve) -> None:
    server = serve()
    server.spoil(Trouble.GARBAGE)
    device = opened(server.url)
    kept_until(device, STRIP, DriverFault)
    assert len(scanned(device, SMALL)) == 1
    with closing(device.scan(STRIP, CancelToken())) as run:
        assert next(run).number == 1
