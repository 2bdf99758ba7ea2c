"""Masks, lenses, beards and lipstick, painted on a face by its mesh. For tests and studies."""

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality.face.landmarks import JAW, OUTER_LIPS

Colour = tuple[float, float, float] | NDArray[np.floating]

MASKS: dict[str, Colour] = {
    "blue": (150, 185, 215),
    "white": (228, 228, 226),
    "black": (28, 28, 30),
    "grey": (128, 128, 130),
    "red": (170, 30, 40),
    "green": (90, 150, 110),
    "beige": (214, 180, 150),
    "brown": (110, 75, 55),
}
LENSES: dict[str, Colour] = {
    "black": (15, 15, 16),
    "brown": (60, 38, 25),
    "blue": (25, 40, 90),
    "red": (120, 25, 25),
}
BEARDS: dict[str, Colour] = {"black": (18, 16, 16), "brown": (85, 60, 42), "white": (215, 212, 208)}

_OVER_NOSE = (227, 117, 118, 196, 197, 419, 347, 346, 447)
_UNDER_NOSE = (234, 205, 92, 2, 322, 425, 454)
_BEARD = (411, 436, 432, 424, 421, 200, 201, 204, 212, 216, 187)


def skin(face: Pixels, mesh: NDArray[np.float32]) -> NDArray[np.floating]:
    """Return the colour of cheeks and brow."""
    spots = np.rint(mesh[[50, 280, 151, 9], :2]).astype(int)
    means = [face[y - 4 : y + 4, x - 4 : x + 4].reshape(-1, 3).mean(0) for x, y in spots]
    middle: NDArray[np.floating] = np.median(means, axis=0)
    return middle


def masked(face: Pixels, mesh: NDArray[np.float32], colour: Colour, *, under_nose: bool = False) -> Pixels:
    """Put on a mask that bulges: darker at its sides, with the grain of cloth."""
    top = mesh[list(_UNDER_NOSE if under_nose else _OVER_NOSE), :2]
    jaw = mesh[list(JAW[2:-2]), :2] + (0, 0.08 * _apart(mesh))
    rows, columns = np.mgrid[: face.shape[0], : face.shape[1]]
    middle = mesh[0, :2]
    away = np.hypot((columns - middle[0]) / _apart(mesh), (rows - middle[1]) / (1.3 * _apart(mesh)))
    shade = 1.05 - 0.28 * np.clip(away, 0, 1.2) ** 2 + _grain(face.shape) * 0.02
    return _over(face, _filled(face, np.vstack([top, jaw[::-1]])), np.asarray(colour) * shade[..., None])


def shaded(face: Pixels, mesh: NDArray[np.float32], colour: Colour, dark: float = 1.0) -> Pixels:
    """Put on glasses whose lenses let only the rest of `dark` through."""
    cover = np.zeros(face.shape[:2], np.float32)
    for iris in mesh[[468, 473], :2]:
        axes = (round(0.36 * _apart(mesh)), round(0.28 * _apart(mesh)))
        cv().ellipse(cover, np.rint(iris).astype(int).tolist(), axes, 0, 0, 360, dark, -1, cv().LINE_AA)
    return _over(face, cover, np.asarray(colour))


def bearded(face: Pixels, mesh: NDArray[np.float32], colour: Colour) -> Pixels:
    """Give a full beard that leaves lips, nose and cheeks free."""
    cover = _filled(face, np.vstack([mesh[list(JAW), :2], mesh[list(_BEARD), :2]]))
    grain = _grain(face.shape)
    return _over(
        face, np.clip(cover * 0.9 * (1 + 0.2 * grain), 0, 1), np.asarray(colour) * (1 + 0.3 * grain[..., None])
    )


def painted_lips(face: Pixels, mesh: NDArray[np.float32], colour: Colour) -> Pixels:
    """Put lipstick on."""
    return _over(face, 0.7 * _filled(face, mesh[list(OUTER_LIPS), :2]), np.asarray(colour))


def _apart(mesh: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(mesh[468, :2] - mesh[473, :2]))


def _filled(face: Pixels, outline: NDArray[np.floating]) -> NDArray[np.float32]:
    cover = np.zeros(face.shape[:2], np.float32)
    cv().fillPoly(cover, [np.rint(outline).astype(np.int32)], 1.0, cv().LINE_AA)
    soft: NDArray[np.float32] = cv().GaussianBlur(cover, (0, 0), 1.0)
    return soft


def _grain(shape: tuple[int, ...]) -> NDArray[np.float32]:
    grain: NDArray[np.float32] = np.random.default_rng(5).normal(0, 1, shape[:2]).astype(np.float32)
    return grain


def _over(face: Pixels, cover: NDArray[np.float32], colour: NDArray[np.floating]) -> Pixels:
    share = cover[..., np.newaxis]
    return np.clip(face * (1 - share) + colour * share, 0, 255).astype(np.uint8)
