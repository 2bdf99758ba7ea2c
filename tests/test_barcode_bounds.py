"""Bar codes on damaged, empty, crowded and absurd pages: nothing wrong is accepted, nothing breaks."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from station.model.document import Barcode, Certainty, Symbology
from station.model.image import Pixels
from station.reading.barcode import read
from station.reading.barcode_blocks import PLACES_MAX, survey
from station.reading.barcode_readers import Seen, with_zbar, with_zxing
from station.reading.patterns import Patterns, load_patterns
from tests.codes import PAPER, draw_code, place, turn
from tests.codes_cells import PATTERNS, Cell, cell_page, cells, payload_of
from tests.codes_empty import empty_pages

Formats = zxingcpp.BarcodeFormat


def accepted(found: tuple[Barcode, ...]) -> list[tuple[Symbology, bytes]]:
    return [(code.symbology, code.payload) for code in found if code.certainty is Certainty.ACCEPTED]


def drawn(text: str | bytes, symbology: zxingcpp.BarcodeFormat, scale: int = 4, **options: bool) -> Pixels:
    code = zxingcpp.create_barcode(text, symbology, **options)
    modules = np.array(code.to_image(scale=scale, add_quiet_zones=True))
    page = np.full((modules.shape[0] + 120, modules.shape[1] + 120), PAPER, np.uint8)
    page[60:-60, 60:-60] = np.minimum(modules, PAPER)
    return page


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> Patterns:
    file: Path = tmp_path_factory.mktemp("patterns") / "centre.toml"
    file.write_text(PATTERNS, encoding="utf-8")
    return load_patterns(file)


@pytest.fixture(scope="module")
def damaged(patterns: Patterns) -> list[tuple[Cell, tuple[Barcode, ...]]]:
    """One page of each of the 152 cells, with what was read on it."""
    return [(cell, read(cell.page, proof=patterns.proof)) for cell in cells(each=1)]


def test_no_wrong_text_is_accepted_on_a_damaged_page(
    damaged: list[tuple[Cell, tuple[Barcode, ...]]],
) -> None:
    wrong = [
        (cell.symbology, cell.damage)
        for cell, found in damaged
        if set(accepted(found)) - {(cell.symbology, cell.payload)}
    ]
    assert not wrong


@pytest.mark.system("libzbar0")
def test_what_is_not_heavily_blurred_is_accepted(damaged: list[tuple[Cell, tuple[Barcode, ...]]]) -> None:
    lost = Counter(cell.damage for cell, found in damaged if not accepted(found))
    # Of 8 each; a module of 0.33 mm has 1.3 px at 100 dpi, a blur of 3 px at 200 dpi spans more than a module.
    assert set(lost) <= {"100 dpi", "blur2", "blur3", "blur3@300", "noise40", "combo@200"}
    assert lost["noise40"] + lost["combo@200"] <= 1


def test_nothing_is_accepted_on_a_page_without_a_code(patterns: Patterns) -> None:
    wrong = [name for name, page in empty_pages(45) if accepted(read(page, proof=patterns.proof))]
    assert not wrong


def test_thirty_labels_on_a_page_are_thirty_codes() -> None:
    page = np.full((2339, 1654), PAPER, np.uint8)
    numbers = [f"L{number:09d}".encode() for number in range(30)]
    for at, number in enumerate(numbers):
        label = draw_code(Symbology.CODE128, number.decode(), 2.6, 80)
        place(page, label, 70 + 510 * (at % 3), 60 + 220 * (at // 3))
    assert sorted(accepted(read(page))) == [(Symbology.CODE128, number) for number in numbers]


def test_no_more_places_are_looked_at_than_a_sheet_of_labels_has() -> None:
    page = np.full((2000, 2000), PAPER, np.uint8)
    square = np.random.default_rng(1).integers(0, 2, (12, 12)).repeat(5, 0).repeat(5, 1)
    for top in range(20, 1900, 120):
        for left in range(20, 1900, 120):
            page[top : top + 60, left : left + 60] = np.where(square, PAPER, 25)
    assert len(survey(page).places) == PLACES_MAX
    assert accepted(read(page)) == []


def test_two_codes_of_one_kind_are_both_told() -> None:
    page = np.full((400, 1400), PAPER, np.uint8)
    for at, number in enumerate(("L000000001", "L000000002")):
        place(page, draw_code(Symbology.CODE128, number, 3, 110), 40 + 700 * at, 120)
    assert {code.payload for code in read(page)} == {b"L000000001", b"L000000002"}


@pytest.mark.parametrize(
    "shape", [(0, 100), (100, 0), (0, 0, 3), (1, 1), (1, 30000), (30000, 1), (3, 70000), (40000, 40), (9, 9, 4)]
)
def test_a_picture_of_no_use_holds_no_code(shape: tuple[int, ...]) -> None:
    assert read(np.full(shape, 200, np.uint8)) == ()


def test_a_huge_picture_is_shrunk_and_its_corners_are_not() -> None:
    page = np.full((9000, 9000), 128, np.uint8)
    code = draw_code(Symbology.QR, "V000123456", 24)
    page[4000 : 4000 + code.shape[0], 6000 : 6000 + code.shape[1]] = code
    (found,) = read(page)
    assert accepted((found,)) == [(Symbology.QR, b"V000123456")]
    middle = np.mean(found.corners, axis=0)
    expected = (6000 + code.shape[1] / 2, 4000 + code.shape[0] / 2)
    assert np.abs(middle - expected).max() < 24  # one module


def test_the_work_on_a_page_is_bounded_by_pixels_not_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []

    def counted(reader: Callable[..., list[Seen]]) -> Callable[..., list[Seen]]:
        def look(pixels: Pixels, wanted: Iterable[Symbology], **options: bool) -> list[Seen]:
            handed.append(pixels.size)
            return reader(pixels, wanted, **options)

        return look

    for reader in (with_zxing, with_zbar):
        monkeypatch.setattr(f"station.reading.barcode.{reader.__name__}", counted(reader))
    for _, page in empty_pages(5, seed=3, width=1654, height=2339):
        handed.clear()
        read(page)
        assert sum(handed) < 5_000_000  # the page alone has 3.9 million


def test_pictures_of_other_makes_are_read() -> None:
    grey = drawn("V000123456", Formats.QRCode)
    opaque = np.full_like(grey, 255)
    for pixels in (
        np.dstack([grey] * 3 + [opaque]),
        np.dstack([grey, opaque]),
        grey[:, :, None],
        grey[::-1, ::-1],
    ):
        assert accepted(read(pixels)) == [(Symbology.QR, b"V000123456")]
    one_bit: Pixels = grey > 128  # type: ignore[assignment]
    assert accepted(read(one_bit)) == [(Symbology.QR, b"V000123456")]


@pytest.mark.parametrize(
    ("symbology", "ours"),
    [
        (Formats.Code128, Symbology.CODE128),
        (Formats.DataMatrix, Symbology.DATAMATRIX),
        (Formats.QRCode, Symbology.QR),
    ],
)
def test_a_gs1_code_keeps_the_separator_of_its_fields(
    symbology: zxingcpp.BarcodeFormat, ours: Symbology
) -> None:
    # GS1 General Specifications 7.8.3: FNC1 after a field of open length is transmitted as GS (1D hex).
    page = drawn("[10]AB-123[21]77", symbology, gs1=True)
    assert accepted(read(page)) == [(ours, b"10AB-123\x1d2177")]


def test_the_largest_qr_code_comes_back_whole() -> None:
    payload = np.random.default_rng(1).integers(0, 256, 2900).astype(np.uint8).tobytes()
    assert accepted(read(drawn(payload, Formats.QRCode))) == [(Symbology.QR, payload)]


@pytest.mark.parametrize(
    ("symbology", "text"),
    [
        (Formats.MicroQRCode, "12345"),
        (Formats.RMQRCode, "12345ABC"),
        (Formats.MaxiCode, "12345ABC"),
        (Formats.Codabar, "A123456A"),
        (Formats.Code93, "12345ABC"),
        (Formats.EAN8, "1234567"),
    ],
)
def test_a_code_of_another_kind_is_not_read_as_one_of_ours(
    symbology: zxingcpp.BarcodeFormat, text: str
) -> None:
    assert accepted(read(drawn(text, symbology))) == []


@pytest.mark.parametrize("symbology", [Symbology.CODE39, Symbology.ITF])
def test_one_reader_and_a_check_that_holds_are_enough(
    symbology: Symbology, patterns: Patterns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.reading.barcode_readers._zbar", lambda: None)
    rng = np.random.default_rng(11)
    page = cell_page(symbology, payload := payload_of(symbology, rng), 300, rng)
    assert accepted(read(page)) == []
    assert accepted(read(page, proof=patterns.proof)) == [(symbology, payload.encode())]


@pytest.mark.system("libzbar0")
def test_a_check_that_fails_takes_nothing_from_two_readers(patterns: Patterns) -> None:
    rng = np.random.default_rng(12)
    page = cell_page(Symbology.ITF, "12345678901234", 200, rng)  # GS1's digit would be 1
    assert accepted(read(page, proof=patterns.proof)) == [(Symbology.ITF, b"12345678901234")]


def test_a_part_of_the_bars_is_never_proved_by_a_pattern(tmp_path: Path) -> None:
    file = tmp_path / "short.toml"
    file.write_text(PATTERNS.replace(r"\d{14}", r"\d{6}").replace('check = "gs1"\n', ""), encoding="utf-8")
    proof = load_patterns(file).proof
    for degrees in (-14, -9, 7, 12):
        rng = np.random.default_rng(13)
        page = turn(cell_page(Symbology.ITF, "12345678901231", 200, rng), degrees)
        assert accepted(read(page, proof=proof)) in ([], [(Symbology.ITF, b"12345678901231")])
