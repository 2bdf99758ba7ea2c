"""The internet sockets that a process and its children hold, as the kernel tells them."""

import os
from contextlib import suppress
from pathlib import Path

TABLES = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "icmp", "icmp6")


def of_this_process() -> list[str]:
    """Return "table local-address state" of each internet socket of this process and its descendants."""
    held = {link for pid in family(os.getpid()) for link in descriptors(pid)}
    return sorted(
        f"{table} {row[1]} {row[3]}"
        for table in TABLES
        for row in rows(Path("/proc/self/net") / table)
        if f"socket:[{row[9]}]" in held
    )


def family(pid: int) -> set[int]:
    """Return a process and all that descend from it."""
    found = {pid}
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # ended meanwhile
            for child in map(int, listing.read_text().split()):
                found |= family(child)
    return found


def descriptors(pid: int) -> set[str]:
    """Return what the descriptors of a process stand for."""
    found = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            found.add(os.readlink(descriptor))
    return found


def rows(table: Path) -> list[list[str]]:
    """Return the columns of a table of the kernel."""
    with suppress(OSError):
        return [line.split() for line in table.read_text().splitlines()[1:]]
    return []
