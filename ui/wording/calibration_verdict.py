"""The verdict on a calibration in one sentence: how it went, why, and what to do now."""

from station.model.calibration import Calibration, Kept
from station.model.quality import Finding, Status
from station.model.target import TargetKind
from ui.wording import calibration
from ui.wording.names import Mark
from ui.wording.translate import QT_TRANSLATE_NOOP, filled, number, translated

_CONTEXT = "CalibrationVerdict"

_GOOD = QT_TRANSLATE_NOOP("CalibrationVerdict", "Good")
_NOT_GOOD = QT_TRANSLATE_NOOP("CalibrationVerdict", "Not good")
_NOT_PROVED = QT_TRANSLATE_NOOP("CalibrationVerdict", "Not proved")

_ALL_KEPT = QT_TRANSLATE_NOOP("CalibrationVerdict", "All {count} figures that count are within their limits.")
_WRONG = QT_TRANSLATE_NOOP("CalibrationVerdict", "{title}: {value}. {limit}. {do}")
_OPEN = QT_TRANSLATE_NOOP("CalibrationVerdict", "{title} was not judged. {do}")
_NOTHING = QT_TRANSLATE_NOOP("CalibrationVerdict", "No figure that counts was judged. Scan the target again.")
_MORE = QT_TRANSLATE_NOOP("CalibrationVerdict", "{count} more below.")
_BASELINE = QT_TRANSLATE_NOOP("CalibrationVerdict", "It qualifies the device: later ones are compared with it.")

_SELF_PRINTED = QT_TRANSLATE_NOOP(
    "CalibrationVerdict",
    "Target without measured values: only geometry and relative sharpness are judged, no tone and no colour.",
)
_UNVERIFIED = QT_TRANSLATE_NOOP(
    "CalibrationVerdict", "The limit is quoted by others; the standard itself was not at hand."
)
_UNCERTAIN = QT_TRANSLATE_NOOP(
    "CalibrationVerdict", "Its uncertainty is not known: the figure alone was held against the limit."
)


def counting(done: Calibration) -> tuple[Finding, ...]:
    """Return the findings on which the verdict hangs, what needs a hand first."""
    return tuple(finding for finding in done.report.report.worst_first if finding.required)


def verdict(kept: Kept) -> Mark:
    """Return the verdict in one or two words."""
    done = kept.calibration
    if done.passed:
        return Mark("good", translated(_CONTEXT, _GOOD), "good")
    if any(finding.status is Status.FAIL for finding in counting(done)):
        return Mark("not_good", translated(_CONTEXT, _NOT_GOOD), "not_good")
    return Mark("look", translated(_CONTEXT, _NOT_PROVED), "look")


def because(kept: Kept, *, baseline: bool = False) -> str:
    """Return the reason and what to do; `baseline`: later ones are compared with this one."""
    done = kept.calibration
    findings = counting(done)
    open_ones = [finding for finding in findings if finding.status is not Status.PASS]
    if done.passed:
        told = filled(_CONTEXT, _ALL_KEPT, {"count": number(len(findings))})
        return f"{told} {translated(_CONTEXT, _BASELINE)}" if baseline else told
    if not open_ones:
        return translated(_CONTEXT, _NOTHING)
    worst = open_ones[0]
    facts: dict[str, object] = {
        "title": calibration.title(worst.measure),
        "value": calibration.value(worst),
        "limit": calibration.limit(worst),
        "do": calibration.instruction(worst),
    }
    judged = worst.status is not Status.NOT_ASSESSED
    told = filled(_CONTEXT, _WRONG if judged else _OPEN, facts)
    more = len(open_ones) - 1
    return f"{told} {filled(_CONTEXT, _MORE, {'count': number(more)})}" if more else told


def spoken(done: Calibration) -> str:
    """Return what must be said aloud of the target, "" where nothing must."""
    own = done.target in tuple(TargetKind)
    return translated(_CONTEXT, _SELF_PRINTED) if own and not done.reference else ""


def doubts(*, unverified: bool, uncertain: bool) -> str:
    """Return what is to be said with a figure's limit, "" where nothing is."""
    told = [(_UNVERIFIED, unverified), (_UNCERTAIN, uncertain)]
    return " ".join(translated(_CONTEXT, text) for text, holds in told if holds)
