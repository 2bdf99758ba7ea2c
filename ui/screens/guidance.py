"""One large sentence above the picture: what to do now."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from station.model.quality import QualityReport, Status
from ui.theme import Tone, as_role
from ui.widgets.words import IconView, label
from ui.wording import measures

_HEIGHT_PX = 88
"""Two lines: the picture below keeps its place whatever is said."""


class Guidance(QFrame):
    """An icon and a sentence, read at a glance from the counter."""

    def __init__(self) -> None:
        """Say nothing yet."""
        super().__init__()
        as_role(self, "plain")
        self.setFixedHeight(_HEIGHT_PX)
        self._icon = IconView("info", "quiet", 28)
        self._text = label("", "title", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 24, 8)
        row.setSpacing(16)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)

    @property
    def text(self) -> str:
        """What is said."""
        return self._text.text()

    def tell(self, icon: str, tone: Tone, text: str) -> None:
        """Say this."""
        self._icon.show_icon(icon, tone)
        self._text.setText(text)
        self.show()


def what_to_do(report: QualityReport) -> str:
    """Return what to do about the finding that needs a hand first, "" when none does."""
    for finding in report.worst_first:
        if finding.status is Status.NOT_ASSESSED and not finding.required:
            continue
        if finding.status is not Status.PASS:
            return measures.instruction(finding)
    return ""
