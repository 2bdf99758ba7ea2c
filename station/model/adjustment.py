"""How a stored picture is shown and put into files: parameters beside its bytes, which stay as they came."""

from dataclasses import dataclass, replace
from math import cos, radians, sin

from station.model.quality import Region


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Straighten, then crop, then turn; each can be taken back by itself.

    `skew` is how far the page lies turned clockwise in the stored picture, in degrees, -45 to 45: straightening
    turns it back by that, about the picture's middle. `crop` is a part of the straightened picture in fractions
    of the stored picture's width and height (0.5, 0.5 is the middle of both); it may reach a little beyond 0 to
    1 where a page lay askew at the rim. `turn` is by how many degrees the result is then turned clockwise:
    0, 90, 180 or 270.
    """

    turn: int = 0
    skew: float = 0.0
    crop: Region | None = None

    @property
    def is_none(self) -> bool:
        """The picture is shown as it came."""
        return self == AS_IT_CAME

    @property
    def cuts(self) -> bool:
        """Something of the stored picture is cut off on purpose."""
        crop = self.crop
        return crop is not None and (
            max(crop.left, crop.top) > 0 or min(crop.left + crop.width, crop.top + crop.height) < 1
        )

    def turned(self, degrees: int) -> "Adjustment":
        """Return the same with this much more turning; `degrees` is a multiple of 90."""
        return replace(self, turn=(self.turn + degrees) % 360)

    def askew(self, size: tuple[int, int]) -> "Adjustment":
        """Return the same without straightening; the crop grows to hold the askew page.

        `size` is (width, height) of the stored picture in pixels.
        """
        crop = self.box(size) if self.cuts else None
        return replace(self, skew=0.0, crop=crop)

    def whole(self, size: tuple[int, int]) -> "Adjustment":
        """Return the same with all of the stored picture in sight, its corners too when it is straightened.

        `size` is (width, height) of the stored picture in pixels.
        """
        if not self.skew:
            return replace(self, crop=None)
        width, height = size
        across, down = abs(cos(radians(self.skew))), abs(sin(radians(self.skew)))
        wide, tall = across + down * height / width, across + down * width / height
        return replace(self, crop=Region((1 - wide) / 2, (1 - tall) / 2, wide, tall))

    def box(self, size: tuple[int, int]) -> Region | None:
        """Return the upright part of the stored picture, within it, that holds all of the crop; None for all.

        `size` is (width, height) of the stored picture in pixels.
        """
        if self.crop is None:
            return None
        width, height = size
        angle = radians(self.skew)
        crop = self.crop
        xs, ys = [], []
        for x in (crop.left, crop.left + crop.width):
            for y in (crop.top, crop.top + crop.height):
                across, down = (x - 0.5) * width, (y - 0.5) * height
                xs.append(0.5 + (across * cos(angle) - down * sin(angle)) / width)
                ys.append(0.5 + (across * sin(angle) + down * cos(angle)) / height)
        left, top = max(0.0, min(xs)), max(0.0, min(ys))
        right, bottom = min(1.0, max(xs)), min(1.0, max(ys))
        return Region(left, top, right - left, bottom - top)


AS_IT_CAME = Adjustment()
"""Nothing is done to the picture."""
