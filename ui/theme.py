"""How the window looks: colours, type and measures in one place, made into one palette and one stylesheet.

Widgets never style themselves: they say what they are (`as_role(label, "title")`) and the stylesheet
`resources/theme/station.qss` says how that looks.
"""

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Literal, TypeVar

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

RESOURCES = Path(__file__).resolve().parents[1] / "resources"

Scheme = Literal["light", "dark", "system"]
Tone = Literal["text", "quiet", "accent", "on_accent", "good", "look", "not_good"]
"""The colours that words and icons may have."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme, as #RRGGBB.

    `edge` draws the outline of things that can be filled in or pressed (3:1, WCAG 2.2, 1.4.11), `line` parts
    one thing from the next. The soft colours lie behind text of their tone and behind `text` and `quiet`.
    """

    ground: str
    surface: str
    raised: str
    text: str
    quiet: str
    line: str
    edge: str
    accent: str
    accent_strong: str
    on_accent: str
    accent_soft: str
    good: str
    good_soft: str
    look: str
    look_soft: str
    not_good: str
    not_good_soft: str
    quiet_soft: str
    picture: str


LIGHT = Tokens(
    ground="#F5F7FA",
    surface="#FFFFFF",
    raised="#F5F7FA",
    text="#14202B",
    quiet="#52606D",
    line="#D5DCE4",
    edge="#7B8996",
    accent="#0B5CAD",
    accent_strong="#084C91",
    on_accent="#FFFFFF",
    accent_soft="#EBF2F8",
    good="#1B7F4B",
    good_soft="#EDF5F1",
    look="#8A5A00",
    look_soft="#F6F2EB",
    not_good="#B42318",
    not_good_soft="#F9EDED",
    quiet_soft="#F1F2F3",
    picture="#E4E9EF",
)

DARK = Tokens(
    ground="#10161C",
    surface="#19222B",
    raised="#212C37",
    text="#E8EDF2",
    quiet="#9AA8B5",
    line="#2C3844",
    edge="#66768A",
    accent="#6FB1F7",
    accent_strong="#93C5FA",
    on_accent="#10161C",
    accent_soft="#253648",
    good="#59C98B",
    good_soft="#223938",
    look="#E0B04C",
    look_soft="#353630",
    not_good="#F2877B",
    not_good_soft="#373036",
    quiet_soft="#2B353E",
    picture="#0B1015",
)


class Type:
    """Sizes of type in pixels."""

    SMALL = 13
    BODY = 15
    HEADING = 17
    TITLE = 22
    NAME = 28
    FIGURE = 40


class Measure:
    """Lengths in pixels, on a grid of 8."""

    GRID = 8
    CORNER = 8
    TOP_BAR = 72
    RAIL = 232
    PANEL = 368
    BOTTOM_BAR = 80
    TOUCH = 44
    ICON = 20
    RING = 2
    MOTION_MS = 150


def tokens() -> Tokens:
    """Return the colours that the window shows now."""
    return DARK if QGuiApplication.palette().window().color().lightness() < 128 else LIGHT


def colour(tone: str) -> QColor:
    """Return one of the tokens as a colour to paint with."""
    return QColor(getattr(tokens(), tone))


def over_picture(tone: Tone) -> QColor:
    """Return what a tone is drawn in over a photograph: the bright one of it, whatever the scheme."""
    return QColor("white") if tone == "text" else QColor(getattr(DARK, tone))


_W = TypeVar("_W", bound=QWidget)


def as_role(widget: _W, role: str, tone: str = "") -> _W:
    """Say what a widget is and hand it back; may be said anew at any time.

    Roles: see the headings of `station.qss`. `tone` is a `Tone`, or "" for the role's own.
    """
    if widget.property("role") != role or widget.property("tone") != tone:
        widget.setProperty("role", role)
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    return widget


