"""What the applicant sees: themselves as in a mirror, where to look, one sentence. Nothing of the visit."""

from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from ui.pictures import Picture
from ui.theme import Tone, colour, paint_icon
from ui.widgets.portrait_guide import draw_held, target_on
from ui.wording.advice import Moment, to_applicant

_PICTURE_SHARE = 0.74
"""Of the window's height; the sentence stands beneath."""
_SIGN_SHARE = 0.16
_MARGIN_SHARE = 0.04
_LETTER_SHARE = 0.062
"""Height of the letters in parts of the window's height: 66 px on 1920 x 1080, read from 2 m."""
_LEAST_LETTER = 0.45
"""In parts of that: a long sentence is written smaller rather than cut."""
_SECOND = 0.66
"""Size of the second language's letters in parts of the first one's."""
_CORNER = 24
_FLAGS = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


class _Shown(Enum):
    NOTHING = auto()
    LIVE = auto()
    THANKS = auto()


class ApplicantView(QWidget):
    """A window for a screen that faces the applicant. It lives with the officer's and never takes its focus.

    It fills a second screen when there is one. It shows what it is told and forgets the picture the moment
    that it is told so: `blank` leaves a plain surface. Only the part of the picture where a portrait belongs is
    shown, so that nobody who stands further away appears.
    """

    closed = Signal()
    """The window was closed by its own button, or with the officer's window."""

    def __init__(self, officers: QWidget) -> None:
        """Build the window beside the officer's; it is blank and not open yet."""
        super().__init__(officers, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(self.tr("Applicant's screen"))
        self.setAccessibleName(self.windowTitle())
        self._officers = officers
        self._shown = _Shown.NOTHING
        self._picture: Picture | None = None
        self._lines: tuple[str, ...] = ()
        self._held = 0.0
        self._tone: Tone = "text"
        officers.installEventFilter(self)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._take_place)
            app.screenRemoved.connect(self._take_place)

    @property
    def lines(self) -> tuple[str, ...]:
        """What the applicant reads now: the same in one language or two; nothing while the window is blank."""
        return self._lines

    @property
    def holds_picture(self) -> bool:
        """A live picture is shown, or would be if the window were open."""
        return self._picture is not None

    # -- what is shown ----------------------------------------------------------------------------------------

    def blank(self) -> None:
        """Show a plain surface; nothing of what was shown stays."""
        self._say(_Shown.NOTHING, ())

    def thank(self) -> None:
        """Say thank you in place of the picture: a portrait was taken."""
        self._say(_Shown.THANKS, to_applicant(Moment.TAKEN))

    def guide(self, lines: tuple[str, ...], tone: Tone = "text", held: float = 0.0) -> None:
        """Show the mirror with this advice; `held` (0 to 1) is how full the outline of the oval is."""
        self._say(_Shown.LIVE, lines, tone, held)

    def mirror(self, picture: Picture | None) -> None:
        """Show this frame from now on, if a mirror is shown at all; None forgets the last one."""
        self._picture = picture if self._shown is _Shown.LIVE else None
        self.update()

    def _say(self, shown: _Shown, lines: tuple[str, ...], tone: Tone = "text", held: float = 0.0) -> None:
        self._shown, self._lines, self._tone, self._held = shown, lines, tone, held
        if shown is not _Shown.LIVE:
            self._picture = None
        self.update()

    # -- the window -------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open on the screen that the officer does not look at, full; in a window where there is but one."""
        self._take_place(opening=True)

    def _take_place(self, *_screens: object, opening: bool = False) -> None:
        if not (opening or self.isVisible()):
            return
        mine = self._officers.screen()
        other = next((screen for screen in QGuiApplication.screens() if screen is not mine), None)
        if other is not None:
            self.setScreen(other)
            self.setGeometry(other.geometry())
            self.showFullScreen()
        else:
            self.showNormal()
            self.resize(720, 720)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close with the officer's window; one that is only minimised is none that closes."""
        if watched is self._officers and event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.close()
        return False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that nobody sees the window any more."""
        super().closeEvent(event)
        self.blank()
        self.closed.emit()

    # -- drawing ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mirror and the sentence, or a plain surface."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), colour("ground"))
        if self._shown is _Shown.NOTHING:
            return
        room, margin = QRectF(self.rect()), self.height() * _MARGIN_SHARE
        upper = QRectF(margin, margin, room.width() - 2 * margin, room.height() * _PICTURE_SHARE)
        lower = QRectF(margin, upper.bottom(), upper.width(), room.height() - upper.bottom() - margin / 2)
        if self._shown is _Shown.THANKS:
            side = room.height() * _SIGN_SHARE
            sign = QRectF(0, 0, side, side)
            sign.moveCenter(room.center() - QPointF(0, side))
            paint_icon(painter, "camera", sign, colour("accent"))
            lower.moveTop(sign.bottom())
        elif self._picture is not None:
            self._paint_mirror(painter, upper, self._picture)
        if self._lines:
            self._paint_lines(painter, lower)

    def _paint_mirror(self, painter: QPainter, room: QRectF, picture: Picture) -> None:
        """Draw the frame of the portrait as large as it fits, left and right exchanged."""
        image = picture.image
        frame = target_on(QRectF(image.rect())).frame
        scale = min(room.width() / frame.width(), room.height() / frame.height())
        shown = QRectF(0, 0, frame.width() * scale, frame.height() * scale)
        shown.moveCenter(room.center())
        edge = QPainterPath()
        edge.addRoundedRect(shown, _CORNER, _CORNER)
        painter.save()
        painter.setClipPath(edge)
        painter.translate(2 * shown.center().x(), 0)
        painter.scale(-1, 1)
        painter.drawImage(shown, image, frame)
        painter.restore()
        painter.save()
        whole = QRectF(0, 0, image.width() * scale, image.height() * scale)
        whole.moveCenter(shown.center())
        head = target_on(whole).head
        outside = QPainterPath(edge)
        outside.addEllipse(head)
        painter.fillPath(outside, QColor(0, 0, 0, 70))
        width = max(4.0, shown.height() * 0.008)
        for pen in (QPen(QColor(0, 0, 0, 90), width * 1.8), QPen(QColor(255, 255, 255, 225), width)):
            painter.setPen(pen)
            painter.drawEllipse(head)
        draw_held(painter, head, self._held, width * 2.6)
        painter.restore()

    def _paint_lines(self, painter: QPainter, room: QRectF) -> None:
        """Write the advice as large as it fits into its room; a second language stands smaller beneath."""
        for share in (1.0, 0.85, 0.7, 0.55, _LEAST_LETTER):
            blocks = [self._block(room, line, share, first=at == 0) for at, line in enumerate(self._lines)]
            high = sum(needed.height() for _, needed in blocks)
            if high <= room.height() and all(needed.width() <= room.width() for _, needed in blocks):
                break
        top = room.center().y() - high / 2
        for at, (line, (font, needed)) in enumerate(zip(self._lines, blocks, strict=True)):
            painter.setFont(font)
            first: Tone = "good" if self._tone == "good" else "text"
            painter.setPen(colour("quiet" if at else first))
            painter.drawText(QRectF(room.left(), top, room.width(), needed.height()), _FLAGS.value, line)
            top += needed.height()

    def _block(self, room: QRectF, line: str, share: float, *, first: bool) -> tuple[QFont, QRectF]:
        """Return the font of a line and the room that it needs in it."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if first else QFont.Weight.Normal)
        letter = self.height() * _LETTER_SHARE * share * (1.0 if first else _SECOND)
        font.setPixelSize(max(12, round(letter)))
        return font, QFontMetricsF(font).boundingRect(room, _FLAGS.value, line)
