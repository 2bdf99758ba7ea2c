"""One attached picture, large: the thumbnail at once, the whole picture as soon as the store gives it."""

from concurrent.futures import Future

from PySide6.QtCore import QObject, Qt, Signal, Slot

from station.errors import Cancelled, RecordNotFound, StationError
from station.flow.station import Station
from station.flow.views import PageView
from station.model.image import Pixels
from ui.widgets.picture_view import PictureView
from ui.wording.errors import word

LONGEST_PX = 2400
"""Enough to read small print on a page when looked at closely, a third of the memory of the whole scan."""


class Sheet(PictureView):
    """Shows a page of the visit in hand. A picture that comes after the officer turned away is dropped."""

    def __init__(self, station: Station, empty_text: str = "") -> None:
        """Show `empty_text` until a page is chosen."""
        super().__init__(empty_text)
        self._station = station
        self._empty = empty_text
        self._wanted = ""
        self._still: Pixels | None = None
        self.loading = False
        """The whole picture is on its way; the thumbnail is shown meanwhile."""
        self._post = _Post()
        self._post.brought.connect(self._brought, Qt.ConnectionType.QueuedConnection)

    @property
    def wanted(self) -> str:
        """The attachment that is shown, or ""."""
        return self._wanted

    def say(self, text: str) -> None:
        """Say what comes next while nothing is shown."""
        self._empty = text
        self.set_empty_text(text)

    def show_page(self, page: PageView | None, name: str = "") -> None:
        """Show an attached picture, or none; the one that is shown already stays as it is."""
        if page is not None and page.attachment.id == self._wanted:
            return
        self.set_empty_text(self._empty)
        self._wanted, self._still = page.attachment.id if page else "", None
        self.loading = False
        self.show_picture(page.thumbnail if page else None, name)
        if page is not None:
            self.loading = True
            wanted, post = self._wanted, self._post
            future = self._station.picture(wanted, LONGEST_PX)
            future.add_done_callback(lambda done: post.brought.emit(wanted, done))

    def show_still(self, pixels: Pixels, name: str = "") -> None:
        """Show a picture that is on no record yet; the one that is shown already stays as it is."""
        if pixels is not self._still:
            self._wanted, self._still, self.loading = "", pixels, False
            self.show_picture(pixels, name)

    @Slot(str, object)
    def _brought(self, attachment_id: str, done: "Future[Pixels]") -> None:
        if attachment_id != self._wanted:
            return
        self.loading = False
        error = done.exception()
        if error is None:
            region = self._region
            self.show_picture(done.result(), self.accessibleName())
            self.point_at(region)
        elif isinstance(error, StationError) and not isinstance(error, Cancelled | RecordNotFound):
            message = word(error)
            self.show_picture(None)
            self.set_empty_text(f"{message.what} {message.do}")


class _Post(QObject):
    """Carries a picture to the window's thread; it outlives the sheet while a picture is under way."""

    brought = Signal(str, object)
