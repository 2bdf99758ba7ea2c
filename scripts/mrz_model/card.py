"""Measures a trained network and puts it where the product looks: `python -m scripts.mrz_model.card`."""

import argparse
import hashlib
import logging
import shutil
import tomllib
from importlib.metadata import version
from pathlib import Path

import torch

from scripts.mrz_model.glyphs import ALPHABET
from scripts.mrz_model.lines import CLASSES, HEIGHT_PX, PITCH_PX, STEP_PX
from scripts.mrz_model.measure import LINE_CHARACTERS, LINES, SEED, SURE, Figures, measure, table
from scripts.mrz_model.train import FOLDER

PLACE = Path("resources/models/mrz")
FILE = "ocrb.onnx"

MANIFEST = """\
# Written by scripts/mrz_model/card.py; `make model` makes network, manifest and card anew.
file = "{file}"
bytes = {bytes}
sha256 = "{sha256}"
licence = "Apache-2.0"

[input]
name = "strip"
height_px = {height}
pitch_px = {pitch}

[output]
name = "log_odds"
classes = {classes}
alphabet = "{alphabet}"
step_px = {step}

[training]
recipe = "scripts/mrz_model"
seed = {seed}
steps = {steps}
batch = {batch}
minutes = {minutes}
packages = "{packages}"
processor = "{processor}"

[validation]
seed = {validation_seed}
lines = {lines}
"""

FIGURES = """
[[validation.level]]
cut = "{cut}"
ppc = [{low:.0f}, {high:.0f}]
characters_right = {right:.4f}
lines_right = {lines_right:.4f}
sure = {sure:.4f}
sure_wrong = {sure_wrong:.5f}
"""

PACKAGES = ("torch", "onnx", "numpy", "opencv-python", "pillow")
"""What draws, trains and writes; another version may round otherwise."""

AGAIN = {
    True: "it came out byte by byte like the one that lay here before.",
    False: "it differs from the one that lay here before, or is the first.",
}

log = logging.getLogger(__name__)

CARD = Path(__file__).with_name("card_template.md")


def publish(source: Path, place: Path) -> None:
    """Measure the network in `source` and write network, manifest and data card into `place`."""
    training = tomllib.loads((source / "training.toml").read_text())
    content = (source / FILE).read_bytes()
    figures = measure(source / FILE)
    before = place / FILE
    same = before.exists() and before.read_bytes() == content
    facts = {
        "file": FILE,
        "bytes": len(content),
        "weights_kb": len(content) // 1000,
        "sha256": hashlib.sha256(content).hexdigest(),
        "height": HEIGHT_PX,
        "pitch": PITCH_PX,
        "step": STEP_PX,
        "classes": CLASSES,
        "alphabet": ALPHABET,
        "validation_seed": SEED,
        "lines": LINES,
        "line_characters": LINE_CHARACTERS,
        "sure": SURE,
        "table": table(figures),
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "again": AGAIN[same],
        "processor": torch.backends.cpu.get_cpu_capability(),
        **training,
    }
    place.mkdir(parents=True, exist_ok=True)
    log.info("%s, sha256 %s", "The same network as before" if same else "A new network", facts["sha256"])
    shutil.copyfile(source / FILE, place / FILE)
    levels = "".join(_level(level) for level in figures)
    (place / "manifest.toml").write_text(MANIFEST.format(**facts) + levels)
    (place / "card.md").write_text(CARD.read_text().format(**facts))


def _level(figures: Figures) -> str:
    low, high = figures.ppc
    return FIGURES.format(
        cut=figures.cut,
        low=low,
        high=high,
        right=figures.right,
        lines_right=figures.lines_right,
        sure=figures.sure,
        sure_wrong=figures.sure_wrong,
    )


def main() -> None:
    """Read the command line and publish."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=FOLDER)
    parser.add_argument("--place", type=Path, default=PLACE)
    chosen = parser.parse_args()
    publish(chosen.source, chosen.place)


if __name__ == "__main__":
    main()
