"""The focus of a camera by the edges of the board itself."""

import numpy as np
import pytest

from station.calibration.camera.board import draw_board
from station.calibration.camera.focus import focus
from station.calibration.camera.focus_edges import board_edges, lone_edges
from station.calibration.camera.views import View, find_view
from station.imaging.cv import cv
from station.model.image import Pixels
from tests.boards import BOARD, photographed

BLUR_PX = 1.2
SFR50 = float(np.sqrt(np.log(2) / 2) / np.pi / BLUR_PX)
"""exp(-2 (pi sigma f) ** 2) = 1/2 at f = sqrt(ln 2 / 2) / (pi sigma)."""


def close_up(degrees: float) -> Pixels:
    """The board before a 720p camera, turned, its upper rim at eye height, with a known blur."""
    finer = 2
    drawn = np.where(draw_board(BOARD, 100 * finer) < 128, 0.05, 0.7)
    sheet = cv().GaussianBlur(drawn, (0, 0), BLUR_PX * finer)
    turn = cv().getRotationMatrix2D((sheet.shape[1] / 2, 12 / 25.4 * 100 * finer), degrees, 1 / finer)
    turn[:, 2] += (640 - sheet.shape[1] / 2, 0.45 * 720 - 12 / 25.4 * 100 * finer)
    seen_so = cv().warpAffine(sheet, turn, (1280, 720), flags=cv().INTER_LINEAR, borderValue=0.7)
    return np.rint((1.055 * seen_so ** (1 / 2.4) - 0.055) * 255).astype(np.uint8)


def test_a_large_board_that_is_turned_gives_the_focus_itself() -> None:
    frame = close_up(5)
    view = find_view(frame, BOARD)
    assert isinstance(view, View)
    found, _ = board_edges(frame, view, BOARD)
    assert set(found) == {"centre", "eyes"}
    for region in found.values():
        assert focus(region)[0].value == pytest.approx(SFR50, rel=0.05)


def test_a_straight_board_only_has_to_be_turned_and_a_small_one_gives_no_edge() -> None:
    frame = close_up(0)
    view = find_view(frame, BOARD)
    assert isinstance(view, View)
    assert board_edges(frame, view, BOARD) == ({}, True)
    small = photographed((0.5, 0.5, 520.0, 2.0, -3.0))
    view = find_view(small, BOARD)
    assert isinstance(view, View)
    assert board_edges(small, view, BOARD) == ({}, False)


def test_a_lone_edge_is_black_beside_white_and_nobody_s_shoulder() -> None:
    frame = np.full((720, 1280, 3), 200, np.uint8)
    frame[:, 640:] = 120  # linear light 0.58 and 0.19
    assert lone_edges(frame) == {}
    frame[:, 640:] = 40  # 0.02
    parts = lone_edges(frame)
    assert {name: part.shape for name, part in parts.items()} == dict.fromkeys(
        ("centre", "eyes"), (100, 100, 3)
    )
