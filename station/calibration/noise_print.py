"""The fingerprint of a picture's noise: two scans of one sheet differ in it, one picture given twice does not.

Small blocks on a fixed grid of the device's pixels, each less its mean. Even blocks of two scans share nothing
but their places; of the same pixels, recoded or lightened, they share nearly all.
"""

import numpy as np
from numpy.typing import NDArray

from station.model.image import Pixels

_ROWS, _COLUMNS = 8, 6
_SIDE = 16
_BLOCK = _SIDE * _SIDE
_EVEN = 8.0
"""Code values, standard deviation: a block with more shows print, which two scans share."""

_NOISY = 0.3
"""Code values: a block with less holds no noise to compare."""

_LEAST_BLOCKS = 6
_SAME = 0.5
"""Median correlation, ours. Of two drawn scans it is 0.00 to 0.02; of one picture it is 1.0 when it was
lightened, 0.83 recoded as JPEG 98, 0.56 as JPEG 95. The grain of paper that lay still was not measured yet."""


def noise_of(pixels: Pixels) -> bytes:
    """Return the fingerprint of a picture, grey or RGB, as the device delivered it: 12 kB, or none if tiny."""
    height, width = pixels.shape[:2]
    if min(height // _ROWS, width // _COLUMNS) < _SIDE:
        return b""
    blocks = np.empty((_ROWS * _COLUMNS, _BLOCK), np.int8)
    for at in range(_ROWS * _COLUMNS):
        row, column = divmod(at, _COLUMNS)
        top = (2 * row + 1) * height // (2 * _ROWS) - _SIDE // 2
        left = (2 * column + 1) * width // (2 * _COLUMNS) - _SIDE // 2
        block = pixels[top : top + _SIDE, left : left + _SIDE]
        grey = (block if block.ndim == 2 else block[..., 1]).astype(np.float64)
        blocks[at] = np.clip(np.rint(4 * (grey - grey.mean())), -128, 127).ravel().astype(np.int8)
    return blocks.tobytes()


def same_picture(one: bytes, other: bytes) -> bool:
    """Tell whether two fingerprints are of one picture; False where too little noise is there to tell by."""
    if not one or len(one) != len(other) or len(one) % _BLOCK:
        return False
    pair = [np.frombuffer(noise, np.int8).reshape(-1, _BLOCK) / 4.0 for noise in (one, other)]
    usable = np.all([_usable(blocks) for blocks in pair], axis=0)
    if usable.sum() < _LEAST_BLOCKS:
        return False
    a, b = (blocks[usable] for blocks in pair)
    alike = (a * b).mean(axis=1) / (a.std(axis=1) * b.std(axis=1))
    return bool(np.median(alike) > _SAME)


def _usable(blocks: NDArray[np.float64]) -> NDArray[np.bool_]:
    spread = blocks.std(axis=1)
    return np.asarray((spread > _NOISY) & (spread < _EVEN))
