"""How alike two readings are: characters that are taken for one another, and edit distance."""

LOOK_ALIKES = (("O", "0"), ("I", "1"), ("B", "8"), ("S", "5"), ("Z", "2"), ("G", "6"))
"""Letter and digit that readers and typists take for one another."""

TO_DIGIT = dict(LOOK_ALIKES)
TO_LETTER = {digit: letter for letter, digit in LOOK_ALIKES}

_FOLD = str.maketrans(TO_DIGIT)

LIKENESS_RULES = ("look_alike", "one_character")
"""Words for the ways in which one text may be a misreading of another."""


def misread_as(one: str, other: str) -> str:
    """Return the rule by which one text may be the other misread, "" when it is not likely.

    `look_alike`: they differ only in look-alikes; `one_character`: one cell differs, is missing or too many, or
    two neighbours changed places.
    """
    if looks_like(one, other):
        return "look_alike"
    near = abs(len(one) - len(other)) <= 1 and edit_distance(one, other) <= 1
    return "one_character" if near else ""


def looks_like(one: str, other: str) -> bool:
    """Tell whether the texts differ in look-alikes at the most."""
    return one.translate(_FOLD) == other.translate(_FOLD)


def edit_distance(one: str, other: str) -> int:
    """Count the cells to change, add, drop or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
