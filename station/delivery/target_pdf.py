"""A calibration target as a PDF for the printer: lines, not pixels, in millimetres at 100 %.

What is neutral is DeviceGray, so that a printer lays black edges in its one black ink; a raster edge is
worthless for sharpness.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from station.calibration.label import text_of
from station.calibration.shapes import Box, Design, Disc, Polygon, Shape, shapes
from station.delivery.pdf_file import numbers
from station.delivery.sheet_pdf import line_of_text, sheet_pdf
from station.model.target import Point, TargetKind, TargetLabel, TargetLayout

_ARC = 0.5522847498
"""Where the handles of a quarter circle lie, 4/3 * (sqrt(2) - 1): it strays by 0.03 % of the radius."""


@dataclass(frozen=True, slots=True)
class Note:
    """A line of text: where it begins on its base line and how high its letters are, in mm.

    `text` takes the label's text and serial and the layout's title.
    """

    begin: Point
    size: float
    text: str


NOTES: Mapping[TargetKind, tuple[Note, ...]] = MappingProxyType(
    {
        TargetKind.A4: (
            Note((37.0, 11.0), 2.6, "{title}, serial {serial}"),
            Note((37.0, 15.0), 2.0, "Print at 100 %, no scaling, on matt photo paper."),
            Note((37.0, 18.5), 2.0, "For resolution, tone and colour measure it first."),
            Note((119.0, 11.0), 1.8, "{label}"),
            Note((119.0, 16.0), 2.0, "Printed on ____________ Paper ______________"),
            Note((119.0, 20.5), 2.0, "Measured by ___________ With _______________"),
        ),
        TargetKind.CARD: (Note((16.0, 51.0), 1.2, "{label}"),),
    }
)
"""What people read on the target, in Helvetica, clear of all that is measured."""


def target_pdf(layout: TargetLayout, label: TargetLabel) -> bytes:
    """Return a target as a PDF of one page of the size of the sheet, as `sheet_pdf`.

    Raises:
        ValueError: the label cannot be written.
    """
    title = f"{layout.title}, {label.serial}"
    return sheet_pdf(layout.width, layout.height, title, _content(layout, label))


def _content(layout: TargetLayout, label: TargetLabel) -> Iterator[bytes]:
    """Draw all shapes; those of one colour become one path.

    One path, because a viewer that smooths edges leaves a light seam between two that touch.
    """
    for design, alike in groupby(shapes(layout, label), key=lambda shape: shape.design):
        yield _ink(design)
        yield from (_path(shape) for shape in alike)
        yield b"f"
    yield _ink((0, 0, 0))
    facts = {"title": layout.title, "serial": label.serial, "label": text_of(label)}
    for note in NOTES[layout.kind]:
        yield line_of_text(note.begin, note.size, note.text.format(**facts))


def _ink(design: Design) -> bytes:
    levels = [level / 255 for level in design]
    return b"%s g" % numbers(levels[:1]) if len(set(levels)) == 1 else b"%s rg" % numbers(levels)


def _path(shape: Shape) -> bytes:
    match shape:
        case Box(left, top, right, bottom):
            return b"%s re" % numbers((left, top, right - left, bottom - top))
        case Polygon(points):
            first, *others = points
            return b" ".join((b"%s m" % numbers(first), *(b"%s l" % numbers(to) for to in others), b"h"))
        case Disc(centre, radius):
            return _circle(centre, radius)


def _circle(centre: Point, radius: float) -> bytes:
    """Draw four quarter circles (8.5.2.2)."""
    (x, y), arc = centre, radius * _ARC
    parts = [b"%s m" % numbers((x + radius, y))]
    for across, up in ((0, 1), (-1, 0), (0, -1), (1, 0)):  # where each quarter ends
        before = (up, -across)
        parts.append(
            b"%s c"
            % numbers(
                (
                    x + before[0] * radius + across * arc, y + before[1] * radius + up * arc,
                    x + across * radius + before[0] * arc, y + up * radius + before[1] * arc,
                    x + across * radius, y + up * radius,
                )
            )
        )  # fmt: skip
    return b" ".join(parts)
