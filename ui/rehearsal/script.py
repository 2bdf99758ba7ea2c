"""The script of a rehearsal, read strictly before anything is opened: each step becomes a deed of the player.

`record` names the applicant of `resources/rehearsals/day.csv`; each table of `steps` does one thing.

    lay = "form"       a sheet on the glass; `sheets` of them in the feeder, `title`, `flaw`
    hold = "passport"  a paper before the camera, with `flaw`
    seat = 7           whose face is before the camera; every word of a `Sitter` but `place`: `light`, `yaw`,
                       `wear` ...; `eyes` one number; `from_yaw`: turns the head from there first
    trouble = "jam"    on `device` scanner or camera, `at` a page or frame, so many `times`
    wear = { … }       of the scanner from the next page on: `noise`, `blur_px` … (see `wear_of`); {}: none
    plug, unplug       a device
    press = "space"    the primary action (`offers`: when it is this command), a command by name, or any key
    click = "…"        the button whose name begins so
    type = "…"         where the focus is, then Enter
    type_number = "…"  the applicant's number: letter or application
    type_mrz = true    the printed lines of the applicant's passport, as a reader does
    swipe = "passport" through the reader, once it is plugged in; "letter" its code
    wait = "sealed"    for a state; `count` pages, `code` of a notice or an error
    picture = "…"      keep a picture of the window
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from station.flow import rehearsed
from station.model.capability import DeviceKind
from station.model.record import AttachmentKind
from station.model.specimen import Backdrop, Fault, FaultKind, Flaw, PaperKind, Sitter, Wear
from station.model.visit import Step
from station.toml_file import Table, meant, read_table
from ui.actions import LOOKS, Command
from ui.rehearsal.player import Player
from ui.rehearsal.wear import wear_of

_E = TypeVar("_E", bound=StrEnum)

Deed = Callable[[Player], None]


@dataclass(frozen=True, slots=True)
class Script:
    """Whose visit is rehearsed, and the steps: how each is told, and what it does."""

    record: str
    steps: tuple[tuple[str, Deed], ...]


def read_script(path: Path) -> Script:
    """Read a script.

    Raises:
        SettingsError: `key` names the step by its number from 1.
    """
    table = read_table(path)
    table.only("title", "record", "steps")
    return Script(table.text("record"), tuple(_step(entry) for entry in table.tables("steps")))


STATES: dict[str, Callable[[Player, int, str], object]] = {
    "desk": lambda p, n, c: p.stands_at(None),
    "identify": lambda p, n, c: p.stands_at(Step.IDENTIFY),
    "portrait": lambda p, n, c: p.stands_at(Step.PORTRAIT),
    "documents": lambda p, n, c: p.stands_at(Step.DOCUMENTS),
    "review": lambda p, n, c: p.stands_at(Step.REVIEW),
    "devices": lambda p, n, c: p.heard.ready,
    "reader": lambda p, n, c: p.heard.reader,
    "scanner": lambda p, n, c: p.heard.scanner,
    "letter_attached": lambda p, n, c: p.attached(AttachmentKind.LETTER),
    "passport_attached": lambda p, n, c: p.attached(AttachmentKind.PASSPORT_PAGE),
    "portrait_attached": lambda p, n, c: p.attached(AttachmentKind.PORTRAIT),
    "pages": lambda p, n, c: p.attached(AttachmentKind.DOCUMENT) == n,
    "mrz": lambda p, n, c: p.heard.visit and p.heard.visit.passport and p.heard.visit.passport.mrz,
    "compared": lambda p, n, c: p.heard.visit and any(part.corrected for part in p.heard.visit.zone),
    "good_pages": lambda p, n, c: p.good_pages() == n,
    "matched": lambda p, n, c: p.heard.visit and p.heard.visit.matched,
    "can_seal": lambda p, n, c: p.heard.visit and p.heard.visit.can_seal,
    "sealed": lambda p, n, c: p.sealed,
    "live": lambda p, n, c: p.heard.live,
    "candidate": lambda p, n, c: p.heard.candidate,
    "said": lambda p, n, c: c in p.heard.codes,
}
"""What can be waited for, with a count of pages and the code of a notice or an error."""


def _step(table: Table) -> tuple[str, Deed]:
    """Return how a step is told, and what it does."""
    found = [verb for verb in VERBS if verb in table.values]
    # What a sitter wears is no wear of the scanner: a word of another verb is none itself.
    verbs = [verb for verb in found if not any(verb in VERBS[other][0] for other in found)]
    if len(verbs) != 1:
        raise table.refusal("", "missing", " | ".join(VERBS))
    known, parse = VERBS[verbs[0]]
    table.only(verbs[0], *known)
    told = ", ".join(f"{key} {value}" for key, value in table.values.items())
    return told, parse(table)


def _lay(table: Table) -> Deed:
    paper, sheets = _choice(table, "lay", PaperKind), _count(table, "sheets", 1)
    flaws = (_choice(table, "flaw", Flaw),) if "flaw" in table.values else ()
    title = table.text("title") if "title" in table.values else ""
    return lambda player: player.lay(paper, sheets, title, flaws)


def _hold(table: Table) -> Deed:
    paper = _choice(table, "hold", PaperKind)
    flaws = (_choice(table, "flaw", Flaw),) if "flaw" in table.values else ()
    return lambda player: player.hold(paper, flaws)


SITTER_FLAGS = ("present", "sharp", "busy_background", "companion")
SITTER_NUMBERS = (
    "light", "yaw", "pitch", "roll", "smile", "mouth_open", "eye_distance_px", "side_light", "shine", "blur_px",
    "noise",
)  # fmt: skip
TURN_MOMENTS = 4


def _seat(table: Table) -> Deed:
    words: dict[str, Any] = {name: table.flag(name, False) for name in SITTER_FLAGS if name in table.values}
    words |= {name: _number(table, name) for name in SITTER_NUMBERS if name in table.values}
    open_ = _number(table, "eyes") if "eyes" in table.values else 1.0
    sitter = replace(
        Sitter(
            seed=_count(table, "seat", 1),
            complexion=_count(table, "complexion", 0),
            eyes=(open_, open_),
            backdrop=_choice(table, "backdrop", Backdrop) if "backdrop" in table.values else Backdrop.PLAIN,
            wear=_choice(table, "wear", Wear) if "wear" in table.values else Wear.NOTHING,
        ),
        **words,
    )
    if "from_yaw" not in table.values:
        return lambda player: player.seat(sitter)
    start = _number(table, "from_yaw")
    way = (start + (sitter.yaw - start) * step / TURN_MOMENTS for step in range(TURN_MOMENTS))
    act = (*(replace(sitter, yaw=yaw) for yaw in way), sitter)
    return lambda player: player.seat(*act)


def _trouble(table: Table) -> Deed:
    kind, device = _choice(table, "trouble", FaultKind), _device(table, "device")
    fault = Fault(kind, _count(table, "at", 1), _count(table, "times", 1))
    return lambda player: player.props.trouble(device, fault)


def _wear(table: Table) -> Deed:
    wear = wear_of(table.table("wear"))
    return lambda player: player.props.wear(f"simulated:{DeviceKind.SCANNER}", wear)


def _plug(table: Table) -> Deed:
    device = _device(table, "plug")
    return lambda player: player.props.plug(device, connected=True)


def _unplug(table: Table) -> Deed:
    device = _device(table, "unplug")
    return lambda player: player.props.plug(device, connected=False)


def _press(table: Table) -> Deed:
    name = table.text("press")
    if name == "space":
        offers = _choice(table, "offers", Command) if "offers" in table.values else None
        return lambda player: player.press_primary(offers)
    if name in set(Command):
        command = Command(name)
        if not LOOKS[command].key:
            raise table.refusal("press", "wrong_value", "space")
        return lambda player: player.press_command(command)
    key = QKeySequence.fromString(name)
    if key.isEmpty() or key == QKeySequence(Qt.Key.Key_unknown):
        raise table.refusal("press", "wrong_value", meant(name, Command))
    return lambda player: player.press(key)


def _click(table: Table) -> Deed:
    name = table.text("click")
    return lambda player: player.click(name)


def _type(table: Table) -> Deed:
    text = table.text("type")
    return lambda player: player.type(text)


def _type_number(table: Table) -> Deed:
    which = table.text("type_number")
    if which not in ("letter", "application"):
        raise table.refusal("type_number", "wrong_value", "letter | application")
    return lambda player: player.type(
        player.record.letter_number if which == "letter" else player.record.application_number
    )


def _type_mrz(table: Table) -> Deed:
    if not table.flag("type_mrz", True):
        raise table.refusal("type_mrz", "wrong_value", "true")
    return lambda player: player.type(*rehearsed.printed_lines(player.record))


def _swipe(table: Table) -> Deed:
    what = table.text("swipe")
    if what not in ("passport", "letter"):
        raise table.refusal("swipe", "wrong_value", "passport | letter")
    return lambda player: player.swipe(passport=what == "passport")


def _wait(table: Table) -> Deed:
    state, count = table.text("wait"), _count(table, "count", 0)
    code = table.text("code") if "code" in table.values else ""
    if state not in STATES:
        raise table.refusal("wait", "wrong_value", meant(state, STATES))
    holds = STATES[state]
    return lambda player: player.until(lambda: holds(player, count, code), state)


def _picture(table: Table) -> Deed:
    name = table.text("picture")
    return lambda player: player.keep_picture(name)


VERBS: dict[str, tuple[tuple[str, ...], Callable[[Table], Deed]]] = {
    "lay": (("sheets", "title", "flaw"), _lay),
    "hold": (("flaw",), _hold),
    "seat": (
        (*SITTER_FLAGS, *SITTER_NUMBERS, "complexion", "eyes", "backdrop", "wear", "from_yaw"),
        _seat,
    ),
    "trouble": (("device", "at", "times"), _trouble),
    "wear": ((), _wear),
    "plug": ((), _plug),
    "unplug": ((), _unplug),
    "press": (("offers",), _press),
    "click": ((), _click),
    "type": ((), _type),
    "type_number": ((), _type_number),
    "type_mrz": ((), _type_mrz),
    "swipe": ((), _swipe),
    "wait": (("count", "code"), _wait),
    "picture": ((), _picture),
}


def _choice(table: Table, key: str, kind: type[_E]) -> _E:
    word = table.text(key)
    try:
        return kind(word)
    except ValueError:
        raise table.refusal(key, "wrong_value", meant(word, kind)) from None


def _count(table: Table, key: str, default: int) -> int:
    number = table.number(key)
    if number is None:
        return default
    if number < 1 or number != int(number):
        raise table.refusal(key, "wrong_value")
    return int(number)


def _number(table: Table, key: str) -> float:
    number = table.number(key)
    return 0.0 if number is None else number


def _device(table: Table, key: str) -> str:
    name = table.text(key)
    if name not in set(DeviceKind):
        raise table.refusal(key, "wrong_value", " | ".join(DeviceKind))
    return f"simulated:{name}"
