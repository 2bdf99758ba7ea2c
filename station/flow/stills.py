"""Portraits between camera and record: taken, judged, chosen, accepted or given up. Lives on the desk lane."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from station.devices.cancel import CancelToken
from station.errors import AttachmentRefused, Cancelled, DeviceBusy, PictureError, StationError
from station.flow.best_of import best
from station.flow.board import GONE, Bay, Board
from station.flow.events import Event, Job, JobEnded, JobStarted, Outcome, PortraitJudged
from station.flow.options import Options
from station.flow.portraits import Portraits, Shot
from station.flow.scan_job import as_fault
from station.flow.views import Candidate, DeviceState
from station.flow.workshop import Prepared, Workshop
from station.imaging import codec
from station.model.calibration import Proof
from station.model.image import Frame
from station.model.record import OverrideNote, Provenance

_log = logging.getLogger(__name__)

SCREEN_PX = 1280
"""A candidate is shown at this width; the store gets the whole picture."""


@dataclass(slots=True, eq=False)
class Taking:
    """A still that is being taken and judged; `since` is None once the camera gave it.

    `proof` is by what calibration the camera works.
    """

    visit_id: str
    bay: Bay
    cancel: CancelToken
    since: float | None = field(default_factory=time.monotonic)
    proof: Proof | None = field(init=False)

    def __post_init__(self) -> None:
        """Note how the camera stands now."""
        self.proof = self.bay.view.proof


@dataclass(slots=True, eq=False)
class _Attempt:
    """A portrait that waits for the officer's word; `number` counts from 1."""

    number: int
    shot: Shot
    provenance: Provenance
    shown: Candidate


