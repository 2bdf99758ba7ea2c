"""All that one picture of a target tells, before any limit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import chain, groupby
from types import MappingProxyType

import numpy as np

from station.calibration.against import NO_SPREADS, Reference, Spreads
from station.calibration.banding import banding
from station.calibration.blank_zone import BlankZone
from station.calibration.chart_locate import locate_chart
from station.calibration.chart_reference import named_as
from station.calibration.colour import colour_error
from station.calibration.edges import cut_edges
from station.calibration.geometry import measure_geometry
from station.calibration.locate import locate
from station.calibration.located import Located, LocatedChart
from station.calibration.noise import noise
from station.calibration.patches import pixels_of
from station.calibration.reference import ReferenceFile
from station.calibration.registration import registration
from station.calibration.sharpness import sharpness
from station.calibration.specks import specks
from station.calibration.streaks import streaks
from station.calibration.tone import tone
from station.calibration.uniformity import uniformity
from station.calibration.white_balance import white_balance
from station.errors import TargetRefused
from station.model.calibration import Analysis, Curve, Figure, Map
from station.model.image import MM_PER_INCH, Pixels
from station.model.target import ChartLayout, Patch, PatchKind, Point, TargetKind, TargetLayout

_EDGE_MM = 0.5
"""Left out at each side of a blank zone: what blur brings in from outside."""

_FIELD, _STRIP, _ZONE = "field_", "strip_", "zone_"
"""How the blank patches of a layout begin: cells of the even field, strips for streaks, zones for the rest."""


_NO_VALUES: Reference = MappingProxyType({})


@dataclass(slots=True)
class _Found:
    """What has been measured so far."""

    figures: list[Figure] = field(default_factory=list)
    maps: list[Map] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)

    def add(self, figures: Sequence[Figure], curves: Sequence[Curve] = (), maps: Sequence[Map] = ()) -> None:
        self.figures += figures
        self.curves += curves
        self.maps += maps


def analyse(
    pixels: Pixels,
    target: TargetKind,
    layouts: Mapping[TargetKind, TargetLayout],
    payloads: Sequence[str],
    *,
    claimed: tuple[float, float] | None = None,
    reference: ReferenceFile | None = None,
    today: date,
) -> Analysis:
    """Measure a target of this kind on a picture, grey or RGB, as the device delivered it.

    `payloads` are the texts of the bar codes that were read on it, `claimed` is the resolution (x, y) in ppi
    that the device states, `reference` holds the measured values of this very target: without it everything
    that needs them is open (`no_reference`).

    Raises:
        TargetRefused: the target cannot be measured on it; ReferenceRefused: the values are another target's,
            or too old.
    """
    located = locate(pixels, layouts, payloads=payloads)
    if located.layout.kind is not target:
        raise TargetRefused(reason="wrong_target")
    values, spreads = _NO_VALUES, NO_SPREADS
    if reference is not None:
        reference.check(today, located.label)
        values = reference.patches
        spreads = reference.spreads
    found = _Found()
    geometry = measure_geometry(located, claimed)
    found.add(geometry.figures, geometry.curves, geometry.maps)
    edges = cut_edges(pixels, located)
    found.add(*sharpness(edges))
    found.add(registration(edges))
    _add_patches(found, located, pixels, values, spreads)
    figures, maps = uniformity(_cells(located, pixels))
    found.add(figures, maps=maps)
    _add_blank(found, located, pixels)
    return Analysis(located.label, tuple(found.figures), tuple(found.maps), tuple(found.curves))


def analyse_chart(
    pixels: Pixels,
    layout: ChartLayout,
    *,
    reference: ReferenceFile | None = None,
    serial: str = "",
    corners: Sequence[Point] | None = None,
    today: date,
) -> Analysis:
    """Measure a commercial target on a picture, grey or RGB: tone, white balance, colour and noise only.

    `reference` holds the values of this target or of its batch; `serial` is what is printed on the target, its
    serial number or batch, "" where nobody says: then the file is taken for the target's. `corners` are the
    four outer corners (px) of the field of patches, None where they are to be found.

    Raises:
        TargetRefused: the target cannot be measured on it; ReferenceRefused: the values are another target's,
            or too old.
    """
    values, spreads = _NO_VALUES, NO_SPREADS
    if reference is not None:
        reference.check(today, serial=serial)
        reference = named_as(layout, reference)
        values, spreads = reference.patches, reference.spreads
    located = locate_chart(pixels, layout, reference=values, corners=corners)
    found = _Found()
    _add_patches(found, located, pixels, values, spreads)
    return Analysis(None, tuple(found.figures), tuple(found.maps), tuple(found.curves))


def _add_patches(
    found: _Found, located: Located | LocatedChart, pixels: Pixels, values: Reference, spreads: Spreads
) -> None:
    """Measure what grey and coloured patches tell; without coloured ones there is no figure of colour."""
    greys, colours = (_patches(located, kind, pixels) for kind in (PatchKind.GREY, PatchKind.COLOUR))
    found.add(*tone(greys, values, spreads))
    found.add(*white_balance(greys, values, spreads))
    if colours:
        found.add(*colour_error(greys | colours, values, spreads))
    found.add(noise(greys))


def _patches(located: Located | LocatedChart, kind: PatchKind, pixels: Pixels) -> dict[str, Pixels]:
    return {p.id: pixels_of(located, p, pixels) for p in located.layout.patches if p.kind is kind}


def _cells(located: Located, pixels: Pixels) -> list[list[Pixels]]:
    """Return the cells of the even field, `field_<row>_<column>`, row by row from the top.

    Where the rows have unlike lengths (the card) they come as one.
    """
    cells = [patch for patch in located.layout.patches if patch.id.startswith(_FIELD)]
    by_row = sorted(cells, key=lambda patch: [int(number) for number in patch.id.split("_")[1:]])
    rows = groupby(by_row, key=lambda patch: patch.id.split("_")[1])
    found = [[pixels_of(located, patch, pixels) for patch in row] for _, row in rows]
    return found if len({len(row) for row in found}) == 1 else [list(chain.from_iterable(found))]


def _add_blank(found: _Found, located: Located, pixels: Pixels) -> None:
    """Look for streaks on the strips, for banding and specks in the zones; what is worst counts."""
    strips, zones = (list(_zones(located, pixels, beginning)) for beginning in (_STRIP, _ZONE))
    for measure, every in (
        ("streaks", [streaks(zone).figures for zone in strips]),
        ("banding", [banding(zone).figures for zone in zones]),
        ("specks", [specks(zone).figures for zone in zones]),
    ):
        if every:
            found.add(max(every, key=partial(_value, measure)))


def _value(measure: str, figures: Sequence[Figure]) -> float:
    """Return a figure's value; a zone too narrow or burnt out gives way to one that could be judged."""
    named = next(figure for figure in figures if figure.measure == measure)
    return -1.0 if named.value is None else named.value


