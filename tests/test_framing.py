"""Frames out of bytes: every wrapping, every way to break one, and no clock."""

from functools import reduce
from itertools import pairwise
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.framing import LONGEST, QUIET_S, SLOWEST_S, FrameParser
from station.model.document import Symbology
from station.model.swipe import ETX, SOH, STX, BlockCheck, Framing, Swipe, SwipeKind

TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<04")
TD2 = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
"""Specimens of ICAO 9303-4 to -6."""

LINES = Framing()
MARKED = Framing(STX, ETX)
PROVED = Framing(STX, ETX, BlockCheck.XOR)
RTE = Framing(SOH, ETX, BlockCheck.UNPROVED, header=6)
TYPED = Framing(b"~", b"\r")

Script = tuple[str | float, ...]
"""Texts that arrive, and seconds that go by."""


def play(framing: Framing, *script: str | float) -> list[Swipe]:
    parser, now, found = FrameParser(framing), 1000.0, []
    for part in script:
        now += part if isinstance(part, float) else 0.0
        found += parser.feed(b"" if isinstance(part, float) else part.encode("latin-1"), now)
    return found


def kinds(framing: Framing, *script: str | float) -> list[str]:
    return [swipe.kind.value for swipe in play(framing, *script)]


def checked(body: str) -> str:
    """Wrap a text with the XOR over body and ETX (ISO 1155)."""
    return f"\x02{body}\x03{chr(reduce(xor, (body + chr(3)).encode()))}"


@pytest.mark.parametrize("rows", [TD1, TD2, TD3], ids=["3x30", "2x36", "2x44"])
@pytest.mark.parametrize(
    ("framing", "wrap"),
    [
        (MARKED, lambda rows: "\x02" + "\r".join(rows) + "\r\n\x03\r\n"),
        (MARKED, lambda rows: "\x02" + "".join(rows) + "\x03"),
        (MARKED, lambda rows: "\x02\r\r" + "\r\n".join(rows) + "\x00\x03"),
        (MARKED, lambda rows: "".join(f"\x02{row}\x03" for row in rows)),
        (PROVED, lambda rows: checked("\r".join(rows))),
        (RTE, lambda rows: "\x01\x5f\x00OU\x02A" + "\r" * (3 - len(rows)) + "\r".join(rows) + "\r\x03?"),
        (TYPED, lambda rows: "~" + "\r".join(rows) + "\r\n"),
        (TYPED, lambda rows: "".join(f"~{row}\r" for row in rows)),
        (LINES, lambda rows: "\r\n".join(rows) + "\r\n"),
        (LINES, lambda rows: "".join(f"]o1{row}\r" for row in rows)),
    ],
)
def test_a_zone_comes_whole_in_every_wrapping(framing, wrap, rows):
    assert play(framing, wrap(rows)) == [Swipe(SwipeKind.DOCUMENT, rows)]


def test_padding_at_the_right_end_is_filler_and_elsewhere_it_is_not():
    padded = TD3[0].rstrip("<").ljust(44, "_")
    assert play(MARKED, f"\x02{padded}\r{TD3[1]}\x03") == [Swipe(SwipeKind.DOCUMENT, TD3)]
    assert kinds(MARKED, f"\x02{TD3[0].replace('<<', '_<', 1)}\r{TD3[1]}\x03") == ["code"]
    assert play(MARKED, "\x02V00_\x03") == [Swipe(SwipeKind.CODE, text="V00_")]


@pytest.mark.parametrize(
    ("sent", "text", "symbology"),
    [
        ("]C1L000123456", "L000123456", Symbology.CODE128),
        ("]Q3https://example.org/?a=<1>", "https://example.org/?a=<1>", Symbology.QR),
        ("]d2A\x1dB", "A\x1dB", Symbology.DATAMATRIX),
        ("]X0123456", "123456", None),
        ("L000123456", "L000123456", None),
        ("Ünïcode", "Ünïcode", None),
        ("two\r\nlines", "two\r\nlines", None),
    ],
)
def test_a_code_comes_as_text_with_the_symbology_that_the_reader_tells(sent, text, symbology):
    assert play(MARKED, f"\x02{sent}\x03") == [Swipe(SwipeKind.CODE, text=text, symbology=symbology)]


