"""Targets: what the station itself wrote, in the hands of whoever has the disk, the database or a copy."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scripts import verify_audit, verify_manifest
from station.errors import RecoveryRefused, StationError, StationKeyDamaged, StorageDamaged
from station.flow import standings
from station.model.calibration import Calibration
from station.model.quality import QualityReport
from station.model.record import Provenance
from station.storage import manifests, rotation, signing
from station.storage.audit_entry import Anchor, anchor_of, canonical
from station.storage.audit_file import AnchorFile
from station.storage.encode import decode, decode_facts, encode
from station.storage.keys import sheet, vault
from station.storage.keys.keeper import Safekeeping, open_vault
from station.storage.keys.station_key import StationKey
from station.storage.picture_store import FolderPictureStore
from station.storage.signing import Signer
from tests.fuzz.target import Target
from tests.stored import picture
from tests.stored_calibrations import calibration

KEY, OTHER = StationKey(bytes(range(32))), StationKey(bytes(32))
SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(32))
PICTURE = b"a picture " * 20
NAME = sha256(PICTURE).hexdigest()
PHRASE = "seven grey herons wade"

ANCHORS = [
    Anchor("kiosk-1", n, "ab" * 32, "2026-11-22T09:00:00Z", "day_end", "cd" * 32, "ef" * 64) for n in (1, 2)
]


# -- keys -----------------------------------------------------------------------------------------------------


@cache
def vaults() -> Sequence[bytes]:
    """Return vaults of each kind; the passphrase is stretched in little memory."""
    wrapping = vault.Wrapping
    held = vault.kept_by_passphrase(KEY, PHRASE)
    assert isinstance(held.wrapping, wrapping)
    return tuple(
        one.proved(KEY).to_bytes() for one in (vault.kept_beside(KEY), vault.kept_by_system(KEY), held)
    )


def read_vault(data: bytes, folder: Path) -> None:
    """Read a vault as it is, and with a digest that fits; open it unless that would take memory."""
    for content in (data, summed(data)):
        (folder / vault.NAME).write_bytes(content)
        with suppress(StationError):
            read = vault.read_vault(folder / vault.NAME)
            if read is not None and read.wrapping is None:
                open_vault(read, Safekeeping())


def summed(data: bytes) -> bytes:
    """Return a vault whose digest was made anew, as anybody can."""
    try:
        table: dict[str, Any] = json.loads(data)
        table["sum"] = vault._sum({name: value for name, value in table.items() if name != "sum"})
        return json.dumps(table).encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return data


def half_rotated(data: bytes, folder: Path) -> None:
    """Read the journal of a rotation."""
    (folder / rotation._JOURNAL).write_bytes(data)
    rotation._read(folder)


@cache
def signing_keys() -> Sequence[bytes]:
    """Return the file of a signing key, for one and for two station keys."""
    return signing._sealed(bytes(32), KEY), signing._sealed(bytes(32), KEY, OTHER)


def signing_key(data: bytes, folder: Path) -> None:
    """Sign with a key that lies in the folder."""
    (folder / signing.NAME).write_bytes(data)
    signing.owners(folder)
    Signer(folder, "kiosk-1", KEY).sign("text")


@cache
def sealed_pictures() -> Sequence[bytes]:
    """Return a stored picture."""
    with TemporaryDirectory() as folder:
        store = FolderPictureStore(Path(folder) / "pictures", KEY)
        content = store.path(store.put(PICTURE)).read_bytes()
        store.close()
    return (content,)


def sealed_picture(data: bytes, folder: Path) -> None:
    """Give out a stored picture: whole and the same, or not at all."""
    store = FolderPictureStore(folder / "pictures", KEY)
    try:
        path = store.path(NAME)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        store.proves(path)
        assert store.get(NAME) == PICTURE
    finally:
        store.close()


# -- the audit and the manifests ------------------------------------------------------------------------------


def entry(number: int, previous: str) -> dict[str, Any]:
    """Return an entry of an exported audit."""
    told = {
        "station": "kiosk-1", "number": number, "at": "2026-11-22T09:00:00Z", "officer": "officer-1",
        "act": "opened", "record": "r", "visit": "v", "before": "", "after": "", "previous": previous,
    }  # fmt: skip
    return told | {"hash": sha256(canonical(told).encode()).hexdigest()}


def signed(statement: dict[str, Any]) -> dict[str, Any]:
    """Return a statement with its signature."""
    rest = {name: value for name, value in statement.items() if name != "signature"}
    return rest | {"signature": SIGNING.sign(canonical(rest).encode()).hex()}


@cache
def exported_audit() -> Sequence[bytes]:
    """Return an exported audit of two entries."""
    first = entry(1, "")
    second = entry(2, first["hash"])
    chain = {"station": "kiosk-1", "first": 1, "last": 2, "previous": "", "hash": second["hash"]}
    statement = {"format": verify_audit.FORMAT, "exported_by": "kiosk-1", "at": "x", "chains": [chain]}
    return (b"\n".join(json.dumps(line).encode() for line in (first, second, signed(statement))),)


def audit(data: bytes, _: Path) -> None:
    """Prove an export as it is, and with a last line that was signed with the right key."""
    key, lines = SIGNING.public_key(), data.splitlines()
    unchanged = data == exported_audit()[0]
    for given in (lines, [*lines[:-1], resigned(lines[-1], signed)] if lines else []):
        problems, told = verify_audit.proved(key, given)
        assert bool(problems) or bool(told)
        assert not (unchanged and problems)


def resigned(line: bytes, sign: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
    """Return a line signed anew, where that can be done."""
    try:
        return json.dumps(sign(json.loads(line))).encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return line


def envelope(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest with its signature."""
    return {"manifest": manifest, "signature": SIGNING.sign(canonical(manifest).encode()).hex()}


