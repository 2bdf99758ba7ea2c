"""What an eSCL scanner offers, in our words, and the job that asks it for what we want."""

import math

from drivers.escl.documents import UNITS_PER_INCH, Intake, Offer, Order, Profile
from station.devices.resolutions import common
from station.errors import Unsupported
from station.model.capability import (
    Area,
    ColourMode,
    ResolutionRange,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.image import MM_PER_INCH

LONGEST_SHEET = 4200
"""14 inches (US legal), the longest paper of an application. Feeders that allow metres would wait for them."""

TOLERANCE = 24
"""2 mm: how far an area may reach over the edge before it is refused; it is cut to the edge."""

Resolutions = tuple[int, ...] | ResolutionRange | None


def capabilities(offer: Offer) -> ScannerCapabilities:
    """Say what the scanner can do from any of its sources; resolutions are those that all of them have."""
    profiles = [profile for intake in offer.intakes.values() for profile in intake.profiles]
    largest = offer.intakes.get(Source.FLATBED) or next(iter(offer.intakes.values()))
    return ScannerCapabilities(
        sources=tuple(source for source in Source if source in offer.intakes),
        modes=tuple(mode for mode in ColourMode if any(profile.format_of(mode) for profile in profiles)),
        resolutions_dpi=common([profile.resolutions for profile in profiles]),
        area_mm=(_mm(largest.max_width), _mm(largest.max_height)),
    )


def ordered(offer: Offer, settings: ScanSettings, device: str) -> Order:
    """Return the job for these settings.

    Raises:
        Unsupported: a setting that the scanner does not offer for this source.
    """
    intake = offer.intakes.get(settings.source)
    if intake is None:
        raise Unsupported(device=device, setting="source", value=settings.source.value)
    able = [profile for profile in intake.profiles if profile.format_of(settings.mode)]
    if not able:
        raise Unsupported(device=device, setting="mode", value=settings.mode.value)
    dpi = settings.resolution_dpi
    profile = next((profile for profile in able if _has(profile, dpi)), None)
    if profile is None:
        raise Unsupported(device=device, setting="resolution_dpi", value=dpi)
    return Order(
        settings.source,
        settings.mode,
        profile.format_of(settings.mode) or "",
        dpi,
        *_region(intake, settings, device),
        open_end=settings.source is not Source.FLATBED and settings.area is None,
    )


def _has(profile: Profile, dpi: int) -> bool:
    return dpi > 0 and (profile.resolutions is None or dpi in profile.resolutions)


def _region(intake: Intake, settings: ScanSettings, device: str) -> tuple[int, int, int, int]:
    """Return left, top, width and height in 1/300 inch."""
    area = settings.area
    if area is None:
        longest = intake.max_height if settings.source is Source.FLATBED else LONGEST_SHEET
        return (0, 0, intake.max_width, min(intake.max_height, longest))
    edges = (area.left_mm, area.top_mm, area.width_mm, area.height_mm)
    if all(map(math.isfinite, edges)):
        left, top, width, height = (round(mm / MM_PER_INCH * UNITS_PER_INCH) for mm in edges)
        if (
            min(left, top) >= 0
            and width >= max(intake.min_width, 1)
            and height >= max(intake.min_height, 1)
            and left + width <= intake.max_width + TOLERANCE
            and top + height <= intake.max_height + TOLERANCE
        ):
            return (left, top, min(width, intake.max_width - left), min(height, intake.max_height - top))
    raise Unsupported(device=device, setting="area", value=_words(area))


def _words(area: Area) -> str:
    return f"{area.left_mm}+{area.width_mm} x {area.top_mm}+{area.height_mm} mm"


def _mm(units: int) -> float:
    return units / UNITS_PER_INCH * MM_PER_INCH
