"""The photo's crop: whenever a crop exists that keeps the rules, the proposal keeps them."""

from dataclasses import replace
from math import cos, hypot, radians, sin

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from station.flow.photo_profiles import load_photo_profiles
from station.imaging.cv import cv
from station.model.face import Head, Point
from station.model.photo import PhotoCrop, PhotoProfile
from station.model.quality import Region, Status, Verdict
from station.quality.face.found import Face
from station.quality.face.landmarks import CHIN, EARS, LEFT_EYE_CORNERS, RIGHT_EYE_CORNERS
from station.quality.photo.crop import obstacle, propose, with_crown
from station.quality.photo.head import head
from station.quality.photo.judge import MEASURES, judge
from station.settings import resources_dir
from station.storage.encode import decode, encode
from ui.wording import measures

PROFILES = load_photo_profiles(resources_dir() / "photo_profiles")
TEMPORARY = PROFILES["temporary_resident_photo"]
HAIR = 1e-3
"""The known crop keeps the rules by this much: a turn is rounded to a ten thousandth of a degree."""
SIZES = ((3000, 4000), (4000, 3000), (1920, 1080), (1080, 1920), (1350, 1350))


def laid(
    crop: PhotoCrop,
    size: tuple[int, int],
    profile: PhotoProfile,
    *,
    eyes: Point,
    eye_distance: float,
    width: float,
    chin: float,
    crown: float,
) -> Head:
    """Return the head that lies so on the photo of this crop; all in shares of the photo."""

    def there(x: float, y: float) -> Point:
        return crop.on_capture((x, y), size, profile.aspect)

    x, y = eyes
    top = there(x, crown)[1]
    return Head(
        box=Region(0.4, 0.3, 0.2, 0.2),
        eyes=(there(x - eye_distance / 2, y), there(x + eye_distance / 2, y)),
        ears=(there(x - width / 2, y), there(x + width / 2, y)),
        chin=there(x, chin),
        crown_high=top,
        crown=top,
        crown_low=top,
    )


def within(span: tuple[float, float]) -> tuple[float, float]:
    return span[0] + HAIR, span[1] - HAIR


def drawn_crop(draw: st.DrawFn, size: tuple[int, int], profile: PhotoProfile, roll: float) -> PhotoCrop:
    """Return any crop of this turn that lies within the capture and has pixels enough."""
    turned, turn = cos(radians(roll)), abs(sin(radians(roll)))
    box = (profile.aspect * turned + turn, profile.aspect * turn + turned)
    most = min(size[0] / box[0], size[1] / box[1])
    assume(most > profile.least_px[1] * (1 + HAIR))
    height = draw(st.floats(profile.least_px[1] * (1 + HAIR), most * (1 - HAIR)))
    half = (box[0] * height / 2 / size[0], box[1] * height / 2 / size[1])
    centre = (draw(st.floats(half[0], 1 - half[0])), draw(st.floats(half[1], 1 - half[1])))
    return PhotoCrop(profile.name, centre, height / size[1], roll, crown=0.0)


@st.composite
def good_portraits(draw: st.DrawFn) -> tuple[Head, tuple[int, int], PhotoProfile]:
    """A head with a crop that keeps all rules of the profile, so that one exists."""
    profile = draw(st.sampled_from(sorted(PROFILES.values(), key=lambda p: p.name)))
    size = draw(st.sampled_from(SIZES))
    crop = drawn_crop(draw, size, profile, draw(st.floats(-profile.roll, profile.roll)))
    height = draw(st.floats(*within(profile.head_height)))
    above = draw(st.floats(0.42, 0.55))  # of the head's height lies above the eyes
    line = draw(st.floats(*within(profile.eye_line)))
    crown, chin = line - above * height, line + (1 - above) * height
    assume(crown >= profile.margin + HAIR and chin <= 1 - profile.margin - HAIR)
    made = profile.made_px(crop.height * size[1])
    # Whole pixels of the photo's shape cost up to 1.7 % of a distance: 9 of 540.
    least_distance = 1.02 * profile.inter_eye_px / made[0]
    width = draw(st.floats(*within(profile.head_width or (0.4, 0.8))))
    assume(least_distance <= 0.6 * width)
    distance = draw(st.floats(least_distance, 0.6 * width))
    place = (draw(st.floats(*within(profile.centre))), line)
    found = laid(crop, size, profile, eyes=place, eye_distance=distance, width=width, chin=chin, crown=crown)
    assume(not obstacle(found, size))  # a face may be wider than its photo
    return found, size, profile


