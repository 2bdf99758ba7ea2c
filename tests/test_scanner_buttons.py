"""Keys on scanners: one press is told once, between two scans only, and their trouble spoils no scan."""

import threading
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

import pytest

from station.devices.cancel import CancelToken
from station.errors import DeviceLost, DriverFault, StationError
from station.flow import buttons
from station.flow.board import Bay, Board
from station.flow.lane import Lane
from station.flow.views import DeviceState, DeviceView
from station.model.capability import DeviceInfo, DeviceKind, ScannerCapabilities, ScanSettings
from station.model.image import Page

INFO = DeviceInfo("keyed:1", DeviceKind.SCANNER, "keyed", "A scanner with keys", "1")
PATIENCE_S = 60.0
T = TypeVar("T")


class KeyedScanner:
    """A scanner whose keys a test holds down. Asked while `gate` is shut it hangs."""

    def __init__(self) -> None:
        self.info = INFO
        self.names: tuple[str, ...] | None = ("scan", "copy")
        self.down: tuple[str, ...] = ()
        self.trouble: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.inside = threading.Event()
        self.asked = 0

    def capabilities(self) -> ScannerCapabilities:
        return ScannerCapabilities(None, None, None, None, buttons=self.names)

    def pressed(self) -> tuple[str, ...]:
        self.inside.set()
        self.gate.wait(PATIENCE_S)
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return self.down

    def scan(self, settings: ScanSettings, cancel: CancelToken) -> Generator[Page]:
        yield from ()

    def close(self) -> None:
        return


class KeyedDriver:
    """Finds the one scanner, however often it is opened."""

    name = "keyed"

    def __init__(self) -> None:
        self.scanner = KeyedScanner()

    def configure(self, options: dict[str, object]) -> None:
        return

    def find(self) -> list[DeviceInfo]:
        return [INFO]

    def open(self, info: DeviceInfo) -> KeyedScanner:
        return self.scanner


class Desk:
    """A board on its lane, with what it told."""

    def __init__(self, driver: KeyedDriver) -> None:
        self.presses: list[tuple[DeviceInfo, str]] = []
        self.scanner = driver.scanner
        self.lane = Lane("desk")
        self._views: list[tuple[DeviceView, ...]] = []
        self._changed = threading.Condition()
        self.board = self.do(
            lambda: Board(
                self.lane.post,
                self._shown,
                (driver,),
                {},
                on_button=lambda info, name: self.presses.append((info, name)),
            )
        )

    def do(self, work: Callable[[], T]) -> T:
        return self.lane.submit(work).result(PATIENCE_S)

    def open(self) -> None:
        self.do(self.board.look)
        self.until(DeviceState.READY)

    def until(self, state: DeviceState) -> None:
        with self._changed:
            assert self._changed.wait_for(
                lambda: bool(self._views) and self._views[-1][0].state is state, PATIENCE_S
            )

    @property
    def bay(self) -> Bay:
        return self.board.bay(INFO.id)

    def tick(self, patience_s: float = PATIENCE_S) -> None:
        """Let the clock strike once."""
        self.do(lambda: self.board.watch(patience_s))

    def look(self, *down: str) -> list[str]:
        """Let the station look once while these keys are down; returns what it told."""
        self.scanner.down = down
        told = len(self.presses)
        self.tick()
        self.bay.lane.submit(lambda: None).result(PATIENCE_S)  # after the question that the tick may have put
        self.do(lambda: None)  # and after its answer
        return [name for _, name in self.presses[told:]]

    def _shown(self, views: tuple[DeviceView, ...]) -> None:
        with self._changed:
            self._views.append(views)
            self._changed.notify_all()

    def close(self) -> None:
        self.scanner.gate.set()
        self.do(lambda: self.board.close(PATIENCE_S))
        self.lane.close(PATIENCE_S)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(buttons, "PAUSE_S", 0.0)
    desk = Desk(KeyedDriver())
    yield desk
    desk.close()


