"""Pages onto a device: a printer or a PDF file, by one drawing code."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPagedPaintDevice, QPainter, QPdfWriter

from ui.printing.canvas import Canvas, Page, Paper

DPI = 600
"""Dots of a PDF file: office printers have as many or half, so that their dots are ours."""


def put(device: QPagedPaintDevice, paper: Paper, pages: Sequence[Page]) -> bool:
    """Draw pages on a printer or a PDF writer, each in its own dots, and tell whether it took them all."""
    device.setPageLayout(paper.layout)
    painter = QPainter()
    if not painter.begin(device):
        return False
    try:
        for number, page in enumerate(pages):
            if number and not device.newPage():
                return False
            page(Canvas(painter, paper, device.logicalDpiX()))
    finally:
        painter.end()
    return True


def pdf(paper: Paper, pages: Sequence[Page], title: str) -> bytes:
    """Return pages as a PDF file with this title; bars are rectangles, words are words."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    writer.setTitle(title)
    writer.setCreator("Visa Station")
    put(writer, paper, pages)
    del writer  # it holds the buffer
    return bytes(buffer.data().data())
