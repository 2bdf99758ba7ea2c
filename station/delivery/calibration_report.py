"""The report of a calibration as PDF and JSON, and fresh targets for the printer."""

import io
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from station.calibration.camera.board import Board
from station.calibration.layouts import FOLDER, load_layouts
from station.calibration.profile import Asked, Profile, load_profiles
from station.delivery import calibration_tables as tables
from station.delivery import calibration_words as words
from station.delivery.board_pdf import board_pdf
from station.delivery.calibration_axes import draw_key
from station.delivery.calibration_blocks import place
from station.delivery.calibration_drift import KEY, drift_blocks
from station.delivery.calibration_json import as_json
from station.delivery.calibration_plots import plots
from station.delivery.calibration_sheet import LEFT, MM, RIGHT, About, Sheet
from station.delivery.folder import put
from station.delivery.target_pdf import target_pdf
from station.flow.calibration_work import PROFILES
from station.model.calibration import Calibration, Kept
from station.model.calibration_chart import DriftChart
from station.model.quality import Status
from station.model.target import TargetKind, TargetLabel
from station.settings import resources_dir

_LONGEST_SLUG = 40
_SHORT = 12

_SELF_PRINTED = (
    "Self-printed target without measured values: only geometry and relative sharpness are judged; tone, "
    "colour, white balance, noise and absolute sharpness are not."
)
_SIMULATED = "SIMULATED DEVICE: this calibration proves nothing about a real one."
_UNREADABLE = (
    f"Characters that the fonts of this report do not have are shown as {words.REPLACED}; the JSON file beside "
    "it has them as they are."
)
_SIGNS = {"Passed": Status.PASS, "Failed": Status.FAIL, "Not proved": Status.WARN}


class CalibrationReporter:
    """Writes reports and targets. Fulfils `station.flow.ports.Reporter`; safe to call from any thread."""

    def report(
        self, kept: Kept, before: Kept | None, charts: Sequence[DriftChart], folder: Path
    ) -> tuple[Path, ...]:
        """Write `calibration_<device>_<date>T<time>.pdf` and `.json`, both or none; older ones are replaced.

        The same calibration gives the same bytes.

        Raises:
            StorageFull, StorageMissing: the folder does not take them. SettingsError: the profiles cannot be
                understood.
        """
        done = kept.calibration
        profile = load_profiles(PROFILES).get(done.report.report.profile)
        # Limits that were changed since have other sources than those that judged.
        known = profile if profile is not None and profile.version == done.report.report.version else None
        name = f"calibration_{slug(done)}_{done.at:%Y-%m-%dT%H%M%S}"
        text = as_json(kept, before, known.asked if known is not None else {})
        files = {f"{name}.pdf": _pdf(kept, before, charts, known), f"{name}.json": text.encode("ascii")}
        return put(folder, files)

    def target(self, kind: TargetKind | None, path: Path) -> None:
        """Draw a fresh target, which has a serial of its own and no reference yet, or the board, to a PDF.

        Raises:
            StorageFull, StorageMissing: the folder does not take it. SettingsError: the layouts cannot be
                understood.
        """
        if kind is None:
            put(path.parent, {path.name: board_pdf(Board())})
            return
        layout = load_layouts(resources_dir() / FOLDER)[kind]
        # Drawn by lot: sharpness is only ever compared on one and the same sheet.
        label = TargetLabel(kind, layout.revision, secrets.token_hex(4).upper())
        put(path.parent, {path.name: target_pdf(layout, label)})


def slug(done: Calibration) -> str:
    """Return the device's name as a part of a file's name: small letters, digits and hyphens."""
    for text in (done.device_name, done.device):
        plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
        found = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
        if found:
            return found
    return "device"


def _pdf(kept: Kept, before: Kept | None, charts: Sequence[DriftChart], profile: Profile | None) -> bytes:
    done, made = kept.calibration, io.BytesIO()
    foot = f"Calibration {kept.number}, {words.moment(done.at)}, digest {kept.digest[:_SHORT]}"
    foot += f"{', SIMULATED' if done.simulated else ''}, {done.device_name}"
    title = f"Calibration report {kept.number}, {done.device_name}"
    sheet = Sheet(made, About(title, done.station, done.software, foot, done.at))
    _first_page(sheet, kept, profile)
    asked: Mapping[str, Asked] = profile.asked if profile is not None else {}
    tables.figures(sheet, kept, asked)
    if before is not None:
        tables.compared(sheet, kept, before)
    found = list(plots(done, before.calibration if before is not None else None))
    if found:
        sheet.heading("Plots", found[0].height + 20 * MM)
        place(sheet, found)
    tables.edges(sheet, kept)
    _drift(sheet, charts)
    sheet.close()
    return made.getvalue()


