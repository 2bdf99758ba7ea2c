"""What ordinary pages show of the device, and how seldom they show what is not there: simulated days."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from station.calibration.empty_glass import EmptyLook, compare_empty
from station.calibration.sentinel import PageLook, alike, look
from station.calibration.watch import Watch
from station.model.calibration_sign import Place, Sign, SignKind
from station.model.image import Pixels
from tests import sentinel_pages as pages
from tests.sentinel_pages import GOOD, MM, PPI, Wear
from ui.wording import calibration_signs

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PAGES_A_DAY = 500


def at(day: int, page: int, every_s: float = 50) -> datetime:
    return MONDAY + timedelta(days=day, seconds=every_s * page)


def seen(pixels: Pixels, *, fed: bool = False) -> PageLook:
    return look(pixels, (PPI, PPI), fed=fed)


def flat(colour: tuple[int, int, int], size_mm: tuple[float, float] = (210, 297)) -> Pixels:
    width, height = (round(mm * MM) for mm in size_mm)
    return np.full((height, width, 3), colour, np.uint8)


def on_the_lid(paper: tuple[int, int, int] = (250, 250, 250), lid: int = 205) -> Pixels:
    """Lay a sheet of A5 on the glass, with some print."""
    glass = flat((lid, lid, lid))
    glass[: round(210 * MM), : round(148 * MM)] = paper
    glass[round(60 * MM) : round(63 * MM), round(20 * MM) : round(120 * MM)] = 40
    return glass


# -- one page -------------------------------------------------------------------------------------------------


def test_paper_and_lid_are_as_light_as_they_are() -> None:
    found = seen(on_the_lid())
    # Code 250 is light ((0.98039 + 0.055) / 1.055)^2.4 = 0.95597, L* 98.27; 205 is 0.61050, L* 82.41.
    assert found.white == pytest.approx(98.27, abs=0.02)
    assert found.around == pytest.approx(82.41, abs=0.02)
    assert found.cast == pytest.approx((0, 0), abs=0.01)
    assert found.dirt == ()


def test_a_grey_page_has_a_white_and_no_cast() -> None:
    found = seen(on_the_lid()[..., 0])
    assert found.white == pytest.approx(98.27, abs=0.02)
    assert found.cast is None


def test_what_a_page_does_not_show_is_not_guessed() -> None:
    dark, burnt, empty = flat((90, 80, 70)), on_the_lid((255, 255, 255)), flat((235, 235, 235))
    coloured = on_the_lid((250, 180, 190))
    assert (seen(dark).white, seen(dark).around, seen(dark).dirt) == (None, None, None)
    assert (seen(burnt).white, seen(burnt).cast) == (None, None)
    assert seen(burnt).around == pytest.approx(82.41, abs=0.02)
    assert seen(empty) == PageLook()  # the lid of an empty glass may be as white as paper
    assert (seen(coloured).white, seen(coloured).cast) == (None, None)
    assert look(dark[:60], (PPI, PPI), fed=False) == PageLook()


def test_a_copied_card_on_a_sheet_is_no_sheet_on_a_lid() -> None:
    copy = flat((248, 248, 246))
    copy[100:300, 100:400] = (170, 175, 190)
    assert seen(copy).around is None
    assert seen(copy).white is None


def test_a_speck_on_blank_paper_has_its_place_on_the_glass() -> None:
    page = on_the_lid()
    page[200:202, 100:103] = 120
    found = look(page, (PPI, PPI), fed=False, corner_mm=(10, 20)).dirt
    assert found is not None
    (speck,) = found
    assert (speck.x_mm, speck.y_mm) == pytest.approx((10 + 101.5 / MM, 20 + 201 / MM), abs=0.01)


def test_letters_holes_and_fold_marks_are_no_specks() -> None:
    page = on_the_lid()
    page[200:203, 100:102] = page[200:203, 105:107] = page[200:203, 110:112] = 60  # letters 1 mm apart
    page[300:317, 20:37] = 100  # a hole, 5.8 mm
    page[400, 20:34] = 100  # a fold mark, 4.7 mm
    assert seen(page).dirt == ()


def test_a_line_from_end_to_end_is_a_streak_and_a_printed_rule_is_none() -> None:
    page = flat((250, 250, 250))
    page[30:800, 100] = 60  # ends before the sheet does
    page[:, 300] -= 12
    page[200:260, 50:500] = 40
    assert seen(page, fed=True).dirt == (Place(300.5 / MM),)


def test_the_edge_of_a_fed_sheet_and_ruled_paper_are_no_streaks() -> None:
    sheet, ruled = flat((60, 60, 60)), flat((250, 250, 250))
    sheet[:, 40:560] = 250
    sheet[:, 560] = 225  # its shadow
    ruled[:, 60:560:15] = 200
    assert seen(sheet, fed=True).dirt == ()
    assert seen(ruled, fed=True).dirt is None


def test_an_imprint_knows_its_sheet_again_and_tells_others_apart() -> None:
    rng = np.random.default_rng(3)
    first, again, other = (
        seen(pages.stock()[number] + rng.integers(0, 4, (1, 1, 3)).astype(np.uint8)).imprint
        for number in (8, 8, 9)
    )
    assert alike(first, again)
    assert not alike(first, other)
    assert alike(b"", b"")


# -- days -----------------------------------------------------------------------------------------------------


@cache
def clean_day(*, fed: bool) -> tuple[PageLook, ...]:
    """Return the looks at 500 ordinary pages."""
    rng = np.random.default_rng(20 + fed)
    return tuple(seen(pages.scanned(rng, fed=fed), fed=fed) for _ in range(PAGES_A_DAY))


@cache
def trained() -> str:
    """Return the state of a watch after six clean days of 500 pages."""
    watch, rng = Watch(), np.random.default_rng(5)
    looks = clean_day(fed=False)
    for day in range(6):
        for page, number in enumerate(rng.permutation(PAGES_A_DAY).tolist()):
            assert watch.take(looks[number], at(day, page)) == ()
    return json.dumps(watch.as_dict())


def first(watch: Watch, kind: SignKind, looks: Sequence[PageLook], day: int = 6) -> tuple[int, Sign]:
    """Return after how many pages a kind is noticed, and the sign."""
    for page, each in enumerate(looks, 1):
        for sign in watch.take(each, at(day, page)):
            if sign.kind is kind:
                return page, sign
    raise AssertionError(f"{kind} was not noticed in {len(looks)} pages")


@pytest.mark.parametrize("fed", [False, True])
def test_500_clean_pages_of_many_papers_raise_nothing(fed: bool) -> None:
    looks = clean_day(fed=fed)
    watch = Watch()
    assert [watch.take(each, at(0, page)) for page, each in enumerate(looks)] == [()] * PAGES_A_DAY
    # And they were looked at: most show their paper, and the glass beside small sheets.
    assert sum(each.white is not None for each in looks) > 0.8 * PAGES_A_DAY
    assert sum(each.around is not None for each in looks) > (0 if fed else 0.3 * PAGES_A_DAY) - 1
    assert len(json.dumps(watch.as_dict())) < 20_000


def test_days_of_pages_in_any_order_raise_nothing_either() -> None:
    # Six days in `trained`, each beginning with ten pages after a night; here two weeks more.
    watch, rng = Watch.restored(json.loads(trained())), np.random.default_rng(6)
    for day in range(6, 20):
        for page, number in enumerate(rng.permutation(PAGES_A_DAY).tolist()):
            assert watch.take(clean_day(fed=False)[number], at(day, page)) == ()


def test_dirt_on_the_glass_is_noticed_within_30_pages_and_goes_when_it_is_cleaned() -> None:
    rng, watch = np.random.default_rng(7), Watch.restored(json.loads(trained()))
    dirty = [seen(pages.scanned(rng, Wear(speck=(5.4, 120.3)))) for _ in range(30)]
    _, sign = first(watch, SignKind.DIRT, dirty)
    assert sign.place is not None
    assert (sign.place.x_mm, sign.place.y_mm) == pytest.approx((5.4, 120.3), abs=0.5)
    # The pixels 16, 17 and 355, 356 of 75 ppi: their middles lie at 5.76 and 120.56 mm.
    assert "6 mm from the left and 121 mm from the top" in calibration_signs.word(sign).do
    for page, each in enumerate(clean_day(fed=False)[:20]):
        watch.take(each, at(7, page))
    assert watch.signs == ()


def test_a_streak_of_the_feeder_is_noticed_within_10_pages() -> None:
    rng, watch = np.random.default_rng(8), Watch()
    dirty = [seen(pages.scanned(rng, Wear(streak=84.2), fed=True), fed=True) for _ in range(10)]
    page, sign = first(watch, SignKind.DIRT, dirty)
    assert page >= 4
    assert sign.place is not None
    assert (sign.place.x_mm, sign.place.y_mm) == (pytest.approx(84.2, abs=0.4), None)
    message = calibration_signs.word(sign)
    assert "84 mm from the left" in message.do
    assert message.do.endswith("calibrate soon.")


def test_one_sheet_scanned_again_and_again_shows_no_dirt() -> None:
    page = on_the_lid()
    page[200:202, 100:103] = 120
    watch = Watch()
    assert {watch.take(seen(page), at(0, number)) for number in range(10)} == {()}


def test_light_beside_the_sheets_is_noticed_within_20_pages() -> None:
    rng, watch = np.random.default_rng(9), Watch.restored(json.loads(trained()))
    page, sign = first(watch, SignKind.AMBIENT, [seen(pages.scanned(rng, Wear(ambient=22))) for _ in range(20)])
    assert page >= 3
    assert sign.place is None


def test_a_lamp_that_loses_two_per_cent_a_week_is_noticed_within_the_week() -> None:
    watch, rng = Watch.restored(json.loads(trained())), np.random.default_rng(10)
    looks = clean_day(fed=False)
    for page in range(7 * PAGES_A_DAY):
        each = looks[int(rng.integers(PAGES_A_DAY))]
        lost = 1 - 0.02 * page / (7 * PAGES_A_DAY)
        # L* + 16 goes with the cube root of the light.
        white = None if each.white is None else (each.white + 16) * lost ** (1 / 3) - 16
        moment = at(6 + page // PAGES_A_DAY, page % PAGES_A_DAY)
        signs = watch.take(PageLook(white, each.cast, each.around, each.dirt, each.imprint), moment)
        if signs:
            assert {sign.kind for sign in signs} == {SignKind.LAMP_AGEING}
            return
    raise AssertionError("not noticed")


def test_two_per_cent_less_light_is_three_quarters_of_l_star_on_the_paper() -> None:
    rng, dimmed = np.random.default_rng(11), np.random.default_rng(11)
    lost = []
    for _ in range(10):
        before, after = (
            seen(pages.scanned(rng, GOOD)).white,
            seen(pages.scanned(dimmed, Wear(light=0.98))).white,
        )
        if before is not None and after is not None:
            lost.append(before - after)
    # (L* + 16) (1 - 0.98^(1/3)): 0.76 at L* 97.
    assert np.mean(lost) == pytest.approx(0.76, abs=0.08)


def test_a_cast_that_grows_is_noticed_within_two_days() -> None:
    watch, rng = Watch.restored(json.loads(trained())), np.random.default_rng(12)
    looks = [clean_day(fed=False)[int(rng.integers(PAGES_A_DAY))] for _ in range(2 * PAGES_A_DAY)]
    yellowed = [PageLook(each.white, each.cast and (each.cast[0], each.cast[1] + 4)) for each in looks]
    first(watch, SignKind.CAST, yellowed)


def test_a_cold_lamp_is_noticed_within_seven_starts_on_18_of_20_devices() -> None:
    noticed = []
    for seed in range(20):
        watch, rng = Watch(), np.random.default_rng(seed)
        for start in range(8):
            for page in range(12):
                each = clean_day(fed=False)[int(rng.integers(PAGES_A_DAY))]
                white = None if each.white is None else each.white - 9 * float(np.exp(-page / 4))
                signs = watch.take(PageLook(white), MONDAY + timedelta(hours=4 * start, seconds=40 * page))
            if any(sign.kind is SignKind.LAMP_COLD for sign in signs):
                noticed.append(start)
                break
    # The first start has no pause before it that anybody knows of.
    assert len(noticed) >= 18
    assert min(noticed) >= 2


def test_a_sign_keeps_its_moment_and_survives_being_stored() -> None:
    rng, watch = np.random.default_rng(8), Watch()
    looks = [seen(pages.scanned(rng, Wear(streak=84.2), fed=True), fed=True) for _ in range(14)]
    page, sign = first(watch, SignKind.DIRT, looks)
    again = Watch.restored(json.loads(json.dumps(watch.as_dict())))
    assert again.signs == (sign,)
    assert again.as_dict() == watch.as_dict()
    assert again.take(looks[-1], at(8, page)) == watch.take(looks[-1], at(8, page)) == (sign,)


@pytest.mark.parametrize("state", [{}, {"version": 2}, {"version": 1, "sheets": 3}])
def test_what_is_no_state_is_refused(state: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="state"):
        Watch.restored(state)


# -- the empty glass ------------------------------------------------------------------------------------------


def test_only_what_is_new_on_the_empty_glass_is_told() -> None:
    before, now = pages.empty(1), pages.empty(2)
    for glass in (before, now):
        glass[100:103, 60:63] = 90  # was there
    before[50:53, 200:203] = 90  # was wiped away
    now[200:203, 300:303] = 90
    now[:, 400:402] -= 12
    found = compare_empty(before, now, (100, 100), (5, 0))
    speck, streak = found.new
    assert (speck.x_mm, speck.y_mm) == pytest.approx((5 + 301.5 * 0.254, 201.5 * 0.254), abs=0.03)
    assert (streak.x_mm, streak.y_mm) == (pytest.approx(5 + 401 * 0.254, abs=0.05), None)
    (known,) = found.known
    assert (known.x_mm, known.y_mm) == pytest.approx((5 + 61.5 * 0.254, 101.5 * 0.254), abs=0.03)


def test_two_clean_scans_of_the_empty_glass_differ_in_nothing() -> None:
    assert compare_empty(pages.empty(1), pages.empty(2), (100, 100)) == EmptyLook()
    assert compare_empty(pages.empty(1), pages.empty(2)[1:], (100, 100)).refusal == "other_size"


def test_without_an_earlier_scan_of_the_glass_every_mark_is_new() -> None:
    dirty = pages.empty(1)
    dirty[100:103, 60:63] = 90
    assert len(compare_empty(None, dirty, (100, 100)).new) == 1
    assert compare_empty(dirty, dirty, (100, 100)) == EmptyLook(
        known=compare_empty(None, dirty, (100, 100)).new
    )


# -- words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SignKind)
def test_every_sign_says_what_was_noticed_and_ends_with_calibrate_soon(kind: SignKind) -> None:
    message = calibration_signs.word(Sign(kind, MONDAY, Place(84.2, 12.6) if kind is SignKind.DIRT else None))
    assert all(part.endswith(".") for part in (message.what, message.why, message.do, message.detail))
    assert message.do.endswith("Then calibrate soon.")
    assert "{" not in message.text
