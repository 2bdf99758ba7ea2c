"""Finding a calibration target: each mark where the drawing put it, and every refusal by its name."""

import numpy as np
import pytest

from station.calibration.label import text_of
from station.calibration.locate import locate
from station.calibration.located import Located
from station.calibration.patches import CLIPPED_MOST, clipped, is_large_enough, pixels_of
from station.errors import TargetRefused
from station.model.image import Pixels
from station.model.target import PatchKind, TargetKind
from tests.laid_targets import LABELS, LAYOUTS, drawn, laid, steps

A4, CARD = TargetKind.A4, TargetKind.CARD
OFF_PX = 0.1
"""Distortion is to be known to 0.1 px rms, so no mark may lie further off."""


def found(pixels: Pixels, kind: TargetKind = A4) -> Located:
    return locate(pixels, LAYOUTS, payloads=[text_of(LABELS[kind])])


def refused(pixels: Pixels, *payloads: str) -> object:
    with pytest.raises(TargetRefused) as refusal:
        locate(pixels, LAYOUTS, payloads=payloads)
    return refusal.value.context["reason"]


def off(located: Located, truth: object) -> float:
    """Return how far the worst mark lies off its true place, in px."""
    sheet = np.array([mark.sheet for mark in located.features])
    pixel = np.array([mark.pixel for mark in located.features])
    return float(np.hypot(*(pixel - truth(sheet)).T).max())  # type: ignore[operator]


@pytest.mark.parametrize(("kind", "dpi"), [(A4, 150), (A4, 300), (CARD, 150), (CARD, 300), (CARD, 600)])
def test_every_mark_of_a_drawn_target_is_found_where_it_was_drawn(kind: TargetKind, dpi: int) -> None:
    located = found(drawn(kind, dpi), kind)
    assert (located.layout, located.label, located.turned) == (LAYOUTS[kind], LABELS[kind], 0)
    assert len(located.features) == len(LAYOUTS[kind].fiducials) + len(LAYOUTS[kind].dots)
    assert off(located, lambda sheet: sheet * dpi / 25.4 - 0.5) < OFF_PX
    assert located.residual_px < OFF_PX
    corner = located.pixels_at([(LAYOUTS[kind].width, LAYOUTS[kind].height)])[0]
    assert corner == pytest.approx(
        np.array((LAYOUTS[kind].width, LAYOUTS[kind].height)) * dpi / 25.4 - 0.5, abs=0.1
    )


def test_a_colour_picture_is_located_like_a_grey_one() -> None:
    located = found(drawn(CARD, 200, colour=True), CARD)
    assert off(located, lambda sheet: sheet * 200 / 25.4 - 0.5) < OFF_PX


@pytest.mark.parametrize("skew", [-5.0, 3.3, 5.0])
def test_a_noisy_sheet_that_lies_askew_is_found_to_a_tenth_of_a_pixel(skew: float) -> None:
    pixels, truth = laid(A4, steps((150, 151), skew), (1420, 1890), noise=3)
    assert off(found(pixels), truth) < OFF_PX


def test_a_card_in_the_middle_of_an_a4_glass_is_found() -> None:
    glass = np.full((3508, 2480), 230, np.uint8)
    card = drawn(CARD, 300)
    glass[1500 : 1500 + card.shape[0], 900 : 900 + card.shape[1]] = card
    assert off(found(glass, CARD), lambda sheet: sheet * 300 / 25.4 - 0.5 + (900, 1500)) < OFF_PX


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_card_that_lies_across_is_measured_and_its_turn_is_named(quarters: int) -> None:
    located = found(np.rot90(drawn(CARD, 300), -quarters), CARD)
    assert located.turned == 90 * quarters
    assert located.residual_px < OFF_PX


def test_without_a_symbol_the_sheet_is_found_but_has_no_label() -> None:
    assert locate(drawn(CARD, 150), LAYOUTS, payloads=["a parcel's own symbol"]).label is None


@pytest.mark.parametrize("kind", [A4, CARD])
def test_upside_down_is_found_and_named(kind: TargetKind) -> None:
    assert refused(np.rot90(drawn(kind, 150), 2)) == "upside_down"


@pytest.mark.parametrize(
    "part",
    [np.s_[:900], np.s_[900:], np.s_[:, :620], np.s_[:, 620:], np.s_[:1620], np.s_[:, 100:]],
    ids=["lower half missing", "upper half missing", "right half", "left half", "lower edge", "left edge"],
)
def test_a_target_half_on_the_glass_is_cut_off(part: tuple[slice, ...]) -> None:
    assert refused(drawn(A4, 150)[part]) == "cut_off"


def covered(kind: TargetKind, dpi: int, box_mm: tuple[float, float, float, float], value: int) -> Pixels:
    pixels = drawn(kind, dpi).copy()
    left, top, right, bottom = (round(edge * dpi / 25.4) for edge in box_mm)
    pixels[top:bottom, left:right] = value
    return pixels


