"""Feeds the targets: one spoilt sample after another, each watched; the suite briefly, `make soak` long."""

import logging
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from station.errors import StationError
from tests.fuzz import kept, paper, staff
from tests.fuzz.limits import little_room, no_growth, watchdog
from tests.fuzz.mutate import spoilt
from tests.fuzz.target import Target
from ui.wording.errors import word

TARGETS: Mapping[str, Target] = {**paper.TARGETS, **staff.TARGETS, **kept.TARGETS}


def feed(target: Target, data: bytes, folder: Path) -> None:
    """Give one sample; what it is refused with has a name, and can be said."""
    try:
        with watchdog(), little_room():
            target.eat(data, folder)
    except target.named as error:
        if isinstance(error, StationError):
            said = word(error)
            assert said.what and said.why and said.do and said.code


def soak(seconds: float, seed: int, names: tuple[str, ...] = ()) -> int:
    """Feed every target for so long; print and keep what broke it, and return how many were broken."""
    broken = 0
    logging.disable()
    warnings.simplefilter("ignore")
    for name in names or TARGETS:
        target, random, count = TARGETS[name], Random(f"{seed} {name}"), 0
        with TemporaryDirectory() as folder:
            target.prepare(Path(folder))
            samples, data = target.samples(), b""
            end = time.monotonic() + seconds
            try:
                with no_growth():
                    while time.monotonic() < end:
                        data = spoilt(random, samples)
                        feed(target, data, Path(folder))
                        count += 1
            except BaseException as error:  # whatever it is, it is what was looked for
                if isinstance(error, KeyboardInterrupt):
                    raise
                broken += 1
                place = Path(f"fuzz-{name}.bin")
                place.write_bytes(data)
                print(f"{name}: BROKEN by sample {count}, kept as {place}: {error!r:.300}", flush=True)
                continue
        print(f"{name}: {count} samples, none of them trouble", flush=True)
    return broken
