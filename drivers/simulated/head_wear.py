"""What a drawn person wears in the face: a mask over mouth and nose, glasses."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drivers.simulated.brush import Brush, Colour, Point, smooth
from drivers.simulated.head_render import Lens, draw, normals
from drivers.simulated.head_scene import Canvas, Figure, Lamp, linear, look_up
from drivers.simulated.head_shape import (
    FACE_SHARE,
    LIP_CORNERS,
    LOWER_LIP,
    UPPER_LIP,
    Floats,
    Indices,
    eye_corners,
    head_mesh,
)
from station.imaging.cv import cv
from station.model.specimen import Wear

MASKS: dict[Wear, Colour] = {
    Wear.MASK_BLUE: (122, 172, 200),
    Wear.MASK_WHITE: (226, 228, 228),
    Wear.MASK_BLACK: (38, 38, 42),
}
MASK_OUTLINE: tuple[Point, ...] = (
    (0.5, 0.44), (0.56, 0.455), (0.68, 0.51), (0.84, 0.55), (0.93, 0.6), (0.9, 0.74), (0.8, 0.92), (0.64, 1.04),
    (0.5, 1.07),
)  # fmt: skip
"""The right half in the coordinates of the face mesh's texture."""
STRAPS: tuple[tuple[Point, ...], ...] = (((0.92, 0.6), (1.02, 0.47)), ((0.88, 0.78), (1.02, 0.56)))
MASK_THICK_CM = 0.42
TEXTURE_PX = 768
RELAX_ROUNDS = 30

LENS_CM = (2.75, 2.15)
"""Half the width and height of a glass."""
GLASSES_BEFORE_EYES_CM = 1.9
HINGE = np.array([7.0, 3.2, 2.9], np.float32)
EAR_TOP = np.array([7.5, 2.9, -2.6], np.float32)


def paint_wear(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp) -> None:
    """Put on what this sitter wears."""
    wear = figure.sitter.wear
    if wear in MASKS:
        _mask(canvas, figure, lens, lamp, MASKS[wear])
    elif wear is not Wear.NOTHING:
        _glasses(canvas, figure, lens, dark=wear is Wear.SUNGLASSES)


@lru_cache(maxsize=1)
def _mask_cover() -> Floats:
    image = Image.new("RGB", (TEXTURE_PX, TEXTURE_PX))
    start = (0.5 - FACE_SHARE / 2) * TEXTURE_PX
    brush = Brush(image, (start, start), FACE_SHARE * TEXTURE_PX)
    outline = smooth([*MASK_OUTLINE, *((1 - x, y) for x, y in reversed(MASK_OUTLINE[1:-1]))])
    brush.fill(outline, (255, 255, 255), soft=0.002)
    for strap in STRAPS:
        for points in (strap, [(1 - x, y) for x, y in strap]):
            brush.line(list(points), (255, 255, 255), 0.014)
    return np.asarray(image, np.float32)[..., 0] / 255


@lru_cache(maxsize=1)
def _masked() -> tuple[Indices, NDArray[np.bool_]]:
    """Return the triangles that the mask covers, and which control points are under it."""
    mesh = head_mesh()
    wide = cv().dilate(_mask_cover(), np.ones((9, 9), np.uint8))
    under = look_up(wide, mesh.uv)[:, 0] > 0
    return mesh.triangles[under[mesh.triangles].any(1)], under[: len(mesh.control)]


