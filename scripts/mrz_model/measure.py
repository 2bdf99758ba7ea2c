"""Reads fixed lines with an exported network: `python -m scripts.mrz_model.measure FILE`."""

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.mrz_model.glyphs import FONTS, font_atlas, held_out_atlas
from scripts.mrz_model.lines import BLANK, STEP_PX, LinePrinter, Strip

SEED = 90_01
LEVELS_PPC = ((7.0, 10.0), (10.0, 15.0), (15.0, 30.0))
"""Pixels a character of the picture the strip was cut from: 10 are 100 dpi, 30 are 300."""
LINES = 300
LINE_CHARACTERS = 44
SURE = 0.99

Reader = cv2.dnn.Net


@dataclass(frozen=True, slots=True)
class Figures:
    """What one network made of LINES damaged lines of 44 characters."""

    cut: str
    ppc: tuple[float, float]
    right: float
    """Share of characters whose step nearest to the true centre names them, out of all 38 classes."""
    lines_right: float
    """Share of lines without a fault."""
    sure: float
    """Share of places where some character has a posterior of at least SURE."""
    sure_wrong: float
    """Share of these where it is the wrong one."""


def measure(path: Path, lines: int = LINES) -> list[Figures]:
    """Return the figures of every cut and level."""
    cv2.setNumThreads(1)
    network = cv2.dnn.readNetFromONNX(str(path))
    fonts = {name: font_atlas(name) for name in FONTS}
    cuts = (
        ("learned cuts", fonts, list(FONTS.values())),
        ("held-out cut", {"pen": held_out_atlas()}, [1.0]),
    )
    figures = []
    for name, atlases, shares in cuts:
        for ppc in LEVELS_PPC:
            printer = LinePrinter(SEED, atlases, shares, LINE_CHARACTERS + 4, ppc, whole=True)
            figures.append(_level(network, name, printer, ppc, lines))
    return figures


def posteriors(network: Reader, pixels: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the probabilities (38, T) for one normalised strip."""
    network.setInput(pixels[None, None])
    scores = network.forward()[0].astype(np.float64)
    odds = np.exp(scores - scores.max(0))
    return odds / odds.sum(0)


def _level(network: Reader, cut: str, printer: LinePrinter, ppc: tuple[float, float], lines: int) -> Figures:
    right, sure = [], []
    for index in range(lines):
        strip = printer.draw(index)
        read, chance = _read(network, strip)
        right.append(read == strip.glyphs + 1)
        sure.append((chance >= SURE) & (read != BLANK))
    each, confident = np.concatenate(right), np.concatenate(sure)
    return Figures(
        cut,
        ppc,
        float(each.mean()),
        float(np.mean([line.all() for line in right])),
        float(confident.mean()),
        float((~each[confident]).mean()) if confident.any() else 0.0,
    )


def _read(network: Reader, strip: Strip) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    chances = posteriors(network, strip.pixels)
    steps = np.rint(strip.centres_px / STEP_PX).astype(np.int64).clip(0, chances.shape[1] - 1)
    return chances[:, steps].argmax(0), chances[:, steps].max(0)


def table(figures: list[Figures]) -> str:
    """Return the figures as a Markdown table."""
    head = "| cut | pixels a character | characters right | lines right | posterior 0.99 | wrong among these |"
    rows = [
        f"| {f.cut} | {f.ppc[0]:.0f} to {f.ppc[1]:.0f} | {f.right:.2%} | {f.lines_right:.1%} "
        f"| {f.sure:.1%} | {f.sure_wrong:.3%} |"
        for f in figures
    ]
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


if __name__ == "__main__":
    sys.stdout.write(table(measure(Path(sys.argv[1]))) + "\n")
