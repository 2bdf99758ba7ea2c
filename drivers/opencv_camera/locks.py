"""Exposure, white balance and focus of a camera on this machine, held where the device lets itself be told.

Only what reads back as it was written counts. Cameras on the network and files have nothing to hold.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from station.imaging.cv import cv
from station.model.capability import Lock

SETTLE_S = 1.0
"""How long the automatic of a stream that begins may look for its values before they are held."""


@dataclass(frozen=True, slots=True)
class _Control:
    """OpenCV's properties of one automatic and of the value that it chooses; `off` switches it off."""

    automatic: int
    value: int
    off: float


def _controls() -> dict[Lock, _Control]:
    # Video4Linux counts exposure modes from 0 = automatic (V4L2_CID_EXPOSURE_AUTO: 1 = manual); others switch.
    manual = 1.0 if sys.platform == "linux" else 0.0
    return {
        Lock.EXPOSURE: _Control(cv().CAP_PROP_AUTO_EXPOSURE, cv().CAP_PROP_EXPOSURE, manual),
        Lock.WHITE_BALANCE: _Control(cv().CAP_PROP_AUTO_WB, cv().CAP_PROP_WB_TEMPERATURE, 0.0),
        Lock.FOCUS: _Control(cv().CAP_PROP_AUTOFOCUS, cv().CAP_PROP_FOCUS, 0.0),
    }


@dataclass(slots=True)
class Held:
    """What is held of one open capture. `release` gives the automatics back; they outlive the capture."""

    capture: Any
    _before: dict[Lock, float] = field(default_factory=dict)

    def hold(self, locks: Iterable[Lock]) -> tuple[Lock, ...]:
        """Hold what the automatics have chosen, and say which of `locks` are held now."""
        controls = _controls()
        return tuple(lock for lock in locks if self._hold(lock, controls[lock]))

    def release(self) -> None:
        """Switch the automatics on again that were on before."""
        controls = _controls()
        for lock, mode in self._before.items():
            self.capture.set(controls[lock].automatic, mode)
        self._before.clear()

    def _hold(self, lock: Lock, control: _Control) -> bool:
        mode, chosen = self.capture.get(control.automatic), self.capture.get(control.value)
        # A camera whose automatic is off already has been set by a technician, and stays so.
        if mode != control.off:
            if not self._written(control.automatic, control.off):
                self.capture.set(control.automatic, mode)
                return False
            self._before[lock] = mode
        return self._written(control.value, chosen)

    def _written(self, what: int, value: float) -> bool:
        return bool(self.capture.set(what, value)) and self.capture.get(what) == value


def holdable(capture: Any) -> tuple[Lock, ...]:
    """Try what the device lets be held, and leave it as it was."""
    held = Held(capture)
    try:
        return held.hold(Lock)
    finally:
        held.release()
