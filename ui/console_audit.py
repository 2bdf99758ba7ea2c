"""The command `audit`, and what `verify` finds, in words."""

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from station.flow import headless_audit
from station.flow.headless import Parts, Row
from ui.console_replay import Print
from ui.wording import store_notices

ABOUT = "Write the audit, or the public key that proves it, to a file."

OLDER = "older_than_audit"
"""What `verify` tells without calling it a problem."""

PROBLEMS = {
    "database_damaged": "The database does not pass its own check",
    "picture_changed": "A stored picture is not what was written",
    "picture_missing": "A picture of a record or a calibration is not in the store",
    "picture_extra": "No record or calibration names this picture; the next start sets it aside",
    "row_damaged": "A row of the database cannot be read",
    "visit_damaged": "A visit's journal does not add up to what is stored",
    "station_key_damaged": "The key that this station signed with is lost or changed; restore it from a backup",
    "calibration_damaged": "A calibration is not what its station signed",
    "calibration_missing": "A calibration was removed",
    "clearance_damaged": "A supervisor's leave or a technician's release is not what its station signed",
    "clearance_missing": "A supervisor's leave or a technician's release was removed",
    "manifest_damaged": "The signed manifest of a picture is not good, or is another picture's",
    "manifest_missing": "The signed manifest of a picture was removed",
    "audit_changed": "The audit was changed here, by somebody without the station's key",
    "audit_missing": "A part of the audit was removed",
    "audit_truncated": "The last entries of the audit were removed",
    "audit_rolled_back": "The database was put back from an older copy: it does not know this anchor",
    "not_as_audited": "This was changed, added or removed past the program: the audit tells it otherwise",
    OLDER: "From before this store kept an audit, so nothing vouches for it",
}
"""What `verify` finds, for people."""


NOTICE = "notice"
"""What `verify` tells of the store as a whole: `what` is the word for it."""


def notices(parts: Parts) -> Iterator[tuple[Row, str]]:
    """Yield what the window says at the top as long as it is so, for scripts and for people."""
    for notice in parts.notices():
        said = store_notices.whole(notice)
        yield {"kind": NOTICE, "what": notice, "message": said}, f"{store_notices.short(notice)}: {said}"


def add_to(command: argparse.ArgumentParser) -> None:
    """Add what `audit` takes."""
    wanted = command.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--out", type=Path, metavar="FILE.jsonl", help="the entries, signed")
    wanted.add_argument("--public-key", type=Path, metavar="FILE", help="this station's, as PEM")
    command.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="2025-03-04, UTC")
    command.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help="the last day")


def run(arguments: argparse.Namespace, parts: Parts, show: Print) -> None:
    """Write what is asked for."""
    if arguments.public_key is not None:
        row = headless_audit.public_key(parts, arguments.public_key)
        show(arguments, row, f"{row['file']}: the public key of this station")
    else:
        row = headless_audit.export(parts, arguments.out, arguments.first, arguments.last)
        show(arguments, row, f"{row['file']}: {row['entries']} entries")
