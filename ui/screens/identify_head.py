"""The head of Identify: what stands now, and the one thing to do."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from station.flow.confirming import next_action
from station.flow.views import VisitView
from station.model.document import MrzStatus
from station.model.record import AttachmentKind
from ui.screens.compared import match_of, mrz_of
from ui.theme import Tone, as_role
from ui.widgets.words import IconView, label
from ui.wording import rules

_PAPERS = (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE)


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands at the head of the comparison."""

    icon: str
    tone: Tone
    title: str
    text: str


class IdentifyHead(QFrame):
    """Icon, title and one sentence; a banner when the visit has to stop."""

    def __init__(self) -> None:
        """Say nothing yet."""
        super().__init__()
        self._icon = IconView("info", "quiet", 32)
        self._title = label("", "title", wrap=True)
        self._text = label("", "quiet", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = self._around = QHBoxLayout(self)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_visit(self, visit: VisitView | None, *, held: bool) -> None:
        """Say how this visit stands; `held` while papers are held before the camera."""
        told = self._told(visit, held)
        self._icon.show_icon(told.icon, told.tone)
        self._title.setText(told.title)
        as_role(self._title, "title", told.tone if told.tone != "quiet" else "")
        self._text.setText(told.text)
        stop = visit is not None and stops(visit)
        as_role(self, "banner" if stop else "", "not_good" if stop else "")
        margin = 16 if stop else 0
        self._around.setContentsMargins(margin, margin, margin, margin)

    def _told(self, visit: VisitView | None, held: bool) -> _Told:
        if visit is None:
            return _Told("info", "quiet", "", "")
        action = next_action(match_of(visit))
        worded = rules.next_action(action)
        if visit.stranger:
            text = self.tr(
                "Nothing was kept. Give them back, then lay this person's own papers or put the visit aside."
            )
            return _Told("not_good", "not_good", self.tr("These papers are another person's"), text)
        if stops(visit):
            return _Told("not_good", "not_good", worded.says, worded.do)
        if visit.matched:
            text = self.tr("Papers, person and application were confirmed as one.")
            return _Told("good", "good", self.tr("Confirmed"), text)
        missing = missing_of(visit)
        if missing:
            return self._told_missing(missing, held)
        mrz = mrz_of(visit)
        if mrz is None:
            text = self.tr("Scan the passport again, or type or swipe the lines at the foot of its page.")
            return _Told("keyboard", "accent", self.tr("The printed lines could not be read"), text)
        if action.field:
            return _Told("look", "look", worded.says, worded.do)
        if mrz.status is not MrzStatus.ACCEPTED:
            text = self.tr("Compare the fields with their pictures, and correct what was misread.")
            return _Told("look", "look", self.tr("The lines were not read for sure"), text)
        text = self.tr("Compare what is marked with its picture, and the person with the photograph.")
        return _Told("good", "good", self.tr("Papers and record agree"), text)

    def _told_missing(self, missing: tuple[AttachmentKind, ...], held: bool) -> _Told:
        before = self.tr("Hold one after the other before the camera.") if held else ""
        if len(missing) == 2:
            text = before or self.tr(
                "Lay both on the glass, printed side down, the passport open at its photo."
            )
            return _Told("documents", "accent", self.tr("Letter and passport"), text)
        if missing[0] is AttachmentKind.LETTER:
            text = before or self.tr("Lay it on the glass with the printed side down.")
            return _Told("letter", "accent", self.tr("The letter is missing"), text)
        text = before or self.tr("Lay the page with the photograph into the corner of the glass.")
        return _Told("passport", "accent", self.tr("Now the passport"), text)


def missing_of(visit: VisitView) -> tuple[AttachmentKind, ...]:
    """Return which of letter and passport page is not there yet."""
    return tuple(kind for kind in _PAPERS if not visit.of_kind(kind))


def stops(visit: VisitView) -> bool:
    """Tell whether another person's papers lie here."""
    return visit.stranger or (visit.match is not None and visit.match.stops)
