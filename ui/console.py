"""The headless commands: arguments in, JSON lines or plain text out, and an exit status.

0 = done, 1 = done with findings that fail, 2 = could not.
"""

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

from station.errors import StationError
from station.flow import headless, headless_calibrate, headless_export, headless_target
from station.flow.checklists import CATEGORIES
from station.flow.headless import Parts, Row
from station.flow.headless_calibrate import Calibrated
from station.model.capability import ColourMode, ScanSettings, Source
from station.model.document import Certainty, MrzStatus, Reading
from station.model.quality import QualityReport, Verdict
from station.model.target import ChartKind, TargetKind
from ui import console_audit, console_keys, console_overrides, console_replay
from ui.wording import calibration, measures, names
from ui.wording.errors import word
from ui.wording.remarks import mrz_remark, problem

DONE, FINDINGS, COULD_NOT = 0, 1, 2

TARGETS = {kind.value: kind for kind in (*TargetKind, *ChartKind)}
"""What `calibrate` measures: the sheets that `target` draws, and known commercial targets."""


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
    export = command("export", "Write a record's pages as PDF/A, whole or item by item.")
    export.add_argument("record", metavar="RECORD|APPLICATION_NUMBER")
    export.add_argument("--out", required=True, type=Path, metavar="DIR")
    export.add_argument("--item", action="append", default=[], metavar="ID", help="a file for this item only")
    export.add_argument("--text", action="store_true", help="add text to search, by tesseract")
    export.add_argument("--pictures", action="store_true", help="the pages as the device delivered them, too")
    sheets = command("sheets", "Draw the separator sheets of a category as PDF.")
    sheets.add_argument("--category", required=True, choices=CATEGORIES)
    sheets.add_argument("--out", required=True, type=Path, metavar="FILE")
    sheets.add_argument("--paper", choices=["a4", "letter"], default="a4")
    target = command("target", "Draw a calibration target as PDF or PNG.")
    kinds = [*(kind.value for kind in TargetKind), headless_target.BOARD]
    target.add_argument("--kind", required=True, choices=kinds, help="board: for cameras")
    target.add_argument("--dpi", type=_target_dpi, default=300, metavar="N", help="of a PNG, 50 to 1200")
    target.add_argument("--out", required=True, type=_target_file, metavar="FILE.pdf|FILE.png")
    target.add_argument("--serial", type=_serial, default=headless_target.NO_SERIAL, help="one for one sheet")
    calibrate = command("calibrate", "Measure a scanned calibration target and judge it.")
    calibrate.add_argument("file", type=Path, metavar="FILE")
    calibrate.add_argument("--target", required=True, choices=[*TARGETS])
    calibrate.add_argument(
        "--dpi", type=_positive, metavar="N", help="what the scanner claims; else the file's"
    )
    calibrate.add_argument(
        "--reference", type=Path, metavar="FILE", help="the target's measured values (CGATS)"
    )
    calibrate.add_argument(
        "--dark", type=Path, metavar="FILE", help="a scan with the lid closed and the lamp off: ambient light"
    )
    calibrate.add_argument("--serial", default="", help="serial number or batch on a commercial target")
    calibrate.add_argument(
        "--profile", metavar="NAME", help="else station_default with a reference, self_printed without"
    )
    command("verify", "Check the pictures, the journal, the audit, and all that was signed.")
    console_audit.add_to(command("audit", console_audit.ABOUT))
    console_overrides.add_to(command("overrides", console_overrides.ABOUT))
    console_replay.add_to(command("replay", console_replay.ABOUT))
    console_keys.add_to(command("key", console_keys.ABOUT))
    command("rotate-key", console_keys.ABOUT_ROTATION)
    return top


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < inf:
        raise ValueError(text)
    return value


def _target_dpi(text: str) -> int:
    if int(text) not in headless_target.DPI:
        raise ValueError(text)
    return int(text)


def _target_file(text: str) -> Path:
    if Path(text).suffix.lower() not in headless_target.SUFFIXES:
        raise argparse.ArgumentTypeError("the name must end in .pdf or .png")
    return Path(text)


def _serial(text: str) -> str:
    if not headless_target.SERIAL.fullmatch(text):
        raise argparse.ArgumentTypeError("a serial has 1 to 16 capitals, digits and hyphens")
    return text


def run(arguments: argparse.Namespace, parts: Parts) -> int:
    """Run one headless command and return its exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be anything
    try:
        return _COMMANDS[arguments.command](arguments, parts)
    except StationError as error:
        return could_not(error)


def could_not(error: StationError) -> int:
    """Say on standard error what happened, why and what to do."""
    print(word(error).text, file=sys.stderr)
    return COULD_NOT


# -- files ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is said about one file: a row for scripts, lines for people, and whether all is well."""

    row: Row
    lines: tuple[str, ...]
    good: bool


