"""A scanner on the loopback network that speaks eSCL, scans drawn papers and plays scripted trouble."""

import ssl
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from PIL import Image

from drivers.simulated.escl_trouble import AT_PAGES, CODES, ENDED, PLAYED, STUCK, Trouble, coded, spoilt
from drivers.simulated.escl_words import (
    COLOUR_WORDS,
    FORMATS,
    PIXELS,
    RESOLUTIONS,
    capabilities_xml,
    number_in,
    status_xml,
    word_in,
)
from drivers.simulated.glass import scanned
from drivers.simulated.props import Stage
from drivers.simulated.scanner import BACK
from station.model.capability import ColourMode
from station.model.specimen import FaultKind

ROOT = "/eSCL"
LONGEST_REQUEST = 1 << 16
CHUNK = b"\0" * (1 << 16)


@dataclass(frozen=True, slots=True)
class Manners:
    """How this scanner behaves where scanners differ.

    `location` is how it names a job, with `{path}` for its path; `end_code` is its answer after the last page;
    `retry_after_s` what it asks for when busy; `page_s` how long a page takes; `job_host` the only host
    for which it takes jobs, "" for any; `endless_pause_s` slows an endless body down; `tls` makes it
    speak HTTPS.
    """

    location: str = "{path}"
    end_code: int = 404
    retry_after_s: int = 1
    page_s: float = 0.0
    chunked: bool = False
    server: str = "Simulated"
    job_host: str = ""
    endless_pause_s: float = 0.0
    tls: ssl.SSLContext | None = None


@dataclass(slots=True)
class Job:
    """One scan job; sizes in pixels at `dpi`."""

    id: str
    feeds: bool
    duplex: bool
    mode: ColourMode
    media_type: str
    dpi: int
    window: tuple[slice, slice]
    done: int = 0
    state: str = "Processing"
    reason: str = "JobScanning"
    cancelled: threading.Event = field(default_factory=threading.Event)

    def end(self, state: str, reason: str) -> None:
        """End the job, unless it has ended."""
        if self.state == "Processing":
            self.state, self.reason = state, reason


class EsclServer:
    """Serves as long as the `with` lasts, at `url`; scans what lies on the stage. Safe from any thread."""

    def __init__(self, stage: Stage, manners: Manners | None = None, device: str = "") -> None:
        """Take a free port of this machine; nothing beyond it can reach the scanner.

        With a `device` of the stage it has that one's plug and trouble, and whoever takes the job away has
        taken the stuck sheet out too.
        """
        self.device = device
        self.manners = manners or Manners()
        self.requests: list[tuple[str, str, int]] = []
        self.bodies: dict[str, bytes] = {}
        self._stage = stage
        self._lock = threading.Lock()
        self._script: list[tuple[Trouble, int]] = []
        self._stuck = ""
        self._jobs: dict[str, Job] = {}
        self._ended = threading.Event()
        scanner = self

        class Handler(_Handler):
            owner = scanner
            server_version = scanner.manners.server
            sys_version = ""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # so that closing waits for them
        if self.manners.tls is not None:
            self._server.socket = self.manners.tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """The address for the settings of a driver."""
        scheme = "http" if self.manners.tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}{ROOT}"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End whatever goes on."""
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def spoil(self, trouble: Trouble, at: int = 1, times: int = 1) -> None:
        """Let this happen at page `at` of a job, so many times."""
        with self._lock:
            self._script += [(trouble, at)] * times

    def serve_instead(self, path: str, body: bytes) -> None:
        """Answer a request for this path below the root with these bytes from now on."""
        self.bodies[f"{ROOT}/{path}"] = body

    def mend(self) -> None:
        """Take the stuck sheet out and close the cover."""
        with self._lock:
            self._stuck = ""

    # -- what the handler asks ------------------------------------------------------------------------------

    def strike(self, number: int, *among: Trouble) -> Trouble | None:
        """Return the trouble of this page, and use it up."""
        with self._lock:
            due = next((one for one in self._script if one[1] == number and one[0] in among), None)
            if due is not None:
                self._script.remove(due)
            trouble = due[0] if due is not None else self._staged(number, among)
            if trouble in STUCK:
                self._stuck = STUCK[trouble]
            return trouble

    def _staged(self, number: int, among: tuple[Trouble, ...]) -> Trouble | None:
        """Return the trouble that the stage has for this page."""
        kinds = [kind for kind, trouble in PLAYED.items() if self.device and trouble in among]
        kind = self._stage.strike(self.device, number, kinds) if kinds else None
        if kind is FaultKind.UNPLUG:
            self._stage.plug(self.device, connected=False)
        return PLAYED[kind] if kind is not None else None

    def status(self) -> str:
        """Say how the scanner stands."""
        with self._lock:
            works = any(job.state == "Processing" for job in self._jobs.values())
            feeder = "ScannerAdfEmpty" if self._stage.next_sheet is None else "ScannerAdfLoaded"
            state = "Stopped" if self._stuck else "Processing" if works else "Idle"
            jobs = [
                (f"{ROOT}/ScanJobs/{job.id}", job.state, job.reason, job.done) for job in self._jobs.values()
            ]
            return status_xml(state, self._stuck or feeder, jobs)

    def order(self, body: bytes) -> tuple[int, Job | None]:
        """Take a job; the first value is the code of the answer."""
        if self.strike(1, Trouble.BUSY):
            return 503, None
        try:
            asked = ET.fromstring(body)
        except ET.ParseError:
            return 400, None
        mode = COLOUR_WORDS.get(word_in(asked, "ColorMode"))
        dpi = number_in(asked, "XResolution")
        feeds = word_in(asked, "InputSource") == "Feeder"
        media_type = word_in(asked, "DocumentFormatExt") or word_in(asked, "DocumentFormat") or FORMATS[0]
        if (
            mode is None
            or dpi not in RESOLUTIONS
            or media_type not in FORMATS
            or (feeds and self._stage.next_sheet is None)
        ):
            return 409, None
        left, top, width, height = (
            round(number_in(asked, name) * dpi / PIXELS) for name in ("XOffset", "YOffset", "Width", "Height")
        )
        with self._lock:
            job = Job(
                str(len(self._jobs) + 1),
                feeds,
                word_in(asked, "Duplex") == "true",
                mode,
                media_type,
                dpi,
                (slice(top, top + height), slice(left, left + width)),
            )
            self._jobs[job.id] = job
        return 201, job

    def job(self, path: str) -> Job | None:
        """Return the job at this path."""
        return self._jobs.get(path.removeprefix(f"{ROOT}/ScanJobs/").removesuffix("/NextDocument"))

    def wait_for_cancel(self, job: Job) -> None:
        """Do nothing until the job is cancelled or the scanner is switched off."""
        while not self._ended.wait(0.05) and not job.cancelled.is_set():
            continue

    def runs(self) -> bool:
        """Tell whether the scanner is on and its plug is in."""
        return not self._ended.is_set() and (not self.device or self._stage.connection(self.device) is not None)

    def page(self, job: Job) -> bytes | None:
        """Scan the next side; None when there is none."""
        sheet = self._stage.next_sheet if job.feeds else self._stage.glass
        is_back = job.duplex and job.done % 2 == 1
        if job.state != "Processing" or (sheet is None if job.feeds else job.done > 0):
            job.end("Completed", "JobCompletedSuccessfully")
            return None
        time.sleep(self.manners.page_s)
        paper = BACK if is_back else sheet
        pixels = scanned(self._stage, paper, job.dpi, job.mode, job.window)
        if job.feeds and sheet is not None and (is_back or not job.duplex):
            self._stage.take_sheet(sheet)
        image = Image.fromarray(pixels)
        return coded(image.convert("1") if job.mode is ColourMode.BINARY else image, job.dpi, job.media_type)


