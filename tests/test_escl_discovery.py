"""Network scanners that announce themselves, on the loopback interface alone."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from drivers.escl import discovery
from drivers.escl.driver import EsclDriver
from station.errors import DeviceOffline
from station.model.capability import DeviceInfo
from tests.contracts import scanned
from tests.escl_rig import LOOPBACK, QUICK, SMALL, Serve, announced, service
from tests.escl_rig import serve as serve

PATIENCE_S = 60.0
UUID = "4509a320-00a0-008f-00b6-00123456789a"

Listen = Callable[..., EsclDriver]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Make drivers that listen on the loopback interface; they are closed at the end."""
    drivers: list[EsclDriver] = []

    def start(**options: object) -> EsclDriver:
        driver = EsclDriver()
        driver.configure({**QUICK, "discovery": True, "interfaces": [LOOPBACK], **options})
        drivers.append(driver)
        return driver

    yield start
    for driver in drivers:
        driver.close()
        driver.close()


def until(driver: EsclDriver, holds: Callable[[tuple[DeviceInfo, ...]], bool]) -> tuple[DeviceInfo, ...]:
    """Look until what is found is right."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds(found := driver.find()):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_a_scanner_that_announces_itself_is_found_scanned_and_gone_again(
    serve: Serve, listen: Listen, tmp_path: Path
) -> None:
    server, driver = serve(), listen(cache=str(tmp_path / "escl.json"))
    with announced(service("Desk 4", server.url, UUID=UUID.upper())):
        (info,) = until(driver, lambda found: len(found) == 1)
        assert (info.id, info.name, info.address) == (f"escl:{UUID}", "Desk 4", server.url)
        assert len(scanned(driver.open(info), SMALL)) == 1
    until(driver, lambda found: found == ())

    # Another start of the station: it is offered before it says a word.
    again = listen(cache=str(tmp_path / "escl.json"))
    assert again.find() == (info,)
    assert len(scanned(again.open(info), SMALL)) == 1


def test_one_scanner_on_two_services_is_one_and_speaks_https(serve: Serve, listen: Listen) -> None:
    plain, secure = serve(), f"https://{LOOPBACK}:{free_port()}/eSCL"
    driver = listen()
    with announced(service("Desk 4", plain.url, uuid=UUID)) as responder:
        until(driver, lambda found: [info.address for info in found] == [plain.url])
        responder.register_service(service("Desk 4", secure, uuid=UUID), cooperating_responders=True)
        (info,) = until(driver, lambda found: [info.address for info in found] == [secure])
        assert info.id == f"escl:{UUID}"
        responder.unregister_service(service("Desk 4", secure, uuid=UUID))
        # Whoever keeps its HTTPS from us does not get our pages over HTTP.
        for _ in range(3):
            assert [info.address for info in driver.find()] == [secure]
        with pytest.raises(DeviceOffline):
            driver.open(info)


def test_a_configured_scanner_comes_first_and_only_once(serve: Serve, listen: Listen) -> None:
    one, other = serve(), serve()
    driver = listen(scanners=[{"url": one.url, "name": "Mine"}])
    assert [info.name for info in driver.find()] == ["Mine"]
    with announced(service("Desk 4", one.url, uuid=UUID), service("Desk 5", other.url, rs="/eSCL/")):
        found = until(driver, lambda found: len(found) == 2)
    assert [info.id for info in found] == [f"escl:{one.url}", f"escl:{LOOPBACK}/eSCL"]


def test_what_is_beyond_the_private_networks_or_makes_no_sense_is_not_offered(
    serve: Serve, listen: Listen
) -> None:
    server, driver = serve(), listen()
    odd = (
        service("Far away", "http://x:80/eSCL", host="8.8.8.8"),
        service("No path", "http://x:80/eSCL", rs="a b"),
        service("No port", "http://x:0/eSCL"),
    )
    with announced(*odd, service("Desk\u200b4" + "x" * 50, server.url, uuid="not one")):
        (info,) = until(driver, lambda found: len(found) == 1)
        assert info.id == f"escl:{LOOPBACK}/eSCL"
        assert info.name == "Desk4" + "x" * 50


def test_a_flood_of_announcements_is_bounded_and_a_silent_service_is_not_asked_for_ever() -> None:
    heard = discovery._Heard()
    for number in range(1000):
        heard.add_service(None, "_uscan._tcp.local.", f"{number}._uscan._tcp.local.")  # type: ignore[arg-type]
    first = heard.services()
    assert len(first) == discovery.MOST
    heard.told(first[0])
    assert [len(heard.services()) for _ in range(discovery.TRIES)] == [64, 64, 1]


def test_a_scanner_that_was_not_seen_for_long_is_forgotten_but_not_its_certificate(tmp_path: Path) -> None:
    cache = tmp_path / "escl.json"
    entries = {
        f"escl:{days}": {
            "url": f"http://192.0.2.{days}:80/eSCL",
            "name": "Desk",
            "seen": (date.today() - timedelta(days)).isoformat(),
        }
        for days in (1, 29, 32)
    }
    cache.write_text(json.dumps({"scanners": entries, "certificates": {"escl:32": "a" * 64}}))
    driver = EsclDriver()
    driver.configure({"discovery": True, "interfaces": [LOOPBACK], "cache": str(cache)})
    with closing(driver):
        assert [info.id for info in driver.find()] == ["escl:1", "escl:29"]
    assert json.loads(cache.read_text())["certificates"] == {"escl:32": "a" * 64}


def test_nothing_is_listened_to_unless_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery.zeroconf, "Zeroconf", None)
    driver = EsclDriver()
    driver.configure({})
    assert driver.find() == ()
    driver.close()


def test_a_network_that_cannot_be_listened_to_is_told_once_and_tried_again(
    serve: Serve, listen: Listen, monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]
) -> None:
    expected_logs.append("no search for network scanners: ")
    server = serve()
    driver = listen(scanners=[{"url": server.url}])

    def refused(**_: object) -> None:
        raise OSError("no such device")

    with monkeypatch.context() as broken:
        broken.setattr(discovery.zeroconf, "Zeroconf", refused)
        assert [len(driver.find()) for _ in range(2)] == [1, 1]
    other = serve()
    with announced(service("Desk 5", other.url, uuid=UUID)):
        until(driver, lambda found: len(found) == 2)
