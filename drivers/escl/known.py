"""What was seen of scanners before, in one file: where each was, and which certificate it showed first."""

import errno
import json
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from drivers.escl.line import Address
from drivers.escl.place import place
from station.errors import CertificateChanged, SettingsError, StorageFull, StorageMissing
from station.toml_file import Table

FORGOTTEN_AFTER = timedelta(days=30)
"""A scanner that was not seen for so long is not offered any more. Its certificate is never forgotten."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A scanner that announced itself; `id` is that of its DeviceInfo."""

    id: str
    name: str
    address: Address
    day: date


@dataclass(slots=True)
class _Contents:
    scanners: dict[str, Seen] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)


class Known:
    """The file, read anew for each question, so that a technician may mend it meanwhile. Safe from any thread.

    Without a file, what is known lasts as long as this object. Every method raises SettingsError when the file
    cannot be understood: a certificate that was lost would be trusted anew. StorageFull, StorageMissing: it
    cannot be written.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Name the file; it need not exist."""
        self._file = file
        self._lock = threading.Lock()
        self._without_file = _Contents()

    def scanners(self, today: date) -> dict[str, Seen]:
        """Return the scanners that were seen lately, by id."""
        with self._lock:
            known = self._read().scanners
        return {seen.id: seen for seen in known.values() if seen.day + FORGOTTEN_AFTER >= today}

    def remember(self, found: Sequence[Seen]) -> dict[str, Seen]:
        """Keep where scanners are and return them as they are to be used, by id.

        One that spoke HTTPS before never again is asked over HTTP: whoever stands between could wish so.
        """
        with self._lock:
            contents = self._read()
            known = dict(contents.scanners)
            for seen in found:
                before = known.get(seen.id)
                if before is None or seen.address.secure or not before.address.secure:
                    known[seen.id] = seen
            if known != contents.scanners:
                contents.scanners = known
                self._write(contents)
            return {seen.id: known[seen.id] for seen in found}

    def prove(self, device: str, shown: str) -> None:
        """Hold a certificate against the first one that this scanner showed; the first is trusted and kept.

        Raises:
            CertificateChanged.
        """
        with self._lock:
            contents = self._read()
            trusted = contents.certificates.get(device)
            if trusted is None:
                contents.certificates[device] = shown
                self._write(contents)
                _log.info("the certificate of %s is trusted from now on: %s", device, shown)
            elif trusted != shown:
                where = self._file.name if self._file else "memory"
                raise CertificateChanged(device=device, where=where, key=device)

    def _read(self) -> _Contents:
        if self._file is None:
            return _Contents(dict(self._without_file.scanners), dict(self._without_file.certificates))
        try:
            text = self._file.read_text("utf-8")
        except FileNotFoundError:
            return _Contents()
        except (OSError, ValueError) as error:
            raise SettingsError(where=self._file.name, key="", problem="unreadable", suggestion="") from error
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SettingsError(where=self._file.name, key="", problem="not_json", suggestion="") from error
        if not isinstance(values, dict):
            raise SettingsError(where=self._file.name, key="", problem="wrong_type", suggestion="")
        table = Table(self._file.name, values)
        table.only("scanners", "certificates")
        scanners, certificates = table.table("scanners"), table.table("certificates")
        return _Contents(
            {name: _seen(name, scanners.table(name)) for name in scanners.values},
            {name: certificates.text(name) for name in certificates.values},
        )

    def _write(self, contents: _Contents) -> None:
        """Write the file whole or not at all."""
        if self._file is None:
            self._without_file = contents
            return
        values = {
            "scanners": {
                seen.id: {"url": seen.address.url, "name": seen.name, "seen": seen.day.isoformat()}
                for seen in contents.scanners.values()
            },
            "certificates": contents.certificates,
        }
        fresh = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(values, file, indent=2, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._file)
        except OSError as error:
            kind = StorageFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageMissing
            raise kind(what=self._file.name) from error


def _seen(device: str, entry: Table) -> Seen:
    entry.only("url", "name", "seen")
    address = place(entry.text("url"))
    if address is None:
        raise entry.refusal("url", "not_an_address")
    try:
        day = date.fromisoformat(entry.text("seen"))
    except ValueError:
        raise entry.refusal("seen", "wrong_value", "2030-12-31") from None
    return Seen(device, entry.text("name"), address, day)
