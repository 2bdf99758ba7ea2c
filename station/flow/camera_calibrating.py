"""The calibration of a camera: guided by its live picture until all was seen. Lives on the desk lane."""

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import cast

from station.calibration import judge
from station.calibration.camera.board import Board as ChartBoard
from station.calibration.camera.board import draw_page
from station.calibration.camera.look import Look
from station.calibration.camera.session import CameraSession
from station.calibration.profile import Profile
from station.devices.device import Camera
from station.errors import Cancelled, DeviceBusy, DeviceTimeout, StationError, TargetRefused
from station.flow.board import GONE, Bay, Board
from station.flow.calibrating import Calibrating
from station.flow.calibration_views import BoardSeen, CalibrationAt, Stage
from station.flow.calibration_work import Outcome, profile_of
from station.flow.events import Event, Job, JobStarted
from station.flow.latest import Latest
from station.flow.options import Options
from station.flow.practice import Practice
from station.flow.preview import Preview
from station.flow.scan_job import as_fault
from station.flow.scanning import refuse_absent
from station.flow.workshop import Workshop
from station.model.calibration import Extent, Kept
from station.model.image import Frame, Page, PictureRef
from station.model.officer import Signed

_log = logging.getLogger(__name__)

CAMERA, BOARD = "camera", "board"
"""The profile and the target of every calibration of a camera."""


@dataclass(slots=True, eq=False)
class _Run:
    """One guided run. `session` belongs to the camera's lane until the live picture has ended.

    `skip` and `lit_at` are handed to that lane; `pictures` are of the frames that gave a view of the board.
    """

    bay: Bay
    preview: Preview
    session: CameraSession
    profile: Profile
    first: Kept | None
    by: Signed
    step: str = BOARD
    skip: bool = False
    lit_at: float | None = None
    views: int = 0
    pictures: "list[Future[PictureRef]]" = field(default_factory=list)


