"""What was asked of a device and what it has instead, in words: sources, colours, resolutions, areas."""

from collections.abc import Mapping
from enum import StrEnum

from station.model.capability import Area, ColourMode, ResolutionRange, Source
from ui.wording.names import name
from ui.wording.translate import QT_TRANSLATE_NOOP, filled, number, translated

_CONTEXT = "Asked"

_SETTINGS: dict[str, str] = {
    "source": QT_TRANSLATE_NOOP("Asked", "paper source"),
    "profile": QT_TRANSLATE_NOOP("Asked", "paper source"),
    "mode": QT_TRANSLATE_NOOP("Asked", "colours"),
    "resolution_dpi": QT_TRANSLATE_NOOP("Asked", "resolution"),
    "area": QT_TRANSLATE_NOOP("Asked", "area"),
    "live_picture": QT_TRANSLATE_NOOP("Asked", "live picture"),
}
"""As it stands within a sentence; anything else that can be asked speaks for itself."""

_KINDS: dict[str, type[StrEnum]] = {"source": Source, "profile": Source, "mode": ColourMode}


def as_asked(facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts of `Unsupported` with `setting`, `value` and `offered` in words.

    What a scan profile does not allow (`setting` is profile) gets that as its `reason`.
    """
    setting = str(facts.get("setting", ""))
    told = dict(facts)
    if setting:
        told["setting"] = translated(_CONTEXT, _SETTINGS.get(setting, setting))
        told.setdefault("reason", setting)
    for key in ("value", "offered"):
        if key in facts:
            told[key] = _written(setting, facts[key])
    return told


def _written(setting: str, value: object) -> str:
    match setting, value:
        case ("area", Area(left, top, width, height)):
            return _extent(left + width, top + height)
        case ("area", (float() | int() as width, float() | int() as height)):
            return _extent(width, height)
        case ("area", None):
            return translated(_CONTEXT, QT_TRANSLATE_NOOP("Asked", "all of the glass"))
        case ("resolution_dpi", ResolutionRange(low, high)):
            return filled(
                _CONTEXT, QT_TRANSLATE_NOOP("Asked", "{low} to {high} dpi"), {"low": low, "high": high}
            )
        case ("resolution_dpi", tuple()):
            return f"{', '.join(map(str, value))} dpi" if value else ""
        case ("resolution_dpi", _):
            return f"{value} dpi"
    words = value if isinstance(value, tuple) else str(value).split(", ")
    return ", ".join(_named(setting, str(word)) for word in words)


def _extent(width_mm: float, height_mm: float) -> str:
    """Write how far an area reaches from the top left corner of the glass."""
    return f"{number(width_mm)} \N{MULTIPLICATION SIGN} {number(height_mm)} mm"


def _named(setting: str, word: str) -> str:
    kind = _KINDS.get(setting)
    return name(kind(word)) if kind is not None and word in tuple(kind) else word
