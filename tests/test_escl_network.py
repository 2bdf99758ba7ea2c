"""The simulated scanner on the network: what rehearsals scan with when the settings say so."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import main
from drivers.escl.driver import EsclDriver
from drivers.simulated.driver import SimulatedDriver
from drivers.simulated.props import SCANNER_ID
from station.devices.cancel import CancelToken
from station.errors import (
    CoverOpen,
    DeviceError,
    DeviceLost,
    DriverFault,
    PageTruncated,
    PaperJam,
    SettingsError,
)
from station.model.capability import DeviceKind
from station.model.record import AttachmentKind
from station.model.specimen import Fault, FaultKind, Paper, PaperKind
from station.settings import read_settings
from station.storage.open import open_store
from tests.contracts import scanned
from tests.escl_rig import QUICK, SMALL, STRIP, kept_until
from tests.kiosk import PATIENCE_S

ROOT = Path(__file__).resolve().parents[1]

Pair = tuple[SimulatedDriver, EsclDriver]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Make both drivers, introduced to each other as the program does."""
    simulated, escl = SimulatedDriver(), EsclDriver()
    simulated.configure({"pace": "instant", "network": True})
    escl.configure(QUICK)
    escl.introduce(simulated.network_url)
    yield simulated, escl
    simulated.close()
    simulated.close()


def test_the_scanner_is_found_once_and_says_that_it_is_simulated(pair: Pair) -> None:
    simulated, escl = pair
    assert [info.kind for info in simulated.find()] == [DeviceKind.CAMERA]
    (info,) = escl.find()
    assert (info.id, info.simulated) == ("escl:simulated", True)
    simulated.props.lay((Paper(PaperKind.FORM),))
    (page,) = scanned(escl.open(info), SMALL)
    assert page.pixels.min() < 60, "a form has dark print"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.JAM, PaperJam),
        (FaultKind.COVER, CoverOpen),
        (FaultKind.TRUNCATE, PageTruncated),
        (FaultKind.RAISE, DriverFault),
    ],
)
def test_trouble_of_the_stage_comes_over_the_network_and_goes_again(
    pair: Pair, kind: FaultKind, error: type[DeviceError]
) -> None:
    simulated, escl = pair
    scanner = escl.open(*escl.find())
    simulated.props.lay((Paper(PaperKind.BLANK),) * 3)
    simulated.props.trouble(SCANNER_ID, Fault(kind, at=2))
    pages, _ = kept_until(scanner, STRIP, error)
    assert [page.number for page in pages] == [1]
    simulated.props.lay((Paper(PaperKind.BLANK),) * 2)
    assert len(scanned(scanner, STRIP)) == 2


def test_its_plug_can_be_pulled_and_put_back(pair: Pair) -> None:
    simulated, escl = pair
    (info,) = escl.find()
    scanner = escl.open(info)
    simulated.props.trouble(SCANNER_ID, Fault(FaultKind.UNPLUG))
    kept_until(scanner, SMALL, DeviceLost)
    with pytest.raises(DeviceLost):
        escl.open(info)
    simulated.props.plug(SCANNER_ID, connected=True)
    assert len(scanned(escl.open(info), SMALL)) == 1


def test_one_that_is_busy_is_asked_again(pair: Pair) -> None:
    simulated, escl = pair
    simulated.props.trouble(SCANNER_ID, Fault(FaultKind.BUSY))
    with closing(escl.open(*escl.find()).scan(SMALL, CancelToken())) as run:
        assert len(list(run)) == 1


def test_a_word_for_network_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        SimulatedDriver().configure({"network": "yes"})
    assert caught.value.context["key"] == "network"


def test_the_program_introduces_the_drivers_and_gives_the_scanner_its_file(tmp_path: Path) -> None:
    options = json.dumps({"simulated": {"network": True}, "escl": {"scanners": [{"url": "http://192.0.2.7"}]}})
    settings = read_settings(
        {"STATION_DATA_DIR": str(tmp_path), "STATION_DRIVERS": "simulated,escl", "STATION_DRIVER": options}
    )
    with main.parts(settings) as parts:
        drivers, failures = parts.drivers()
        assert failures == {}
        assert [info.id for driver in drivers for info in driver.find()] == [
            "simulated:camera", "escl:http://192.0.2.7:80", "escl:simulated",
        ]  # fmt: skip
        (known,) = (driver._known for driver in drivers if isinstance(driver, EsclDriver))
        assert known._file == tmp_path / "escl.json"


def test_a_rehearsal_scans_through_the_network(tmp_path: Path) -> None:
    script = tmp_path / "script.toml"
    script.write_text(
        'record = "V300000111"\nsteps = [\n'
        '  { wait = "scanner" },\n  { lay = "letter" },\n'
        '  { press = "space", offers = "scan_papers" },\n  { wait = "letter_attached" },\n]\n'
    )
    driver = json.dumps({"simulated": {"pace": "instant", "network": True}})
    data = tmp_path / "data"
    ran = subprocess.run(
        [sys.executable, "main.py", "rehearse", str(script)],
        cwd=ROOT,
        env={**os.environ, "STATION_DATA_DIR": str(data), "STATION_DRIVER": driver},
        capture_output=True,
        text=True,
        check=False,
        timeout=20 * PATIENCE_S,
    )
    assert (ran.returncode, ran.stderr) == (1, "")  # put aside, not sealed
    with closing(open_store(data)) as store, store.units() as work:
        (listed,) = work.records.with_identifier("application_number", "V300000111")
        (letter,) = work.records.get(listed.record_id).of_kind(AttachmentKind.LETTER)
    assert (letter.provenance.device, letter.provenance.simulated) == ("escl:simulated", True)
    assert letter.picture.media_type == "image/jpeg"
