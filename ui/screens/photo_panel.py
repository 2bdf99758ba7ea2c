"""The photo beside its portrait: how it will look, how it keeps its rule, and the way back to the proposal."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from station.model.image import Pixels
from station.model.quality import Finding, QualityReport, Status
from ui.pictures import Picture
from ui.theme import as_role, colour
from ui.widgets.button import Button
from ui.widgets.words import IconView, label
from ui.wording import measures
from ui.wording.names import mark

_WIDTH = 272
_LEAST, _MOST = QSize(112, 144), QSize(224, 288)
"""In the shape of a photo, 35 x 45."""
_LINES_PX = 128


class PhotoPanel(QFrame):
    """Shows a photo with the verdict on its geometry. Hidden while there is none."""

    back_wanted = Signal()
    """The officer takes the crown back to where the station proposes it."""

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        as_role(self, "right")
        self.setFixedWidth(_WIDTH)
        self._title = label(self.tr("Photo"), "heading")
        self._photo = _Photo()
        self._icon = IconView("good", "good")
        self._word = label("", "strong")
        self.back = Button(self.tr("Crown as proposed"), "", "undo")
        self.back.clicked.connect(self.back_wanted)
        self._lines = QWidget()
        self._grid = QGridLayout(self._lines)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._lines)
        scroll.setMinimumHeight(_LINES_PX)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._icon)
        head.addWidget(self._word)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._photo)
        column.addWidget(scroll, 1)
        column.addWidget(self.back)
        self.hide()

    @property
    def holds_photo(self) -> bool:
        """A photo is shown, or would be if the panel were."""
        return self._photo.holds_picture

    def show_photo(
        self, photo: Pixels | None, report: QualityReport | None, *, moved: bool = False, mine: bool = False
    ) -> None:
        """Show a photo, or none; `moved` when the officer put the crown, `mine` while it can be moved."""
        self.setVisible(photo is not None)
        self._photo.show_picture(photo)
        self.back.setVisible(mine)
        self.back.setEnabled(moved)
        self._clear()
        for part in (self._icon, self._word):
            part.setVisible(report is not None)
        if report is None:
            return
        shown = mark(report.verdict)
        self._icon.show_icon(shown.icon, shown.tone)
        self._word.setText(shown.word)
        as_role(self._word, "strong", shown.tone)
        for finding in report.worst_first:
            self._add(finding)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def _clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, finding: Finding) -> None:
        row, shown, good = self._grid.rowCount(), mark(finding.status), finding.status is Status.PASS
        name = measures.title(finding.measure)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(IconView(shown.icon, shown.tone, 16), row, 0, top)
        self._grid.addWidget(label(name, "caption" if good else "strong", wrap=True), row, 1, top)
        value = label(measures.value(finding), "caption" if good else "strong", "quiet" if good else shown.tone)
        value.setToolTip(measures.limit(finding))
        self._grid.addWidget(value, row, 2, top)
        if not good:
            told = " ".join(part for part in (measures.limit(finding), measures.instruction(finding)) if part)
            self._grid.addWidget(label(told, "caption", wrap=True), row + 1, 1, 1, 2)


class _Photo(QWidget):
    """A photo with a thin edge, as large as it fits into a box of a photo's shape."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._small: QImage | None = None
        self.setMinimumSize(_LEAST)
        self.setMaximumHeight(_MOST.height())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("The photo as it will be"))

    @property
    def holds_picture(self) -> bool:
        return self._picture is not None

    def sizeHint(self) -> QSize:
        return _MOST

    def show_picture(self, pixels: Pixels | None) -> None:
        self._picture = Picture(pixels) if pixels is not None else None
        self._small = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            return
        ratio = self.devicePixelRatioF()
        room = self._picture.image.size().scaled(
            self.size().boundedTo(_MOST), Qt.AspectRatioMode.KeepAspectRatio
        )
        if self._small is None or self._small.size() != (room * ratio):
            self._small = self._picture.image.scaled(
                room * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._small.setDevicePixelRatio(ratio)
        place = QRectF(0, 0, self._small.width() / ratio, self._small.height() / ratio)
        place.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.drawImage(place.topLeft(), self._small)
        painter.setPen(QPen(colour("edge"), 1))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
