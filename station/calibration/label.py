"""What the Data Matrix of a target says: kind, design, serial, reference file and expiry, and nothing else."""

import re
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np

from station.model.target import TargetKind, TargetLabel

SERIAL: Final = re.compile(r"[A-Z0-9-]{1,16}", re.ASCII)
"""What a serial may be."""

NO_REFERENCE: Final = "0" * 12
NO_EXPIRY: Final = "0" * 8

_DESIGNS = MappingProxyType({TargetKind.A4: "M", TargetKind.CARD: "C"})
"""Letters of the designs: sheet M (mixed) and the card."""

_KINDS = MappingProxyType({letter: kind for kind, letter in _DESIGNS.items()})

_TEXT = re.compile(
    rf"CT1;(?P<design>[{''.join(_KINDS)}])(?P<revision>[1-9][0-9]?);(?P<serial>{SERIAL.pattern});"
    r"(?P<reference>[0-9A-F]{12});(?P<expires>[0-9]{8})",
    re.ASCII,
)


def text_of(label: TargetLabel) -> str:
    """Return the text of a label: `CT1;<design><revision>;<serial>;<reference>;<expiry yyyymmdd>`.

    Twelve zeros stand for no reference, eight for no expiry.

    Raises:
        ValueError: a part of the label is not what such a text can hold.
    """
    reference = label.reference.upper() or NO_REFERENCE
    text = f"CT1;{_DESIGNS[label.kind]}{label.revision};{label.serial};{reference};{label.expires or NO_EXPIRY}"
    if label_in(text) is None:
        raise ValueError("no such label")
    return text


def label_in(text: str) -> TargetLabel | None:
    """Return the label that a text is, None when it is any other text.

    `reference` has lower-case digits, as hashes have everywhere else; `expires` is yyyymmdd, or "" for none.
    """
    found = _TEXT.fullmatch(text)
    if found is None or not _is_day(found["expires"]):
        return None
    return TargetLabel(
        kind=_KINDS[found["design"]],
        revision=found["revision"],
        serial=found["serial"],
        reference="" if found["reference"] == NO_REFERENCE else found["reference"].lower(),
        expires="" if found["expires"] == NO_EXPIRY else found["expires"],
    )


@lru_cache(maxsize=32)
def modules(label: TargetLabel) -> tuple[tuple[bool, ...], ...]:
    """Return a label as a square Data Matrix with ECC 200 (ISO/IEC 16022): rows of modules, True for ink.

    Raises:
        ValueError: the label cannot be written.
    """
    import zxingcpp  # late: nothing else of the calibration needs it

    code = zxingcpp.create_barcode(text_of(label), zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    drawn = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
    return tuple(tuple(bool(ink) for ink in row == 0) for row in drawn)


def _is_day(text: str) -> bool:
    if text == NO_EXPIRY:
        return True
    try:
        datetime.strptime(text, "%Y%m%d")
    except ValueError:
        return False
    return True
