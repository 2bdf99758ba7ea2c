"""The window as a whole, the desk and Identify: worked by keys, on simulated devices and a real store."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QWidget

from station.errors import DriverNotLoaded, StorageLocked
from station.flow.events import Event, JobEnded, JobStarted, VisitChanged
from station.flow.options import FitOut, Options
from station.model.record import AttachmentKind, RecordState
from station.model.specimen import Paper, PaperKind
from station.model.visit import Step
from station.reading.mrz_build import build
from tests.kiosk import ANNA, BORIS
from tests.window import PATIENCE_MS, Seat, window_on
from ui.actions import LOOKS, Command
from ui.app import make_application
from ui.main_window import make_window
from ui.screens.desk import DeskScreen
from ui.screens.identify import IdentifyScreen
from ui.theme import RESOURCES

ANNAS_LINES = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F3204153<<<<<<<<<<<<<<04\n"
"""Her passport as printed, ICAO 9303-4 check digits; a reader ends each line with Enter."""


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path) as seat:
        seat.until(lambda: desk(seat).table.model().rowCount() > 1)
        yield seat


def desk(at: Seat) -> DeskScreen:
    assert isinstance(at.screen, DeskScreen)
    return at.screen


def identify(at: Seat) -> IdentifyScreen:
    assert isinstance(at.screen, IdentifyScreen)
    return at.screen


def heard(at: Seat, kind: type[Event]) -> int:
    return sum(isinstance(event, kind) for event in list(at.kiosk.events))
