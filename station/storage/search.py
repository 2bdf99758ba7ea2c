"""Search by the beginnings of words: an index of folded words, the same on SQLite and PostgreSQL.

One word reads the first rows of one range of the index. Of several words the rarest is read, and the others
are looked for in the words that lie beside each of its rows. Rare words have few rows, and of frequent ones a
few rows hold enough that fit.
"""

from collections.abc import Iterable
from functools import cache
from itertools import islice
from operator import itemgetter

import sqlalchemy as sa

from station.model.record import ApplicationRecord
from station.storage.folding import number, words
from station.storage.tables import terms

WORDS_OF_RECORD = 16
"""More words of one application are not indexed, and more words of a query not asked for."""

_TERM_LENGTH = 32
"""Characters of a word that count: 16 of 4 bytes each stay below PostgreSQL's 2,704 bytes of an index row."""

_COUNTED = 1_000
"""How far the rows of a word are counted; among more frequent words the longest counts as the rarest."""

_BEYOND = "\U0010ffff"
"""Sorts after every character of a term (a noncharacter, so never part of a word)."""


def terms_of(record: ApplicationRecord) -> tuple[str, ...]:
    """Return the words under which the record is found: its numbers whole, its names word by word."""
    document = record.document.number if record.document else ""
    numbers = (number(text) for text in (record.application_number, record.letter_number, document))
    found = (*numbers, *words(record.surname), *words(record.given_names))
    return tuple(islice(dict.fromkeys(word[:_TERM_LENGTH] for word in found if word), WORDS_OF_RECORD))


def rows_of(key: int, record: ApplicationRecord) -> list[dict[str, object]]:
    """Return the rows of the index for the application with this key."""
    found = terms_of(record)
    together = "".join(f" {word}" for word in found)
    return [{"term": word, "application": key, "words": together} for word in found]


def add(connection: sa.Connection, new: list[dict[str, object]]) -> None:
    """Put rows into the index."""
    if new:
        # In the order of the index, which a large import then fills twice as fast.
        connection.execute(sa.insert(terms), sorted(new, key=itemgetter("term", "application")))


def change(
    connection: sa.Connection, changes: Iterable[tuple[int, ApplicationRecord, ApplicationRecord]]
) -> None:
    """Replace the rows of applications (key, before, after) whose words changed."""
    differing = [one for one in changes if terms_of(one[1]) != terms_of(one[2])]
    gone = [{"gone_term": word, "gone_key": key} for key, before, _ in differing for word in terms_of(before)]
    if gone:
        this = (terms.c.term == sa.bindparam("gone_term")) & (terms.c.application == sa.bindparam("gone_key"))
        connection.execute(sa.delete(terms).where(this), gone)
    add(connection, [row for key, _, after in differing for row in rows_of(key, after)])


def find(connection: sa.Connection, text: str, limit: int) -> list[int]:
    """Return the keys of up to `limit` applications that have a word beginning with each word of the text.

    A text that is a number written with spaces is found too. The order is that of the rarest word.
    """
    asked = tuple(word[:_TERM_LENGTH] for word in words(text))[:WORDS_OF_RECORD]
    found: dict[int, None] = {}
    joined = number(text)[:_TERM_LENGTH]
    if len(asked) > 1 and any(character.isdigit() for character in joined):
        found.update(dict.fromkeys(_find(connection, (joined,), limit)))
    if asked:
        found.update(dict.fromkeys(_find(connection, asked, limit)))
    return list(found)[:limit]


def _find(connection: sa.Connection, asked: tuple[str, ...], limit: int) -> list[int]:
    if len(asked) > 1:
        asked = _rarest_first(connection, asked)
    values = {**_bounds(asked[:1]), **{f"other{n}": f"% {word}%" for n, word in enumerate(asked[1:])}}
    # Words of one application that begin alike crowd others out: then read as many rows as it can have words.
    for rows in (limit + limit // 5, WORDS_OF_RECORD * limit):
        read = connection.execute(_matches(len(asked) - 1), {**values, "rows": rows}).scalars().all()
        found: list[int] = list(dict.fromkeys(read))[:limit]
        if len(found) == limit or len(read) < rows:
            break
    return found


def _rarest_first(connection: sa.Connection, asked: tuple[str, ...]) -> tuple[str, ...]:
    counts = connection.execute(_frequencies(len(asked)), _bounds(asked)).one()
    order = sorted(range(len(asked)), key=lambda place: (counts[place], -len(asked[place])))
    return tuple(asked[place] for place in order)


@cache
def _matches(others: int) -> sa.Select[int]:
    """Ask for `rows` applications in the range of the first word that have so many `others` beside it."""
    beside = (terms.c.words.like(sa.bindparam(f"other{n}")) for n in range(others))
    return (
        sa.select(terms.c.application)
        .where(_in_range(0), *beside)
        .order_by(terms.c.term, terms.c.application)
        .limit(sa.bindparam("rows"))
    )


@cache
def _frequencies(count: int) -> sa.Select[*tuple[int, ...]]:
    """Ask how many rows each of so many ranges has, up to `_COUNTED`."""
    some = (sa.select(terms.c.term).where(_in_range(n)).limit(_COUNTED).subquery() for n in range(count))
    return sa.select(*(sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in some))


def _in_range(place: int) -> sa.ColumnElement[bool]:
    return (terms.c.term >= sa.bindparam(f"from{place}")) & (terms.c.term < sa.bindparam(f"until{place}"))


def _bounds(asked: tuple[str, ...]) -> dict[str, str]:
    """Return the bounds of the range of words that begin with each word."""
    bounds: dict[str, str] = {}
    for place, word in enumerate(asked):
        bounds |= {f"from{place}": word, f"until{place}": word + _BEYOND}
    return bounds
