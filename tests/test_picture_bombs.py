"""Small files that ask for much, in a process with little memory: a picture or a reason, and soon."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from drivers.escl.documents import Order
from drivers.escl.picture import page_of
from drivers.opencv_camera import coded
from station.errors import DeviceError, PictureError
from station.imaging import codec
from station.model.capability import ColourMode, Source
from tests.bombs import BOMBS, progressive, small, with_size
from tests.commands import ROOT, ask, is_said
from tests.fuzz.limits import little_room
from ui import console

ROOM = 1 << 30
"""Bytes beyond what the process has. The largest grey picture takes 0.6 GB, one in colour 2.2 GB."""

PATIENCE_S = 300.0

CHILD = """
import json, resource, sys
from station.errors import PictureError
from station.imaging import codec
from tests.bombs import BOMBS, small
codec.decode(small("JPEG"))
address_space = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (address_space + int(sys.argv[1]), -1))
for name, (make, _) in BOMBS.items():
    bomb = make()
    began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        codec.decode(bomb)
        told = ""
    except PictureError as error:
        told = error.context["reason"]
    took = resource.getrusage(resource.RUSAGE_SELF).ru_utime - began
    print(json.dumps([name, told, took]), flush=True)
"""


def test_every_bomb_is_a_picture_or_refused_by_a_reason_in_a_gigabyte() -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(ROOM)], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip
    told = {name: reason for name, reason, _ in map(json.loads, child.stdout.splitlines())}
    assert told.keys() == BOMBS.keys(), child.stderr[-2000:]
    assert {name: reason for name, reason in told.items() if reason not in BOMBS[name][1]} == {}
    assert (told["palette, 200 megapixels"], told["grey, 200 megapixels"]) == ("too_large", "")


def test_where_memory_is_short_a_large_picture_is_refused_and_a_small_one_taken() -> None:
    bomb = BOMBS["grey, 200 megapixels"][0]()
    with little_room(128 << 20), pytest.raises(PictureError) as told:
        codec.decode(bomb)
    assert told.value.context["reason"] == "too_large"
    with little_room(128 << 20):
        assert codec.decode(small("PNG")).pixels.shape == (48, 64, 3)


JPEGS = {
    "scans": progressive(5_000),
    "size": with_size(small("JPEG"), 65_535, 65_535),
    "missing": with_size(small("JPEG"), 4_000, 4_000),
    "no size": with_size(small("JPEG"), 0, 0),
    "cut": small("JPEG")[:-40],
}


@pytest.mark.parametrize("name", JPEGS)
def test_a_scanner_and_a_camera_cannot_send_a_bomb(name: str) -> None:
    order = Order(Source.FLATBED, ColourMode.COLOUR, "image/jpeg", 75, 0, 0, 300, 300, open_end=False)
    with pytest.raises(DeviceError):
        page_of(JPEGS[name], order, 1, "escl:x")
    if name != "missing":  # a stream is full of lost bytes; the size it claims is one that cameras have
        assert coded.decoded(np.frombuffer(JPEGS[name], np.uint8)) is None


def test_ordinary_progressive_pictures_of_many_scans_are_taken() -> None:
    assert codec.decode(progressive(codec.SCANS_MAX - 12, side=64)).pixels.shape == (64, 64)


@pytest.mark.parametrize(
    "name", ["PNG of 2^31 by 2^31", "JPEG of 100,000 scans", "TIFF of 20,000 pages", "BMP"]
)
def test_a_bomb_from_a_stick_is_said_plainly(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bomb.bin").write_bytes(BOMBS[name][0]())
    for command in (("read",), ("assess", "--profile", "page")):
        status, (row,) = ask(capsys, *command, tmp_path / "bomb.bin")
        assert status == console.COULD_NOT
        (reason,) = BOMBS[name][1]
        assert (row["code"], row["reason"]) == ("PC-001", reason)
        assert is_said(PictureError(reason=reason), row["message"])
