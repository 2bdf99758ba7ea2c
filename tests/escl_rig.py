"""What the tests of the driver `escl` share: simulated scanners that are switched on, opened and announced."""

import hashlib
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from zeroconf import IPVersion, ServiceInfo, Zeroconf

from drivers.escl.driver import EsclDriver
from drivers.escl.scanner import EsclScanner
from drivers.simulated.escl_server import EsclServer, Manners
from drivers.simulated.props import Stage
from station.devices.cancel import CancelToken
from station.errors import StationError
from station.model.capability import Area, ColourMode, ScanSettings, Source
from station.model.image import Page
from station.model.specimen import Paper, PaperKind

SMALL = ScanSettings(Source.FLATBED, ColourMode.GREY, 75)
STRIP = replace(SMALL, source=Source.FEEDER, area=Area(0, 0, 40, 20))
QUICK: dict[str, object] = {"retry_pause_s": 0.01, "start_tries": 3, "page_tries": 4}
SHEETS = 4
LOOPBACK = "127.0.0.1"

Serve = Callable[..., EsclServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Switch simulated scanners on, with sheets in the feeder; they are switched off at the end."""
    running: list[EsclServer] = []

    def start(sheets: int = SHEETS, **manners: object) -> EsclServer:
        stage = Stage()
        stage.lay(tuple(Paper(PaperKind.BLANK) for _ in range(sheets)))
        server = EsclServer(stage, Manners(**{"retry_after_s": 0, **manners}))  # type: ignore[arg-type]
        running.append(server.__enter__())
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)


def opened(url: str, certificate: str | None = None, **options: object) -> EsclScanner:
    """Open the scanner at this address as the settings would name it."""
    driver = EsclDriver()
    entry = {"url": url} if certificate is None else {"url": url, "certificate": certificate}
    driver.configure({**QUICK, **options, "scanners": [entry]})
    (info,) = driver.find()
    return driver.open(info)


def kept_until(
    scanner: EsclScanner, settings: ScanSettings, error: type[StationError]
) -> tuple[list[Page], dict[str, object]]:
    """Scan into a failure; return the pages before it and what it says."""
    pages: list[Page] = []
    with pytest.raises(error) as caught, closing(scanner.scan(settings, CancelToken())) as run:
        pages.extend(run)
    assert caught.value.context["device"] == scanner.info.id
    return pages, caught.value.context


def identity(folder: Path, name: str = "scanner") -> tuple[ssl.SSLContext, str]:
    """Make a self-signed certificate with the program openssl; return a server's context and its SHA-256."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=scanner"
    subprocess.run(
        ["openssl", *make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text())).hexdigest()


@contextmanager
def announced(*services: ServiceInfo) -> Iterator[Zeroconf]:
    """Announce services by multicast DNS on the loopback interface as long as the `with` lasts."""
    responder = Zeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only)
    try:
        for service in services:
            responder.register_service(service, cooperating_responders=True)
        yield responder
    finally:
        responder.close()


def service(name: str, url: str, host: str = LOOPBACK, **words: str) -> ServiceInfo:
    """Return what a scanner at this address says of itself."""
    scheme, _, rest = url.partition("://")
    kind = "_uscans._tcp.local." if scheme == "https" else "_uscan._tcp.local."
    port, _, root = rest.partition(":")[2].partition("/")
    return ServiceInfo(
        kind,
        f"{name}.{kind}",
        port=int(port),
        addresses=[socket.inet_aton(host)],
        server=f"{name.replace(' ', '-')}.local.",
        properties={"txtvers": "1", "vers": "2.63", "rs": root, "ty": "Station Simulator", **words},
    )
