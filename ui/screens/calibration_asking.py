"""What the calibration asks in dialogs: a folder for the report, a leave, a release."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from station.flow.station import Station
from station.model.capability import DeviceInfo
from station.model.officer import Officer
from station.model.target import TargetKind
from ui.screens.calibration_leave import LeaveDialog, ReleaseDialog, SignedDialog


class Asking(QObject):
    """Asks only when somebody wanted it, and hands the answers to the station.

    `officer` is who is at work by an account, None where nobody signs in.
    """

    closed = Signal()
    """A dialog was closed: the keyboard is the screen's again."""

    def __init__(self, station: Station, over: QWidget) -> None:
        """Show dialogs over this widget."""
        super().__init__(over)
        self._station, self._over = station, over
        self.officer: Officer | None = None
        self._folder = Path.home()

    def leave(self, device: DeviceInfo) -> None:
        """Ask why this locked device is opened, for how long, and where nobody signs in, by whom."""
        dialog = LeaveDialog(self._over, device.name, self.officer)
        dialog.signed.connect(
            lambda said, hours: self._station.allow_device(device.id, said[0], said[1], hours)
        )
        self._open(dialog)

    def release(self, device: DeviceInfo) -> None:
        """Ask what the cause was, what was done, and where nobody signs in, who releases this device."""
        dialog = ReleaseDialog(self._over, device.name, self.officer)
        dialog.signed.connect(lambda said, _: self._station.release_device(device.id, *said))
        self._open(dialog)

    def save(self, digest: str) -> None:
        """Ask for a folder and write the report of a calibration there."""
        dialog = QFileDialog(self._over, self.tr("Folder for the report"), str(self._folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.save_into(Path(name), digest))
        dialog.finished.connect(self.closed)
        dialog.open()

    def save_into(self, folder: Path, digest: str) -> None:
        """Write the report of a calibration into a folder, which is offered first the next time."""
        self._folder = folder
        self._station.write_calibration_report(digest, folder)

    def _open(self, dialog: SignedDialog) -> None:
        dialog.finished.connect(self.closed)
        dialog.open()


def save_target(over: QWidget, station: Station, kind: TargetKind | None) -> QFileDialog:
    """Ask where a target, or (None) the board for cameras, is written to print at its real size."""
    title = over.tr("Save the target for printing")
    dialog = QFileDialog(over, title, str(Path.home() / f"{f'target-{kind}' if kind else 'board'}.pdf"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(over.tr("PDF (*.pdf)"))
    dialog.setDefaultSuffix("pdf")
    dialog.fileSelected.connect(lambda name: station.write_target(kind, Path(name)))
    dialog.open()
    return dialog
