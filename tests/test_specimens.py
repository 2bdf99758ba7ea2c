"""Drawn papers and people are what they claim to be: right size, right codes, right flaws."""

import numpy as np
import pytest
import zxingcpp

from drivers.simulated import ocr_b
from drivers.simulated.papers import ANNA, LID, drawn
from drivers.simulated.passport import BASELINES_MM, TD3_MM
from drivers.simulated.people import SWAY_PX, likeness, seen
from drivers.simulated.travel_document import check_digit, td3_lines
from station.model.capability import ColourMode
from station.model.document import PartialDate
from station.model.image import Pixels
from station.model.record import ApplicationRecord, TravelDocument
from station.model.specimen import Flaw, Paper, PaperKind, Sitter

RECORD = ApplicationRecord(
    id="7",
    application_number="V312345678",
    letter_number="IML-2026-004711",
    surname="O'Brien-Müller",
    given_names="Zoë",
    birth_date=PartialDate(1990),
    sex="X",
    nationality="D",
    document=TravelDocument("C01X00T47", "D", PartialDate(2031, 2, 28)),
)


def page(kind: PaperKind, *flaws: Flaw, dpi: int = 150, mode: ColourMode = ColourMode.GREY) -> Pixels:
    return drawn(Paper(kind, RECORD, flaws), 1, dpi, mode)


def codes(pixels: Pixels) -> dict[str, str]:
    return {barcode.format.name: barcode.text for barcode in zxingcpp.read_barcodes(pixels)}


# -- the machine-readable zone ---------------------------------------------------------------------------------


def test_the_specimen_of_icao_has_its_printed_lines() -> None:
    """ICAO 9303-4, appendix B: number 6, birth date 2; here without the optional data, another expiry."""
    upper, lower = td3_lines(ANNA)
    assert upper == "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
    assert lower[:10] == "L898902C36"
    assert lower[10:20] == "UTO7408122"
    assert lower[20] == "F"


@pytest.mark.parametrize(
    ("cells", "digit"),
    [
        ("520727", "3"),  # ICAO 9303-3, 4.9, example 1
        ("AB2134<<<", "5"),  # ICAO 9303-3, 4.9, example 2
        ("L898902C3", "6"),  # ICAO 9303-4, appendix B
        ("ZE184226B<<<<<", "1"),
        ("L898902C3674081221204159ZE184226B<<<<<1", "0"),
    ],
)
def test_check_digits_are_those_of_icao(cells: str, digit: str) -> None:
    assert check_digit(cells) == digit


def test_names_and_dates_are_spelt_as_icao_recommends() -> None:
    """ICAO 9303-3: apostrophe dropped, hyphen a filler, Ü as UE, unknown month and day as fillers."""
    upper, lower = td3_lines(RECORD)
    assert upper == "P<D<<OBRIEN<MUELLER<<ZOE".ljust(44, "<")
    assert lower[10:13] == "D<<"
    assert lower[13:19] == "90<<<<"
    assert lower[20] == "<"
    assert lower[21:27] == "310228"
    assert len(upper) == len(lower) == 44


def test_a_record_that_says_nothing_still_has_two_lines() -> None:
    upper, lower = td3_lines(ApplicationRecord(id="", application_number=""))
    assert (len(upper), len(lower)) == (44, 44)


def test_a_long_name_is_cut_and_keeps_a_letter_of_the_given_name() -> None:
    record = ApplicationRecord(id="", application_number="", surname="A" * 60, given_names="Bo")
    upper, _ = td3_lines(record)
    assert len(upper) == 44
    assert upper.endswith("A<<B")


def test_every_cell_of_the_zone_has_a_shape() -> None:
    assert set(ocr_b.PATHS) == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")


def test_the_zone_stands_where_icao_puts_it() -> None:
    """Two lines 6.35 mm apart, ten cells an inch, within the lower 23.2 mm (ICAO 9303-4, 3)."""
    per_mm = 300 / 25.4
    corner = round(7 * per_mm)
    width, height = (round(length * per_mm) for length in TD3_MM)
    paper = page(PaperKind.PASSPORT, dpi=300)[corner : corner + height, corner : corner + width]
    zone = paper[round(height - 22 * per_mm) :, round(per_mm) : -round(per_mm)] < 110
    rows = np.flatnonzero(zone.any(axis=1))
    breaks = np.flatnonzero(np.diff(rows) > 1)
    assert len(breaks) == 1, "two lines of print"
    upper_end, lower_end = rows[breaks[0]], rows[-1]
    assert (lower_end - upper_end) / per_mm == pytest.approx(6.35, abs=0.1)
    assert BASELINES_MM[1] - BASELINES_MM[0] == pytest.approx(6.35)
    columns = np.flatnonzero(zone[: upper_end + 1].any(axis=0))
    first, last = columns[0], columns[-1]
    assert (last - first) / per_mm == pytest.approx(43 * 2.54 + 1.7, abs=0.5)


