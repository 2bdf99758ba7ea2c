"""What the table of settings of a driver in child processes may hold, checked before any child starts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from station.errors import SettingsError

TIMEOUT: Final = "timeout_s"
"""Seconds without a sign of life; the station's own, no child sees it."""


def _is_folder(value: object) -> bool:
    return isinstance(value, str) and Path(value).is_dir()


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(own, bool | int | float | str) for own in value.values())


_COMMON: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    TIMEOUT: ("not_positive", _is_time),
    "settings": ("not_a_table", _is_table),
}


def check(driver: str, options: Mapping[str, object], folder_key: str) -> None:
    """Check a driver's table: `timeout_s`, `settings` (the device's own options) and one key that is a folder.

    Raises:
        SettingsError: `problem` is unknown_key, not_positive, not_a_table or not_a_folder.
    """
    checks = {folder_key: ("not_a_folder", _is_folder), **_COMMON}
    for key, value in options.items():
        if key not in checks:
            raise SettingsError(where=driver, key=key, problem="unknown_key", suggestion=", ".join(checks))
        problem, holds = checks[key]
        if not holds(value):
            raise SettingsError(where=driver, key=key, problem=problem, suggestion="")
