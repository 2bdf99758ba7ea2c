"""Before the scan: which target, how it is laid down, and, where there is one, its reference file."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.calibration_views import DeviceCalibration
from station.flow.station import Station
from station.model.target import TargetKind
from ui.actions import Actions, Command
from ui.screens.calibration_asking import save_target
from ui.screens.calibration_devices import standing_of
from ui.screens.calibration_glass import GlassDrawing
from ui.screens.calibration_head import CalibrationHead
from ui.theme import as_role
from ui.widgets.button import ActionButton, Button
from ui.widgets.side_panel import side_panel
from ui.widgets.words import label, rule


class PreparePage(QWidget):
    """The drawing in the middle, what to do at the right."""

    changed = Signal()
    """What is chosen has changed, or a dialog was closed."""

    def __init__(self, station: Station, actions: Actions) -> None:
        """Start without a device."""
        super().__init__()
        self._station = station
        self._device: DeviceCalibration | None = None
        self.reference: Path | None = None
        self.head = CalibrationHead("scanner", "", back=self.tr("All devices"))
        self.drawing = GlassDrawing()
        self._steps = [_Step(number) for number in (1, 2, 3)]
        self._kinds: dict[TargetKind, Button] = {}
        self._kind = TargetKind.A4
        self._which = QWidget()
        self._file = label("", wrap=True)
        self._file_told = label("", "caption", wrap=True)
        self._no_file = Button(self.tr("Without the reference file"), "icon", "close")
        self._no_file.clicked.connect(lambda: self.take_reference(None))
        self._limits = QComboBox()
        self._limits.setAccessibleName(self.tr("Limits to judge by"))
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.head)
        left.addWidget(self.drawing, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._panel(actions))
        self._show_reference()

    def _panel(self, actions: Actions) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        column.addWidget(label(self.tr("Which target"), "heading"))
        kinds = QHBoxLayout(self._which)
        kinds.setContentsMargins(0, 0, 0, 0)
        kinds.setSpacing(8)
        for kind, text in ((TargetKind.A4, self.tr("A4 sheet")), (TargetKind.CARD, self.tr("Card"))):
            button = self._kinds[kind] = Button(text)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, kind=kind: self._choose(kind))
            kinds.addWidget(button, 1)
        column.addWidget(self._which)
        for step in self._steps:
            column.addWidget(step)
        column.addWidget(rule())
        column.addWidget(label(self.tr("Measured values of the target"), "heading", wrap=True))
        file = QHBoxLayout()
        file.addWidget(self._file, 1)
        file.addWidget(self._no_file)
        column.addLayout(file)
        column.addWidget(self._file_told)
        column.addWidget(ActionButton(actions[Command.REFERENCE_FILE]))
        column.addWidget(rule())
        column.addWidget(label(self.tr("Judged by"), "heading"))
        column.addWidget(self._limits)
        column.addWidget(rule())
        column.addWidget(
            label(self.tr("No target at hand? Print one at its real size, without scaling."), wrap=True)
        )
        column.addWidget(ActionButton(actions[Command.PRINT_TARGET]))
        column.addStretch(1)
        return side_panel(inner)

    @property
    def kind(self) -> TargetKind:
        """The target that is to be scanned."""
        return self._kind

    @property
    def profile(self) -> str:
        """The limits to judge by, "" for those that fit the target."""
        return str(self._limits.currentData() or "")

    def show_profiles(self, profiles: tuple[tuple[str, str], ...]) -> None:
        """Offer these limits, (name, title); what was chosen stays."""
        before = self.profile
        self._limits.clear()
        self._limits.addItem(self.tr("The station's own limits"), "")
        for name, title in profiles:
            self._limits.addItem(title, name)
        self._limits.setCurrentIndex(max(0, self._limits.findData(before)))

    def show_device(self, device: DeviceCalibration) -> None:
        """Prepare this device; for another one than before the reference file is forgotten."""
        another = self._device is None or self._device.info.id != device.info.id
        self._device = device
        self.head.name(self.tr("Calibrate: {name}").format(name=device.info.name))
        self.head.say(standing_of(device).word)
        kinds = device.targets or tuple(TargetKind)
        self._which.setVisible(len(kinds) > 1)
        for kind, button in self._kinds.items():
            button.setVisible(kind in kinds)
        if another:
            self.take_reference(None)
            self._choose(kinds[0])

    def _choose(self, kind: TargetKind) -> None:
        self._kind = kind
        for known, button in self._kinds.items():
            button.setChecked(known is kind)
        sheet = self.tr("the A4 target") if kind is TargetKind.A4 else self.tr("the card")
        self._steps[0].say(self.tr("Clean the glass with a dry, soft cloth."))
        self._steps[1].say(
            self.tr("Lay {sheet} face down on the glass, its upper left corner at the arrow mark.").format(
                sheet=sheet
            )
        )
        self._steps[2].say(self.tr("Close the lid, then scan the target."))
        self.drawing.show_target(kind)
        self.changed.emit()

    # -- files ------------------------------------------------------------------------------------------------

    def ask_reference(self) -> None:
        """Ask for the file of measured values that came with the target."""
        dialog = QFileDialog(self, self.tr("Reference file of the target"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Reference files (*.txt *.it8 *.cgats *.cie)"), self.tr("All files (*)")]
        )
        dialog.fileSelected.connect(lambda name: self.take_reference(Path(name)))
        dialog.finished.connect(lambda _: self.changed.emit())
        dialog.open()

    def take_reference(self, path: Path | None) -> None:
        """Judge by the measured values of this file, or without any."""
        self.reference = path
        self._show_reference()
        self.changed.emit()

    def ask_target(self) -> None:
        """Ask where the target is to be written as a file that prints at its real size."""
        save_target(self, self._station, self._kind).finished.connect(lambda _: self.changed.emit())

    def _show_reference(self) -> None:
        if self.reference is None:
            self._file.setText(self.tr("No reference file"))
            told = self.tr("Only geometry and relative sharpness are judged then, no tone and no colour.")
        else:
            self._file.setText(self.reference.name)
            told = self.tr("It must belong to this very target: its serial number is compared.")
        as_role(self._file, "strong" if self.reference else "")
        self._file_told.setText(told)
        self._no_file.setVisible(self.reference is not None)


class _Step(QWidget):
    """A numbered line of what to do."""

    def __init__(self, number: int) -> None:
        super().__init__()
        count = label(str(number), "title", "accent")
        count.setFixedWidth(24)
        self._text = label("", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def say(self, text: str) -> None:
        self._text.setText(text)
