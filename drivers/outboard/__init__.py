"""Any scanner driver, run in a child process: what hangs or crashes there does not reach the station."""

from drivers.outboard.driver import OutboardDriver, OutboardScanner

__all__ = ["OutboardDriver", "OutboardScanner"]
