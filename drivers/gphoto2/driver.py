"""The driver `gphoto2` as the station sees it: settings here, libgphoto2 in child processes."""

from typing import cast

from drivers.outboard import OutboardDriver
from drivers.outboard.table import TIMEOUT, check

SILENCE_S = 60.0
"""A camera may look for its focus, charge its flash and hand over 60 MB; none was seen to take so long."""

GRACE_S = 15.0
"""How long a cancelled capture may take to end by itself: ended by force, its picture stays in the camera."""


class Gphoto2Driver(OutboardDriver):
    """Finds and opens still cameras. libgphoto2 blocks and can crash, so it does not run in the station.

    Its table of settings:
        timeout_s: seconds without a sign of life after which a camera counts as hung; 60 without it.
        settings: the camera's own options by their gphoto2 names (`gphoto2 --list-config`), set when it is
            opened, such as `imageformat` for cameras that would code their pictures as raw data.
        virtual_dir: folder of pictures for libgphoto2's own virtual camera, which then is the only one.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        super().__init__("gphoto2", "drivers.gphoto2.face:Gphoto2Face", SILENCE_S, GRACE_S)

    def configure(self, options: dict[str, object]) -> None:
        """Check the table and keep it for the children.

        Raises:
            SettingsError.
        """
        check(self.name, options, "virtual_dir")
        self.silence_s = float(cast(float, options.get(TIMEOUT, self.silence_s)))
        super().configure({key: value for key, value in options.items() if key != TIMEOUT})
