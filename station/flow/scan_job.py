"""One scan from the scanner's first page to its last, on the scanner's lane."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field

from station.devices.cancel import CancelToken
from station.devices.device import Scanner
from station.errors import Cancelled, DriverFault, StationError
from station.flow.events import Outcome
from station.flow.workshop import Prepared, Workshop
from station.model.capability import DeviceInfo, ScanSettings
from station.model.record import AttachmentKind

IN_FLIGHT = 3
"""Pages that wait for the workshop while the scanner goes on; a 300 dpi A4 page holds 26 MB."""


Pages = tuple[Prepared, ...]
"""One page as all that it shows: a letter, a passport page, or both."""


@dataclass(slots=True, eq=False)
class ScanJob:
    """What was asked for. The desk lane owns every field but `last_sign` and `lost`, the scanner's lane's."""

    visit_id: str
    kind: AttachmentKind
    item: str
    device: DeviceInfo
    settings: ScanSettings
    replacing: str = ""
    cancel: CancelToken = field(default_factory=CancelToken)
    done: int = 0
    error: StationError | None = None
    lost: BaseException | None = None
    cancelled_at: float | None = None
    last_sign: float = field(default_factory=time.monotonic)
    ended: bool = False

    def run(self, scanner: Scanner, workshop: Workshop, deliver: Callable[["ScanJob", Pages], None]) -> Outcome:
        """Scan, prepare and deliver in order; every page that the scanner gave and the store took is delivered.

        Raises:
            StationError: what ended the scan, or the first page that could not be kept.
        """
        waiting: deque[Future[Pages]] = deque()
        try:
            with closing(scanner.scan(self.settings, self.cancel)) as pages:
                for page in pages:
                    self.last_sign = time.monotonic()
                    waiting.append(workshop.submit(workshop.prepare, page, self.kind))
                    del page
                    while len(waiting) >= IN_FLIGHT or (waiting and waiting[0].done()):
                        self._hand_on(waiting.popleft(), deliver)
                    if self.lost is not None:
                        break
            outcome = Outcome.COMPLETED
        except Cancelled:
            outcome = Outcome.CANCELLED
        finally:
            while waiting:
                self._hand_on(waiting.popleft(), deliver)
        if self.lost is not None:
            raise self.lost
        return outcome

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
