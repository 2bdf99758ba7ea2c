"""What the station can do without a window: read and judge files, scan, list devices, import, verify.

Each function gives finished rows (JSON values) as the console prints them. Runs on the caller's thread.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from station.devices.cancel import CancelToken
from station.devices.driver import Driver
from station.errors import DeviceNotFound, PictureError, StationError, Unsupported
from station.flow import expected
from station.flow.ports import Imported, UnitsOfWork
from station.imaging import codec
from station.model.capability import DeviceInfo, DeviceKind, ScanSettings
from station.model.document import Barcode, Mrz
from station.model.quality import Finding
from station.quality.assess import assess
from station.quality.profile import Profile
from station.quality.sample import PageSample, PortraitSample
from station.reading import barcode

Row = dict[str, object]

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that commands need, each made when first asked for."""

    drivers: Callable[[], tuple[tuple[Driver, ...], Mapping[str, StationError]]]
    profiles: Callable[[], Mapping[str, Profile]]
    units: UnitsOfWork
    problems: Callable[[], Iterable[object]]


def read(path: Path) -> Row:
    """Read everything that is printed for machines on one picture.

    Raises:
        PictureError: it is not a picture.
    """
    started = time.perf_counter()
    codes = barcode.read(_decoded(path).pixels)
    return {
        "file": str(path),
        "mrz": mrz_row(None),
        "barcodes": [_barcode_row(code) for code in codes],
        "took_ms": _took_ms(started),
    }


def mrz_row(mrz: Mrz | None) -> Row:
    """Write an MRZ as `read` prints it."""
    if mrz is None:
        return {"status": "not_found", "format": None, "lines": [], "fields": {}}
    values = {
        "document_code": mrz.document_code,
        "issuing_state": mrz.issuing_state,
        "document_number": mrz.document_number,
        "surname": mrz.surname,
        "given_names": mrz.given_names,
        "nationality": mrz.nationality,
        "birth_date": str(mrz.birth_date) if mrz.birth_date else None,
        "sex": mrz.sex,
        "expiry_date": str(mrz.expiry_date) if mrz.expiry_date else None,
        "optional_data": list(mrz.optional_data),
    }
    return {"status": mrz.status.value, "format": mrz.format.value, "lines": list(mrz.lines), "fields": values}


def judge(path: Path, profile: Profile) -> Row:
    """Judge one picture by a profile.

    Raises:
        PictureError: it is not a picture.
    """
    started = time.perf_counter()
    decoded = _decoded(path)
    if profile.name == "portrait":
        report = assess(profile, PortraitSample(decoded.pixels))
    else:
        report = assess(profile, PageSample(decoded.pixels, decoded.dpi))
    return {
        "file": str(path),
        "profile": profile.name,
        "verdict": report.verdict.value,
        "findings": [_finding_row(finding) for finding in report.findings],
        "took_ms": _took_ms(started),
    }


def devices(parts: Parts) -> Iterator[Row]:
    """List every device with what it can do, and every driver that could not be used."""
    drivers, failures = parts.drivers()
    for name, error in failures.items():
        yield {"id": name, "driver": name, "state": "failed", "code": error.code}
    for driver in drivers:
        try:
            found = tuple(driver.find())
        except StationError as error:
            yield {"id": driver.name, "driver": driver.name, "state": "failed", "code": error.code}
            continue
        for info in found:
            yield _device_row(driver, info)


def scan(parts: Parts, device_id: str, folder: Path, settings: ScanSettings) -> Iterator[Row]:
    """Scan to files; each row is a page that is on the disk.

    Raises:
        DeviceNotFound, Unsupported and what the driver raises; pages yielded before are safe.
    """
    for driver in parts.drivers()[0]:
        for info in driver.find():
            if info.id == device_id:
                if info.kind is not DeviceKind.SCANNER:
                    raise Unsupported(device=device_id, setting="kind", value=info.kind.value)
                yield from _scan(driver, info, folder, settings)
                return
    raise DeviceNotFound(device=device_id)


def take_expected(parts: Parts, path: Path, *, keep_good: bool) -> tuple[Imported | None, list[Row]]:
    """Import expected applications; refused lines come back as rows, and change nothing unless told to.

    Raises:
        ImportRefused: the file cannot be taken at all; StorageError.
    """
    found = expected.read_expected(path)
    refused: list[Row] = [
        {"file": str(path), "line": line.line, "column": line.column, "problem": line.problem}
        for line in found.refused
    ]
    if refused and not keep_good:
        return None, refused
    with parts.units() as work:
        imported = work.records.expect(found.records)
        work.commit()
    return imported, refused


def _scan(driver: Driver, info: DeviceInfo, folder: Path, settings: ScanSettings) -> Iterator[Row]:
    folder.mkdir(parents=True, exist_ok=True)
    device = driver.open(info)
    try:
        if not hasattr(device, "scan"):
            raise Unsupported(device=info.id, setting="kind", value="camera")
        with closing(device.scan(settings, CancelToken())) as pages:
            for page in pages:
                data, media_type = page.encoded, page.media_type
                if data is None or media_type is None:
                    data, media_type = codec.encode_png(page.pixels, page.dpi), "image/png"
                path = _free_name(folder, page.number, SUFFIXES.get(media_type, ".bin"))
                path.write_bytes(data)
                height, width = page.pixels.shape[:2]
                yield {
                    "file": str(path), "device": info.id, "page": page.number, "width_px": width,
                    "height_px": height, "dpi": list(page.dpi), "media_type": media_type,
                    "simulated": info.simulated,
                }  # fmt: skip
    finally:
        device.close()


def _free_name(folder: Path, number: int, suffix: str) -> Path:
    """Return a name that overwrites nothing."""
    path = folder / f"page-{number:03d}{suffix}"
    copy = 1
    while path.exists():
        copy += 1
        path = folder / f"page-{number:03d}-{copy}{suffix}"
    return path


def _device_row(driver: Driver, info: DeviceInfo) -> Row:
    row: Row = {
        "id": info.id, "kind": info.kind.value, "driver": info.driver, "name": info.name,
        "serial": info.serial, "simulated": info.simulated,
    }  # fmt: skip
    try:
        device = driver.open(info)
        try:
            return {**row, "state": "ready", "capabilities": plain(device.capabilities())}
        finally:
            device.close()
    except StationError as error:
        return {**row, "state": "failed", "code": error.code, "capabilities": None}


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


def _finding_row(finding: Finding) -> Row:
    return {
        "measure": finding.measure,
        "status": finding.status.value,
        "raw": finding.raw,
        "unit": finding.unit,
        "score": finding.score,
        "limit": plain(finding.limit),
        "required": finding.required,
        "reason": finding.reason,
    }


def _barcode_row(code: Barcode) -> Row:
    return {
        "status": code.certainty.value,
        "symbology": code.symbology.value,
        "text": code.text,
        "bytes_hex": code.payload.hex(),
        "corners": [[round(x, 1), round(y, 1)] for x, y in code.corners],
    }


def _decoded(path: Path) -> codec.Decoded:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(reason="unreadable") from error
    return codec.decode(data)


def _took_ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def facts(error: StationError) -> Row:
    """Return an error's facts as JSON values."""
    return {
        name: plain(value) if not isinstance(value, Path) else str(value)
        for name, value in error.context.items()
    }
