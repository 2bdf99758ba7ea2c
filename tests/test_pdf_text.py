"""Text to search: read by a program beside us, laid over its page; what fails there costs only the text."""

import os
import shutil
import sys
import threading
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from station.delivery import text_layer
from station.delivery.verify_pdfa import failures
from station.devices.cancel import CancelToken
from station.errors import Cancelled
from station.model.adjustment import Adjustment
from tests.pdf_records import Desk, coded, desk, drawn

SIZE = (800, 400)
WORDS = "APPLICATION 12345"

READER = """#!{python}
import os, sys, time
from pathlib import Path
picture = sys.stdin.buffer.read()
assert picture.startswith(b"\\x89PNG") and "textonly_pdf=1" in sys.argv
Path({notes!r}).open("a").write(" ".join(sys.argv[1:]) + "\\n")
{act}
"""
ACTS = {
    "crashes": "sys.exit(3)",
    "says nothing": "pass",
    "writes what is no PDF": "sys.stdout.write('%PDF-1.5 not really')",
    "draws": "sys.stdout.buffer.write(Path({drawing!r}).read_bytes())",
    "hangs": "time.sleep(600)",
}


@pytest.fixture
def record(tmp_path: Path) -> Desk:
    """A record of two pages with printed words, the second one lying on its side."""
    made = desk(tmp_path)
    image = Image.new("L", SIZE, "white")
    ImageDraw.Draw(image).text((60, 160), WORDS, fill="black", font=ImageFont.load_default(64))
    made.add(coded(image, "JPEG"), size=SIZE)
    made.add(
        coded(image.transpose(Image.Transpose.ROTATE_90), "JPEG"), size=SIZE[::-1], adjustment=Adjustment(90)
    )
    return made


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a program called tesseract that does this in the place of any other; returns where it takes notes."""

    def put(act: str) -> Path:
        folder, notes, drawing = tmp_path / "bin", tmp_path / "notes", tmp_path / "drawing.pdf"
        folder.mkdir()
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(384, 192))
            pdf.pages[0].obj.Contents = pdf.make_stream(b"0 0 9 9 re f")
            pdf.save(drawing)
        act = ACTS[act].format(drawing=str(drawing))
        program = folder / "tesseract"
        program.write_text(READER.format(python=sys.executable, notes=str(notes), act=act))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return notes

    return put


def texts(path: Path) -> list[str]:
    """The words of each page, by the two-byte codes of its text operators (UTF-16, as the font says)."""
    found = []
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            words = ""
            for instruction in pikepdf.parse_content_stream(page.obj.Resources.XObject.Tx):
                if str(instruction.operator) == "TJ":
                    words += "".join(
                        bytes(part).decode("utf-16-be") for part in instruction.operands[0].as_list()
                    )
            found.append(" ".join(words.split()))
    return found


def test_without_the_program_every_page_stays_without_text(record: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(record.folder))
    (file,) = record.export(text_layer=True)
    assert file.without_text == (1, 2)
    assert failures(file.path) == ()


@pytest.mark.parametrize("act", ["crashes", "says nothing", "writes what is no PDF", "draws"])
def test_a_reader_that_fails_costs_the_page_its_text_and_nothing_more(
    record: Desk, reader, expected_logs: list[str], act: str
):
    notes = reader(act)
    expected_logs.append("a page has no text")
    (plain,) = record.export()
    before = plain.path.read_bytes()
    (file,) = record.export(text_layer=True)
    assert file.without_text == (1, 2)
    assert file.path.read_bytes() == before
    assert len(notes.read_text().splitlines()) == 2
    assert all("--dpi 150" in line and "stdin stdout" in line for line in notes.read_text().splitlines())


def test_a_reader_that_hangs_is_ended(
    record: Desk, reader, expected_logs: list[str], monkeypatch: pytest.MonkeyPatch
):
    reader("hangs")
    expected_logs.append("a page has no text: tesseract took longer")
    monkeypatch.setattr(text_layer, "PATIENCE_S", 0.1)
    (file,) = record.export(text_layer=True)
    assert file.without_text == (1, 2)


def test_a_cancel_reaches_the_reader_in_the_middle_of_a_page(record: Desk, reader):
    notes, cancel = reader("hangs"), CancelToken()

    def watch() -> None:
        while not notes.exists() and not cancel.wait(0.05):
            continue
        cancel.cancel()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        with pytest.raises(Cancelled):
            record.export(text_layer=True, cancel=cancel)
    finally:
        cancel.cancel()
        thread.join()
    assert record.files == []


@pytest.mark.system("tesseract-ocr")
def test_the_words_of_a_page_can_be_found_where_they_are_printed(record: Desk, tmp_path: Path):
    before = set(os.listdir(tmp_path.parent))
    (file,) = record.export(text_layer=True)

    assert file.without_text == ()
    assert failures(file.path) == ()
    assert texts(file.path) == [WORDS, WORDS]
    assert set(os.listdir(tmp_path.parent)) == before
    with pikepdf.open(file.path) as pdf:
        fonts = [
            entry for entry in pdf.objects if isinstance(entry, pikepdf.Dictionary) and "/BaseFont" in entry
        ]
        assert len(fonts) == 2  # the composite font and the one below it, for both pages
        for page in pdf.pages:
            form = page.obj.Resources.XObject.Tx
            a, _, _, d, _, _ = (float(entry) for entry in form.Matrix.as_list())
            left, bottom, right, top = (float(side) for side in form.BBox.as_list())
            assert [(right - left) * a, (top - bottom) * d] == pytest.approx(
                [384, 192]
            )  # 800 and 400 px at 150 dpi
            moves = [i.operands for i in pikepdf.parse_content_stream(form) if str(i.operator) == "Tm"]
            assert float(moves[0][4]) * a == pytest.approx(60 * 0.48, abs=3)  # begins 60 px from the left
            assert 192 - (160 + 75) * 0.48 < float(moves[0][5]) * d < 192 - 160 * 0.48


@pytest.mark.system("tesseract-ocr")
def test_a_page_without_words_has_an_empty_text_and_the_same_bytes_each_time(tmp_path: Path):
    made = desk(tmp_path)
    made.add(coded(drawn(), "PNG"), "image/png")
    (first,) = made.export(text_layer=True)
    before = first.path.read_bytes()
    (again,) = made.export(text_layer=True)
    assert failures(again.path) == ()
    assert again.path.read_bytes() == before
    assert shutil.which("tesseract")
