"""Live verdicts that can be read: a verdict that holds for one judgement only is not shown."""

from dataclasses import replace

from station.model.quality import Finding, QualityReport, Status


class Steady:
    """Shows of each measure the verdict that came twice in a row, with a value that belongs to it.

    One measure that wavers round its limit holds up no other; the lines' order follows the verdicts, so lines
    do not jump either.
    """

    def __init__(self) -> None:
        """Start with nothing shown: the first report comes through."""
        self._shown: dict[str, Finding] = {}
        self._last: dict[str, Status] = {}

    def settle(self, report: QualityReport) -> QualityReport:
        """Return the report as it is to be shown now."""
        now = {finding.measure: finding for finding in report.findings}
        self._shown = {measure: self._chosen(finding) for measure, finding in now.items()}
        self._last = {measure: finding.status for measure, finding in now.items()}
        return replace(report, findings=tuple(self._shown[finding.measure] for finding in report.findings))

    def _chosen(self, finding: Finding) -> Finding:
        shown = self._shown.get(finding.measure)
        new = shown is None or finding.status in (shown.status, self._last[finding.measure])
        return finding if new or shown is None else shown
