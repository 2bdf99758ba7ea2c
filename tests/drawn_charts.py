"""Commercial targets drawn with invented colours, and reference files made of these: no value here is real."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from station.calibration.chart_layouts import FOLDER, load_charts
from station.calibration.lab import lab_of_light, linear
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.target import ChartKind, ChartLayout
from station.settings import resources_dir

CHARTS = load_charts(resources_dir() / FOLDER)

UNIT_PX = {ChartKind.COLORCHECKER: 2.0, ChartKind.IT8: 62.0, ChartKind.Q13: 90.0}
"""Pixels a unit of the layout, about what 300 dpi make of it."""

Colour = tuple[int, int, int]


def invented(layout: ChartLayout, seed: int = 7) -> dict[str, Colour]:
    """Colours without rhyme or reason, and a scale from light to dark that is a little warm."""
    random = np.random.default_rng(seed)
    colours = {p.id: tuple(int(v) for v in random.integers(40, 225, 3)) for p in layout.patches}
    steps = np.linspace(238, 24, len(layout.greys))
    return colours | {  # type: ignore[return-value]
        name: (round(step), round(step) - 1, round(step) - 3)
        for name, step in zip(layout.greys, steps, strict=True)
    }


@dataclass(frozen=True)
class Scene:
    """How a chart lies: on a background, turned by quarters and degrees, seen from the side, blurred, noisy."""

    background: Colour = (225, 225, 225)
    frame: Colour = (30, 30, 30)
    margin_px: int = 120
    quarters: int = 0
    degrees: float = 0.0
    side: float = 0.0
    blur: float = 0.7
    noise: float = 1.2
    gain: float = 1.0


def drawn(layout: ChartLayout, colours: Mapping[str, Colour], scene: Scene = Scene()) -> Pixels:
    """Draw a chart as it lies in a scene; edges of patches are hard, as cut paper's are."""
    unit = UNIT_PX[layout.kind]
    right = max(p.left + p.width for p in layout.patches) + (10 if unit < 10 else 1)
    bottom = max(p.top + p.height for p in layout.patches) + (10 if unit < 10 else 1)
    left = min(p.left for p in layout.patches) - (10 if unit < 10 else 1)
    top = min(p.top for p in layout.patches) - (10 if unit < 10 else 1)
    chart = np.full((round((bottom - top) * unit), round((right - left) * unit), 3), scene.frame, np.uint8)
    for patch in layout.patches:
        x, y = ((patch.left - left) * unit, (patch.top - top) * unit)
        chart[round(y) : round(y + patch.height * unit), round(x) : round(x + patch.width * unit)] = colours[
            patch.id
        ]
    chart = np.rot90(chart, -scene.quarters)
    edge = scene.margin_px
    glass = cv().copyMakeBorder(
        np.ascontiguousarray(chart), edge, edge, edge, edge, cv().BORDER_CONSTANT, value=scene.background
    )
    height, width = glass.shape[:2]
    turn = np.vstack((cv().getRotationMatrix2D((width / 2, height / 2), scene.degrees, 1), (0, 0, 1)))
    ends = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    in_px = scene.side * width
    seen = ends + np.array(((in_px, in_px / 2), (-in_px, 0), (0, 0), (0, -in_px / 3)), np.float32)
    bent = cv().getPerspectiveTransform(ends, seen) @ turn
    laid = cv().warpPerspective(
        glass, bent, (width, height), flags=cv().INTER_LINEAR, borderMode=cv().BORDER_CONSTANT,
        borderValue=scene.background,
    )  # fmt: skip
    soft = cv().GaussianBlur(laid, (0, 0), scene.blur).astype(np.float32) * scene.gain
    noise = np.random.default_rng(3).normal(0, scene.noise, soft.shape) if scene.noise else 0
    picture: Pixels = np.clip(np.round(soft + noise), 0, 255).astype(np.uint8)
    return picture


def values_of(colours: Mapping[str, Colour]) -> dict[str, tuple[float, float, float]]:
    """L*a*b* of colours, as an instrument would have measured them."""
    labs = lab_of_light(linear(np.array(list(colours.values()))))
    return {name: (float(light), float(a), float(b)) for name, (light, a, b) in zip(colours, labs, strict=True)}


def reference_file(
    values: Mapping[str, tuple[float, float, float]], *, serial: str = "T-0001", spread: float | None = None
) -> bytes:
    """Write a reference file of these values, as a batch's where a spread is given."""
    more = "" if spread is None else " MEAN_DE"
    rows = "\n".join(
        f"{name} {light:.3f} {a:.3f} {b:.3f}" + ("" if spread is None else f" {spread:.2f}")
        for name, (light, a, b) in values.items()
    )
    return (
        f'IT8.7/2\nORIGINATOR "Invented"\nSERIAL "{serial}"\nPROD_DATE "2026:01"\nCREATED "2026-02-01"\n'
        f"NUMBER_OF_FIELDS {4 + (spread is not None)}\nBEGIN_DATA_FORMAT\nSAMPLE_ID LAB_L LAB_A LAB_B{more}\n"
        f"END_DATA_FORMAT\nNUMBER_OF_SETS {len(values)}\nBEGIN_DATA\n{rows}\nEND_DATA\n"
    ).encode()


SCENES = {
    "white glass": Scene(),
    "a quarter turn": Scene(quarters=1, degrees=1.5),
    "upside down on black": Scene(quarters=2, background=(20, 20, 20), degrees=-2),
    "seen from the side on grey": Scene(quarters=3, background=(128, 120, 110), side=0.01),
    "frame like the background": Scene(quarters=2, frame=(128, 128, 128), background=(128, 128, 128)),
    "noisy and soft": Scene(noise=4.0, blur=1.5, degrees=0.7),
}