def _first_page(sheet: Sheet, kept: Kept, profile: Profile | None) -> None:
    done = kept.calibration
    report, label = done.report.report, done.report.analysis.label
    sheet.text(LEFT, sheet.y - 16, "Calibration report", 20, bold=True)
    sheet.text(RIGHT, sheet.y - 16, f"No. {kept.number}", 12, bold=True, align=1)
    sheet.y -= 26
    after = f"{profile.title if profile is not None else report.profile}, version {report.version}"
    verdict = words.verdict(done)
    measured = f"Measured after: {after}; not certified."
    tables.frame(sheet, _SIGNS[verdict], verdict, (words.verdict_sentence(done), measured))
    if done.simulated:
        tables.warning(sheet, _SIMULATED)
    if words.self_printed(done):
        tables.warning(sheet, _SELF_PRINTED)
    sheet.y -= 3 * MM
    claimed = " x ".join(f"{ppi:g}" for ppi in done.claimed) + " ppi" if done.claimed else "not stated"
    expires = words.moment(done.target_expires) if done.target_expires else "not stated"
    left = (
        ("Station", done.station), ("Officer", done.officer), ("Device", done.device_name), ("Id", done.device),
        ("Serial", done.setup.serial or "not stated"), ("Driver", done.setup.driver),
        ("Settings", done.setup.settings[:_SHORT]), ("Pictures before", str(done.scans)),
        ("Digest", kept.digest[:_SHORT]),
    )  # fmt: skip
    right = (
        ("Date", words.moment(done.at)), ("Extent", done.extent.value), ("Target", words.target(done.target)),
        ("Target's serial", label.serial if label is not None else "none read"), ("Target expires", expires),
        ("Reference file", f"SHA-256 {done.reference[:_SHORT]}" if done.reference else "none"),
        ("Resolution stated", claimed), ("Software", done.software),
        ("Signature", kept.signature.hex()[:_SHORT] or "none"),
    )  # fmt: skip
    tables.facts(sheet, left, right)
    sheet.y -= 2 * MM
    long = [
        ("Profile", f"{report.profile}, version {report.version}"),
        ("Digest (SHA-256)", kept.digest),
        ("Signature (Ed25519)", kept.signature.hex() or "none"),
        ("Station's public key", kept.key.hex() or "none"),
        *(("Picture (SHA-256)", picture.sha256) for picture in done.pictures),
    ]
    if done.reference:
        long.append(("Reference (SHA-256)", done.reference))
    tables.small(sheet, long, lambda value: sheet.wrapped(value, 6.8, RIGHT - LEFT - 40 * MM))
    sheet.y -= 1 * MM
    sheet.paragraph(
        "Each picture that the device takes while this calibration stands carries the digest. The signature is "
        "over the stored text of the calibration, not over this file; the station's command verify proves it.",
        6.8,
    )
    told = (done.station, done.officer, done.device_name, done.device, done.setup.serial, done.setup.driver)
    if any(words.plain(text) != text for text in told):
        sheet.paragraph(_UNREADABLE, 6.8)


def _drift(sheet: Sheet, charts: Sequence[DriftChart]) -> None:
    """Draw the control charts with their key; nothing where there is none."""
    blocks = list(drift_blocks(charts))
    if not blocks:
        return
    sheet.heading("Drift", blocks[0].height + 30 * MM)
    sheet.y -= draw_key(sheet, LEFT, sheet.y - 8, KEY, RIGHT) + 3 * MM
    sheet.paragraph(
        "Control limits say that a figure changed, the tolerance that it is not good enough. A tolerance that "
        "lies far away is not in the picture.",
        7.5,
    )
    if left_out := len(charts) - len(blocks):
        sheet.paragraph(f"Not drawn, of single edges without a signal or of a single value: {left_out}.", 7.5)
    sheet.y -= 2 * MM
    place(sheet, blocks)
