"""Calibration targets as geometry: what is drawn where, in millimetres. No appearance, no measured values.

Lengths are millimetres from the sheet's top left corner, x to the right, y down. Nothing here says what a patch
*is* when it was printed: reference values are measured or come from the maker's file.
"""

from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]


class TargetKind(StrEnum):
    """Targets of our own, which the program draws."""

    A4 = "a4"
    CARD = "card"


class ChartKind(StrEnum):
    """Known commercial targets, which the program measures and does not draw."""

    COLORCHECKER = "colorchecker"
    IT8 = "it8"
    Q13 = "q13"


class PatchKind(StrEnum):
    """What a patch is for."""

    GREY = "grey"
    COLOUR = "colour"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Fiducial:
    """A bow-tie: two black quarter discs or squares that meet in `centre`; `size` across."""

    id: str
    centre: Point
    size: float


@dataclass(frozen=True, slots=True)
class Marker:
    """An ArUco marker of DICT_4X4_50; `size` is its side with the black border."""

    id: int
    centre: Point
    size: float


@dataclass(frozen=True, slots=True)
class SlantedSquare:
    """A square turned by `degrees` (clockwise on the sheet) for slanted edges.

    Black on white, or, where `field` is the side of a black square round it, white on black.
    """

    id: str
    centre: Point
    size: float
    degrees: float
    field: float = 0.0


@dataclass(frozen=True, slots=True)
class Patch:
    """A flat area; `design` is the sRGB value that the drawing asks for, never what a print measures."""

    id: str
    kind: PatchKind
    left: float
    top: float
    width: float
    height: float
    design: tuple[int, int, int] = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Dot:
    """A round dot of `diameter`; a `ring` has a white hole of half of it and marks the origin."""

    id: str
    centre: Point
    diameter: float
    ring: bool = False


@dataclass(frozen=True, slots=True)
class Ruler:
    """A scale of `length` with a tick each millimetre, the first at `start`; along x, or along y."""

    start: Point
    length: float
    vertical: bool
    tick: float = 2.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """Where the DataMatrix lies: its middle and its side without the quiet zone."""

    centre: Point
    size: float


@dataclass(frozen=True, slots=True)
class TargetLayout:
    """All that is drawn on one side of a target. `revision` counts the design; ids are unique within a kind."""

    kind: TargetKind
    revision: str
    title: str
    width: float
    height: float
    fiducials: tuple[Fiducial, ...]
    markers: tuple[Marker, ...]
    squares: tuple[SlantedSquare, ...]
    patches: tuple[Patch, ...]
    dots: tuple[Dot, ...]
    rulers: tuple[Ruler, ...]
    symbol: Symbol


@dataclass(frozen=True, slots=True)
class TargetLabel:
    """What the DataMatrix says: which sheet this is. `reference` is "" or 12 hex digits of its file's hash."""

    kind: TargetKind
    revision: str
    serial: str
    reference: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal patches in rows and columns; `left` and `top` are of the first one."""

    left: float
    top: float
    width: float
    height: float
    pitch_x: float
    pitch_y: float
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """A commercial target: patches without marks of any kind, in a unit of the chart's own.

    `grid` is where most patches lie, by which the chart is found. `patches` are of it and of all other grids,
    row by row; their `design` says nothing. `greys` are the ids of the neutral scale from light to dark.
    `namings` are all ways in which reference files name the patches, in their order; the first gives the ids.
    """

    kind: ChartKind
    title: str
    grid: Grid
    patches: tuple[Patch, ...]
    greys: tuple[str, ...]
    namings: tuple[tuple[str, ...], ...]
