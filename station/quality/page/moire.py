"""Whether ripples lie over the page: a printed screen beats with the scanner's lines, or a lamp flickers."""

import numpy as np
from numpy.typing import NDArray

from station.model.image import Pixels
from station.model.quality import Region
from station.quality import lightness
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample

_TILE = 64
"""Pixels of `sample.soft`, about 11 mm."""
_FLAT_SPAN = 60
"""Grey levels from the darkest to the lightest pixel: no print but the palest."""
_TILES_MIN = 4
_TILES_MAX = 120
_SLOW, _FAST = 3.5, 26
"""Waves in one tile: 3 to 0.4 mm long. Slower ones are shadows; faster ones are gone in `sample.soft`."""
_NEAR = 2
_ALONE = 0.6
"""Of a tile's energy, the share in its strongest wave: drawn ripples reach 0.9, print, pictures and squared
paper 0.5, grain 0.1."""
_THIRD = 3

_WINDOW = np.outer(np.hanning(_TILE), np.hanning(_TILE)).astype(np.float32)
_WINDOW /= _WINDOW.sum()
_DOWN, _ACROSS = np.fft.fftfreq(_TILE, 1 / _TILE)[:, np.newaxis], np.fft.rfftfreq(_TILE, 1 / _TILE)
_WAVES = np.hypot(_DOWN, _ACROSS)
_IN_BAND = (_WAVES >= _SLOW) & (_WAVES <= _FAST)


class Moire:
    """Height from trough to crest of regular ripples on flat places, 0.4 to 3 mm long.

    From the spectra of flat tiles of 11 mm; a ripple is one wave that stands alone, and the third strongest
    tile counts. raw: L*; the region shows the strongest tile. NOT_ASSESSED (`no_flat_paper`) when fewer than 4
    tiles are flat.
    """

    name = "moire"
    unit = "L*"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the height of the ripples."""
        tiles, places = _flat_tiles(sample.soft)
        if len(tiles) < _TILES_MIN:
            return Unmeasured("no_flat_paper")
        heights = _ripples(tiles)
        order = np.argsort(-heights, kind="stable")
        counted = int(order[_THIRD - 1])
        height, middle = float(heights[counted]), float(tiles[counted].mean())
        if not height:
            return Measured(0.0)
        ends = np.array([middle - height / 2, middle + height / 2])
        dark, light = np.interp(ends, np.arange(256), lightness.OF_GREY).tolist()
        return Measured(light - dark, places[int(order[0])])


def _flat_tiles(soft: Pixels) -> tuple[NDArray[np.float32], list[Region]]:
    """Cut the picture into tiles and keep the flat ones, evenly thinned out if there are many."""
    height, width = soft.shape
    rows, columns = height // _TILE, width // _TILE
    cut = soft[: rows * _TILE, : columns * _TILE].reshape(rows, _TILE, columns, _TILE).swapaxes(1, 2)
    tiles = cut.reshape(-1, _TILE, _TILE)
    flat = np.flatnonzero(np.ptp(tiles, axis=(1, 2)) <= _FLAT_SPAN)
    flat = flat[:: max(1, -(-len(flat) // _TILES_MAX))]
    across, down = _TILE / width, _TILE / height
    places = [Region(n % columns * across, n // columns * down, across, down) for n in flat.tolist()]
    return tiles[flat].astype(np.float32), places


def _ripples(tiles: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the height of each tile's ripple in grey levels, 0 where no wave stands alone."""
    level = tiles - tiles.mean(axis=(1, 2), keepdims=True)
    # A wave of height h has the amplitude h / 2, and half of that at either of its two frequencies.
    waves = 4 * np.abs(np.fft.rfft2(level * _WINDOW)) * _IN_BAND
    energy = waves**2
    down, across = np.unravel_index(np.argmax(energy.reshape(len(tiles), -1), axis=1), _WAVES.shape)
    far = np.abs(_DOWN - _DOWN[down][:, np.newaxis])
    near = np.minimum(far, _TILE - far) <= _NEAR
    near = near & (np.abs(_ACROSS - _ACROSS[across][:, np.newaxis, np.newaxis]) <= _NEAR)
    alone = (energy * near).sum(axis=(1, 2)) >= _ALONE * energy.sum(axis=(1, 2))
    heights: NDArray[np.float64] = np.where(alone, waves[np.arange(len(tiles)), down, across], 0.0)
    return heights
