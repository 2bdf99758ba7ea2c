"""Targets as worn devices would picture them, and how far our measures lie from what was put in.

A target is drawn once, then degraded by parameters drawn by lot; each measure is held against the truth of
these parameters, never against another measure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from drivers.simulated.degrade import degrade
from drivers.simulated.placement import Placement, truth
from drivers.simulated.sensor import decode
from station.calibration.against import Patches, Reference
from station.calibration.colour import colour_error, delta_e_2000
from station.calibration.draw import draw
from station.calibration.edges import cut_edges
from station.calibration.geometry import measure_geometry
from station.calibration.lab import lab_of_light
from station.calibration.label import text_of
from station.calibration.layouts import load_layouts
from station.calibration.locate import locate
from station.calibration.located import Located
from station.calibration.noise import noise
from station.calibration.patches import pixels_of
from station.calibration.registration import registration
from station.calibration.sharpness import sharpness
from station.calibration.tone import tone
from station.model.calibration import Figure
from station.model.degradation import LUMA, Degradation, Speck, Streak
from station.model.image import MM_PER_INCH, Pixels
from station.model.target import Patch, PatchKind, TargetKind, TargetLabel

LAYOUTS = load_layouts(Path(__file__).parents[1] / "resources" / "targets")
OVERSAMPLED = 3
SPARE_MM = 4.0
"""Glass beside the sheet on each side, so that a skewed one stays on it."""

LIMITS: Mapping[str, tuple[float, str]] = {
    "resolution": (0.1, "%"),
    "skew": (0.02, "degrees"),
    "orthogonality": (0.02, "degrees"),
    "distortion": (0.1, "px rms"),
    "sfr50": (3.0, "%"),
    "sfr10": (5.0, "%"),
    "channel_shift": (0.05, "px"),
    "delta_l_max": (0.3, "L*"),
    "delta_e": (0.3, "dE00"),
    "noise": (5.0, "%"),
}
"""How far a measure may lie from the truth. Of the response it is the mean of all edges of one direction: a
single edge scatters with the noise. Of the noise it is the mean of the patches, and what the worst patch lies
off beyond the uncertainty that it states."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A target with the resolution at which it is scanned."""

    kind: TargetKind
    dpi: int

    @property
    def label(self) -> TargetLabel:
        """What stands on it."""
        return TargetLabel(self.kind, LAYOUTS[self.kind].revision, "TEST-1")

    @property
    def size_px(self) -> tuple[int, int]:
        """The picture of the glass."""
        layout, scale = LAYOUTS[self.kind], self.dpi / MM_PER_INCH
        return round((layout.width + 2 * SPARE_MM) * scale), round((layout.height + 2 * SPARE_MM) * scale)

    @property
    def drawn_mm(self) -> tuple[float, float]:
        """The drawing in whole pixels of its own."""
        layout, scale = LAYOUTS[self.kind], OVERSAMPLED * self.dpi / MM_PER_INCH
        return round(layout.width * scale) / scale, round(layout.height * scale) / scale


@lru_cache(maxsize=1)
def drawing(sheet: Sheet) -> Pixels:
    """Return the target finely drawn; only the last one is kept, for it is large."""
    return draw(LAYOUTS[sheet.kind], sheet.label, OVERSAMPLED * sheet.dpi)


def placed(sheet: Sheet, wear: Degradation) -> Placement:
    """Return where the target lies in the picture."""
    return Placement.of(wear, sheet.drawn_mm, sheet.dpi, sheet.size_px)


def picture(sheet: Sheet, wear: Degradation) -> Pixels:
    """Return the picture of a target by a worn device."""
    return degrade(drawing(sheet), OVERSAMPLED * sheet.dpi, sheet.dpi, wear, size_px=sheet.size_px)


def wears(sheet: Sheet, count: int, seed: int) -> Iterator[Degradation]:
    """Draw combinations of everything by lot; the dirt lies where the target is blank."""
    lot = np.random.default_rng(seed)

    def pair(low: float, high: float) -> tuple[float, float]:
        one, other = lot.uniform(low, high, 2).tolist()
        return one, other

    for number in range(count):
        red, green, blue = lot.uniform(0.97, 1.03, 3).tolist()
        wear = Degradation(
            scale=pair(-0.01, 0.01),
            skew=lot.uniform(-1, 1),
            shear=lot.uniform(-0.15, 0.15),
            shift_px=pair(-8, 8),
            barrel_px=lot.uniform(-8, 8),
            blur_px=pair(0.4, 0.9),
            red_px=pair(-0.4, 0.4),
            blue_px=pair(-0.4, 0.4),
            black=lot.uniform(0.005, 0.02),
            white=lot.uniform(0.75, 0.88),
            cast=(red, green, blue),
            gradient=pair(-0.03, 0.03),
            gamma=lot.uniform(0.96, 1.04),
            noise=lot.uniform(0.3, 1.0),
            seed=number,
        )
        yield replace(wear, specks=_specks(sheet, wear), streaks=(Streak(sheet.size_px[0] - 8.0, 2, 0.1),))


def _specks(sheet: Sheet, wear: Degradation) -> tuple[Speck, ...]:
    blanks = [patch for patch in LAYOUTS[sheet.kind].patches if patch.kind is PatchKind.BLANK]
    return tuple(
        Speck(x, y, 3.0, 0.6) for x, y in placed(sheet, wear).to_picture([_middle(p) for p in blanks]).tolist()
    )


