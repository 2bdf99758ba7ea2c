"""Which bar code means what at this centre: patterns from TOML files, tried on codes as they were read.

The payload of a code is never changed; a pattern only says what it means.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from station.model.document import Barcode, Certainty, Identifier, Symbology
from station.reading.proof import Proof
from station.toml_file import Table, files_of, meant, read_table

KINDS = ("letter_number", "application_number", "document_number", "file_number", "label")
"""What a code can mean. The first three choose a record."""

LONGEST_PAYLOAD = 512
"""Bytes; longer payloads (a form's PDF417, a signed QR) are data, not a number."""

LONGEST_PATTERN = 200

# What can make an expression slow beyond measure: a repeated group, looking around, referring back. Two open
# repeats over the longest payload stay below a tenth of a second.
_LITERALS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_REFUSED = re.compile(r"\)[*+{]|\(\?(?!P<value>|:)")
_BACK_REFERENCE = re.compile(r"\\[1-9]")
_REPEATS = re.compile(r"[*+]|\{\d*,\d*\}")
_REPEATS_MAX = 2
# What lets a shape fit texts of several lengths.
_ANY_LENGTH = re.compile(r"[*+|]|(?<!\()\?|\{\d*,\d*\}")


def _luhn(value: str) -> bool:
    """Hold the last digit against the others (ISO/IEC 7812-1, annex B); other characters do not count."""
    digits = [int(c) for c in value if c.isdecimal()]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return len(digits) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _mod97(value: str) -> bool:
    """Hold the number against 97 (ISO/IEC 7064, MOD 97-10): letters count from A = 10."""
    digits = "".join(str(int(c, 36)) for c in value.upper() if c.isalnum() and c.isascii())
    return len(digits) > 2 and int(digits) % 97 == 1


def _gs1(value: str) -> bool:
    """Hold the last digit against the others (GS1 General Specifications, 7.9: EAN, ITF-14, SSCC)."""
    weighed = sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(reversed(value)) if c.isdecimal())
    return len(value) > 1 and value.isdecimal() and weighed % 10 == 0


CHECKS: Mapping[str, Callable[[str], bool]] = {"luhn": _luhn, "mod97": _mod97, "gs1": _gs1}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One meaning. `shape` must fit the whole text; its group `value` is the number."""

    name: str
    kind: str
    shape: re.Pattern[str]
    symbologies: frozenset[Symbology]
    check: Callable[[str], bool] | None
    proof: Proof = Proof.NONE

    def value_of(self, code: Barcode) -> str | None:
        """Return the number that this code carries, or None when it means something else."""
        if code.symbology not in self.symbologies or len(code.payload) > LONGEST_PAYLOAD:
            return None
        found = self.shape.fullmatch(code.text.strip())
        if found is None:
            return None
        value = found["value"]
        return value if self.check is None or self.check(value) else None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns of a centre, in the order of their files."""

    patterns: tuple[Pattern, ...]

    def identify(self, barcodes: Iterable[Barcode]) -> tuple[Identifier, ...]:
        """Say what the codes mean, each number once, as certain as its surest code.

        A code that fits several patterns has several meanings. Two different numbers of one kind are both told:
        which of them counts is not for a pattern to say.
        """
        found: dict[tuple[str, str], Identifier] = {}
        for code in barcodes:
            for pattern in self.patterns:
                value = pattern.value_of(code)
                if value is None:
                    continue
                known = found.get((pattern.kind, value))
                if known is None or known.certainty is not Certainty.ACCEPTED:
                    found[(pattern.kind, value)] = Identifier(pattern.kind, value, pattern.name, code.certainty)
        return tuple(found.values())

    def proof(self, symbology: Symbology, payload: bytes) -> Proof:
        """Say what the patterns prove of a text that was read: what the strictest one that it fits does."""
        code = Barcode(symbology, payload, Certainty.UNSURE)
        fitting = (p.proof for p in self.patterns if p.proof and p.value_of(code) is not None)
        return max(fitting, default=Proof.NONE)


def load_patterns(path: Path) -> Patterns:
    """Read the patterns of one file, or of all TOML files of a folder by their names.

    Raises:
        SettingsError: `problem` is unreadable, not_toml, missing, wrong_type, wrong_value, unknown_key or
            duplicate.
    """
    patterns: dict[str, Pattern] = {}
    for file in files_of(path) if path.is_dir() else (path,):
        table = read_table(file)
        table.only("title", "note", "pattern")
        for entry in table.tables("pattern"):
            pattern = _pattern(entry)
            if pattern.name in patterns:
                raise entry.refusal("name", "duplicate")
            patterns[pattern.name] = pattern
    return Patterns(tuple(patterns.values()))


def _pattern(entry: Table) -> Pattern:
    entry.only("name", "kind", "symbologies", "shape", "check", "proof", "note")
    kind = _choice(entry, "kind", KINDS)
    check = CHECKS[_choice(entry, "check", tuple(CHECKS))] if "check" in entry.values else None
    shape = _shape(entry)
    return Pattern(entry.text("name"), kind, shape, _symbologies(entry), check, _proof(entry, shape, check))


def _proof(entry: Table, shape: re.Pattern[str], check: Callable[[str], bool] | None) -> Proof:
    """Return what a pattern proves that says `proof = true`; it must have one length at least."""
    if not entry.flag("proof", default=False):
        return Proof.NONE
    if _ANY_LENGTH.search(_LITERALS.sub("x", shape.pattern)):
        raise entry.refusal("proof", "wrong_value")
    return Proof.CHECK if check else Proof.LENGTH


def _choice(entry: Table, key: str, known: tuple[str, ...]) -> str:
    value = entry.text(key)
    if value not in known:
        raise entry.refusal(key, "wrong_value", meant(value, known))
    return value


def _shape(entry: Table) -> re.Pattern[str]:
    text = entry.text("shape")
    if len(text) > LONGEST_PATTERN:  # first: what looks for slow expressions is slow on long ones itself
        raise entry.refusal("shape", "wrong_value")
    skeleton = _LITERALS.sub("x", text)
    slow = _REFUSED.search(skeleton) or _BACK_REFERENCE.search(text)
    if slow or len(_REPEATS.findall(skeleton)) > _REPEATS_MAX:
        raise entry.refusal("shape", "wrong_value")
    try:
        shape = re.compile(text, re.ASCII)
    except (re.error, OverflowError):  # OverflowError: {99999999999}
        raise entry.refusal("shape", "wrong_value") from None
    if "value" not in shape.groupindex:
        raise entry.refusal("shape", "wrong_value", "(?P<value>...)")
    return shape


def _symbologies(entry: Table) -> frozenset[Symbology]:
    if "symbologies" not in entry.values:
        return frozenset(Symbology)
    names = entry.values["symbologies"]
    if not isinstance(names, list) or not names:
        raise entry.refusal("symbologies", "wrong_type")
    known = {symbology.value: symbology for symbology in Symbology}
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise entry.refusal("symbologies", "wrong_value", meant(str(name), known))
    return frozenset(known[name] for name in names)
