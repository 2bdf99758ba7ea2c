"""Each picture's manifest: what it states, that it is signed, and that no other picture or statement passes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scripts import verify_manifest
from station.model.calibration import Proof
from station.model.image import PictureRef
from station.model.photo import PhotoCrop
from station.model.record import ApplicationRecord, AttachmentKind, Override, OverrideNote
from station.settings import read_settings
from station.storage.open import OpenStore, open_store
from tests.commands import ask, verified
from tests.kiosk import ANNA
from tests.pdf_records import DPI, coded, drawn
from tests.stored import applicant, expected, picture
from tests.stored_calibrations import HERE, sql
from ui import console

pytest_plugins = ["tests.postgres"]

ROOT = Path(__file__).parent.parent


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[OpenStore]:
    opened = open_store(tmp_path / "data", database_url, HERE)
    yield opened
    opened.close()


def kept(store: OpenStore, record: ApplicationRecord) -> ApplicationRecord:
    with store.units() as work:
        record = work.records.put(record)
        work.commit()
    return record


@pytest.fixture
def record(store: OpenStore) -> ApplicationRecord:
    """A record with a portrait, its photo and a page."""
    (record,) = expected(store, applicant())
    for data in (b"portrait", b"photo", b"page"):
        store.pictures.put(data)
    portrait = picture("portrait", b"portrait", kind=AttachmentKind.PORTRAIT)
    crop = PhotoCrop("photo", (0.5, 0.25), 0.625, 0.1, 0.2)
    photo = picture("photo", b"photo", kind=AttachmentKind.PHOTO, crop=crop)
    page = picture("page", b"page", item="form")
    proof = Proof("ab" * 32, "valid")
    page = replace(page, provenance=replace(page.provenance, proof=proof, serial="SN-1"))
    return kept(store, record.attach(portrait).attach(photo).attach(page))


def manifests(store: OpenStore, record: ApplicationRecord) -> dict[str, dict[str, object]]:
    with store.units() as work:
        return {name: json.loads(text)["manifest"] for name, text in work.records.manifests(record.id).items()}


def problems(store: OpenStore) -> set[tuple[str, str]]:
    return {(problem.kind.value, problem.what) for problem in store.verify()}


def test_a_manifest_says_where_a_picture_comes_from(store: OpenStore, record: ApplicationRecord):
    told = manifests(store, record)
    page = told["page"]

    assert (page["sha256"], page["size_bytes"]) == (sha256(b"page").hexdigest(), 4)
    assert (page["record"], page["attachment"], page["station"]) == (record.id, "page", HERE)
    source = page["provenance"]
    assert isinstance(source, dict)
    assert (source["device"], source["serial"], source["officer"]) == ("simulated:glass", "SN-1", "officer-1")
    assert source["proof"]["calibration"] == "ab" * 32
    assert page["checks"] == {"profile": "page", "version": "1", "verdict": "WARN"}
    assert (page["parent"], page["replaces"]) == (None, None)
    assert told["photo"]["parent"] == sha256(b"portrait").hexdigest()
    assert told["photo"]["crop"] == {
        "profile": "photo", "centre": [0.5, 0.25], "height": 0.625, "roll": 0.1, "crown": 0.2, "moved": False,
    }  # fmt: skip
    assert problems(store) == set()


def test_a_word_against_the_measures_is_in_the_manifest_but_not_its_note(
    store: OpenStore, record: ApplicationRecord
):
    note = OverrideNote(Override.OBVIOUS, "worn_passport", "Mrs Vandermeer says so")
    page = record.attachments[2]
    record = kept(store, record.attach(replace(page, override=note)))
    told = manifests(store, record)["page"]

    assert told["override"] == {"kind": "passes_for_an_obvious_reason", "reason": "worn_passport"}
    assert "Vandermeer" not in json.dumps(told)
    assert problems(store) == set()


def test_a_page_scanned_again_names_the_one_whose_place_it_took(store: OpenStore, record: ApplicationRecord):
    store.pictures.put(b"again")
    again = replace(picture("again", b"again", item="form"), page=record.attachments[2].page)
    record = kept(store, record.attach(again).detach("page"))
    assert manifests(store, record)["again"]["replaces"] == sha256(b"page").hexdigest()

    record = kept(store, record.attach(replace(again, sheet="s")))
    assert manifests(store, record)["again"]["replaces"] == sha256(b"page").hexdigest()


DAMAGE = {
    "kind": "'letter'",
    "item": "'other'",
    "page": "9",
    "sha256": f"'{sha256(b'photo').hexdigest()}'",
    "media_type": "'image/png'",
    "size_bytes": "5",
    "width_px": "5",
    "height_px": "5",
    "dpi_x": "600.0",
    "provenance": "replace(provenance, 'SN-1', 'SN-2')",
    "report": "replace(report, 'WARN', 'PASS')",
    "adjustment": '\'{"turn":90,"skew":0.0,"crop":null}\'',
    "sheet": "'s'",
    "back": "(1 = 1)",
    "manifest": "replace(manifest, 'officer-1', 'officer-2')",
    "manifest_signature": f"'{'0' * 128}'",
}


@pytest.mark.parametrize("column", DAMAGE)
def test_a_changed_column_is_found_by_the_manifest(store: OpenStore, record: ApplicationRecord, column: str):
    sql(store, f"UPDATE attachments SET {column} = {DAMAGE[column]} WHERE id = 'page'".replace("%", "%%"))

    found = problems(store)
    assert {("manifest_damaged", "attachment page")} <= found or ("row_damaged" in {kind for kind, _ in found})


def test_two_manifests_that_changed_places_are_found(store: OpenStore, record: ApplicationRecord):
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, manifest, manifest_signature FROM attachments").all()
    by_id = {row[0]: row[1:] for row in rows}
    for name, other in (("page", "photo"), ("photo", "page")):
        sql(
            store,
            f"UPDATE attachments SET manifest = ?, manifest_signature = ? WHERE id = '{name}'",
            *by_id[other],
        )

    assert {("manifest_damaged", f"attachment {name}") for name in ("page", "photo")} <= problems(store)


def test_a_manifest_by_another_key_is_found(store: OpenStore, record: ApplicationRecord):
    with store.engine.connect() as connection:
        text = connection.exec_driver_sql("SELECT manifest FROM attachments WHERE id = 'page'").scalar_one()
    signature = Ed25519PrivateKey.generate().sign(text.encode()).hex()
    sql(store, "UPDATE attachments SET manifest_signature = ? WHERE id = 'page'", signature)

    assert problems(store) == {("manifest_damaged", "attachment page")}


def test_a_manifest_that_was_removed_is_missed(store: OpenStore, record: ApplicationRecord):
    sql(store, "UPDATE attachments SET manifest = NULL, manifest_signature = NULL WHERE id = 'page'")

    assert ("manifest_missing", "attachment page") in problems(store)
    assert set(manifests(store, record)) == {"portrait", "photo"}


def test_pictures_from_before_the_audit_are_told_as_such(store: OpenStore, record: ApplicationRecord):
    sql(store, "UPDATE attachments SET manifest = NULL, manifest_signature = NULL")
    sqlite = store.engine.dialect.name == "sqlite"
    fence = "DROP TRIGGER audit_no_delete" if sqlite else "ALTER TABLE audit DISABLE TRIGGER ALL"
    with store.engine.begin() as connection:
        connection.exec_driver_sql(fence)
    sql(store, "DELETE FROM audit")
    sql(store, "DELETE FROM audit_heads")
    sql(store, "UPDATE audit_began SET applications = 1000")

    assert problems(store) == {("older_than_audit", "1 applications"), ("older_than_audit", "3 pictures")}
    record = kept(store, replace(record, sex="F"))
    kept(store, record.attach(replace(record.attachments[2], sheet="s")))
    assert problems(store) == {("older_than_audit", "2 pictures")}


# -- outside the station --------------------------------------------------------------------------------------


@pytest.fixture
def exported(capsys: pytest.CaptureFixture[str], tmp_path: Path, _house_rules: None) -> Path:
    """What `export` and `audit --public-key` wrote of a letter and a page."""
    settings = read_settings(os.environ)
    with closing(open_store(settings.data_dir, station=settings.station)) as store:
        (record,) = expected(store, ANNA)
        for number, kind in enumerate((AttachmentKind.LETTER, AttachmentKind.DOCUMENT), 1):
            data = coded(drawn(seed=number), "JPEG")
            ref = PictureRef(store.pictures.put(data), "image/jpeg", len(data), 120, 170, DPI)
            record = record.attach(
                replace(picture(f"p{number}", data, item="application_form"), picture=ref, kind=kind)
            )
        record = kept(store, record)
    out = tmp_path / "out"
    status, (row,) = ask(capsys, "export", record.id, "--out", out, "--pictures")
    assert (status, row["manifests"]) == (console.DONE, 2)
    assert ask(capsys, "audit", "--public-key", out / "key.pem")[0] == console.DONE
    names = sorted(path.name for path in out.iterdir())
    pages = [f"{record.id}-{number:03}{end}" for number in (1, 2) for end in (".jpg", ".manifest.json")]
    assert names == sorted([f"{record.id}.pdf", "key.pem", *pages])
    return out


def test_a_script_that_knows_only_the_key_proves_each_picture(exported: Path):
    files = sorted(exported.glob("*.manifest.json"))
    pairs = [str(path) for file in files for path in (file, file.with_name(file.name.split(".")[0] + ".jpg"))]
    script = shutil.copy(ROOT / "scripts" / "verify_manifest.py", exported.parent / "alone.py")

    def run(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-I", str(script), "--key", str(exported / "key.pem"), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout

    status, said = run(*pairs)
    assert (status, said.count("proved\n")) == (0, 2)
    assert "Simulated scanner" in said
    assert "SIMULATED" in said
    status, said = run(pairs[0], pairs[3], pairs[2], pairs[1])
    assert (status, said.count("NOT PROVED, the picture is another one")) == (1, 2)


def test_nothing_that_was_changed_is_proved(exported: Path):
    envelope = min(exported.glob("*.manifest.json"))
    data = envelope.with_name(envelope.name.split(".")[0] + ".jpg").read_bytes()
    key = verify_manifest.load_pem_public_key((exported / "key.pem").read_bytes())
    text = envelope.read_bytes()

    assert verify_manifest.proved(key, text, data)[0] == ""
    for bad in (
        text.replace(b"officer-1", b"officer-2"),
        text.replace(b"WARN", b"PASS"),
        b"{}",
        b"",
        text[:-30],
    ):
        assert verify_manifest.proved(key, bad, data)[0] != ""
    assert verify_manifest.proved(key, text, data[:-1])[0] != ""
    assert verify_manifest.proved(Ed25519PrivateKey.generate().public_key(), text, data)[0] != ""


def test_the_audit_is_written_to_a_file_that_its_script_proves(
    exported: Path, capsys: pytest.CaptureFixture[str]
):
    out = exported / "audit.jsonl"
    status, (row,) = ask(capsys, "audit", "--out", out)
    assert (status, row["entries"]) == (console.DONE, len(out.read_text().splitlines()) - 1)
    script = ROOT / "scripts" / "verify_audit.py"
    command = [sys.executable, str(script), "--key", str(exported / "key.pem"), str(out)]
    assert subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0
    status, (row,) = ask(capsys, "audit", "--out", out, "--to", "2001-01-01")
    assert row["entries"] == 0
    assert verified(capsys) == (console.DONE, [])
