"""The options of one open device, kept true while they change one another."""

import logging

from drivers.sane.api import INEXACT, RELOAD_OPTIONS, Option, SaneLibrary, Value
from drivers.sane.status import SaneRefusal, Status
from station.errors import Unsupported

log = logging.getLogger(__name__)


class OptionTable:
    """Reads and sets options by name. A name that is not there, or not active now, is None."""

    def __init__(self, library: SaneLibrary, handle: int, device: str) -> None:
        """Read the options as they are; `device` is the id that failures name."""
        self._library = library
        self._device = device
        self._handle = handle
        self._options = library.options(handle)

    def active(self) -> tuple[Option, ...]:
        """Return all active options."""
        return tuple(self._options.values())

    def get(self, name: str) -> Option | None:
        """Return an active option."""
        return self._options.get(name)

    def settable(self, name: str) -> Option | None:
        """Return an active option that software may set."""
        option = self._options.get(name)
        return option if option is not None and option.can_set else None

    def value(self, name: str) -> Value:
        """Read the value of an active option."""
        return self._library.value(self._handle, self._options[name])

    def can_tell(self, option: Option) -> bool:
        """Tell whether the value of an active option can be read, by reading it."""
        try:
            self._library.value(self._handle, option)
        except SaneRefusal as refusal:
            log.debug("option %s cannot be read: status %d", option.name, refusal.status)
            return False
        return True

    def unsupported(self, setting: str, value: Value) -> Unsupported:
        """Make the failure that says what is not offered."""
        return Unsupported(device=self._device, setting=setting, value=value)

    def set(self, name: str, value: Value) -> Value:
        """Set an option and return the value that the device took, which may differ a little.

        The limits are checked here: libsane takes 99999 dpi for 1 dpi (overflow of its fixed-point numbers).

        Raises:
            Unsupported: the device has no such option now or does not offer the value.
        """
        option = self.settable(name)
        if option is None or not option.allows(value):
            raise self.unsupported(name, value)
        try:
            flags = self._library.set(self._handle, option, value)
        except SaneRefusal as refusal:
            if refusal.status == Status.INVAL:
                raise self.unsupported(name, value) from refusal
            raise
        if flags & RELOAD_OPTIONS:
            self._options = self._library.options(self._handle)
        if not flags & INEXACT or name not in self._options:
            return value
        taken = self.value(name)
        log.debug("option %s: asked for %s, took %s", name, value, taken)
        return taken