@pytest.mark.parametrize("value", [250, 165], ids=["paper", "hand"])
@pytest.mark.parametrize(
    "box",
    [
        *((0, 0, 40, 40), (185, 270, 210, 297), (90, 145, 120, 175)),
        *((165, 40, 185, 60), (100, 90, 180, 106), (20, 60, 60, 100)),
    ],
    ids=["corner", "bow-tie", "square", "edge of a square", "row of grey", "dots"],
)
def test_something_on_the_target_is_noticed(box: tuple[float, float, float, float], value: int) -> None:
    assert refused(covered(A4, 150, box, value)) == "covered"


def test_specks_of_dust_cover_nothing_and_the_spoilt_dot_is_left_out() -> None:
    dots = LAYOUTS[A4].dots
    pixels = drawn(A4, 150).copy()
    x, y = (round(at * 150 / 25.4) for at in dots[40].centre)
    pixels[y - 8 : y + 8, x - 8 : x + 8] = 255
    pixels[900:904, 500:504] = 0
    located = found(pixels)
    assert {dot.id for dot in dots} - {mark.id for mark in located.features} == {dots[40].id}


def test_another_kind_of_target_or_another_revision_is_the_wrong_one() -> None:
    only_a4 = {A4: LAYOUTS[A4]}
    with pytest.raises(TargetRefused, match="wrong_target"):
        locate(drawn(CARD, 300), only_a4, payloads=[text_of(LABELS[CARD])])
    with pytest.raises(TargetRefused, match="wrong_target"):
        locate(drawn(CARD, 300), only_a4, payloads=[])
    assert refused(drawn(CARD, 300), text_of(LABELS[CARD]).replace(";C1;", ";C2;")) == "wrong_target"


def test_a_symbol_of_one_sheet_on_another_sheet_is_the_wrong_target() -> None:
    assert refused(drawn(CARD, 300), text_of(LABELS[A4])) == "wrong_target"


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((1754, 1240), 255, np.uint8),
        np.zeros((300, 200, 3), np.uint8),
        np.full((1, 1), 9, np.uint8),
        np.random.default_rng(1).integers(0, 256, (800, 600), np.uint8),
        np.kron(
            np.random.default_rng(2).integers(0, 2, (110, 80), np.uint8) * 255, np.ones((12, 12), np.uint8)
        ),
    ],
    ids=["paper", "black", "one pixel", "noise", "blocks of print"],
)
def test_a_picture_without_a_target_has_no_target(pixels: Pixels) -> None:
    assert refused(pixels) == "no_target"


def test_a_sheet_that_bulges_is_bent() -> None:
    """Its middle lies 8 mm further right than its ends: no scan of a flat sheet does that."""
    half = LAYOUTS[A4].height / 2
    pixels, _ = laid(
        A4, steps((100, 100), 0), (860, 1190), bend=lambda x, y: (x - 8 * (1 - (y / half) ** 2), y)
    )
    assert refused(pixels) == "bent"


# -- patches --------------------------------------------------------------------------------------------------


def test_a_patch_holds_its_own_colour_only_and_most_of_its_middle() -> None:
    for kind, dpi in ((A4, 150), (CARD, 300)):
        pixels = drawn(kind, dpi, colour=True)
        located = found(pixels, kind)
        for patch in LAYOUTS[kind].patches:
            region = pixels_of(located, patch, pixels)
            assert (region == patch.design).all(), patch.id
            # 60 % of each side, in pixels; the rim of a pixel that is not whole is left out.
            wide, high = (0.6 * side * dpi / 25.4 for side in (patch.width, patch.height))
            assert (wide - 2, high - 2) <= region.shape[1::-1] <= (wide + 1, high + 1)


def test_a_patch_of_a_sheet_askew_has_no_pixel_of_its_neighbours() -> None:
    pixels, _ = laid(A4, steps((150, 150), 5), (1420, 1890))
    located = found(pixels)
    drawing = drawn(A4, 150)
    for patch in LAYOUTS[A4].patches:
        if patch.kind is not PatchKind.BLANK:
            x, y = (round((at + 5) * 150 / 25.4) for at in (patch.left, patch.top))
            region = pixels_of(located, patch, pixels)
            assert np.ptp(region) <= 1 and abs(int(region[0, 0]) - int(drawing[y, x])) <= 1
            assert region.shape[0] > 30 < region.shape[1]  # 12 mm * 0.6 / (cos 5° + sin 5°) = 39 px


def test_a_patch_too_small_for_its_resolution_is_told() -> None:
    card = next(patch for patch in LAYOUTS[CARD].patches if patch.kind is PatchKind.GREY)
    for dpi, enough in ((150, False), (300, True)):  # 5 mm * 0.6 is 18 px at 150 dpi and 35 px at 300 dpi
        assert is_large_enough(pixels_of(found(drawn(CARD, dpi), CARD), card, drawn(CARD, dpi))) is enough


def test_the_share_of_clipped_pixels_is_counted() -> None:
    pixels = drawn(CARD, 300, colour=True).copy()
    located = found(pixels, CARD)
    patch = next(patch for patch in LAYOUTS[CARD].patches if patch.kind is PatchKind.GREY)
    region = pixels_of(located, patch, pixels)
    assert clipped(located, pixels)[patch.id] == 0
    region[: region.shape[0] // 2, :, 1] = 255
    assert clipped(located, pixels)[patch.id] == pytest.approx((region.shape[0] // 2) / region.shape[0])
    assert clipped(located, pixels)[patch.id] > CLIPPED_MOST
