"""The guided calibration of a camera that is known: what it asks for, what it refuses, what it finds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count
from math import erf
from pathlib import Path

import numpy as np
import pytest

from station.calibration import judge
from station.calibration.camera import board_step
from station.calibration.camera.board import Board, draw_board
from station.calibration.camera.board_step import MOST_VIEWS, VIEWS
from station.calibration.camera.look import Look
from station.calibration.camera.session import CameraSession
from station.calibration.camera.still_step import FLASHES, WAIT_FRAMES
from station.calibration.camera.views import Unusable, View
from station.calibration.profile import CAMERA_MEASURES, SCANNER_MEASURES, Profile, load_file, load_profiles
from station.errors import SettingsError
from station.imaging.cv import cv
from station.model.calibration import Analysis
from station.model.image import Frame, Pixels
from station.model.quality import Status, Verdict
from tests.boards import BOARD, LENS, MORE, photographed, reasons, seen, value

FOLDER = Path(__file__).parent.parent / "resources" / "calibration"
UPRIGHT = (0.5, 0.5, 520.0, 2.0, -3.0)
PERIOD_S = 0.04
BLUR_PX = 1.5
SFR50 = float(np.sqrt(np.log(2) / 2) / np.pi / BLUR_PX)
"""exp(-2 (pi sigma f) ** 2) = 1/2 at f = sqrt(ln 2 / 2) / (pi sigma)."""


def coded(light: np.ndarray) -> np.ndarray:
    """Code light as sRGB does (IEC 61966-2-1), to fractions of a level."""
    return np.asarray((1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055) * 255)


class Stream:
    """A camera's frames, 25 a second, each with a noise of its own."""

    def __init__(self, session: CameraSession) -> None:
        self.session = session
        self.chance = np.random.default_rng(5)
        self.numbers = count(1)
        self.at = 0.0

    def show(self, picture: np.ndarray, noise: float = 1.0) -> Look:
        number = next(self.numbers)
        self.at = number * PERIOD_S
        picture = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        grain = self.chance.normal(0, noise, picture.shape[:2])[..., None] if noise else 0.0
        pixels = np.rint(picture + grain).clip(0, 255).astype(np.uint8)
        return self.session.look(Frame(pixels, number, self.at))

    def run(self, pictures: Iterable[np.ndarray], step: str) -> list[Look]:
        looks = []
        for picture in pictures:
            if self.session.step != step or self.session.complete:
                break
            looks.append(self.show(picture))
        return looks


def edge_held_up() -> np.ndarray:
    """A black edge at five degrees through the middle of the frame, blurred by a Gaussian."""
    y, x = np.mgrid[0:480, 0:640]
    away = ((x - 320) + (y - 216) * np.tan(np.radians(5))) * np.cos(np.radians(5))
    table = np.linspace(-8, 8, 3201)
    rise = np.interp(away, table, [erf(at / (BLUR_PX * np.sqrt(2))) for at in table.tolist()])
    return coded(0.4 + 0.35 * rise)


def card(fall_off: float = 0.3) -> np.ndarray:
    y, x = np.mgrid[-1:1:480j, -1:1:640j]
    light = 0.5 * (1 - fall_off * (x**2 + y**2) / 2)
    return coded(light[..., None] * (1.0, 0.9, 0.75))


SCENE = np.kron(np.random.default_rng(3).uniform(60, 160, (6, 8)), np.ones((80, 80)))
DARK = np.zeros((480, 640))


def shown(stream: Stream) -> None:
    """Show all that is asked, the window's flashes seen two frames late."""
    stream.run((photographed(stand) for stand in MORE), "board")
    stream.run([photographed(UPRIGHT)] * 6, "board")
    stream.run([edge_held_up()] * 12, "board")
    stream.run([DARK] * 16, "card")
    stream.run([card()] * 16, "card")
    bright_from, before = np.inf, False
    for number in range(400):
        light = SCENE * (1.2 if number > bright_from + 1 else 1.0)
        look = stream.show(light)
        if look.complete:
            return
        if look.flash and not before:
            bright_from = number + 1
            stream.session.lit(stream.at + 0.5 * PERIOD_S)
        if not look.flash:
            bright_from = np.inf
        before = bool(look.flash)


