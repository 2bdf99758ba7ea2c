"""Where an axis has its marks, and what stands at them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil, floor, log10

from PySide6.QtCore import QDate, QLocale

from ui.wording.translate import number

Tick = tuple[float, str]
Ticks = Callable[[float, float, int], list[Tick]]
"""Return the marks from `low` to `high`, at most so many."""

_EPOCH = datetime(1970, 1, 1)
_DAY = timedelta(days=1)
_DAYS = (1, 2, 5, 7, 14, 28, 56, 91, 182, 364, 728, 1820)


def numbers(low: float, high: float, most: int) -> list[Tick]:
    """Mark round numbers, 1, 2 or 5 times a power of ten apart."""
    least = (high - low) / max(most - 1, 1)
    if not least > 0:
        return []
    power = 10.0 ** floor(log10(least))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= least * 0.999)
    decimals = max(0, -floor(log10(step * 1.001)))
    # Adding nothing makes -0 of a rounded trifle 0.
    return [
        (count * step, number(round(count * step, decimals) + 0.0, decimals))
        for count in range(ceil(low / step - 1e-6), floor(high / step + 1e-6) + 1)
    ]


def days(low: float, high: float, most: int) -> list[Tick]:
    """Mark midnights of the days of `day_of`."""
    least = (high - low) / max(most, 1)
    step = next((step for step in _DAYS if step >= least), _DAYS[-1])
    first, last = ceil(low / step) * step, floor(high)
    years = {_date(day).year() for day in (floor(low), last)}
    pattern = "d MMM" if len(years) == 1 else "d MMM yyyy"
    return [(day, QLocale().toString(_date(day), pattern)) for day in range(first, last + 1, step)]


def none(low: float, high: float, most: int) -> list[Tick]:
    """Mark nothing."""
    return []


def day_of(moment: datetime) -> float:
    """Return a moment as days of this machine's calendar since 1 January 1970, with fractions."""
    return (moment.astimezone().replace(tzinfo=None) - _EPOCH) / _DAY


def day_name(moment: datetime) -> str:
    """Write the day of a moment: 4 Aug 2025."""
    return QLocale().toString(_date(floor(day_of(moment))), "d MMM yyyy")


def _date(day: int) -> QDate:
    return QDate(1970, 1, 1).addDays(day)
