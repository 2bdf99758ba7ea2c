"""What happens between the printed line and the pixels: worn ink, light, optics, sensor, compression."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from scripts.mrz_model.papers import clouds

Field = NDArray[np.float32]


def wear(ink: Field, rng: Generator, u: float) -> Field:
    """Return the ink cover (0 to 1) after thinning, speckle and scratches; `u` is pixels a character."""
    rows, columns = ink.shape
    if rng.random() < 0.2:
        cover = rng.uniform(0.6, 1.2) + 0.45 * clouds(rng, rows, columns, int(rng.integers(6, 60)))
        ink = ink * np.clip(cover, 0, 1)
    if rng.random() < 0.12:
        grains = rng.standard_normal(ink.shape, np.float32)
        grains = cv2.GaussianBlur(grains, (0, 0), u * rng.uniform(0.02, 0.07))
        ink = ink * (grains > np.quantile(grains[::3, ::3], rng.uniform(0.03, 0.35)))
    if rng.random() < 0.12:
        ink = ink.astype(np.float32)
        for _ in range(rng.integers(1, 6)):
            _stroke(ink, rng, 0.0, max(1, int(u * rng.uniform(0.02, 0.12))))
    return ink.astype(np.float32)


def overprint(page: Field, rng: Generator, u: float) -> Field:
    """Return the page (0 to 255) with pen strokes, stamps or the edge of a picture over the line."""
    if rng.random() < 0.14:
        shade = np.ones_like(page)
        for _ in range(rng.integers(1, 4)):
            _stroke(shade, rng, rng.uniform(0.3, 0.9), max(1, int(u * rng.uniform(0.03, 0.16))))
        page = page * shade
    if rng.random() < 0.06:
        edge = int(rng.integers(page.shape[0]))
        side = slice(edge, None) if rng.random() < 0.5 else slice(None, edge)
        page[side] *= rng.uniform(0.45, 0.95)
    return page


def light(page: Field, rng: Generator, p: float) -> Field:
    """Return the page under uneven light, shadow, laminate glare and foil; `p` is pixels a character."""
    rows, columns = page.shape
    page = page * (1 + rng.uniform(0, 0.12) * clouds(rng, rows, columns, int(rng.integers(2, 7))))
    x = np.arange(columns, dtype=np.float32)[None]
    y = np.arange(rows, dtype=np.float32)[:, None]
    if rng.random() < 0.22:
        across = x + y * rng.uniform(-3, 3) - rng.uniform(0, columns)
        soft = p * rng.uniform(0.1, 4)
        page = page * (1 - rng.uniform(0.1, 0.6) / (1 + np.exp(np.clip(-across / soft, -30, 30))))
    for _ in range(rng.choice([0, 1, 2], p=[0.72, 0.2, 0.08])):
        across = x + y * rng.uniform(-2, 2) - rng.uniform(0, columns)
        page = page + rng.uniform(25, 190) * np.exp(-((across / (p * rng.uniform(0.6, 7))) ** 2))
    if rng.random() < 0.08:
        foil = np.clip(clouds(rng, rows, columns, int(rng.integers(10, 50))) - rng.uniform(0, 0.8), 0, 1)
        page = page + foil * rng.uniform(20, 110)
    if rng.random() < 0.06:
        veil = rng.uniform(0.15, 0.65)
        page = page * (1 - veil) + veil * rng.uniform(120, 245)
    return page.astype(np.float32)


def expose(page: Field, rng: Generator, p: float) -> NDArray[np.uint8]:
    """Return the page as a camera or a scanner delivers it: blur, shake, moiré, noise, sharpening, JPEG."""
    rows, columns = page.shape
    blur = p * (rng.uniform(0, 0.12) if rng.random() < 0.5 else rng.uniform(0, 0.05))
    if blur > 0.25:
        page = cv2.GaussianBlur(page, (0, 0), blur)
    if rng.random() < 0.18:
        page = cv2.filter2D(page, -1, _shake(rng, p))
    if rng.random() < 0.12:
        x = np.arange(columns, dtype=np.float32)[None]
        y = np.arange(rows, dtype=np.float32)[:, None]
        angle, period = rng.uniform(0, np.pi), rng.uniform(2.1, 9)
        wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period + rng.uniform(0, 6.3))
        page = page * (1 + rng.uniform(0.02, 0.16) * wave)
    noise = rng.choice([0.7, 2, 4, 7, 11, 16], p=[0.25, 0.25, 0.2, 0.15, 0.1, 0.05])
    page = page + noise * rng.standard_normal(page.shape, np.float32)
    if rng.random() < 0.2:
        soft = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.7, 1.8))
        page = page + rng.uniform(0.3, 1.6) * (page - soft)
    if rng.random() < 0.15:
        page = 255 * (np.clip(page, 0, 255) / 255) ** rng.uniform(0.6, 1.7)
    picture = np.clip(page, 0, 255).astype(np.uint8)
    if rng.random() < 0.02:
        _, picture = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if rng.random() < 0.55:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 93))]
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_GRAYSCALE)
    return picture


def _stroke(field: Field, rng: Generator, value: float, width: int) -> None:
    rows, columns = field.shape
    ends = [(int(rng.integers(columns)), int(rng.integers(-rows, 2 * rows))) for _ in range(2)]
    cv2.line(field, ends[0], ends[1], value, width, cv2.LINE_AA)


def _shake(rng: Generator, p: float) -> Field:
    size = max(2, int(p * rng.uniform(0.1, 0.32)))
    kernel = np.zeros((size, size), np.float32)
    cv2.line(kernel, (0, int(rng.integers(size))), (size - 1, int(rng.integers(size))), 1.0, 1)
    return kernel / kernel.sum()
