"""Which of several pictures of one person is the best (BSI TR-03121-3)."""

from collections.abc import Sequence

from station.model.quality import Finding, QualityReport, Status


def fulfilled(finding: Finding) -> bool:
    """Tell whether a criterion is fulfilled: its value lies within the limits (BSI TR-03121-3).

    A warning is not within them, and what was not assessed is not fulfilled.
    """
    return finding.status is Status.PASS


def best(reports: Sequence[QualityReport]) -> int:
    """Return the index of the best picture; the reports stand in the order in which the pictures were taken.

    The best fulfils most of the mandatory criteria (those that are required), among equals most of the optional
    ones; among equals the latest is the best (BSI TR-03121-3). At least one report is expected.
    """
    return max(range(len(reports)), key=lambda index: (*_fulfilled(reports[index]), index))


def _fulfilled(report: QualityReport) -> tuple[int, int]:
    mandatory = sum(fulfilled(finding) for finding in report.findings if finding.required)
    return mandatory, sum(map(fulfilled, report.findings)) - mandatory
