"""One scan from the scanner's first page to its last, on the scanner's lane."""

import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from typing import cast

from station.devices.cancel import CancelToken
from station.devices.device import Scanner
from station.errors import Cancelled, DriverFault, StationError
from station.flow.events import Outcome
from station.flow.workshop import Pages, Workshop
from station.model.calibration import Proof
from station.model.capability import DeviceInfo, ScanSettings, Source
from station.model.document import Separator, SeparatorKind
from station.model.image import Page
from station.model.record import AttachmentKind
from station.model.scan_profile import ScanProfile

IN_FLIGHT = 3
"""Pages that wait for the workshop while the scanner goes on; a 300 dpi A4 page holds 26 MB."""

IN_FLIGHT_BYTES = 160_000_000
"""Fewer of large pages: at 600 dpi one holds 105 MB."""


@dataclass(slots=True, eq=False)
class ScanJob:
    """What was asked for. The desk lane owns every field but `last_sign` and `lost`, the scanner's lane's.

    `item` moves on with the separator sheets in the pile; `sheet` is the front side that waits for its back;
    `usual_s` is how long the slowest page took so far.
    """

    visit_id: str
    kind: AttachmentKind
    item: str
    device: DeviceInfo
    settings: ScanSettings
    profile: ScanProfile
    proof: Proof | None = None
    replacing: str = ""
    sheet: str = ""
    separators: int = 0
    usual_s: float = 0.0
    slow_told: bool = False
    cancel: CancelToken = field(default_factory=CancelToken)
    done: int = 0
    error: StationError | None = None
    lost: BaseException | None = None
    cancelled_at: float | None = None
    last_sign: float = field(default_factory=time.monotonic)
    ended: bool = False

    def separate(self, sheet: Separator, items: Sequence[str]) -> bool:
        """Let the pages behind a separator belong to the item it names; False when there is no such item."""
        named = sheet.item
        if sheet.kind is SeparatorKind.NEXT and self.item in items[:-1]:
            named = items[items.index(self.item) + 1]
        self.separators += 1
        self.item = named if named in items else self.item
        return named in items

    def sheet_of(self, *, back: bool) -> str:
        """Return the word that both sides of this side's sheet bear; "" where only one side is scanned."""
        if self.settings.source is not Source.DUPLEX:
            return ""
        sheet = self.sheet if back and self.sheet else uuid.uuid4().hex
        self.sheet = "" if back else sheet
        return sheet

    @property
    def fed(self) -> bool:
        """The paper comes through a feeder."""
        return self.settings.source is not Source.FLATBED

    def again(self) -> "ScanJob":
        """Return the job that goes on where this one was stopped."""
        return ScanJob(self.visit_id, self.kind, self.item, self.device, self.settings, self.profile)

    def run(
        self,
        scanner: Scanner,
        workshop: Workshop,
        deliver: Callable[["ScanJob", Pages], None],
        arrived: Callable[["ScanJob", Page], None],
    ) -> Outcome:
        """Scan, prepare and deliver in order; every page that the scanner gave and the store took is delivered.

        `arrived` hears of each page at once, on this lane.

        Raises:
            StationError: what ended the scan, or the first page that could not be kept.
        """
        waiting: deque[Future[Pages]] = deque()
        try:
            with closing(scanner.scan(self.settings, self.cancel)) as pages:
                for page in pages:
                    now = time.monotonic()
                    self.usual_s, self.last_sign = max(self.usual_s, now - self.last_sign), now
                    arrived(self, page)
                    waiting.append(self._submit(workshop, page))
                    most = max(1, min(IN_FLIGHT, IN_FLIGHT_BYTES // max(page.pixels.nbytes, 1)))
                    del page
                    while len(waiting) >= most or (waiting and waiting[0].done()):
                        self._hand_on(waiting.popleft(), deliver)
                    if self.lost is not None:
                        break
                    self.last_sign = time.monotonic()  # the scanner waited for us, not we for it
            outcome = Outcome.COMPLETED
        except Cancelled:
            outcome = Outcome.CANCELLED
        finally:
            while waiting:
                self._hand_on(waiting.popleft(), deliver)
        if self.lost is not None:
            raise self.lost
        return outcome

    def _submit(self, workshop: Workshop, page: Page) -> Future[Pages]:
        if self.kind is AttachmentKind.DOCUMENT:
            return workshop.submit(workshop.prepare_document, page, self.profile, fed=self.fed)
        return cast(Future[Pages], workshop.submit(workshop.prepare, page, self.kind))

    def _hand_on(self, page: Future[Pages], deliver: Callable[["ScanJob", Pages], None]) -> None:
        error = page.exception()
        if error is None:
            deliver(self, page.result())
        else:
            self.lost = self.lost or error  # a page that fails spoils no other, whatever it failed of


def as_fault(error: BaseException, device: str) -> StationError:
    """Name a driver's unforeseen exception; its text stays out, it may hold anything."""
    if isinstance(error, StationError):
        return error
    fault = DriverFault(device=device, detail=type(error).__name__)
    fault.__cause__ = error
    return fault
