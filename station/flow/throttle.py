"""How long somebody waits who gave a wrong password: longer each time, and at last for half an hour."""

from datetime import datetime, timedelta
from math import ceil

DELAYS_S = (0, 0, 0, 5, 15, 30, 60, 120, 300, 600)
"""By the number of failures in a row, how long the next attempt waits."""

LOCK_OUT_S = 1800
"""How long each failure waits from there on. A lock-out that never ends would let anybody shut all out."""


def wait_s(failures: int) -> int:
    """Return how long the next attempt waits after so many failures in a row."""
    return DELAYS_S[failures] if failures < len(DELAYS_S) else LOCK_OUT_S


def is_lock_out(failures: int) -> bool:
    """Tell whether the account is locked out: a supervisor can let its owner in again at once."""
    return failures >= len(DELAYS_S)


def until(failures: int, now: datetime) -> datetime | None:
    """Return when the next attempt is taken after this failure, None when at once."""
    seconds = wait_s(failures)
    return now + timedelta(seconds=seconds) if seconds else None


def left_s(failures: int, waits_until: datetime | None, now: datetime) -> int:
    """Return how many seconds are still to be waited, rounded up.

    A clock that was set back makes nobody wait longer than once the whole delay.
    """
    if waits_until is None or waits_until <= now:
        return 0
    return min(ceil((waits_until - now).total_seconds()), wait_s(failures))