def _zones(located: Located, pixels: Pixels, beginning: str) -> Iterator[BlankZone]:
    for patch in located.layout.patches:
        if patch.id.startswith(beginning):
            yield _zone(located, patch, pixels)


def _zone(located: Located, patch: Patch, pixels: Pixels) -> BlankZone:
    """Cut a blank patch out, upright in the picture, with its resolution and its place on the glass."""
    left, top = patch.left + _EDGE_MM, patch.top + _EDGE_MM
    right, bottom = patch.left + patch.width - _EDGE_MM, patch.top + patch.height - _EDGE_MM
    corners = located.pixels_at([(left, top), (right, top), (right, bottom), (left, bottom)])
    # Of the four corners the middle two along each axis bound the upright rectangle within.
    xs, ys = np.sort(corners[:, 0]), np.sort(corners[:, 1])
    x0, x1 = max(0, int(np.ceil(xs[1]))), int(np.floor(xs[2]))
    y0, y1 = max(0, int(np.ceil(ys[1]))), int(np.floor(ys[2]))
    scale = located.scale_at((patch.left + patch.width / 2, patch.top + patch.height / 2))
    ppi = tuple(float(MM_PER_INCH * np.hypot(*row)) for row in scale)
    place = (x0 / ppi[0] * MM_PER_INCH, y0 / ppi[1] * MM_PER_INCH)
    return BlankZone.of(pixels[y0 : y1 + 1, x0 : x1 + 1], (ppi[0], ppi[1]), place)
