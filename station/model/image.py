"""Pixels with what is known about them, and the name under which a stored picture is found."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""uint8, (height, width) grey or (height, width, 3) RGB, values 0 to 255 as the device coded them (sRGB)."""

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a live stream.

    `pixels` are (height, width, 3) RGB; `taken_at` is `time.monotonic()` in seconds when it reached this
    process; `number` counts from 1 within one stream. `encoded` are the camera's own bytes of a still that it
    coded itself, of which `pixels` are the decoded picture, and `media_type` names their coding.
    """

    pixels: Pixels = field(repr=False)
    number: int
    taken_at: float
    encoded: bytes | None = field(default=None, repr=False)
    media_type: str | None = None

    def __post_init__(self) -> None:
        """Guard the pixels: a frame is shared between threads without a lock."""
        self.pixels.setflags(write=False)


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One scanned side, as the device delivered it.

    `dpi` is (x, y) in dots per inch. `encoded` holds the device's own bytes when it coded the page itself
    (then they are what is stored), `media_type` names their coding. `number` counts from 1 within one job.
    """

    pixels: Pixels = field(repr=False)
    number: int
    dpi: tuple[float, float]
    encoded: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    back: bool = False

    def __post_init__(self) -> None:
        """Guard the pixels: a page is shared between threads without a lock."""
        self.pixels.setflags(write=False)


@dataclass(frozen=True, slots=True)
class PictureRef:
    """A picture in the store: `sha256` (64 hex digits, lower case) of its bytes is its name."""

    sha256: str
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    dpi: tuple[float, float] | None = None
