"""Bar codes: what is read, what is accepted, and that no wrong text ever is."""

import sys
from collections.abc import Sequence

import numpy as np
import pytest
import zxingcpp

from station.model.document import Barcode, Certainty, Symbology
from station.model.image import Pixels
from station.reading import barcode_readers
from station.reading.barcode import SYMBOLOGIES, read
from tests import codes
from tests.codes import INK, LINEAR, PAPER, SpoiltCode, draw_code, place, spoilt_codes, turn

MATRIX = (Symbology.QR, Symbology.PDF417, Symbology.DATAMATRIX, Symbology.AZTEC)

# ISO/IEC 15420, table 1 (set A) and table 3: bars are 1; set C is A inverted, set B is C backwards.
EAN_A = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
EAN_FIRST_5 = "ABBAAB"  # how the first digit, a 5, is told by the sets of the next six


def paper(width: int = 700, height: int = 400) -> Pixels:
    return np.full((height, width), PAPER, np.uint8)


def with_code(symbology: Symbology, payload: str | bytes, module_px: float = 3) -> Pixels:
    page = paper()
    place(page, draw_code(symbology, payload, module_px, 110 if symbology in LINEAR else 0), 60, 80)
    return page


def accepted(found: Sequence[Barcode]) -> list[tuple[Symbology, bytes]]:
    return [(code.symbology, code.payload) for code in found if code.certainty is Certainty.ACCEPTED]


@pytest.fixture(scope="module")
def spoilt() -> list[tuple[SpoiltCode, tuple[Barcode, ...]]]:
    """112 spoilt pages, each with what was read on it."""
    return [(code, read(code.page)) for code in spoilt_codes(each=2)]


@pytest.mark.system("libzbar0")
@pytest.mark.parametrize("symbology", Symbology)
def test_each_symbology_is_read_and_accepted(symbology: Symbology) -> None:
    payload = codes.payload_for(symbology, np.random.default_rng(2))
    page = codes.code_page(symbology, payload, 200, np.random.default_rng(3))
    assert accepted(read(page)) == [(symbology, payload.encode())]
    assert accepted(read(np.dstack([page] * 3), expected=frozenset({symbology}))) == [
        (symbology, payload.encode())
    ]


def test_no_wrong_text_is_ever_accepted(spoilt: list[tuple[SpoiltCode, tuple[Barcode, ...]]]) -> None:
    wrong = [
        (code.symbology, code.spoilt)
        for code, found in spoilt
        if any(pair != (code.symbology, code.payload) for pair in accepted(found))
    ]
    assert not wrong


@pytest.mark.system("libzbar0")
def test_most_spoilt_codes_are_read_all_the_same(
    spoilt: list[tuple[SpoiltCode, tuple[Barcode, ...]]],
) -> None:
    read_right = sum((code.symbology, code.payload) in accepted(found) for code, found in spoilt)
    assert read_right >= 0.85 * len(spoilt)  # 91 % of 280 when this was written; zxing-cpp alone 61 %


@pytest.mark.parametrize("symbology", LINEAR)
@pytest.mark.parametrize("degrees", [-40, -20, -12, -6, 8, 25, 90, 180])
def test_a_turned_code_is_never_accepted_in_part(symbology: Symbology, degrees: float) -> None:
    payload = codes.payload_for(symbology, np.random.default_rng(4))
    found = accepted(read(turn(with_code(symbology, payload), degrees)))
    assert found in ([(symbology, payload.encode())], [])


@pytest.mark.system("libzbar0")
def test_several_codes_on_a_page_keep_their_places() -> None:
    page = paper(1500, 1500)
    rng = np.random.default_rng(8)
    expected: dict[tuple[Symbology, bytes], tuple[float, float]] = {}
    for number, symbology in enumerate(Symbology):
        payload = codes.payload_for(symbology, rng)
        drawn = draw_code(symbology, payload, 3, 110 if symbology in LINEAR else 0)
        left, top = 60 + 720 * (number % 2), 60 + 360 * (number // 2)
        place(page, drawn, left, top)
        expected[(symbology, payload.encode())] = (left + drawn.shape[1] / 2, top + drawn.shape[0] / 2)
    found = read(page)
    assert sorted(accepted(found)) == sorted(expected)
    for code in found:
        middle = np.mean(code.corners, axis=0)
        assert np.abs(middle - expected[(code.symbology, code.payload)]).max() < 20


def test_the_same_code_printed_twice_is_two_codes() -> None:
    page = paper()
    drawn = draw_code(Symbology.CODE128, "L000123456", 3, 70)
    place(page, drawn, 60, 60)
    place(page, drawn, 60, 240)
    first, second = read(page)
    assert first.payload == second.payload == b"L000123456"
    assert first.corners[0][1] < 200 < second.corners[0][1]


@pytest.mark.parametrize("symbology", [Symbology.CODE128, Symbology.QR])
@pytest.mark.parametrize("degrees", [0, 15, 180])
def test_four_corners_run_clockwise_around_the_code(symbology: Symbology, degrees: float) -> None:
    payload, height = "L000123456", 110 if symbology in LINEAR else 0
    with_quiet = draw_code(symbology, payload, 4, height)
    quiet = 40 if symbology in LINEAR else 16  # 10 and 4 modules
    page = paper(900, 400)
    place(page, with_quiet, 100, 90)
    (code,) = read(turn(page, degrees))
    low = np.array([100 + quiet, 90 + (0 if height else quiet)])
    high = np.array([100 + with_quiet.shape[1] - quiet, 90 + with_quiet.shape[0] - (0 if height else quiet)])
    corners = np.array(code.corners)
    area = (
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)) / 2
    )
    assert area == pytest.approx(float(np.prod(high - low)), rel=0.15)  # positive: clockwise, y runs down
    if degrees == 0:
        around = [low, (high[0], low[1]), high, (low[0], high[1])]
        assert np.abs(corners - np.array(around)).max() <= 12