@dataclass(slots=True, eq=False)
class Stills:
    """At most one still at a time, ended exactly once. `keeping` while an accepted one goes to the store.

    The attempts of one visit stay until one of them is on the record or the visit is put down.
    """

    post: Callable[..., None]
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    portraits: Portraits
    attach: Callable[[str, Sequence[Prepared], Provenance, OverrideNote | None], None]
    idle: Callable[[], None]
    taking: Taking | None = None
    keeping: bool = False
    _attempts: list[_Attempt] = field(default_factory=list)
    _made: int = 0
    _of: str = ""
    _chosen: _Attempt | None = None

    @property
    def waiting(self) -> bool:
        """A portrait is being taken, kept, or waits for the officer's word."""
        return self.taking is not None or self.keeping or self._chosen is not None

    # -- taking -----------------------------------------------------------------------------------------------

    def begin(
        self, visit_id: str, bay: Bay, cancel: CancelToken, ask: Callable[[], "Future[tuple[Frame, ...]]"]
    ) -> None:
        """Ask a camera for stills, judge the best of them and post it for the officer's word.

        Raises:
            DeviceBusy: one is being taken.
        """
        if self.taking is not None:
            raise DeviceBusy(device=self.taking.bay.view.info.id)
        taking = self.taking = Taking(visit_id, bay, cancel)
        self.notify(JobStarted(Job.STILL, visit_id, bay.view.info.id))
        ask().add_done_callback(lambda done: self.post(self._taken, taking, done))

    def _taken(self, taking: Taking, done: "Future[tuple[Frame, ...]]") -> None:
        if self.taking is not taking:
            return
        device = taking.bay.view.info.id
        error = Cancelled() if done.cancelled() else done.exception()
        if error is None and not all(frame.pixels.size for frame in done.result()):
            error = PictureError(reason="empty")
        if error is not None:
            if not isinstance(error, StationError):
                _log.error("the driver of %s failed in a still", device, exc_info=error)
            fault = as_fault(error, device)
            if isinstance(fault, GONE) and taking.bay.view.state is DeviceState.READY:
                self.board.fail(taking.bay, fault)  # a busy one shows a live picture, which ends of the same
            self.end(fault)
            return
        taking.since = None
        judged = self.workshop.submit(self.portraits.choose, done.result())
        judged.add_done_callback(lambda shot: self.post(self._judged, taking, shot))

    def _judged(self, taking: Taking, done: "Future[Shot]") -> None:
        if self.taking is not taking or done.cancelled():
            return
        if taking.visit_id != self._of:
            self._attempts, self._made, self._of = [], 0, taking.visit_id
        self._made += 1
        shot = done.result()
        provenance = self.options.provenance(taking.bay.view.info, self.options.camera, proof=taking.proof)
        attempt = _Attempt(self._made, shot, provenance, self._candidate(self._made, shot))
        self._attempts = [*self._attempts, attempt][-max(self.options.attempts_allowed, 1) :]
        last = self._made >= self.options.attempts_allowed
        self._chosen = self._best() if last else attempt
        self._tell()
        self.end(None)

    def end(self, error: StationError | None) -> None:
        """End the still that is being taken; what comes of it later is nobody's."""
        taking, self.taking = self.taking, None
        if taking is None:
            return
        if error is None:
            self.notify(JobEnded(Job.STILL, taking.visit_id, Outcome.COMPLETED, 1))
        elif isinstance(error, Cancelled):
            self.notify(JobEnded(Job.STILL, taking.visit_id, Outcome.CANCELLED))
        else:
            self.notify(JobEnded(Job.STILL, taking.visit_id, Outcome.FAILED, 0, error))

    # -- choosing ---------------------------------------------------------------------------------------------

    def choose(self, visit_id: str, number: int) -> None:
        """Let another attempt wait for the officer's word.

        Raises:
            AttachmentRefused: there is no such attempt (any more).
        """
        self._chosen = self._attempt(visit_id, number)
        self._tell()

    def profiles(self, visit_id: str) -> tuple[str, ...]:
        """Return what the portrait that waits was judged by.

        Raises:
            AttachmentRefused: none waits.
        """
        shot = self._waiting(visit_id).shot
        return tuple(report.profile for report in (shot.look.report, shot.photo_report) if report is not None)

    def remind(self) -> None:
        """Post anew what waits, for whoever takes the work up again or found nobody to sign."""
        if self._attempts and self._chosen is not None:
            self._tell()

    def recut(self, visit_id: str, crown: float | None) -> None:
        """Cut the photo by the crown that the officer saw, or as the station proposes (None).

        Raises:
            AttachmentRefused: no portrait waits.
        """
        attempt = self._waiting(visit_id)
        cut = self.workshop.submit(self.portraits.cut, attempt.shot, crown)
        cut.add_done_callback(lambda done: self.post(self._recut, attempt, done))

    def _recut(self, attempt: _Attempt, done: "Future[Shot]") -> None:
        if attempt not in self._attempts or done.cancelled():
            return
        attempt.shot = done.result()
        attempt.shown = self._candidate(attempt.number, attempt.shot)
        if self._chosen is attempt:
            self._tell()

    def accept(self, visit_id: str, override: OverrideNote | None) -> None:
        """Take the portrait that waits.

        Raises:
            AttachmentRefused: none waits, or it is below its limits and no reason was given.
        """
        attempt = self._waiting(visit_id)
        if attempt.shot.fails and override is None:
            raise AttachmentRefused(record="", reason="needs_reason")
        self._chosen, self.keeping = None, True
        kept = self.workshop.submit(self.portraits.keep, attempt.shot)
        kept.add_done_callback(lambda done: self.post(self._kept, visit_id, attempt, override, done))

    def _kept(
        self, visit_id: str, attempt: _Attempt, override: OverrideNote | None,
        done: "Future[tuple[Prepared, ...]]",
    ) -> None:  # fmt: skip
        self.keeping = False
        try:
            self.attach(visit_id, done.result(), attempt.provenance, override)
        except StationError:
            if attempt in self._attempts:
                self._chosen = attempt  # the officer can try again: nothing is lost
            raise
        else:
            self._attempts = []
            self.notify(PortraitJudged(visit_id, None))
        finally:
            self.idle()

    def discard(self, visit_id: str) -> None:
        """Go back to the live picture; the attempt can still be chosen."""
        self._chosen = None
        self.notify(PortraitJudged(visit_id, None, self._shown()))

    def forget(self) -> None:
        """Nothing of this visit may reach the next one."""
        if self.taking is not None:
            self.taking.cancel.cancel()
            self.end(Cancelled())
        self._chosen, self._attempts, self._made, self._of = None, [], 0, ""

    # -- how it looks -----------------------------------------------------------------------------------------

    def _candidate(self, number: int, shot: Shot) -> Candidate:
        return Candidate(
            codec.fit(shot.pixels, SCREEN_PX, SCREEN_PX), shot.look.report, number,
            self.options.attempts_allowed, shot.look.head, shot.look.spots, shot.crop, shot.photo_report,
            shot.photo,
        )  # fmt: skip

    def _best(self) -> _Attempt:
        return self._attempts[best([attempt.shot.look.report for attempt in self._attempts])]

    def _shown(self) -> tuple[Candidate, ...]:
        found = self._best() if self._attempts else None
        return tuple(replace(attempt.shown, best=attempt is found) for attempt in self._attempts)

    def _tell(self) -> None:
        shown = self._shown()
        chosen = next(view for view in shown if self._chosen and view.attempt == self._chosen.number)
        self.notify(PortraitJudged(self._of, chosen, shown))

    def _waiting(self, visit_id: str) -> _Attempt:
        if self._chosen is None or visit_id != self._of:
            raise AttachmentRefused(record="", reason="no_still")
        return self._chosen

    def _attempt(self, visit_id: str, number: int) -> _Attempt:
        for attempt in self._attempts:
            if attempt.number == number and visit_id == self._of:
                return attempt
        raise AttachmentRefused(record="", reason="no_still")
