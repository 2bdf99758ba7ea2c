"""What a SANE device offers, in our words, and how to ask it for that in its own words."""

import logging
import math

from drivers.sane import sources
from drivers.sane.api import Kind, Option, Range, Unit
from drivers.sane.options import OptionTable
from drivers.sane.words import BUTTONS, MODES, SOURCES, words_of
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

LONGEST_SHEET_MM = 356.0
"""US legal, the longest paper of an application. Feeders that allow metres would otherwise wait for them."""

AREA_TOLERANCE_MM = 2.0
"""How far a device may round an edge: whole bytes of a bit row at 75 dpi are 2.7 mm wide, so 1.4 mm off."""

log = logging.getLogger(__name__)


def capabilities(options: OptionTable) -> ScannerCapabilities:
    """Say what the device can do. Each source is set once, since most change what can be had; the first stays.

    Modes are those of any source, resolutions those of all, the area is that of the glass if there is one.
    """
    words = words_of(options, "source", SOURCES)
    if words is None:
        views = {source: _view(options) for source in sources.without_choice(options)}
    else:
        views = _views(options, words)
    any_view = tuple(views.values()) or (_view(options),)
    modes = [view.modes for view in any_view if view.modes is not None]
    return ScannerCapabilities(
        sources=None if words is None and tuple(views) == (Source.FLATBED,) else _in_order(views),
        modes=tuple(kind for kind in ColourMode if any(kind in one for one in modes)) if modes else None,
        resolutions_dpi=common(view.resolutions_dpi for view in any_view),
        area_mm=any_view[0].area_mm,
    )


def apply(options: OptionTable, settings: ScanSettings) -> float:
    """Set what was asked for and return the resolution that the device took, in dpi.

    The order matters: a source changes the modes, a mode the depths and resolutions, these the area.

    Raises:
        Unsupported: a setting that the device does not offer.
    """
    sources.choose(options, settings.source)
    _set_mode(options, settings.mode)
    dpi = _set_resolution(options, settings.resolution_dpi)
    _set_area(options, settings)
    return dpi


def buttons(options: OptionTable) -> tuple[str, ...]:
    """Name the keys of the device: what only a hand can set (standard 1.06, SANE_CAP_HARD_SELECT).

    Each is read once; one that cannot be is none.
    """
    return tuple(option.name for option in options.active() if _is_button(option) and options.can_tell(option))


def _is_button(option: Option) -> bool:
    return (
        option.kind in (Kind.BOOL, Kind.INT)
        and option.can_read
        and not option.can_set
        and BUTTONS.fullmatch(option.name) is not None
    )


def _views(options: OptionTable, words: dict[Source, str]) -> dict[Source, ScannerCapabilities]:
    """Set each source and see what it has; one that cannot be set is not there."""
    views: dict[Source, ScannerCapabilities] = {}
    for source in _in_order(words):
        try:
            options.set("source", words[source])
        except Unsupported:
            log.debug("source %s is named but cannot be set", words[source])
            continue
        views[source] = _view(options)
        if source is Source.FEEDER and sources.duplex_switch(options) is not None:
            views[Source.DUPLEX] = views[source]
    if views:
        options.set("source", words[next(iter(views))])
    return views


def _view(options: OptionTable) -> ScannerCapabilities:
    """Say what the device can do as it stands now."""
    modes = _mode_words(options)
    glass = _glass(options)
    return ScannerCapabilities(
        sources=None,
        modes=None if modes is None else tuple(modes),
        resolutions_dpi=_resolutions(options.settable("resolution")),
        area_mm=None if glass is None else (glass.width_mm, glass.height_mm),
    )


def _in_order(found: dict[Source, ScannerCapabilities] | dict[Source, str]) -> tuple[Source, ...]:
    return tuple(source for source in Source if source in found)


