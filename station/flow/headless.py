"""What the station can do without a window: read and judge files, scan, list devices, import, verify.

Values come back; the `…_row` functions write them as JSON values. Runs on the caller's thread, drivers on
lanes.
"""

import errno
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar, cast

from station.calibration.camera.board import Board
from station.devices.cancel import CancelToken
from station.devices.device import Device, Scanner
from station.devices.driver import Driver
from station.errors import (
    DeviceNotFound,
    DeviceTimeout,
    PictureError,
    SettingsError,
    StationError,
    StorageFull,
    StorageMissing,
    Unsupported,
)
from station.flow import expected
from station.flow.audit_ports import Trail
from station.flow.events import RefusedLine
from station.flow.headless_keys import Keys
from station.flow.lane import Lane
from station.flow.options import SecondOpinion
from station.flow.ports import Exporter, Imported, PictureStore, UnitsOfWork
from station.flow.scan_job import as_fault
from station.flow.workshop import coded, prove
from station.imaging import codec
from station.model.capability import DeviceInfo, DeviceKind, ScanSettings
from station.model.checklist import Checklist
from station.model.document import Barcode, Mrz, Reading
from station.model.image import Page
from station.model.photo import PhotoProfile
from station.model.quality import Finding, QualityReport
from station.model.target import TargetLabel, TargetLayout
from station.quality.assess import assess
from station.quality.profile import Profile, Subject
from station.quality.sample import PageSample, PortraitSample
from station.reading import barcode, mrz_optical
from station.reading.patterns import Patterns

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

Row = dict[str, object]

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif"}

PATIENCE_S = 120.0
"""How long a driver may take for one answer or one page."""

CLOSE_S = 10.0
"""How long a device may take to be put down."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Problem(Protocol):
    """One thing that is not as it was written."""

    @property
    def kind(self) -> Enum:
        """What is wrong."""
        ...

    @property
    def what(self) -> str:
        """A picture, a row or a visit by its id."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that commands need, each made when first asked for."""

    drivers: Callable[[], tuple[tuple[Driver, ...], Mapping[str, StationError]]]
    profiles: Callable[[], Mapping[str, Profile]]
    units: UnitsOfWork
    problems: Callable[[], Iterable[Problem]]
    patterns: Callable[[], Patterns]
    checklists: Callable[[], Mapping[str, Checklist]]
    exporter: Callable[[bool], Exporter]
    target_pdf: Callable[[TargetLayout, TargetLabel], bytes]
    board_pdf: Callable[[Board], bytes]
    pictures: Callable[[], PictureStore]
    photo_profiles: Callable[[], Mapping[str, PhotoProfile]]
    second_opinion: Callable[[], SecondOpinion | None]
    keys: Callable[[], Keys]
    trail: Callable[[], Trail]
    notices: Callable[[], tuple[str, ...]]


# -- pictures -------------------------------------------------------------------------------------------------


def read(parts: Parts, path: Path) -> Reading:
    """Read everything that is printed for machines on one picture, as the station would.

    Raises:
        PictureError: it is not a picture; SettingsError: the patterns cannot be understood.
    """
    patterns = parts.patterns()
    pixels = codec.decode(file_bytes(path)).pixels
    found = mrz_optical.read(pixels, today=datetime.now(UTC).date())
    codes = barcode.read(pixels, proof=patterns.proof)
    return Reading(
        codes, patterns.identify(codes), mrz=found.mrz if found else None, cells=found.cells if found else ()
    )


def profile(parts: Parts, name: str) -> Profile:
    """Return the profile of this name.

    Raises:
        SettingsError: there is none, or the profiles cannot be understood.
    """
    return _entry(parts.profiles(), "profiles", name)


def checklist(parts: Parts, category: str) -> Checklist:
    """Return the checklist of a category; SettingsError as by `profile`."""
    return _entry(parts.checklists(), "checklists", category)


def _entry(table: Mapping[str, _T], where: str, name: str) -> _T:
    if name not in table:
        raise SettingsError(where=where, key=name, problem="missing", suggestion="")
    return table[name]


