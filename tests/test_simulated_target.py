"""Calibration targets before the simulated devices: what is measured of them is what the devices were given."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest

from drivers.simulated.board import FALL_OFF, POSES, Lens, MovedBoard
from drivers.simulated.driver import SimulatedDriver
from drivers.simulated.escl_server import EsclServer
from drivers.simulated.glass import glass_px, lying
from drivers.simulated.people import GRAIN, grainy
from drivers.simulated.placement import Placement, truth
from drivers.simulated.props import CAMERA_ID, SCANNER_ID, Stage
from station.calibration.analyse import analyse
from station.calibration.camera.board import Board, draw_board
from station.calibration.camera.flat_field import LEAST_FRAMES, flat_field
from station.calibration.camera.intrinsics import calibrate
from station.calibration.camera.views import View, distinct, find_view, missing
from station.calibration.geometry import measure_geometry
from station.calibration.label import text_of
from station.calibration.locate import locate
from station.devices.cancel import CancelToken
from station.devices.device import Camera, Scanner
from station.errors import DeviceNotFound, TargetRefused, Unsupported
from station.model.calibration import Analysis
from station.model.capability import Area, CameraSettings, ColourMode, ScanSettings
from station.model.degradation import SOUND, Degradation, Speck, Streak
from station.model.image import Pixels
from station.model.quality import Status
from station.model.specimen import Flaw, Paper, PaperKind, Props
from station.model.target import TargetKind
from tests.contracts import scanned
from tests.escl_rig import opened
from tests.laid_targets import LABELS, LAYOUTS, drawn

GREY = ScanSettings(mode=ColourMode.GREY, resolution_dpi=150)
CARD = replace(GREY, resolution_dpi=300, area=Area(0, 0, 110, 75))
EXACT = replace(SOUND, scale=(0.002, -0.001), skew=0.4, shear=0.05, shift_px=(3.0, -2.0))


def paper(kind: TargetKind, dpi: float = 600.0, *flaws: Flaw) -> Paper:
    return Paper(PaperKind.TARGET, flaws=flaws, drawing=drawn(kind, dpi), drawing_dpi=dpi)


@pytest.fixture
def driver() -> SimulatedDriver:
    driver = SimulatedDriver()
    driver.configure({"pace": "instant"})
    return driver


@pytest.fixture
def scanner(driver: SimulatedDriver) -> Iterator[Scanner]:
    with closing(opener(driver, SCANNER_ID)) as scanner:
        yield scanner


@pytest.fixture
def camera(driver: SimulatedDriver) -> Iterator[Camera]:
    with closing(opener(driver, CAMERA_ID)) as camera:
        yield camera


def opener(driver: SimulatedDriver, device_id: str) -> Any:
    return driver.open(next(info for info in driver.find() if info.id == device_id))


def scan(scanner: Scanner, settings: ScanSettings) -> Pixels:
    (page,) = scanned(scanner, settings)
    return page.pixels


def measured(pixels: Pixels, kind: TargetKind, dpi: float = 300.0) -> Analysis:
    return analyse(pixels, kind, LAYOUTS, [text_of(LABELS[kind])], claimed=(dpi, dpi), today=date(2026, 3, 2))


def values(pixels: Pixels) -> dict[str, float]:
    figures = measure_geometry(locate(pixels, LAYOUTS, payloads=[])).figures
    return {figure.measure: figure.value for figure in figures if figure.value is not None}


# -- the scanner ----------------------------------------------------------------------------------------------


def test_a_target_is_scanned_as_the_wear_says(scanner: Scanner, driver: SimulatedDriver) -> None:
    sheet = paper(TargetKind.A4)
    driver.props.lay((sheet,))
    driver.props.wear(SCANNER_ID, EXACT)
    pixels = scan(scanner, replace(GREY, resolution_dpi=300))
    assert pixels.shape == (3508, 2480)
    located = locate(pixels, LAYOUTS, payloads=[])
    at = Placement.of(lying(sheet, EXACT, 300), (210.0, 297.0), 300, glass_px(300))
    true = truth(at, [feature.sheet for feature in located.features])
    found = {f.measure: f.value for f in measured(pixels, TargetKind.A4).figures if f.value is not None}
    # 0.1 % and 0.02 degrees are what the calibration promises.
    assert (found["resolution_x"], found["resolution_y"]) == pytest.approx((true.ppi_x, true.ppi_y), rel=1e-3)
    assert found["skew"] == pytest.approx(true.skew, abs=0.02)
    assert found["orthogonality"] == pytest.approx(true.orthogonality, abs=0.02)
    assert found["noise_mean"] == pytest.approx(SOUND.noise, rel=0.1)
    assert found["sfr50_x_centre_left"] == pytest.approx(EXACT.crossing(0.5, 5), rel=0.05)


def test_a_card_lies_small_on_the_glass_with_the_lid_round_it(
    scanner: Scanner, driver: SimulatedDriver
) -> None:
    driver.props.lay((paper(TargetKind.CARD),))
    pixels = scan(scanner, replace(CARD, mode=ColourMode.COLOUR))
    assert pixels.shape == (round(75 * 300 / 25.4), round(110 * 300 / 25.4), 3)
    assert values(pixels)["resolution_x"] == pytest.approx(300 * (1 + SOUND.scale[0]), rel=1e-3)
    lid, rim = pixels[-40:], pixels[40:70, 90:-330]  # 75 mm down, and before the card begins at 7 mm
    assert 195 < lid.mean() < 215 and lid.std() < 3 and abs(rim.mean() - lid.mean()) < 1
    # Ink and paper stay away from both ends.
    assert np.percentile(pixels, 0.1) > 5 and np.percentile(pixels, 99.9) < 250


def test_the_whole_glass_and_an_area_show_the_same_card(scanner: Scanner, driver: SimulatedDriver) -> None:
    driver.props.lay((paper(TargetKind.CARD, 300.0),))
    driver.props.wear(SCANNER_ID, replace(EXACT, noise=0.0))
    whole = scan(scanner, GREY)
    part = scan(scanner, replace(GREY, area=Area(25.4, 25.4, 50.8, 25.4)))
    assert np.array_equal(part, whole[150:300, 150:450])
    assert whole.shape == (1754, 1240)


def test_no_two_scans_are_equal_and_each_laying_is_a_little_askew(
    scanner: Scanner, driver: SimulatedDriver
) -> None:
    skews = []
    for _ in range(3):
        driver.props.lay((paper(TargetKind.CARD),))
        first, again = scan(scanner, CARD), scan(scanner, CARD)
        assert not np.array_equal(first, again)
        # Two scans of noise 0.4 L* and rounding differ by about one code at most places.
        assert np.abs(first.astype(int) - again).mean() < 2
        skews.append(values(first)["skew"])
        assert values(again)["skew"] == pytest.approx(skews[-1], abs=0.01)
    assert len({round(skew, 2) for skew in skews}) == 3
    assert all(0.08 < abs(skew) < 0.32 for skew in skews)


BAD: dict[str, tuple[Paper | None, str]] = {
    "no target": (None, "no_target"),
    "another paper": (Paper(PaperKind.FORM), "no_target"),
    "wrong target": (paper(TargetKind.CARD, 300.0), "wrong_target"),
    "upside down": (paper(TargetKind.A4, 300.0, Flaw.UPSIDE_DOWN), "upside_down"),
    "half on the glass": (paper(TargetKind.A4, 300.0, Flaw.HALF_OFF), "cut_off"),
    "covered": (paper(TargetKind.A4, 300.0, Flaw.COVERED), "covered"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_laid_down_wrong_is_refused(case: str, scanner: Scanner, driver: SimulatedDriver) -> None:
    sheet, reason = BAD[case]
    driver.props.lay((sheet,) if sheet else ())
    pixels = scan(scanner, GREY)
    with pytest.raises(TargetRefused) as refused:
        locate(pixels, {TargetKind.A4: LAYOUTS[TargetKind.A4]}, payloads=[])
    assert refused.value.context["reason"] == reason


def test_a_scanner_that_claims_a_wrong_resolution_is_found_out(
    scanner: Scanner, driver: SimulatedDriver
) -> None:
    driver.props.lay((paper(TargetKind.CARD),))
    driver.props.wear(SCANNER_ID, replace(SOUND, scale=(-1 / 3, -1 / 3)))
    (page,) = scanned(scanner, replace(CARD, resolution_dpi=300))
    assert page.dpi == (300, 300)
    assert values(page.pixels)["resolution_x"] == pytest.approx(200, rel=1e-3)


def test_a_lamp_too_bright_burns_the_paper_out(scanner: Scanner, driver: SimulatedDriver) -> None:
    driver.props.lay((paper(TargetKind.CARD),))
    driver.props.wear(SCANNER_ID, replace(SOUND, white=1.3))
    assert (scan(scanner, CARD)[100:700, 90:1090] == 255).mean() > 0.2


@pytest.mark.parametrize("flaw", [Flaw.DARK, Flaw.FADED, Flaw.BLURRED, Flaw.TILTED, Flaw.GLARE])
def test_other_flaws_change_a_target_too(flaw: Flaw, scanner: Scanner, driver: SimulatedDriver) -> None:
    driver.props.wear(SCANNER_ID, replace(SOUND, noise=0.0))
    pictures = []
    for flaws in ((), (flaw,)):
        driver.props.lay((paper(TargetKind.CARD, 300.0, *flaws),))
        pictures.append(scan(scanner, replace(CARD, resolution_dpi=150)).astype(int))
    assert (np.abs(pictures[0] - pictures[1]) > 3).mean() > 0.005


def test_a_binary_scan_of_a_target_has_two_values(scanner: Scanner, driver: SimulatedDriver) -> None:
    driver.props.lay((paper(TargetKind.CARD, 300.0),))
    assert set(np.unique(scan(scanner, replace(GREY, mode=ColourMode.BINARY)))) == {0, 255}


def test_dirt_and_an_old_lamp_show_on_every_page(scanner: Scanner, driver: SimulatedDriver) -> None:
    clean = scan(scanner, GREY)
    wear = Degradation(specks=(Speck(400.0, 700.0, 9.0, 0.5),), streaks=(Streak(800, 2, 0.3),), noise=0.4)
    driver.props.wear(SCANNER_ID, wear)
    dirty, again = scan(scanner, GREY), scan(scanner, GREY)
    assert dirty[700, 400] < clean[700, 400] - 40 and dirty[100, 800] < clean[100, 800] - 20
    assert np.abs(dirty[:500, :700] - clean[:500, :700].astype(int)).max() < 8
    assert not np.array_equal(dirty, again)
    driver.props.lay((Paper(PaperKind.FORM),))
    driver.props.wear(SCANNER_ID, Degradation(white=0.7))
    form = scan(scanner, GREY)
    driver.props.wear(SCANNER_ID, None)
    sound = scan(scanner, GREY)
    # Paper of 251, 251, 249: IEC 61966-2-1 gives 0.963 of the light in grey, 0.7 of that codes as 214.
    assert (np.median(sound), np.median(form)) == pytest.approx((251, 214), abs=1)


def test_only_the_scanner_wears_out() -> None:
    props: Props = Stage()
    with pytest.raises(Unsupported):
        props.wear(CAMERA_ID, SOUND)
    with pytest.raises(DeviceNotFound):
        props.wear("simulated:other", SOUND)


def test_a_network_scanner_scans_the_same_target() -> None:
    stage = Stage()
    stage.lay((paper(TargetKind.CARD),))
    stage.wear(SCANNER_ID, replace(EXACT, skew=-0.6))
    with EsclServer(stage) as server, closing(opened(server.url)) as scanner:
        pixels = scan(scanner, CARD)
    found = values(pixels)
    assert found["resolution_x"] == pytest.approx(300.6, rel=1e-3)
    assert found["skew"] == pytest.approx(-0.6, abs=0.02)


# -- the camera -----------------------------------------------------------------------------------------------

BOARD = Board()


@pytest.fixture(scope="module")
def board() -> Paper:
    return Paper(PaperKind.TARGET, drawing=draw_board(BOARD, 150), drawing_dpi=150)


def test_the_moved_board_covers_the_field_and_gives_the_lens_back(board: Paper) -> None:
    lens = Lens.at(1280, 720)
    moved = MovedBoard(board, lens)
    frames = [grainy(moved.picture(number), GRAIN, number + 1) for number in range(len(POSES))]
    views = [view for view in (find_view(frame, BOARD) for frame in frames) if isinstance(view, View)]
    assert len(views) == len(distinct(views)) == len(POSES) >= 24
    assert not missing(views)
    found = calibrate(views, BOARD)
    assert (found.status, found.reasons) == (Status.PASS, ())
    camera = found.camera
    assert camera is not None
    assert (camera.fx, camera.fy) == pytest.approx((lens.fx, lens.fy), rel=0.002)
    assert (camera.cx, camera.cy) == pytest.approx((lens.cx, lens.cy), abs=1.0)
    assert camera.distortion[0] == pytest.approx(lens.k1, abs=0.005)


def test_the_camera_holds_each_pose_and_then_moves_on(
    board: Paper, camera: Camera, driver: SimulatedDriver
) -> None:
    driver.props.show(board)
    with closing(camera.frames(CameraSettings(1280, 720, fps=30), CancelToken())) as stream:
        frames = [frame.pixels.astype(int) for frame in islice(stream, 19)]
    moved = [np.abs(one - other).mean() > 4 for one, other in pairwise(frames)]
    # 0.3 s at 30 frames a second are nine frames.
    assert [number for number, far in enumerate(moved, 1) if far] == [9, 18]
    still = camera.still(CameraSettings(1280, 720), CancelToken())
    assert still.pixels.shape == (1080, 1920, 3)
    assert isinstance(find_view(still.pixels, BOARD), View)
    driver.props.show(replace(board, drawing=np.full((40, 60), 200, np.uint8)))
    card = camera.still(CameraSettings(1280, 720), CancelToken())
    assert card.pixels.std() < 20 and not isinstance(find_view(card.pixels, BOARD), View)


def test_an_even_card_fills_the_field_and_shows_the_fall_off_of_the_lens() -> None:
    lens = Lens.at(1280, 720)

    def frames(level: int) -> list[Pixels]:
        card = Paper(PaperKind.TARGET, drawing=np.full((40, 60), level, np.uint8), drawing_dpi=25.4)
        picture = MovedBoard(card, lens).picture(0)
        return [grainy(picture, GRAIN, number) for number in range(1, LEAST_FRAMES + 1)]

    (figure,) = flat_field(frames(200), frames(0)).figures
    # With u and v from -1 to 1 over each side the light is 1 - 0.25 (u² 16² + v² 9²) / (16² + 9²). An eighth of
    # each side is looked at: u² and v² are 0.7708 there in the corners, on the mean, and 1/192 in the middle.
    expected = 100 * (1 - (1 - FALL_OFF * 0.7708) / (1 - FALL_OFF / 192))
    assert figure.value == pytest.approx(expected, abs=0.5)
