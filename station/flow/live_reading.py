"""Papers held before the camera: read from the live picture, then kept as a still that says the same."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from station.errors import Cancelled, WrongApplicant
from station.flow.events import Event, LiveRead, Notice, PaperSight
from station.flow.glance import Sighting, Words, agrees
from station.flow.workshop import Prepared, Workshop
from station.model.calibration import Proof
from station.model.capability import CameraSettings, DeviceInfo, ScanSettings
from station.model.image import Frame, Page, Pixels
from station.model.record import AttachmentKind

READ_PAUSE_S = 0.05
"""Between two readings: leaves the processor to the live picture, and a hand the time to move."""


class Arrival(Protocol):
    """What the desk must know of pages that arrive, whichever device they come from."""

    visit_id: str

    @property
    def kind(self) -> AttachmentKind:
        """What was asked for."""
        ...

    @property
    def item(self) -> str:
        """The checklist item of a document, else ""."""
        ...

    @property
    def device(self) -> DeviceInfo:
        """Where they come from."""
        ...

    @property
    def settings(self) -> ScanSettings | CameraSettings:
        """How they were taken."""
        ...

    @property
    def proof(self) -> Proof | None:
        """By what calibration their device worked."""
        ...

    @property
    def replacing(self) -> str:
        """The attachment that the next page takes the place of, else ""."""
        ...

    @replacing.setter
    def replacing(self, attachment_id: str) -> None: ...

    @property
    def done(self) -> int:
        """How many pages arrived before."""
        ...


@dataclass(slots=True, eq=False)
class HeldPaper:
    """A paper that the camera read: fulfils `Arrival`."""

    visit_id: str
    kind: AttachmentKind
    device: DeviceInfo
    settings: CameraSettings = field(default_factory=CameraSettings)
    item: str = ""
    replacing: str = ""
    proof: Proof | None = None
    done: int = 0


@dataclass(slots=True, eq=False)
class LiveReading:
    """Reading during one run of the live picture, for one visit or ("") for whoever steps up to the desk.

    `see` runs on the camera's lane and only notes the frame; one reading at a time runs in the workshop, always
    of the newest frame; all else is on the desk lane. A paper counts when two frames in a row say exactly the
    same beyond doubt. What a paper said is acted on once in a run, however long it is held; what could not be
    kept is tried again when it was taken away and is held up anew.
    """

    visit_id: str
    workshop: Workshop
    look: Callable[[Pixels], Sighting]
    post: Callable[..., None]
    notify: Callable[[Event], None]
    deliver: Callable[[Arrival, tuple[Prepared, ...]], None]
    ended: bool = False
    _device: DeviceInfo | None = None
    _proof: Proof | None = None
    _still: Callable[[], "Future[tuple[Frame, ...]]"] | None = None
    _newest: Frame | None = None
    _reading: "Future[Sighting | None] | None" = None
    _rests_until: float = 0.0
    _said: Words = field(default=(), repr=False)
    _taking: Words = field(default=(), repr=False)
    _settled: dict[Words, PaperSight] = field(default_factory=dict, repr=False)

    def begin(
        self, device: DeviceInfo, proof: Proof | None, still: Callable[[], "Future[tuple[Frame, ...]]"]
    ) -> None:
        """Take this camera, which works by `proof`; `still` asks for one between two frames."""
        self._device, self._proof, self._still = device, proof, still

    def end(self) -> None:
        """Read no more; what is on its way is nobody's."""
        self.ended = True
        self._newest = None

    # -- the camera's lane and the workshop -------------------------------------------------------------------

    def see(self, frame: Frame) -> None:
        """Note the newest frame, and have it read when the last reading is over."""
        if self.ended or self._taking:
            return
        self._newest = frame
        if (self._reading is None or self._reading.done()) and frame.taken_at >= self._rests_until:
            self._reading = self.workshop.submit(self._read)
            self._reading.add_done_callback(lambda done: self.post(self._looked, done))

    def _read(self) -> Sighting | None:
        frame, self._newest = self._newest, None
        if frame is None or self.ended:
            return None
        sighting = self.look(frame.pixels)
        self._rests_until = time.monotonic() + READ_PAUSE_S
        return sighting

    # -- the desk lane ----------------------------------------------------------------------------------------

    def _looked(self, done: "Future[Sighting | None]") -> None:
        if done.cancelled() or self.ended or self._taking:
            return
        if done.exception() is not None:
            self.end()  # our bug, which the desk lane logs: once, not with every frame
        if (sighting := done.result()) is not None:
            self._seen(sighting)

    def _seen(self, sighting: Sighting) -> None:
        words = sighting.words
        if sighting.sight is PaperSight.NOTHING:
            self._settled = {w: sight for w, sight in self._settled.items() if sight is not PaperSight.NOT_KEPT}
        again, self._said = bool(words) and words == self._said, words
        sight = self._settled.get(words, sighting.sight)
        self.notify(LiveRead(self.visit_id, sight, sighting.outlines))
        if again and words not in self._settled and self._still is not None:
            self._taking = words
            self._still().add_done_callback(lambda done: self.post(self._taken, done))

    def _taken(self, done: "Future[tuple[Frame, ...]]") -> None:
        if self.ended or done.cancelled() or done.exception() is not None:
            self._taking = ()  # what ended the still ended the live picture, which says so
            return
        page = Page(done.result()[0].pixels, 1, (0.0, 0.0))
        prepared = self.workshop.submit(self.workshop.prepare, page, AttachmentKind.PASSPORT_PAGE, held=True)
        prepared.add_done_callback(lambda ready: self.post(self._prepared, ready))

    def _prepared(self, done: "Future[tuple[Prepared, ...]]") -> None:
        words, self._taking, self._said = self._taking, (), ()
        if self.ended or done.cancelled() or self._device is None:
            return
        self._settled[words] = PaperSight.NOT_KEPT  # what goes wrong now is said once, not with every frame
        pages = done.result()
        if not agrees(words, [(page.kind, page.reading) for page in pages]):
            del self._settled[words]
            self.notify(Notice("still_differs"))
            return
        shown = {page.kind for page in pages}
        kind = AttachmentKind.PASSPORT_PAGE if AttachmentKind.PASSPORT_PAGE in shown else AttachmentKind.LETTER
        try:
            self.deliver(HeldPaper(self.visit_id, kind, self._device, proof=self._proof), pages)
        except Cancelled:
            return
        except WrongApplicant:
            self._settle(words, PaperSight.REFUSED)
            raise
        self._settle(words, PaperSight.READ)

    def _settle(self, words: Words, sight: PaperSight) -> None:
        self._settled[words] = sight
        if not self.ended:
            self.notify(LiveRead(self.visit_id, sight))