def judge(path: Path, profile: Profile) -> QualityReport:
    """Judge one picture by a profile.

    Raises:
        PictureError: it is not a picture.
    """
    data = file_bytes(path)
    decoded = codec.decode(data)
    if profile.subject is Subject.PORTRAIT:
        return assess(profile, PortraitSample(decoded.pixels, encoded=data))
    return assess(profile, PageSample(decoded.pixels, decoded.dpi))


def file_bytes(path: Path) -> bytes:
    """Return what a file holds; PictureError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise PictureError(reason="unreadable") from error


# -- applications ---------------------------------------------------------------------------------------------


def take_expected(
    parts: Parts, path: Path, *, keep_good: bool
) -> tuple[Imported | None, tuple[RefusedLine, ...]]:
    """Import expected applications; a refused line keeps all out (None) unless told to keep the good ones.

    Raises:
        ImportRefused: the file cannot be taken at all; StorageError.
    """
    found = expected.read_expected(path)
    if found.refused and not keep_good:
        return None, found.refused
    with parts.units() as work:
        imported = work.records.expect(found.records)
        work.commit()
    return imported, found.refused


def problems(parts: Parts) -> Iterator[Row]:
    """Yield what is not in the store as it was written: its kind, and what it is about by its id.

    Raises:
        StorageError: the check cannot go on.
    """
    for problem in parts.problems():
        yield {"kind": plain(problem.kind), "what": problem.what}


# -- devices --------------------------------------------------------------------------------------------------


def devices(parts: Parts) -> Iterator[tuple[Row, StationError | None]]:
    """List every device with what it can do, and every driver that could not be used with its trouble."""
    drivers, failures = parts.drivers()
    for name, error in failures.items():
        yield {"id": name, "driver": name, "state": "failed"}, error
    for driver in drivers:
        with _lane(driver.name) as lane:
            try:
                found = _ask(lane, driver.name, partial(_find, driver))
            except StationError as error:
                yield {"id": driver.name, "driver": driver.name, "state": "failed"}, error
                continue
        for info in found:
            yield _device(driver, info)


def _device(driver: Driver, info: DeviceInfo) -> tuple[Row, StationError | None]:
    row: Row = {
        "id": info.id, "kind": info.kind.value, "driver": info.driver, "name": info.name,
        "serial": info.serial, "simulated": info.simulated,
    }  # fmt: skip
    try:
        with _lane(info.id) as lane, _opened(lane, driver, info) as device:
            offered = plain(_ask(lane, info.id, device.capabilities))
    except StationError as error:
        return {**row, "state": "failed", "capabilities": None}, error
    return {**row, "state": "ready", "capabilities": offered}, None


def scan(parts: Parts, device_id: str, folder: Path, settings: ScanSettings) -> Iterator[Row]:
    """Scan to files; each row is a page that is on the disk.

    Raises:
        DeviceNotFound, Unsupported and what the driver raises; PictureError: a page is none; StorageFull,
        StorageMissing: it cannot be written. Pages yielded before are safe.
    """
    driver, info = _named(parts, device_id)
    if info.kind is not DeviceKind.SCANNER:
        raise Unsupported(device=device_id, setting="kind", value=info.kind.value)
    with _trouble_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
    cancel = CancelToken()
    with _lane(info.id) as lane, _opened(lane, driver, info) as device:
        pages = _ask(lane, info.id, partial(cast(Scanner, device).scan, settings, cancel))
        try:
            while page := _ask(lane, info.id, partial(next, pages, None)):
                yield _kept(page, folder, info)
        finally:
            cancel.cancel()
            lane.post(pages.close)


def _named(parts: Parts, device_id: str) -> tuple[Driver, DeviceInfo]:
    """Find a device; another driver's trouble does not keep it from being found."""
    drivers, failures = parts.drivers()
    troubles = dict(failures)
    for driver in drivers:
        with _lane(driver.name) as lane:
            try:
                found = _ask(lane, driver.name, partial(_find, driver))
            except StationError as error:
                troubles[driver.name] = error
                continue
        for info in found:
            if info.id == device_id:
                return driver, info
    raise troubles.get(device_id.partition(":")[0]) or DeviceNotFound(device=device_id)


