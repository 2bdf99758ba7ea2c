"""The attempts at a portrait side by side: a small picture each, how it measured, and which is the best."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.views import Candidate
from station.model.image import Pixels
from station.model.quality import Verdict
from ui.pictures import Picture
from ui.theme import as_role, colour
from ui.widgets.button import RowButton
from ui.widgets.words import IconView, label
from ui.wording.names import mark

_PICTURE = QSize(49, 63)
"""In the shape of a photo, 35 x 45."""

_KEYS = 9

_WORST_LAST = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)


def verdict_on(candidate: Candidate) -> Verdict:
    """Return the worse of the verdicts on the capture and on the photo that is cut from it."""
    photo = candidate.photo_report.verdict if candidate.photo_report is not None else Verdict.PASS
    return max(candidate.report.verdict, photo, key=_WORST_LAST.index)


class Attempts(QFrame):
    """Shows the attempts of a visit; there is nothing to choose among fewer than `least` and it hides."""

    chosen = Signal(int)
    """The number of the attempt that was pressed, from 1."""

    def __init__(self) -> None:
        """Start empty and hidden."""
        super().__init__()
        as_role(self, "bottom")
        self._buttons: list[_Attempt] = []
        self._shown: tuple[tuple[Candidate, ...], int] = ((), 0)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 16, 8)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.setAccessibleName(self.tr("Attempts"))
        self.keys = [self._key(number) for number in range(1, _KEYS + 1)]
        """Actions that choose an attempt by its figure; they belong to the screen that shows the attempts."""
        self.hide()

    def allow_keys(self, on: bool) -> None:
        """Let the figures of the attempts that are there choose, or none."""
        numbers = {button.number for button in self._buttons} if on else set()
        for number, key in enumerate(self.keys, 1):
            key.setEnabled(number in numbers)

    def _key(self, number: int) -> QAction:
        key = QAction(self)
        key.setShortcut(str(number))
        key.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.setEnabled(False)
        key.triggered.connect(lambda: self.chosen.emit(number))
        return key

    def show_attempts(self, attempts: Sequence[Candidate], chosen: int = 0, *, least: int = 2) -> None:
        """Show these attempts, the one with the number `chosen` as chosen; pictures of others are forgotten."""
        self.setVisible(len(attempts) >= least)
        if (tuple(attempts), chosen) == self._shown:
            return
        self._shown = tuple(attempts), chosen
        for old in self._buttons:
            self._row.removeWidget(old)
            old.forget()
            old.deleteLater()
        self._buttons = [_Attempt(attempt, attempt.attempt == chosen) for attempt in attempts]
        for at, button in enumerate(self._buttons):
            button.clicked.connect(lambda _=False, number=button.number: self.chosen.emit(number))
            self._row.insertWidget(at, button)


class _Attempt(RowButton):
    """One attempt: its picture, its number (which is also its key), its verdict, and whether it is the best."""

    def __init__(self, attempt: Candidate, chosen: bool) -> None:
        super().__init__("step")
        self.number = attempt.attempt
        self.setCheckable(True)
        self.setChecked(chosen)
        shown = mark(verdict_on(attempt))
        self._picture = _Small(attempt.photo if attempt.photo is not None else attempt.pixels)
        name = self.tr("Attempt {number}").format(number=self.number)
        best = self.tr("Best") if attempt.best else ""
        verdict = QHBoxLayout()
        verdict.setSpacing(6)
        verdict.addWidget(IconView(shown.icon, shown.tone, 16))
        verdict.addWidget(label(shown.word, "", shown.tone), 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(label(name, "strong"))
        words.addLayout(verdict)
        words.addWidget(label(best, "caption", "accent"))
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 16, 8)
        row.setSpacing(12)
        self.setFixedHeight(_PICTURE.height() + 20)
        row.addWidget(self._picture)
        row.addLayout(words)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(", ".join(part for part in (name, shown.word, best) if part))
        self.setToolTip(f"{name} ({self.number})")

    def forget(self) -> None:
        self._picture.picture = None
        self.hide()


class _Small(QWidget):
    """A picture cut to the shape of a photo, its corners rounded."""

    def __init__(self, pixels: Pixels) -> None:
        super().__init__()
        self.picture: Picture | None = Picture(pixels)
        self.setFixedSize(_PICTURE)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.rect())
        edge = QPainterPath()
        edge.addRoundedRect(room, 4, 4)
        painter.setClipPath(edge)
        image = self.picture.image
        ratio = self.devicePixelRatioF()
        small = image.scaled(
            _PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
        part = QRectF(0, 0, _PICTURE.width() * ratio, _PICTURE.height() * ratio)
        part.moveCenter(QRectF(small.rect()).center())
        painter.drawImage(room, small, part)
        painter.setClipping(False)
        painter.setPen(QPen(colour("line"), 1))
        painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
