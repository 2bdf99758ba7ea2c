"""Anchors beside the database tell an older copy of it; an export is proved by the public key alone."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scripts import verify_audit
from station.model.audit import AnchorReason
from station.storage.open import OpenStore, open_store
from tests.audited import acted, attack, problems, worked
from tests.stored import NOON, act
from tests.stored_calibrations import HERE

ROOT = Path(__file__).parent.parent


def lines(folder: Path) -> list[dict[str, object]]:
    path = folder / "audit.anchors"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_anchors_are_made_at_sign_out_at_the_end_of_a_day_and_with_every_fifty_entries(tmp_path: Path):
    with closing(open_store(tmp_path, station=HERE, anchors=tmp_path)) as store:
        _, visit = worked(store)
        made = [(line["number"], line["reason"]) for line in lines(tmp_path)]
        assert [reason for _, reason in made] == ["day_end"]  # the record was expected today, not at NOON
        visit = acted(store, 50, visit)
        with store.units() as work:
            work.audit.tell("signed_out", officer="officer-1", at=NOON)
            work.audit.anchor(AnchorReason.SIGN_OUT)
            work.commit()
        with store.units() as work:
            work.journal.write(visit, replace(act(), at=NOON + timedelta(days=1)))
            work.commit()
        reasons = [(line["number"], line["reason"]) for line in lines(tmp_path)[1:]]
        # The head of the evening is anchored already when the next day begins.
        assert reasons == [(57, "count"), (58, "sign_out")]
        assert (tmp_path / "kiosk-1.anchors").read_bytes() == (tmp_path / "audit.anchors").read_bytes()
        assert problems(store) == set()


@pytest.fixture
def anchored(tmp_path: Path) -> Iterator[OpenStore]:
    with closing(open_store(tmp_path / "data", station=HERE)) as store:
        _, visit = worked(store)
        for _ in range(4):
            visit = acted(store, 50, visit)
        assert len(lines(tmp_path / "data")) == 5
        assert problems(store) == set()
        yield store


def test_an_older_copy_of_the_database_is_told_also_when_the_work_went_on(tmp_path: Path):
    folder, copy = tmp_path / "data", tmp_path / "copy.sqlite3"
    with closing(open_store(folder, station=HERE)) as store:
        _, visit = worked(store)
        visit = acted(store, 50, visit)
    shutil.copy(folder / "station.sqlite3", copy)
    with closing(open_store(folder, station=HERE)) as store:
        acted(store, 60, visit)
    for file in folder.glob("station.sqlite3-*"):
        file.unlink()
    shutil.copy(copy, folder / "station.sqlite3")

    with closing(open_store(folder, station=HERE)) as store:
        assert problems(store) == {("audit_rolled_back", "anchor 117 of kiosk-1")}
        acted(store, 120, visit)
        assert ("audit_rolled_back", "anchor 117 of kiosk-1") in problems(store)


def test_a_log_that_is_gone_as_a_whole_is_told(anchored: OpenStore):
    tables = ("audit", "audit_anchors", "audit_heads")
    attack(anchored, *(f"DELETE FROM {table}" for table in tables))

    assert ("audit_rolled_back", "anchor 207 of kiosk-1") in problems(anchored)


def test_an_edited_file_of_anchors_is_told_line_by_line(anchored: OpenStore, tmp_path: Path):
    path = tmp_path / "data" / "audit.anchors"
    good = path.read_text().splitlines()

    def told(*changed: str) -> set[tuple[str, str]]:
        path.write_text("".join(f"{line}\n" for line in changed))
        return problems(anchored)

    other = Ed25519PrivateKey.generate()
    forged_line = json.loads(good[2]) | {"key": other.public_key().public_bytes_raw().hex()}
    signed = {name: value for name, value in forged_line.items() if name != "signature"}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"))
    forged_line["signature"] = other.sign(text.encode()).hex()
    number = json.loads(good[2])["number"]
    missing = ("audit_missing", f"anchor {number} of kiosk-1 in audit.anchors")

    for bad in (good[2].replace("count", "day_end"), "{}", "scribble", json.dumps(forged_line)):
        assert told(*good[:2], bad, *good[3:]) == {("audit_changed", "line 3 of audit.anchors"), missing}
    assert told(*good[:2], *good[3:]) == {missing}
    assert told(*good) == set()
    path.unlink()
    assert problems(anchored) == {("audit_missing", "audit.anchors")}


def test_anchors_in_the_database_are_proved_too(anchored: OpenStore):
    attack(anchored, "DELETE FROM audit_anchors WHERE number = 107")
    assert problems(anchored) == {("audit_missing", "anchor 107 of kiosk-1")}
    attack(anchored, "UPDATE audit_anchors SET hash = 'x' WHERE number = 57")
    assert ("audit_changed", "anchor 57 of kiosk-1") in problems(anchored)


def test_a_line_that_a_power_cut_left_unfinished_is_written_again(anchored: OpenStore, tmp_path: Path):
    path = tmp_path / "data" / "audit.anchors"
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert problems(anchored) == set()  # the newest may not have been written down
    with anchored.units() as work:
        work.audit.tell("signed_out", officer="officer-1", at=NOON)
        work.audit.anchor(AnchorReason.SIGN_OUT)
        work.commit()

    assert path.read_bytes().startswith(whole)
    assert len(lines(tmp_path / "data")) == 6
    assert problems(anchored) == set()


# -- an export ------------------------------------------------------------------------------------------------


@pytest.fixture
def proving(anchored: OpenStore, tmp_path: Path) -> Path:
    """An exported audit and the key beside it."""
    out: list[str] = []
    assert anchored.trail.export(out.append, None, None) == 207
    (tmp_path / "audit.jsonl").write_text("".join(out))
    (tmp_path / "key.pem").write_text(anchored.trail.public_key())
    return tmp_path


def proved(folder: Path) -> tuple[int, str]:
    script = shutil.copy(ROOT / "scripts" / "verify_audit.py", folder / "alone.py")
    command = [sys.executable, "-I", script, "--key", folder / "key.pem", folder / "audit.jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_an_export_is_proved_by_a_script_that_knows_only_the_key(proving: Path):
    status, said = proved(proving)

    assert (status, "kiosk-1: entries 1 to 207" in said) == (0, True)


def test_a_changed_export_is_not_proved(proving: Path):
    path = proving / "audit.jsonl"
    good = path.read_bytes().splitlines()
    key = verify_audit.load_pem_public_key((proving / "key.pem").read_bytes())

    assert verify_audit.proved(key, good)[0] == []
    for bad in (
        good[1:], good[:-1], good[:100] + good[101:], [*good[:3], good[4], good[3], *good[5:]], [good[-1]], [],
        [*good[:5], good[5].replace(b"officer-1", b"officer-2"), *good[6:]], [good[0], *good],
        [*good[:-1], good[-1].replace(b"kiosk-1", b"kiosk-2")],
    ):  # fmt: skip
        assert verify_audit.proved(key, bad)[0] != []
    assert verify_audit.proved(Ed25519PrivateKey.generate().public_key(), good)[0] != []


def test_an_export_of_some_days_holds_these_without_gaps(anchored: OpenStore):
    out: list[str] = []
    assert anchored.trail.export(out.append, NOON.date(), NOON.date()) == 205  # all but the two of today
    assert json.loads(out[-1])["chains"][0]["first"] == 3
