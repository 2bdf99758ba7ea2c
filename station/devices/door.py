"""The door before a scanner: what it does not offer is refused by name, before anything moves."""

from station.errors import Unsupported
from station.model.capability import Area, DeviceInfo, ResolutionRange, ScannerCapabilities, ScanSettings

TOLERANCE_MM = 0.5
"""How far an area may reach beyond the glass: scanners round their edges to whole pixels and inches."""


def refuse(info: DeviceInfo, capabilities: ScannerCapabilities, settings: ScanSettings) -> None:
    """Stop a scan that the scanner cannot do as asked; what its driver cannot tell (None) passes.

    Raises:
        Unsupported: `setting` is source, mode, resolution_dpi or area, `value` what was asked for, `offered`
            what there is instead. `reason` is not_offered, or has_none when the scanner has nothing of the kind
            at all (`offered` is then empty): no source, no mode, no resolution, no glass.
    """
    dpi, offered_dpi = settings.resolution_dpi, capabilities.resolutions_dpi
    _refuse(info, "source", settings.source, capabilities.sources)
    _refuse(info, "mode", settings.mode, capabilities.modes)
    if isinstance(offered_dpi, ResolutionRange):
        if dpi not in offered_dpi:
            some = offered_dpi.minimum <= offered_dpi.maximum
            raise _unsupported(info, "resolution_dpi", dpi, offered_dpi if some else ())
    else:
        _refuse(info, "resolution_dpi", dpi, offered_dpi)
    _refuse_area(info, settings.area, capabilities.area_mm)


def _refuse(info: DeviceInfo, setting: str, value: object, offered: tuple[object, ...] | None) -> None:
    if offered is not None and value not in offered:
        raise _unsupported(info, setting, value, offered)


def _refuse_area(info: DeviceInfo, area: Area | None, largest_mm: tuple[float, float] | None) -> None:
    if largest_mm is None:
        return
    if min(largest_mm) <= 0:
        raise _unsupported(info, "area", area, ())
    if area is None:
        return
    for start, extent, edge in (
        (area.left_mm, area.width_mm, largest_mm[0]),
        (area.top_mm, area.height_mm, largest_mm[1]),
    ):
        # Written so that a number that is none (NaN) does not pass.
        if not (start >= -TOLERANCE_MM and extent > 0 and start + extent <= edge + TOLERANCE_MM):
            raise _unsupported(info, "area", area, largest_mm)


def _unsupported(
    info: DeviceInfo, setting: str, value: object, offered: tuple[object, ...] | ResolutionRange
) -> Unsupported:
    reason = "not_offered" if offered else "has_none"
    return Unsupported(device=info.id, setting=setting, value=value, offered=offered, reason=reason)
