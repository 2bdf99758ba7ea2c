"""How one kind of paper is scanned and judged. Set by the administrator; the screen offers no other way."""

from dataclasses import dataclass

from station.model.capability import Area, ColourMode, ScanSettings, Source


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """One kind of paper. `sources` are those that may be used, the usual one first; `quality` names its limits.

    `area` is the part of the glass, None for all of it; it is not asked of a feeder. `length_mm` is how long a
    sheet of it is at most: a longer one from the feeder may be two sheets pulled at once; None does not tell.
    `digest` is the SHA-256 of the file that it was read from, in 64 lower-case hex digits: with name and
    version it says in a picture's provenance by which rules the picture was made.
    """

    name: str
    title: str
    version: str
    sources: tuple[Source, ...]
    quality: str
    mode: ColourMode = ColourMode.COLOUR
    resolution_dpi: int = 300
    area: Area | None = None
    length_mm: float | None = None
    digest: str = ""

    def settings(self, source: Source) -> ScanSettings:
        """Return what a scanner is asked for when paper comes from this source."""
        area = self.area if source is Source.FLATBED else None
        return ScanSettings(source, self.mode, self.resolution_dpi, area)