class _Handler(BaseHTTPRequestHandler):
    """One request to the scanner."""

    owner: EsclServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay silent: whoever wants to know reads `requests`."""

    def handle(self) -> None:
        """Serve; a client may hang up at any moment."""
        if not self.owner.runs():
            return
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        scanner = self.owner
        job = scanner.job(self.path)
        if self.path in scanner.bodies:
            self._answer(200, scanner.bodies[self.path])
        elif self.path == f"{ROOT}/ScannerCapabilities":
            self._answer(200, capabilities_xml().encode())
        elif self.path == f"{ROOT}/ScannerStatus":
            self._answer(200, scanner.status().encode())
        elif job is None or not self.path.endswith("/NextDocument"):
            self._answer(404)
        else:
            self._next(job)

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length", 0)), LONGEST_REQUEST)
        body = self.rfile.read(length)
        if self.owner.manners.job_host not in ("", self.headers.get("Host")):
            self._answer(400)
            return
        code, job = self.owner.order(body)
        place = "" if job is None else f"{ROOT}/ScanJobs/{job.id}"
        self._answer(code, location=place and self.owner.manners.location.format(path=place))

    def do_DELETE(self) -> None:
        job = self.owner.job(self.path)
        if job is not None:
            job.end("Canceled", "JobCanceledByUser")
            job.cancelled.set()
            if self.owner.device:
                self.owner.mend()
        self._answer(404 if job is None else 200)

    def _next(self, job: Job) -> None:
        trouble = self.owner.strike(job.done + 1, *AT_PAGES)
        if trouble in CODES:
            if trouble in ENDED:
                job.end(*ENDED[trouble])
            self._answer(CODES[trouble])
            return
        if trouble is Trouble.HANG:
            self.owner.wait_for_cancel(job)
            self.close_connection = True
            return
        if trouble is Trouble.ENDLESS:
            self._endless()
            return
        body = self.owner.page(job)
        if body is None:
            self._answer(self.owner.manners.end_code)
            return
        job.done += 1
        if trouble is Trouble.DROP:
            self._begin(200, {"Content-Length": str(len(body)), "Content-Type": job.media_type})
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        self._answer(200, spoilt(body, trouble) if trouble is not None else body, media_type=job.media_type)

    def _answer(self, code: int, body: bytes = b"", location: str = "", media_type: str = "text/xml") -> None:
        headers = {"Location": location} if location else {}
        if body:
            headers["Content-Type"] = media_type
        if code == 503:
            headers["Retry-After"] = str(self.owner.manners.retry_after_s)
        if body and self.owner.manners.chunked:
            self._begin(code, headers | {"Transfer-Encoding": "chunked"})
            for at in range(0, len(body), len(CHUNK)):
                self._chunk(body[at : at + len(CHUNK)])
            self._chunk(b"")
        else:
            self._begin(code, headers | {"Content-Length": str(len(body))})
            self.wfile.write(body)

    def _begin(self, code: int, headers: dict[str, str]) -> None:
        self.owner.requests.append((self.command, self.path, code))
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _chunk(self, body: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))

    def _endless(self) -> None:
        self._begin(200, {"Transfer-Encoding": "chunked"})
        while self.owner.runs():
            self._chunk(CHUNK if not self.owner.manners.endless_pause_s else b"\0")
            time.sleep(self.owner.manners.endless_pause_s)