# -- papers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dpi", "size"), [(75, (877, 620)), (300, (3508, 2480))])
def test_the_glass_is_a4_at_any_resolution(dpi: int, size: tuple[int, int]) -> None:
    assert page(PaperKind.BLANK, dpi=dpi).shape == size


@pytest.mark.parametrize("dpi", [150, 200])
def test_a_letter_carries_both_numbers_as_codes(dpi: int) -> None:
    assert codes(page(PaperKind.LETTER, dpi=dpi)) == {"Code128": "IML-2026-004711", "QRCode": "V312345678"}


def test_a_form_carries_the_application_number() -> None:
    assert list(codes(page(PaperKind.FORM)).values()) == ["V312345678"]


@pytest.mark.parametrize("kind", [PaperKind.LETTER, PaperKind.FORM])
def test_a_stain_makes_codes_unreadable(kind: PaperKind) -> None:
    assert codes(page(kind, Flaw.UNREADABLE_CODE)) == {}


def test_a_stain_covers_part_of_the_zone() -> None:
    good, stained = page(PaperKind.PASSPORT), page(PaperKind.PASSPORT, Flaw.UNREADABLE_CODE)
    assert (good != stained).mean() > 0.003


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_paper_takes_every_flaw(kind: PaperKind) -> None:
    assert page(kind, *Flaw, dpi=75).shape == (877, 620)


def test_upside_down_is_half_a_turn() -> None:
    assert np.array_equal(page(PaperKind.LETTER)[::-1, ::-1], page(PaperKind.LETTER, Flaw.UPSIDE_DOWN))


def test_a_tilted_letter_shows_the_lid_at_its_corners() -> None:
    corner = page(PaperKind.LETTER, Flaw.TILTED, mode=ColourMode.COLOUR)[-1, 0]
    assert tuple(corner) == LID


def test_a_dark_scan_is_dark_and_a_faded_print_is_pale() -> None:
    good = page(PaperKind.LETTER)
    assert page(PaperKind.LETTER, Flaw.DARK).mean() < 0.5 * good.mean()
    assert good.min() < 40 < 150 < page(PaperKind.LETTER, Flaw.FADED).min()


def test_a_blurred_scan_has_softer_edges() -> None:
    def steepest(pixels: Pixels) -> int:
        return int(np.abs(np.diff(pixels.astype(int), axis=1)).max())

    assert steepest(page(PaperKind.LETTER, Flaw.BLURRED)) < 0.7 * steepest(page(PaperKind.LETTER))


def test_glare_washes_out_part_of_the_printed_lines() -> None:
    washed, good = ((page(PaperKind.PASSPORT, *flaws) == 255).mean() for flaws in ((Flaw.GLARE,), ()))
    assert good < 0.0001
    assert 0.003 < washed < 0.1


def test_a_binary_scan_is_black_and_white() -> None:
    assert set(np.unique(page(PaperKind.LETTER, mode=ColourMode.BINARY))) == {0, 255}


def test_a_paper_that_names_nobody_shows_the_specimen_person() -> None:
    assert codes(drawn(Paper(PaperKind.LETTER), 1, 150, ColourMode.GREY))["QRCode"] == ANNA.application_number


# -- people ----------------------------------------------------------------------------------------------------


def view(sitter: Sitter) -> Pixels:
    return seen(sitter, 1280, 720)


def edges(pixels: Pixels) -> float:
    return float(np.abs(np.diff(pixels.astype(np.int16), axis=1)).mean())


def test_a_seed_is_one_person() -> None:
    first = view(Sitter(seed=1)).copy()
    seen.cache_clear()
    assert np.array_equal(first, view(Sitter(seed=1)))
    assert np.abs(first.astype(int) - view(Sitter(seed=2)).astype(int)).mean() > 3


def test_the_scene_has_room_to_move() -> None:
    assert view(Sitter()).shape == (720 + 2 * SWAY_PX, 1280 + 2 * SWAY_PX, 3)


def test_light_and_focus_are_as_asked() -> None:
    good = view(Sitter())
    assert view(Sitter(light=0.3)).mean() == pytest.approx(0.3 * good.mean(), rel=0.02)
    assert edges(view(Sitter(sharp=False))[::8]) < edges(good[::8])


def test_the_wall_is_plain_unless_it_is_busy() -> None:
    left = (slice(20, 500), slice(20, 320))
    assert view(Sitter())[left].std() < 8
    assert view(Sitter(busy_background=True))[left].std() > 25


def test_nobody_is_there_when_nobody_is_present() -> None:
    assert view(Sitter(present=False)).std() < 8


def test_the_passport_photograph_is_35_by_45() -> None:
    photo = likeness(1)
    assert photo.width / photo.height == pytest.approx(35 / 45, abs=0.003)
