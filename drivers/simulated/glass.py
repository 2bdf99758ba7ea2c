"""What the simulated scanner delivers of a paper: a target as its wear pictures it, other papers as drawn."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image

from drivers.simulated.degrade import degrade, sheet_of
from drivers.simulated.papers import PASSPORT_CORNER_MM, TILT_DEGREES, cover, drawn, glare, in_mode
from drivers.simulated.props import Stage
from drivers.simulated.sensor import Window, tinged
from drivers.simulated.stationery import A4_MM
from station.model.capability import ColourMode
from station.model.degradation import Degradation
from station.model.image import MM_PER_INCH, Pixels
from station.model.specimen import Flaw, Paper

SHEET_MM = 200.0
"""A target wider than this covers the glass; a smaller one lies where a passport does."""
BLURRED_MM = 0.35
"""Standard deviation of the blur of a sheet that does not lie flat."""
DIM = 0.15
"""What light is left when the lamp fails."""
FADED = 0.45
"""How far faded ink comes near to paper."""


def scanned(stage: Stage, paper: Paper | None, dpi: int, mode: ColourMode, window: Window) -> Pixels:
    """Return the rows and columns `window` of the glass with this paper on it, or of the lid where None.

    What of the window lies beyond the glass is left out.
    """
    worn, wear = stage.worn, stage.wear_of_scan()
    window = _within(window, dpi)
    if paper is not None and paper.drawing is not None:
        size, lies = glass_px(dpi), lying(paper, wear, dpi)
        spoilt = _spoilt(paper.drawing, paper)
        picture = degrade(spoilt, paper.drawing_dpi, dpi, lies, size_px=size, window=window)
        return in_mode(Image.fromarray(picture), mode)
    if worn is None:
        return np.ascontiguousarray(drawn(paper, stage.sitter.seed, dpi, mode)[window])
    picture = tinged(drawn(paper, stage.sitter.seed, dpi, ColourMode.COLOUR), wear, window)
    return in_mode(Image.fromarray(picture), mode)


def glass_px(dpi: int) -> tuple[int, int]:
    """Return the width and height of the whole glass."""
    return round(A4_MM[0] / MM_PER_INCH * dpi), round(A4_MM[1] / MM_PER_INCH * dpi)


def lying(paper: Paper, wear: Degradation, dpi: int) -> Degradation:
    """Return the wear with how this target lies on the glass: what `degrade` and the truth of a scan need."""
    if paper.drawing is None:
        return wear
    sheet_mm = sheet_of(paper.drawing, paper.drawing_dpi)
    corner_mm = PASSPORT_CORNER_MM if sheet_mm[0] < SHEET_MM else (0.0, 0.0)
    off_mm = [
        corner + (sheet - glass) / 2 for corner, sheet, glass in zip(corner_mm, sheet_mm, A4_MM, strict=True)
    ]
    if Flaw.HALF_OFF in paper.flaws:
        off_mm[0] = -A4_MM[0] / 2
    across, down = (moved + off * dpi / MM_PER_INCH for moved, off in zip(wear.shift_px, off_mm, strict=True))
    wear = replace(wear, shift_px=(across, down))
    for flaw, spoil in FLAWS.items():
        if flaw in paper.flaws:
            wear = spoil(wear, dpi)
    return wear


def _within(window: Window, dpi: int) -> Window:
    width, height = glass_px(dpi)
    rows, columns = (
        slice(min(part.start, side), min(part.stop, side))
        for part, side in zip(window, (height, width), strict=True)
    )
    return rows, columns


def _blurred(wear: Degradation, dpi: int) -> Degradation:
    sd = BLURRED_MM / MM_PER_INCH * dpi
    return replace(wear, blur_px=(sd, sd))


FLAWS: dict[Flaw, Callable[[Degradation, int], Degradation]] = {
    Flaw.TILTED: lambda wear, dpi: replace(wear, skew=wear.skew + TILT_DEGREES),
    Flaw.BLURRED: _blurred,
    Flaw.DARK: lambda wear, dpi: replace(wear, black=wear.black * DIM, white=wear.white * DIM),
    Flaw.FADED: lambda wear, dpi: replace(wear, black=wear.black + (wear.white - wear.black) * FADED),
}
"""What becomes of the scan of a target; the other flaws are on the sheet itself."""


def _spoilt(drawing: Pixels, paper: Paper) -> Pixels:
    """Return what the target shows with what lies on it, as it lies."""
    if {Flaw.COVERED, Flaw.GLARE} & set(paper.flaws):
        image = Image.fromarray(drawing).convert("RGB")
        if Flaw.COVERED in paper.flaws:
            cover(image)
        if Flaw.GLARE in paper.flaws:
            glare(image, _glare_mm(sheet_of(drawing, paper.drawing_dpi)), round(paper.drawing_dpi))
        drawing = np.array(image)
    return drawing[::-1, ::-1] if Flaw.UPSIDE_DOWN in paper.flaws else drawing


def _glare_mm(sheet_mm: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return where glare lies on a target: left, top, width, height."""
    width, height = sheet_mm
    return 0.3 * width, 0.3 * height, 0.4 * width, 0.2 * height
