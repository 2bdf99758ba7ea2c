"""The watch over one device between calibrations: many looks at ordinary pages become a few signs.

False alarms are the enemy. Measured on drawn pages and levels: no sign on 1,000 different pages, half of them
fed; papers that come grey before white look like a cold lamp at one start in 2,000; no fall of the white in
7,500 blocks of 50 pages after the baseline. The rate of false casts was not measured beyond three weeks of one
day's pages. Dirt is assumed to stay to 0.12 mm, and sheets laid by hand not to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot
from statistics import fmean, median
from typing import Any, Self

from station.calibration.sentinel import PageLook, alike
from station.calibration.watch_lamp import ColdStarts, Drift
from station.model.calibration_sign import Place, Sign, SignKind

_VERSION = 1
_SHEETS, _SHEETS_WITH = 6, 4
_SAME_SPECK_MM = 0.12
"""What lies on the glass is seen to 0.05 mm at the same place; a sheet laid by hand to some tenths."""
_SAME_STREAK_MM = 0.2
_SAME_SIGN_MM = 1.0
_WHITE_RANK, _WHITE_LEAST = 0.8, 0.5
"""0.5 L* is 1.3 % of the light of white paper."""
_CAST_RANK, _CAST_LEAST = 0.5, 1.5
_SURROUNDINGS = 20
_LATEST, _LATEST_WITH = 4, 3
_AROUND_LEAST = 5.0
_AROUND_SIGMAS = 5 * 1.4826


@dataclass(slots=True)
class _Marks:
    """The marks on the last six sheets. A sheet that looks like one of them takes its place."""

    sheets: list[tuple[bytes, tuple[Place, ...]]] = field(default_factory=list)

    def take(self, look: PageLook) -> None:
        if look.dirt is None:
            return
        others = [sheet for sheet in self.sheets if not alike(sheet[0], look.imprint)]
        self.sheets = [*others, (look.imprint, look.dirt)][-_SHEETS:]

    @property
    def stay(self) -> list[Place]:
        """The places that bear a mark on four of the six sheets."""
        found: list[Place] = []
        for place in (place for _, marks in self.sheets for place in marks):
            same = [next((mark for mark in marks if _same(mark, place)), None) for _, marks in self.sheets]
            own = [mark for mark in same if mark is not None]
            if len(own) >= _SHEETS_WITH and not any(_apart(place, known) <= _SAME_SIGN_MM for known in found):
                down = [mark.y_mm for mark in own if mark.y_mm is not None]
                found.append(Place(fmean(mark.x_mm for mark in own), fmean(down) if down else None))
        return found


def _same(first: Place, second: Place) -> bool:
    """Tell whether two marks lie at one place."""
    return _apart(first, second) <= (_SAME_STREAK_MM if first.y_mm is None else _SAME_SPECK_MM)


def _apart(first: Place, second: Place) -> float:
    """Return how far two places lie apart in mm; a line and a spot lie as far apart as can be."""
    if (first.y_mm is None) is not (second.y_mm is None):
        return float("inf")
    return hypot(first.x_mm - second.x_mm, (first.y_mm or 0) - (second.y_mm or 0))


@dataclass(slots=True)
class _Surroundings:
    """How light it is beside the sheets: the first twenty, and the last four."""

    first: list[float] = field(default_factory=list)
    latest: list[float] = field(default_factory=list)

    def take(self, around: float | None) -> None:
        if around is None:
            return
        if len(self.first) < _SURROUNDINGS:
            self.first.append(around)
        else:
            self.latest = [*self.latest, around][-_LATEST:]

    @property
    def changed(self) -> bool:
        """Three of the last four are lighter, or darker, than the device's own by 5 L* and by 5 sigmas."""
        if not self.latest:
            return False
        centre = median(self.first)
        spread = median(abs(value - centre) for value in self.first)
        reach = max(_AROUND_LEAST, _AROUND_SIGMAS * spread)
        return any(
            sum(side * (value - centre) > reach for value in self.latest) >= _LATEST_WITH for side in (-1, 1)
        )


