"""What a thief finds: a whole visit on real files, then a search through everything that lies on the disk."""

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from station.imaging import codec
from station.model.record import AttachmentKind
from station.model.specimen import PaperKind
from station.storage import sealed
from station.storage.picture_store import is_name
from tests.kiosk import ANNA, Kiosk, kiosk
from tests.test_privacy import MRZ, PERSONAL, Ear, work_through_a_visit
from tests.test_privacy import ear as ear

MARKER = b"a marker in the picture of somebody"

WORDS = (
    *(form(word).encode() for word in PERSONAL for form in (str.lower, str.upper, str.title)),
    *(word.encode("utf-16-le") for word in PERSONAL),
    *(line.encode() for line in MRZ.split("\n")),
    MARKER,
)

STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"%PDF", b"II*\0", b"MM\0*", b"SQLite format 3")
INSIDE = (b"\x89PNG\r\n\x1a\n", b"JFIF\0", b"Exif\0\0", b"IHDR")
"""JFIF and IHDR stand in nearly every picture; five bytes turn up in 100 MB of noise once in 10,000 runs."""


def given_away(data: bytes) -> list[bytes]:
    """Return what these bytes give away of the applicants, or that they are a picture."""
    return [
        *(word for word in WORDS if word in data and (len(word) > 5 or _in_text(data, word))),
        *(start for start in STARTS if data.startswith(start)),
        *(mark for mark in INSIDE if mark in data and (len(mark) > 4 or _in_text(data, mark))),
    ]


def _in_text(data: bytes, word: bytes) -> bool:
    """Tell whether a short word stands among text or zeros: four letters turn up in noise by themselves."""
    at = data.find(word)
    around = data[max(0, at - 4) : at + len(word) + 4]
    return all(32 <= byte < 127 or byte < 16 for byte in around)


def readable(folder: Path) -> dict[str, list[bytes]]:
    """Return what is given away in each file of the data folder and of the folder for temporary files."""
    files = [path for name in ("data", "scratch") for path in (folder / name).rglob("*") if path.is_file()]
    told = {str(path.relative_to(folder)): given_away(path.read_bytes()) for path in files}
    return {name: what for name, what in told.items() if what}


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kiosk]:
    """A station whose temporary files all lie in one folder of their own."""
    (tmp_path / "scratch").mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "scratch"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    with kiosk(tmp_path / "data", scan_dpi=300) as opened:
        yield opened.ready()


def test_the_search_would_find_what_lies_there_plainly() -> None:
    picture = codec.encode_png(np.zeros((8, 8, 3), np.uint8))
    noise = os.urandom(1_000_000)
    assert given_away(picture)
    assert given_away(noise + picture)
    assert given_away(b"\0\0\0ERIKSSON, Anna\0")
    assert given_away(noise + MRZ.split("\n")[1].encode() + noise)
    assert given_away(noise) == []


def test_a_whole_visit_leaves_nothing_readable_on_the_disk(at: Kiosk, ear: Ear, tmp_path: Path) -> None:
    logging.getLogger("station").debug("the ear hears")
    work_through_a_visit(at)
    desk = at.station._desk
    assert desk is not None
    marked = desk.out.store.pictures.put(b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(100_000) + MARKER)
    # While the station is open the database's log and shared memory lie there too.
    names = {path.name for path in (tmp_path / "data").iterdir()}
    assert {"station.sqlite3", "station.sqlite3-wal", "station.vault"} <= names
    assert readable(tmp_path) == {}
    at.station.close(60.0)
    assert readable(tmp_path) == {}
    assert list((tmp_path / "scratch").iterdir()) == []
    assert ear.lines
    assert [line for line in ear.lines if given_away(line.encode())] == []

    pictures = [path for path in (tmp_path / "data" / "pictures").rglob("*") if is_name(path.name)]
    assert len(pictures) >= 6
    assert marked in {path.name for path in pictures}
    for path in pictures:
        with path.open("rb") as file:
            assert sealed.is_sealed(file)


def test_a_crash_leaves_no_dump_of_the_memory() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import main, resource\n"
         "try: main.main(['--help'])\n"
         "except SystemExit: print(resource.getrlimit(resource.RLIMIT_CORE)[0])"],
        cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split()[-1] == "0"


def test_what_is_shown_of_a_picture_is_in_memory_only(at: Kiosk, tmp_path: Path) -> None:
    at.open(ANNA.application_number)
    at.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
    (page,) = at.visit.pages
    assert at.station.picture(page.attachment.id, 400).result(60.0).size
    assert list((tmp_path / "scratch").iterdir()) == []
    assert readable(tmp_path) == {}
