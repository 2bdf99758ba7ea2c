"""The key on paper: typed as people type, and every slip found in its line."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import RecoveryRefused
from station.storage.keys import sheet
from station.storage.keys.station_key import StationKey

KEY = StationKey(bytes(range(32)))


def test_a_sheet_gives_the_key_back_however_it_was_typed():
    lines = sheet.lines(KEY)
    # 00 01 ... 07 with the first two bytes of SHA-256(01 00 01 ... 07) behind them.
    assert re.fullmatch(r"1  0001 0203 0405 0607  [0-9A-F]{4}", lines[0])
    assert sheet.parse("\n".join(lines)) == KEY
    untidy = "Recovery sheet of AAAA\n\n" + "\r\n".join(
        f" {line[0]}.{line[1:].lower().replace('0', 'o').replace('1', 'l')}  " for line in reversed(lines)
    )
    assert sheet.parse(untidy) == KEY


@given(st.integers(0, 3), st.integers(0, 19), st.sampled_from("0123456789ABCDEF"))
def test_a_letter_that_was_mistyped_is_found_in_its_line(line: int, at: int, letter: str):
    lines = list(sheet.lines(KEY))
    digits = [place for place, char in enumerate(lines[line]) if place > 1 and char != " "]
    wrong = lines[line][: digits[at]] + letter + lines[line][digits[at] + 1 :]
    if wrong == lines[line]:
        return
    lines[line] = wrong
    with pytest.raises(RecoveryRefused) as told:
        sheet.parse("\n".join(lines))
    assert told.value.context == {"reason": "mistyped", "line": line + 1}


@pytest.mark.parametrize("text", ["", "nothing", "\n".join(sheet.lines(KEY)[:3])])
def test_half_a_sheet_is_none(text: str):
    with pytest.raises(RecoveryRefused) as told:
        sheet.parse(text)
    assert told.value.context["reason"] == "incomplete"
