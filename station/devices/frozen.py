"""A stream that has frozen: the camera goes on sending, but always the same picture.

What it shows may be the applicant before. Only rows far apart are compared: a real camera's noise changes every
one of them from picture to picture.
"""

import numpy as np

from station.model.image import Pixels

FROZEN_S = 2.0
FROZEN_FRAMES = 10
"""A stream is frozen when its picture has stayed the same for so long and so often. Both: a slow camera repeats
itself before it is slow to us, and a network hands over many pictures at once after a pause."""

_ROWS = 32
"""How many rows are compared; whole ones, which lie together in memory: 25 microseconds at 1920 x 1080."""


class Stillness:
    """Watches one stream. Used on one thread; forget it with the stream."""

    def __init__(self) -> None:
        """Start with no picture seen."""
        self._rows: Pixels | None = None
        self._since = 0.0
        self._alike = 0

    def frozen(self, pixels: Pixels, now: float) -> bool:
        """Take note of a frame and tell whether the stream has frozen. `now` is monotonic, in seconds.

        A picture of one colour all over is no proof: a covered lens looks like that, and other checks name it.
        """
        rows = pixels[:: max(1, pixels.shape[0] // _ROWS)]
        if self._rows is None or not np.array_equal(rows, self._rows):
            self._rows, self._since, self._alike = rows.copy(), now, 1
            return False
        self._alike += 1
        long_enough = self._alike >= FROZEN_FRAMES and now - self._since >= FROZEN_S
        return long_enough and bool(np.ptp(self._rows))
