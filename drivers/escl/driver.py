"""The driver `escl`: scanners on the network at addresses that the settings name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from drivers.escl.line import Address
from drivers.escl.scanner import EsclScanner, Limits
from station.errors import DeviceNotFound
from station.model.capability import DeviceInfo, DeviceKind
from station.toml_file import Table

PORTS = {"http": 80, "https": 443}
EXAMPLE = "http://192.0.2.7/eSCL"

_HOST = re.compile(r"[A-Za-z0-9._:%-]+")
_PATH = re.compile(r"(/[!-~]*)?")
_COUNTS = ("start_tries", "page_tries")


@dataclass(frozen=True, slots=True)
class Configured:
    """One scanner of the settings."""

    info: DeviceInfo
    address: Address


class EsclDriver:
    """Opens the scanners that the settings name; nothing is searched for. Runs on the driver's lane.

    Its table of settings:
        scanners: list of tables with `url` (http or https, up to and with the scanner's root, mostly `/eSCL`)
            and, if wanted, `name` and `certificate` (its SHA-256, 64 hex digits, colons allowed).
        and each field of `Limits`.
    """

    name = "escl"

    def __init__(self) -> None:
        """Know no scanner yet."""
        self._scanners: dict[str, Configured] = {}
        self._limits = Limits()

    def configure(self, options: dict[str, object]) -> None:
        """Take the scanners and the limits.

        Raises:
            SettingsError.
        """
        table = Table(self.name, options)
        limits = [field.name for field in fields(Limits)]
        table.only("scanners", *limits)
        given: dict[str, Any] = {key: _limit(table, key) for key in limits if key in options}
        self._limits = Limits(**given)
        self._scanners = {}
        for entry in table.tables("scanners") if "scanners" in options else ():
            scanner = _scanner(entry)
            if scanner.info.id in self._scanners:
                raise entry.refusal("url", "duplicate")
            self._scanners[scanner.info.id] = scanner

    def find(self) -> Iterator[DeviceInfo]:
        """Name the configured scanners; whether they answer is seen when they are opened."""
        return (scanner.info for scanner in self._scanners.values())

    def open(self, info: DeviceInfo) -> EsclScanner:
        """Ask a scanner what it can do.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceLost, DeviceTimeout, AccessDenied, DriverFault.
        """
        scanner = self._scanners.get(info.id)
        if scanner is None:
            raise DeviceNotFound(device=info.id)
        return EsclScanner(scanner.info, scanner.address, self._limits)


def _limit(table: Table, key: str) -> float:
    value = table.number(key) or 0.0
    if value <= 0 or (key in _COUNTS and not value.is_integer()):
        raise table.refusal(key, "not_positive")
    return int(value) if key in _COUNTS else value


def _scanner(entry: Table) -> Configured:
    """Understand one scanner; failures name the place in the settings, never the address."""
    entry.only("url", "name", "certificate")
    try:
        parts = urlsplit(entry.text("url"))
        port = parts.port
    except ValueError:
        raise entry.refusal("url", "not_an_address", EXAMPLE) from None
    host, root = parts.hostname or "", parts.path.rstrip("/")
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in PORTS or not plain or not _HOST.fullmatch(host) or not _PATH.fullmatch(root):
        raise entry.refusal("url", "not_an_address", EXAMPLE)
    address = Address(
        parts.scheme == "https", host, port or PORTS[parts.scheme], root, certificate=_certificate(entry)
    )
    if address.certificate and not address.secure:
        raise entry.refusal("certificate", "needs_https")
    place = f"{parts.scheme}://{address.authority}{root}"
    name = entry.text("name") if "name" in entry.values else host
    return Configured(DeviceInfo(f"escl:{place}", DeviceKind.SCANNER, "escl", name, place), address)


def _certificate(entry: Table) -> str | None:
    if "certificate" not in entry.values:
        return None
    digits = entry.text("certificate").replace(":", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise entry.refusal("certificate", "not_a_fingerprint")
    return digits
