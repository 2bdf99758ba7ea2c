"""Live verdicts that can be read: a verdict that holds for one judgement only is not shown."""

from station.model.quality import QualityReport


class Steady:
    """Lets a report through when its verdicts are those shown now, or came twice in a row.

    Values of measures whose verdict stays may change with every report; the order of the lines follows the
    verdicts, so lines do not jump either.
    """

    def __init__(self) -> None:
        """Start with nothing shown: the first report comes through."""
        self._shown: _Verdicts | None = None
        self._last: _Verdicts | None = None

    def lets_through(self, report: QualityReport) -> bool:
        """Tell whether this report is to be shown."""
        verdicts = frozenset((finding.measure, finding.status.value) for finding in report.findings)
        shown = self._shown in (None, verdicts) or self._last == verdicts
        self._last = verdicts
        if shown:
            self._shown = verdicts
        return shown


_Verdicts = frozenset[tuple[str, str]]
