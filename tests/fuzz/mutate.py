"""Spoils samples: bytes, words, lines, JSON values. The same choices of a `Random` give the same."""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

EDITS_MOST = 6
"""Changes to one sample: more of them, and nothing but its first line is ever looked at."""

LONGEST = 200_000
"""Bytes; a change that repeats is not to grow without end."""

_WORD = re.compile(rb'"[^"\n]{0,200}"|[A-Za-z0-9_.+\-]{1,200}')

WORDS: tuple[bytes, ...] = (
    b"", b'""', b"0", b"-1", b"1", b"1e400", b"-1e400", b"nan", b"inf", b"NaN", b"Infinity", b"true", b"null",
    b"99999999999999999999", b"9" * 400, b"9" * 5000, b"0.1", b"1e-320", b"2147483648", b"4294967295", b"65535",
    b"1979-05-27", b"1979-05-27T07:32:00Z", b"25:61:61", b"[]", b"{}", b"[[]]", b"[1, [2]]", b'{"a" = 1}',
    b'"\\u0000"', b'"\\ud800"', b'"~nobody-has-this-name/x"', b'"\\"', b'"a\\nb"', b"\\", b"'", b'"', b"\0",
    b"%s",    b"{0}", b"{x.__class__}", b"\xff\xfe", b"\xed\xa0\x80",
    "\u202e\u0661\u0663\uff11".encode(), "\U0001f600".encode(),
    b"../../etc", b"<x>", b"&b;", b"]]>", b"<!--", b"<<<<<", b"\x02", b"\x03", b"\r\n", b"\n", b",", b";", b"=",
    b"[" * 100_000, b'{"a":' * 50_000, b"<a>" * 60_000, b"(" * 5_000, b"a" * 20_000, b"x = [" + b"[" * 50_000,
)  # fmt: skip
"""What programs stumble over: no number, too large a number, another kind, no text, too deep, too long."""

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1, 10**18, 10**400, -(10**30), 1.5, -1e300, float("inf"), float("nan"), "", "x", "\0",
    "\ud800", "a" * 5000, "00", "zz", [], {}, [[]], [None], {"": None}, [1, "2"], "2001-02-30", "NaN",
)  # fmt: skip

Edit = Callable[[Random, bytes, Sequence[bytes]], bytes]


def spoilt(random: Random, samples: Sequence[bytes]) -> bytes:
    """Return one of the samples with some changes."""
    data = random.choice(samples)
    if data[:1] in (b"{", b"[") and random.random() < 0.5:
        data = _json(random, data)
    for _ in range(random.randint(0, EDITS_MOST)):
        data = random.choice(EDITS)(random, data, samples)[:LONGEST]
    return data


def spoilt_value(random: Random, value: Any) -> Any:
    """Return JSON values in which one is another, is missing, or stands twice."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        name = random.choice(sorted(value))
        what = random.randrange(8)
        rest = {key: inner for key, inner in value.items() if key != name}
        if what == 0:
            return rest
        if what == 1:
            return rest | {random.choice(("", "x", "format", name + name)): value[name]}
        return value | {name: spoilt_value(random, value[name])}
    if isinstance(value, list) and value and random.random() < 0.85:
        at = random.randrange(len(value))
        what = random.randrange(8)
        middle = {0: [], 1: [value[at]] * random.choice((2, 50))}.get(what, [spoilt_value(random, value[at])])
        return [*value[:at], *middle, *value[at + 1 :]]
    return random.choice(VALUES)


def _json(random: Random, data: bytes) -> bytes:
    lines = data.splitlines()
    try:
        values = [json.loads(data)]
    except ValueError:
        try:
            values = [json.loads(line) for line in lines]
        except ValueError:
            return data
    at = random.randrange(len(values))
    values[at] = spoilt_value(random, values[at])
    return b"\n".join(json.dumps(value).encode() for value in values)


def _bits(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    if not data:
        return b"\0"
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def _number(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    size = random.choice((1, 2, 4, 8))
    at = random.randrange(len(data) + 1)
    extreme = random.choice((0, 1, 2 ** (8 * size - 1), 2 ** (8 * size) - 1, random.randrange(2 ** (8 * size))))
    return data[:at] + extreme.to_bytes(size, random.choice(("big", "little"))) + data[at + size :]


def _cut(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] if random.random() < 0.3 else data[:at] + data[at + random.randrange(1, 60) :]


def _put(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(WORDS) + data[at:]


def _word(random: Random, data: bytes, samples: Sequence[bytes]) -> bytes:
    words = list(_WORD.finditer(data, 0, 20_000))
    if not words:
        return data
    place = random.choice(words)
    other = random.choice(_WORD.findall(random.choice(samples)[:20_000]) or [b""])
    word = random.choice(WORDS) if random.random() < 0.7 else other
    return data[: place.start()] + word + data[place.end() :]


def _lines(random: Random, data: bytes, samples: Sequence[bytes]) -> bytes:
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    line = random.choice(random.choice(samples).split(b"\n"))
    return b"\n".join(
        random.choice(
            (
                [*lines[:at], *lines[at + 1 :]],
                [*lines[:at], lines[at], *lines[at:]],
                [*lines[:at], line, *lines[at:]],
                [*lines[:at], *lines[at:][::-1]],
                [*lines[:at], *lines[at : at + 1] * 300, *lines[at:]],
            )
        )
    )


def _splice(random: Random, data: bytes, samples: Sequence[bytes]) -> bytes:
    other = random.choice(samples)
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


def _noise(random: Random, _: bytes, __: Sequence[bytes]) -> bytes:
    return bytes(random.randrange(256) for _ in range(random.choice((0, 1, 2, 16, 80))))


EDITS: tuple[Edit, ...] = (_bits, _bits, _number, _cut, _put, _word, _word, _word, _lines, _splice, _noise)
