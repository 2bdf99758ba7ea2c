"""One entry of the audit, the head of a station's chain, and an anchor: values, their texts, their hashes.

A text is canonical JSON: ASCII, keys sorted, no spaces. An entry's hash is the SHA-256 of the text of all its
other fields, `previous` (the hash of the entry before) among them; whoever has the hash of the last entry has
proof of all. What is signed says first what it is, so that no signature can stand for another.
"""

import json
import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""An act is a word, so that no text about a person gets into the log by this way."""


def canonical(value: object) -> str:
    """Return JSON text that is the same for the same values.

    Raises:
        TypeError, ValueError: a part is no JSON value.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, 64 lower-case hex digits."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done, the `number`-th that this `station` told; `at` is UTC text of `rows.time_text`.

    `before` and `after` are digests of what was stored, "" for nothing. `record`, `visit` and `officer` are ids
    or "". Nothing else may be in it.
    """

    station: str
    number: int
    at: str
    officer: str
    act: str
    record: str
    visit: str
    before: str
    after: str
    previous: str

    @property
    def hash(self) -> str:
        """The SHA-256 over all fields."""
        return digest(canonical({name: getattr(self, name) for name in FIELDS}))

    @property
    def row(self) -> dict[str, Any]:
        """The columns of `audit`, `hash` among them."""
        return {**{name: getattr(self, name) for name in FIELDS}, "hash": self.hash}


FIELDS = tuple(Entry.__dataclass_fields__)
"""What is hashed."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a station's chain goes: its last entry's number, hash and time; 0 and "" before the first."""

    station: str
    number: int
    hash: str
    at: str

    @property
    def text(self) -> str:
        """What the station signs with every commit."""
        return canonical({"format": "visa-station/audit-head/1", **asdict(self)})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was signed to stay: in the database, and in a file beside it. `at` is when that was done."""

    station: str
    number: int
    hash: str
    at: str
    reason: str
    key: str
    signature: str = ""

    @property
    def text(self) -> str:
        """What is signed: all but the signature."""
        fields = asdict(self)
        del fields["signature"]
        return canonical({"format": "visa-station/audit-anchor/1", **fields})

    @property
    def line(self) -> str:
        """The line of the file of anchors, without its end."""
        return canonical({"format": "visa-station/audit-anchor/1", **asdict(self)})


def anchor_of(line: str) -> Anchor | None:
    """Return the anchor of a line that `Anchor.line` wrote, None for none. Its signature is not proved."""
    try:
        fields = json.loads(line)
        fields.pop("format")
        anchor = Anchor(**fields)
        return anchor if anchor.line == line else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
