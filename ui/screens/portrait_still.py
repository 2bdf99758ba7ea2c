"""A portrait that was taken: the capture with what is cut from it, and the photo beside it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from station.flow.station import Station
from station.flow.views import Candidate, PageView
from station.model.quality import Region
from ui.screens.photo_panel import PhotoPanel
from ui.screens.sheet import Sheet
from ui.widgets.crop_view import CropView


class StillPane(QWidget):
    """Shows a still that waits for the officer's word, or the portrait and the photo that are on the record."""

    crown_wanted = Signal(object)
    """Where the officer saw the crown (y, 0 to 1 of the capture), None to take it as the station proposes."""

    def __init__(self, station: Station) -> None:
        """Show nothing."""
        super().__init__()
        self.crop, self.sheet, self.photo = CropView(), Sheet(station), PhotoPanel()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sheet)
        self._stack.addWidget(self.crop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._stack, 1)
        row.addWidget(self.photo)
        self.crop.crown_moved.connect(self.crown_wanted.emit)
        self.photo.back_wanted.connect(lambda: self.crown_wanted.emit(None))

    @property
    def holds_picture(self) -> bool:
        """Some picture is shown, or would be if the pane were."""
        return self.crop.holds_picture or self.sheet.holds_picture or self.photo.holds_photo

    def show_still(self, candidate: Candidate) -> None:
        """Show a still with its photo; without a photo, the still alone."""
        name = self.tr("The portrait just taken")
        if candidate.crop is None:
            self.crop.forget()
            self.photo.show_photo(None, None)
            self.sheet.show_still(candidate.pixels, name)
            self._stack.setCurrentWidget(self.sheet)
            return
        self.sheet.show_page(None)
        self._stack.setCurrentWidget(self.crop)
        self.crop.show_candidate(candidate, name)
        self.photo.show_photo(candidate.photo, candidate.photo_report, moved=candidate.crop.moved, mine=True)

    def show_record(self, portrait: PageView | None, photo: PageView | None) -> None:
        """Show what is on the record."""
        self.crop.forget()
        self._stack.setCurrentWidget(self.sheet)
        self.sheet.show_page(portrait, self.tr("The portrait on the record"))
        if photo is None:
            self.photo.show_photo(None, None)
        else:
            self.photo.show_photo(photo.thumbnail, photo.attachment.report)

    def point_at(self, region: Region | None) -> None:
        """Let this part of the capture stand out."""
        self.crop.point_at(region)
        self.sheet.point_at(region)

    def clear(self) -> None:
        """Let nothing be seen again."""
        self.show_record(None, None)
