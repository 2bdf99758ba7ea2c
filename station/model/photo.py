"""The photo that is cut from a portrait: what its rule asks for and where on the capture it lies."""

from dataclasses import dataclass
from math import cos, floor, gcd, radians, sin

from station.model.face import Point

Span = tuple[float, float]
"""(low, high)."""


@dataclass(frozen=True, slots=True)
class PhotoProfile:
    """The geometry and coding of a photo. Ranges are (low, high); shares are of the photo's height or width.

    `size_px` (width, height) is what is wanted; a smaller one is made where the capture has fewer pixels, never
    less than `least_px`, and nothing is enlarged. `head_height` is chin to crown, `eye_line` lies from the top,
    `centre` is the x of the middle of the eyes; `head_width` None where the rule has none. `inter_eye_px` is
    the least distance of the eyes on the photo, 0 where the rule has none. `roll` is by how many degrees a head
    may be turned, either way, before it is levelled. `quality` are JPEG's (best, least); `bytes_range` the size
    of the file, `compression` how many times smaller it is than its pixels at 24 bits (aimed at, at most), None
    where the rule has none. `margin` is the least share of the height above the crown and below the chin.
    `digest` is the SHA-256 of the file it was read from.
    """

    name: str
    title: str
    version: str
    sources: tuple[str, ...]
    size_px: tuple[int, int]
    least_px: tuple[int, int]
    head_height: Span
    eye_line: Span
    centre: Span
    head_width: Span | None
    inter_eye_px: float
    roll: float
    quality: tuple[int, int]
    bytes_range: tuple[int, int]
    print_mm: tuple[float, float] | None = None
    digest: str = ""
    compression: Span | None = None
    margin: float = 0.0

    @property
    def aspect(self) -> float:
        """The photo's width divided by its height."""
        return self.size_px[0] / self.size_px[1]

    def made_px(self, height: float) -> tuple[int, int]:
        """Return (width, height) of the photo that a part of the capture, so many pixels high, gives.

        The largest of exactly the profile's shape that is neither above `size_px` nor enlarges anything; (0, 0)
        when the part is smaller than the shape's smallest whole numbers.
        """
        most = gcd(*self.size_px)
        across, down = (side // most for side in self.size_px)
        # A crop that was worked out to be just high enough may miss it by the last bit of a fraction.
        steps = min(most, floor(height / down + 1e-6))
        return (across * steps, down * steps)


@dataclass(frozen=True, slots=True)
class PhotoCrop:
    """Where a photo lies on its capture: parameters beside the capture, which stays as it is.

    `centre` is the photo's middle, `height` its height as a share of the capture's height, `roll` by how many
    degrees the capture is turned counter-clockwise round that middle to bring the eyes level. `crown` is the y
    of the crown on the capture that it was made for; `moved` when the officer put it there. The width follows
    from the profile's size.

    All methods take the capture's `size`, (width, height) in pixels, and the profile's `aspect`.
    """

    profile: str
    centre: Point
    height: float
    roll: float
    crown: float
    moved: bool = False

    def on_capture(self, point: Point, size: tuple[int, int], aspect: float) -> Point:
        """Return where on the capture this place of the photo lies."""
        high = self.height * size[1]
        across, down = (point[0] - 0.5) * high * aspect, (point[1] - 0.5) * high
        turned, turn = cos(radians(self.roll)), sin(radians(self.roll))
        return (
            self.centre[0] + (across * turned - down * turn) / size[0],
            self.centre[1] + (across * turn + down * turned) / size[1],
        )

    def on_photo(self, point: Point, size: tuple[int, int], aspect: float) -> Point:
        """Return where on the photo this place of the capture lies."""
        high = self.height * size[1]
        right, down = (point[0] - self.centre[0]) * size[0], (point[1] - self.centre[1]) * size[1]
        turned, turn = cos(radians(self.roll)), sin(radians(self.roll))
        return (
            0.5 + (right * turned + down * turn) / (high * aspect),
            0.5 + (down * turned - right * turn) / high,
        )

    def corners(self, size: tuple[int, int], aspect: float) -> tuple[Point, ...]:
        """Return the photo's corners on the capture: top left, top right, bottom right, bottom left."""
        return tuple(
            self.on_capture(corner, size, aspect) for corner in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
        )