def _read(arguments: argparse.Namespace, parts: Parts) -> int:
    def look(path: Path) -> _Answer:
        reading = headless.read(parts, path)
        codes = [headless.barcode_row(code) for code in reading.barcodes]
        row: Row = {"mrz": headless.mrz_row(reading.mrz), "barcodes": codes}
        sure = [code.certainty is Certainty.ACCEPTED for code in reading.barcodes]
        if reading.mrz is not None:
            sure.append(reading.mrz.status is MrzStatus.ACCEPTED)
        return _Answer(row, tuple(_said_of(reading)), good=bool(sure) and all(sure))

    return _each(arguments, look)


def _said_of(reading: Reading) -> Iterator[str]:
    if reading.mrz is not None:
        yield f"Machine-readable zone, {names.name(reading.mrz.status).lower()}:"
        yield from (f"  {line}" for line in reading.mrz.lines)
        yield from (f"  {mrz_remark(remark)}" for remark in reading.mrz.remarks)
    for code in reading.barcodes:
        sure = "read" if code.certainty is Certainty.ACCEPTED else "read, not sure"
        yield f"{code.symbology.value}, {sure}: {code.text}"
    if reading.mrz is None and not reading.barcodes:
        yield "Neither a bar code nor a machine-readable zone was found."


def _assess(arguments: argparse.Namespace, parts: Parts) -> int:
    profile = headless.profile(parts, arguments.profile)

    def look(path: Path) -> _Answer:
        report = headless.judge(path, profile)
        found = [{**headless.finding_row(f), "instruction": measures.instruction(f)} for f in report.findings]
        row: Row = {"profile": profile.name, "verdict": report.verdict.value, "findings": found}
        row |= {"version": report.version, "digest": report.digest, "measures": report.measures}
        return _Answer(row, tuple(_said_about(report)), report.verdict is not Verdict.FAIL)

    return _each(arguments, look)


def _said_about(report: QualityReport) -> Iterator[str]:
    yield f"{names.mark(report.verdict).word}."
    for finding in report.worst_first:
        value, limit = measures.value(finding), measures.limit(finding)
        # What has no limit only informs: to call it good would judge it.
        status = names.name(finding.status).lower() if limit or not value else ""
        said = f"{measures.title(finding.measure)}: {', '.join(part for part in (value, status) if part)}."
        limit = f"{limit}." if limit else ""
        yield "  " + " ".join(part for part in (said, limit, measures.instruction(finding)) if part)


def _target(arguments: argparse.Namespace, parts: Parts) -> int:
    if arguments.kind == headless_target.BOARD:
        row = headless_target.draw_the_board(parts, arguments.dpi, arguments.out)
        said = f"a board with squares of {row['square_mm']:g} mm, to be printed at 100 % and measured"
        _print(arguments, row, f"{row['file']}: {said}")
        return DONE
    kind = TargetKind(arguments.kind)
    row = headless_target.draw(parts, kind, arguments.serial, arguments.dpi, arguments.out)
    _print(arguments, row, f"{row['file']}: {row['label']}, to be printed at 100 %")
    return DONE


def _calibrate(arguments: argparse.Namespace, _: Parts) -> int:
    started = time.perf_counter()
    found = headless_calibrate.calibrate(
        arguments.file, TARGETS[arguments.target], dpi=arguments.dpi, reference=arguments.reference,
        profile=arguments.profile, serial=arguments.serial, dark=arguments.dark,
    )  # fmt: skip
    report = found.report.report
    row: Row = {
        "file": str(arguments.file),
        "profile": report.profile,
        "verdict": report.verdict.value,
        "measures": headless_calibrate.rows(found.report),
        "took_ms": round((time.perf_counter() - started) * 1000, 1),
    }
    _print(arguments, row, f"{arguments.file}: {found.title}.", *_said_of_calibration(found))
    return DONE if found.proven else FINDINGS


def _said_of_calibration(found: Calibrated) -> Iterator[str]:
    report = found.report.report
    yield f"{names.mark(report.verdict).word}."
    for finding in report.worst_first:
        value, limit = calibration.value(finding), calibration.limit(finding)
        told = finding.reason == "no_limit"
        status = "" if told else names.name(finding.status).lower()
        said = f"{calibration.title(finding.measure)}: {', '.join(part for part in (value, status) if part)}."
        limit = f"{limit}{', unverified' if finding.measure in found.unverified else ''}." if limit else ""
        instruction = "" if told else calibration.instruction(finding)
        yield "  " + " ".join(part for part in (said, limit, instruction) if part)
    if found.uncertain:
        yield "Uncertainty not assessed, judged by the value alone:"
        yield f"  {', '.join(calibration.title(measure) for measure in sorted(found.uncertain))}."


def _each(arguments: argparse.Namespace, look: Callable[[Path], _Answer]) -> int:
    """Look at every file; one that cannot be used does not keep the others from it."""
    status = DONE
    for path in arguments.files:
        started = time.perf_counter()
        try:
            answer = look(path)
        except StationError as error:
            answer = _Answer(_trouble(error), (word(error).text,), good=False)
            status = COULD_NOT
        status = status if answer.good else max(status, FINDINGS)
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        first, *others = answer.lines
        _print(arguments, {"file": str(path), **answer.row, "took_ms": took_ms}, f"{path}: {first}", *others)
    return status


