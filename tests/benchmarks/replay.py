"""The self-test in a process of its own, and how fast stored verdicts are come to again and judged anew.

Both have no peer: no other station of this kind measures itself or comes to its verdicts again.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from statistics import median
from unittest.mock import patch

import numpy as np

import main
from drivers.simulated.papers import drawn
from station.flow.headless_replay import Outcome, other_limits, rejudge, replay
from station.flow.workshop import judge_document
from station.imaging import codec
from station.model.adjustment import AS_IT_CAME
from station.model.capability import ColourMode
from station.model.image import Page, PictureRef
from station.model.specimen import Paper, PaperKind
from station.quality.profile import load_profiles
from station.settings import read_settings, resources_dir
from station.storage.open import OpenStore
from tests.kiosk import ANNA
from tests.stored import applicant, expected, picture

NAME = "replay"
RUNS = 5
PAGES, REPORTS = 24, 5_000
DPI = (300.0, 300.0)

_SELF_TEST = """
import time
from station.flow.self_test import deviations
began = time.process_time()
assert deviations() == ()
print(time.process_time() - began)
"""


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    yield (
        "self-test after a start, networks loaded",
        median(map(_self_test, range(RUNS))),
        "s CPU",
        "<= 1.5",
        None,
    )
    with tempfile.TemporaryDirectory() as name, patch.dict(os.environ, STATION_DATA_DIR=name):
        profile = resources_dir() / "profiles" / "page.toml"
        settings = read_settings(os.environ)
        with closing(main.open_storage(settings)) as store:
            size = _fill(store)
        with main.parts(settings) as parts:
            began = time.perf_counter()
            outcomes = [replayed.outcome for replayed in replay(parts, "PAGES")]
            took = time.perf_counter() - began
            assert outcomes == [Outcome.SAME] * PAGES
            what = f"replay of A4 pages, 300 dpi, colour, {size / 1e6:.1f} MB of PNG each"
            yield what, PAGES / took, "pages/s", "-", None
            began = time.perf_counter()
            judged = sum(1 for _ in rejudge(parts, "REPORTS", other_limits(profile)))
            assert judged == REPORTS
            yield "reports judged by other limits", judged / (time.perf_counter() - began), "1/s", "-", None


def _self_test(_: int) -> float:
    run = subprocess.run([sys.executable, "-c", _SELF_TEST], capture_output=True, text=True, check=True)
    return float(run.stdout)


def _fill(store: OpenStore) -> float:
    """Put pages, no two alike, on one record and the first one's report on another; return the bytes of one."""
    profile = load_profiles(resources_dir() / "profiles")["page"]
    paper = drawn(Paper(PaperKind.LETTER, ANNA), 1, 300, ColourMode.COLOUR)
    noise = np.random.default_rng(1).normal(0, 1.5, paper.shape).astype(np.int16)
    attached, size = [], 0
    for number in range(PAGES):
        pixels = np.clip(paper + np.roll(noise, 97 * number, axis=0), 0, 255).astype(np.uint8)
        data = codec.encode_png(pixels, DPI)
        ref = PictureRef(store.pictures.put(data), "image/png", len(data), *pixels.shape[1::-1], DPI)
        report = judge_document(profile, Page(pixels, 1, DPI, data, "image/png"), AS_IT_CAME)
        attached.append(picture(f"p{number}", picture=ref, report=report))
        size += len(data)
    judged = [replace(attached[0], id=f"r{number}") for number in range(REPORTS)]
    for number, pictures in (("PAGES", attached), ("REPORTS", judged)):
        (record,) = expected(store, applicant(number))
        with store.units() as work:
            work.records.put(replace(work.records.get(record.id), attachments=tuple(pictures)))
            work.commit()
    return size / PAGES
