"""What the portrait's screen knows of the camera: whether it can be used, and what went wrong with it."""

from collections.abc import Sequence

from station.errors import DeviceError, StationError
from station.flow.views import DeviceState, DeviceView
from station.model.capability import CameraCapabilities, DeviceKind
from ui.wording.errors import word, word_code
from ui.wording.translate import Message


class CameraWatch:
    """Follows the chosen camera. `trouble` stands until it is back, or until the officer tries again.

    `live` is False for a still camera that shows no live picture.
    """

    def __init__(self) -> None:
        """Start with a camera that can be used."""
        self.trouble: Message | None = None
        self.live = True
        self._usable = True

    @property
    def what_to_do(self) -> str:
        """What stands in place of the live picture; what has just happened stands in the banner."""
        if self.trouble is not None:
            return self.trouble.do
        told = word_code("DV-001")
        return f"{told.what} {told.do} {told.code}"

    def follow(self, devices: Sequence[DeviceView]) -> None:
        """Note when the camera goes away, and when it is back."""
        cameras = [view for view in devices if view.info.kind is DeviceKind.CAMERA and not view.detail]
        camera = next((view for view in cameras if view.chosen), None)
        self._usable = camera is not None and camera.state in (DeviceState.READY, DeviceState.BUSY)
        can = camera.capabilities if camera is not None else None
        self.live = not isinstance(can, CameraCapabilities) or can.live
        if camera is None:
            self.trouble = word_code("DV-001")
        elif camera.state in (DeviceState.LOST, DeviceState.FAILED):
            self.trouble = word_code(camera.error or "DV-004")
        elif camera.state is DeviceState.READY:
            self.trouble = None

    def heed(self, error: StationError | None) -> None:
        """Note what a camera could not do."""
        if isinstance(error, DeviceError):
            self.trouble = word(error)

    def forgive(self) -> None:
        """Try a camera again that can be used; one that is away stays so."""
        if self._usable:
            self.trouble = None
