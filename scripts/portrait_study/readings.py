"""The readings of the study, kept as a table: one line for each measure of each face in each light."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

READINGS = Path(__file__).parent / "readings.csv"

VERDICT, OF_LIGHT = "verdict", "verdict_of_the_light"
"""Lines that stand for a whole report: its verdict, and that of `LIGHT` alone."""
SKIN, TONE = "cheek_lightness", "skin_tone"
"""L* of the cheeks, and their individual typology angle in degrees."""

LIGHT = (
    "face_highlights",
    "over_exposure_prevention",
    "illumination_uniformity",
    "natural_colour",
    "background_lightness",
)
"""What the profile judges light and exposure by."""
LUMINANCE = ("luminance_mean", "luminance_variance", "under_exposure_prevention", "dynamic_range")
"""What follows the colour of the skin (ISO/IEC 29794-5:2025, 7.3.4 to 7.3.7) and must reject nobody."""

STOPS = tuple(quarter / 4 for quarter in range(-8, 9))
"""Exposure in stops: each is twice the light of the one before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one measure said of a face in a light; `status` is the profile's word, "" where it asks nothing."""

    kind: str
    face: str
    group: str
    stops: float
    measure: str
    status: str
    raw: float | None = None
    score: int | None = None


def write(readings: Iterable[Reading], path: Path = READINGS) -> None:
    """Keep these readings."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [column.name for column in fields(Reading)], lineterminator="\n")
        table.writeheader()
        for reading in readings:
            table.writerow({name: "" if cell is None else cell for name, cell in asdict(reading).items()})


def read(path: Path = READINGS) -> Sequence[Reading]:
    """Return the readings that are kept."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Reading(
                row["kind"],
                row["face"],
                row["group"],
                float(row["stops"]),
                row["measure"],
                row["status"],
                float(row["raw"]) if row["raw"] else None,
                int(row["score"]) if row["score"] else None,
            )
            for row in csv.DictReader(file)
        ]
