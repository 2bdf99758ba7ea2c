"""Rows of calibrations, leaves and releases, the values that they hold, and the proof of each."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256

from station.calibration.schedule import Run
from station.errors import StorageDamaged
from station.model.calibration import Calibration, Extent, Kept, Override, Setup
from station.storage.encode import decode, encode
from station.storage.rows import Row, time_of
from station.storage.station_keys import StationKeys
from station.storage.tables import calibrations, clearances


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of a calibration that can be read without its text, by their names; `seal` signs them."""

    number: int
    station: str
    device: str
    run: int
    digest: str
    device_name: str
    at: str
    extent: str
    target: str
    passed: bool
    serial: str
    driver: str
    settings: str
    scans: int
    target_expires: str | None
    picture: str
    noise_sha256: str

    @property
    def what(self) -> str:
        """What an error names."""
        return f"calibration {self.number}"


@dataclass(frozen=True, slots=True)
class Cleared:
    """What is signed of a leave or a release, the `number`-th of this device.

    Of a leave there is the `override` and its `id`; of a release how many `runs` had been done.
    """

    station: str
    device: str
    number: int
    by: str
    id: str = ""
    override: Override | None = None
    runs: int = 0
    cause: str = ""
    action: str = ""
    at: datetime | None = None


_HEAD = tuple(field.name for field in fields(Head))

SEALED = tuple(calibrations.c[name] for name in (*_HEAD, "key", "seal"))
"""What `head_of` reads."""

WHOLE = (*SEALED, calibrations.c.signature, calibrations.c.noise, calibrations.c.text)
"""What `kept_of` reads."""


def calibration_row(
    number: int, run: int, calibration: Calibration, key: str, keys: StationKeys
) -> dict[str, object]:
    """Return the signed row of a calibration, the `run`-th of its device."""
    text = encode(calibration)
    head = _head(number, run, _digest(text), calibration)
    return {
        **{name: getattr(head, name) for name in _HEAD},
        "key": key,
        "seal": keys.sign(encode(head)),
        "signature": keys.sign(text),
        "noise": b64encode(calibration.noise).decode("ascii"),
        "text": text,
    }


def head_of(row: Row, keys: StationKeys) -> Head:
    """Return the head of a row of `SEALED`, proved by its seal.

    Raises:
        StorageDamaged: it is not as it was written.
    """
    head = Head(**{name: row[calibrations.c[name]] for name in _HEAD})
    try:
        sealed = encode(head)
    except TypeError:
        # SQLite takes values of any type.
        raise StorageDamaged(what=head.what) from None
    keys.prove(head.station, _text(row, "key"), _text(row, "seal"), sealed, head.what)
    return head


def kept_of(row: Row, keys: StationKeys) -> Kept:
    """Return the calibration of a row of `WHOLE`, proved by both signatures, text and columns against another.

    Raises:
        StorageDamaged: it is not as it was written.
    """
    head, text = head_of(row, keys), _text(row, "text")
    if _digest(text) != head.digest:
        raise StorageDamaged(what=head.what)
    key, signature = _text(row, "key"), _text(row, "signature")
    keys.prove(head.station, key, signature, text, head.what)
    calibration = decode(Calibration, text, head.what)
    again = _head(head.number, head.run, head.digest, calibration)
    if again != head or noise_of(row, head) != calibration.noise:
        raise StorageDamaged(what=head.what)
    return Kept(head.number, calibration, head.digest, bytes.fromhex(signature), bytes.fromhex(key), text)


def noise_of(row: Row, head: Head) -> bytes:
    """Return the noise of a row, proved against its head.

    Raises:
        StorageDamaged: it is not as it was written.
    """
    try:
        noise = b64decode(_text(row, "noise"), validate=True)
    except ValueError:
        raise StorageDamaged(what=head.what) from None
    if sha256(noise).hexdigest() != head.noise_sha256:
        raise StorageDamaged(what=head.what)
    return noise


def run_of(head: Head) -> Run:
    """Return what decides of a calibration whether its device may be used."""
    expires = head.target_expires
    return Run(
        at=time_of(head.at, head.what),
        extent=Extent(head.extent),
        passed=head.passed,
        setup=Setup(head.serial, head.driver, head.settings),
        scans=head.scans,
        target_expires=None if expires is None else time_of(expires, head.what),
    )


def cleared_row(cleared: Cleared, key: str, keys: StationKeys) -> dict[str, object]:
    """Return the signed row of a leave or a release."""
    text = encode(cleared)
    return {
        "station": cleared.station,
        "device": cleared.device,
        "number": cleared.number,
        "key": key,
        "signature": keys.sign(text),
        "text": text,
    }


def cleared_of(row: Row, keys: StationKeys) -> Cleared:
    """Return the leave or release of a row of `clearances`, proved by its signature.

    Raises:
        StorageDamaged: it is not as it was written.
    """
    station, device, number = (row[clearances.c[name]] for name in ("station", "device", "number"))
    key, signature, text = (str(row[clearances.c[name]]) for name in ("key", "signature", "text"))
    what = f"clearance {number} of {device}"
    keys.prove(station, key, signature, text, what)
    cleared = decode(Cleared, text, what)
    if (cleared.station, cleared.device, cleared.number) != (station, device, number):
        raise StorageDamaged(what=what)
    return cleared


def _head(number: int, run: int, digest: str, calibration: Calibration) -> Head:
    # Times keep their zone: the day of a check ends where it was done.
    expires = calibration.target_expires
    return Head(
        number=number,
        station=calibration.station,
        device=calibration.device,
        run=run,
        digest=digest,
        device_name=calibration.device_name,
        at=calibration.at.isoformat(),
        extent=calibration.extent.value,
        target=calibration.target,
        passed=calibration.passed,
        serial=calibration.setup.serial,
        driver=calibration.setup.driver,
        settings=calibration.setup.settings,
        scans=calibration.scans,
        target_expires=None if expires is None else expires.isoformat(),
        picture=calibration.pictures[0].sha256 if calibration.pictures else "",
        noise_sha256=sha256(calibration.noise).hexdigest(),
    )


def _text(row: Row, name: str) -> str:
    return str(row[calibrations.c[name]])


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
