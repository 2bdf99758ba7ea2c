"""Which patch of a chart a row of a reference file is about: makers name the same patches in several ways."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from station.calibration.reference import ReferenceFile
from station.errors import ReferenceRefused
from station.model.target import ChartLayout

_T = TypeVar("_T")

_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def named_as(layout: ChartLayout, reference: ReferenceFile) -> ReferenceFile:
    """Return the reference with the layout's ids for its patches.

    Letters count in either case, and zeros before a number for nothing. A file that lacks patches is taken
    where only one naming can be meant; what it lacks stays open.

    Raises:
        ReferenceRefused: `reason` is other_target: it names patches that this chart does not have.
    """
    written = {_plain(name): name for name in reference.patches}
    if len(written) < len(reference.patches):
        raise ReferenceRefused(reason="duplicate_id")
    ways = [[_plain(name) for name in naming] for naming in layout.namings]
    fitting = [way for way in ways if written.keys() <= set(way)]
    whole = [way for way in fitting if written.keys() == set(way)]
    if len(whole or fitting) != 1:
        raise ReferenceRefused(reason="other_target")
    ids = {
        written[name]: patch.id
        for name, patch in zip((whole or fitting)[0], layout.patches, strict=True)
        if name in written
    }
    return replace(
        reference,
        patches=_renamed(reference.patches, ids),
        differing=tuple(ids[name] for name in reference.differing),
        spreads=_renamed(reference.spreads, ids),
    )


def _plain(name: str) -> str:
    return _ZEROS.sub("", name.strip().upper())


def _renamed(values: Mapping[str, _T], ids: Mapping[str, str]) -> Mapping[str, _T]:
    return MappingProxyType({ids[name]: value for name, value in values.items()})
