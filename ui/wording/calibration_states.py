"""How the calibration of a device stands, in one plain sentence, with icon and tone."""

from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from station.flow.calibration_views import DeviceCalibration, Stage
from station.model.calibration import Kept, Override, Reason, Standing, State
from ui.wording.names import Mark
from ui.wording.translate import QT_TRANSLATE_NOOP, Message, filled, moment, number, translated

_CONTEXT = "CalibrationState"

_MUST: dict[Reason, str] = {
    Reason.NEVER: QT_TRANSLATE_NOOP("CalibrationState", "Must be calibrated: it never was."),
    Reason.FAILED: QT_TRANSLATE_NOOP("CalibrationState", "Must be calibrated: it failed the last time."),
    Reason.FAILED_TWICE: QT_TRANSLATE_NOOP(
        "CalibrationState", "Locked: failed twice; a technician must release it."
    ),
    Reason.CLOCK: QT_TRANSLATE_NOOP(
        "CalibrationState", "Locked: the clock was set back; set it right, or calibrate the device anew."
    ),
    Reason.SERIAL: QT_TRANSLATE_NOOP(
        "CalibrationState", "Must be calibrated: it is another device than before."
    ),
    Reason.DRIVER: QT_TRANSLATE_NOOP("CalibrationState", "Must be calibrated: its driver was changed."),
    Reason.SETTINGS: QT_TRANSLATE_NOOP("CalibrationState", "Must be calibrated: its settings were changed."),
    Reason.SCANS: QT_TRANSLATE_NOOP(
        "CalibrationState", "Must be calibrated: it has taken as many pictures as are allowed."
    ),
    Reason.TARGET: QT_TRANSLATE_NOOP(
        "CalibrationState", "Must be calibrated with a new target: the old expired."
    ),
    Reason.DAY: QT_TRANSLATE_NOOP("CalibrationState", "Must be calibrated: the day's check is missing."),
    Reason.TIME: QT_TRANSLATE_NOOP("CalibrationState", "Must be calibrated: the last one is too old."),
}

_GOOD = QT_TRANSLATE_NOOP("CalibrationState", "Good until {when}.")
_GOOD_NOW = QT_TRANSLATE_NOOP("CalibrationState", "Good.")
_SOON = QT_TRANSLATE_NOOP("CalibrationState", "Good until {when}; calibrate it before then.")
_SOON_TARGET = QT_TRANSLATE_NOOP(
    "CalibrationState", "Good until {when}, when the target expires; get a new one."
)
_SOON_SCANS = QT_TRANSLATE_NOOP("CalibrationState", "Good for {left} more pictures; calibrate it before then.")
_OPEN = QT_TRANSLATE_NOOP("CalibrationState", "Opened by {by} until {when}: {reason}")
_NOT_ASKED = QT_TRANSLATE_NOOP("CalibrationState", "May be used without a calibration.")
_NOT_GOOD = QT_TRANSLATE_NOOP("CalibrationState", "May be used, but its last calibration was not good.")

_TODAY_END = QT_TRANSLATE_NOOP("CalibrationState", "the end of today")
_TODAY = QT_TRANSLATE_NOOP("CalibrationState", "today {time}")
_TOMORROW = QT_TRANSLATE_NOOP("CalibrationState", "tomorrow {time}")
_WEEKDAY = QT_TRANSLATE_NOOP("CalibrationState", "{day} {time}")

_LAST_PASSED = QT_TRANSLATE_NOOP("CalibrationState", "Last calibrated {when}: good")
_LAST_FAILED = QT_TRANSLATE_NOOP("CalibrationState", "Last calibrated {when}: not good")
_LAST_NEVER = QT_TRANSLATE_NOOP("CalibrationState", "Never calibrated on this station")

STAGES: dict[Stage, tuple[str, str]] = {
    Stage.SCANNING: (
        QT_TRANSLATE_NOOP("CalibrationState", "Scanning the target"),
        QT_TRANSLATE_NOOP("CalibrationState", "Leave the lid closed."),
    ),
    Stage.MEASURING: (
        QT_TRANSLATE_NOOP("CalibrationState", "Measuring"),
        QT_TRANSLATE_NOOP("CalibrationState", "Every edge, patch and dot of the target is looked at."),
    ),
    Stage.KEEPING: (
        QT_TRANSLATE_NOOP("CalibrationState", "Storing the result"),
        QT_TRANSLATE_NOOP("CalibrationState", "It is signed and kept with the picture of the target."),
    ),
    Stage.SCANNING_GLASS: (
        QT_TRANSLATE_NOOP("CalibrationState", "Scanning the empty glass"),
        QT_TRANSLATE_NOOP("CalibrationState", "Leave the lid closed."),
    ),
    Stage.LOOKING: (
        QT_TRANSLATE_NOOP("CalibrationState", "Looking for marks"),
        QT_TRANSLATE_NOOP("CalibrationState", "The picture is compared with the cleanest one so far."),
    ),
}
"""What a calibration that runs is doing: heading and sentence."""