@given(good_portraits())
@settings(max_examples=150, deadline=None)
def test_where_a_crop_exists_that_keeps_all_rules_the_proposal_keeps_them(
    portrait: tuple[Head, tuple[int, int], PhotoProfile],
) -> None:
    found, size, profile = portrait
    crop = propose(found, size, profile)
    assert crop is not None
    report = judge(crop, found, size, profile)
    assert report.verdict is Verdict.PASS, [f for f in report.findings if f.status is not Status.PASS]
    assert (report.profile, report.version) == (profile.name, profile.version)
    assert crop.roll == pytest.approx(found.roll(size), abs=1e-4)


@st.composite
def any_portraits(draw: st.DrawFn) -> tuple[Head, tuple[int, int], PhotoProfile]:
    """A head anywhere, of any size and turn, partly beyond the capture, with a crown that is not sure."""
    profile = draw(st.sampled_from(sorted(PROFILES.values(), key=lambda p: p.name)))
    size = draw(st.sampled_from(SIZES))
    width, height = size
    t = draw(st.floats(20, 2000))
    turn = radians(draw(st.floats(-60, 60)))
    middle = (draw(st.floats(-0.2, 1.2)) * width, draw(st.floats(-0.2, 1.2)) * height)

    def there(across: float, down: float) -> Point:
        x, y = across * t, down * t
        return (
            (middle[0] + x * cos(turn) - y * sin(turn)) / width,
            (middle[1] + x * sin(turn) + y * cos(turn)) / height,
        )

    crowns = sorted(there(0, -draw(st.floats(0.5, 1.5)))[1] for _ in range(3))
    return (
        Head(
            box=Region(0.4, 0.3, 0.2, 0.2),
            eyes=(there(-0.3, 0), there(0.3, 0)),
            ears=(there(-0.65, 0.1), there(0.65, 0.1)),
            chin=there(draw(st.floats(-0.2, 0.2)), 1),
            crown_high=crowns[0],
            crown=crowns[1],
            crown_low=crowns[2],
        ),
        size,
        profile,
    )


@given(any_portraits())
@settings(max_examples=150, deadline=None)
def test_any_head_gets_its_height_and_no_crop_enlarges(
    portrait: tuple[Head, tuple[int, int], PhotoProfile],
) -> None:
    found, size, profile = portrait
    crop = propose(found, size, profile)
    assert (crop is None) == bool(obstacle(found, size))
    report = judge(crop, found, size, profile)
    if crop is None:
        assert report.verdict is Verdict.FAIL
        assert {finding.reason for finding in report.findings} == {obstacle(found, size)}
        return
    by_name = {finding.measure: finding for finding in report.findings}
    assert by_name["photo_head_height"].status is Status.PASS
    made = profile.made_px(crop.height * size[1])
    assert made[1] <= crop.height * size[1] + 1e-3
    assert made[0] * profile.size_px[1] == made[1] * profile.size_px[0]
    assert decode(PhotoCrop, encode(crop), "a test") == crop


def head_at(size: tuple[int, int], t: float = 400.0, x: float = 0.5, y: float = 0.45) -> Head:
    """Return an upright head whose eyes have this middle; the crown lies 1.80 to 2.10 T above the chin."""
    down, across = t / size[1], t / size[0]
    return Head(
        box=Region(0.3, 0.3, 0.4, 0.3),
        eyes=((x - 0.3 * across, y), (x + 0.3 * across, y)),
        ears=((x - 0.65 * across, y), (x + 0.65 * across, y)),
        chin=(x, y + down),
        crown_high=y - 1.10 * down,
        crown=y - 0.95 * down,
        crown_low=y - 0.80 * down,
    )


def test_the_head_lies_in_the_middle_with_most_of_the_crowns_range_within_the_rule() -> None:
    size = (3000, 4000)
    crop = propose(found := head_at(size), size, TEMPORARY)
    assert crop is not None
    # 2.10 T may fill 80 %; then 1.80 T fills 68.6 %, less than 68.9: the range is wider than the rule, and the
    # largest photo that is still full of it keeps most of it.
    assert crop.height * 4000 == pytest.approx(2.10 * 400 / 0.80)
    assert crop.centre[0] == pytest.approx(0.5)
    raw = {f.measure: f.raw for f in judge(crop, found, size, TEMPORARY).findings}
    assert raw["photo_head_height"] == pytest.approx(100 * 1.95 * 400 / 1050, abs=1e-3)
    # A third of the room lies above the crown.
    assert raw["photo_margin"] == pytest.approx((100 - 100 * 780 / 1050) / 3, abs=1e-3)


