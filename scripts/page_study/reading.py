"""Reading a page with Tesseract, a program of its own, and counting what it got wrong."""

import io
import subprocess

import numpy as np
from PIL import Image

from station.model.image import Pixels
from station.surroundings import of_child

_SECONDS = 20
_ENVIRONMENT = of_child(OMP_THREAD_LIMIT="1", LC_ALL="C.UTF-8")


def read(pixels: Pixels, dpi: int) -> str:
    """Return the text of a page, its words parted by single spaces; nothing when reading takes too long."""
    sent = io.BytesIO()
    Image.fromarray(pixels).convert("L").save(sent, "PPM")
    command = ["tesseract", "stdin", "stdout", "--psm", "6", "-l", "eng", "--dpi", str(dpi)]
    try:
        answer = subprocess.run(
            command, input=sent.getvalue(), capture_output=True, check=True, timeout=_SECONDS, env=_ENVIRONMENT
        )
    except subprocess.TimeoutExpired:
        return ""
    return " ".join(answer.stdout.decode().split())


def errors(truth: str, got: str) -> int:
    """Return the least number of characters to change, add or take away (Levenshtein 1966)."""
    place = np.arange(len(got) + 1)
    row = place
    letters = np.array(list(got), dtype="<U1")
    for count, letter in enumerate(truth, 1):
        changed = np.minimum(row[1:] + 1, row[:-1] + (letters != letter))
        row = np.concatenate([[count], changed])
        # What is added costs one for each place further right.
        row = np.minimum.accumulate(row - place) + place
    return int(row[-1])


def error_rate(truth: str, got: str) -> float:
    """Return the character error rate, 0 to 1: errors to characters of the truth, never more than 1."""
    return min(1.0, errors(truth, got) / len(truth))
