"""The headless command `export`: files for the archive from a real store, an object for each."""

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

import main
from station.delivery.verify_pdfa import failures
from station.errors import ExportRefused, RecordNotFound, StationError
from station.model.image import PictureRef
from station.model.record import ApplicationRecord, AttachmentKind
from station.settings import read_settings
from station.storage.open import open_store
from tests.commands import ask, is_said
from tests.kiosk import ANNA
from tests.pdf_records import DPI, coded, drawn
from tests.stored import expected, picture
from ui import console


@pytest.fixture
def anna(_house_rules: None) -> ApplicationRecord:
    """An applicant with a letter and three pages in the store that the command opens."""
    with closing(open_store(read_settings(os.environ).data_dir)) as store:
        (record,) = expected(store, ANNA)
        pages = [
            ("letter", ""),
            ("a", "application_form"),
            ("b", "application_form"),
            ("c", "financial_support"),
        ]
        for number, (name, item) in enumerate(pages):
            data = coded(drawn(seed=number + 1), "JPEG")
            ref = PictureRef(store.pictures.put(data), "image/jpeg", len(data), 120, 170, DPI)
            page = replace(picture(name, data, item=item), picture=ref, page=max(number, 1))
            kind = AttachmentKind.DOCUMENT if item else AttachmentKind.LETTER
            record = record.attach(replace(page, kind=kind))
        with store.units() as work:
            record = work.records.put(record)
            work.commit()
    return record


@pytest.mark.parametrize("by_number", [False, True])
def test_a_record_becomes_one_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anna: ApplicationRecord, by_number: bool
) -> None:
    wanted = anna.application_number if by_number else anna.id
    status, (row,) = ask(capsys, "export", wanted, "--out", tmp_path / "out")
    path = tmp_path / "out" / f"{anna.id}.pdf"
    assert status == console.DONE
    written = {"file": str(path), "pages": 4, "bytes": path.stat().st_size, "checked": True}
    assert row == {**written, "manifests": 4}
    assert failures(path) == ()
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert [mark.title for mark in outline.root] == [
            "Letter", "Application form IMM 5257, complete, signed and dated", "Proof of financial support",
        ]  # fmt: skip


def test_items_become_files_of_their_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anna: ApplicationRecord
) -> None:
    items = ("financial_support", "application_form", "letter")
    words = [word for item in items for word in ("--item", item)]
    status, rows = ask(capsys, "export", anna.id, "--out", tmp_path, *words)
    assert status == console.DONE
    assert [(Path(row["file"]).name, row["pages"]) for row in rows] == [
        (f"{anna.id}_{item}.pdf", pages) for item, pages in zip(items, (1, 2, 1), strict=True)
    ]
    main.main(["export", anna.id, "--out", str(tmp_path), "--item", "letter"])
    assert "1 pages" in capsys.readouterr().out


def test_pages_that_got_no_text_are_a_finding(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anna: ApplicationRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    status, (row,) = ask(capsys, "export", anna.id, "--out", tmp_path / "out", "--text")
    assert status == console.FINDINGS
    assert (row["without_text"], row["checked"]) == ([1, 2, 3, 4], True)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["V999", "--out", "out"], RecordNotFound()),
        (
            ["V000123456", "--out", "out", "--item", "nothing"],
            ExportRefused(reason="unknown_item", item="nothing"),
        ),
        (
            ["V000123456", "--out", "out", "--item", "invitation"],
            ExportRefused(reason="no_pages", item="invitation"),
        ),
    ],
)
def test_what_cannot_be_exported_is_said_without_the_number(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    anna: ApplicationRecord,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    error: StationError,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.main(["export", *words]) == console.COULD_NOT
    said = capsys.readouterr().err
    assert is_said(error, said)
    assert words[0] not in said
    assert not (tmp_path / "out").exists()
