"""What the flow needs of kept calibrations, as protocols; `station.storage` fulfils them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from station.calibration.schedule import Run
from station.model.calibration import Calibration, Kept, Override
from station.model.image import PictureRef


@dataclass(frozen=True, slots=True)
class Leave:
    """A stored leave of a supervisor."""

    id: str
    override: Override


@dataclass(frozen=True, slots=True)
class Past:
    """All that decides whether a device may be used, without its reports.

    `runs` stand in the order done; `digests` are theirs. `released` is how many had been done when a technician
    last released the device with cause and action. `scans` are the pictures that it delivered so far.
    """

    runs: tuple[Run, ...] = ()
    digests: tuple[str, ...] = ()
    released: int = 0
    leaves: tuple[Leave, ...] = ()
    scans: int = 0


@dataclass(frozen=True, slots=True)
class EmptyGlass:
    """A scan of the empty glass: when it was taken, and how many marks it shows."""

    picture: PictureRef
    at: datetime
    marks: int


class Calibrations(Protocol):
    """What devices measured, and who let them be used. A device is named by its station and its id."""

    def add(self, calibration: Calibration, account: str = "") -> Kept:
        """Store a calibration whole and sign it; its pictures are in the picture store already.

        `account` is whom the audit names here and below; without one it names whom the text names.
        """
        ...

    def past(self, station: str, device: str) -> Past:
        """Return what decides whether a device may be used; of one never seen, an empty past."""
        ...

    def of(self, station: str, device: str, last: int = 60) -> tuple[Kept, ...]:
        """Return the last calibrations of a device, the oldest first.

        Raises:
            StorageDamaged: one is not as it was written, or its signature is not good.
        """
        ...

    def qualification(self, station: str, device: str, target: str) -> Kept | None:
        """Return the first full calibration that passed with this kind of target, as the device is set up now.

        What was done before the newest calibration's setup was first seen, or before a release, does not count.
        """
        ...

    def noises(self, station: str, device: str, last: int = 40) -> tuple[tuple[str, bytes], ...]:
        """Return the SHA-256 of the target's picture and its noise, of the last calibrations."""
        ...

    def devices(self) -> tuple[tuple[str, str, str], ...]:
        """Return (station, device, name) of every device that was ever calibrated on this store."""
        ...

    def allow(self, station: str, device: str, override: Override, account: str = "") -> Leave:
        """Store a supervisor's leave to use a locked device for a time."""
        ...

    def release(
        self, station: str, device: str, by: str, cause: str, action: str, at: datetime, account: str = ""
    ) -> None:
        """Store that a technician found the cause of failures and what was done; they count no longer."""
        ...

    def count(self, station: str, device: str, pictures: int = 1) -> None:
        """Count pictures that a device delivered."""
        ...

    def seen(self, station: str, at: datetime) -> datetime:
        """Note what the clock shows and return the latest that it ever showed, `at` included."""
        ...

    def watched(self, station: str, device: str) -> str:
        """Return the text that `watch` stored for this device, "" without one."""
        ...

    def watch(self, station: str, device: str, text: str) -> None:
        """Store what the station noticed about this device on ordinary pages (JSON text, no personal data)."""
        ...

    def empty_glass(self, station: str, device: str) -> EmptyGlass | None:
        """Return the scan of the empty glass that is kept of this device, None where there is none.

        Raises:
            StorageDamaged: it is not as it was written.
        """
        ...

    def keep_empty_glass(self, station: str, device: str, glass: EmptyGlass | None) -> None:
        """Keep this scan of the empty glass in place of the one before, or (None) none.

        Its picture is in the picture store already.
        """
        ...
