"""The driver `escl` on the simulated eSCL scanner, and on documents and servers that mean no good."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace

import pytest

from drivers.escl.scanner import EsclScanner
from drivers.simulated.escl_server import EsclServer
from drivers.simulated.escl_trouble import Trouble
from station.devices.cancel import CancelToken
from station.errors import (
    Cancelled,
    CoverOpen,
    DeviceLost,
    DeviceOffline,
    DeviceTimeout,
    DriverFault,
    FeederEmpty,
    PageTruncated,
    PaperJam,
    StationError,
    Unsupported,
)
from station.imaging import codec
from station.model.capability import Area, ColourMode, ScanSettings, Source
from station.model.specimen import FaultKind
from tests.contracts import MakeTrouble, ScannerContract, scanned
from tests.escl_rig import SHEETS, SMALL, STRIP, Serve, kept_until, opened
from tests.escl_rig import serve as serve

NAMED = {
    FaultKind.JAM: (Trouble.JAM, 1),
    FaultKind.COVER: (Trouble.COVER, 1),
    FaultKind.BUSY: (Trouble.BUSY, 3),
    FaultKind.TRUNCATE: (Trouble.TRUNCATE, 1),
    FaultKind.UNPLUG: (Trouble.DROP, 1),
    FaultKind.HANG: (Trouble.HANG, 1),
}


class TestEsclScanner(ScannerContract):
    """The contract on the simulated scanner."""

    @pytest.fixture
    def server(self, serve: Serve) -> EsclServer:
        return serve()

    @pytest.fixture
    def open_device(self, server: EsclServer) -> Callable[[], EsclScanner]:
        return lambda: opened(server.url)

    @pytest.fixture(params=ColourMode)
    def settings(self, request: pytest.FixtureRequest) -> ScanSettings:
        return replace(SMALL, mode=request.param)

    @pytest.fixture
    def feeder_settings(self) -> ScanSettings:
        return STRIP

    @pytest.fixture
    def make_trouble(self, server: EsclServer) -> MakeTrouble:
        def make(kind: FaultKind, at: int = 1) -> bool:
            if kind in NAMED:
                trouble, times = NAMED[kind]
                server.spoil(trouble, at, times)
            return kind in NAMED

        return make


# -- scans -----------------------------------------------------------------------------------------------------


def test_the_scanners_own_bytes_stay_with_the_page(serve: Serve) -> None:
    scanner = opened(serve().url)
    (page,) = scanned(scanner, replace(SMALL, mode=ColourMode.COLOUR))
    assert page.media_type == "image/jpeg"
    assert page.encoded is not None and page.encoded.startswith(b"\xff\xd8")
    assert codec.decode(page.encoded).pixels.shape == page.pixels.shape == (877, 620, 3)  # A4 at 75 dpi
    (page,) = scanned(scanner, replace(SMALL, mode=ColourMode.BINARY))
    assert page.media_type == "image/png"


def test_both_sides_come_one_after_the_other_and_the_backs_are_marked(serve: Serve) -> None:
    pages = scanned(opened(serve(sheets=2).url), replace(STRIP, source=Source.DUPLEX))
    assert [(page.number, page.back) for page in pages] == [(1, False), (2, True), (3, False), (4, True)]


@pytest.mark.parametrize("end_code", [404, 409, 410])
def test_the_feeder_may_end_with_any_of_three_codes(serve: Serve, end_code: int) -> None:
    server = serve(sheets=2, end_code=end_code)
    assert len(scanned(opened(server.url), STRIP)) == 2
    assert server.requests[-1] == ("DELETE", "/eSCL/ScanJobs/1", 200)


@pytest.mark.parametrize(
    "location",
    ["http://printer.example:9999{path}", "http://[fe80::1%eth0{path}", "ScanJobs/1", "{path}/"],
    ids=["foreign host", "broken host", "relative", "slash"],
)
def test_only_the_path_of_a_job_counts(serve: Serve, location: str) -> None:
    assert len(scanned(opened(serve(location=location).url), SMALL)) == 1


@pytest.mark.parametrize("location", ["", "/eSCL/ScanJobs/ä b"])
def test_a_job_without_a_place_is_a_fault(serve: Serve, location: str) -> None:
    kept_until(opened(serve(location=location).url), SMALL, DriverFault)


def test_pages_in_chunks_are_read_to_their_end(serve: Serve) -> None:
    assert len(scanned(opened(serve(chunked=True).url), STRIP)) == SHEETS


@pytest.mark.parametrize("trouble", [Trouble.NOT_READY, Trouble.NOT_THERE_YET, Trouble.BUSY])
def test_a_scanner_that_is_not_ready_is_asked_again(serve: Serve, trouble: Trouble) -> None:
    server = serve()
    server.spoil(trouble, at=1, times=2)
    server.spoil(trouble, at=3)
    assert len(scanned(opened(server.url), STRIP)) == SHEETS


@pytest.mark.parametrize(
    ("trouble", "error", "detail"),
    [
        (Trouble.COVER, CoverOpen, None),
        (Trouble.ABORT, DriverFault, "HTTP 500 Idle ScannerAdfLoaded Aborted"),
        (Trouble.EMPTY_BODY, PageTruncated, None),
        (Trouble.TRUNCATE, PageTruncated, None),
        (Trouble.DROP, DeviceLost, "IncompleteRead"),
        (Trouble.SHORT_PAGE, PageTruncated, None),
        (Trouble.WRONG_SIZE, DriverFault, "59x29 px, not 118x59"),  # 40 x 20 mm at 75 dpi, and half
        (Trouble.LYING_HEADER, DriverFault, "65500x65500 px, not 118x59"),
        (Trouble.GARBAGE, DriverFault, "neither JPEG nor PNG"),
        (Trouble.ENDLESS, DriverFault, None),
        (Trouble.CANCEL_KEY, Cancelled, None),
    ],
)
def test_trouble_at_page_two_has_a_name_and_keeps_page_one(
    serve: Serve, trouble: Trouble, error: type[StationError], detail: str | None
) -> None:
    server = serve()
    server.spoil(trouble, at=2)
    pages, context = kept_until(opened(server.url), STRIP, error)
    assert [page.number for page in pages] == [1]
    assert context["kept"] == 1
    assert detail is None or context["detail"] == detail
    assert server.requests[-1][0] == "DELETE"


def test_a_scanner_that_is_never_ready_is_given_up(serve: Serve) -> None:
    server = serve()
    server.spoil(Trouble.NOT_READY, times=4)
    kept_until(opened(server.url), SMALL, DeviceTimeout)


def test_an_empty_feeder_and_a_stuck_one_are_seen_before_a_job_is_made(serve: Serve) -> None:
    empty, stuck = serve(sheets=0), serve()
    kept_until(opened(empty.url), STRIP, FeederEmpty)
    stuck.spoil(Trouble.JAM)
    scanner = opened(stuck.url)
    kept_until(scanner, STRIP, PaperJam)
    kept_until(scanner, STRIP, PaperJam)
    assert [method for method, _, _ in (*empty.requests, *stuck.requests)].count("POST") == 1
    stuck.mend()
    assert len(scanned(scanner, STRIP)) == SHEETS


def test_a_cancel_between_pages_takes_the_job_away(serve: Serve) -> None:
    server = serve()
    cancel = CancelToken()
    with pytest.raises(Cancelled), closing(opened(server.url).scan(STRIP, cancel)) as run:
        next(run)
        cancel.cancel()
        next(run)
    assert server.requests[-1] == ("DELETE", "/eSCL/ScanJobs/1", 200)


def test_some_scanners_of_hp_take_jobs_for_localhost_only(serve: Serve) -> None:
    assert len(scanned(opened(serve(server="HP_Compact_Server", job_host="localhost").url), SMALL)) == 1
    kept_until(opened(serve(job_host="localhost").url), SMALL, DriverFault)


class WatchedToken(CancelToken):
    """Writes down for how long it was waited."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return super().wait(0)