def _mask(canvas: Canvas, figure: Figure, lens: Lens, lamp: Lamp, colour: Colour) -> None:
    """Cloth does not follow nostrils and lips: the face's own surface, relaxed and lifted."""
    mesh = head_mesh()
    triangles, under = _masked()
    edges = mesh.cuts[0].edges
    ends = np.concatenate([edges[:, 0], edges[:, 1]]), np.concatenate([edges[:, 1], edges[:, 0]])
    points = figure.points[: len(under)]
    count = np.bincount(ends[0], minlength=len(points))[:, None]
    for _ in range(RELAX_ROUNDS):
        sums = [np.bincount(ends[0], points[ends[1], axis], minlength=len(points)) for axis in range(3)]
        points = np.where(under[:, None], np.stack(sums, 1) / count, points)
    smooth_points = mesh.smooth(points.astype(np.float32))
    lifted = figure.turned(smooth_points + normals(smooth_points, mesh.triangles) * np.float32(MASK_THICK_CM))
    facing = normals(lifted, mesh.triangles)
    mouth = np.zeros(canvas.shape, np.uint8)
    ring = [LIP_CORNERS[0], *UPPER_LIP, LIP_CORNERS[1], *LOWER_LIP[::-1]]
    lips = np.round(lens.project(lifted[ring])[:, :2] * 16 - 8).astype(np.int32)
    cv().fillPoly(mouth, [lips], 255, cv().LINE_AA, 4)
    tone = linear(colour) * lamp.on(facing[ring].mean(0, keepdims=True), 0.2)[0]
    canvas.stain(mouth, (float(tone[0]), float(tone[1]), float(tone[2])), 1)
    seen = draw(lens.project(lifted), triangles, np.concatenate([mesh.uv, facing], 1), canvas.shape)
    cover = look_up(_mask_cover(), seen.values[:, :2])[:, 0]
    down = (seen.values[:, 1] - 0.5) / FACE_SHARE + 0.5
    pleats = 1 - 0.22 * np.exp(-(((down[:, None] - np.array([0.66, 0.75, 0.84])) / 0.006) ** 2)).sum(1)
    light = lamp.on(seen.values[:, 2:5], 0.2) * pleats
    canvas.put(seen, linear(colour) * light[:, None], cover)


def _glasses(canvas: Canvas, figure: Figure, lens: Lens, *, dark: bool) -> None:
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles), 0 * angles], 1)
    square = np.sign(ring[:, :2]) * np.abs(ring[:, :2]) ** 0.75
    thick = max(2, round(0.22 * lens.scale))
    frame = np.zeros(canvas.shape, np.uint8)
    middles = eye_corners(figure.points) + np.array([(-0.25, -0.25, 0), (0.25, -0.25, 0)])
    for side, middle in enumerate(middles):
        rim = np.concatenate([square * LENS_CM, ring[:, 2:]], 1) + middle + [0, 0, GLASSES_BEFORE_EYES_CM]
        rim[:, 2] -= 0.05 * rim[:, 0] ** 2 * 0.6
        seen = _pixels(figure, lens, rim)
        glass = np.zeros(canvas.shape, np.uint8)
        cv().fillPoly(glass, [seen], 255, cv().LINE_AA, 4)
        canvas.stain(glass, (0.012, 0.011, 0.012) if dark else (0.8, 0.85, 0.9), 0.965 if dark else 0.06)
        if not dark:
            streak = np.array([(-1.6, 1.6, 0), (-1.1, 1.75, 0), (-1.9, 0.2, 0), (-2.2, 0.4, 0)])
            shine = np.zeros(canvas.shape, np.uint8)
            cv().fillPoly(shine, [_pixels(figure, lens, streak + middle + [0, 0, 1.7])], 255, cv().LINE_AA, 4)
            canvas.stain(cv().min(shine, glass), (0.95, 0.97, 1.0), 0.28)
        cv().polylines(frame, [seen], True, 255, thick, cv().LINE_AA, 4)
        out = np.array([2 * side - 1, 1, 1], np.float32)
        if figure.rotation[0, 2] * out[0] > -0.05:
            temple = np.stack([rim[0 if side else 24], HINGE * out, EAR_TOP * out])
            cv().polylines(frame, [_pixels(figure, lens, temple)], False, 255, thick, cv().LINE_AA, 4)
    left, right = middles + np.array([0, 0.5, GLASSES_BEFORE_EYES_CM])
    reach = np.array([LENS_CM[0] - 0.1, 0, 0])
    bridge = np.stack([left + reach, (left + right) / 2 + np.array([0, 0.25, 0.3]), right - reach])
    cv().polylines(frame, [_pixels(figure, lens, bridge)], False, 255, thick, cv().LINE_AA, 4)
    canvas.stain(frame, (0.012, 0.011, 0.012), 1)


def _pixels(figure: Figure, lens: Lens, points: NDArray[np.floating]) -> NDArray[np.int32]:
    """Return where points of the head are seen, in sixteenths of a pixel."""
    seen = lens.project(figure.turned(np.asarray(points, np.float32)))[:, :2]
    return np.round(seen * 16 - 8).astype(np.int32)
