"""What the station is told once, at start."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from station.calibration.schedule import Plan
from station.devices.driver import Driver
from station.errors import StationError
from station.flow.ports import Exporter, PictureStore, Reporter, UnitsOfWork
from station.model.calibration import Proof
from station.model.capability import CameraSettings, DeviceInfo, ScanSettings
from station.model.checklist import Checklist
from station.model.image import Pixels
from station.model.photo import PhotoProfile
from station.model.record import Provenance
from station.model.scan_profile import ScanProfile
from station.model.specimen import Props
from station.model.swipe import Framing
from station.reading.patterns import Patterns

if TYPE_CHECKING:  # the measures, and all that they need, are loaded after the window is there
    from station.quality.profile import Profile


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Options:
    """Names and limits of this station.

    `practice` lets the station lay the right specimen before simulated devices; `patience_s` is how long a
    device may show no sign of life; `poll_s` is the pause between two looks for devices; `keys` is how a reader
    wraps what it types as a keyboard, without marks when there is none. `photo` names the profile by which a
    photo is cut from each portrait; `camera` is what cameras are asked for; a portrait is the best of `burst`.
    `plan` is when calibrations are due; `locks` names the kinds of devices (`scanner`, `camera`; `simulated`
    for the drawn ones among them) that may not be used without one that stands.
    """

    station: str = "kiosk-1"
    officer: str = "officer"
    software: str = "0.1.0"
    rehearsal: bool = False
    practice: bool = False
    attempts_allowed: int = 3
    poll_s: float = 3.0
    patience_s: float = 90.0
    cores: int = 2
    keys: Framing = field(default_factory=Framing)
    photo: str = "temporary_resident_photo"
    camera: CameraSettings = field(default_factory=CameraSettings)
    burst: int = 5
    plan: Plan = field(default_factory=Plan)
    locks: frozenset[str] = frozenset()
    now: Callable[[], datetime] = _utc_now

    def provenance(
        self,
        info: DeviceInfo,
        settings: ScanSettings | CameraSettings,
        profile: ScanProfile | None = None,
        proof: Proof | None = None,
    ) -> Provenance:
        """Say where a picture comes from that a device gives now: scan profile and calibration too."""
        asked = asdict(settings)
        if profile is not None:
            asked["profile"] = {"name": profile.name, "version": profile.version, "digest": profile.digest}
        return Provenance(
            info.id, info.name, info.serial, info.driver, json.dumps(asked, sort_keys=True),
            self.software, self.officer, self.now(), info.simulated, proof,
        )  # fmt: skip


class Store(Protocol):
    """An opened store."""

    @property
    def units(self) -> UnitsOfWork:
        """Make units of work."""
        ...

    @property
    def pictures(self) -> PictureStore:
        """The picture store."""
        ...

    def sweep(self) -> object:
        """Put pictures without a row aside, remove what an interrupted write left."""
        ...

    def close(self) -> None:
        """Give files and connections back."""
        ...


class SecondOpinion(Protocol):
    """Another engine that judges stills. Safe from any thread."""

    def assess(self, pixels: Pixels) -> Mapping[str, tuple[float, int]]:
        """Return native value and score (-1 where it cannot tell) by our names of the standard's components.

        Raises:
            StationError: it gave no answer.
        """
        ...

    def close(self) -> None:
        """Give it back; a second time does nothing."""
        ...


@dataclass(frozen=True, slots=True)
class FitOut:
    """Everything that takes time to import or open; made on the desk lane, after the window is there."""

    store: Store
    store_name: str
    drivers: tuple[Driver, ...]
    failures: Mapping[str, StationError]
    profiles: Mapping[str, "Profile"]
    checklists: Mapping[str, Checklist]
    scan_profiles: Mapping[str, ScanProfile]
    photo_profiles: Mapping[str, PhotoProfile]
    patterns: Patterns
    exporter: Exporter | None = None
    props: Props | None = None
    second_opinion: SecondOpinion | None = None
    reporter: Reporter | None = None
