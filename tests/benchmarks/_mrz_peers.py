"""Other readers of printed lines, asked side by side with ours; none is a dependency, absent ones say why.

Tesseract with its English model where `tesseract` is installed; with a model of OCR-B where MRZ_TESSDATA names
a folder that holds `mrz.traineddata`; RapidOCR where MRZ_RAPIDOCR names a Python that has it.
"""

import json
import os
import re
import resource
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from station.imaging.codec import encode_png
from station.model.image import Pixels

TESSDATA, RAPIDOCR = "MRZ_TESSDATA", "MRZ_RAPIDOCR"

_RAPIDOCR_CHILD = """
import json, struct, sys, time
import cv2, numpy as np
from rapidocr import RapidOCR
out, sys.stdout = sys.stdout, sys.stderr
reader = RapidOCR()
while head := sys.stdin.buffer.read(4):
    png = np.frombuffer(sys.stdin.buffer.read(struct.unpack("<I", head)[0]), np.uint8)
    picture = cv2.imdecode(png, cv2.IMREAD_COLOR)
    before = time.process_time()
    found = reader(picture)
    print(json.dumps([list(found.txts or ()), 1000 * (time.process_time() - before)]), file=out, flush=True)
"""


class Peer(Protocol):
    """Another reader."""

    name: str

    def read(self, png: bytes) -> tuple[Sequence[str], float]:
        """Return the lines that it sees on a picture, and the CPU time that it took (ms, all threads)."""
        ...


@dataclass(frozen=True, slots=True)
class Tesseract:
    """Tesseract, started anew for each picture, as its users do."""

    name: str
    options: Sequence[str]

    def read(self, png: bytes) -> tuple[Sequence[str], float]:
        """Read the picture as one block of lines."""
        before = _children_ms()
        command = ["tesseract", "stdin", "stdout", "--psm", "6", *self.options]
        done = subprocess.run(command, input=png, capture_output=True, check=True)
        return done.stdout.decode().splitlines(), _children_ms() - before


@dataclass(frozen=True, slots=True)
class RapidOcr:
    """RapidOCR with the models of its wheel, in a process of its own."""

    child: subprocess.Popen[bytes] = field(repr=False)
    name: str = "rapidocr"

    def read(self, png: bytes) -> tuple[Sequence[str], float]:
        """Find and read all text on the picture."""
        assert self.child.stdin and self.child.stdout
        self.child.stdin.write(struct.pack("<I", len(png)) + png)
        self.child.stdin.flush()
        lines, spent_ms = json.loads(self.child.stdout.readline())
        return lines, spent_ms


@contextmanager
def peers() -> Iterator[list[Peer]]:
    """Give the readers that are here; say on stderr which are not."""
    found: list[Peer] = []
    tessdata, rapidocr = os.environ.get(TESSDATA), os.environ.get(RAPIDOCR)
    if shutil.which("tesseract"):
        found.append(Tesseract("tesseract eng", ("-l", "eng")))
        if tessdata and (Path(tessdata) / "mrz.traineddata").exists():
            found.append(Tesseract("tesseract OCR-B", ("--tessdata-dir", tessdata, "-l", "mrz")))
        else:
            print(f"no peer tesseract OCR-B: {TESSDATA} names no folder with mrz.traineddata", file=sys.stderr)
    else:
        print("no peer tesseract: it is not installed", file=sys.stderr)
    if not rapidocr:
        print(f"no peer rapidocr: {RAPIDOCR} names no Python that has it", file=sys.stderr)
        yield found
        return
    command = [rapidocr, "-c", _RAPIDOCR_CHILD]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet) as child:
        yield [*found, RapidOcr(child)]


def whole(seen: Sequence[str], lines: Sequence[str]) -> bool:
    """Tell whether all lines stand in what was seen: in whatever order, with whatever else, in pieces too."""
    plain = [re.sub(r"\s", "", text).upper() for text in seen]
    everything = "".join(plain)
    return all(any(line in text for text in plain) or line in everything for line in lines)


def png_of(pixels: Pixels) -> bytes:
    """Return the picture as the peers take it."""
    return encode_png(pixels)


def _children_ms() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (used.ru_utime + used.ru_stime)
