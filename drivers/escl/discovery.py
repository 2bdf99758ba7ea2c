"""Scanners that announce themselves on the local link by mDNS and DNS-SD (RFC 6762, RFC 6763).

Nothing of an announcement is trusted: a scanner beyond the private networks is none, and texts are cut.
"""

import ipaddress
import logging
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ifaddr
import zeroconf

from drivers.escl.line import Address
from drivers.escl.place import at

SERVICES = {"_uscans._tcp.local.": True, "_uscan._tcp.local.": False}
"""Service types of eSCL and whether they speak TLS; the better one first."""

MOST = 64
"""Services that are listened to; an office has fewer, a flood has more."""
LOOK_S = 2.0
"""How long one look may wait for answers in all."""
TRIES = 3
"""How often a service that does not say where it is is asked."""
LONGEST_NAME = 60

_UUID = re.compile(r"[0-9a-f-]{8,64}")

_log = logging.getLogger(__name__)

_Service = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Announced:
    """One scanner, however many services it has; `addresses` best first, all of them good.

    `id` is the same tomorrow: from the scanner's own UUID, else from where it is. `host` is its name on the
    link.
    """

    id: str
    name: str
    host: str
    addresses: tuple[Address, ...]


class Discovery:
    """Listens from the first look until it is closed; used on the driver's lane."""

    def __init__(self, interfaces: Sequence[str] = ()) -> None:
        """Name the own addresses to listen at; all that there are when none is named."""
        self._interfaces = list(interfaces)
        self._heard = _Heard()
        self._own: set[str] = set()
        self._zeroconf: zeroconf.Zeroconf | None = None
        self._failed = False

    def look(self, patience_s: float) -> tuple[Announced, ...]:
        """Return the scanners that are there; right after the beginning, wait up to `patience_s` for one.

        A network that came up or changed meanwhile is listened to anew.
        """
        own = set(self._interfaces) or _own_addresses()
        if own != self._own:
            self.close()
            if own and self._begin(own):
                self._heard.first.wait(patience_s)
        if self._zeroconf is None:
            return ()
        until = time.monotonic() + LOOK_S
        found: dict[str, list[tuple[zeroconf.ServiceInfo, Address]]] = {}
        for service, info in self._resolved(self._zeroconf, until):
            if address := _address(info, secure=SERVICES[service[0]]):
                found.setdefault(_id(info, address), []).append((info, address))
        return tuple(
            Announced(
                device,
                _name(services[0][0]),
                (services[0][0].server or "").rstrip(".").lower(),
                tuple(sorted((address for _, address in services), key=lambda one: not one.secure)),
            )
            for device, services in sorted(found.items())
        )

    def close(self) -> None:
        """Listen no more; a second time does nothing."""
        if self._zeroconf is not None:
            self._zeroconf.close()
        self._zeroconf, self._heard, self._own = None, _Heard(), set()

    def _begin(self, own: set[str]) -> bool:
        try:
            self._zeroconf = zeroconf.Zeroconf(interfaces=sorted(own), ip_version=zeroconf.IPVersion.V4Only)
            zeroconf.ServiceBrowser(self._zeroconf, list(SERVICES), listener=self._heard)
        except (OSError, RuntimeError, zeroconf.Error) as error:  # tried anew at the next look
            self.close()
            if not self._failed:
                _log.warning("no search for network scanners: %s", error)
            self._failed = True
            return False
        self._own, self._failed = own, False
        return True

    def _resolved(
        self, listening: zeroconf.Zeroconf, until: float
    ) -> Iterator[tuple[_Service, zeroconf.ServiceInfo]]:
        """Say where each service is; what was heard already costs no question."""
        for service in self._heard.services():
            left_ms = max(round((until - time.monotonic()) * 1000), 1)
            try:
                info = listening.get_service_info(*service, timeout=left_ms)
            except zeroconf.Error as error:
                _log.info("a service was not understood: %s", type(error).__name__)
                continue
            if info is not None:
                self._heard.told(service)
                yield service, info


class _Heard(zeroconf.ServiceListener):
    """The services that are there; told by the thread of zeroconf, asked by the lane."""

    def __init__(self) -> None:
        self.first = threading.Event()
        self._lock = threading.Lock()
        self._tries: dict[_Service, int] = {}

    def add_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
        with self._lock:
            if len(self._tries) < MOST or (type_, name) in self._tries:
                self._tries[type_, name] = TRIES
        self.first.set()

    def update_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
        self.add_service(zc, type_, name)

    def remove_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
        with self._lock:
            self._tries.pop((type_, name), None)

    def services(self) -> list[_Service]:
        """Return those that may be asked, and count it as asked."""
        with self._lock:
            asked = [service for service, left in self._tries.items() if left > 0]
            self._tries |= {service: self._tries[service] - 1 for service in asked}
            return asked

    def told(self, service: _Service) -> None:
        """Let a service that said where it is be asked again at every look."""
        with self._lock:
            if service in self._tries:
                self._tries[service] = TRIES


def _own_addresses() -> set[str]:
    return {str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4}


def _address(info: zeroconf.ServiceInfo, *, secure: bool) -> Address | None:
    """Return where a service is; None when that is nowhere near, or cannot be understood."""
    near = [one for one in info.parsed_addresses() if ipaddress.ip_address(one).is_private]
    root = _text(info, "rs", "eSCL").strip("/")
    return at(secure, near[0], info.port or 0, f"/{root}" if root else "") if near else None


def _id(info: zeroconf.ServiceInfo, address: Address) -> str:
    uuid = _text(info, "uuid").lower().removeprefix("urn:uuid:")
    return f"escl:{uuid if _UUID.fullmatch(uuid) else address.host + address.root}"


def _name(info: zeroconf.ServiceInfo) -> str:
    """Return the name that people gave the scanner, which is its own on this link; else its model."""
    name = info.name.removesuffix(f".{info.type}") or _text(info, "ty")
    return "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST_NAME] or "eSCL"


def _text(info: zeroconf.ServiceInfo, key: str, absent: str = "") -> str:
    """Return a text of the TXT record; its keys are told in any case (RFC 6763, 6.4)."""
    told = {name.lower(): value for name, value in info.properties.items()}
    value = told.get(key.encode())
    return absent if value is None else value.decode("utf-8", "replace").strip()