def _mode_words(options: OptionTable) -> dict[ColourMode, str] | None:
    """Return the words for modes; some devices know black and white only as grey of one bit."""
    words = words_of(options, "mode", MODES)
    depth = options.settable("depth")
    if words is not None and ColourMode.GREY in words and depth is not None and depth.allows(1):
        words.setdefault(ColourMode.BINARY, words[ColourMode.GREY])
    return words


def _resolutions(option: Option | None) -> tuple[int, ...] | ResolutionRange | None:
    match option and option.allowed:
        case Range(low, high, step):
            return ResolutionRange(math.ceil(low), math.floor(high), max(1, round(step)))
        case tuple(offered):
            return tuple(sorted(int(dpi) for dpi in offered))
        case _:
            return None


def _glass(options: OptionTable) -> Area | None:
    """Return the largest area; None when the device has none or names no limits."""
    edges = [options.settable(name) for name in ("tl-x", "tl-y", "br-x", "br-y")]
    limits = [edge.allowed for edge in edges if edge is not None and isinstance(edge.allowed, Range)]
    if len(limits) < len(edges):
        return None
    mm = _mm_per_unit(options)
    left, top, right, bottom = limits[0].low, limits[1].low, limits[2].high, limits[3].high
    return Area(left * mm, top * mm, (right - left) * mm, (bottom - top) * mm)


def _mm_per_unit(options: OptionTable) -> float:
    edge = options.get("br-x")
    if edge is None or edge.unit is not Unit.PIXEL or options.get("resolution") is None:
        return 1.0
    return MM_PER_INCH / float(options.value("resolution"))


def _set_mode(options: OptionTable, mode: ColourMode) -> None:
    words = _mode_words(options)
    if words is not None and mode not in words:
        raise options.unsupported("mode", mode.value)
    if words is not None:
        options.set("mode", words[mode])
    bits = 1 if mode is ColourMode.BINARY else 8
    depth = options.settable("depth")
    if depth is not None and depth.kind is Kind.INT and depth.allows(bits):
        options.set("depth", bits)


def _set_resolution(options: OptionTable, dpi: int) -> float:
    offered = _resolutions(options.settable("resolution"))
    if offered is None:
        return float(options.value("resolution")) if options.get("resolution") else dpi
    if dpi not in offered:
        raise options.unsupported("resolution_dpi", dpi)
    taken = float(options.set("resolution", dpi))
    if round(taken) != dpi:
        raise options.unsupported("resolution_dpi", dpi)
    return taken


def _set_area(options: OptionTable, settings: ScanSettings) -> None:
    glass, area = _glass(options), settings.area
    if area is None:
        if glass is None:
            return
        longest = glass.height_mm if settings.source is Source.FLATBED else LONGEST_SHEET_MM
        area = Area(0, 0, glass.width_mm, min(glass.height_mm, longest))
    words = f"{area.left_mm}+{area.width_mm} x {area.top_mm}+{area.height_mm} mm"
    if glass is None or not _inside(area, glass):
        raise options.unsupported("area", words)
    left, top = glass.left_mm + area.left_mm, glass.top_mm + area.top_mm
    # First the largest area, so that no edge ever passes its opposite.
    edges = {
        "tl-x": glass.left_mm,
        "tl-y": glass.top_mm,
        "br-x": min(left + area.width_mm, glass.left_mm + glass.width_mm),
        "br-y": min(top + area.height_mm, glass.top_mm + glass.height_mm),
    }
    for name, edge in (*edges.items(), ("tl-x", left), ("tl-y", top)):
        mm = _mm_per_unit(options)
        if abs(float(options.set(name, edge / mm)) * mm - edge) > AREA_TOLERANCE_MM:
            raise options.unsupported("area", words)


def _inside(area: Area, glass: Area) -> bool:
    return (
        min(area.left_mm, area.top_mm) >= 0
        and area.left_mm + area.width_mm <= glass.width_mm + AREA_TOLERANCE_MM
        and area.top_mm + area.height_mm <= glass.height_mm + AREA_TOLERANCE_MM
    )
