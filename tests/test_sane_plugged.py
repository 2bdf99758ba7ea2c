"""SANE scanners that come and go, as the station's board sees them, while another one scans."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar, cast

import pytest

from drivers.outboard import OutboardScanner
from drivers.sane.driver import SaneDriver
from station.devices.cancel import CancelToken
from station.flow.board import Board
from station.flow.lane import Lane
from station.flow.views import DeviceState, DeviceView
from station.model.capability import Area, ColourMode, ScanSettings, Source
from tests.contracts import scanned

pytestmark = pytest.mark.system("sane-utils")

PATIENCE_S = 120.0
SMALL = ScanSettings(Source.FLATBED, ColourMode.GREY, 75, Area(0, 0, 30, 20))
PILE = ScanSettings(Source.FEEDER, ColourMode.GREY, 75, Area(0, 0, 30, 20))
T = TypeVar("T")


class Table:
    """A table with scanners of the test backend on it, and the board that watches it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "dll.conf").write_text("test\n")
        self.put(1)
        driver = SaneDriver()
        driver.configure({"config_dir": str(folder)})
        self.lane = Lane("desk")
        self._views: tuple[DeviceView, ...] = ()
        self._changed = threading.Condition()
        self.board = self.do(lambda: Board(self.lane.post, self._shown, (driver,), {}))

    def put(self, count: int) -> None:
        """Let so many scanners stand there from now on."""
        (self.folder / "test.conf").write_text(f"number_of_devices {count}\nresolution 50.0\n")

    def look(self) -> None:
        """Look once, and wait until it is done."""
        (search,) = self.board._searches
        self.do(self.board.look)
        search.lane.submit(lambda: None).result(PATIENCE_S)
        self.do(lambda: None)

    def until(self, **states: DeviceState) -> None:
        """Wait until the scanners stand so: `a` is `test:0`, `b` is `test:1`."""
        wanted = {f"sane:test:{ord(letter) - ord('a')}": state for letter, state in states.items()}

        def so() -> bool:
            return {view.info.id: view.state for view in self._views} == wanted

        with self._changed:
            assert self._changed.wait_for(so, PATIENCE_S)

    def scanner(self, number: int) -> OutboardScanner:
        return cast(OutboardScanner, self.board.bay(f"sane:test:{number}").device)

    def do(self, work: Callable[[], T]) -> T:
        return self.lane.submit(work).result(PATIENCE_S)

    def _shown(self, views: tuple[DeviceView, ...]) -> None:
        with self._changed:
            self._views = views
            self._changed.notify_all()

    def close(self) -> None:
        self.do(lambda: self.board.close(PATIENCE_S))
        self.lane.close(PATIENCE_S)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    table = Table(tmp_path)
    yield table
    table.close()


def test_a_scanner_that_comes_is_offered_one_that_goes_is_lost_and_no_scan_minds(table: Table) -> None:
    ready, lost = DeviceState.READY, DeviceState.LOST
    table.look()
    table.until(a=ready)
    first = table.scanner(0)
    with closing(first.scan(PILE, CancelToken())) as run:
        pages = [next(run)]
        table.put(2)
        table.look()
        table.until(a=ready, b=ready)
        pages.append(next(run))
        assert len(scanned(table.scanner(1), SMALL)) == 1
        table.look()
        table.put(1)
        table.look()
        table.until(a=ready, b=lost)
        pages.append(next(run))
        table.put(2)
        table.look()
        table.until(a=ready, b=ready)
        assert len(scanned(table.scanner(1), SMALL)) == 1
        pages.extend(run)
    assert [page.number for page in pages] == list(range(1, 11))
    assert table.scanner(0) is first
    assert table.board.bay("sane:test:0").view.state is ready
