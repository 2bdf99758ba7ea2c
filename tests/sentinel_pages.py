"""Ordinary pages of simulated days at 75 ppi: papers of many whites and prints, laid by hand; and trouble."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from drivers.simulated.papers import LID, sheet_of
from drivers.simulated.sheet import Sheet
from station.calibration.lab import linear
from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels
from station.model.specimen import Paper, PaperKind

PPI = 75
MM = PPI / MM_PER_INCH
GLASS = (round(297 * MM), round(210 * MM))
WORDS = ("invoice", "garden", "station", "between", "paper", "letter", "yellow", "journey", "of", "the")
WHITES = ((251, 251, 249), (246, 247, 250), (240, 240, 238), (248, 246, 240), (244, 238, 220), (226, 226, 222))
SHARES = (0.4, 0.2, 0.18, 0.12, 0.06, 0.04)
"""Copy paper of three kinds, ivory, cream, recycled."""


@dataclass(frozen=True)
class Wear:
    """What is wrong with the device: light lost, light that falls in beside the sheet (codes), dirt in mm."""

    light: float = 1.0
    ambient: int = 0
    speck: tuple[float, float] | None = None
    streak: float | None = None


GOOD = Wear()


@cache
def stock() -> tuple[Pixels, ...]:
    """Draw the prints: the simulated scanner's own papers, and texts, tables and copies of cards."""
    kinds = (PaperKind.LETTER, PaperKind.FORM, PaperKind.PASSPORT, PaperKind.LETTER_AND_PASSPORT)
    own = [np.array(sheet_of(Paper(kind), seed, PPI).image) for kind in kinds for seed in (1, 2)]
    return (*own, *(_drawn(seed) for seed in range(30)))


def _drawn(seed: int) -> Pixels:
    rng = np.random.default_rng(seed)
    size = ((210, 297), (210, 297), (148, 210), (210, 148), (100, 150))[seed % 5]
    sheet = Sheet(*size, PPI, (251, 251, 249))
    kind = seed % 3
    y = float(rng.uniform(15, 40))
    step, left = float(rng.uniform(4, 8)), float(rng.uniform(12, 30))
    while y < size[1] - 25:
        count = int(rng.integers(1, 9 if size[0] > 150 else 6))
        sheet.text(left, y, " ".join(rng.choice(WORDS, count)), float(rng.choice([8, 9, 10, 11])))
        if kind == 1 and rng.random() < 0.5:
            sheet.rule(left, y + 1.5, size[0] - left - 12, 0.3)
        y += step * float(rng.choice([1, 1, 1, 2]))
    if kind == 1:
        for x in np.linspace(left, size[0] - 12, 4).tolist():
            sheet.block(x, 20, 0.3, size[1] - 45, (60, 60, 60))
    if kind == 2:
        ink = tuple(int(value) for value in rng.integers(120, 220, 3))
        sheet.block(*rng.uniform(20, 50, 2).tolist(), 60, 40, (ink[0], ink[1], ink[2]))
    sheet.text(size[0] / 2, size[1] - 10, str(seed % 4 + 1), 9)  # a page number alone at the foot
    if seed % 4 == 0:
        sheet.block(6, 105, 4, 0.3, (90, 90, 90))  # a fold mark
    return np.array(sheet.image)


def scanned(rng: np.random.Generator, wear: Wear = GOOD, *, fed: bool = False) -> Pixels:
    """Lay one sheet at random on the glass, or feed it, and scan it."""
    print_ = stock()[int(rng.integers(len(stock())))]
    paper = np.array(WHITES[int(rng.choice(len(WHITES), p=SHARES))], np.float32)
    paper = np.clip(paper + float(rng.normal(0, 1.2)), 0, 253)
    sheet = print_ * (paper / 251).astype(np.float32)
    lid = np.array(LID, np.float32) + wear.ambient
    if fed:
        glass = sheet
    else:
        away, askew = np.abs(rng.normal(0, 0.4, 2)) * MM, float(rng.normal(0, 0.15))
        turn = cv().getRotationMatrix2D((0, 0), askew, 1)
        turn[:, 2] += away
        glass = cv().warpAffine(
            sheet,
            turn,
            GLASS[::-1],
            flags=cv().INTER_LINEAR,
            borderMode=cv().BORDER_CONSTANT,
            borderValue=lid.tolist(),
        )
    glass = _worn(np.clip(glass, 0, 255), wear)
    noise = _noise()[: glass.shape[0], : glass.shape[1]]
    return cv().add(glass, np.roll(noise, int(rng.integers(600)), 1), dtype=cv().CV_8U)


def _worn(glass: Pixels, wear: Wear) -> Pixels:
    if wear.light != 1:
        light = linear(np.arange(256)) * wear.light  # IEC 61966-2-1; the straight piece matters to no paper
        table = 255 * np.maximum(1.055 * light ** (1 / 2.4) - 0.055, 0)
        glass = np.interp(glass, np.arange(256), table).astype(np.float32)
    if wear.speck is not None:
        x, y = (round(mm * MM) for mm in wear.speck)
        glass[y : y + 2, x : x + 2] *= 0.5
    if wear.streak is not None:
        x = round(wear.streak * MM)
        glass[:, x : x + 1] *= 0.93
    return glass


@cache
def _noise() -> Pixels:
    return np.random.default_rng(0).normal(0, 1.2, (GLASS[0], GLASS[1], 3)).astype(np.float32)


def empty(seed: int, ppi: int = 100) -> Pixels:
    """Scan the empty glass: the lid with its texture, which stays, and noise, which does not."""
    size = round(120 / MM_PER_INCH * ppi), round(250 / MM_PER_INCH * ppi)
    lid = np.array(Image.new("RGB", size, LID), np.float32)
    lid += np.random.default_rng(9).normal(0, 1.0, lid.shape[:2])[..., None]
    return np.clip(lid + np.random.default_rng(seed).normal(0, 1.2, lid.shape), 0, 255).round().astype(np.uint8)
