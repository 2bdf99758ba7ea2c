"""What is worded of one measure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """One measure as marked English text. `low` and `high` say what to do when the value is too low or high."""

    title: str
    decimals: int = 0
    unit: str = ""
    low: str = ""
    high: str = ""
