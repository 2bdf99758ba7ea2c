"""What leaves the screen as a file or on paper because the officer asked: PDF files, checklists, separators."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from station.flow.station import Station
from station.flow.views import VisitView

if TYPE_CHECKING:
    from ui.printing.canvas import Page, Paper

# What draws and prints is imported when it is asked for: the window is not to wait for it.


class Paperwork(QObject):
    """Asks by the platform's own dialogs, and only when the officer wants a file or a print."""

    closed = Signal()
    """A dialog was closed: the keyboard is the screen's again."""

    def __init__(self, station: Station, over: QWidget) -> None:
        """Show dialogs over this widget."""
        super().__init__(over)
        self._station, self._over = station, over
        self._folder = Path.home()

    def save(self, items: Sequence[str]) -> None:
        """Ask for a folder and write these items as PDF there, each as a file; none: the whole record."""
        dialog = QFileDialog(self._over, self.tr("Folder for the PDF files"), str(self._folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.save_into(Path(name), items))
        dialog.finished.connect(self.closed)
        dialog.open()

    def save_into(self, folder: Path, items: Sequence[str]) -> None:
        """Write items into a folder, which is offered first the next time."""
        self._folder = folder
        self._station.export(folder, items)

    def print_checklist(self, visit: VisitView) -> None:
        """Print this applicant's checklist as it stands."""
        self._print(self.tr("Print the checklist"), lambda paper: checklist_of(visit, paper))

    def print_separators(self, visit: VisitView) -> None:
        """Print the separator sheets of this category."""
        self._print(self.tr("Print separator sheets"), lambda _: separators_of(visit))

    def _print(self, title: str, pages: "Callable[[Paper], Sequence[Page]]") -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        from ui.printing.output import put

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        paper = _paper()
        printer.setPageLayout(paper.layout)
        dialog = QPrintDialog(printer, self._over)
        dialog.setWindowTitle(title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def print_now() -> None:
            if not put(printer, paper, pages(paper)):
                self._refused()

        dialog.accepted.connect(print_now)
        dialog.finished.connect(self.closed)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()

    def _refused(self) -> None:
        box = QMessageBox(self._over)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText(self.tr("The printer did not take the pages."))
        box.setInformativeText(self.tr("Look whether it is on and has paper, then print again."))
        box.addButton(self.tr("Close"), QMessageBox.ButtonRole.AcceptRole)
        box.finished.connect(self.closed)
        box.open()


def checklist_of(visit: VisitView, paper: "Paper") -> "Sequence[Page]":
    """Return the pages of an applicant's checklist; it bears the number, not the name."""
    from station.flow.sheets import checklist_sheet
    from ui.printing.checklists import checklist_pages

    if visit.checklist is None:
        return ()
    return checklist_pages(checklist_sheet(visit.checklist, date.today(), visit), paper)


def separators_of(visit: VisitView) -> "Sequence[Page]":
    """Return the separator sheets of a visit's category."""
    from station.flow.sheets import separators
    from ui.printing.separators import separator_pages

    return separator_pages(separators(visit.checklist)) if visit.checklist else ()


def _paper() -> "Paper":
    """Return the paper of this machine's country."""
    from ui.printing.canvas import Paper

    inches = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    return Paper.LETTER if inches else Paper.A4
