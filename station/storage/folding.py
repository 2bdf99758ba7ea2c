"""Names and numbers as they are searched: without case, accents and punctuation."""

import unicodedata
from functools import lru_cache

_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\u0131": "i"}
)
"""Letters that Unicode does not take apart, as they are written on keyboards without them."""

_WITHIN_WORDS = frozenset("'’‘`ʼʹ\u00ad\u200c\u200d")  # noqa: RUF001
"""Apostrophes, soft hyphen and joiners stand inside a word: O'Brien is one."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, in their order; what holds a digit is a number and stays whole."""
    found: list[str] = []
    for part in text.split():
        folded = part.lower() if part.isascii() else _fold(part)
        if not folded.isalnum():
            between = "" if any(c.isdigit() for c in folded) else " "
            folded = "".join(c if _in_word(c) else "" if c in _WITHIN_WORDS else between for c in folded)
        found += folded.split()
    return tuple(found)


def number(text: str) -> str:
    """Return a number without case, spaces, hyphens and other signs."""
    return "".join(words(text))


def _fold(text: str) -> str:
    """Take accents off and case away; marks that carry a vowel (combining class 0, as in Khmer) stay."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_STROKES)


@lru_cache(maxsize=4096)
def _in_word(character: str) -> bool:
    return character not in _WITHIN_WORDS and unicodedata.category(character)[0] in "LMN"
