"""Measure: `python -m tests.benchmarks [name …]` prints every figure beside its target and a peer.

A figure is a module of this folder with a NAME and a `measure()` that yields what it measured:
(what, value, unit, target in words, the peer's value or None).
"""

import importlib
import os
import pkgutil
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

import tests.benchmarks

Row = tuple[str, float, str, str, float | None]
HEADINGS: tuple[str, ...] = ("figure", "value", "unit", "target", "peer", "value / peer")


class Figure(Protocol):
    """A module that measures."""

    NAME: str

    def measure(self) -> Iterator[Row]:
        """Yield what was measured, as soon as it is."""
        ...


def figures() -> dict[str, Figure]:
    """Return the modules of this folder by their names."""
    modules = (
        importlib.import_module(f"{tests.benchmarks.__name__}.{found.name}")
        for found in pkgutil.iter_modules(tests.benchmarks.__path__)
        if not found.name.startswith("_")
    )
    return {module.NAME: cast(Figure, module) for module in modules if hasattr(module, "NAME")}


def cpu_ticks() -> tuple[int, int]:
    """Return (all, stolen) ticks of all cores since the machine started (proc(5), /proc/stat)."""
    user, nice, system, idle, iowait, irq, softirq, steal, *_ = map(
        int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:]
    )
    return user + nice + system + idle + iowait + irq + softirq + steal, steal


def cells(name: str, row: Row) -> tuple[str, ...]:
    """Write one row of a figure as text."""
    what, value, unit, target, peer = row
    return (
        f"{name}: {what}",
        f"{value:.4g}",
        unit,
        target,
        "" if peer is None else f"{peer:.4g}",
        f"{value / peer:.2f}" if peer else "",
    )


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Return a table with the texts to the left and the numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    sides = ("<", ">", "<", "<", ">", ">")
    return "\n".join(
        "  ".join(
            f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def main(names: list[str]) -> int:
    """Measure what is named, everything when nothing is."""
    known = figures()
    if unknown := [name for name in names if name not in known]:
        print(
            f"There is no figure {', '.join(unknown)}. There are: {', '.join(sorted(known))}.", file=sys.stderr
        )
        return 2
    start = cpu_ticks()
    rows = [HEADINGS]
    for name in names or sorted(known):
        print(f"measuring {name} …", file=sys.stderr)
        rows += [cells(name, row) for row in known[name].measure()]
    all_ticks, stolen = (after - before for after, before in zip(cpu_ticks(), start, strict=True))
    load = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}, "
        f"stolen by other machines during the run: {100 * stolen / max(all_ticks, 1):.0f} % of the CPU\n"
    )
    print(aligned(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
