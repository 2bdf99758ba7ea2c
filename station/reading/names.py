"""Hold the name on a document against the name on an application (ICAO 9303-3, 4.6 and section 6).

Names in a zone are transliterated, may be shortened and lose their marks, so sets of allowed spellings are
compared, never one spelling with another.
"""

from collections.abc import Sequence

from station.model.document import Agreement
from station.reading.likeness import LIKENESS_RULES, edit_distance, looks_like
from station.reading.transliteration import Spellings, spelt_out, words

NAME_RULES = (
    "transliteration",
    "punctuation",
    "spacing",
    "name_order",
    "name_shortened",
    "names_divided",
    "names_swapped",
    "name_cut_off",
    "spelling_differs",
    *LIKENESS_RULES,
    "name_differs",
    "other_script",
)
"""Words for every rule that names are compared by."""

_OTHER_SPELLING = 0.4
"""Share of a name's letters that may differ between two romanisations of it (MOHAMMED, MUHAMAD: 3 of 8)."""

Compared = tuple[Agreement, str]


def names_agree(
    printed_surname: str, printed_given: str, recorded_surname: str, recorded_given: str, truncated: bool
) -> tuple[Compared, Compared]:
    """Compare a whole name; return how surname and given names stand, as `part_agrees` does.

    Rules that speak of the whole name stand on both: SAME_BY_RULE "names_divided", the same components divided
    otherwise; MISREAD "names_swapped".
    """
    surname = _same(printed_surname, recorded_surname, truncated)
    given = _same(printed_given, recorded_given, truncated)
    if surname and given:
        return surname, given
    swapped = _same(printed_surname, recorded_given) and _same(printed_given, recorded_surname)
    if printed_surname and printed_given and swapped:
        return ((Agreement.MISREAD, "names_swapped"),) * 2
    if _same(f"{printed_surname} {printed_given}", f"{recorded_surname} {recorded_given}"):
        return ((Agreement.SAME_BY_RULE, "names_divided"),) * 2
    return (
        surname or _unlike(printed_surname, recorded_surname),
        given or _unlike(printed_given, recorded_given),
    )


def part_agrees(printed: str, recorded: str, truncated: bool) -> Compared:
    """Compare one part of a name, surname or given names; return how it stands and the rule ("" when the same).

    `printed` is as a zone gives it: A to Z and blanks. SAME_BY_RULE: another spelling that the standard allows,
    or shortened where `truncated`. MISREAD: a slip of a letter, a part cut off, another romanisation.
    NOT_COMPARABLE: recorded in a script that no table spells as documents do. DIFFERENT: another name.
    """
    return _same(printed, recorded, truncated) or _unlike(printed, recorded)


def _same(printed: str, recorded: str, truncated: bool = False) -> Compared | None:
    """Tell how the two are one name; None when they are not."""
    if recorded.isascii() and printed.upper().split() == recorded.upper().split():
        return Agreement.SAME, ""
    read, known = printed.upper().split(), words(recorded)
    for rule, applies in (
        (_spelling_rule(recorded), _same_words(read, known)),
        ("spacing", _spelt("".join(read), _run_together(known))),
        ("name_order", _same_in_other_order(read, known)),
        ("name_shortened", truncated and _shortened(read, known)),
    ):
        if applies:
            return Agreement.SAME_BY_RULE, rule
    return None


def _unlike(printed: str, recorded: str) -> Compared:
    """Tell what two names are that are not the same."""
    if not spelt_out(recorded):
        return Agreement.NOT_COMPARABLE, "other_script"
    slip = _slip(printed.upper().split(), words(recorded))
    return (Agreement.MISREAD, slip) if slip else (Agreement.DIFFERENT, "name_differs")


def _spelling_rule(recorded: str) -> str:
    return "punctuation" if recorded.isascii() else "transliteration"


def _spelt(printed: str, known: Spellings) -> bool:
    """Tell whether the printed letters are one of the spellings."""
    return len(printed) in _reached(printed, known)


def _reached(printed: str, known: Spellings) -> set[int]:
    ends = {0}
    for ways in known:
        ends = {end + len(way) for end in ends for way in ways if printed.startswith(way, end)}
    return ends


def _begun(printed: str, known: Spellings) -> bool:
    """Tell whether the printed letters are the beginning of one of the spellings."""
    ends = {0}
    for ways in known:
        if len(printed) in ends or any(way.startswith(printed[end:]) for end in ends for way in ways):
            return True
        ends = {end + len(way) for end in ends for way in ways if printed.startswith(way, end)}
    return len(printed) in ends


def _run_together(known: Sequence[Spellings]) -> Spellings:
    return tuple(ways for word in known for ways in word)


def _same_words(read: Sequence[str], known: Sequence[Spellings]) -> bool:
    return len(read) == len(known) and all(map(_spelt, read, known))


def _same_in_other_order(read: Sequence[str], known: Sequence[Spellings]) -> bool:
    left = list(known)
    for word in read:
        match = next((spellings for spellings in left if _spelt(word, spellings)), None)
        if match is None:
            return False
        left.remove(match)
    return bool(read) and not left


def _shortened(read: Sequence[str], known: Sequence[Spellings]) -> bool:
    """Tell whether each printed component begins the recorded one in its place; later ones may be missing."""
    return 0 < len(read) <= len(known) and all(map(_begun, read, known))


def _slip(read: Sequence[str], known: Sequence[Spellings]) -> str:
    """Return the word for a mistake that would explain the difference, "" for none."""
    printed = "".join(read)
    spellings = {"".join(ways[side] for ways in _run_together(known)) for side in (0, -1)}
    if not printed or not all(spellings):
        return "name_cut_off" if any(spellings) or printed else ""
    if any(looks_like(printed, spelling) for spelling in spellings):
        return "look_alike"
    nearest = min(edit_distance(printed, spelling) for spelling in spellings)
    if nearest <= 1:
        return "one_character"
    if _cut_off(read, known):
        return "name_cut_off"
    longest = max(map(len, (printed, *spellings)))
    return "spelling_differs" if nearest <= _OTHER_SPELLING * longest else ""


def _cut_off(read: Sequence[str], known: Sequence[Spellings]) -> bool:
    """Tell whether one of the two names holds all components of the other, or begins it."""
    pairs = [[_spelt(word, spellings) for spellings in known] for word in read]
    if all(map(any, pairs)) or all(map(any, zip(*pairs, strict=True))):
        return True
    return _begun("".join(read), _run_together(known))
