"""The driver `sane`: scanners of the SANE project, each in a child process of its own."""

from typing import cast

from drivers.outboard import OutboardDriver
from drivers.outboard.table import TIMEOUT, check


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
        check(self.name, options, "config_dir")
        self.silence_s = float(cast(float, options.get(TIMEOUT, self.silence_s)))
        super().configure({key: value for key, value in options.items() if key != TIMEOUT})
