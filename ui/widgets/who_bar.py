"""The top of the window: who stands opposite, and how the devices are."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from station.flow.events import SelfTested
from station.flow.views import DeviceView, VisitView
from station.model.image import Pixels
from station.model.record import ApplicationRecord, AttachmentKind
from ui.pictures import photograph_on, to_pixmap
from ui.theme import Measure, as_role
from ui.widgets.button import ActionButton
from ui.widgets.device_chip import DeviceChip
from ui.widgets.words import ElidedLabel, IconView, Pill, label
from ui.wording import store_notices
from ui.wording.errors import word
from ui.wording.names import Mark, category
from ui.wording.translate import date

_PHOTO_WIDTH, _PHOTO_HEIGHT = 44, 56


NARROW_PX = 1600
"""Below this width devices that are well say so by their icons alone: a name must not be cut."""


class WhoBar(QFrame):
    """Name and number of the applicant in large type, the photograph of the passport, devices, officer."""

    device_asked = Signal(str)
    """The id of the device whose chip was pressed."""

    def __init__(self) -> None:
        """Show that no visit is in hand."""
        super().__init__()
        as_role(self, "top")
        self.setFixedHeight(Measure.TOP_BAR)
        self._photo = as_role(QLabel(), "photo")
        self._photo.setFixedSize(_PHOTO_WIDTH, _PHOTO_HEIGHT)
        self._photo.setAccessibleName(self.tr("Photograph of the passport"))
        self._name = ElidedLabel("", "name", least=0.6)
        self._number = ElidedLabel("", "quiet")
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addStretch(1)
        who.addWidget(self._name)
        who.addWidget(self._number)
        who.addStretch(1)
        self._rehearsal = Pill(Mark("rehearsal", self.tr("Rehearsal"), "accent"))
        self._simulated = Pill(Mark("look", self.tr("Simulated devices"), "look"))
        self._exposed = Pill(Mark("look", "", "look"))
        self._untrue = Pill(Mark("not_good", self.tr("Self-test failed"), "not_good"))
        self._chips: dict[str, DeviceChip] = {}
        self._devices = QHBoxLayout()
        self._devices.setSpacing(8)
        self._officer = label("")
        self._officer_icon = IconView("person", "quiet")
        self._tools = QHBoxLayout()
        self._tools.setSpacing(4)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._photo)
        row.addLayout(who, 1)
        for part in (self._untrue, self._exposed, self._rehearsal, self._simulated):
            part.hide()
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._devices)
        row.addWidget(self._officer_icon)
        row.addWidget(self._officer)
        row.addLayout(self._tools)
        self.show_record(None)
        self.show_officer("")

    def show_record(self, record: ApplicationRecord | None, empty_text: str = "") -> None:
        """Show the applicant, or `empty_text` when no visit is in hand; the photograph is taken away."""
        self.show_photo(None)
        if record is None:
            self._name.setText(empty_text)
            self._number.setText("")
        else:
            self._name.setText(record.name)
            parts = [record.application_number, category(record.category)]
            if record.birth_date is not None:
                parts.insert(1, self.tr("born {date}").format(date=date(record.birth_date)))
            self._number.setText("  ·  ".join(parts))
        self._number.setVisible(record is not None)

    def show_visit(self, visit: VisitView) -> None:
        """Show the applicant of a visit, with the photograph of the passport once its page is there."""
        self.show_record(visit.record)
        pages = visit.of_kind(AttachmentKind.PASSPORT_PAGE)
        self.show_photo(photograph_on(pages[-1].thumbnail) if pages else None)

    def show_photo(self, pixels: Pixels | None) -> None:
        """Show the photograph cut from the passport page, or take it away."""
        self._photo.setVisible(pixels is not None)
        self._photo.clear()
        if pixels is not None:
            ratio = self.devicePixelRatioF()
            room = self._photo.contentsRect().size() * ratio
            fill = Qt.AspectRatioMode.KeepAspectRatio
            shown = to_pixmap(pixels).scaled(room, fill, Qt.TransformationMode.SmoothTransformation)
            shown.setDevicePixelRatio(ratio)
            self._photo.setPixmap(shown)
            self._photo.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_marks(self, *, rehearsal: bool, simulated: bool) -> None:
        """Say aloud what is not a real visit or not a real device."""
        self._rehearsal.setVisible(rehearsal)
        self._simulated.setVisible(simulated)

    def show_notices(self, notices: tuple[str, ...]) -> None:
        """Say for good what does not protect the applicants as it should."""
        self._exposed.setVisible(bool(notices))
        if notices:
            self._exposed.show_mark(Mark("look", store_notices.short(notices[0]), "look"))
        self._exposed.setToolTip(" ".join(map(store_notices.whole, notices)))

    def show_self_test(self, event: SelfTested) -> None:
        """Say for good, whatever else is shown, that this station does not measure as it should."""
        self._untrue.setVisible(event.error is not None)
        self._untrue.setToolTip(word(event.error).text if event.error is not None else "")

    def show_devices(self, devices: tuple[DeviceView, ...]) -> None:
        """Show a chip for each device, in their order; a chip that stays keeps its focus."""
        gone = self._chips.keys() - {view.info.id for view in devices}
        for device_id in gone:
            chip = self._chips.pop(device_id)
            self._devices.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for at, view in enumerate(devices):
            known = self._chips.get(view.info.id)
            if known is not None:
                known.show_device(view)
            else:
                chip = self._chips[view.info.id] = DeviceChip(view)
                chip.set_close(self._is_narrow)
                chip.asked.connect(self.device_asked)
                self._devices.insertWidget(at, chip)

    @property
    def _is_narrow(self) -> bool:
        return self.width() < NARROW_PX

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the applicant's name."""
        super().resizeEvent(event)
        for chip in self._chips.values():
            chip.set_close(self._is_narrow)

    def show_officer(self, officer: str) -> None:
        """Show who works here."""
        self._officer.setText(officer)
        self._officer.setVisible(bool(officer))
        self._officer_icon.setVisible(bool(officer))

    def add_tool(self, action: QAction) -> None:
        """Add a command at the right end (lock, settings) as an icon."""
        self._tools.addWidget(ActionButton(action, "icon"))
