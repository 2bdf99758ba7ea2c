"""How the head is turned."""

from dataclasses import dataclass

from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.scores import SCORES
from station.quality.sample import PortraitSample


@dataclass(frozen=True, slots=True)
class HeadPose:
    """One angle of the head (ISO/IEC 29794-5:2025, 7.4.11.2 to 7.4.11.4); `axis` is yaw, pitch or roll.

    raw: degrees. Yaw above 0: the nose points to the right of the picture; pitch above 0: down; roll above 0:
    turned counter-clockwise. By a fit of the mesh to a canonical face, where OFIQ has a network: pitch depends
    on the shape of the face, so that a few degrees of it say nothing.
    """

    axis: str
    unit: str = "°"

    @property
    def name(self) -> str:
        """The component's name."""
        return f"head_pose_{self.axis}"

    def assess(self, sample: PortraitSample) -> Measured | Unmeasured:
        """Return the angle."""
        if sample.unseen:
            return sample.unseen
        degrees: float = getattr(sample.pose, self.axis)
        return Measured(degrees, sample.face_region, SCORES[self.name](degrees))