@pytest.fixture(scope="module")
def whole() -> Analysis:
    stream = Stream(CameraSession(BOARD))
    shown(stream)
    assert stream.session.complete
    return stream.session.finish({"focus_sfr50": SFR50 / 0.95})


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profiles(FOLDER)["camera"]


# -- what it finds --------------------------------------------------------------------------------------------


def test_a_known_camera_is_recovered(whole: Analysis) -> None:
    figures = whole.figures
    assert value(figures, "focal_length_x") == pytest.approx(LENS.fx, rel=0.003)
    assert value(figures, "focal_length_y") == pytest.approx(LENS.fy, rel=0.003)
    assert value(figures, "principal_point_x") == pytest.approx(LENS.cx, abs=1.5)
    assert value(figures, "principal_point_y") == pytest.approx(LENS.cy, abs=1.5)
    assert value(figures, "lens_k1") == pytest.approx(LENS.distortion[0], abs=0.005)
    assert value(figures, "corner_displacement") == pytest.approx(LENS.corner_displacement, abs=2.0)
    assert value(figures, "field_coverage") == 100


def test_the_place_of_the_portrait_is_that_of_the_upright_board(whole: Analysis) -> None:
    assert value(whole.figures, "portrait_distance") == pytest.approx(520, rel=0.005)
    assert value(whole.figures, "pixels_per_mm") == pytest.approx(618 / 520, rel=0.005)
    assert value(whole.figures, "portrait_tilt") == pytest.approx(np.hypot(2, 3), abs=1)


def test_the_focus_is_that_of_the_edge_and_compared_with_the_baseline(whole: Analysis) -> None:
    for name in ("focus_sfr50", "focus_sfr50_centre", "focus_sfr50_eyes"):
        assert value(whole.figures, name) == pytest.approx(SFR50, rel=0.05)
    assert value(whole.figures, "focus_kept") == pytest.approx(95, rel=0.05)
    assert "focus_by_edge_target" in {curve.name for curve in whole.curves}


def test_the_card_tells_fall_off_and_white(whole: Analysis) -> None:
    # As in the test of the flat field: an eighth of each side at the corner and about the centre.
    expected = 100 * (1 - (1 - 0.3 * 0.7708) / (1 - 0.3 / 192))
    assert value(whole.figures, "corner_fall_off") == pytest.approx(expected, abs=0.5)
    assert value(whole.figures, "white_gain_red") == pytest.approx(0.9, rel=0.02)
    assert value(whole.figures, "white_gain_blue") == pytest.approx(0.9 / 0.75, rel=0.02)
    assert value(whole.figures, "card_clipped") == 0
    # Noise of one level above black: half of it is cut off, a third of a level is left, 1 / 3294 a level.
    assert 0 < value(whole.figures, "dark_level") < 0.05
    assert {"corner_coverage", "flat_field", "flat_field_gain"} == {one.name for one in whole.maps}


def test_light_and_stamps_tell_steadiness_rate_and_latency(whole: Analysis) -> None:
    assert value(whole.figures, "exposure_steadiness") < 0.1
    assert value(whole.figures, "frame_rate") == pytest.approx(25)
    assert value(whole.figures, "frames_late") == 0
    # Lit half a period after a frame, seen from the third one on: 2.5 periods.
    assert value(whole.figures, "latency") == pytest.approx(2.5 * 1000 * PERIOD_S)
    (levels,) = (curve for curve in whole.curves if curve.name == "level_over_frames")
    assert len(levels.points) == 60


def test_each_view_has_its_rest_in_a_curve(whole: Analysis) -> None:
    (views,) = (curve for curve in whole.curves if curve.name == "reprojection_per_view")
    assert len(views.points) >= 20
    assert max(rms for _, rms in views.points) == pytest.approx(value(whole.figures, "reprojection_worst"))


def test_the_cameras_profile_judges_it(whole: Analysis, profile: Profile) -> None:
    report = judge.judge(whole, profile, baseline={"focus_sfr50": SFR50 / 0.95})
    status = {finding.measure: finding.status for finding in report.findings}
    assert judge.proven(report)
    assert [measure for measure in profile.asked if status[measure] is not Status.PASS] == [
        # 520 mm and 618 / 520 px/mm: this camera stands too near and sees too little.
        *("portrait_distance", "pixels_per_mm"),
    ]
    softer = judge.judge(whole, profile, baseline={"focus_sfr50": SFR50 / 0.8})
    (focus_finding,) = (finding for finding in softer.findings if finding.measure == "focus_sfr50")
    assert focus_finding.status is Status.FAIL


