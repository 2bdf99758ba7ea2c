"""A scanner that speaks eSCL: jobs, pages, and what is made of its answers."""

import logging
import re
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from urllib.parse import urljoin

from drivers.escl import offer as offering
from drivers.escl import picture
from drivers.escl.documents import MOST_BYTES, Malformed, Offer, Order, ScannerView, offer_of, view_of
from drivers.escl.line import Address, Answer, Line, Prove
from drivers.escl.status import EMPTY, FEEDER, Refusal
from station.devices.cancel import CancelToken
from station.errors import (
    Cancelled,
    DeviceError,
    DeviceTimeout,
    DriverFault,
    FeederEmpty,
    PageTruncated,
    StationError,
)
from station.model.capability import DeviceInfo, ScannerCapabilities, ScanSettings
from station.model.image import Page

LONGEST_PAUSE_S = 10.0
"""What is waited at most before asking again, whatever a scanner wants."""

UNKNOWN = ScannerView("", "", ())

GONE = frozenset({404, 410})
"""No more pages, or the job is gone; some scanners mean that the next page is not ready yet."""
ENDS = GONE | {409}
"""How scanners say that the feeder has come to its end."""

WANTS_LOCALHOST = re.compile(r"HP_Compact_Server|LaserJet (?:MFP )?M630|(?:MFP|Flow).* M578", re.IGNORECASE)
"""Servers and models of HP that take jobs for the host `localhost` only."""

NEEDS_A_BREATH = re.compile("Brother", re.IGNORECASE)
"""Asked for the next page too soon, these answer that there is none."""
LONGEST_BREATH_S = 1.0

