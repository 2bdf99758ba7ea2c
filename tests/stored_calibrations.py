"""Calibrations of an invented scanner, for tests of the storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

from station.flow.calibration_ports import Past
from station.model.calibration import (
    Analysis,
    Calibration,
    CalibrationReport,
    Curve,
    Extent,
    Figure,
    Kept,
    Map,
    Override,
    Setup,
)
from station.model.image import PictureRef
from station.model.quality import Finding, Limit, QualityReport, Status
from station.model.target import TargetKind, TargetLabel
from station.storage.open import OpenStore
from station.storage.verify import Problem, ProblemKind

HERE, GLASS = "kiosk-1", "escl:glass"
PHNOM_PENH = timezone(timedelta(hours=7))
MORNING = datetime(2025, 3, 4, 7, 30, tzinfo=PHNOM_PENH)
DAY = timedelta(days=1)
SETUP = Setup("SN-1", "escl 1", "5f")
OTHER_SETUP = replace(SETUP, serial="SN-2")


def calibration(at: datetime = MORNING, **change: Any) -> Calibration:
    """Draw up a full calibration that passed, of a picture that is named by its time."""
    picture = sha256(at.isoformat().encode()).hexdigest()
    finding = Finding("resolution_x", Status.PASS, raw=299.9, unit="ppi", limit=Limit(low=298.5, high=301.5))
    analysis = Analysis(
        TargetLabel(TargetKind.A4, "1", "A-17", "0123456789ab", "20260304"),
        (
            Figure("resolution_x", "ppi", 299.9, uncertainty=0.45),
            Figure("uniformity", "L*", None, "no_reference"),
        ),
        (Map("lightness", "L*", ((0.1, float("-inf")), (0.3, 0.4))),),
        (Curve("sfr_x", "cy/px", "", ((0.0, 1.0), (0.25, 0.5))),),
    )
    fields = {
        "station": HERE,
        "officer": "officer-1",
        "device": GLASS,
        "device_name": "Scanner on the left",
        "simulated": False,
        "at": at,
        "extent": Extent.FULL,
        "target": "a4",
        "setup": SETUP,
        "scans": 120,
        "passed": True,
        "report": CalibrationReport(analysis, QualityReport("self_printed", (finding,))),
        "pictures": (PictureRef(picture, "image/png", 900, 2480, 3508, (300.0, 300.0)),),
        "noise": at.isoformat().encode(),
        "settings": '{"dpi": 300}',
        "claimed": (300.0, 300.0),
        "target_expires": datetime(2026, 3, 4, tzinfo=UTC),
        "software": "0.1.0",
        **change,
    }
    return Calibration(**fields)


def leave(at: datetime = MORNING, reason: str = "the technician comes at noon") -> Override:
    return Override("SN-1", "supervisor-1", reason, at, at + timedelta(hours=4))


def add(store: OpenStore, *some: Calibration) -> tuple[Kept, ...]:
    """Store these calibrations, each with its pictures' bytes in the store as the flow does it."""
    with store.units() as work:
        kept = tuple(work.calibrations.add(one) for one in some)
        work.commit()
    return kept


def past(store: OpenStore, station: str = HERE, device: str = GLASS) -> Past:
    with store.units() as work:
        return work.calibrations.past(station, device)


def sql(store: OpenStore, statement: str, *values: object) -> None:
    mark = "?" if store.engine.dialect.name == "sqlite" else "%s"
    with store.engine.begin() as connection:
        assert connection.exec_driver_sql(statement.replace("?", mark), values).rowcount >= 1


def problems(store: OpenStore) -> set[Problem]:
    """Return what verify finds; the pictures of these calibrations were never stored."""
    return {problem for problem in store.verify() if problem.kind is not ProblemKind.PICTURE_MISSING}
