"""What a SANE device offers, in our words, and how to ask it for that in its own words.

SANE fixes the names of the options but not the words for sources and modes (standard 1.06, well-known options):
each backend has its own. The tables hold those found in the backends; the first pattern that fits decides.
"""

import math
import re
from typing import TypeVar

from drivers.sane.api import Kind, Option, Range, Unit
from drivers.sane.options import OptionTable
from station.model.capability import (
    Area,
    ColourMode,
    ResolutionRange,
    ScannerCapabilities,
    ScanSettings,
    Source,
)
from station.model.image import MM_PER_INCH

SOURCE_WORDS: tuple[tuple[re.Pattern[str], Source | None], ...] = (
    (re.compile(r"\bback\b|rear|film|slide|negative|transparen|tpu", re.I), None),
    (re.compile(r"duplex|both sides|two-sided", re.I), Source.DUPLEX),
    (re.compile(r"\badf\b|feeder|front|simplex", re.I), Source.FEEDER),
    (re.compile(r"flat ?bed|document table|platen|normal", re.I), Source.FLATBED),
)
"""What the words of option `source` mean; None is of no use to us."""

MODE_WORDS: tuple[tuple[re.Pattern[str], ColourMode | None], ...] = (
    (re.compile(r"halftone|dither|diffusion|48|infrared", re.I), None),
    (re.compile(r"line ?art|binary|black|monochrome|\b1[ -]?bit", re.I), ColourMode.BINARY),
    (re.compile(r"colou?r|rgb", re.I), ColourMode.COLOUR),
    (re.compile(r"gr[ae]y", re.I), ColourMode.GREY),
)
"""What the words of option `mode` mean; None is of no use to us."""

LONGEST_SHEET_MM = 356.0
"""US legal, the longest paper of an application. Feeders that allow metres would otherwise wait for them."""

AREA_TOLERANCE_MM = 2.0
"""How far a device may round an edge: whole bytes of a bit row at 75 dpi are 2.7 mm wide, so 1.4 mm off."""


_Word = TypeVar("_Word", Source, ColourMode)


def capabilities(options: OptionTable) -> ScannerCapabilities:
    """Say what the device can do, from its options as they are now."""
    sources, modes = _words(options, "source", SOURCE_WORDS), _mode_words(options)
    glass = _glass(options)
    return ScannerCapabilities(
        sources=None if sources is None else tuple(kind for kind in Source if kind in sources),
        modes=None if modes is None else tuple(kind for kind in ColourMode if kind in modes),
        resolutions_dpi=_resolutions(options.settable("resolution")),
        area_mm=None if glass is None else (glass.width_mm, glass.height_mm),
    )


def apply(options: OptionTable, settings: ScanSettings) -> float:
    """Set what was asked for and return the resolution that the device took, in dpi.

    The order matters: a source changes the modes, a mode the depths and resolutions, these the area.

    Raises:
        Unsupported: a setting that the device does not offer.
    """
    _set_source(options, settings.source)
    _set_mode(options, settings.mode)
    dpi = _set_resolution(options, settings.resolution_dpi)
    _set_area(options, settings)
    return dpi


def _words(
    options: OptionTable, name: str, table: tuple[tuple[re.Pattern[str], _Word | None], ...]
) -> dict[_Word, str] | None:
    """Return the device's word for each of ours; None when the device has no such choice."""
    option = options.settable(name)
    if option is None or not isinstance(option.allowed, tuple):
        return None
    words: dict[_Word, str] = {}
    for word in map(str, option.allowed):
        meaning = next((meaning for pattern, meaning in table if pattern.search(word)), None)
        if meaning is not None:
            words.setdefault(meaning, word)
    return words


def _mode_words(options: OptionTable) -> dict[ColourMode, str] | None:
    """Return the words for modes; some devices know black and white only as grey of one bit."""
    words = _words(options, "mode", MODE_WORDS)
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


def _set_source(options: OptionTable, source: Source) -> None:
    words = _words(options, "source", SOURCE_WORDS)
    if words is None:
        if source is not Source.FLATBED:
            # Without a choice nothing tells where the paper comes from: one page a scan, not a pile.
            raise options.unsupported("source", source.value)
    elif source in words:
        options.set("source", words[source])
    else:
        raise options.unsupported("source", source.value)


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
