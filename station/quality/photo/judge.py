"""A photo's crop against the rules of its profile, after TR-03121 5.1 to 5.7 and the photo's own figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import hypot

from station.model.face import Head, Point
from station.model.photo import PhotoCrop, PhotoProfile
from station.model.quality import Finding, Limit, QualityReport, Status
from station.quality import versions
from station.quality.photo.crop import obstacle

_DECIMALS = 3
"""Values are cut to this before they are judged: what the officer reads is what was judged."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """A head on its photo, in shares of the photo's width and height."""

    eyes: tuple[Point, Point]
    ears: tuple[Point, Point]
    chin: Point
    crown: Point
    made_px: tuple[int, int]
    turned: float
    covered: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """One measure of a photo: `value` is in `unit`; `limit` is None where the profile asks for nothing."""

    name: str
    unit: str
    value: Callable[[_Laid], float]
    limit: Callable[[PhotoProfile], Limit | None]


def judge(crop: PhotoCrop | None, head: Head, size: tuple[int, int], profile: PhotoProfile) -> QualityReport:
    """Return the report on a crop of a capture of this (width, height) in pixels, for the crop's own crown.

    Without a crop every measure is NOT_ASSESSED with the reason of `obstacle`, and the verdict is FAIL.
    """
    laid = None if crop is None else _laid(crop, head, size, profile)
    reason = "" if laid else obstacle(head, size)
    findings = tuple(_findings(laid, profile, reason))
    return QualityReport(profile.name, findings, profile.version, profile.digest, versions.stamp())


def _findings(laid: _Laid | None, profile: PhotoProfile, reason: str) -> Iterator[Finding]:
    for asked in MEASURES:
        limit = asked.limit(profile)
        if limit is None:
            continue
        if laid is None:
            yield Finding(asked.name, Status.NOT_ASSESSED, unit=asked.unit, limit=limit, reason=reason)
            continue
        raw = round(asked.value(laid), _DECIMALS)
        yield Finding(asked.name, _status(raw, limit), raw, asked.unit, limit=limit)


def _status(raw: float, limit: Limit) -> Status:
    if not _holds(raw, limit.fail_low, limit.fail_high):
        return Status.FAIL
    return Status.PASS if _holds(raw, limit.low, limit.high) else Status.WARN


def _holds(raw: float, low: float | None, high: float | None) -> bool:
    return (low is None or raw >= low) and (high is None or raw <= high)


def _laid(crop: PhotoCrop, head: Head, size: tuple[int, int], profile: PhotoProfile) -> _Laid:
    def there(point: Point) -> Point:
        return crop.on_photo(point, size, profile.aspect)

    return _Laid(
        eyes=(there(head.eyes[0]), there(head.eyes[1])),
        ears=(there(head.ears[0]), there(head.ears[1])),
        chin=there(head.chin),
        crown=there(head.on_axis(crop.crown, size)),
        made_px=profile.made_px(crop.height * size[1]),
        turned=crop.roll,
        covered=_covered(crop.corners(size, profile.aspect)),
    )


def _middle(points: tuple[Point, Point], axis: int) -> float:
    return (points[0][axis] + points[1][axis]) / 2


def _eye_distance(laid: _Laid) -> float:
    (left_x, left_y), (right_x, right_y) = laid.eyes
    return hypot((right_x - left_x) * laid.made_px[0], (right_y - left_y) * laid.made_px[1])


def _covered(corners: tuple[Point, ...]) -> float:
    """Return which share of a four-sided part of the capture the capture really has, 0 to 1."""
    inside = list(corners)
    for axis in (0, 1):
        for end, sign in ((0.0, 1), (1.0, -1)):
            inside = list(_clipped(inside, axis, end, sign))
    return _area(inside) / _area(list(corners))


def _clipped(corners: list[Point], axis: int, end: float, sign: int) -> Iterator[Point]:
    """Return the part of a convex shape on one side of a line (Sutherland and Hodgman)."""
    for before, here in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
        was, now = (sign * (point[axis] - end) for point in (before, here))
        if (was < 0) != (now < 0):
            part = was / (was - now)
            yield (before[0] + part * (here[0] - before[0]), before[1] + part * (here[1] - before[1]))
        if now >= 0:
            yield here


def _area(corners: list[Point]) -> float:
    following = [*corners[1:], *corners[:1]]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, following, strict=True))) / 2


def _percent(span: tuple[float, float] | None) -> Limit | None:
    if span is None:
        return None
    low, high = (round(100 * share, _DECIMALS) for share in span)
    return Limit(low, high, low, high)


def _at_least(least: float) -> Limit | None:
    return Limit(low=least, fail_low=least) if least else None


MEASURES = (
    _Asked(
        "photo_head_height",
        "%",
        lambda laid: 100 * (laid.chin[1] - laid.crown[1]),
        lambda profile: _percent(profile.head_height),
    ),
    _Asked(
        "photo_head_width",
        "%",
        lambda laid: 100 * (laid.ears[1][0] - laid.ears[0][0]),
        lambda profile: _percent(profile.head_width),
    ),
    _Asked(
        "photo_eye_line",
        "%",
        lambda laid: 100 * _middle(laid.eyes, 1),
        lambda profile: _percent(profile.eye_line),
    ),
    _Asked(
        "photo_centre", "%", lambda laid: 100 * _middle(laid.eyes, 0), lambda profile: _percent(profile.centre)
    ),
    _Asked(
        "photo_margin",
        "%",
        lambda laid: 100 * min(laid.crown[1], 1 - laid.chin[1]),
        lambda profile: Limit(low=round(100 * profile.margin, _DECIMALS), fail_low=0.0),
    ),
    _Asked(
        "photo_roll",
        "°",
        lambda laid: laid.turned,
        lambda profile: Limit(-profile.roll, profile.roll, -profile.roll, profile.roll),
    ),
    _Asked("photo_inter_eye_distance", "px", _eye_distance, lambda profile: _at_least(profile.inter_eye_px)),
    _Asked("photo_size", "px", lambda laid: laid.made_px[1], lambda profile: _at_least(profile.least_px[1])),
    _Asked("photo_inside", "%", lambda laid: 100 * laid.covered, lambda _: _at_least(100.0)),
)
"""All measures of a photo, in the order in which the report shows them."""
