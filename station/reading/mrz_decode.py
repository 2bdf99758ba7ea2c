"""From likelihoods of cells to the lines of a zone: the likeliest ones that alphabets and check digits allow.

Check digits help only where the picture leaves a choice: a cell that was read clearly is never overruled.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from station.reading.mrz_dates import possible
from station.reading.mrz_layout import FILLER, Layout
from station.reading.mrz_recognise import CLASSES

Floats = NDArray[np.float64]
Place = tuple[int, int]
"""Line and column, both from 0."""

CLEAR = 0.99
"""Nothing overrules a cell whose likeliest character (of its alphabet) has this posterior."""

_LEAST = 0.002  # posterior of a character that is worth a try
_KEPT = 6  # solutions for each remainder
_WEIGHTS = (7, 3, 1)
_VALUES = {character: value if value < 36 else 0 for value, character in enumerate(CLASSES)}
_UNDECIDED = 20.0  # nats, where there is no second solution

Choice = tuple[float, str]
"""What a character costs against the likeliest (nats, 0 or less), and the character."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The characters of some places and what they cost, in nats (0 or less)."""

    cost: float
    text: Mapping[Place, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Lines in which every check digit holds.

    `gap` is what was given up for that, `margin` how much likelier they are than the next such lines (both in
    nats, 0 or more). `proved` are the places that check digits speak for, `rivals` those in which the two
    differ, `changed` those where the likeliest character of the alphabet was not taken.
    """

    lines: tuple[str, ...] = field(repr=False)
    gap: float
    margin: float
    proved: frozenset[Place]
    rivals: tuple[Place, ...] = ()
    changed: tuple[Place, ...] = ()

    def covers(self, place: Place) -> bool:
        """Tell whether a check digit speaks for this place."""
        return place in self.proved


def decode(cells: Sequence[Floats], layout: Layout) -> Decoded | None:
    """Return the likeliest lines in which every check digit holds and every date exists, None without any.

    `cells` are log-posteriors of each line (columns x 37).
    """
    choices = {
        (line, column): _choices(cells[line][column], alphabet)
        for line, row in enumerate(layout.alphabets())
        for column, alphabet in enumerate(row)
    }
    choices[0, 0] = _choices(cells[0][0], layout.first_letters)
    found = [solution for plan in _plans(choices, layout) for solution in _solve(choices, plan)]
    if not found:
        return None
    found.sort(key=lambda solution: solution.cost, reverse=True)
    best = found[0]
    second = next((other for other in found[1:] if other.text != best.text), None)
    lines = [[choices[line, column][0][1] for column in range(layout.width)] for line in range(layout.rows)]
    for (line, column), character in best.text.items():
        lines[line][column] = character
    return Decoded(
        tuple("".join(line) for line in lines),
        gap=-best.cost,
        margin=best.cost - second.cost if second else _UNDECIDED,
        proved=frozenset(best.text),
        rivals=tuple(place for place in best.text if second and second.text.get(place) != best.text[place]),
        changed=tuple(place for place, character in best.text.items() if character != choices[place][0][1]),
    )


def _choices(cell: Floats, alphabet: str) -> list[Choice]:
    """Return the characters that may stand in a cell, the likeliest first; one alone where it is clear."""
    held = sorted(((float(cell[CLASSES.index(character)]), character) for character in alphabet), reverse=True)
    most = held[0][0]
    total = sum(np.exp(value - most) for value, _ in held)
    if 1 / total >= CLEAR:
        return [(0.0, held[0][1])]
    return [(value - most, character) for value, character in held if np.exp(value - most) / total >= _LEAST]


# -- which cells belong together -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """Places that one check digit (`at`) proves; without one they count for the composite alone."""

    over: tuple[Place, ...]
    at: Place | None = None
    date: bool = False
    all_filled: bool = False  # a long number: no filler in any place
    digit_only: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """One way to read the layout: groups, places that must hold fillers, and the composite digit."""

    groups: tuple[_Group, ...]
    fillers: tuple[Place, ...]
    weights: Mapping[Place, int]
    composite: Place | None


def _plans(choices: Mapping[Place, list[Choice]], layout: Layout) -> Iterator[_Plan]:
    """Yield the plain reading; with a filler for the check digit also a long number and an unchecked one."""
    check = layout.check("document_number")
    number = _places(layout.named("document_number")[0].span.line, layout, "document_number")
    at = (check.at.line, check.at.start) if check else None
    if at is None or any(character != FILLER for _, character in choices[at]):
        yield _plan(layout, _Group(number, at, digit_only=True), ())
    if at is not None and any(character == FILLER for _, character in choices[at]):
        yield _plan(layout, _Group(number), (at,))
        if layout.overflows:
            line = layout.named("optional_data")[0].span.line
            room = _places(line, layout, "optional_data")
            for last, after in pairwise(room):
                digits = any(character.isdigit() for _, character in choices[last])
                filler = any(character == FILLER for _, character in choices[after])
                if digits and filler and last != room[0]:
                    rest = room[: room.index(last)]
                    yield _plan(
                        layout, _Group((*number, *rest), last, all_filled=True, digit_only=True), (at, after)
                    )


def _places(line: int, layout: Layout, name: str) -> tuple[Place, ...]:
    """Return the places of the first field of this name in this line."""
    span = next(found.span for found in layout.named(name) if found.span.line == line)
    return tuple((line, column) for column in range(span.start, span.stop))


def _plan(layout: Layout, number: _Group, fillers: tuple[Place, ...]) -> _Plan:
    groups = [number]
    composite: Place | None = None
    weights: dict[Place, int] = {}
    for check in layout.checks:
        over = tuple((span.line, column) for span in check.over for column in range(span.start, span.stop))
        at = (check.at.line, check.at.start)
        if check.name == "composite":
            composite = at
            weights = {place: _WEIGHTS[rank % 3] for rank, place in enumerate(over)}
        elif check.name != "document_number":
            groups.append(_Group(over, at, date=check.name.endswith("_date")))
    taken = {place for group in groups for place in (*group.over, group.at)} | set(fillers)
    rest = tuple(place for place in weights if place not in taken)
    if rest:
        groups.append(_Group(rest))
    return _Plan(tuple(groups), fillers, weights, composite)


# -- the likeliest characters with the right sums -------------------------------------------------------------


def _solve(choices: Mapping[Place, list[Choice]], plan: _Plan) -> Iterator[Solution]:
    """Yield the best solutions of a plan; exact up to the number that is kept for each remainder."""
    start = Solution(0.0, {})
    for place in plan.fillers:
        cost = next((cost for cost, character in choices[place] if character == FILLER), None)
        if cost is None:
            return
        start = Solution(start.cost + cost, {**start.text, place: FILLER})
    held = {0: [start]}
    for group in plan.groups:
        solutions = list(_of_group(choices, group, plan.weights))
        grown: dict[int, list[Solution]] = {}
        for remainder, olds in held.items():
            for new in solutions:
                ahead = (remainder + _sum(new.text, plan.weights)) % 10
                grown.setdefault(ahead, []).extend(
                    Solution(old.cost + new.cost, {**old.text, **new.text}) for old in olds
                )
        held = {remainder: _best(found) for remainder, found in grown.items()}
    if plan.composite is None:
        yield from (solution for found in held.values() for solution in found)
        return
    for cost, character in choices[plan.composite]:
        for solution in held.get(int(character), []) if character.isdigit() else []:
            yield Solution(solution.cost + cost, {**solution.text, plan.composite: character})


def _of_group(
    choices: Mapping[Place, list[Choice]], group: _Group, composite: Mapping[Place, int]
) -> Iterator[Solution]:
    weights = {place: _WEIGHTS[rank % 3] for rank, place in enumerate(group.over)} if group.at else composite
    held = {0: [Solution(0.0, {})]}
    for place in group.over:
        grown: dict[int, list[Solution]] = {}
        for cost, character in choices[place]:
            if group.all_filled and character == FILLER:
                continue
            for remainder, olds in held.items():
                ahead = (remainder + weights.get(place, 0) * _VALUES[character]) % 10
                grown.setdefault(ahead, []).extend(
                    Solution(old.cost + cost, {**old.text, place: character}) for old in olds
                )
        held = {remainder: _best(found) for remainder, found in grown.items()}
    for remainder, found in held.items():
        for solution in found:
            text = "".join(solution.text[place] for place in group.over)
            if group.date and not possible(text):
                continue
            yield from _checked(choices, group, solution, remainder, text)


def _checked(
    choices: Mapping[Place, list[Choice]], group: _Group, solution: Solution, remainder: int, text: str
) -> Iterator[Solution]:
    """Add the check digit; an empty field may have a filler for it (9303-4, 4.2.2.2)."""
    if group.at is None:
        yield solution
        return
    right = {str(remainder)} | (set() if group.digit_only or text.strip(FILLER) else {FILLER})
    for cost, character in choices[group.at]:
        if character in right:
            yield Solution(solution.cost + cost, {**solution.text, group.at: character})


def _sum(text: Mapping[Place, str], weights: Mapping[Place, int]) -> int:
    return sum(weights.get(place, 0) * _VALUES[character] for place, character in text.items())


def _best(found: Iterable[Solution]) -> list[Solution]:
    return sorted(found, key=lambda solution: solution.cost, reverse=True)[:_KEPT]
