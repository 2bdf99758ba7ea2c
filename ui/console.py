"""The headless commands: arguments in, JSON lines or plain text out, and an exit status.

0 = done, 1 = done with findings that fail, 2 = could not.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from station.errors import StationError
from station.flow import headless
from station.flow.headless import Parts, Row
from station.model.capability import ColourMode, ScanSettings, Source
from ui.wording.errors import word

DONE, FINDINGS, COULD_NOT = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """Return the program's command line."""
    top = argparse.ArgumentParser(
        prog="main.py", description="Document and biometrics station. Without a command the window opens."
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--json", action="store_true", help="print one JSON object per line")
        return sub

    read = command("read", "Read bar codes and machine-readable zones on pictures.")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    assess = command("assess", "Judge pictures by a profile.")
    assess.add_argument("--profile", required=True, choices=["page", "passport", "portrait"])
    assess.add_argument("files", nargs="+", type=Path, metavar="FILE")
    taken = command("import", "Take the day's expected applications.")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument(
        "--keep-good", action="store_true", help="take the good lines although others are refused"
    )
    command("devices", "List the devices that are there now.")
    scan = command("scan", "Scan pages to files.")
    scan.add_argument("--device", required=True, metavar="ID")
    scan.add_argument("--out", required=True, type=Path, metavar="DIR")
    scan.add_argument("--dpi", type=int, default=300)
    scan.add_argument("--mode", choices=[mode.value for mode in ColourMode], default="colour")
    scan.add_argument("--source", choices=[source.value for source in Source], default="flatbed")
    rehearse = command("rehearse", "Run a scripted visit through the real window on simulated devices.")
    rehearse.add_argument("script", type=Path, metavar="SCRIPT")
    rehearse.add_argument("--screenshots", type=Path, metavar="DIR", help="keep a picture of each step")
    rehearse.add_argument("--size", default="1920x1080", help="of the window, WIDTHxHEIGHT")
    rehearse.add_argument("--scheme", choices=["light", "dark"], default="light")
    command("verify", "Check the picture store and the journal.")
    return top


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Run one headless command and return its exit status."""
    try:
        return _COMMANDS[arguments.command](arguments, parts)
    except StationError as error:
        return could_not(error)


def could_not(error: StationError) -> int:
    """Say on standard error what happened, why and what to do."""
    print(word(error).text, file=sys.stderr)
    return COULD_NOT


def _read(arguments: argparse.Namespace, parts: Parts) -> int:
    def one(path: Path) -> tuple[Row, bool]:
        row = headless.read(path)
        codes, mrz = row["barcodes"], row["mrz"]
        accepted = isinstance(codes, list) and any(code["status"] == "accepted" for code in codes)
        return row, accepted or (isinstance(mrz, dict) and mrz["status"] == "accepted")

    return _each(arguments, one, _read_text)


def _assess(arguments: argparse.Namespace, parts: Parts) -> int:
    profile = parts.profiles()[arguments.profile]

    def one(path: Path) -> tuple[Row, bool]:
        row = headless.judge(path, profile)
        return row, row["verdict"] != "FAIL"

    return _each(arguments, one, _assess_text)


def _each(
    arguments: argparse.Namespace, one: Callable[[Path], tuple[Row, bool]], text: Callable[[Row], Iterable[str]]
) -> int:
    """Do something to every file; one that cannot be read does not keep the others from it."""
    status = DONE
    for path in arguments.files:
        try:
            row, good = one(path)
        except StationError as error:
            row = {"file": str(path), "code": error.code, **headless.facts(error)}
            status = COULD_NOT
            if not arguments.json:
                print(f"{path}: {word(error).text}")
                continue
        else:
            status = status if good else max(status, FINDINGS)
        _print(arguments, [row], text)
    return status


def _import(arguments: argparse.Namespace, parts: Parts) -> int:
    imported, refused = headless.take_expected(parts, arguments.file, keep_good=arguments.keep_good)
    _print(arguments, refused, lambda row: [f"line {row['line']}, {row['column']}: {row['problem']}"])
    if not arguments.json:
        if imported is None:
            print(f"{len(refused)} lines are refused; nothing was changed. --keep-good takes the others.")
        else:
            print(f"{imported.added} added, {imported.updated} updated, {imported.unchanged} already there")
    return FINDINGS if refused else DONE


def _devices(arguments: argparse.Namespace, parts: Parts) -> int:
    rows = list(headless.devices(parts))
    _print(arguments, rows, lambda row: [f"{row['id']}: {row.get('name', '')} ({row['state']})"])
    return FINDINGS if any(row["state"] == "failed" for row in rows) else DONE


def _scan(arguments: argparse.Namespace, parts: Parts) -> int:
    settings = ScanSettings(Source(arguments.source), ColourMode(arguments.mode), arguments.dpi)
    for row in headless.scan(parts, arguments.device, arguments.out, settings):
        _print(arguments, [row], lambda row: [f"{row['file']} ({row['width_px']} x {row['height_px']})"])
    return DONE


def _verify(arguments: argparse.Namespace, parts: Parts) -> int:
    problems = [headless.plain(problem) for problem in parts.problems()]
    rows = [problem for problem in problems if isinstance(problem, dict)]
    _print(arguments, rows, lambda row: [f"{row['kind']}: {row['what']}"])
    if not arguments.json:
        print(f"{len(rows)} problems found." if rows else "Store and journal are sound.")
    return FINDINGS if rows else DONE


def _print(arguments: argparse.Namespace, rows: Sequence[Row], text: Callable[[Row], Iterable[str]]) -> None:
    for row in rows:
        if arguments.json or "code" in row:
            print(json.dumps(row, ensure_ascii=False), flush=True)
        else:
            for line in text(row):
                print(line, flush=True)


def _read_text(row: Row) -> Iterable[str]:
    yield f"{row['file']}:"
    mrz, codes = row["mrz"], row["barcodes"]
    if isinstance(mrz, dict):
        yield f"  MRZ: {mrz['status']}"
        yield from (f"    {line}" for line in mrz["lines"])
    if isinstance(codes, list):
        yield from (f"  {code['symbology']} ({code['status']}): {code['text']}" for code in codes)


def _assess_text(row: Row) -> Iterable[str]:
    yield f"{row['file']}: {row['verdict']}"
    findings = row["findings"]
    if isinstance(findings, list):
        for finding in findings:
            raw = "" if finding["raw"] is None else f" {finding['raw']:.4g} {finding['unit']}"
            yield f"  {finding['status']:<12} {finding['measure']}{raw}"


_COMMANDS: dict[str, Callable[[argparse.Namespace, Parts], int]] = {
    "read": _read,
    "assess": _assess,
    "import": _import,
    "devices": _devices,
    "scan": _scan,
    "verify": _verify,
}
