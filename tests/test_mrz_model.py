"""The shipped line recogniser: whole, small, and able to read a cut of OCR-B that it never learned."""

import hashlib
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest

from scripts.mrz_model.glyphs import ALPHABET, held_out_atlas
from scripts.mrz_model.lines import BLANK, IGNORED, LinePrinter, Strip, normalise
from scripts.mrz_model.measure import posteriors

FOLDER = Path(__file__).parents[1] / "resources" / "models" / "mrz"


@pytest.fixture(scope="module")
def printer() -> LinePrinter:
    """A printer of clear lines: 44 characters at 20 to 30 pixels each."""
    return LinePrinter(77, {"pen": held_out_atlas()}, [1.0], 48, (20.0, 30.0), whole=True)


def test_the_network_is_the_one_that_its_manifest_describes() -> None:
    manifest = tomllib.loads((FOLDER / "manifest.toml").read_text(encoding="utf-8"))
    content = (FOLDER / manifest["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == manifest["sha256"]
    assert len(content) == manifest["bytes"] < 1_000_000
    assert manifest["output"]["alphabet"] == ALPHABET


def test_a_seed_and_an_index_always_draw_the_same_strip(printer: LinePrinter) -> None:
    first, again, other = printer.draw(3), printer.draw(3), printer.draw(4)
    assert np.array_equal(first.pixels, again.pixels)
    assert np.array_equal(first.glyphs, again.glyphs)
    assert not np.array_equal(first.pixels, other.pixels)


def test_a_step_says_the_character_near_its_centre_and_blank_between_two() -> None:
    # Centres 12 pixels apart at 8 and 20; steps at 0, 4, 8 ... 28, so 0, 1/3 and 2/3 of a pitch away.
    strip = Strip(np.zeros((32, 32), np.float32), np.array([5, 36]), np.array([8.0, 20.0], np.float32), 12.0)
    near = IGNORED  # 4 / 12 = 0.33 lies between 0.24 and 0.36
    assert strip.labels().tolist() == [BLANK, near, 6, near, near, 37, near, BLANK]


def test_a_flat_strip_stays_finite() -> None:
    strip = np.full((32, 264), 255, np.uint8)
    strip[:, :70] = 3
    assert np.isfinite(normalise(strip)).all()


def test_any_width_gives_one_step_for_four_pixels() -> None:
    network = cv2.dnn.readNetFromONNX(str(FOLDER / "ocrb.onnx"))
    steps = [posteriors(network, np.zeros((32, width), np.float32)).shape[1] for width in (408, 576, 333)]
    assert steps == [102, 144, 84]


def test_a_cut_of_the_type_that_was_never_learned_is_read(printer: LinePrinter) -> None:
    network = cv2.dnn.readNetFromONNX(str(FOLDER / "ocrb.onnx"))
    right = []
    for index in range(24):
        strip = printer.draw(index)
        chances = posteriors(network, strip.pixels)
        read = chances[:, np.rint(strip.centres_px / 4).astype(int)].argmax(0)
        right.append(float((read == strip.glyphs + 1).mean()))
    # Some of these lines are worn or covered beyond reading, on purpose; the middle one is not.
    assert np.median(right) > 0.97
