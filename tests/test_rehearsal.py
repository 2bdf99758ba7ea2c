"""Rehearsals: the scripts that come with the program, through the real window, and scripts with mistakes."""

import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

import main
from station.errors import SettingsError
from station.flow import rehearsed
from station.model.document import PartialDate
from station.model.record import ApplicationRecord, AttachmentKind, Override, RecordState
from station.reading.mrz import parse
from station.settings import resources_dir
from station.storage.open import OpenStore, open_store
from station.storage.verify import ProblemKind
from tests.kiosk import ANNA, PATIENCE_S, TODAY
from ui.rehearsal import player
from ui.rehearsal.script import STATES, VERBS, read_script

KINDS = "scanner | camera | reader"
ROOT = Path(__file__).resolve().parent.parent
REHEARSALS = resources_dir() / "rehearsals"
PICTURES = (
    "01-desk",
    "02-identify",
    "03-correction",
    "04-live",
    "05-portrait",
    "06-documents",
    "07-review",
    "08-sealed",
)


def rehearse(folder: Path, script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a rehearsal as a program of its own, on devices that do not take their time."""
    environment = {**os.environ, "STATION_DATA_DIR": str(folder)}
    environment["STATION_DRIVER"] = json.dumps({"simulated": {"pace": "instant"}})
    command = [sys.executable, "main.py", "rehearse", str(script), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=20 * PATIENCE_S
    )


def sealed(store: OpenStore, number: str) -> ApplicationRecord:
    with store.units() as work:
        (listing,) = work.records.with_identifier("application_number", number)
        record = work.records.get(listing.record_id)
    assert record.state is RecordState.SEALED
    return record


def test_the_first_visit_is_sealed_and_a_picture_of_each_step_is_kept(tmp_path: Path) -> None:
    data, shots = tmp_path / "data", tmp_path / "pictures"
    script = REHEARSALS / "first_visit.toml"
    ran = rehearse(data, script, "--screenshots", str(shots), "--size", "1366x768", "--scheme", "dark")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) == len(read_script(script).steps)
    assert sorted(path.stem for path in shots.iterdir()) == sorted(PICTURES)
    for path in shots.iterdir():
        picture = QImage(str(path))
        assert (picture.width(), picture.height()) == (1366, 768)
        colours = {picture.pixel(x, y) for x in range(0, 1366, 8) for y in range(0, 768, 8)}
        assert len(colours) > 20, f"{path.name} is blank"
    store = open_store(data)
    record = sealed(store, "V300000111")
    kinds = [attachment.kind for attachment in record.attachments]
    assert {kind: kinds.count(kind) for kind in AttachmentKind} == {
        AttachmentKind.LETTER: 1, AttachmentKind.PASSPORT_PAGE: 1, AttachmentKind.PORTRAIT: 1,
        AttachmentKind.PHOTO: 1, AttachmentKind.DOCUMENT: 6,
    }  # fmt: skip
    assert all(attachment.override is None for attachment in record.attachments)
    assert all(attachment.provenance.simulated for attachment in record.attachments)
    assert list(store.verify()) == []
    store.close()


def test_a_visit_with_trouble_loses_nothing(tmp_path: Path) -> None:
    ran = rehearse(tmp_path, REHEARSALS / "trouble.toml")
    assert (ran.returncode, ran.stderr) == (0, "")
    store = open_store(tmp_path)
    record = sealed(store, "V300000144")
    (portrait,) = record.of_kind(AttachmentKind.PORTRAIT)
    assert portrait.override is not None
    assert (portrait.override.kind, portrait.override.reason) == (Override.OBVIOUS, "device_limit")
    form = [one for one in record.of_kind(AttachmentKind.DOCUMENT) if one.item == "application_form"]
    assert [one.page for one in form] == [1, 2, 3]
    # The letter that opened nothing and the page that was scanned again stay in the store, on no record.
    assert {problem.kind for problem in store.verify()} <= {ProblemKind.PICTURE_EXTRA}
    store.close()


def test_papers_held_before_the_camera_stand_in_for_a_scanner(tmp_path: Path) -> None:
    ran = rehearse(tmp_path, REHEARSALS / "before_the_camera.toml")
    assert (ran.returncode, ran.stderr) == (1, "")  # put aside, not sealed
    with closing(open_store(tmp_path)) as store, store.units() as work:
        (listed,) = work.records.with_identifier("application_number", "V300000122")
        record = work.records.get(listed.record_id)
    (letter,), (passport,) = (
        record.of_kind(kind) for kind in (AttachmentKind.LETTER, AttachmentKind.PASSPORT_PAGE)
    )
    assert letter.provenance.device == passport.provenance.device == "simulated:camera"
    assert passport.reading is not None and passport.reading.mrz is not None
    assert passport.reading.mrz.document_number == "EH7104529"


def test_a_script_that_waits_in_vain_says_at_which_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(player, "PATIENCE_S", 0.2)
    script = written(tmp_path, '{ wait = "sealed" }, { wait = "desk" }')
    status = main.main(["rehearse", str(script), "--screenshots", str(tmp_path)])
    out, err = capsys.readouterr()
    assert (status, len(out.splitlines())) == (2, 1)
    assert err.startswith("script.toml, step 1, wait sealed: not reached")
    assert (tmp_path / "failed.png").exists()


# -- scripts with mistakes -------------------------------------------------------------------------------------


def written(folder: Path, steps: str) -> Path:
    path = folder / "script.toml"
    path.write_text(f'record = "V300000111"\nsteps = [{steps}]\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("steps", "key", "problem", "suggestion"),
    [
        ('{ wait = "desk" }, { wait = "seald" }', "steps.2.wait", "wrong_value", "sealed"),
        ('{ wait = "desk", cout = 2 }', "steps.1.cout", "unknown_key", "count"),
        ('{ press = "scan_leter" }', "steps.1.press", "wrong_value", "scan_letter"),
        ('{ press = "space", offers = "scan_letr" }', "steps.1.offers", "wrong_value", "scan_letter"),
        ('{ lay = "form", sheets = 0 }', "steps.1.sheets", "wrong_value", ""),
        ('{ lay = "form", flaw = "tilt" }', "steps.1.flaw", "wrong_value", "tilted"),
        ('{ trouble = "jam", device = "printer" }', "steps.1.device", "wrong_value", KINDS),
        ('{ type_number = "passport" }', "steps.1.type_number", "wrong_value", "letter | application"),
        ("{ type_mrz = false }", "steps.1.type_mrz", "wrong_value", "true"),
        ('{ wait = "desk", press = "space" }', "steps.1.", "missing", " | ".join(VERBS)),
        ("7", "steps.1", "wrong_type", ""),
    ],
)
def test_a_mistake_in_a_script_is_named_by_its_step(
    tmp_path: Path, steps: str, key: str, problem: str, suggestion: str
) -> None:
    with pytest.raises(SettingsError) as told:
        read_script(written(tmp_path, steps))
    assert told.value.context == {
        "where": "script.toml", "key": key, "problem": problem, "suggestion": suggestion,
    }  # fmt: skip


def test_nothing_is_opened_for_a_script_or_a_size_that_cannot_be_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["rehearse", str(written(tmp_path, '{ wait = "seald" }'))]) == 2
    assert main.main(["rehearse", str(REHEARSALS / "trouble.toml"), "--size", "large"]) == 2
    assert capsys.readouterr().err.count("SE-001") == 2


def test_the_scripts_of_the_program_use_all_that_a_script_can_do() -> None:
    text = "".join(path.read_text("utf-8") for path in REHEARSALS.glob("*.toml"))
    assert [verb for verb in VERBS if f"{{ {verb} = " not in text] == []
    assert [state for state in STATES if f'wait = "{state}"' not in text] == []


# -- the applicant ---------------------------------------------------------------------------------------------


def test_an_empty_store_gets_the_whole_day_and_another_only_the_applicant(tmp_path: Path) -> None:
    for name, expected in (("empty", 12), ("other", 2)):
        store = open_store(tmp_path / name)
        if name == "other":
            with store.units() as work:
                work.records.expect([ANNA])
                work.commit()
        record = rehearsed.applicant(store.units, REHEARSALS / "day.csv", "V300000111")
        assert record.name == "NÚÑEZ IBARRA, Marisol"
        with store.units() as work:
            assert len(work.records.today()) == expected
        store.close()


def test_a_second_rehearsal_gets_a_namesake_with_numbers_of_the_same_shape(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    numbers = set()
    for _ in range(3):
        record = rehearsed.applicant(store.units, REHEARSALS / "day.csv", "V300000111")
        with store.units() as work:
            work.records.put(replace(record, state=RecordState.SEALED))
            work.commit()
        assert record.document is not None
        numbers |= {record.application_number, record.letter_number, record.document.number}
    assert len(numbers) == 9
    assert {number[0] + str(len(number)) for number in numbers} == {"V10", "L10", "N9"}
    store.close()


def test_the_printed_lines_hold_their_check_digits() -> None:
    mrz = parse(rehearsed.printed_lines(ANNA), today=TODAY.date())
    assert mrz.check_ok
    assert (mrz.surname, mrz.document_number, mrz.birth_date) == (
        "ERIKSSON",
        "L898902C3",
        PartialDate(1974, 8, 12),
    )