def test_a_code_without_marks_is_ended_by_silence_and_may_have_lines():
    assert kinds(LINES, "L000123456\r\n", QUIET_S / 2) == []
    assert play(LINES, "name: A\r\nnumber: 1\r\n", QUIET_S) == [
        Swipe(SwipeKind.CODE, text="name: A\nnumber: 1")
    ]
    assert play(LINES, "L000123456", QUIET_S) == [Swipe(SwipeKind.CODE, text="L000123456")]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (("\x02" + TD3[0], "\x02" + "".join(TD3) + "\x03"), ["incomplete", "document"]),
        (("\x02" + TD3[0], SLOWEST_S + 0.1, "\x02" + "".join(TD3) + "\x03"), ["incomplete", "document"]),
        (("\x02" + TD3[0] + "\r" + TD3[1][:20] + "\x03",), ["incomplete"]),
        (("\x02" + TD3[0] + "\x03", SLOWEST_S + 0.1), ["incomplete"]),
        (("\x02" + TD3[0] + "\x03", SLOWEST_S, "\x02" + TD3[1] + "\x03"), ["document"]),
        (("\x02" + TD3[0] + "\x03\x02L000123456\x03",), ["incomplete", "code"]),
        (("\x02" + TD3[0] + "\x03\x02" + "".join(TD1) + "\x03",), ["incomplete", "document"]),
        (("plug noise \x02" + "".join(TD3) + "\x03",), ["document"]),
        (("\xff\r\n\x00", QUIET_S), []),
        (("nothing but noise", QUIET_S, QUIET_S), ["garbage"]),
        (("\x02" + "A" * (LONGEST + 1) + "\x03\x02L000123456\x03",), ["garbage", "code"]),
        (("\x02\x90\x03",), ["garbage"]),
        (("\x02" + TD3[0].replace("<", " ", 1) + "\r" + TD3[1] + "\x03",), ["garbage"]),
        (("\x02\r\n\x03",), []),
    ],
)
def test_what_breaks_a_frame_is_told_once_and_spoils_no_other(script: Script, told):
    assert kinds(MARKED, *script) == told


def test_without_marks_half_a_document_an_overlong_line_and_a_wrong_speed_are_told():
    assert kinds(LINES, TD3[0] + "\r", SLOWEST_S + 0.1) == ["incomplete"]
    assert kinds(LINES, TD3[0][:30] + "\r", QUIET_S) == []
    assert kinds(LINES, TD3[0][:25] + "\r", QUIET_S) == ["incomplete"]
    assert kinds(LINES, "A" * 700, QUIET_S, "L000123456\r", QUIET_S) == ["garbage", "code"]
    assert kinds(LINES, "\x9f\xe6\x98\x06\x80", QUIET_S) == ["garbage"]


def test_a_check_byte_that_does_not_fit_is_garbage():
    good = checked("\r".join(TD3))
    wrong = good[:-1] + chr(ord(good[-1]) ^ 1)
    assert kinds(PROVED, wrong + good) == ["garbage", "document"]
    assert kinds(Framing(STX, ETX, BlockCheck.UNPROVED), wrong) == ["document"]
    assert kinds(PROVED, good[:-1], SLOWEST_S + 0.1) == ["incomplete"]


def test_a_frame_of_another_kind_of_message_is_garbage():
    assert kinds(RTE, "\x01\x05\x00SU\x02A" + "x" * 20 + "\x03?") == ["garbage"]


def test_a_printable_prefix_inside_a_code_is_text_until_the_reader_paused():
    assert play(TYPED, "~a~b~c\r") == [Swipe(SwipeKind.CODE, text="a~b~c")]
    assert kinds(TYPED, "~" + TD3[0][:20], QUIET_S, "~L000123456\r") == ["incomplete", "code"]


STREAMS = [
    (MARKED, "noise\x02" + "\r".join(TD3) + "\x03\r\n\x02]C1L0001234\x03\x02" + TD3[0] + "\x02" + "x" * 600),
    (PROVED, checked("\r".join(TD2)) + checked("".join(TD1))[:-1] + "!" + checked("L0001234")),
    (RTE, "\x01\x5f\x00OU\x02A\r" + "\r".join(TD3) + "\r\x03?\x01\x01\x01OU\x02A\r\r\r\x03"),
    (TYPED, "".join(f"~{row}\r" for row in TD1) + "~L0001234\r\n~" + "\r".join(TD2) + "\r"),
    (LINES, "\r\n".join(TD3) + "\r\n" + TD1[0] + "\r" + TD1[1] + "\rL0001234\r\n"),
]


@pytest.mark.parametrize("at", range(len(STREAMS)))
@given(cuts=st.lists(st.integers(0, 900), max_size=12))
def test_any_split_gives_the_same_frames(at, cuts):
    framing, stream = STREAMS[at]
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    parts = [stream[a:b] for a, b in pairwise(places)]
    end = (QUIET_S, SLOWEST_S, QUIET_S)
    whole = play(framing, stream, *end)
    assert play(framing, *parts, *end) == whole
    assert play(framing, *stream, *end) == whole
    assert {swipe.kind for swipe in whole} >= {SwipeKind.DOCUMENT}


@given(framing=st.sampled_from([LINES, MARKED, PROVED, RTE, TYPED]), data=st.binary(max_size=900))
def test_no_bytes_break_the_parser_and_after_silence_the_next_document_is_read(framing, data):
    parser = FrameParser(framing)
    parser.feed(data, 1.0)
    parser.feed(b"", 9.0)
    parser.feed(b"", 18.0)
    body = "\r".join(TD3)
    wrapped = {
        LINES: body + "\r",
        MARKED: f"\x02{body}\x03",
        PROVED: checked(body),
        RTE: f"\x01\x5f\x00OU\x02A\r{body}\r\x03?",
        TYPED: f"~{body}\r",
    }
    assert parser.feed(wrapped[framing].encode(), 27.0) == [Swipe(SwipeKind.DOCUMENT, TD3)]
