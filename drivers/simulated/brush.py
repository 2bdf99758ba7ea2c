"""Soft, antialiased shapes: what the drawn people are painted with."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = tuple[int, int, int]

CURVE_STEPS = 8


def smooth(points: Sequence[Point], *, closed: bool = True) -> list[Point]:
    """Return a Catmull-Rom curve through the points."""
    count = len(points)
    spans = count if closed else count - 1
    curve: list[Point] = []
    for span in range(spans):
        a, b, c, d = (
            points[(span + k) % count] if closed else points[min(max(span + k, 0), count - 1)]
            for k in (-1, 0, 1, 2)
        )
        for step in range(CURVE_STEPS):
            t = step / CURVE_STEPS
            x, y = (
                b[i]
                + (c[i] - a[i]) * t / 2
                + (a[i] - 2.5 * b[i] + 2 * c[i] - d[i] / 2) * t * t
                + (1.5 * (b[i] - c[i]) + (d[i] - a[i]) / 2) * t**3
                for i in (0, 1)
            )
            curve.append((x, y))
    return curve if closed else [*curve, points[-1]]


def shade(colour: Colour, factor: float, warmth: float = 0.0) -> Colour:
    """Return the colour lighter (> 1) or darker; `warmth` turns it to red, as blood under skin does."""
    red, green, blue = colour
    cool = factor * (1 - warmth / 2)
    parts = (red * factor * (1 + warmth), green * cool, blue * cool)
    return (_byte(parts[0]), _byte(parts[1]), _byte(parts[2]))


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))


class Brush:
    """Paints on an RGB picture in units around an origin: `scale` pixels a unit, x right, y down."""

    def __init__(self, image: Image.Image, origin_px: Point, scale: float) -> None:
        """Take the picture; it is painted in place."""
        self._image = image
        self._origin = origin_px
        self._scale = scale

    def fill(
        self,
        outline: Sequence[Point],
        colour: Colour,
        *,
        soft: float = 0.0,
        strength: float = 1.0,
    ) -> None:
        """Paint the inside of an outline; `soft` is the blur of its edge in units, `strength` 0 to 1."""
        places = [self._place(point) for point in outline]
        self._paint([places], 0, colour, soft, strength)

    def ellipse(
        self,
        centre: Point,
        radii: Point,
        colour: Colour,
        *,
        soft: float = 0.0,
        strength: float = 1.0,
    ) -> None:
        """Paint an ellipse."""
        (x, y), (rx, ry), k = centre, radii, 0.7071
        ring = [(0, -1), (k, -k), (1, 0), (k, k), (0, 1), (-k, k), (-1, 0), (-k, -k)]
        outline = smooth([(x + rx * a, y + ry * b) for a, b in ring])
        self.fill(outline, colour, soft=soft, strength=strength)

    def line(
        self,
        points: Sequence[Point],
        colour: Colour,
        width: float,
        *,
        soft: float = 0.0,
        strength: float = 1.0,
    ) -> None:
        """Paint a curve through the points, `width` units wide."""
        self.lines([points], colour, width, soft=soft, strength=strength)

    def lines(
        self,
        curves: Sequence[Sequence[Point]],
        colour: Colour,
        width: float,
        *,
        soft: float = 0.0,
        strength: float = 1.0,
    ) -> None:
        """Paint many curves in one stroke, as hair."""
        places = [[self._place(point) for point in smooth(curve, closed=False)] for curve in curves]
        self._paint(places, width * self._scale, colour, soft, strength)

    def _place(self, point: Point) -> Point:
        return (
            self._origin[0] + point[0] * self._scale,
            self._origin[1] + point[1] * self._scale,
        )

    def _paint(
        self,
        shapes: list[list[Point]],
        width_px: float,
        colour: Colour,
        soft: float,
        strength: float,
    ) -> None:
        """Paint on a mask of the shape's own box, so that small shapes are cheap."""
        blur = soft * self._scale
        margin = 3 * blur + width_px + 2
        xs, ys = zip(*(place for shape in shapes for place in shape), strict=True)
        box = (
            max(0, int(min(xs) - margin)),
            max(0, int(min(ys) - margin)),
            min(self._image.width, int(max(xs) + margin)),
            min(self._image.height, int(max(ys) + margin)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        draw, full = ImageDraw.Draw(mask), round(255 * strength)
        for shape in shapes:
            moved = [(x - box[0], y - box[1]) for x, y in shape]
            if width_px:
                draw.line(moved, fill=full, width=max(1, round(width_px)), joint="curve")
            else:
                draw.polygon(moved, fill=full)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        self._image.paste(colour, box, mask)
