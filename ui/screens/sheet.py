"""One attached picture, large: the thumbnail at once, the whole picture as soon as the store gives it."""

from concurrent.futures import Future

from PySide6.QtCore import QObject, Qt, Signal, Slot

from station.errors import Cancelled, RecordNotFound, StationError
from station.flow.station import Station
from station.flow.views import PageView
from station.model.image import Pixels
from ui.widgets.picture_view import PictureView
from ui.wording.errors import word

LONGEST_PX = 1800
"""As much as a screen shows of a whole page; what is looked at more closely is brought anew."""


class Sheet(PictureView):
    """Shows a page of the visit in hand. A picture that comes after the officer turned away is dropped."""

    def __init__(self, station: Station, empty_text: str = "") -> None:
        """Show `empty_text` until a page is chosen."""
        super().__init__(empty_text)
        self._station = station
        self._empty = empty_text
        self._page: PageView | None = None
        self._still: Pixels | None = None
        self.loading = False
        """The whole picture is on its way; the thumbnail is shown meanwhile."""
        self._post = _Post()
        self._post.brought.connect(self._brought, Qt.ConnectionType.QueuedConnection)

    @property
    def wanted(self) -> str:
        """The attachment that is shown, or ""."""
        return self._page.attachment.id if self._page else ""

    def say(self, text: str) -> None:
        """Say what comes next while nothing is shown."""
        self._empty = text
        self.set_empty_text(text)

    def show_page(self, page: PageView | None, name: str = "") -> None:
        """Show an attached picture, or none; the one that is shown already stays as it is."""
        if page is not None and self._page is not None and _looks(page) == _looks(self._page):
            return
        self.set_empty_text(self._empty)
        self._page, self._still = page, None
        self.loading = page is not None
        self.show_picture(page.thumbnail if page else None, name)
        if page is not None:
            post = self._post
            future = self._station.picture(page.attachment.id, LONGEST_PX)
            future.add_done_callback(lambda done: post.brought.emit(page, done))

    def show_still(self, pixels: Pixels, name: str = "") -> None:
        """Show a picture that is on no record yet; the one that is shown already stays as it is."""
        if pixels is not self._still:
            self._page, self._still, self.loading = None, pixels, False
            self.show_picture(pixels, name)

    @Slot(object, object)
    def _brought(self, page: PageView, done: "Future[Pixels]") -> None:
        if page is not self._page:
            return
        self.loading = False
        error = done.exception()
        if error is None:
            self.sharpen(done.result())
            wanted, station = self.wanted, self._station
            self.set_source(lambda part, longest: station.picture(wanted, longest, part), _longest_px(page))
        elif isinstance(error, StationError) and not isinstance(error, Cancelled | RecordNotFound):
            message = word(error)
            self.show_picture(None)
            self.set_empty_text(f"{message.what} {message.do}")


def _looks(page: PageView) -> tuple[object, ...]:
    """Return what decides how a page is shown."""
    return page.attachment.id, page.attachment.adjustment, page.region


def _longest_px(page: PageView) -> int:
    """Return how many pixels the longest side of what is shown has in the store."""
    ref, part = page.attachment.picture, page.attachment.adjustment.crop or page.region
    wide, high = (part.width, part.height) if part else (1.0, 1.0)
    return round(max(ref.width_px * wide, ref.height_px * high))


class _Post(QObject):
    """Carries a picture to the window's thread; it outlives the sheet while a picture is under way."""

    brought = Signal(object, object)
