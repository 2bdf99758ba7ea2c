"""How each kind of paper is scanned, a TOML file each: the administrator's, the screen offers no way round."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from station.errors import SettingsError
from station.model.capability import Area, ColourMode, Source
from station.model.checklist import Checklist
from station.model.record import AttachmentKind
from station.model.scan_profile import ScanProfile
from station.quality.profile import Profile, Subject
from station.toml_file import Table, files_of, meant, read_table

DPI = range(75, 1201)
"""Resolutions that a profile may ask for: below, print cannot be read; above, a page takes minutes."""

DEFAULT_OF: Mapping[AttachmentKind, str] = MappingProxyType(
    {
        AttachmentKind.LETTER: "letter",
        AttachmentKind.PASSPORT_PAGE: "passport_page",
        AttachmentKind.PORTRAIT: "photograph",
        AttachmentKind.DOCUMENT: "form",
    }
)
"""The profile that serves where no checklist item names another."""


def load_scan_profiles(folder: Path) -> Mapping[str, ScanProfile]:
    """Read all scan profiles of a folder by name.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing (a key, any file, a profile of `DEFAULT_OF`),
            wrong_type, wrong_value, unknown_key, duplicate.
    """
    profiles: dict[str, ScanProfile] = {}
    for path in files_of(folder):
        table = read_table(path)
        profile = _profile(table, sha256(path.read_bytes()).hexdigest())
        if profile.name in profiles:
            raise table.refusal("name", "duplicate")
        profiles[profile.name] = profile
    for name in DEFAULT_OF.values():
        if name not in profiles:
            raise SettingsError(where=folder.name, key=name, problem="missing", suggestion="")
    return MappingProxyType(profiles)


def prove(
    checklists: Mapping[str, Checklist],
    scan_profiles: Mapping[str, ScanProfile],
    profiles: Mapping[str, Profile],
) -> None:
    """Make sure that lists, scan profiles and limits name each other rightly; called once at start.

    Raises:
        SettingsError: `problem` is unknown_name: an item's `scan` names no scan profile, or a scan profile's
            `quality` no profile of pages; `where` is the category or the scan profile.
    """
    pages = [name for name, profile in profiles.items() if profile.subject is Subject.PAGE]
    for scan in scan_profiles.values():
        if scan.quality not in pages:
            raise Table(scan.name, {}).refusal("quality", "unknown_name", _nearest(scan.quality, pages))
    for checklist in checklists.values():
        for item in checklist.items:
            if item.scan not in scan_profiles:
                near = _nearest(item.scan, scan_profiles)
                raise Table(checklist.category, {}, item.id).refusal("scan", "unknown_name", near)


def _nearest(word: str, known: list[str] | Mapping[str, object]) -> str:
    return meant(word, known) or ", ".join(sorted(known))


def _profile(table: Table, digest: str) -> ScanProfile:
    table.only("name", "title", "version", "sources", "mode", "dpi", "area", "length_mm", "quality")
    mode = table.text("mode")
    if mode not in tuple(ColourMode):
        raise table.refusal("mode", "wrong_value", _nearest(mode, list(ColourMode)))
    return ScanProfile(
        name=table.text("name"),
        title=table.text("title"),
        version=table.text("version"),
        sources=tuple(Source(word) for word in table.words("sources", Source)),
        quality=table.text("quality"),
        mode=ColourMode(mode),
        resolution_dpi=_dpi(table),
        area=_area(table.table("area")) if "area" in table.values else None,
        length_mm=_length(table, "length_mm") if "length_mm" in table.values else None,
        digest=digest,
    )


def _dpi(table: Table) -> int:
    dpi = table.whole("dpi")
    if dpi is None:
        raise table.refusal("dpi", "missing")
    if dpi not in DPI:
        raise table.refusal("dpi", "wrong_value", f"{DPI[0]} to {DPI[-1]}")
    return dpi


def _area(table: Table) -> Area:
    table.only("left_mm", "top_mm", "width_mm", "height_mm")
    left, top = (table.number(key) or 0.0 for key in ("left_mm", "top_mm"))
    for key, start in (("left_mm", left), ("top_mm", top)):
        if start < 0:
            raise table.refusal(key, "wrong_value", ">= 0")
    return Area(left, top, _length(table, "width_mm"), _length(table, "height_mm"))


def _length(table: Table, key: str) -> float:
    value = table.number(key)
    if value is None:
        raise table.refusal(key, "missing")
    if value <= 0:
        raise table.refusal(key, "wrong_value", "> 0")
    return value