# -- what it asks and refuses ---------------------------------------------------------------------------------


def mirrored(frame: Pixels) -> Pixels:
    return np.ascontiguousarray(frame[:, ::-1])


def other(_: Pixels) -> Pixels:
    drawn = np.pad(draw_board(Board(7, 5), 40), 60, constant_values=150)[:480, :640]
    return np.pad(drawn, ((0, 480 - drawn.shape[0]), (0, 640 - drawn.shape[1])), constant_values=150)


REFUSED: dict[str, Callable[[Pixels], Pixels]] = {
    "no_board": lambda frame: np.full_like(frame, 128),
    "mirrored": mirrored,
    "other_board": other,
    "blurred": lambda frame: np.asarray(cv().GaussianBlur(frame, (0, 0), 2.3)),
    "few_corners": lambda frame: np.where(np.arange(640) < 230, frame, 128).astype(np.uint8),
    "other_size": lambda frame: frame[:400],
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_frame_that_gives_no_view_says_why(reason: str) -> None:
    stream = Stream(CameraSession(BOARD))
    frame = photographed((0.5, 0.5, 320.0, 5.0, 5.0))
    assert stream.show(frame).reason == ""
    look = stream.show(REFUSED[reason](frame), noise=0.0)
    assert (look.reason, look.views, look.step) == (reason, 1, "board")


def test_a_board_far_away_is_too_small_for_the_field() -> None:
    camera = replace(LENS, width=1280, height=720, cx=640.0, cy=360.0)
    assert (
        Stream(CameraSession(BOARD)).show(photographed((0.5, 0.5, 800.0, 3.0, 3.0), camera)).reason
        == "too_small"
    )


def test_the_same_view_again_and_again_is_said_and_counts_once() -> None:
    stream = Stream(CameraSession(BOARD))
    frame = photographed((0.5, 0.5, 330.0, 20.0, 20.0))
    looks = [stream.show(frame) for _ in range(20)]
    assert {look.views for look in looks} == {1}
    assert (looks[2].reason, looks[-1].reason) == ("", "same_view")
    assert looks[-1].cells and looks[-1].tilts == (4, 4)
    xs, ys = zip(*looks[-1].outline, strict=True)
    assert (max(xs) + min(xs)) / 2 == pytest.approx(0.5, abs=0.1)
    assert (max(ys) + min(ys)) / 2 == pytest.approx(0.5, abs=0.1)


def test_a_frozen_stream_is_refused_but_darkness_may_be_alike() -> None:
    stream = Stream(CameraSession(BOARD))
    frame = photographed((0.5, 0.5, 330.0, 20.0, 20.0))
    assert [stream.show(frame, noise=0.0).reason for _ in range(8)][-3:] == ["frozen"] * 3
    stream.session.skip()
    assert {stream.show(DARK, noise=0.0).reason for _ in range(8)} == {"covered"}


def test_a_frame_that_is_no_later_than_the_last_says_nothing() -> None:
    session = CameraSession(BOARD)
    frame = Frame(np.repeat(photographed(MORE[0])[..., None], 3, axis=2), 1, 5.0)
    assert session.look(frame).reason == ""
    assert session.look(replace(frame, number=2)).reason == "bad_stamps"


def told(monkeypatch: pytest.MonkeyPatch, views: Sequence[View | Unusable]) -> Callable[[], Look]:
    """Give a session these views in place of what it would find, one a frame; the next look is returned."""
    session, rest, numbers = CameraSession(BOARD), iter(views), count(1)
    monkeypatch.setattr(board_step, "find_view", lambda *_: next(rest))

    def look() -> Look:
        number = next(numbers)
        return session.look(Frame(np.full((480, 640, 3), number, np.uint8), number, float(number)))

    look.session = session  # type: ignore[attr-defined]
    return look


def test_poor_coverage_never_passes(monkeypatch: pytest.MonkeyPatch, profile: Profile) -> None:
    left = [
        seen((0.18 + 0.03 * (n % 5), 0.3 + 0.04 * (n // 5 % 6), 480.0 + 4 * n, *MORE[n % 40][3:]), noise_px=0.1)
        for n in range(MOST_VIEWS * 3)
    ]
    look = told(monkeypatch, left)
    looks = [look() for _ in left]
    session: CameraSession = look.session  # type: ignore[attr-defined]
    assert {(row, 3) for row in range(4)} <= set(looks[-1].cells)
    assert session.step == "board"
    session.skip()
    figures = session.finish().figures
    report = judge.judge(session.finish(), profile)
    assert report.report.verdict is Verdict.FAIL
    assert not judge.proven(report)
    assert all(figure.value is None for figure in figures if figure.measure.startswith("reprojection"))


def test_views_that_prove_wrong_are_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    good = [seen(stand, noise_px=0.1, seed=n) for n, stand in enumerate(MORE)]
    spoilt = [seen(stand, noise_px=4.0, seed=n) for n, stand in enumerate(MORE[:6])]
    look = told(monkeypatch, [*spoilt, *good[6:], *good[:6], seen(UPRIGHT)])
    looks = [look() for _ in range(len(MORE) + 7)]
    assert looks[VIEWS - 1].views < VIEWS
    assert looks[-1].reason == "edge_target"
    assert not looks[-1].cells


def test_a_skipped_step_is_not_measured_and_the_rest_is(profile: Profile) -> None:
    stream = Stream(CameraSession(BOARD))
    stream.show(photographed(MORE[0]))
    stream.session.skip()
    stream.run([card()] * 16, "card")
    assert stream.session.step == "still"
    stream.session.skip()
    analysis = stream.session.finish()
    figures = {figure.measure: figure for figure in analysis.figures}
    assert figures["corner_fall_off"].value is not None
    assert figures["dark_level"].reason == "not_measured"  # nobody covered the lens
    for measure in set(CAMERA_MEASURES) - {"corner_fall_off", "card_clipped"}:
        assert figures[measure].reason == "not_measured" or measure.startswith("white"), measure
    assert not judge.proven(judge.judge(analysis, profile))
    assert stream.show(SCENE).complete


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (np.full((480, 640), 255.0), "clipped"),
        (np.full((480, 640), 30.0), "too_dark"),
        (SCENE, "not_even"),
        (DARK, "covered"),
    ],
)
def test_what_is_no_card_says_why(picture: np.ndarray, reason: str) -> None:
    stream = Stream(CameraSession(BOARD))
    stream.session.skip()
    look = stream.show(picture, noise=0.0)
    assert (look.step, look.reason, look.views, look.views_needed) == ("card", reason, 0, 16)


def still() -> Stream:
    stream = Stream(CameraSession(BOARD))
    stream.session.skip()
    stream.session.skip()
    return stream


def test_a_movement_begins_the_count_again_and_a_flicker_does_not() -> None:
    stream = still()
    assert stream.run([SCENE] * 20, "still")[-1].views == 20
    moved = stream.show(np.roll(SCENE, 90, axis=1))
    assert (moved.reason, moved.views) == ("moving", 0)
    stream.show(SCENE)
    # Levels 2 % up and down: about 4.5 % of light, a standard deviation of as much.
    looks = stream.run([SCENE * (1 + 0.02 * (-1) ** n) for n in range(60)], "still")
    assert looks[-1].views == 60
    flicker = value(stream.session.finish().figures, "exposure_steadiness")
    assert flicker == pytest.approx(4.4, abs=0.4)


def test_a_flash_that_nobody_confirms_is_no_latency() -> None:
    stream = still()
    looks = stream.run([SCENE] * (60 + 20 + WAIT_FRAMES + 5), "still")
    assert {look.flash for look in looks[59:]} == {False, True, None}
    assert stream.session.complete
    assert "not_confirmed" in reasons(stream.session.finish().figures)
    assert FLASHES > 1


# -- the profile ----------------------------------------------------------------------------------------------


def test_a_cameras_profile_asks_no_figure_of_a_scanner_nor_the_other_way_round(tmp_path: Path) -> None:
    for profile in load_profiles(FOLDER).values():
        wanted = CAMERA_MEASURES if profile.name == "camera" else SCANNER_MEASURES
        assert set(profile.asked) <= set(wanted), profile.name
    path = tmp_path / "both.toml"
    limit = 'high = 1\nsource = "ours"\nmark = "ours"\n'
    path.write_text(
        f'name="a"\ntitle="a"\nversion="1"\n[limits.skew]\n{limit}[limits.latency]\n{limit}', "utf-8"
    )
    with pytest.raises(SettingsError, match="problem=wrong_value"):
        load_file(path)
