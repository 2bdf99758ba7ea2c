"""What can be replayed: the pictures of records with their reports, or files beside what `assess` printed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from station.errors import RecordNotFound, StationError, StorageDamaged
from station.flow.headless import Parts
from station.model.quality import Finding, Limit, QualityReport, Status
from station.model.record import ApplicationRecord, Attachment, AttachmentKind
from station.quality.catalogue import PORTRAIT
from station.quality.profile import Subject

_REPORTS = (".json", ".jsonl")
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Stored:
    """One picture and the report on it; `error` says why there is none.

    `picture` is an attachment's id, or a file's name with its `path`. `kind` is the attachment's, of files
    `page` or `portrait`. A photo comes with the `portrait` that it was cut from.
    """

    record: str
    picture: str
    kind: str
    report: QualityReport | None = field(default=None, repr=False)
    attachment: Attachment | None = field(default=None, repr=False)
    portrait: Attachment | None = field(default=None, repr=False)
    path: Path | None = None
    error: StationError | None = None

    @property
    def subject(self) -> Subject | None:
        """What profiles judge such pictures; None for photos, which are judged by their geometry."""
        if self.kind == AttachmentKind.PHOTO:
            return None
        return Subject.PORTRAIT if self.kind == AttachmentKind.PORTRAIT else Subject.PAGE


def in_records(parts: Parts, wanted: str = "") -> Iterator[Stored]:
    """Yield the judged pictures of one record, of all records without one; one at a time is read.

    Raises:
        RecordNotFound: there is no such record; StorageError: the store does not answer.
    """
    for record_id in (wanted,) if wanted else _record_ids(parts):
        with parts.units() as work:
            try:
                record = work.records.get(record_id)
            except StorageDamaged as error:
                yield Stored(record_id, "", "record", error=error)
                continue
            except RecordNotFound:
                if wanted:
                    raise
                continue  # it went since its id was read
        yield from _judged_in(record)


def _record_ids(parts: Parts) -> Iterator[str]:
    last = ""
    while True:
        with parts.units() as work:
            ids = work.records.with_pictures(last)
        if not ids:
            return
        yield from ids
        last = ids[-1]


def _judged_in(record: ApplicationRecord) -> Iterator[Stored]:
    portrait = next(iter(record.of_kind(AttachmentKind.PORTRAIT)), None)
    for attachment in record.attachments:
        if attachment.report is not None:
            yield Stored(
                record.id, attachment.id, attachment.kind.value, attachment.report, attachment,
                portrait if attachment.kind is AttachmentKind.PHOTO else None,
            )  # fmt: skip


def in_folder(folder: Path) -> Iterator[Stored]:
    """Yield a folder's pictures with the rows on them that `assess --json` printed into files beside them."""
    told: set[str] = set()
    for file in sorted(path for path in folder.iterdir() if path.suffix.lower() in _REPORTS):
        for number, text in _rows(file):
            stored = _of_row(folder, text, f"{file.name}, {number}")
            told.add(stored.picture)
            yield stored
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _PICTURES and path.name not in told:
            yield Stored("", path.name, "page", path=path, error=StorageDamaged(what=f"report on {path.name}"))


def _rows(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line by line; a file that is one JSON value over several lines, as one."""
    if file.suffix.lower() == ".json":
        yield 1, file.read_text("utf-8", errors="replace")
        return
    with file.open(encoding="utf-8", errors="replace") as lines:
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _of_row(folder: Path, text: str, what: str) -> Stored:
    try:
        row = json.loads(text)
        name = Path(row["file"]).name
        report = _report(row)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The cause would quote the file, which is not ours.
        return Stored("", what, "report", error=StorageDamaged(what=f"report {what}"))
    of_faces = any(finding.measure in PORTRAIT for finding in report.findings)
    return Stored("", name, "portrait" if of_faces else "page", report, path=folder / name)


def _report(row: dict[str, object]) -> QualityReport:
    told = row["findings"]
    if not isinstance(told, list):
        raise TypeError
    texts = [str(row.get(key, "")) for key in ("profile", "version", "digest", "measures")]
    return QualityReport(texts[0], tuple(_finding(entry) for entry in told), *texts[1:])


def _finding(entry: dict[str, object]) -> Finding:
    raw, score, limit = entry["raw"], entry["score"], entry["limit"]
    if not (raw is None or isinstance(raw, int | float)) or not (score is None or isinstance(score, int)):
        raise TypeError
    return Finding(
        str(entry["measure"]),
        Status(str(entry["status"])),
        raw=raw,
        unit=str(entry["unit"]),
        score=score,
        limit=Limit(**limit) if isinstance(limit, dict) else None,
        required=bool(entry["required"]),
        reason=str(entry["reason"]),
        may_lack=bool(entry.get("may_lack", False)),
    )
