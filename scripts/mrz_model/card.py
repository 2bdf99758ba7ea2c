"""Measures a trained network and puts it where the product looks: `python -m scripts.mrz_model.card`."""

import argparse
import hashlib
import shutil
import tomllib
from pathlib import Path

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

CARD = Path(__file__).with_name("card_template.md")


def publish(source: Path, place: Path) -> None:
    """Measure the network in `source` and write network, manifest and data card into `place`."""
    training = tomllib.loads((source / "training.toml").read_text())
    content = (source / FILE).read_bytes()
    figures = measure(source / FILE)
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
        **training,
    }
    place.mkdir(parents=True, exist_ok=True)
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=FOLDER)
    parser.add_argument("--place", type=Path, default=PLACE)
    chosen = parser.parse_args()
    publish(chosen.source, chosen.place)


if __name__ == "__main__":
    main()
