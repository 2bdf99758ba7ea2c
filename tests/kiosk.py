"""A whole station on simulated devices and a real SQLite store, driven as the window drives it."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from drivers.simulated.driver import SimulatedDriver
from station.delivery.calibration_report import CalibrationReporter
from station.devices.driver import Driver
from station.flow.checklists import load_checklists
from station.flow.events import DevicesChanged, Event, JobEnded, Listed, Opened, Trouble, VisitChanged
from station.flow.options import FitOut, Options, SecondOpinion
from station.flow.photo_profiles import load_photo_profiles
from station.flow.ports import Hashing
from station.flow.scan_profiles import load_scan_profiles
from station.flow.station import Station
from station.flow.views import DeviceState, VisitView
from station.model.document import PartialDate
from station.model.record import ApplicationRecord, AttachmentKind, TravelDocument
from station.model.specimen import Paper, PaperKind
from station.quality.profile import load_profiles
from station.reading.patterns import load_patterns
from station.settings import resources_dir
from station.storage.open import open_store

PATIENCE_S = 120.0
"""Waits end as soon as what they wait for happens; this only bounds a test that fails."""

TODAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

_E = TypeVar("_E")

ANNA = ApplicationRecord(
    id="",
    application_number="V000123456",
    letter_number="L000123456",
    category="visitor",
    surname="Eriksson",
    given_names="Anna Maria",
    birth_date=PartialDate(1974, 8, 12),
    sex="F",
    nationality="UTO",
    document=TravelDocument("L898902C3", "UTO", PartialDate(2032, 4, 15)),
)
BORIS = ApplicationRecord(
    id="",
    application_number="V000654321",
    letter_number="L000654321",
    category="study",
    surname="Ivanov",
    given_names="Boris",
    birth_date=PartialDate(2001, 2, 3),
    sex="M",
    nationality="UTO",
    document=TravelDocument("X1234567A", "UTO", PartialDate(2030, 1, 1)),
)


@lru_cache
def rules() -> dict[str, Any]:
    """Return profiles, checklists and patterns as shipped, read once."""
    return {
        "profiles": load_profiles(resources_dir() / "profiles"),
        "checklists": load_checklists(resources_dir() / "checklists"),
        "patterns": load_patterns(resources_dir() / "patterns"),
        "scan_profiles": load_scan_profiles(resources_dir() / "scan_profiles"),
        "photo_profiles": load_photo_profiles(resources_dir() / "photo_profiles"),
    }


def coarse(scan_dpi: int) -> dict[str, Any]:
    """Return the rules with every paper scanned at this resolution: small pictures are quick to draw."""
    profiles = rules()["scan_profiles"]
    return rules() | {
        "scan_profiles": {
            name: replace(profile, resolution_dpi=scan_dpi, digest=f"{scan_dpi:064}")
            for name, profile in profiles.items()
        }
    }


@dataclass
class Kiosk:
    """A station with everything that it said, and patient questions to it."""

    station: Station
    simulated: SimulatedDriver
    folder: Path
    events: list[Event] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def hear(self, event: Event) -> None:
        """Note an event; runs on any thread."""
        with self.arrived:
            self.events.append(event)
            self.arrived.notify_all()

    def until(self, kind: type[_E], fits: Callable[[_E], object] = lambda _: True, since: int = 0) -> _E:
        """Wait for an event that fits, among those heard from index `since` on."""
        deadline = time.monotonic() + PATIENCE_S
        with self.arrived:
            while True:
                for event in self.events[since:]:
                    if isinstance(event, kind) and fits(event):
                        return event
                left = deadline - time.monotonic()
                assert left > 0, (
                    f"no such {kind.__name__} among {[_brief(event) for event in self.events[since:]]}"
                )
                self.arrived.wait(left)

    def do(
        self, command: Callable[[], object], kind: type[_E], fits: Callable[[_E], object] = lambda _: True
    ) -> _E:
        """Give a command and wait for the first fitting event after it."""
        since = len(self.events)
        command()
        return self.until(kind, fits, since)

    @property
    def visit(self) -> VisitView:
        """The visit as it was shown last."""
        shown = [event.visit for event in list(self.events) if isinstance(event, VisitChanged)]
        assert shown, "no visit was shown"
        assert shown[-1] is not None, "no visit is in hand"
        return shown[-1]

    def ready(self) -> "Kiosk":
        """Wait until the store is open and every device is ready, as it was shown last."""
        self.until(Opened)

        def idle() -> bool:
            shown = [event.devices for event in self.events if isinstance(event, DevicesChanged)]
            return bool(shown and shown[-1]) and all(d.state is DeviceState.READY for d in shown[-1])

        with self.arrived:
            assert self.arrived.wait_for(idle, PATIENCE_S), "the devices did not become ready"
        return self

    def open(self, number: str) -> VisitView:
        """Open the record of an application or letter number."""
        shown = self.do(lambda: self.station.submit(number), VisitChanged, lambda e: e.visit is not None)
        assert shown.visit is not None
        return shown.visit

    def scan(self, kind: AttachmentKind, paper: PaperKind, **facts: Any) -> JobEnded:
        """Lay one sheet on the glass and scan it."""
        record = facts.pop("record", None) or self.visit.record
        item = facts.pop("item", "")
        self.simulated.props.lay((Paper(paper, record, **facts),))
        return self.do(lambda: self.station.scan(kind, item=item), JobEnded)

    def list_now(self) -> Listed:
        """Return today's list."""
        return self.do(self.station.list_today, Listed, lambda e: e.query == "")


def _brief(event: Event) -> str:
    return f"Trouble({event.error})" if isinstance(event, Trouble) else type(event).__name__


@contextmanager
def kiosk(
    folder: Path,
    records: Sequence[ApplicationRecord] = (ANNA, BORIS),
    *,
    drivers: Sequence[Driver] = (),
    url: str | None = None,
    failures: dict[str, Any] | None = None,
    ear: Callable[[Event], None] = lambda _: None,
    scan_dpi: int = 150,
    second_opinion: SecondOpinion | None = None,
    hashing: Hashing | None = None,
    **options: Any,
) -> Iterator[Kiosk]:
    """Open a station in a folder with these expected applications; it is closed at the end.

    `ear` hears every event too, on the thread that posts it.
    """
    simulated = SimulatedDriver()
    simulated.configure({"pace": "instant"})

    def fit_out() -> FitOut:
        store = open_store(folder, url, str(options.get("station", "")))
        with store.units() as work:
            work.records.expect(records)
            work.commit()
        return FitOut(
            store,
            "SQLite",
            tuple(drivers) or (simulated,),
            failures or {},
            props=simulated.props,
            second_opinion=second_opinion,
            hashing=hashing,
            reporter=CalibrationReporter(),
            **coarse(scan_dpi),
        )

    chosen = {"poll_s": 0.2, "now": lambda: TODAY, "cores": 2, **options}
    heard: list[Callable[[Event], None]] = []

    def notify(event: Event) -> None:
        ear(event)
        heard[0](event)

    station = Station(fit_out, Options(**chosen), notify)
    made = Kiosk(station, simulated, folder)
    heard.append(made.hear)
    station.start()
    try:
        yield made
    finally:
        station.close(PATIENCE_S)