def errors(sheet: Sheet, wear: Degradation) -> dict[str, float]:
    """Return how far each measure of LIMITS, and the worst single edge, lies from the truth."""
    pixels = picture(sheet, wear)
    located, at = found_in(sheet, pixels), placed(sheet, wear)
    found = measured(pixels, located)
    apart: dict[str, list[float]] = defaultdict(list)
    for name, off in (
        *_geometry(found, located, at),
        *_responses(found, located, wear),
        *_shifts(found, wear),
        *_patches(pixels, located, at, wear),
    ):
        apart[name].append(abs(off))
    return {name: max(off) for name, off in apart.items()}


def found_in(sheet: Sheet, pixels: Pixels) -> Located:
    """Find the target whose symbol was read."""
    return locate(pixels, LAYOUTS, payloads=[text_of(sheet.label)])


def measured(pixels: Pixels, located: Located) -> dict[str, float]:
    """Return what needs no reference, by the figures' names."""
    edges = cut_edges(pixels, located)
    figures = (*measure_geometry(located).figures, *sharpness(edges)[0], *registration(edges))
    return values((*figures, *noise(_greys(pixels, located))))


def values(figures: Sequence[Figure]) -> dict[str, float]:
    """Return the values of figures; a figure without one is not among them."""
    return {figure.measure: figure.value for figure in figures if figure.value is not None}


def _geometry(found: Mapping[str, float], located: Located, at: Placement) -> Iterator[tuple[str, float]]:
    true = truth(at, [feature.sheet for feature in located.features])
    yield "resolution", 100 * (found["resolution_x"] / true.ppi_x - 1)
    yield "resolution", 100 * (found["resolution_y"] / true.ppi_y - 1)
    yield "skew", found["skew"] - true.skew
    yield "orthogonality", found["orthogonality"] - true.orthogonality
    yield "distortion", found["distortion"] - true.distortion_px


def _responses(found: Mapping[str, float], located: Located, wear: Degradation) -> Iterator[tuple[str, float]]:
    weights = tuple(np.multiply(LUMA, wear.cast).tolist())
    for name, level in (("sfr50", 0.5), ("sfr10", 0.1)):
        for direction, sides, turn in (("x", ("left", "right"), 0.0), ("y", ("top", "bottom"), 90.0)):
            ratios = [
                found[f"{name}_{direction}_{square.id}_{side}"]
                / wear.crossing(level, turn + square.degrees, weights)
                for square in located.layout.squares
                for side in sides
            ]
            yield name, 100 * (float(np.mean(ratios)) - 1)
            yield f"{name}_edge", 100 * max(abs(ratio - 1) for ratio in ratios)


def _shifts(found: Mapping[str, float], wear: Degradation) -> Iterator[tuple[str, float]]:
    for channel, shift in (("rg", wear.red_px), ("bg", wear.blue_px)):
        for axis, true in zip(("", "_y"), shift, strict=True):
            yield "channel_shift", found[f"channel_shift_{channel}{axis}"] - true


def _patches(pixels: Pixels, located: Located, at: Placement, wear: Degradation) -> Iterator[tuple[str, float]]:
    printed = [patch for patch in located.layout.patches if patch.kind is not PatchKind.BLANK]
    greys = _greys(pixels, located)
    print_light = decode(np.array([patch.design for patch in printed]) / 255)
    reference = _named(printed, lab_of_light(print_light))
    where = at.to_picture([_middle(patch) for patch in printed])
    across, down = (2 * where / (np.array(at.size_px) - 1) - 1).T
    seen = _named(printed, lab_of_light(wear.light(print_light, across, down)))
    off = max(abs(seen[name][0] - reference[name][0]) for name in greys)
    yield "delta_l_max", values(tone(greys, reference)[0])["delta_l_max"] - off
    names = list(reference)
    true = delta_e_2000([seen[name] for name in names], [reference[name] for name in names])
    found = values(colour_error(_of(printed, located, pixels), reference)[0])
    yield "delta_e", found["delta_e_mean"] - float(true.mean())
    yield "delta_e", found["delta_e_p90"] - float(np.percentile(true, 90))
    yield "delta_e", found["delta_e_max"] - float(true.max())
    worst, mean = (
        next(figure for figure in noise(greys) if figure.measure == name) for name in ("noise", "noise_mean")
    )
    yield "noise", 100 * ((mean.value or 0) / wear.noise - 1)
    yield "noise", 100 * max(0.0, abs((worst.value or 0) - wear.noise) - (worst.uncertainty or 0)) / wear.noise


def _greys(pixels: Pixels, located: Located) -> Patches:
    return _of([patch for patch in located.layout.patches if patch.kind is PatchKind.GREY], located, pixels)


def _of(patches: Sequence[Patch], located: Located, pixels: Pixels) -> Patches:
    return {patch.id: pixels_of(located, patch, pixels) for patch in patches}


def _named(patches: Sequence[Patch], lab: np.ndarray) -> Reference:
    return {patch.id: (row[0], row[1], row[2]) for patch, row in zip(patches, lab.tolist(), strict=True)}


def _middle(patch: Patch) -> tuple[float, float]:
    return patch.left + patch.width / 2, patch.top + patch.height / 2