def apply_theme(app: QApplication, scheme: Scheme) -> None:
    """Dress the whole application; "system" follows the desktop, also when it changes later."""
    hints = app.styleHints()
    hints.setColorScheme(
        {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}[scheme]
    )
    if app.style().objectName().lower() != "fusion":
        app.setStyle("fusion")
        app.setFont(_font())
        hints.colorSchemeChanged.connect(lambda now: _dress(app, now))
    _dress(app, {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(scheme, hints.colorScheme()))


def other_scheme() -> None:
    """Turn from light to dark, or back."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, "light" if tokens() is DARK else "dark")


def _dress(app: QApplication, scheme: Qt.ColorScheme) -> None:
    chosen = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
    app.setPalette(palette(chosen))
    app.setStyleSheet(stylesheet(chosen))
    for window in app.topLevelWidgets():
        for target in window.findChildren(QObject):
            if isinstance(target, QAction | QAbstractButton) and target.property("icon_tone"):
                set_icon(target, target.property("icon_name"), target.property("icon_tone"))


def stylesheet(of: Tokens) -> str:
    """Return the stylesheet with the colours and measures filled in."""
    folder = RESOURCES / "theme"
    measures = {f"type_{k.lower()}": v for k, v in vars(Type).items() if k.isupper()}
    measures |= {k.lower(): v for k, v in vars(Measure).items() if k.isupper()}
    facts = {**asdict(of), **measures, "images": folder.as_posix(), "ink": "dark" if of is DARK else "light"}
    return Template((folder / "station.qss").read_text("utf-8")).substitute(facts)


def palette(of: Tokens) -> QPalette:
    """Return the same colours for what Qt draws without a stylesheet."""
    roles = {
        QPalette.ColorRole.Window: of.ground,
        QPalette.ColorRole.WindowText: of.text,
        QPalette.ColorRole.Base: of.surface,
        QPalette.ColorRole.AlternateBase: of.raised,
        QPalette.ColorRole.Text: of.text,
        QPalette.ColorRole.Button: of.surface,
        QPalette.ColorRole.ButtonText: of.text,
        QPalette.ColorRole.Highlight: of.accent,
        QPalette.ColorRole.HighlightedText: of.on_accent,
        QPalette.ColorRole.Accent: of.accent,
        QPalette.ColorRole.Link: of.accent,
        QPalette.ColorRole.PlaceholderText: of.quiet,
        QPalette.ColorRole.ToolTipBase: of.surface,
        QPalette.ColorRole.ToolTipText: of.text,
        QPalette.ColorRole.Mid: of.line,
    }
    made = QPalette()
    for role, value in roles.items():
        made.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(of.quiet))
    return made


def set_icon(target: QAction | QAbstractButton, name: str, tone: Tone = "text") -> None:
    """Give an action or a button a line icon that changes its colour with the scheme."""
    target.setProperty("icon_name", name)
    target.setProperty("icon_tone", tone)
    with_words = isinstance(target, QAbstractButton) and bool(target.text())
    if isinstance(target, QAbstractButton):
        target.setIconSize(QSize(Measure.ICON + (Measure.GRID if with_words else 0), Measure.ICON))
    target.setIcon(icon(name, tone, gap=Measure.GRID if with_words else 0))


def icon(name: str, tone: Tone = "text", gap: int = 0) -> QIcon:
    """Return a line icon of `resources/icons` in a colour of the scheme that holds now.

    `gap` pixels stay free at the right, towards the words.
    """
    made = QIcon()
    made.addPixmap(_drawn(name, tone, gap), QIcon.Mode.Normal)
    made.addPixmap(_drawn(name, "quiet", gap), QIcon.Mode.Disabled)
    return made


def _drawn(name: str, tone: Tone, gap: int) -> QPixmap:
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    size = Measure.ICON
    picture = QPixmap(QSize(size + gap, size) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_icon(painter, name, QRectF(0, 0, size, size), colour(tone))
    painter.end()
    return picture


def paint_icon(painter: QPainter, name: str, into: QRectF, ink: QColor) -> None:
    """Draw a line icon in any colour."""
    _drawing(name, ink.name()).render(painter, into)


@lru_cache(maxsize=256)
def _drawing(name: str, ink: str) -> QSvgRenderer:
    svg = (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8").replace("currentColor", ink)
    return QSvgRenderer(QByteArray(svg.encode()))


def _font() -> QFont:
    """The system's sans serif with Khmer beside it, in body size, figures of one width."""
    font = QFont()
    font.setFamilies([QGuiApplication.font().family(), "Noto Sans Khmer"])
    font.setPixelSize(Type.BODY)
    font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font
