"""The headless export: a record's pages become files for the archive."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from station.devices.cancel import CancelToken
from station.errors import RecordNotFound
from station.flow.headless import SUFFIXES, Parts, Row, keep
from station.flow.ports import Volume
from station.flow.volumes import volumes
from station.model.record import ApplicationRecord


def export(
    parts: Parts, wanted: str, folder: Path, items: Sequence[str], *, text: bool, pictures: bool
) -> Iterator[Row]:
    """Write the whole record as one file, or one file for each item that is named; yield a row for each.

    Beside each file lie the signed manifests of its pages, `NAME-001.manifest.json` for its first page, and
    with `pictures` the pages as the device delivered them. `wanted` is a record's id or an application number;
    `text` asks for text to search.

    Raises:
        RecordNotFound, ExportRefused, StorageError, SettingsError: nothing was written.
    """
    record = _record(parts, wanted)
    bound = volumes(record, parts.checklists().get(record.category), items)
    with parts.units() as work:
        manifests = work.records.manifests(record.id)
    files = parts.exporter(text).export(bound, folder, lambda _done, _total: None, CancelToken())
    for file, volume in zip(files, bound, strict=True):
        row: Row = {"file": str(file.path), "pages": file.pages, "bytes": file.size_bytes, "checked": True}
        row["manifests"] = _beside(parts, file.path, volume, manifests, pictures=pictures)
        yield {**row, "without_text": list(file.without_text)} if text else row


def _beside(parts: Parts, path: Path, volume: Volume, manifests: Mapping[str, str], *, pictures: bool) -> int:
    """Write the manifests, and the pages, of one file beside it; returns how many manifests there are."""
    written = 0
    pages = [page for chapter in volume.chapters for page in chapter.pages]
    for number, page in enumerate(pages, 1):
        name = f"{path.stem}-{number:03}"
        if page.id in manifests:
            keep(path.with_name(f"{name}.manifest.json"), manifests[page.id].encode())
            written += 1
        if pictures:
            suffix = SUFFIXES.get(page.picture.media_type, ".bin")
            keep(path.with_name(f"{name}{suffix}"), parts.pictures().get(page.picture.sha256))
    return written


def _record(parts: Parts, wanted: str) -> ApplicationRecord:
    with parts.units() as work:
        try:
            return work.records.get(wanted)
        except RecordNotFound:
            found = work.records.with_identifier("application_number", wanted)
        if len(found) != 1:
            raise RecordNotFound
        return work.records.get(found[0].record_id)
