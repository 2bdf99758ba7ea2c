"""The headless audit: the log to a file, and the key that proves it."""

from datetime import date
from pathlib import Path

from station.flow.headless import Parts, Row, keep


def export(parts: Parts, path: Path, first: date | None, last: date | None) -> Row:
    """Write the entries of these days (UTC, both included; None: all) as JSON lines, and their signature.

    Raises:
        StorageError: the audit cannot be read or signed, or the folder does not take the file.
    """
    lines: list[str] = []
    entries = parts.trail().export(lines.append, first, last)
    keep(path, "".join(lines).encode())
    return {"file": str(path), "entries": entries}


def public_key(parts: Parts, path: Path) -> Row:
    """Write the public key of this station, which proves exports and manifests; StorageError as above."""
    keep(path, parts.trail().public_key().encode())
    return {"file": str(path)}
