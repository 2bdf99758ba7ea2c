"""What the station is told once, at start."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from station.calibration.schedule import Plan
from station.devices.driver import Driver
from station.errors import StationError
from station.flow.ports import Exporter, Hashing, PictureStore, Reporter, UnitsOfWork
from station.model.calibration import Proof
from station.model.capability import CameraSettings, DeviceInfo, ScanSettings
from station.model.checklist import Checklist
from station.model.image import Pixels
from station.model.officer import Officer, Signed
from station.model.photo import PhotoProfile
from station.model.record import Override, Provenance
from station.model.scan_profile import ScanProfile
from station.model.specimen import Props
from station.model.swipe import Framing
from station.reading.patterns import Patterns

if TYPE_CHECKING:  # the measures, and all that they need, are loaded after the window is there
    from station.quality.profile import Profile


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _nobody() -> None:
    """Return nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """Names and limits of this station.

    `practice` lets the station lay the right specimen before simulated devices; `patience_s` is how long a
    device may show no sign of life; `poll_s` is the pause between two looks for devices; `keys` is how a reader
    wraps what it types as a keyboard, without marks when there is none. `photo` names the profile by which a
    photo is cut from each portrait; `camera` is what cameras are asked for; a portrait is the best of `burst`.
    `plan` is when calibrations are due; `locks` names the kinds of devices (`scanner`, `camera`; `simulated`
    for the drawn ones among them) that may not be used without one that stands. `self_test`: real devices are
    used only where the golden pictures are measured as they should be. `sign_in`: people sign in before
    anything else, are locked out of the screen after `idle_s`, and return by PIN for `shift_s`; else `officer`
    works here. `second_person` names the kinds of overrides that a second person signs; `signed` tells who is
    at work. `now` and `ticks` are the clock and a stop watch.
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
    self_test: bool = False
    sign_in: bool = False
    idle_s: float = 300.0
    shift_s: float = 12 * 3600.0
    second_person: frozenset[Override] = frozenset()
    signed: Callable[[], Officer | None] = _nobody
    now: Callable[[], datetime] = _utc_now
    ticks: Callable[[], float] = time.monotonic

    @property
    def at_work(self) -> str:
        """The name of who works here now."""
        signed = self.signed()
        return signed.name if signed is not None else self.officer

    @property
    def account(self) -> dict[str, str]:
        """The facts of an act that name the account of who did it; none where nobody signs in."""
        signed = self.signed()
        return {"account": signed.id} if signed is not None else {}

    @property
    def signature(self) -> Signed:
        """Who works here now, as they sign."""
        return Signed(self.at_work, **self.account)

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
            self.software, self.at_work, self.now(), info.simulated, proof,
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
    hashing: Hashing | None = None
    notices: tuple[str, ...] = ()