def test_a_sure_crown_puts_the_head_in_the_middle_of_its_rule() -> None:
    size = (3000, 4000)
    crop = with_crown(head_at(size), 0.45 - 0.9 * 0.1, size, TEMPORARY)
    assert crop is not None
    assert crop.moved
    assert crop.crown == pytest.approx(0.36)
    assert 1.9 * 400 / (crop.height * 4000) == pytest.approx((0.6889 + 0.8) / 2)


def test_a_crown_that_is_moved_up_makes_the_photo_larger_and_stays_one() -> None:
    size, found = (3000, 4000), head_at((3000, 4000))
    heights = []
    for y in (0.40, 0.36, 0.33, 0.30):
        crop = with_crown(found, y, size, TEMPORARY)
        assert crop is not None
        assert judge(crop, found, size, TEMPORARY).findings[0].status is Status.PASS
        heights.append(crop.height)
    assert heights == sorted(heights)


@pytest.mark.parametrize(("y", "taken"), [(-0.5, 0.0), (0.9, 0.45 - 0.4 * 0.1)])
def test_a_crown_below_the_brows_or_beyond_the_picture_is_taken_at_the_nearest_place(
    y: float, taken: float
) -> None:
    crop = with_crown(head_at((3000, 4000)), y, (3000, 4000), TEMPORARY)
    assert crop is not None
    assert crop.crown == pytest.approx(taken)


def test_a_head_near_the_side_is_cut_off_centre_and_within_the_picture() -> None:
    size = (1920, 1080)
    # A photo of (780 / 0.74445) = 1048 px would be 815 px wide; 382 px to the left edge are 47 % of it.
    found = head_at(size, 400, x=382 / 1920, y=0.5)
    crop = propose(found, size, TEMPORARY)
    assert crop is not None
    report = judge(crop, found, size, TEMPORARY)
    assert report.verdict is Verdict.PASS
    assert crop.corners(size, TEMPORARY.aspect)[0][0] == pytest.approx(0, abs=1e-6)


def test_a_head_too_near_the_side_says_so() -> None:
    size = (1920, 1080)
    found = head_at(size, 400, x=300 / 1920, y=0.5)
    report = judge(propose(found, size, TEMPORARY), found, size, TEMPORARY)
    failed = [finding.measure for finding in report.findings if finding.status is Status.FAIL]
    assert failed == ["photo_inside"]


def test_what_a_photo_lacks_is_told_as_its_share() -> None:
    size, found = (3000, 4000), head_at((3000, 4000))
    crop = propose(found, size, TEMPORARY)
    assert crop is not None
    for centre in ((0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0)):
        report = judge(replace(crop, centre=centre), found, size, TEMPORARY)
        assert report.findings[-1].raw == pytest.approx(50, abs=1e-3)
    # Whatever its turn, half of it lies on each side of a line through its middle.
    turned = replace(crop, centre=(0.0, 0.5), roll=30.0)
    assert judge(turned, found, size, TEMPORARY).findings[-1].raw == pytest.approx(50, abs=1e-3)


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.05), (0.5, 0.95), (0.05, 0.45)], ids=["crown", "chin", "ear"])
def test_a_head_that_the_edge_cuts_off_gives_no_photo(x: float, y: float) -> None:
    found = head_at((3000, 4000), x=x, y=y)
    assert obstacle(found, (3000, 4000)) == "head_cut_off"
    assert propose(found, (3000, 4000), TEMPORARY) is None


def test_an_officer_who_sees_the_crown_below_the_edge_gets_a_photo() -> None:
    size, found = (3000, 4000), head_at((3000, 4000), y=0.092)
    assert obstacle(found, size) == "head_cut_off"
    crop = with_crown(found, 0.002, size, TEMPORARY)
    assert crop is not None
    assert judge(crop, found, size, TEMPORARY).verdict is Verdict.FAIL  # no room above it


def test_a_head_on_its_side_gives_no_photo() -> None:
    found = replace(head_at((3000, 4000)), eyes=((0.5, 0.4), (0.51, 0.5)))
    assert obstacle(found, (3000, 4000)) == "head_askew"


def test_a_head_turned_too_far_is_levelled_but_fails() -> None:
    size = (3000, 4000)
    found = head_at(size)
    (left, right) = found.eyes
    found = replace(found, eyes=((left[0], left[1] - 0.006), (right[0], right[1] + 0.006)))
    report = judge(propose(found, size, TEMPORARY), found, size, TEMPORARY)
    # 48 px down over 240 px across: 11.3 degrees.
    (roll,) = (finding for finding in report.findings if finding.measure == "photo_roll")
    assert roll.raw == pytest.approx(11.31, abs=0.01)
    assert roll.status is Status.FAIL