@pytest.mark.parametrize("symbology", MATRIX)
@pytest.mark.parametrize(
    "payload", [b"\x00\x01\xff\xfe\x00visa\x00", "Łukasz, ភ្នំពេញ".encode(), bytes(range(128, 200))]
)
def test_bytes_come_back_as_they_were_printed(symbology: Symbology, payload: bytes) -> None:
    assert accepted(read(with_code(symbology, payload, 4))) == [(symbology, payload)]


def test_an_extended_channel_does_not_change_the_bytes() -> None:
    written = zxingcpp.create_barcode("Ж1", zxingcpp.BarcodeFormat.QRCode, eci="UTF-8")
    page = paper()
    drawn = np.array(written.to_image(scale=5, add_quiet_zones=True))
    page[80 : 80 + drawn.shape[0], 60 : 60 + drawn.shape[1]] = drawn
    assert accepted(read(page)) == [(Symbology.QR, "Ж1".encode())]


@pytest.mark.system("libzbar0")
def test_code_39_keeps_its_signs_as_printed() -> None:
    assert accepted(read(with_code(Symbology.CODE39, "AB+C-1/2"))) == [(Symbology.CODE39, b"AB+C-1/2")]


@pytest.mark.system("libzbar0")
def test_an_ean_drawn_from_the_standards_table_is_read() -> None:
    number = "5901234123457"
    sets = {"A": list(EAN_A), "C": ["".join("10"[int(bit)] for bit in bits) for bits in EAN_A]}
    sets["B"] = [bits[::-1] for bits in sets["C"]]
    left = [sets[kind][int(digit)] for kind, digit in zip(EAN_FIRST_5, number[1:7], strict=True)]
    right = [sets["C"][int(digit)] for digit in number[7:]]
    modules = np.array([int(bit) for bit in "101" + "".join(left) + "01010" + "".join(right) + "101"])
    page = paper()
    page[80:220, 100 : 100 + 3 * 95] = np.where(modules == 1, INK, PAPER).repeat(3)
    assert accepted(read(page)) == [(Symbology.EAN13, number.encode())]


def test_light_codes_on_dark_ground_are_read() -> None:
    assert accepted(read(255 - with_code(Symbology.QR, "V000123456", 4))) == [(Symbology.QR, b"V000123456")]


@pytest.mark.parametrize("seed", range(4))
def test_text_holds_no_code(seed: int) -> None:
    rng = np.random.default_rng(seed)
    page = codes.noise(codes.text_page(1000, 700, 150 + 50 * seed, rng), 4, rng)
    assert accepted(read(page)) == []


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (40, 40), (80, 75, 3)])
def test_a_picture_of_any_size_may_be_asked(shape: tuple[int, ...]) -> None:
    assert read(np.full(shape, 255, np.uint8)) == ()
    assert accepted(read(np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8))) == []


def test_only_what_is_expected_is_looked_for() -> None:
    page = with_code(Symbology.QR, "V000123456", 4)
    assert read(page, expected=SYMBOLOGIES - {Symbology.QR}) == ()


def test_enough_ends_the_search_after_the_first_look() -> None:
    page = codes.fade(turn(with_code(Symbology.CODE128, "L000123456"), 20))
    asked: list[int] = []

    def enough(found: Sequence[Barcode]) -> bool:
        asked.append(len(found))
        return True

    read(page, enough=enough)
    assert len(asked) == 1
    assert accepted(read(page)) == [(Symbology.CODE128, b"L000123456")]


def test_a_budget_that_is_over_still_buys_the_first_look() -> None:
    clear, blurred = with_code(Symbology.QR, "V000123456", 4), codes.blur(with_code(Symbology.QR, "V1", 4), 2.5)
    assert accepted(read(clear, budget_s=0)) == [(Symbology.QR, b"V000123456")]
    assert accepted(read(blurred, budget_s=0)) == []
    assert accepted(read(blurred)) == [(Symbology.QR, b"V1")]


def test_without_zbar_a_code_without_check_stays_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(barcode_readers, "_zbar", lambda: None)
    (code,) = read(with_code(Symbology.CODE39, "VAC0001234"))
    assert (code.payload, code.certainty) == (b"VAC0001234", Certainty.UNSURE)
    assert accepted(read(with_code(Symbology.CODE128, "L000123456"))) == [(Symbology.CODE128, b"L000123456")]


def test_a_missing_zbar_is_logged_once(monkeypatch: pytest.MonkeyPatch, expected_logs: list[str]) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar.pyzbar", None)
    barcode_readers._zbar.cache_clear()
    expected_logs.append("zbar is missing")
    try:
        assert barcode_readers.with_zbar(paper(), Symbology) == []
        assert barcode_readers.with_zbar(paper(), Symbology) == []
    finally:
        barcode_readers._zbar.cache_clear()


@pytest.mark.system("libzbar0")
def test_nothing_is_printed_on_codes_that_nobody_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    written = zxingcpp.create_barcode("[01]09501101530003", zxingcpp.BarcodeFormat.DataBarExp)
    page = paper(900, 400)
    drawn = np.array(written.to_image(scale=3, add_quiet_zones=True))
    page[80 : 80 + drawn.shape[0], 60 : 60 + drawn.shape[1]] = drawn
    assert accepted(read(page)) == []
    assert capfd.readouterr() == ("", "")
