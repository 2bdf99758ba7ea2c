"""Values to JSON text and back, driven by the values' own types.

Strict: what is not exactly of its type is refused both ways. Complete: every field is written, also those at
their defaults, so that a default which changes later does not change what was stored. A field that a row does
not have yet takes its default; one that the value does not know is refused.
"""

import base64
import json
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from station.errors import StorageDamaged

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of one type become JSON values (`pack`) and come back (`unpack`)."""

    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]


def encode(value: Any) -> str:
    """Return the value as JSON text: ASCII, no spaces, fields in their own order."""
    return json.dumps(codec(value.__class__).pack(value), separators=(",", ":"), allow_nan=False)


def decode(kind: type[T], text: str, what: str) -> T:
    """Return the value of this type that `encode` wrote; `what` names the row for the error.

    Raises:
        StorageDamaged: the text is no such value.
    """
    try:
        return cast(T, codec(cast(Any, kind)).unpack(json.loads(text)))
    except (ValueError, TypeError, KeyError, RecursionError):
        # The cause would quote the stored text, which is personal data.
        raise StorageDamaged(what=f"{kind.__name__} of {what}") from None


def encode_facts(facts: Mapping[str, object]) -> str:
    """Return the facts of an act, which are JSON values already, as JSON text."""
    return json.dumps(facts, separators=(",", ":"))


def decode_facts(text: str, what: str) -> dict[str, object]:
    """Return the facts of an act; `what` names the row for the error.

    Raises:
        StorageDamaged: the text holds no facts.
    """
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        raise StorageDamaged(what=f"facts of {what}") from None
    if not isinstance(facts, dict):
        raise StorageDamaged(what=f"facts of {what}")
    return facts


@cache
def codec(kind: Any) -> Codec:
    """Return how values of this type are written; made once for each type.

    Raises:
        TypeError: no way is known to write such values.
    """
    if kind in _SCALARS:
        return _SCALARS[kind]
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind))
    if get_origin(kind) in (UnionType, Union):
        return _optional(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(pack=lambda value: kind(value).value, unpack=kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    raise TypeError(f"no codec for {kind}")


def _exactly(kind: type) -> Callable[[Any], Any]:
    def take(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(kind.__name__)
        return value

    return take


def _pack_float(value: float) -> float | str:
    number = float(value)
    return number if math.isfinite(number) else str(number)


def _unpack_float(value: Any) -> float:
    if type(value) not in (float, str):
        raise TypeError("float")
    return float(value)


_take_text = _exactly(str)

_SCALARS: dict[Any, Codec] = {
    str: Codec(pack=str, unpack=_take_text),
    int: Codec(pack=operator.index, unpack=_exactly(int)),
    bool: Codec(pack=_exactly(bool), unpack=_exactly(bool)),
    float: Codec(pack=_pack_float, unpack=_unpack_float),
    bytes: Codec(
        pack=lambda value: base64.b64encode(value).decode("ascii"),
        unpack=lambda text: base64.b64decode(_take_text(text), validate=True),
    ),
    datetime: Codec(pack=datetime.isoformat, unpack=lambda text: datetime.fromisoformat(_take_text(text))),
}


def _tuple(args: tuple[Any, ...]) -> Codec:
    if len(args) == 2 and args[1] is Ellipsis:
        each = codec(args[0])
        return Codec(
            pack=lambda value: [each.pack(part) for part in value],
            unpack=lambda parts: tuple(each.unpack(part) for part in _exactly(list)(parts)),
        )
    codecs = tuple(codec(arg) for arg in args)
    return Codec(
        pack=lambda value: [one.pack(part) for one, part in zip(codecs, value, strict=True)],
        unpack=lambda parts: tuple(
            one.unpack(part) for one, part in zip(codecs, _exactly(list)(parts), strict=True)
        ),
    )


def _optional(args: tuple[Any, ...]) -> Codec:
    (kind,) = (arg for arg in args if arg is not type(None))
    some = codec(kind)
    return Codec(
        pack=lambda value: None if value is None else some.pack(value),
        unpack=lambda value: None if value is None else some.unpack(value),
    )


def _dataclass(kind: type) -> Codec:
    hints = get_type_hints(kind)
    codecs = {field.name: codec(hints[field.name]) for field in fields(kind)}
    needed = {
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    }

    def pack(value: Any) -> dict[str, Any]:
        if type(value) is not kind:
            raise TypeError(kind.__name__)
        return {name: one.pack(getattr(value, name)) for name, one in codecs.items()}

    def unpack(parts: Any) -> Any:
        if type(parts) is not dict or not needed <= parts.keys():
            raise TypeError(kind.__name__)
        return kind(**{name: codecs[name].unpack(part) for name, part in parts.items()})

    return Codec(pack=pack, unpack=unpack)
