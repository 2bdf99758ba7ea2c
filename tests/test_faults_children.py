"""The child process of a driver is killed in the middle of its work, at the whole station."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from station.errors import DeviceLost
from station.flow import board
from station.flow.events import DevicesChanged, Job, JobEnded, Outcome, PortraitJudged, VisitChanged
from station.flow.views import DeviceState
from station.model.capability import Source
from station.model.record import AttachmentKind
from station.quality.ofiq import Ofiq
from tests.faults import scan
from tests.kiosk import ANNA, PATIENCE_S, Kiosk, kiosk
from tests.rogue import says
from tests.test_bad_store import problems
from tests.test_gphoto2 import Shelf
from tests.test_gphoto2 import shelf as shelf
from tests.test_ofiq import plugged as plugged
from tests.test_sane import Bench
from tests.test_sane import bench as bench


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that failed is looked for again without a pause."""
    monkeypatch.setattr(board, "RETRY_S", 0.0)


def device_of(at: Kiosk, device: str) -> Any:
    """Return what the station holds open: the side of the child that lives in this process."""
    desk = at.station._desk
    assert desk is not None
    return desk.board.bay(device).device


def until(ready: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.01)


def back(at: Kiosk, device: str, since: int) -> None:
    """Wait until a device was shown as failed, look for it, and wait until it is ready."""

    def stands(state: DeviceState) -> Callable[[DevicesChanged], bool]:
        return lambda event: any((view.info.id, view.state) == (device, state) for view in event.devices)

    at.until(DevicesChanged, stands(DeviceState.FAILED), since)
    at.do(at.station.find_devices, DevicesChanged, stands(DeviceState.READY))


@pytest.mark.system("sane-utils")
def test_a_scanner_whose_process_is_killed_in_a_pile_keeps_its_pages_and_comes_back(
    bench: Bench, tmp_path: Path
) -> None:
    (bench.folder / "dll.conf").write_text("test\n")
    bench.preset(number_of_devices=1, read_delay="true", read_delay_duration=10_000)
    with kiosk(tmp_path / "data", drivers=(bench.driver(),), scan_dpi=75, poll_s=3600.0) as at:
        view = at.ready().open(ANNA.application_number)
        item, since = view.items[0].item.id, len(at.events)
        at.station.scan(AttachmentKind.DOCUMENT, item=item, source=Source.FEEDER)
        at.until(
            VisitChanged, lambda e: e.visit is not None and len(e.visit.of_kind(AttachmentKind.DOCUMENT)) > 1
        )
        os.kill(device_of(at, "sane:test:0").child_pid, signal.SIGKILL)
        ended = at.until(JobEnded, since=since)
        assert ended.outcome is Outcome.FAILED
        kept = says(ended, DeviceLost).context["kept"]
        assert 2 <= kept == len(at.visit.of_kind(AttachmentKind.DOCUMENT)) < 10
        back(at, "sane:test:0", since)
        scan(at, AttachmentKind.DOCUMENT, item=item)
        assert len(at.visit.of_kind(AttachmentKind.DOCUMENT)) == kept + 1
    assert problems(tmp_path / "data") == set()


def test_a_camera_whose_process_is_killed_in_a_still_gives_none_and_then_one(
    shelf: Shelf, tmp_path: Path
) -> None:
    driver = shelf.driver()
    (info,) = driver.find()
    with kiosk(tmp_path / "data", drivers=(driver,), scan_dpi=75, poll_s=3600.0) as at:
        at.ready().open(ANNA.application_number)
        child = device_of(at, info.id)._berth.child
        jobs, since = child._job, len(at.events)
        os.kill(child.pid, signal.SIGSTOP)
        at.station.take_still()
        until(lambda: child._job > jobs)
        os.kill(child.pid, signal.SIGKILL)
        ended = at.until(JobEnded, lambda event: event.job is Job.STILL, since)
        says(ended, DeviceLost)
        judged = [event for event in at.events[since:] if isinstance(event, PortraitJudged)]
        assert not [event for event in judged if event.candidate]
        back(at, info.id, since)
        assert at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate).candidate
    assert problems(tmp_path / "data") == set()


def test_a_second_opinion_whose_process_is_killed_keeps_no_portrait_back(
    plugged: Callable[..., Ofiq], tmp_path: Path
) -> None:
    engine = plugged("answer")
    with kiosk(tmp_path / "data", scan_dpi=75, second_opinion=engine) as at:
        at.ready().open(ANNA.application_number)
        first = at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate).candidate
        before = engine.child_pid
        assert first is not None and before is not None
        os.kill(before, signal.SIGKILL)
        again = at.do(at.station.take_still, PortraitJudged, lambda event: event.candidate).candidate
        assert again is not None
        assert [one.measure for one in again.report.findings] == [one.measure for one in first.report.findings]
        assert engine.child_pid not in (None, before)
    assert problems(tmp_path / "data") == set()
