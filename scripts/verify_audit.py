#!/usr/bin/env python3
"""Prove an exported audit: `verify_audit.py --key PUBLIC.pem AUDIT.jsonl`.

Stands alone: needs Python 3.11 and the package `cryptography`, nothing of the station. The public key is
that of the station that exported (`main.py audit --public-key FILE`), the file is from `main.py audit --out`.
Exit status: 0 proved, 1 not, 2 could not look.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FORMAT = "visa-station/audit-export/1"


def main() -> int:
    """Prove the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--key", required=True, type=Path, metavar="PUBLIC.pem")
    parser.add_argument("file", type=Path, metavar="AUDIT.jsonl")
    arguments = parser.parse_args()
    try:
        key = load_pem_public_key(arguments.key.read_bytes())
        lines = arguments.file.read_bytes().splitlines()
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if not isinstance(key, Ed25519PublicKey):
        parser.error(f"{arguments.key} is no Ed25519 key")
    problems, said = proved(key, lines)
    for line in [*(f"NOT PROVED: {problem}" for problem in problems), *(() if problems else said)]:
        sys.stdout.write(f"{line}\n")
    return 1 if problems else 0


def proved(key: Ed25519PublicKey, lines: Sequence[bytes]) -> tuple[list[str], list[str]]:
    """Return what is wrong, and what is proved when nothing is."""
    try:
        *entries, statement = map(json.loads, lines)
        signature = bytes.fromhex(statement.pop("signature"))
        key.verify(signature, canonical(statement).encode())
        if statement["format"] != FORMAT:
            return ["what was signed is no audit of a kind that this script knows"], []
        problems: list[str] = []
        for chain in statement["chains"]:
            count = chain["last"] - chain["first"] + 1
            problems += faults(chain, entries[:count])
            entries = entries[count:]
        head = f"exported by {statement['exported_by']} at {statement['at']}"
        told = [
            f"{chain['station']}: entries {chain['first']} to {chain['last']}" for chain in statement["chains"]
        ]
    except InvalidSignature:
        return ["the last line was not signed with this key"], []
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ["a line is missing or cannot be read"], []
    if entries:
        problems.append("there are more entries than were signed")
    return problems, [f"proved, {head}", *told]


def faults(chain: dict[str, Any], entries: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the entries of one station."""
    station, number, previous = chain["station"], chain["first"], chain["previous"]
    for entry in entries:
        told = {name: value for name, value in entry.items() if name != "hash"}
        found = hashlib.sha256(canonical(told).encode()).hexdigest()
        place = (entry["station"], entry["number"], entry["previous"], entry["hash"])
        if place != (station, number, previous, found):
            yield f"{station}: entry {number} was changed, or is another one"
        number, previous = number + 1, entry["hash"]
    if number != chain["last"] + 1 or previous != chain["hash"]:
        yield f"{station}: the last entry {chain['last']} is not the one that was signed"


def canonical(value: object) -> str:
    """Return JSON text that is the same for the same values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


if __name__ == "__main__":
    sys.exit(main())
