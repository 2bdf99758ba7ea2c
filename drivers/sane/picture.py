"""From the bytes of SANE frames to pixels (SANE standard 1.06, "Image Data Format")."""

import numpy as np
from numpy.typing import NDArray

from drivers.sane.api import FrameFormat, Parameters
from station.errors import DriverFault
from station.model.image import Pixels

PLANES = (FrameFormat.RED, FrameFormat.GREEN, FrameFormat.BLUE)
"""A three-pass scanner sends one frame for each, in any order."""


def pixels_of(frames: dict[int, tuple[Parameters, Pixels]], device: str) -> Pixels:
    """Make a picture of the frames of one page, by format; each as its parameters and its whole rows.

    Raises:
        DriverFault: frames that make no picture, or that are coded as we cannot read.
    """
    if frames.keys() == set(PLANES):
        planes = [_samples(*frames[plane], device) for plane in PLANES]
        if len({plane.shape for plane in planes}) == 1:
            return np.dstack(planes)
    elif len(frames) == 1:
        ((form, (parameters, rows)),) = frames.items()
        if form == FrameFormat.GREY:
            return _samples(parameters, rows, device)
        if form == FrameFormat.RGB and parameters.depth > 1:
            samples = _samples(parameters, rows, device)
            return samples.reshape(len(samples), parameters.width, 3)
    raise DriverFault(device=device, detail=f"frames {sorted(frames)}")


def _samples(parameters: Parameters, rows: NDArray[np.uint8], device: str) -> Pixels:
    """Read 8 bits a sample out of rows that may be padded at their end."""
    count = parameters.width * parameters.samples
    match parameters.depth:
        case 8:
            return rows[:, :count]
        case 1:
            # One bit is ink (1) or paper (0), the leftmost pixel in the highest bit.
            return (1 - np.unpackbits(rows, axis=1, count=count)) * np.uint8(255)
        case 16:
            wide = np.ascontiguousarray(rows[:, : count * 2]).view(np.uint16)
            return ((wide.astype(np.uint32) + 128) // 257).astype(np.uint8)
        case depth:
            raise DriverFault(device=device, detail=f"depth {depth}")