# -- the others -----------------------------------------------------------------------------------------------


def _import(arguments: argparse.Namespace, parts: Parts) -> int:
    imported, refused = headless.take_expected(parts, arguments.file, keep_good=arguments.keep_good)
    for line in refused:
        row: Row = {"file": str(arguments.file), "line": line.line, "column": line.column}
        _print(arguments, {**row, "problem": line.problem, "message": problem(line)}, problem(line))
    if imported is None and not arguments.json:
        print(f"Lines refused: {len(refused)}. Nothing was changed; --keep-good takes the other lines.")
    elif imported is not None and not arguments.json:
        print(f"Added {imported.added}, updated {imported.updated}, left as they were {imported.unchanged}.")
    return FINDINGS if refused else DONE


def _devices(arguments: argparse.Namespace, parts: Parts) -> int:
    status = DONE
    for row, error in headless.devices(parts):
        if error is None:
            simulated = ", simulated" if row["simulated"] else ""
            _print(arguments, row, f"{row['id']}: {row['name']}, ready{simulated}")
        else:
            status = FINDINGS
            _print(arguments, {**row, **_trouble(error)}, f"{row['id']}: {word(error).text}")
    return status


def _scan(arguments: argparse.Namespace, parts: Parts) -> int:
    settings = ScanSettings(Source(arguments.source), ColourMode(arguments.mode), arguments.dpi)
    for row in headless.scan(parts, arguments.device, arguments.out, settings):
        _print(arguments, row, f"{row['file']}: {row['width_px']} x {row['height_px']} px")
    return DONE


def _export(arguments: argparse.Namespace, parts: Parts) -> int:
    status = DONE
    for row in headless_export.export(
        parts, arguments.record, arguments.out, arguments.item, text=arguments.text, pictures=arguments.pictures
    ):
        said = f"{row['file']}: {row['pages']} pages, {row['bytes']} bytes, checked"
        if silent := row.get("without_text"):
            status = FINDINGS
            said = f"{said}; pages without text: {silent}"
        _print(arguments, row, said)
    return status


def _sheets(arguments: argparse.Namespace, parts: Parts) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Late: no other command draws, and none is to wait for what draws.
    from station.flow.sheets import separators
    from ui.app import make_application
    from ui.printing.canvas import Paper
    from ui.printing.output import pdf
    from ui.printing.separators import separator_pages

    checklist = headless.checklist(parts, arguments.category)
    make_application([])
    pages = separator_pages(separators(checklist))
    headless.keep(arguments.out, pdf(Paper(arguments.paper), pages, checklist.title))
    row: Row = {"file": str(arguments.out), "pages": len(pages)}
    _print(arguments, row, f"{arguments.out}: {len(pages)} pages")
    return DONE


def _verify(arguments: argparse.Namespace, parts: Parts) -> int:
    found = 0
    for row, said in console_audit.notices(parts):
        _print(arguments, row, said)
    for row in headless.problems(parts):
        found += row["kind"] != console_audit.OLDER
        _print(arguments, row, f"{console_audit.PROBLEMS.get(str(row['kind']), row['kind'])}: {row['what']}")
    if not arguments.json:
        print(f"Problems found: {found}." if found else "Store, journal and audit are sound.")
    return FINDINGS if found else DONE


def _told(arguments: argparse.Namespace, parts: Parts) -> int:
    tell = {"audit": console_audit.run, "overrides": console_overrides.run}
    tell[arguments.command](arguments, parts, _print)
    return DONE


def _trouble(error: StationError) -> Row:
    """Write trouble for scripts: its code, its facts, and the sentence."""
    facts = {fact: headless.plain(value) for fact, value in error.context.items()}
    return {**facts, "code": error.code, "message": word(error).text}


def _print(arguments: argparse.Namespace, row: Row, *lines: str) -> None:
    for line in [json.dumps(row, default=str)] if arguments.json else lines:
        print(line, flush=True)


_COMMANDS: dict[str, Callable[[argparse.Namespace, Parts], int]] = {
    "read": _read,
    "assess": _assess,
    "import": _import,
    "devices": _devices,
    "scan": _scan,
    "export": _export,
    "sheets": _sheets,
    "target": _target,
    "calibrate": _calibrate,
    "verify": _verify,
    "audit": _told,
    "overrides": _told,
    "key": lambda arguments, parts: DONE if console_keys.run(arguments, parts.keys(), _print) else FINDINGS,
    "rotate-key": lambda arguments, parts: (
        DONE if console_keys.rotate(arguments, parts.keys(), _print) else FINDINGS
    ),
    "replay": lambda arguments, parts: DONE if console_replay.run(arguments, parts, _print) else FINDINGS,
}
