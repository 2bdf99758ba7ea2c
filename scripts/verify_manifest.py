#!/usr/bin/env python3
"""Prove pictures by their signed manifests: `verify_manifest.py --key PUBLIC.pem MANIFEST PICTURE …`.

Stands alone: needs Python 3.11 and the package `cryptography`, nothing of the station. The public key is
that of the station (`main.py audit --public-key FILE`), manifests and pictures are from `main.py export
--pictures`. Each manifest is followed by its picture. Exit status: 0 all proved, 1 not, 2 could not look.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FORMAT = "visa-station/manifest/1"


def main() -> int:
    """Prove what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--key", required=True, type=Path, metavar="PUBLIC.pem")
    parser.add_argument("files", nargs="+", type=Path, metavar="MANIFEST PICTURE")
    arguments = parser.parse_args()
    if len(arguments.files) % 2:
        parser.error("each manifest needs its picture after it")
    try:
        key = load_pem_public_key(arguments.key.read_bytes())
    except (OSError, ValueError):
        parser.error(f"{arguments.key} is no public key")
    if not isinstance(key, Ed25519PublicKey):
        parser.error(f"{arguments.key} is no Ed25519 key")
    good = True
    for path, picture in zip(arguments.files[::2], arguments.files[1::2], strict=True):
        try:
            problem, lines = proved(key, path.read_bytes(), picture.read_bytes())
        except OSError as error:
            parser.error(f"{error.filename}: {error.strerror}")
        sys.stdout.write(f"{picture}: {problem or 'proved'}\n")
        sys.stdout.writelines(f"  {line}\n" for line in lines)
        good = good and not problem
    return 0 if good else 1


def proved(key: Ed25519PublicKey, envelope: bytes, picture: bytes) -> tuple[str, list[str]]:
    """Return what is wrong ("" when nothing), and what is proved."""
    try:
        whole = json.loads(envelope)
        manifest, signature = whole["manifest"], bytes.fromhex(whole["signature"])
        text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (ValueError, TypeError, KeyError, RecursionError):
        return "NOT PROVED, the manifest cannot be read", []
    try:
        key.verify(signature, text.encode())
        lines = [*said(manifest)] if manifest["format"] == FORMAT else []
        same = (
            hashlib.sha256(picture).hexdigest() == manifest["sha256"] and len(picture) == manifest["size_bytes"]
        )
    except InvalidSignature:
        return "NOT PROVED, the manifest was not signed with this key", []
    except (TypeError, KeyError, AttributeError):
        lines = []
    if not lines:
        return "NOT PROVED, what was signed is no manifest of a kind that this script knows", []
    return ("", lines) if same else ("NOT PROVED, the picture is another one than was signed", [])


def said(manifest: dict[str, Any]) -> Iterator[str]:
    """Yield, line by line, what the station states of the picture."""
    source, checks, override = manifest["provenance"], manifest["checks"], manifest["override"]
    proof = source.get("proof") or {}
    yield f"picture: {manifest['sha256']} ({manifest['size_bytes']} bytes), as it was signed"
    yield f"signed by: station {manifest['station']}"
    yield f"record: {manifest['record']}, {manifest['kind']} {manifest['item']} page {manifest['page']}"
    yield f"taken: {source['taken_at']} by {source['officer']}, software {source['software']}"
    simulated = ", SIMULATED" if source["simulated"] else ""
    serial = source["serial"] or "unknown"
    yield f"device: {source['device_name']}, serial {serial}, {source['driver']}{simulated}"
    yield f"settings: {source['settings']}"
    yield f"calibration: {proof.get('state') or 'not stated'} {proof.get('calibration') or ''}"
    if checks:
        yield f"checks: {checks['verdict']} by {checks['profile']} {checks['version']}"
    if override:
        yield f"override: {override['kind']}, {override['reason']}"
    for name in ("parent", "replaces"):
        if manifest[name]:
            yield f"{name}: {manifest[name]}"


if __name__ == "__main__":
    sys.exit(main())
