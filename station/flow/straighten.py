"""What to do to a scanned page so that it is seen straight, upright and without the glass around it."""

from collections.abc import Sequence
from math import cos, radians, sin

import numpy as np

from station.imaging import adjust, codec
from station.imaging.cv import cv
from station.model.adjustment import AS_IT_CAME, Adjustment
from station.model.document import Barcode, Certainty, MrzCell, Symbology
from station.model.image import Pixels
from station.model.quality import Region
from station.quality.measure import Measured
from station.quality.page.skew import Skew
from station.quality.sample import PageSample
from station.reading import page_edges, text_direction
from station.reading.page_side import Paper, Sight, turning

LEAST = 0.3
"""Degrees: less is not seen, and straightening costs a little sharpness on the screen."""
MOST_BY_PRINT = 15.0
"""Degrees: print may be set aslant on purpose; the paper's own edges may lie further round."""
_UNEQUAL = 0.02
_FOR_DIRECTION = 6
"""Pixels for each millimetre in which the direction of print is looked for."""
_MARGIN_MM = 0.2
_WHOLE = 0.985
_DARKER = 40
_CORNER_STEP = 2
_CORNER_PX = 6

_MATRIX = (Symbology.QR, Symbology.DATAMATRIX, Symbology.AZTEC, Symbology.PDF417)


def propose(
    sample: PageSample, codes: Sequence[Barcode], lines: Sequence[Sequence[MrzCell]] = ()
) -> Adjustment:
    """Return how the page is to be shown; as it came wherever there is doubt.

    `lines` are the cells of machine-readable lines found on it. The paper's edges tell crop and angle; where
    they are not seen, the lines of print tell the angle. Where x and y are scanned at different resolutions
    nothing is straightened or cropped askew: turning such pixels would bend right angles.
    """
    height, width = sample.pixels.shape[:2]
    level = AS_IT_CAME
    if _is_square(sample.known_dpi):
        level = _levelled(sample, (width, height))
    return level.turned(_turn(sample, level, codes, lines))


def _is_square(dpi: tuple[float, float] | None) -> bool:
    return dpi is None or abs(dpi[0] - dpi[1]) <= _UNEQUAL * max(dpi)


def _levelled(sample: PageSample, size: tuple[int, int]) -> Adjustment:
    paper = page_edges.find(sample.thin, sample.px_per_mm / sample.step)
    if paper is not None and (paper.sight is Sight.CLEAR or abs(paper.angle) <= MOST_BY_PRINT):
        return _cut_out(paper, sample, size)
    skew = Skew().assess(sample)
    if not isinstance(skew, Measured) or not LEAST <= abs(skew.raw) <= MOST_BY_PRINT:
        return AS_IT_CAME
    straight = Adjustment(skew=round(skew.raw, 2))
    return (
        Adjustment(skew=straight.skew, crop=_room(straight, size)) if _loses_ink(sample, straight) else straight
    )


def _cut_out(paper: Paper, sample: PageSample, size: tuple[int, int]) -> Adjustment:
    """Return what shows the paper alone."""
    # The middle of pixel n of the thinned picture is the middle of pixel n * step of the picture.
    centre = (np.array(paper.centre) - 0.5) * sample.step + 0.5
    lengths = np.array(paper.size) * sample.step + 2 * _MARGIN_MM * sample.px_per_mm
    whole = np.array(size, np.float64)
    middle = whole / 2 + (centre - whole / 2) @ turning(-paper.angle)
    left, top = ((middle - lengths / 2) / whole).tolist()
    width, height = (lengths / whole).tolist()
    found = Adjustment(skew=round(paper.angle, 2), crop=Region(left, top, width, height))
    if abs(paper.angle) >= LEAST:
        return found
    upright = found.askew(size)
    crop = upright.crop
    return AS_IT_CAME if crop is None or min(crop.width, crop.height) >= _WHOLE else upright


def _loses_ink(sample: PageSample, straight: Adjustment) -> bool:
    """Whether straightening would turn something dark out of the picture at its corners."""
    thin = sample.thin[::_CORNER_STEP, ::_CORNER_STEP]
    height, width = thin.shape
    angle = radians(straight.skew)
    across = np.arange(width, dtype=np.float32) + 0.5 - width / 2
    down = (np.arange(height, dtype=np.float32) + 0.5 - height / 2)[:, None]
    outside = np.abs(across * cos(angle) + down * sin(angle)) > width / 2
    outside |= np.abs(down * cos(angle) - across * sin(angle)) > height / 2
    paper = float(np.median(thin))
    return int(np.count_nonzero(thin[outside] < paper - _DARKER)) > _CORNER_PX


def _room(straight: Adjustment, size: tuple[int, int]) -> Region:
    """Return the crop that holds all of the picture when it is straightened."""
    width, height = size
    angle = radians(abs(straight.skew))
    across = cos(angle) + height / width * sin(angle)
    down = cos(angle) + width / height * sin(angle)
    return Region(0.5 - across / 2, 0.5 - down / 2, across, down)


def _turn(
    sample: PageSample, level: Adjustment, codes: Sequence[Barcode], lines: Sequence[Sequence[MrzCell]]
) -> int:
    """Return what sets the page upright: told by printed lines, matrix codes or print; 0 when unsure."""
    printed = [(line[0].corners[0], line[-1].corners[1]) for line in lines if line]
    marked = [
        code.corners
        for code in codes
        if code.symbology in _MATRIX and code.certainty is Certainty.ACCEPTED and len(code.corners) == 4
    ]
    back = turning(-level.skew)
    for found in (printed, marked):
        told = text_direction.of_corners([(np.array(corners) @ back).tolist() for corners in found])
        if told is not None:
            return told
    grey = adjust.shown(_for_direction(sample), level)
    return text_direction.find(grey, sample.px_per_mm / _direction_step(sample)) or 0


def _direction_step(sample: PageSample) -> int:
    return max(1, round(sample.px_per_mm / _FOR_DIRECTION))


def _for_direction(sample: PageSample) -> Pixels:
    step = _direction_step(sample)
    height, width = sample.pixels.shape[:2]
    if step == 1 or min(height, width) < step:
        return codec.grey(sample.pixels)
    size = (width // step, height // step)
    return codec.grey(cv().resize(sample.pixels, size, interpolation=cv().INTER_AREA))
