"""What a camera sees of a paper that somebody holds up: a little turned, leaning a little, before a person."""

from functools import lru_cache
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from drivers.simulated.papers import (
    DARK,
    FADED,
    GLARE_MM,
    PASSPORT_CORNER_MM,
    as_printed,
    cover,
    glare,
    sheet_of,
)
from drivers.simulated.people import GRAIN, HEIGHT_PX, SWAY_PX, WIDTH_PX, seen
from drivers.simulated.sheet import Sheet
from station.model.image import MM_PER_INCH, Pixels
from station.model.specimen import Flaw, Paper, PaperKind, Sitter

CELLS_AN_INCH = 10
"""Of the printed lines (ICAO 9303-3, 4.4): what says how many dots an inch a paper is seen at."""

TURN_DEGREES = 3.0
TILT_DEGREES = 14.0
LEAN = 0.03
"""Share by which the far edge is shorter than the near one."""
TOP_PX = 70.0
"""Where a paper that is higher than the picture begins: its head is what is read."""

Points = NDArray[np.float64]


def held(paper: Paper, cell_px: float, sitter: Sitter, width_px: int, height_px: int) -> Pixels:
    """Return what a camera of this size sees, with `SWAY_PX` more on each side; drawn once for each paper."""
    return _held(as_printed(paper), cell_px, sitter, width_px, height_px)


@lru_cache(maxsize=4)
def _held(paper: Paper, cell_px: float, sitter: Sitter, width_px: int, height_px: int) -> Pixels:
    scene = Image.fromarray(seen(sitter, WIDTH_PX, HEIGHT_PX))
    sheet = sheet_of(paper, sitter.seed, round(cell_px * CELLS_AN_INCH))
    image = _spoilt(sheet, paper)
    turn = TILT_DEGREES if Flaw.TILTED in paper.flaws else TURN_DEGREES
    way = _way_back(image.size, scene.size, turn)
    grain = np.random.default_rng(sitter.seed).normal(0, GRAIN, (image.height, image.width, 1))
    lit = np.asarray(image, np.float32) * np.float32(sitter.light) + grain.astype(np.float32)
    image = Image.fromarray(np.clip(lit + 0.5, 0, 255).astype(np.uint8))
    if not sitter.sharp or Flaw.BLURRED in paper.flaws:
        image = image.filter(ImageFilter.GaussianBlur(0.35 / MM_PER_INCH * sheet.dpi))
    shape = Image.new("L", image.size, 255)
    moved, mask = (
        part.transform(scene.size, Image.Transform.PERSPECTIVE, way, Image.Resampling.BICUBIC)
        for part in (image, shape)
    )
    scene.paste(moved, mask=mask)
    wanted = (width_px + 2 * SWAY_PX, height_px + 2 * SWAY_PX)
    if scene.size != wanted:
        scene = scene.resize(wanted, Image.Resampling.BOX)
    pixels: Pixels = np.array(scene)
    pixels.setflags(write=False)
    return pixels


def _spoilt(sheet: Sheet, paper: Paper) -> Image.Image:
    image = sheet.image
    if Flaw.FADED in paper.flaws:
        image = image.point(FADED)
    if Flaw.COVERED in paper.flaws:
        cover(image)
    if Flaw.GLARE in paper.flaws:
        left, top, width, height = GLARE_MM[paper.kind]
        corner = PASSPORT_CORNER_MM if paper.kind is PaperKind.PASSPORT else (0.0, 0.0)
        glare(image, (left - corner[0], top - corner[1], width, height), sheet.dpi)
    if Flaw.DARK in paper.flaws:
        image = image.point(DARK)
    return image.transpose(Image.Transpose.ROTATE_180) if Flaw.UPSIDE_DOWN in paper.flaws else image


def _way_back(own: tuple[int, int], scene: tuple[int, int], turn: float) -> tuple[float, ...]:
    """Return the eight numbers that lead from the scene's pixels to those of a paper of this size."""
    width, height = own
    plain = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    middle = np.array([width, height]) / 2
    shrunk = (plain - middle) * np.array([(1 - LEAN, 1 - LEAN), (1 - LEAN, 1 - LEAN), (1, 1), (1, 1)])
    c, s = cos(radians(turn)), sin(radians(turn))
    seen_at = shrunk @ np.array([(c, s), (-s, c)]) + np.array(scene) / 2
    if height > scene[1]:
        seen_at[:, 1] += TOP_PX - seen_at[:, 1].min()
    rows, aims = [], []
    for (x, y), (u, v) in zip(seen_at.tolist(), plain.tolist(), strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        aims += [u, v]
    return tuple(np.linalg.solve(np.array(rows), np.array(aims)).tolist())
