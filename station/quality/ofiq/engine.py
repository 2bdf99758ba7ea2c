"""OFIQ as the station sees it, while it runs in a child process."""

import logging
import re
import threading
from collections.abc import Mapping
from math import floor, isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from station.errors import OfiqFault
from station.model.image import Pixels
from station.quality.ofiq.folder import FILES, prove
from station.quality.ofiq.process import OfiqProcess

_log = logging.getLogger(__name__)

START_S: Final = 120.0
"""How long the models may take to load on a machine that is busy with other things."""
ANSWER_S: Final = 60.0
"""How long OFIQ may think about one picture."""

_SECOND_TRY: Final = ("silent", "ended")
"""What a new child may do better: the last one hung or crashed."""
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


class Ofiq:
    """The customer's OFIQ, for stills: it takes its time. Any thread may call; one picture is judged at a time.

    Nothing starts before the first picture. Needs the package `python-ofiq` and a folder with OFIQ's models.
    """

    def __init__(
        self, folder: Path, *, answer_s: float = ANSWER_S, start_s: float = START_S, files: Path = FILES
    ) -> None:
        """Keep the folder; `files` lists what it must hold."""
        self._folder = folder
        self._answer_s = answer_s
        self._start_s = start_s
        self._files = files
        self._proved = False
        self._process: OfiqProcess | None = None
        self._one_at_a_time = threading.Lock()

    @property
    def child_pid(self) -> int | None:
        """The number of the child process, None while there is none."""
        process = self._process
        return None if process is None else process.pid

    def assess(self, pixels: Pixels) -> Mapping[str, tuple[float, int]]:
        """Return the native value and the score, 0 to 100, of each component by our name for it.

        A component that OFIQ could not judge has 0 and -1; a picture without a face has no component at all. A
        child that hangs or crashes is ended, and a new one asked once more.

        Raises:
            OfiqFault: `reason` is no_folder, no_file, changed, unreadable, not_installed, refused, silent,
                or ended.
        """
        colour = pixels if pixels.ndim == 3 else np.repeat(pixels[..., np.newaxis], 3, axis=2)
        with self._one_at_a_time:
            try:
                return self._ask(np.ascontiguousarray(colour))
            except OfiqFault as fault:
                self._end()
                if fault.context["reason"] not in _SECOND_TRY:
                    raise
                _log.info("asking a new child: %s", fault)
            try:
                return self._ask(np.ascontiguousarray(colour))
            except OfiqFault:
                self._end()
                raise

    def close(self) -> None:
        """End the child; a second time does nothing. A next picture would start a new one."""
        with self._one_at_a_time:
            self._end()

    def _ask(self, pixels: Pixels) -> Mapping[str, tuple[float, int]]:
        if not self._proved:
            prove(self._folder, self._files)
            self._proved = True
        if self._process is None:
            self._process = OfiqProcess(self._folder, self._start_s)
        scores = self._process.ask(pixels, self._answer_s)["scores"]
        return MappingProxyType({_ours(name): _component(*told) for name, told in scores.items()})

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None


def _ours(name: str) -> str:
    """Turn the standard's name into ours: InterEyeDistance into inter_eye_distance."""
    return _CAPITAL.sub("_", name).lower()


def _component(native: float, score: float) -> tuple[float, int]:
    if not (isfinite(native) and isfinite(score)) or score < 0:
        return 0.0, -1
    return float(native), min(100, floor(score + 0.5))
