"""The driver `sane`: scanners of the SANE project, each in a child process of its own."""

from pathlib import Path
from typing import cast

from drivers.outboard import OutboardDriver
from station.errors import SettingsError


class SaneDriver(OutboardDriver):
    """Finds and opens SANE scanners. libsane can crash and may never return, so it does not run in the station.

    Its table of settings:
        config_dir: folder with `dll.conf` and the backends' files; without it the system's own.
        timeout_s: seconds without a sign of life after which a scanner counts as hung; 60 without it.
        settings: a backend's own options by their SANE names, set before every scan after all else.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        super().__init__("sane", "drivers.sane.face:SaneFace")

    def configure(self, options: dict[str, object]) -> None:
        """Check the table and keep it for the children.

        Raises:
            SettingsError.
        """
        for key, value in options.items():
            if key not in _CHECKS:
                raise _wrong(key, "unknown_key", ", ".join(_CHECKS))
            problem, holds = _CHECKS[key]
            if not holds(value):
                raise _wrong(key, problem)
        self.silence_s = float(cast(float, options.get("timeout_s", self.silence_s)))
        super().configure({key: value for key, value in options.items() if key != "timeout_s"})


def _is_folder(value: object) -> bool:
    return isinstance(value, str) and Path(value).is_dir()


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(own, bool | int | float | str) for own in value.values())


_CHECKS = {
    "config_dir": ("not_a_folder", _is_folder),
    "timeout_s": ("not_positive", _is_time),
    "settings": ("not_a_table", _is_table),
}


def _wrong(key: str, problem: str, suggestion: str = "") -> SettingsError:
    return SettingsError(where="sane", key=key, problem=problem, suggestion=suggestion)