_WAITS = QT_TRANSLATE_NOOP("CalibrationState", "Calibration and a visit never run together.")
_WAITS_DO = QT_TRANSLATE_NOOP("CalibrationState", "Put the visit aside first; it waits at the desk.")

_CHIP_LOCKED = QT_TRANSLATE_NOOP("CalibrationState", "Needs calibration")
_CHIP_OPEN = QT_TRANSLATE_NOOP("CalibrationState", "Opened until {time}")
_CHIP_SOON = QT_TRANSLATE_NOOP("CalibrationState", "Calibrate soon")


def state(standing: Standing, *, needed: bool, now: datetime) -> Mark:
    """Return how a calibration stands; `needed`: the device is locked whenever it does not stand.

    `now` is the moment from which "today" is counted, with its time zone.
    """
    if standing.override is not None:
        return Mark("overridden", _leave(standing.override, now), "look")
    if standing.state is State.VALID:
        return Mark("good", _until(_GOOD if standing.due else _GOOD_NOW, standing, now), "good")
    if standing.state is State.DUE_SOON:
        soon = {Reason.SCANS: _SOON_SCANS, Reason.TARGET: _SOON_TARGET}
        return Mark(
            "calendar", _until(soon.get(standing.reason or Reason.TIME, _SOON), standing, now), "accent"
        )
    why = translated(_CONTEXT, _MUST[standing.reason or Reason.NEVER])
    if not needed:
        return Mark("info", translated(_CONTEXT, _NOT_GOOD if failed(standing) else _NOT_ASKED), "quiet")
    return Mark("lock", why, "not_good" if failed(standing) else "look")


def failed(standing: Standing) -> bool:
    """Tell whether the last calibrations were not good."""
    return standing.state is State.FAILED


def chip(standing: Standing | None, *, locked: bool, noticed: bool, now: datetime) -> Mark | None:
    """Return what a device chip says of the calibration, None where all is well.

    `noticed`: ordinary pages showed a sign that it should be calibrated.
    """
    if standing is None:
        return None
    if locked:
        return Mark("lock", translated(_CONTEXT, _CHIP_LOCKED), "not_good" if failed(standing) else "look")
    if standing.override is not None:
        ends = standing.override.ends.astimezone(now.tzinfo)
        return Mark("overridden", filled(_CONTEXT, _CHIP_OPEN, {"time": f"{ends:%H:%M}"}), "look")
    if noticed or standing.state is State.DUE_SOON:
        return Mark("calendar", translated(_CONTEXT, _CHIP_SOON), "accent")
    return None


def stage(at: Stage) -> tuple[str, str]:
    """Return what a calibration that runs is doing: a heading and a sentence."""
    title, told = STAGES[at]
    return translated(_CONTEXT, title), translated(_CONTEXT, told)


def waits(standing: Standing | None) -> Message:
    """Say that a visit is in hand: calibration comes after it. `standing` is that of the device in question."""
    must = _MUST.get(standing.reason) if standing and standing.reason else None
    return Message(
        translated(_CONTEXT, _WAITS), translated(_CONTEXT, must or ""), translated(_CONTEXT, _WAITS_DO)
    )


def last(device: DeviceCalibration) -> str:
    """Return when a device was calibrated last, and how that went."""
    return done(device.last)


def done(kept: Kept | None) -> str:
    """Return when a calibration was done and how it went."""
    if kept is None:
        return translated(_CONTEXT, _LAST_NEVER)
    text = _LAST_PASSED if kept.calibration.passed else _LAST_FAILED
    return filled(_CONTEXT, text, {"when": moment(kept.calibration.at)})


def when(end: datetime, now: datetime) -> str:
    """Write a moment to come as it is said: the end of today, tomorrow 08:10, Friday 08:10."""
    here = now.astimezone()
    ends = end.astimezone(here.tzinfo)
    time = f"{ends:%H:%M}"
    days = (ends.date() - here.date()).days
    if days == 1 and ends.time() == ends.time().min:
        return translated(_CONTEXT, _TODAY_END)
    if days in (0, 1):
        return filled(_CONTEXT, _TOMORROW if days else _TODAY, {"time": time})
    if 1 < days < 7:
        day = QLocale().toString(QDate(ends.year, ends.month, ends.day), "dddd")
        return filled(_CONTEXT, _WEEKDAY, {"day": day, "time": time})
    return moment(end)


def days_until(end: datetime, now: datetime) -> int:
    """Return how many days it is to a moment, rounded, at least 0."""
    return max(0, round((end - now) / timedelta(days=1)))


def _leave(leave: Override, now: datetime) -> str:
    return filled(_CONTEXT, _OPEN, {"by": leave.by, "when": when(leave.ends, now), "reason": leave.reason})


def _until(text: str, standing: Standing, now: datetime) -> str:
    facts: dict[str, object] = {}
    if standing.due is not None:
        facts["when"] = when(standing.due, now)
    if standing.scans_left is not None:
        facts["left"] = number(standing.scans_left)
    return filled(_CONTEXT, text, facts)
