"""One visit: an ordered list of acts, and the state that they add up to.

A visit is stored as its acts, each written before the screen shows it. Replaying them gives the same visit,
so a kiosk that lost its power goes on where the last stored act stands.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from station.model.overrides import SetAside
from station.model.record import AttachmentKind, Override, OverrideNote


class Step(StrEnum):
    """The steps of a visit in their usual order."""

    IDENTIFY = "identify"
    PORTRAIT = "portrait"
    DOCUMENTS = "documents"
    REVIEW = "review"


class ActKind(StrEnum):
    """What an officer or the station did."""

    OPENED = "opened"
    RESUMED = "resumed"
    ENTERED = "entered"
    ATTACHED = "attached"
    KEPT = "kept"
    SET_ASIDE = "set_aside"
    DETACHED = "detached"
    MATCHED = "matched"
    MRZ_TYPED = "mrz_typed"
    MRZ_CORRECTED = "mrz_corrected"
    REFUSED = "refused"
    CODE_TYPED = "code_typed"
    ITEM_WAIVED = "item_waived"
    ITEM_CLAIMED = "item_claimed"
    ANSWERED = "answered"
    PAGES_MOVED = "pages_moved"
    PAGE_ADJUSTED = "page_adjusted"
    PAGES_PAIRED = "pages_paired"
    PAGES_PARTED = "pages_parted"
    UNDONE = "undone"
    LEFT = "left"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done. `facts` are JSON values: attachment ids, step names, reasons, never pixels."""

    kind: ActKind
    at: datetime
    officer: str
    facts: dict[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Correction:
    """A part of the printed lines that the officer mended, or confirmed by eye (then `was` is `now`).

    `line` and `start` say where the part begins, from 0; `was` and `now` are equally long.
    """

    part: str
    line: int
    start: int
    was: str = field(repr=False)
    now: str = field(repr=False)
    reason: str

    def covers(self, line: int, column: int) -> bool:
        """Tell whether this cell was looked at."""
        return line == self.line and self.start <= column < self.start + len(self.was)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the acts of one visit add up to.

    `number` is how many acts are stored; the next one gets this number, so two kiosks cannot both write it.
    """

    id: str
    record_id: str
    station: str
    opened_at: datetime
    step: Step = Step.IDENTIFY
    matched: bool = False
    match_reason: str = ""
    mrz_lines: tuple[str, ...] = field(default=(), repr=False)
    corrections: tuple[Correction, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = field(default=(), repr=False)
    waived: tuple[tuple[str, str], ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    answers: tuple[tuple[str, bool], ...] = ()
    open: bool = True
    sealed: bool = False
    left: bool = False
    rehearsal: bool = False
    number: int = 0

    def after(self, act: Act) -> "Visit":
        """Return the visit as it stands after this act."""
        change = _CHANGES.get(act.kind)
        visit = change(self, act.facts) if change else self
        return replace(visit, number=self.number + 1)


def _entered(visit: Visit, facts: dict[str, object]) -> Visit:
    return replace(visit, step=Step(str(facts["step"])))


def _matched(visit: Visit, facts: dict[str, object]) -> Visit:
    return replace(visit, matched=bool(facts["matched"]), match_reason=str(facts.get("reason", "")))


def _typed(visit: Visit, facts: dict[str, object]) -> Visit:
    return replace(visit, mrz_lines=_lines(facts), corrections=(), matched=False, match_reason="")


def _corrected(visit: Visit, facts: dict[str, object]) -> Visit:
    part, was, now, reason = (str(facts[name]) for name in ("part", "was", "now", "reason"))
    line, start = (int(str(facts[name])) for name in ("line", "start"))
    corrections = (*visit.corrections, Correction(part, line, start, was, now, reason))
    return replace(visit, mrz_lines=_lines(facts), corrections=corrections, matched=False, match_reason="")


def _set_aside(visit: Visit, facts: dict[str, object]) -> Visit:
    said = {name: str(facts.get(name, "")) for name in ("note", "second", "second_note", "by")}
    at = datetime.fromisoformat(str(facts["at"]))
    note = OverrideNote(Override(str(facts["override"])), str(facts["reason"]), **said, at=at)
    name, item, profile, device = (str(facts[key]) for key in ("attachment", "item", "profile", "device"))
    picture, page = AttachmentKind(str(facts["kind"])), int(str(facts["page"]))
    gone = SetAside(name, picture, item, page, profile, device, note)
    return replace(visit, set_aside=(*visit.set_aside, gone))


def _attached(visit: Visit, facts: dict[str, object]) -> Visit:
    """Take back that a picture was set aside: it is on the record again."""
    back = tuple(gone for gone in visit.set_aside if gone.attachment != facts.get("attachment"))
    return _another_page(replace(visit, set_aside=back), facts)


def _another_page(visit: Visit, facts: dict[str, object]) -> Visit:
    """Forget what was mended on a page that is no longer there."""
    if visit.corrections and facts.get("kind") == "passport_page":
        return replace(visit, mrz_lines=(), corrections=())
    return visit


def _lines(facts: dict[str, object]) -> tuple[str, ...]:
    lines = facts["lines"]
    return tuple(str(line) for line in lines) if isinstance(lines, list) else ()


def _code(visit: Visit, facts: dict[str, object]) -> Visit:
    code = str(facts["code"])
    return replace(visit, codes=(*(c for c in visit.codes if c != code), code))


def _waived(visit: Visit, facts: dict[str, object]) -> Visit:
    item = str(facts["item"])
    return replace(visit, waived=(*(w for w in visit.waived if w[0] != item), (item, str(facts["reason"]))))


def _claimed(visit: Visit, facts: dict[str, object]) -> Visit:
    return replace(visit, waived=tuple(w for w in visit.waived if w[0] != str(facts["item"])))


def _answered(visit: Visit, facts: dict[str, object]) -> Visit:
    question, answer = str(facts["question"]), facts["answer"]
    others = tuple(a for a in visit.answers if a[0] != question)
    return replace(visit, answers=others if answer is None else (*others, (question, bool(answer))))


def _resumed(visit: Visit, facts: dict[str, object]) -> Visit:
    return replace(visit, station=str(facts.get("station", visit.station)), left=False)


def _left(visit: Visit, facts: dict[str, object]) -> Visit:
    return replace(visit, left=True)


def _sealed(visit: Visit, facts: dict[str, object]) -> Visit:
    return replace(visit, open=False, sealed=True)


_CHANGES = {
    ActKind.ENTERED: _entered,
    ActKind.MATCHED: _matched,
    ActKind.MRZ_TYPED: _typed,
    ActKind.MRZ_CORRECTED: _corrected,
    ActKind.ATTACHED: _attached,
    ActKind.SET_ASIDE: _set_aside,
    ActKind.DETACHED: _another_page,
    ActKind.CODE_TYPED: _code,
    ActKind.ITEM_WAIVED: _waived,
    ActKind.ITEM_CLAIMED: _claimed,
    ActKind.ANSWERED: _answered,
    ActKind.RESUMED: _resumed,
    ActKind.LEFT: _left,
    ActKind.SEALED: _sealed,
}
