"""A calibration as JSON: everything that is kept of it, as plain data in one order."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from math import isfinite

from station.calibration.profile import Asked
from station.delivery import calibration_words as words
from station.model.calibration import Curve, Figure, Kept, Map
from station.model.quality import Finding

SCHEMA = "visa-station/calibration"
SCHEMA_VERSION = 1

_NOTES = {
    "text": "The signature is Ed25519 (RFC 8032) over signed_text in UTF-8, the digest its SHA-256.",
    "how": "Compare the SHA-256 of signed_text with digest_sha256, and verify the signature over it with the "
    "station's public key, which has to come from somewhere else than this file.",
    "limits": "What stands outside signed_text, and the PDF, are made from it and are not signed themselves.",
}

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


def as_json(kept: Kept, before: Kept | None, asked: Mapping[str, Asked]) -> str:
    """Return a calibration as JSON text; `asked` are its profile's limits, nothing where they are not known.

    Values that are no finite numbers are null. Times are ISO 8601 with the time zone.
    """
    done = kept.calibration
    report, analysis = done.report.report, done.report.analysis
    figures = {figure.measure: figure for figure in analysis.figures}
    findings: list[Plain] = [
        _figure(finding, figures.get(finding.measure), asked.get(finding.measure))
        for finding in report.findings
    ]
    label = analysis.label
    document: dict[str, Plain] = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "number": kept.number,
        "passed": done.passed,
        "verdict": report.verdict.value,
        "verdict_text": f"{words.verdict(done)}. {words.verdict_sentence(done)}",
        "only_geometry_and_relative_sharpness": words.self_printed(done),
        "station": done.station,
        "officer": done.officer,
        "at": done.at.isoformat(),
        "device": {
            "id": done.device,
            "name": done.device_name,
            "simulated": done.simulated,
            "serial": done.setup.serial,
            "driver": done.setup.driver,
            "settings_hash": done.setup.settings,
            "pictures_before": done.scans,
        },
        "asked_of_device": _settings(done.settings),
        "claimed_ppi": None if done.claimed is None else [_finite(ppi) for ppi in done.claimed],
        "extent": done.extent.value,
        "target": {
            "kind": done.target,
            "revision": label.revision if label is not None else None,
            "serial": label.serial if label is not None else None,
            "reference": (label.reference or None) if label is not None else None,
            "label_expires": (label.expires or None) if label is not None else None,
            "expires": _moment(done.target_expires),
        },
        "reference_sha256": done.reference or None,
        "profile": {"name": report.profile, "version": report.version},
        "software": done.software,
        "pictures": [
            {
                "sha256": picture.sha256,
                "media_type": picture.media_type,
                "size_bytes": picture.size_bytes,
                "width_px": picture.width_px,
                "height_px": picture.height_px,
                "dpi": None if picture.dpi is None else [_finite(dpi) for dpi in picture.dpi],
            }
            for picture in done.pictures
        ],
        "noise_base64": base64.b64encode(done.noise).decode("ascii"),
        "before": None if before is None else {"number": before.number, "digest": before.digest},
        "figures": findings,
        "maps": [_map(one) for one in analysis.maps],
        "curves": [_curve(one) for one in analysis.curves],
        "proof": {
            "digest_sha256": kept.digest,
            "signature_ed25519": kept.signature.hex(),
            "public_key": kept.key.hex(),
            "signed_text": kept.text,
            **_NOTES,
        },
    }
    return _written(document, 0) + "\n"


def _figure(finding: Finding, figure: Figure | None, asked: Asked | None) -> Plain:
    limit = finding.limit
    ends = (limit.low, limit.high) if limit is not None else (None, None)
    none = asked is None and ends == (None, None)
    return {
        "measure": finding.measure,
        "title": words.title(finding.measure),
        "value": _finite(finding.raw),
        "measured": _finite(figure.value) if figure is not None else None,
        "unit": finding.unit,
        "uncertainty_k2": _finite(figure.uncertainty) if figure is not None else None,
        "status": finding.status.value,
        "reason": finding.reason or None,
        "required": finding.required,
        "needs_reference": figure.needs_reference if figure is not None else None,
        "limit": None if none else {
            "low": _finite(ends[0]),
            "high": _finite(ends[1]),
            "source": asked.source if asked is not None else None,
            "mark": asked.mark.value if asked is not None else None,
        },
    }  # fmt: skip


def _map(one: Map) -> Plain:
    return {"name": one.name, "unit": one.unit, "rows": [[_finite(value) for value in row] for row in one.rows]}


def _curve(one: Curve) -> Plain:
    points: list[Plain] = [[_finite(x), _finite(y)] for x, y in one.points]
    return {"name": one.name, "x_unit": one.x_unit, "y_unit": one.y_unit, "points": points}


def _settings(text: str) -> Plain:
    """Return what the device was asked for; a text that is no JSON as it is."""
    try:
        found: Plain = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return text
    return found


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _written(value: Plain, depth: int) -> str:
    """Write objects and lists of objects on lines of their own, lists of numbers on one."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict) and value:
        parts = [f"{inner}{_text(key)}: {_written(part, depth + 1)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{outer}}}"
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        parts = [inner + _written(part, depth + 1) for part in value]
        return "[\n" + ",\n".join(parts) + f"\n{outer}]"
    return _text(value)


def _text(value: Plain) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
