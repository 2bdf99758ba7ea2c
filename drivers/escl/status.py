"""What a scanner says when it gives no page, and what that is in our words; the first that fits decides.

Words that are not here (devices invent some) mean nothing.
"""

from dataclasses import dataclass

from drivers.escl.documents import JobView, ScannerView
from station.errors import (
    AccessDenied,
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceOffline,
    DriverFault,
    FeederEmpty,
    PaperJam,
    StationError,
)

FEEDER: dict[str, type[StationError]] = {
    "ScannerAdfJam": PaperJam,
    "ScannerAdfMispick": PaperJam,
    "ScannerAdfMultipickDetected": PaperJam,
    "ScannerAdfDuplexPageTooShort": PaperJam,
    "ScannerAdfDuplexPageTooLong": PaperJam,
    "ScannerAdfInputTrayFailed": PaperJam,
    "ScannerAdfInputTrayOverloaded": PaperJam,
    "ScannerAdfDoorOpen": CoverOpen,
    "ScannerAdfHatchOpen": CoverOpen,
}
"""AdfState. That of a flatbed scan counts too: devices refuse any work with the feeder's cover open."""

EMPTY = "ScannerAdfEmpty"

JOB: dict[str, type[StationError]] = {
    "JobCanceledByUser": Cancelled,
    "Canceled": Cancelled,
    "Aborted": DriverFault,
}
"""JobStateReason and JobState: someone pressed the scanner's own cancel key, or the scanner gave up."""

WORKING = frozenset({"Pending", "Processing"})
"""JobState of a job that may have more pages."""

SCANNER: dict[str, type[StationError]] = {
    "Processing": DeviceBusy,
    "Testing": DeviceBusy,
    "Down": DeviceOffline,
    "Stopped": DriverFault,
}
"""pwg:State when it refuses a job; HP says Testing while its lamp warms up."""

HTTP: dict[int, type[StationError]] = {
    401: AccessDenied,
    403: AccessDenied,
    503: DeviceBusy,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that was no page: its HTTP code, and what the scanner said of itself right after."""

    code: int
    view: ScannerView
    job: JobView | None = None

    @property
    def works_on(self) -> bool:
        """Whether page after page may still come: the job and the scanner both say so."""
        return self.job is not None and self.job.state in WORKING and self.view.state == "Processing"

    def stoppage(self) -> type[StationError] | None:
        """Return what stopped the paper or the job; None when nothing did."""
        if self.view.feeder in FEEDER:
            return FEEDER[self.view.feeder]
        words = (*self.job.reasons, self.job.state) if self.job is not None else ()
        return next((JOB[word] for word in words if word in JOB), None)

    def error(self, *, empty: bool, begun: bool, **facts: object) -> StationError:
        """Return the failure of a scan.

        `empty` tells that an empty feeder explains it, `begun` that the scanner is busy with our own job.
        """
        kind = self.stoppage()
        if kind is None and empty and self.view.feeder == EMPTY:
            kind = FeederEmpty
        if kind is None:
            kind = HTTP.get(self.code)
        if kind is None:
            kind = DriverFault if begun else SCANNER.get(self.view.state, DriverFault)
        return self.named(kind, **facts)

    def named(self, kind: type[StationError], **facts: object) -> StationError:
        """Return a failure of this kind; one without a name of its own says what the scanner said."""
        if kind is DriverFault:
            words = (self.view.state, self.view.feeder, self.job.state if self.job else "")
            facts["detail"] = " ".join((f"HTTP {self.code}", *filter(None, words)))
        return kind(**facts)
