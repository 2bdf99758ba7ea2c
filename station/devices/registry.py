"""Where drivers come from: entry points by configured name. What cannot be loaded is kept, not raised."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points

from station.devices.driver import Driver
from station.errors import DriverNotLoaded

GROUP = "visa_station.drivers"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DriverFailure:
    """A driver that is configured and could not be loaded: `error` says why, its cause is what happened."""

    name: str
    error: DriverNotLoaded


class Registry:
    """The drivers of this station, ready to find devices. Made once; only read afterwards, from any thread."""

    def __init__(self, names: Iterable[str], options: Mapping[str, Mapping[str, object]] | None = None) -> None:
        """Load and configure the drivers of these entry points; nothing else is imported.

        `options` holds each driver's own table of settings by its name. A driver that fails to import, to start
        or to take its settings becomes a failure; the others live on.
        """
        loaded: list[Driver] = []
        failures: list[DriverFailure] = []
        for name in dict.fromkeys(names):
            try:
                loaded.append(_load(name, dict((options or {}).get(name, {}))))
            except Exception as cause:  # a stranger's code: whatever it does, the station starts
                _log.info("driver %s was not loaded", name, exc_info=True)
                failures.append(DriverFailure(name, _not_loaded(name, cause)))
        self.drivers: tuple[Driver, ...] = tuple(loaded)
        self.failures: tuple[DriverFailure, ...] = tuple(failures)

    @classmethod
    def of(cls, drivers: Iterable[Driver]) -> "Registry":
        """Return a registry of drivers that are made and configured already."""
        registry = cls(())
        registry.drivers = tuple(drivers)
        return registry


def _load(name: str, options: dict[str, object]) -> Driver:
    points = tuple(entry_points(group=GROUP, name=name))
    if not points:
        raise LookupError(f"no entry point {name} in {GROUP}")
    driver = points[0].load()()
    if not isinstance(driver, Driver) or driver.name != name:
        raise TypeError(f"{points[0].value} is no driver of this name")
    driver.configure(options)
    return driver


def _not_loaded(name: str, cause: Exception) -> DriverNotLoaded:
    error = DriverNotLoaded(driver=name, detail=f"{type(cause).__name__}: {cause}")
    error.__cause__ = cause
    return error