def _kept(page: Page, folder: Path, info: DeviceInfo) -> Row:
    prove(page)
    data, media_type = coded(page)
    path = _free_name(folder, page.number, SUFFIXES.get(media_type, ".bin"))
    with _trouble_of(path):
        path.write_bytes(data)
    height, width = page.pixels.shape[:2]
    return {
        "file": str(path), "device": info.id, "page": page.number, "width_px": width, "height_px": height,
        "dpi": list(page.dpi), "media_type": media_type, "simulated": info.simulated,
    }  # fmt: skip


def _free_name(folder: Path, number: int, suffix: str) -> Path:
    """Return a name that overwrites nothing."""
    path = folder / f"page-{number:03d}{suffix}"
    copy = 1
    while path.exists():
        copy += 1
        path = folder / f"page-{number:03d}-{copy}{suffix}"
    return path


@contextmanager
def _trouble_of(path: Path) -> Iterator[None]:
    """Name what the disk reports; half a file is taken away."""
    try:
        yield
    except OSError as error:
        if path.is_file():
            path.unlink()
        kind = StorageFull if error.errno in _NO_ROOM else StorageMissing
        raise kind(what="folder", detail=errno.errorcode.get(error.errno or 0, "")) from error


def keep(path: Path, data: bytes) -> None:
    """Write a file whole, or leave what was there.

    Raises:
        StorageFull, StorageMissing: the disk did not take it.
    """
    part = path.with_name(f"{path.name}.part")
    with _trouble_of(part):
        part.write_bytes(data)
        part.replace(path)


def _find(driver: Driver) -> tuple[DeviceInfo, ...]:
    return tuple(driver.find())


@contextmanager
def _lane(name: str) -> Iterator[Lane]:
    lane = Lane(name)
    try:
        yield lane
    finally:
        lane.close(CLOSE_S)


@contextmanager
def _opened(lane: Lane, driver: Driver, info: DeviceInfo) -> Iterator[Device]:
    device = _ask(lane, info.id, partial(driver.open, info))
    try:
        yield device
    finally:
        lane.post(device.close)  # what goes wrong there is logged: the pages are safe


def _ask(lane: Lane, device: str, work: Callable[[], _T]) -> _T:
    """Let a driver work on its lane.

    Raises:
        StationError: what the driver raised; DeviceTimeout: it hangs; DriverFault: anything else, logged.
    """
    future = lane.submit(work)
    try:
        error = future.exception(PATIENCE_S)
    except TimeoutError:
        raise DeviceTimeout(device=device, seconds=round(PATIENCE_S)) from None
    if error is None:
        return future.result()
    if not isinstance(error, StationError):
        _log.error("the driver of %s failed", device, exc_info=error)
    raise as_fault(error, device)


# -- rows -----------------------------------------------------------------------------------------------------


def plain(value: object) -> object:
    """Turn a value into what JSON knows."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def finding_row(finding: Finding) -> Row:
    """Write a finding as `assess` prints it."""
    return {
        "measure": finding.measure, "status": finding.status.value, "raw": finding.raw, "unit": finding.unit,
        "score": finding.score, "limit": plain(finding.limit), "required": finding.required,
        "reason": finding.reason, "may_lack": finding.may_lack,
    }  # fmt: skip


def barcode_row(code: Barcode) -> Row:
    """Write a bar code as `read` prints it."""
    return {
        "status": code.certainty.value, "symbology": code.symbology.value, "text": code.text,
        "bytes_hex": code.payload.hex(), "corners": [[round(x, 1), round(y, 1)] for x, y in code.corners],
    }  # fmt: skip


def mrz_row(mrz: Mrz | None) -> Row:
    """Write an MRZ as `read` prints it."""
    if mrz is None:
        return {"status": "not_found", "format": None, "lines": [], "fields": {}}
    values = {
        "document_code": mrz.document_code, "issuing_state": mrz.issuing_state,
        "document_number": mrz.document_number, "surname": mrz.surname, "given_names": mrz.given_names,
        "nationality": mrz.nationality, "birth_date": str(mrz.birth_date) if mrz.birth_date else None,
        "sex": mrz.sex, "expiry_date": str(mrz.expiry_date) if mrz.expiry_date else None,
        "optional_data": list(mrz.optional_data),
    }  # fmt: skip
    return {"status": mrz.status.value, "format": mrz.format.value, "lines": list(mrz.lines), "fields": values}