class Watch:
    """The watch over one line of sight: a scanner's glass, or the front or the back of its feeder.

    Each has its own glass, lamp and background. Not safe from two threads at once. A full calibration begins a
    new watch; a cleaned glass needs none, its sign goes with the pages that follow.
    """

    def __init__(self) -> None:
        """Begin to watch a device of which nothing is known."""
        self._marks = _Marks()
        self._surroundings = _Surroundings()
        self._starts = ColdStarts()
        self._white = Drift(_WHITE_RANK, _WHITE_LEAST)
        self._casts = Drift(_CAST_RANK, _CAST_LEAST), Drift(_CAST_RANK, _CAST_LEAST)
        self._signs: tuple[Sign, ...] = ()

    @property
    def signs(self) -> tuple[Sign, ...]:
        """All that is noticed now."""
        return self._signs

    def take(self, look: PageLook, at: datetime) -> tuple[Sign, ...]:
        """Add one page, scanned at this moment (with its time zone); return all that is noticed now."""
        self._marks.take(look)
        self._surroundings.take(look.around)
        self._starts.take(look.white, at)
        if look.white is not None:
            self._white.take(look.white, at)
        if look.cast is not None:
            for drift, value in zip(self._casts, look.cast, strict=True):
                drift.take(value, at)
        self._signs = tuple(self._known(sign) for sign in self._seen(at))
        return self._signs

    def wiped(self, still: Sequence[Place]) -> None:
        """Take back all dirt but what lies at these places: the empty glass shows nothing else."""
        for number, (imprint, marks) in enumerate(self._marks.sheets):
            kept = tuple(mark for mark in marks if _lies_at(mark, still))
            self._marks.sheets[number] = (imprint, kept)
        self._signs = tuple(
            sign for sign in self._signs if sign.kind is not SignKind.DIRT or _lies_at(sign.place, still)
        )

    def _seen(self, at: datetime) -> list[Sign]:
        """Return what is noticed now, as if it were new."""
        seen = [Sign(SignKind.DIRT, at, place) for place in self._marks.stay]
        holds = {
            SignKind.LAMP_COLD: self._starts.cold,
            SignKind.LAMP_AGEING: self._white.moved < 0,
            SignKind.AMBIENT: self._surroundings.changed,
            SignKind.CAST: any(drift.moved for drift in self._casts),
        }
        return seen + [Sign(kind, at) for kind, held in holds.items() if held]

    def _known(self, sign: Sign) -> Sign:
        """Return the sign as it was first noticed."""
        for known in self._signs:
            if known.kind is sign.kind and (
                known.place is None or (sign.place and _apart(known.place, sign.place) <= _SAME_SIGN_MM)
            ):
                return known
        return sign

    def as_dict(self) -> dict[str, Any]:
        """Return all that is known, in values that JSON holds; a few kilobytes, nothing of any person."""
        return {
            "version": _VERSION,
            "sheets": [[imprint.hex(), list(map(_pair, marks))] for imprint, marks in self._marks.sheets],
            "around": [self._surroundings.first, self._surroundings.latest],
            "starts": self._starts.as_dict(),
            "white": self._white.as_dict(),
            "casts": [drift.as_dict() for drift in self._casts],
            "signs": [
                [sign.kind.value, sign.since.isoformat(), sign.place and _pair(sign.place)]
                for sign in self._signs
            ],
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Self:
        """Return the watch that goes on from a state.

        Raises:
            ValueError: the state is of another version, or no state of a watch.
        """
        watch = cls()
        try:
            if state["version"] != _VERSION:
                raise ValueError("a state of another version")
            watch._marks.sheets = [
                (bytes.fromhex(imprint), tuple(Place(*mark) for mark in marks))
                for imprint, marks in state["sheets"]
            ]
            watch._surroundings.first, watch._surroundings.latest = map(list, state["around"])
            watch._starts.restore(state["starts"])
            watch._white.restore(state["white"])
            for drift, kept in zip(watch._casts, state["casts"], strict=True):
                drift.restore(kept)
            watch._signs = tuple(
                Sign(SignKind(kind), datetime.fromisoformat(since), None if place is None else Place(*place))
                for kind, since, place in state["signs"]
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no state of a watch") from error
        return watch


def _lies_at(place: Place | None, places: Sequence[Place]) -> bool:
    return place is not None and any(_apart(place, other) <= _SAME_SIGN_MM for other in places)


def _pair(place: Place) -> list[float | None]:
    return [place.x_mm, place.y_mm]