def test_a_press_is_told_once_however_long_it_lasts(desk: Desk) -> None:
    desk.open()
    assert desk.look() == []
    assert desk.look("scan") == ["scan"]
    assert desk.look("scan") == []
    assert desk.look("scan", "copy") == ["copy"]
    assert desk.look() == []
    assert desk.look("scan") == ["scan"]
    assert {info for info, _ in desk.presses} == {INFO}


def test_what_was_pressed_before_the_first_look_counts_for_nothing(desk: Desk) -> None:
    desk.open()
    assert desk.look("scan") == []
    assert desk.look("scan") == []
    assert desk.look() == []
    assert desk.look("scan") == ["scan"]


def test_during_a_scan_nobody_is_asked_and_what_was_pressed_meanwhile_is_dropped(desk: Desk) -> None:
    desk.open()
    desk.look()
    asked = desk.scanner.asked
    desk.do(lambda: desk.board.occupy(desk.bay, busy=True))
    assert desk.look("scan") == []
    assert desk.scanner.asked == asked
    desk.do(lambda: desk.board.occupy(desk.bay, busy=False))
    assert desk.look("scan") == []  # remembered by the device since the scan
    assert desk.look() == []
    assert desk.look("scan") == ["scan"]


def test_an_answer_that_comes_after_a_scan_began_is_dropped(desk: Desk) -> None:
    desk.open()
    desk.look()
    desk.scanner.gate.clear()
    desk.scanner.inside.clear()
    desk.scanner.down = ("scan",)
    desk.tick()
    assert desk.scanner.inside.wait(PATIENCE_S)
    desk.do(lambda: desk.board.occupy(desk.bay, busy=True))
    desk.scanner.gate.set()
    assert desk.look("scan") == []
    assert desk.presses == []


@pytest.mark.parametrize("names", [None, ()])
def test_a_scanner_without_buttons_is_never_asked(desk: Desk, names: tuple[str, ...] | None) -> None:
    desk.scanner.names = names
    desk.open()
    assert desk.look("scan") == desk.look("scan") == []
    assert desk.scanner.asked == 0


def test_two_questions_are_never_asked_at_once_nor_too_soon(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buttons, "PAUSE_S", 1000.0)
    desk.open()
    desk.look()
    desk.look()
    assert desk.scanner.asked == 1
    monkeypatch.setattr(buttons, "PAUSE_S", 0.0)
    desk.scanner.gate.clear()
    desk.tick()
    desk.tick()
    desk.scanner.gate.set()
    desk.bay.lane.submit(lambda: None).result(PATIENCE_S)
    assert desk.scanner.asked == 2


def test_a_scanner_that_is_gone_when_it_is_asked_is_lost_and_comes_back(desk: Desk) -> None:
    desk.open()
    desk.scanner.trouble = DeviceLost(device=INFO.id)
    desk.look()
    assert desk.bay.view.state is DeviceState.FAILED
    assert desk.bay.view.error == DeviceLost.code
    desk.scanner.trouble = None
    desk.open()
    desk.look()
    assert desk.look("scan") == ["scan"]


@pytest.mark.parametrize("trouble", [ValueError("a bug"), DriverFault(device=INFO.id)], ids=["bug", "fault"])
def test_trouble_with_the_buttons_alone_leaves_the_scanner_in_use(
    desk: Desk, trouble: Exception | StationError, expected_logs: list[str]
) -> None:
    expected_logs.append("the buttons of keyed:1 are asked no more")
    desk.open()
    desk.scanner.trouble = trouble
    desk.look()
    desk.scanner.trouble = None
    assert desk.look("scan") == desk.look() == desk.look("scan") == []
    assert desk.scanner.asked == 1
    assert desk.bay.view.state is DeviceState.READY


def test_a_scanner_that_hangs_when_it_is_asked_is_left_behind(desk: Desk) -> None:
    desk.open()
    desk.scanner.gate.clear()
    desk.tick()
    assert desk.scanner.inside.wait(PATIENCE_S)
    desk.tick(patience_s=-1.0)
    assert desk.bay.view.state is DeviceState.FAILED
