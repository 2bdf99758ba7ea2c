"""The headless export: a record's pages become files for the archive."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from station.devices.cancel import CancelToken
from station.errors import RecordNotFound
from station.flow.headless import Parts, Row
from station.flow.volumes import volumes
from station.model.record import ApplicationRecord


def export(parts: Parts, wanted: str, folder: Path, items: Sequence[str], *, text: bool) -> Iterator[Row]:
    """Write the whole record as one file, or one file for each item that is named; yield a row for each.

    `wanted` is a record's id or an application number; `text` asks for text to search.

    Raises:
        RecordNotFound, ExportRefused, StorageError, SettingsError: nothing was written.
    """
    record = _record(parts, wanted)
    bound = volumes(record, parts.checklists().get(record.category), items)
    for file in parts.exporter(text).export(bound, folder, lambda _done, _total: None, CancelToken()):
        row: Row = {"file": str(file.path), "pages": file.pages, "bytes": file.size_bytes, "checked": True}
        yield {**row, "without_text": list(file.without_text)} if text else row


def _record(parts: Parts, wanted: str) -> ApplicationRecord:
    with parts.units() as work:
        try:
            return work.records.get(wanted)
        except RecordNotFound:
            found = work.records.with_identifier("application_number", wanted)
        if len(found) != 1:
            raise RecordNotFound
        return work.records.get(found[0].record_id)
