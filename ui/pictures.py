"""Pixels for Qt: an image over the same memory, and a pixmap for what stays on the screen."""

import numpy as np
from PySide6.QtGui import QImage, QPixmap

from station.model.image import Pixels

_FORMATS = {2: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}


class Picture:
    """An image that borrows the memory of an array; both live as long as this object.

    The array must not be written to while it is shown (frames and pages are read-only by themselves).
    """

    __slots__ = ("image", "pixels")

    def __init__(self, pixels: Pixels) -> None:
        """Take RGB or grey pixels; only rows that are not contiguous are copied."""
        self.pixels = np.ascontiguousarray(pixels)
        height, width = self.pixels.shape[:2]
        kind = _FORMATS[self.pixels.ndim]
        self.image = QImage(self.pixels.data, width, height, self.pixels.strides[0], kind)


def to_pixmap(pixels: Pixels) -> QPixmap:
    """Return a copy in the screen's own format."""
    return QPixmap.fromImage(Picture(pixels).image)


def photograph_on(page: Pixels) -> Pixels | None:
    """Cut the photograph out of a passport page that fills its picture; of any other picture take none.

    ICAO 9303-4: a TD3 page is 125 x 88 mm, the portrait (zone V, about 35 x 45 mm) stands at its left.
    """
    height, width = page.shape[:2]
    if not 1.3 < width / height < 1.55:
        return None
    return page[int(0.17 * height) : int(0.72 * height), int(0.03 * width) : int(0.35 * width)]
