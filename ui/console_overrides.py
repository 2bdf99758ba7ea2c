"""The command `overrides`: what officers decided against the measures, and how often."""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from station.flow import headless_overrides
from station.flow.headless import Parts
from station.flow.override_ports import Given, Tally
from ui.console_replay import Print
from ui.wording.names import name
from ui.wording.remarks import reason

ABOUT = "List the overrides of a day by kind, reason and officer, and the share of pictures they are of."

_HEAD = ("Device", "Profile", "Pictures", "Overridden", "Share")


def add_to(command: argparse.ArgumentParser) -> None:
    """Add what `overrides` takes."""
    command.add_argument(
        "--from", dest="first", type=date.fromisoformat, metavar="DAY", help="2025-03-04; else today"
    )
    command.add_argument(
        "--to", dest="last", type=date.fromisoformat, metavar="DAY", help="the last day; else the same"
    )


def run(arguments: argparse.Namespace, parts: Parts, show: Print) -> None:
    """Print one row for each override, then one for each device and profile."""
    given, tallies = headless_overrides.overrides(parts, arguments.first, arguments.last)
    if arguments.json:
        for one in given:
            show(arguments, {"row": "override", **headless_overrides.override_row(one)})
        for tally in tallies:
            show(arguments, {"row": "share", **headless_overrides.tally_row(tally)})
        return
    show(arguments, {}, *_grouped(given), "", *_table(tallies))


def _grouped(given: Sequence[Given]) -> Iterator[str]:
    """Yield the overrides under their kind and reason, with how often each officer gave them."""
    if not given:
        yield "No overrides."
    heads = Counter((one.note.kind, one.note.reason) for one in given)
    for (kind, code), count in heads.items():
        yield f"{name(kind)}. {reason(code)} ({count})"
        for one in given:
            if (one.note.kind, one.note.reason) == (kind, code):
                yield f"  {_line(one)}"


def _line(one: Given) -> str:
    note = one.note
    at = f"{note.at.astimezone():%Y-%m-%d %H:%M}" if note.at is not None else ""
    page = f" {one.item} {one.page}" if one.item else ""
    second = f", with {note.second}" if note.second else ""
    gone = "" if one.on_record else ", set aside"
    return f"{at}  {note.by or '-'}{second}: record {one.record_id}, {name(one.picture).lower()}{page}{gone}"


def _table(tallies: Sequence[Tally]) -> Iterator[str]:
    """Yield the share of pictures that were overridden, in columns."""
    if not tallies:
        yield "No pictures."
        return
    rows = [
        (
            one.device,
            one.profile or "-",
            f"{one.pictures}",
            f"{one.overridden}",
            f"{one.overridden / one.pictures:.1%}",
        )
        for one in tallies
    ]
    widths = [max(len(row[column]) for row in (_HEAD, *rows)) for column in range(len(_HEAD))]
    for row in (_HEAD, *rows):
        texts = [text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True)]
        figures = [text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join((*texts, *figures))
