"""How nearly two machines agree on a measure: the same program, the same bytes, another kind of processor.

On one machine every answer is the same to the last bit. From one to another, what is counted in whole numbers
is the same too. Sums of fractions depend on how many a processor adds at once: the measures of pages never
showed it on x86-64 with and without AVX2 and AVX-512, those behind the networks do, by 0.001 at the most
(docs/decisions/0026).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.photo.judge import MEASURES


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The larger of `absolute` (in the measure's unit) and `relative` (of the value); `points` of the score."""

    absolute: float = 0.0
    relative: float = 0.0
    points: int = 0


EXACT: Final = Tolerance()
"""Counts of pixels and marks, figures of the file's header and tables."""

ROUNDED: Final = Tolerance(absolute=0.002)
"""Averages of pages: two units of the last decimal that a report keeps."""

NETWORK: Final = Tolerance(absolute=0.005, relative=0.005, points=1)
"""All that stands on the networks' landmarks and mask: five times what was seen."""

_EXACT = (
    *("resolution", "clipped_highlights", "clipped_shadows", "marks", "jpeg_quality", "enlargement"),
    *("colour_space", "compression_substitute", "photo_size"),
)

TOLERANCES: Mapping[str, Tolerance] = {
    **dict.fromkeys(PAGE, ROUNDED),
    **dict.fromkeys(PORTRAIT, NETWORK),
    **dict.fromkeys((measure.name for measure in MEASURES), NETWORK),
    **dict.fromkeys(_EXACT, EXACT),
}
"""By measure; what is not named is held to the last bit."""


def alike(measure: str, one: tuple[float, int | None], other: tuple[float, int | None]) -> bool:
    """Tell whether two answers (raw value, points of the score) are the same but for the kind of processor."""
    tolerance = TOLERANCES.get(measure, EXACT)
    allowed = max(tolerance.absolute, tolerance.relative * abs(one[0]))
    if abs(one[0] - other[0]) > allowed:
        return False
    if one[1] is None or other[1] is None:
        return one[1] == other[1]
    return abs(one[1] - other[1]) <= tolerance.points
