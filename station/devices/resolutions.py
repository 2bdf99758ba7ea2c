"""What several sources of one scanner offer in common."""

from collections.abc import Iterable

from station.model.capability import ResolutionRange

Resolutions = tuple[int, ...] | ResolutionRange | None
"""As capabilities name them, in dpi; None where a driver cannot tell."""


def common(offered: Iterable[Resolutions]) -> Resolutions:
    """Return what all offer that can tell; when they have nothing in common, what the first offers."""
    known = [one for one in offered if one is not None]
    ranges = [one for one in known if isinstance(one, ResolutionRange)]
    lists = [one for one in known if not isinstance(one, ResolutionRange)]
    if lists:
        values = set(lists[0]).intersection(*lists)
        return tuple(sorted(dpi for dpi in values if all(dpi in one for one in ranges))) or lists[0]
    if not ranges:
        return None
    low, high = max(one.minimum for one in ranges), min(one.maximum for one in ranges)
    return ResolutionRange(low, high, max(one.step for one in ranges)) if low <= high else ranges[0]
