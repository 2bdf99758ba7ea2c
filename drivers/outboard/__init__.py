"""Drivers of scanners and cameras in child processes: what hangs or crashes there ends there."""

from drivers.outboard.device import OutboardCamera, OutboardScanner
from drivers.outboard.driver import OutboardDriver

__all__ = ["OutboardCamera", "OutboardDriver", "OutboardScanner"]