_HOST = re.compile(r"^([a-z]+:)?//[^/]*", re.IGNORECASE)
_PATH = re.compile(r"/[!-~]{0,1000}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a scanner is waited for: seconds for a connection, an answer, a whole page; pauses and tries.

    A page may take as long as the lamp needs to pass at the highest resolution.
    """

    connect_timeout_s: float = 5.0
    answer_timeout_s: float = 10.0
    page_timeout_s: float = 120.0
    retry_pause_s: float = 1.0
    start_tries: int = 10
    page_tries: int = 30


class EsclScanner:
    """Fulfils `station.devices.device.Scanner`. Every call runs on the scanner's lane.

    Between two scans nothing is connected, so there is nothing to close.
    """

    def __init__(self, info: DeviceInfo, address: Address, limits: Limits, prove: Prove) -> None:
        """Ask a scanner what it can do.

        Raises:
            DeviceOffline, DeviceLost, DeviceTimeout, AccessDenied, CertificateChanged, DriverFault.
        """
        self.info = info
        self._address = address
        self._prove = prove
        self._limits = limits
        line = self._line()
        answer = self._get(line, f"{address.root}/ScannerCapabilities")
        if answer.status != 200:
            raise Refusal(answer.status, UNKNOWN).error(empty=False, begun=False, device=info.id)
        self._offer = self._understood(answer)
        who = f"{answer.headers.get('server', '')} {self._offer.model}"
        self._job_host = "localhost" if WANTS_LOCALHOST.search(who) else None
        self._needs_a_breath = NEEDS_A_BREATH.search(who) is not None

    def capabilities(self) -> ScannerCapabilities:
        """Say what the scanner can do, as it said when it was opened."""
        return offering.capabilities(self._offer)

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        """Yield one page from the flatbed, all that lie in the feeder; see `Scanner` for the failures."""
        cancel.check()
        order = offering.ordered(self._offer, settings, self.info.id)
        line = self._line()
        cancel.on_cancel(line.hang_up)
        try:
            yield from self._pages(line, order, cancel)
        except StationError:
            if cancel.cancelled:  # whatever a connection says that we cut ourselves
                raise Cancelled(device=self.info.id, kept=line.kept) from None
            raise

    def close(self) -> None:
        """Do nothing: a job is ended by whoever pulls its pages."""

    def _pages(self, line: Line, order: Order, cancel: CancelToken) -> Generator[Page]:
        job = self._begun(line, order, cancel)
        try:
            for number in count(1):
                began = time.monotonic()
                body = self._body(line, job, order, cancel)
                if body is None:
                    return
                page = picture.page_of(body, order, number, self.info.id)
                line.kept = number
                yield page
                if not order.feeds:
                    return
                if self._needs_a_breath:
                    cancel.wait(min(LONGEST_BREATH_S, (time.monotonic() - began) / 2))
                cancel.check()
        finally:
            self._end(job)

    def _begun(self, line: Line, order: Order, cancel: CancelToken) -> str:
        """Begin a job and return its path."""
        if order.feeds:
            self._look_at_the_feeder(line)
        for _ in range(self._limits.start_tries):
            answer = line.ask(
                "POST",
                f"{self._address.root}/ScanJobs",
                body=order.xml(),
                host=self._job_host,
                limit_s=self._limits.answer_timeout_s,
                most_bytes=0,
            )
            if answer.status == 201:
                path = _path(answer.headers.get("location", ""), self._address.root)
                if path is None:
                    raise DriverFault(device=self.info.id, detail="job without a place")
                return path
            refusal = Refusal(answer.status, self._view(line))
            if answer.status != 503 or refusal.stoppage() is not None:
                break
            self._pause(answer, cancel)
        raise refusal.error(empty=order.feeds, begun=False, device=self.info.id, kept=0)

    def _look_at_the_feeder(self, line: Line) -> None:
        """Look before the start: some scanners take the job, and call an empty feeder a jam."""
        view = self._view(line)
        if view.feeder == EMPTY:
            raise FeederEmpty(device=self.info.id)
        if view.feeder in FEEDER:
            raise FEEDER[view.feeder](device=self.info.id, kept=0)

    def _body(self, line: Line, job: str, order: Order, cancel: CancelToken) -> bytes | None:
        """Return the bytes of the next page; None after the last."""
        for _ in range(self._limits.page_tries):
            answer = line.ask(
                "GET",
                f"{job}/NextDocument",
                limit_s=self._limits.page_timeout_s,
                most_bytes=picture.most_bytes(order),
            )
            if answer.status == 200 and answer.body:
                return answer.body
            view = self._view(line)
            mine = next((one for one in view.jobs if _id(one.path) == _id(job)), None)
            refusal = Refusal(answer.status, view, mine)
            facts = {"device": self.info.id, "kept": line.kept}
            stoppage = refusal.stoppage()
            if stoppage is not None:
                raise refusal.named(stoppage, **facts)
            if answer.status == 200:
                raise PageTruncated(rows=0, expected=order.size_px[1], **facts)
            if answer.status != 503 and not (answer.status in GONE and refusal.works_on):
                if line.kept and answer.status in ENDS:
                    return None
                raise refusal.error(empty=order.feeds and not line.kept, begun=True, **facts)
            self._pause(answer, cancel)
        raise DeviceTimeout(seconds=self._limits.page_tries * self._limits.retry_pause_s, **facts)

    def _pause(self, answer: Answer, cancel: CancelToken) -> None:
        """Wait as long as the scanner asks for, within bounds."""
        told = answer.headers.get("retry-after", "")
        seconds = float(told) if told.isdecimal() and told.isascii() else self._limits.retry_pause_s
        cancel.wait(min(seconds, LONGEST_PAUSE_S))
        cancel.check()

    def _view(self, line: Line) -> ScannerView:
        """Ask how the scanner stands; what it says badly, it does not say."""
        answer = self._get(line, f"{self._address.root}/ScannerStatus")
        with suppress(Malformed):
            if answer.status == 200:
                return view_of(answer.body)
        return UNKNOWN

    def _end(self, job: str) -> None:
        """Take the job away, cancelled or done: scanners keep a job, and their feeder, until then."""
        try:
            self._line().ask("DELETE", job, limit_s=self._limits.answer_timeout_s, most_bytes=0)
        except DeviceError as error:  # the pages are safe, and a scanner forgets its jobs in time
            _log.info("job not taken away: %s", error)

    def _understood(self, answer: Answer) -> Offer:
        try:
            return offer_of(answer.body)
        except Malformed as error:
            raise DriverFault(device=self.info.id, detail=f"ScannerCapabilities: {error}") from error

    def _get(self, line: Line, path: str) -> Answer:
        return line.ask("GET", path, limit_s=self._limits.answer_timeout_s, most_bytes=MOST_BYTES)

    def _line(self) -> Line:
        return Line(self._address, self.info.id, self._limits.connect_timeout_s, self._prove)


def _path(location: str, root: str) -> str | None:
    """Return the path of a job. Hosts are not looked at: devices send names that nobody knows."""
    place = _HOST.sub("", location.strip())
    try:
        path = urljoin(f"{root}/ScanJobs", place).rstrip("/")
    except ValueError:
        return None
    return path if place and _PATH.fullmatch(path) else None


def _id(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
