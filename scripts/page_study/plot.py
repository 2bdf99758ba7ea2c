"""One picture of all readings: error rate over the raw value, a panel for each defect."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from scripts.page_study.fit import UNREADABLE, Reading
from scripts.page_study.outcome import Outcome, badness
from station.model.quality import Limit

Box = tuple[int, int, int, int]
Ink = tuple[int, int, int]

_COLUMNS = 4
_PANEL = (400, 260)
_MARGIN = (44, 34, 14, 34)
_INK, _QUIET, _GRID = (20, 32, 43), (82, 96, 109), (213, 220, 228)
_WARN, _FAIL = (176, 110, 0), (180, 35, 24)
_SIZES: dict[int, Ink] = {6: (128, 32, 140), 8: (11, 92, 173), 10: (0, 140, 110), 12: (120, 130, 60)}
_TICKS = (0.0, 0.01, UNREADABLE, 0.2, 1.0)
_COLOURS = 32


def plot(outcomes: Sequence[Outcome], asked: dict[str, Limit], path: Path) -> None:
    """Write the picture: dots are pages, coloured by size; upright lines are the profile's limits."""
    width, height = _PANEL
    rows = -(-(len(outcomes) + 1) // _COLUMNS)
    image = Image.new("RGB", (width * _COLUMNS, height * rows), (255, 255, 255))
    pen = ImageDraw.Draw(image)
    for place, outcome in enumerate(outcomes):
        left, top = place % _COLUMNS * width, place // _COLUMNS * height
        _panel(pen, outcome, asked[outcome.defect.measure], (left, top, left + width, top + height))
    place = len(outcomes)
    _legend(pen, place % _COLUMNS * width + _MARGIN[0], place // _COLUMNS * height + _MARGIN[1])
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def _panel(pen: ImageDraw.ImageDraw, outcome: Outcome, limit: Limit, box: Box) -> None:
    left, top, right, bottom = (side + margin for side, margin in zip(box, (*_MARGIN[:2], 0, 0), strict=True))
    right, bottom = right - _MARGIN[2], bottom - _MARGIN[3]
    defect = outcome.defect
    readings = [reading for reading in (*outcome.fitted, *outcome.tried) if reading.badness is not None]
    raws = [_raw(defect.measure, reading) for reading in readings]
    low, high = min(raws), max(raws)
    span = high - low or 1.0

    def across(raw: float) -> float:
        return left + (raw - low) / span * (right - left)

    pen.text((left, top - 8), f"{defect.name}: {defect.measure}", _INK, _font(15), "ls")
    for tick in _TICKS:
        y = _height(tick, top, bottom)
        pen.line((left, y, right, y), _GRID)
        pen.text((left - 5, y), f"{100 * tick:g}%", _QUIET, _font(11), "rm")
    for place in (low, (low + high) / 2, high):
        pen.text((across(place), bottom + 8), f"{place:.3g}", _QUIET, _font(11), "mt")
    for value, ink in (
        (limit.low, _WARN),
        (limit.high, _WARN),
        (limit.fail_low, _FAIL),
        (limit.fail_high, _FAIL),
    ):
        if value is not None and low <= value <= high:
            pen.line((across(value), top, across(value), bottom), ink, 2)
    for reading, raw in zip(readings, raws, strict=True):
        x, y = across(raw), _height(reading.cer, top, bottom)
        pen.ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), _SIZES[reading.size_pt])


def _raw(measure: str, reading: Reading) -> float:
    assert reading.badness is not None
    return badness(measure, reading.badness)


def _height(cer: float, top: int, bottom: int) -> float:
    """Return where an error rate stands: by its cube root, so that small ones can be told apart."""
    return bottom - float(cer ** (1 / 3)) * (bottom - top)


def _legend(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
    lines = [(f"page in {size} pt", ink) for size, ink in _SIZES.items()]
    lines += [("limit of warning", _WARN), ("limit of failing", _FAIL)]
    pen.text((left, top - 8), "character error rate over raw value", _INK, _font(15), "ls")
    for number, (words, ink) in enumerate(lines, 1):
        pen.rectangle((left, top + 22 * number - 8, left + 12, top + 22 * number + 4), ink)
        pen.text((left + 20, top + 22 * number - 2), words, _INK, _font(13), "lm")


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
