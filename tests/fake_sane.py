"""A libsane that plays what no backend of SANE plays: a jam at sheet 3, a page cut short, a blocked read."""

import ctypes
import threading
from dataclasses import replace
from typing import Any

from drivers.sane.api import (
    INEXACT,
    RELOAD_OPTIONS,
    FrameFormat,
    Kind,
    Option,
    Parameters,
    Range,
    Unit,
    Value,
)
from drivers.sane.status import SaneRefusal, Status

SHEETS = 4
GLASS_MM = (216.0, 297.0)
FEEDER_MM = (216.0, 3000.0)
GLASS_DPI = (75.0, 150.0, 300.0)
MODES = {
    "Gray[Error Diffusion]": (FrameFormat.GREY, 1),
    "24bit Color": (FrameFormat.RGB, 8),
    "True Gray": (FrameFormat.GREY, 8),
    "Black & White": (FrameFormat.GREY, 1),
}
SOURCES = ("ADF Back", "FlatBed", "ADF Front", "ADF Duplex")
PASSES = (FrameFormat.GREEN, FrameFormat.BLUE, FrameFormat.RED)
PADDING = 2
AT_START = (Status.DEVICE_BUSY, Status.COVER_OPEN)


class FakeSane:
    """Speaks as `SaneLibrary` does, of one device, in words of real backends. A page is as grey as its number.

    `trouble` is a status, "cut" or "block", and the page at which it comes, on the next scan only. `sources`
    None is a device without a choice; `switches` are options beside it, a tuple of words or None for yes and
    no, which Epson's backends show for the feeder only (`switches_hide`); `buttons` are keys and whether they
    are down. `feeder_dpi` are the resolutions of the feeder, `refused` a source that cannot be set, `odd`
    fields of the parameters that are as they should not be.
    """

    def __init__(self) -> None:
        self.values: dict[str, Value] = dict.fromkeys(("tl-x", "tl-y"), 0.0)
        self.values |= {"br-x": 20.0, "br-y": 20.0, "source": "ADF Back", "mode": "True Gray", "resolution": 75}
        self.sources: tuple[str, ...] | None = SOURCES
        self.switches: dict[str, tuple[str, ...] | None] = {}
        self.switches_hide = False
        self.buttons: dict[str, int] = {}
        self.mute_buttons: set[str] = set()
        self.odd: dict[str, int] = {}
        self.feeder_dpi = GLASS_DPI
        self.refused = ""
        self.busy_starts = 0
        self.empty_reads = 0
        self.trouble: tuple[int | str, int] | None = None
        self.lines_known = True
        self.three_pass = False
        self.surplus_bytes = 0
        self.set_in_order: list[str] = []
        self.cancelled_on: list[str] = []
        self.closed = 0
        self._starts = 0
        self._left = 0
        self._unblocked = threading.Event()
        self.blocked = threading.Event()

    def options(self, _: int) -> dict[str, Option]:
        width, height = FEEDER_MM if self._feeds else GLASS_MM
        limits: dict[str, tuple[Kind, Unit, Any]] = {
            "source": (Kind.STRING, Unit.NONE, ()),
            "mode": (Kind.STRING, Unit.NONE, tuple(MODES)),
            "resolution": (Kind.INT, Unit.DPI, self.feeder_dpi if self._feeds else GLASS_DPI),
            "tl-x": (Kind.FIXED, Unit.MM, Range(0, width, 0)),
            "tl-y": (Kind.FIXED, Unit.MM, Range(0, height, 0)),
            "br-x": (Kind.FIXED, Unit.MM, Range(0, width, 0)),
            "br-y": (Kind.FIXED, Unit.MM, Range(0, height, 0)),
        }
        if self.sources is None:
            del limits["source"]
        else:
            limits["source"] = (Kind.STRING, Unit.NONE, self.sources)
        if self._feeds or not self.switches_hide:
            for name, words in self.switches.items():
                limits[name] = (Kind.BOOL if words is None else Kind.STRING, Unit.NONE, words)
        settable = {
            name: Option(at, name, kind, unit, 4, True, True, allowed)
            for at, (name, (kind, unit, allowed)) in enumerate(limits.items(), start=1)
        }
        keys = {
            name: Option(at, name, Kind.BOOL, Unit.NONE, 4, False, True, None)
            for at, name in enumerate(self.buttons, start=100)
        }
        return settable | keys

    def value(self, _: int, option: Option) -> Value:
        if option.name in self.mute_buttons:
            raise SaneRefusal(Status.INVAL)
        return bool(self.buttons[option.name]) if option.name in self.buttons else self.values[option.name]

    def set(self, _: int, option: Option, value: Value) -> int:
        if value == self.refused:
            raise SaneRefusal(Status.INVAL)
        self.set_in_order.append(option.name)
        self.values[option.name] = value
        return RELOAD_OPTIONS | INEXACT

    def start(self, _: int) -> None:
        if self.busy_starts:
            self.busy_starts -= 1
            raise SaneRefusal(Status.DEVICE_BUSY)
        self._starts += 1
        trouble = self._due()
        if trouble in AT_START:
            raise SaneRefusal(trouble)
        if self._feeds and self._page > SHEETS:
            raise SaneRefusal(Status.NO_DOCS)
        rows = 5 if trouble == "cut" else self._px("br-y", "tl-y")
        self._left = rows * self.parameters(0).row_bytes + self.surplus_bytes

    def parameters(self, _: int) -> Parameters:
        form, depth = MODES[str(self.values["mode"])]
        passing = (self._starts - 1) % 3
        if self.three_pass:
            form = PASSES[passing]
        width = self._px("br-x", "tl-x")
        row_bytes = (width * (3 if form is FrameFormat.RGB else 1) * depth + 7) // 8 + PADDING
        lines = self._px("br-y", "tl-y") if self.lines_known else -1
        parameters = Parameters(form, not self.three_pass or passing == 2, row_bytes, width, lines, depth)
        return replace(parameters, **self.odd)

    def read(self, _: int, address: int, size: int) -> int | None:
        trouble = self._due()
        if trouble == "block":
            unblocked = self._unblocked
            self.blocked.set()
            unblocked.wait()
            raise SaneRefusal(Status.IO_ERROR)
        if isinstance(trouble, int):
            raise SaneRefusal(trouble)
        if self.empty_reads:
            self.empty_reads -= 1
            return 0
        if self._left == 0:
            return None
        count = min(size, self._left, 30_011)
        ctypes.memset(address, self.parameters(0).format * 10 if self.three_pass else self._page, count)
        self._left -= count
        return count

    def cancel(self, _: int) -> None:
        self.cancelled_on.append(threading.current_thread().name)
        self._unblocked.set()
        self._unblocked = threading.Event()
        self._starts = 0
        self.trouble = None

    def close(self, _: int) -> None:
        self.closed += 1

    @property
    def _feeds(self) -> bool:
        word = str(self.values["source"]).lower()
        return self.sources is None or any(part in word for part in ("adf", "feeder", "duplex"))

    @property
    def _page(self) -> int:
        return (self._starts - 1) // 3 + 1 if self.three_pass else self._starts

    def _due(self) -> int | str | None:
        return self.trouble[0] if self.trouble is not None and self.trouble[1] == self._page else None

    def _px(self, far: str, near: str) -> int:
        dpi = float(self.values["resolution"])
        return round((float(self.values[far]) - float(self.values[near])) / 25.4 * dpi)
