"""The part of a picture that is looked at closely, brought anew as sharp as the screen can show it."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from station.model.image import Pixels
from station.model.quality import Region
from ui.pictures import Picture

AskTile = Callable[[Region, int], "Future[Pixels]"]
"""Bring a part of what is shown, its longest side at most so many pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A part of the picture; `region` says which."""

    region: Region
    picture: Picture

    @property
    def density(self) -> float:
        """How many pixels the whole picture would be wide."""
        return self.picture.image.width() / self.region.width

    def covers(self, region: Region, density: float) -> bool:
        """Tell whether it holds all of a region, sharp enough."""
        return (
            self.density >= density * _ENOUGH
            and self.region.left <= region.left
            and self.region.top <= region.top
            and self.region.left + self.region.width >= region.left + region.width
            and self.region.top + self.region.height >= region.top + region.height
        )


_ENOUGH = 0.9
"""A tile may be this much coarser than asked: its pixels are whole, and so is the next step of the wheel."""


class Tiles(QObject):
    """Keeps one tile of one picture. On the window's thread; answers may come on any.

    One tile is asked for at a time; when it comes and another is wanted by then, that one is asked for. What
    belongs to an earlier picture is dropped, and a part that cannot be had is left as it is.
    """

    came = Signal()
    """There is a tile to paint."""

    def __init__(self, parent: QObject) -> None:
        """Start without a picture."""
        super().__init__(parent)
        self.tile: Tile | None = None
        self._ask: AskTile | None = None
        self._picture_number = 0
        self._asked: Region | None = None
        self._next: tuple[Region, int] | None = None
        self._post = _Post()
        self._post.brought.connect(self._brought, Qt.ConnectionType.QueuedConnection)

    @property
    def can_be_had(self) -> bool:
        """There is somebody to ask."""
        return self._ask is not None

    def take_from(self, ask: AskTile | None) -> None:
        """Ask here from now on; every former tile, also one that is under way, is forgotten."""
        self._ask = ask
        self._picture_number += 1
        self.tile = self._asked = self._next = None

    def want(self, region: Region, longest_px: int) -> None:
        """Ask for a part of the picture."""
        if self._ask is None:
            return
        if self._asked is not None:
            self._next = (region, longest_px)
            return
        self._asked, number, post = region, self._picture_number, self._post
        self._ask(region, longest_px).add_done_callback(lambda done: post.brought.emit(number, done))

    @Slot(int, object)
    def _brought(self, number: int, done: "Future[Pixels]") -> None:
        if number != self._picture_number or self._asked is None:
            return
        region, wanted = self._asked, self._next
        self._asked = self._next = None
        if wanted is not None:
            self.want(*wanted)
        if not done.cancelled() and done.exception() is None:
            self.tile = Tile(region, Picture(done.result()))
            self.came.emit()


class _Post(QObject):
    """Carries a tile to the window's thread; it outlives the view while a tile is under way."""

    brought = Signal(int, object)