@cache
def envelopes() -> Sequence[bytes]:
    """Return the manifest of a picture as `export --pictures` writes it."""
    provenance = json.loads(encode(picture("p").provenance))
    manifest = {
        "format": verify_manifest.FORMAT, "station": "kiosk-1", "record": "r", "kind": "document",
        "item": "form",        "page": 1, "sha256": NAME, "size_bytes": len(PICTURE), "provenance": provenance,
        "checks": {"verdict": "WARN", "profile": "page", "version": "1"}, "override": None,
        "parent": None, "replaces": None,
    }  # fmt: skip
    overridden = manifest | {"override": {"kind": "x", "reason": "medical"}, "checks": None}
    return tuple(json.dumps(envelope(one)).encode() for one in (manifest, overridden))


def proved_manifest(data: bytes, _: Path) -> None:
    """Prove a manifest as it is, and signed anew."""
    key = SIGNING.public_key()
    again = resigned(data, lambda whole: envelope(whole["manifest"]))
    for given in (data, again):
        problem, lines = verify_manifest.proved(key, given, PICTURE)
        assert bool(problem) != bool(lines)


def anchors(data: bytes, folder: Path) -> None:
    """Read a file of anchors, and go on in it."""
    file = AnchorFile(folder / "audit.anchors", "audit.anchors")
    file.path.write_bytes(data)
    for line in file.read() or ():
        anchor_of(line)
    file.last("kiosk-1")
    file.add(ANCHORS)
    assert file.last("kiosk-1") == ANCHORS[-1]


# -- rows -----------------------------------------------------------------------------------------------------


@cache
def rows() -> Sequence[bytes]:
    """Return values as rows hold them."""
    one = picture("p")
    assert one.report is not None
    report = QualityReport(one.report.profile, one.report.findings[:2])
    return (
        *(encode(value).encode() for value in (report, one.provenance, calibration())),
        b'{"attachment": "p"}',
    )


def row(data: bytes, _: Path) -> None:
    """Read a stored text as each of the kinds that it could be."""
    text = data.decode("utf-8", "surrogateescape")
    for kind in (QualityReport, Provenance, Calibration):
        with suppress(StorageDamaged):
            decode(kind, text, "a row")
    with suppress(StorageDamaged):
        decode_facts(text, "a row")
    standings._restored(text)
    columns = dict.fromkeys((*manifests._PLAIN, *manifests._PARSED, *manifests._HASHED), "1")
    given = {**columns, "id": "p", "provenance": text, "adjustment": None, "crop": None, "override": None}
    keys = SimpleNamespace(is_signed=lambda *_: True)
    for stored in (
        {**given, "manifest": text, "manifest_signature": "00"},
        {**given, "manifest": '{"station": "kiosk-1"}', "manifest_signature": "00"},
        {**given, "manifest": None, "manifest_signature": None},
    ):
        manifests._is_proved("r", stored, keys)  # type: ignore[arg-type]
        manifests._taken_before(stored, "2026-11-22T09:00:00+00:00")  # type: ignore[arg-type]


TARGETS: dict[str, Target] = {
    "vault": Target(vaults, read_vault, ()),
    "recovery_sheet": Target(
        lambda: ("\n".join(sheet.lines(KEY)).encode(),),
        lambda data, _: sheet.parse(data.decode("utf-8", "surrogateescape")),
        (RecoveryRefused,),
    ),
    "rotation_journal": Target(
        lambda: (b'{"old": "0011223344556677", "new": "8899aabbccddeeff", "stage": "committing"}',),
        half_rotated,
        (StationKeyDamaged,),
    ),
    "signing_key": Target(signing_keys, signing_key),
    "sealed_picture": Target(sealed_pictures, sealed_picture, (StorageDamaged,)),
    "audit_export": Target(exported_audit, audit, ()),
    "manifest": Target(envelopes, proved_manifest, ()),
    "anchors": Target(lambda: ("".join(f"{one.line}\n" for one in ANCHORS).encode(),), anchors, ()),
    "rows": Target(rows, row, ()),
}