def test_every_measure_and_reason_is_worded() -> None:
    assert {asked.name for asked in MEASURES} <= set(measures.MEASURES)
    assert {"head_askew", "head_cut_off"} <= set(measures.REASONS)


# -- from a face to a head ------------------------------------------------------------------------------------

T, CAPTURE = 300.0, (1200, 1600)


def face(roll: float = 0.0, middle: Point = (600.0, 700.0)) -> Face:
    """Return a face of T = 300 px whose eyes are 180 px apart, turned clockwise by so many degrees."""
    points = np.zeros((478, 3), np.float32)
    for (outer, inner), x in ((LEFT_EYE_CORNERS, -90), (RIGHT_EYE_CORNERS, 90)):
        points[outer, :2] = turned(middle, roll, x - 25, 0)
        points[inner, :2] = turned(middle, roll, x + 25, 0)
    points[CHIN, :2] = turned(middle, roll, 0, T)
    for ear, x in zip(EARS, (-200, 200), strict=True):
        points[ear, :2] = turned(middle, roll, x, 0)
    return Face(points, (400, 550, 400, 450), 0.9, 1.0)


def turned(middle: Point, roll: float, across: float, down: float) -> Point:
    angle = radians(roll)
    return (
        middle[0] + across * cos(angle) - down * sin(angle),
        middle[1] + across * sin(angle) + down * cos(angle),
    )


def mask(top: float, roll: float = 0.0, middle: Point = (600.0, 700.0)) -> NDArray[np.float32]:
    """Return half-size probabilities of a person who reaches so many T above the eyes, 320 px wide."""
    person = np.zeros((800, 600), np.float32)
    corners = [(-160, -top * T), (160, -top * T), (160, 3 * T), (-160, 3 * T)]
    shape = np.array([turned(middle, roll, *corner) for corner in corners]) / 2 - 0.5
    cv().fillPoly(person, [np.int32(np.round(shape * 256))], 1.0, shift=8)
    return person


@pytest.mark.parametrize("roll", [-20.0, 0.0, 8.0])
def test_the_masks_top_along_the_faces_axis_is_the_crown(roll: float) -> None:
    found = head(face(roll), mask(0.95, roll), CAPTURE)
    assert found.roll(CAPTURE) == pytest.approx(roll, abs=0.01)
    x, y = (share * side for share, side in zip(found.on_axis(found.crown, CAPTURE), CAPTURE, strict=True))
    assert hypot(x - 600, y - 700) / T == pytest.approx(0.95, abs=0.02)  # 0.01 T a step, 2 px a mask's pixel
    assert found.crown_high == found.crown
    assert hypot(*np.subtract(found.on_axis(found.crown_low, CAPTURE), found.eyes_middle) * CAPTURE) / T == (
        pytest.approx(0.80)
    )


@pytest.mark.parametrize(("top", "height"), [(1.6, 2.10), (0.5, 1.80), (3.0, 2.10)])
def test_hair_and_covers_do_not_make_a_head_taller_than_heads_are(top: float, height: float) -> None:
    found = head(face(), mask(top), CAPTURE)
    assert (found.chin[1] - found.crown) * 1600 / T == pytest.approx(height, abs=1e-3)


def test_a_lamp_above_is_no_hair() -> None:
    person = mask(0.9)
    person[:160] = 1.0  # from the top edge down to 1.27 T above the eyes
    found = head(face(), person, CAPTURE)
    assert (found.chin[1] - found.crown) * 1600 / T == pytest.approx(1.9, abs=0.02)


@pytest.mark.parametrize("person", [None, np.zeros((256, 256), np.float32)])
def test_without_a_mask_the_crown_has_its_whole_range(person: NDArray[np.float32] | None) -> None:
    found = head(face(), person, CAPTURE)
    chin = found.chin[1]
    heights = [(chin - y) * 1600 / T for y in (found.crown_low, found.crown, found.crown_high)]
    assert heights == pytest.approx([1.80, 1.95, 2.10])
    assert found.eyes == (pytest.approx((510 / 1200, 700 / 1600)), pytest.approx((690 / 1200, 700 / 1600)))
    assert found.ears[0][0] == pytest.approx(400 / 1200)
    assert found.box.height == pytest.approx(450 / 1600)
