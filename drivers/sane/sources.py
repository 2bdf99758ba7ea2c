"""Where a SANE device takes paper from: its source, its switch for both sides, its switch for all of a pile."""

import re
from dataclasses import dataclass

from drivers.sane.api import Kind, Value
from drivers.sane.options import OptionTable
from drivers.sane.words import (
    ALL_SHEETS,
    BOTH_SIDES,
    DUPLEX_SWITCHES,
    PILE_SWITCHES,
    SOURCES,
    words_of,
)
from station.model.capability import Source


@dataclass(frozen=True, slots=True)
class Switch:
    """An option with a value for yes and one for no."""

    name: str
    on: Value
    off: Value


def choose(options: OptionTable, source: Source) -> None:
    """Set the source and the switches that belong to it.

    Raises:
        Unsupported: the device has no such source.
    """
    words = words_of(options, "source", SOURCES)
    by_switch = source is Source.DUPLEX and source not in (words or {})
    if words is None:
        if source not in without_choice(options):
            raise options.unsupported("source", source.value)
    else:
        word = words.get(Source.FEEDER if by_switch else source)
        if word is None:
            raise options.unsupported("source", source.value)
        options.set("source", word)
    duplex, pile = duplex_switch(options), _pile_switch(options)
    if duplex is None and by_switch:
        raise options.unsupported("source", source.value)
    for switch, on in ((duplex, source is Source.DUPLEX), (pile, source is not Source.FLATBED)):
        if switch is not None:
            options.set(switch.name, switch.on if on else switch.off)


def without_choice(options: OptionTable) -> tuple[Source, ...]:
    """Tell where paper comes from when the device does not ask.

    What can turn sheets over or pull all of them is a feeder. Of others nobody knows: one page a scan.
    """
    if duplex_switch(options) is not None:
        return (Source.FEEDER, Source.DUPLEX)
    return (Source.FEEDER,) if _pile_switch(options) is not None else (Source.FLATBED,)


def duplex_switch(options: OptionTable) -> Switch | None:
    """Find the option that turns both sides on, beside the source."""
    return _switch(options, DUPLEX_SWITCHES, BOTH_SIDES)


def _pile_switch(options: OptionTable) -> Switch | None:
    return _switch(options, PILE_SWITCHES, ALL_SHEETS)


def _switch(options: OptionTable, names: tuple[str, ...], yes: re.Pattern[str]) -> Switch | None:
    """Find the first of these options that is a switch; of a list of words those that fit `yes` mean yes."""
    for name in names:
        option = options.settable(name)
        if option is not None and option.kind is Kind.BOOL:
            return Switch(name, on=True, off=False)
        if option is not None and option.kind is Kind.STRING and isinstance(option.allowed, tuple):
            words = sorted(map(str, option.allowed), key=lambda word: yes.search(word) is None)
            if len(words) > 1 and yes.search(words[0]) and not yes.search(words[-1]):
                return Switch(name, on=words[0], off=words[-1])
    return None