@dataclass(slots=True, eq=False)
class CameraCalibrating:
    """Guides one camera at a time through the board, the even card and the unmoving scene."""

    post: Callable[..., None]
    notify: Callable[[Event], None]
    options: Options
    board: Board
    workshop: Workshop
    practice: Practice
    mailbox: Latest
    calibrating: Calibrating
    _run: _Run | None = None

    def begin(self, device_id: str, size: tuple[int, int], square_mm: float) -> None:
        """Show the live picture at most this large and look for the board; a running one takes the new size.

        Raises:
            DeviceBusy: the device, or another calibration; DeviceNotFound, DeviceOffline; ValueError: there is
            no such board.
        """
        run = self._run
        if run is not None and run.bay.view.info.id == device_id:
            run.preview.size = size
            return
        if run is not None or self.calibrating.scan.busy:
            raise DeviceBusy(device=device_id)
        bay, printed = self.board.bay(device_id), ChartBoard(square_mm=square_mm)
        refuse_absent(bay)
        session, asked = CameraSession(printed), profile_of(CAMERA, measured=False)
        first = self.calibrating.qualification(bay, BOARD)
        preview = Preview(
            "", cast(Camera, bay.device), self.mailbox, size, lambda frame: self._see(started, frame),
            self.options.camera,
        )  # fmt: skip
        started = self._run = _Run(bay, preview, session, asked, first, self.options.signature)
        if bay.view.info.simulated:
            self.practice.show_board(partial(draw_page, printed))
        self.board.occupy(bay, busy=True)
        self.notify(JobStarted(Job.CALIBRATION, "", device_id))
        bay.lane.submit(preview.run).add_done_callback(partial(self.post, self._streamed, started))

    def skip(self) -> None:
        """Leave out the step that is under way: its figures stay open."""
        if self._run is not None:
            self._run.skip = True

    def lit(self) -> None:
        """Take note that the window has just made the screen bright."""
        if self._run is not None:
            self._run.lit_at = time.monotonic()

    def stop(self) -> None:
        """End what runs; nothing of it counts."""
        run = self._run
        if run is not None:
            run.preview.cancel.cancel()
            self._over(run)
            self.calibrating.ended(run.bay, Cancelled())

    def watch(self) -> None:
        """Leave a wedged camera behind; called a few times a second."""
        run, patience_s = self._run, self.options.patience_s
        if run is not None and time.monotonic() - run.preview.last_sign > patience_s:
            error = DeviceTimeout(device=run.bay.view.info.id, seconds=round(patience_s))
            run.preview.cancel.cancel()
            self._over(run)
            self.board.abandon(run.bay, error)
            self.calibrating.ended(run.bay, error)

    # -- the camera's lane ------------------------------------------------------------------------------------

    def _see(self, run: _Run, frame: Frame) -> None:
        """Look at every frame, here: one that is left out would make the camera's true rate look slower."""
        if run.skip:
            run.skip = False
            run.session.skip()
        if run.lit_at is not None:
            run.session.lit(run.lit_at)
            run.lit_at = None
        look = run.session.look(frame)
        if look.step == BOARD and look.views > run.views:
            run.views = look.views
            page = Page(frame.pixels, look.views, (0.0, 0.0))
            run.pictures.append(self.workshop.submit(self.workshop.store, page))
        self.post(self._looked, run, look)
        if look.complete:
            run.preview.cancel.cancel()

    # -- the desk ---------------------------------------------------------------------------------------------

    def _looked(self, run: _Run, look: Look) -> None:
        if self._run is run:
            if look.step != run.step and run.bay.view.info.simulated:
                self.practice.show_card()
            run.step = look.step
            told = (look.outline, look.complete, look.step, look.flash)
            self.notify(
                BoardSeen(
                    run.bay.view.info.id,
                    look.cells,
                    look.tilts,
                    look.views,
                    look.views_needed,
                    look.reason,
                    *told,
                )
            )

    def _streamed(self, run: _Run, done: "Future[None]") -> None:
        """The live picture has ended: because all was seen, or of something else."""
        if self._run is not run:
            return
        self._over(run)
        device = run.bay.view.info.id
        error = None if done.cancelled() else done.exception()
        if error is None and run.session.complete and run.pictures:
            self.notify(CalibrationAt(device, Stage.MEASURING))
            work = self.workshop.submit(self._judged, run)
            work.add_done_callback(partial(self.post, self._measured, run))
            return
        if error is None:
            error = TargetRefused(reason="no_target")
        elif not isinstance(error, StationError):
            _log.error("the driver of %s failed in a calibration", device, exc_info=error)
        fault = as_fault(error, device)
        if isinstance(fault, GONE):
            self.board.fail(run.bay, fault)
        self.calibrating.ended(run.bay, fault)

    def _judged(self, run: _Run) -> Outcome:
        """Measure and judge what was seen; on a workshop lane."""
        then = run.first.calibration.report.analysis.figures if run.first is not None else ()
        baseline = {figure.measure: figure.value for figure in then if figure.value is not None}
        analysis = run.session.finish(baseline)
        pictures = tuple(picture.result() for picture in run.pictures)
        return Outcome(
            judge.judge(analysis, run.profile, None, baseline), pictures, b"", None, "", None,
            json.dumps(asdict(self.options.camera), sort_keys=True), not baseline,
        )  # fmt: skip

    def _measured(self, run: _Run, done: "Future[Outcome]") -> None:
        error = done.exception()
        if error is None:
            self.calibrating.keep(run.bay, BOARD, Extent.FULL, run.profile, done.result(), run.by)
        elif isinstance(error, StationError):
            self.calibrating.ended(run.bay, error)
        else:
            raise error

    def _over(self, run: _Run) -> None:
        """Give the camera back; nothing of its picture stays."""
        self._run = None
        if run.bay.view.info.simulated:
            self.practice.put_away()
        self.board.occupy(run.bay, busy=False)
        self.mailbox.clear()
