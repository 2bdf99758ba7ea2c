"""The driver `escl`: scanners on the network, named by the settings or by themselves."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivers.escl.known import Known, Seen
from drivers.escl.line import Address, Prove
from drivers.escl.place import place
from drivers.escl.scanner import EsclScanner, Limits
from station.errors import CertificateChanged, DeviceNotFound
from station.model.capability import DeviceInfo, DeviceKind
from station.toml_file import Table

if TYPE_CHECKING:
    from drivers.escl.discovery import Announced, Discovery

EXAMPLE = "http://192.0.2.7/eSCL"

FIRST_LOOK_S = 1.5
"""How long the first look waits for an announcement, when nothing else is to be offered."""

_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
_COUNTS = ("start_tries", "page_tries")


@dataclass(frozen=True, slots=True)
class Reachable:
    """One scanner and where it is. `certificate` is the SHA-256 of the one that the settings trust."""

    info: DeviceInfo
    address: Address
    certificate: str | None = None


class EsclDriver:
    """Opens scanners that speak eSCL. `find` and `close` run on the driver's lane, `open` on a scanner's.

    Its table of settings:
        scanners: list of tables with `url` (http or https, up to and with the scanner's root, mostly `/eSCL`)
            and, if wanted, `name` and `certificate` (its SHA-256, 64 hex digits, colons allowed).
        discovery: true to listen for scanners that announce themselves (mDNS); nothing is sent without it.
        interfaces: own addresses to listen at; all of them when absent.
        cache: the file of scanners that were found and certificates that were seen; see `Known`.
        and each field of `Limits`.
    """

    name = "escl"

    def __init__(self) -> None:
        """Know no scanner yet."""
        self._configured: dict[str, Reachable] = {}
        self._found: dict[str, Reachable] = {}
        self._met: set[str] = set()
        self._limits = Limits()
        self._known = Known()
        self._discovery: Discovery | None = None

    def configure(self, options: dict[str, object]) -> None:
        """Take the scanners, where to look for more, and the limits.

        Raises:
            SettingsError: an option, or the file of known scanners.
        """
        table = Table(self.name, options)
        limits = [field.name for field in fields(Limits)]
        table.only("scanners", "discovery", "interfaces", "cache", *limits)
        given: dict[str, Any] = {key: _limit(table, key) for key in limits if key in options}
        self._limits = Limits(**given)
        self._configured = {}
        for entry in table.tables("scanners") if "scanners" in options else ():
            scanner = _scanner(entry)
            if scanner.info.id in self._configured:
                raise entry.refusal("url", "duplicate")
            self._configured[scanner.info.id] = scanner
        self._known = Known(Path(table.text("cache")) if "cache" in options else None)
        self._known.scanners(date.today())  # what is wrong with the file is said now, not at the first page
        interfaces = _interfaces(table)
        if table.flag("discovery", False):
            # Late, because it takes a tenth of a second that stations without discovery need not spend.
            from drivers.escl.discovery import Discovery

            self._discovery = Discovery(interfaces)

    def introduce(self, url: str) -> None:
        """Take the simulated scanner that this program itself runs, before the first `find`."""
        address = place(url)
        if address is not None:
            info = DeviceInfo(
                "escl:simulated",
                DeviceKind.SCANNER,
                self.name,
                "Simulated network scanner",
                url,
                simulated=True,
            )
            self._configured[info.id] = Reachable(info, address)

    def find(self) -> tuple[DeviceInfo, ...]:
        """Name the configured scanners, then those that announced themselves now or, not yet now, lately.

        Whether one answers is seen when it is opened.
        """
        if self._discovery is not None:
            self._found = self._looked_for(self._discovery)
        return tuple(scanner.info for scanner in (*self._configured.values(), *self._found.values()))

    def open(self, info: DeviceInfo) -> EsclScanner:
        """Ask a scanner what it can do.

        Raises:
            DeviceNotFound, DeviceOffline, DeviceLost, DeviceTimeout, AccessDenied, CertificateChanged,
            DriverFault.
        """
        scanner = self._configured.get(info.id) or self._found.get(info.id)
        if scanner is None:
            raise DeviceNotFound(device=info.id)
        return EsclScanner(scanner.info, scanner.address, self._limits, self._proof(scanner))

    def close(self) -> None:
        """Listen no more; a second time does nothing."""
        if self._discovery is not None:
            self._discovery.close()

    def _looked_for(self, discovery: "Discovery") -> dict[str, Reachable]:
        """Return the scanners that are there, or were lately and did not come and go since the start."""
        today = date.today()
        lately = self._known.scanners(today)
        announced = discovery.look(0.0 if self._configured or lately else FIRST_LOOK_S)
        self._met |= {one.id for one in announced}
        here = self._known.remember(
            [
                Seen(one.id, one.name, one.addresses[0], today)
                for one in announced
                if not self._is_configured(one)
            ]
        )
        taken = {scanner.address for scanner in self._configured.values()}
        asleep = {
            device: seen
            for device, seen in lately.items()
            if device not in self._met and seen.address not in taken
        }
        return {
            seen.id: Reachable(
                DeviceInfo(seen.id, DeviceKind.SCANNER, self.name, seen.name, seen.address.url), seen.address
            )
            for seen in (here | asleep).values()
        }

    def _is_configured(self, announced: "Announced") -> bool:
        return any(
            scanner.address in (address, replace(address, host=announced.host))
            for scanner in self._configured.values()
            for address in announced.addresses
        )

    def _proof(self, scanner: Reachable) -> Prove:
        """Return what a certificate is held against: that of the settings, else the first that was seen."""
        device, certificate = scanner.info.id, scanner.certificate

        def is_the_one(shown: str) -> None:
            if shown != certificate:
                raise CertificateChanged(device=device, where="[driver.escl]", key=scanner.info.address)

        def is_the_first(shown: str) -> None:
            self._known.prove(device, shown)

        return is_the_one if certificate else is_the_first


def _limit(table: Table, key: str) -> float:
    value = table.number(key) or 0.0
    if value <= 0 or (key in _COUNTS and not value.is_integer()):
        raise table.refusal(key, "not_positive")
    return int(value) if key in _COUNTS else value


def _interfaces(table: Table) -> list[str]:
    given = table.values.get("interfaces", [])
    if not isinstance(given, list) or not all(
        isinstance(one, str) and _ADDRESS.fullmatch(one) for one in given
    ):
        raise table.refusal("interfaces", "wrong_value", '["192.0.2.5"]')
    return given


def _scanner(entry: Table) -> Reachable:
    """Understand one scanner; failures name the place in the settings, never the address."""
    entry.only("url", "name", "certificate")
    address = place(entry.text("url"))
    if address is None:
        raise entry.refusal("url", "not_an_address", EXAMPLE)
    certificate = _certificate(entry)
    if certificate and not address.secure:
        raise entry.refusal("certificate", "needs_https")
    name = entry.text("name") if "name" in entry.values else address.host
    info = DeviceInfo(f"escl:{address.url}", DeviceKind.SCANNER, "escl", name, address.url)
    return Reachable(info, address, certificate)


def _certificate(entry: Table) -> str | None:
    if "certificate" not in entry.values:
        return None
    digits = entry.text("certificate").replace(":", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise entry.refusal("certificate", "not_a_fingerprint")
    return digits