@pytest.mark.parametrize(("server", "breaths"), [("Brother", 2), ("Other", 0)])
def test_scanners_of_brother_get_a_breath_between_pages(serve: Serve, server: str, breaths: int) -> None:
    token = WatchedToken()
    assert len(scanned(opened(serve(sheets=2, server=server).url), STRIP, token)) == 2
    assert len(token.waits) == breaths
    assert all(0 <= wait <= 1 for wait in token.waits)


@pytest.mark.parametrize(("told", "waited"), [(3, 3.0), (86_400, 10.0)])
def test_a_busy_scanner_says_how_long_to_wait_within_bounds(serve: Serve, told: int, waited: float) -> None:
    server, token = serve(retry_after_s=told), WatchedToken()
    server.spoil(Trouble.BUSY)
    assert len(scanned(opened(server.url), SMALL, token)) == 1
    assert token.waits == [waited]


def test_a_cancel_in_the_middle_of_an_endless_body_ends_it(serve: Serve) -> None:
    server = serve(endless_pause_s=0.02)
    server.spoil(Trouble.ENDLESS)
    cancel = CancelToken()
    timer = threading.Timer(0.1, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        scanned(opened(server.url), SMALL, cancel)
    timer.join()


@pytest.mark.parametrize(
    "area",
    [
        Area(0, 0, 0, 0),
        Area(-1, 0, 20, 20),
        Area(200, 0, 20, 20),
        Area(0, 0, float("nan"), 20),
        Area(0, 0, float("inf"), 20),
    ],
)
def test_an_area_that_is_none_or_off_the_glass_is_refused(serve: Serve, area: Area) -> None:
    _, context = kept_until(opened(serve().url), replace(SMALL, area=area), Unsupported)
    assert context["setting"] == "area"


# -- servers that mean no good ---------------------------------------------------------------------------------


@pytest.fixture
def silent() -> Iterator[str]:
    """Accept connections and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/eSCL"


def test_a_server_that_never_answers_is_given_up(silent: str) -> None:
    with pytest.raises(DeviceTimeout) as caught:
        opened(silent, answer_timeout_s=0.1)
    assert caught.value.context["seconds"] == 0.1


def test_a_server_that_drips_for_ever_is_given_up_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    connection.sendall(b"X")
                    time.sleep(0.02)

        other = threading.Thread(target=drip)
        other.start()
        with pytest.raises(DeviceTimeout):
            opened(f"http://127.0.0.1:{listener.getsockname()[1]}/eSCL", answer_timeout_s=0.3)
        other.join()


def test_a_port_where_nobody_is_means_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeviceOffline):
        opened(f"http://127.0.0.1:{port}/eSCL")


def test_a_server_that_speaks_no_http_is_lost() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"SSH-2.0-none\r\n\r\n")

        other = threading.Thread(target=babble)
        other.start()
        with pytest.raises(DeviceLost):
            opened(f"http://127.0.0.1:{listener.getsockname()[1]}/eSCL")
        other.join()


DECLARING = b"<!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>"


@pytest.mark.parametrize("body", [b"<html/>", DECLARING, b"<ScannerCapabilities/>", b"x" * 2_000_000])
def test_capabilities_that_are_none_do_not_open(serve: Serve, body: bytes) -> None:
    server = serve()
    server.serve_instead("ScannerCapabilities", body)
    with pytest.raises(DriverFault):
        opened(server.url)


def test_a_status_that_cannot_be_read_says_nothing_and_stops_nothing(serve: Serve) -> None:
    server = serve()
    server.serve_instead("ScannerStatus", DECLARING)
    assert len(scanned(opened(server.url), STRIP)) == SHEETS


def test_a_sheet_from_the_feeder_may_be_shorter_than_the_feeder_allows(serve: Serve) -> None:
    server = serve(sheets=2)
    server.spoil(Trouble.SHORT_PAGE)
    pages = scanned(opened(server.url), replace(STRIP, area=None))
    assert [page.pixels.shape[0] for page in pages] == [438, 877]
