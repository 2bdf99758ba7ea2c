"""The commands `key` and `rotate-key`: the key of the stored data, in lines."""

import argparse
import sys
from pathlib import Path

from station.errors import RecoveryRefused, StationError
from station.flow.headless import Row
from station.flow.headless_keys import KEPT, Keys, KeyTold
from ui.console_replay import Print
from ui.wording.errors import word

ABOUT = "Show how the key of the stored data is kept; copy it to paper, take it back, keep it otherwise."
ABOUT_ROTATION = "Give the stored data a new key, or finish what was begun. No station may be open."

_KEPT = {
    "system": "in the key store of the operating system ({place})",
    "passphrase": "wrapped by a passphrase, in {place}",
    "beside": "UNPROTECTED, in {place}: the data are not protected against theft of this computer",
}
_LOST = (
    "Everything that is stored is encrypted with this key. If it is lost, all of it is lost: nobody opens it",
    "again, not the makers of this program either. Print the recovery sheet (main.py key --sheet) and keep it",
    "in a safe, apart from this computer and from its backups.",
)
_SHEET = (
    "Whoever holds this sheet can read everything that is stored. Keep it in a safe, apart from the computer.",
    "Taken back with: main.py key --restore FILE, the four lines typed into a file, or - to type them in.",
)


def add_to(command: argparse.ArgumentParser) -> None:
    """Add what `key` takes."""
    one = command.add_mutually_exclusive_group()
    one.add_argument("--sheet", action="store_true", help="print the recovery sheet: the key itself")
    one.add_argument("--restore", metavar="FILE|-", help="take the key of a recovery sheet back")
    one.add_argument("--keep", choices=KEPT, help="keep the same key otherwise")


def run(arguments: argparse.Namespace, keys: Keys, show: Print) -> bool:
    """Do what is asked for; tell whether the key is protected, and the audit knows."""
    if arguments.sheet:
        told, lines = keys.told(), keys.sheet()
        head = f"Recovery sheet of the station key {told.id}"
        show(arguments, {"key": told.id, "sheet": lines}, head, "", *lines, "", *_SHEET)
        return True
    if arguments.restore is not None:
        told = keys.restore(_typed(arguments.restore))
    elif arguments.keep is not None:
        told = keys.keep(arguments.keep)
    else:
        told = keys.told()
    show(arguments, _row(told), *_lines(told), *_untold(told.untold, "the same command"))
    return told.kept != "beside" and told.untold is None


def rotate(arguments: argparse.Namespace, keys: Keys, show: Print) -> bool:
    """Rotate the key; tell whether every picture opens with the new one, and the audit knows."""
    done = keys.rotate(_progress)
    row: Row = {"old": done.old, "new": done.new, "left": done.left, "told": done.untold is None}
    damaged = [f"Not opened by the old key either, so left as it is: picture {name}" for name in done.left]
    show(
        arguments, row, *damaged, f"The key is now {done.new}; {done.old} opens nothing any more.",
        "Recovery sheets of the old key are worthless: print a new one (main.py key --sheet).",
        *_untold(done.untold, "main.py rotate-key"),
    )  # fmt: skip
    return not done.left and done.untold is None


def _row(told: KeyTold) -> Row:
    row: Row = {"key": told.id, "kept": told.kept, "place": told.place, "rotating": told.rotating}
    return {**row, "told": told.untold is None}


def _untold(error: StationError | None, command: str) -> list[str]:
    """Say that something was done of which the audit does not know."""
    if error is None:
        return []
    return [
        f"This was done, but the audit could not be told of it: {command} tells it again.",
        word(error).text,
    ]


def _lines(told: KeyTold) -> list[str]:
    lines = [f"Station key {told.id}, {_KEPT[told.kept].format(place=told.place)}.", *_LOST]
    if told.rotating:
        lines.append("A change of the key was interrupted: main.py rotate-key finishes it.")
    return lines


def _typed(source: str) -> str:
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise RecoveryRefused(reason="incomplete", line=1) from None


def _progress(done: int, total: int) -> None:
    if done % 100 == 0 or done == total:
        print(f"{done} of {total} pictures", file=sys.stderr)
