"""Colour misregistration from slanted edges, against channels that were moved by known amounts."""

import numpy as np
import pytest

from station.calibration.edge_line import EdgeLine, find_line
from station.calibration.edges import Edge
from station.calibration.registration import apart, registration
from station.model.calibration import Figure
from tests.slanted import Floats, edge

DEGREES = 5.0
SLOPE = np.tan(np.radians(DEGREES))


def line_of(light: Floats) -> EdgeLine:
    found = find_line(light)
    assert isinstance(found, EdgeLine)
    return found


def side(name: str, direction: str, shifts: tuple[tuple[float, float], ...], square: str = "centre") -> Edge:
    """Draw one side, each channel moved by its (x, y) in px.

    A move by (dx, dy) takes the edge x = p + s y along its row by dx - s dy, and y = p + s x by dy - s dx; the
    top and bottom of a square turned clockwise run the other way than its sides.
    """
    sign = 1 if direction == "y" else -1
    channels = []
    for x, y in shifts:
        along, across = (x, y) if direction == "x" else (y, x)
        channels.append(edge(sign * DEGREES, 0.6, at=along - sign * SLOPE * across))
    light = np.stack(channels, axis=2)
    return Edge(square, name, direction, True, light if name in {"right", "bottom"} else 1 - light)


def square(*shifts: tuple[float, float], name: str = "centre") -> list[Edge]:
    sides = (("left", "x"), ("right", "x"), ("top", "y"), ("bottom", "y"))
    return [side(at, direction, shifts, name) for at, direction in sides]


def values(figures: tuple[Figure, ...]) -> dict[str, float | None]:
    return {figure.measure: figure.value for figure in figures}


def test_a_quarter_pixel_is_found_within_two_hundredths() -> None:
    green, red = line_of(edge(5, 0.6)), line_of(edge(5, 0.6, at=0.25))
    assert apart(red, green) == pytest.approx(0.25, abs=0.02)
    assert apart(green, red) == pytest.approx(-0.25, abs=0.02)


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_red_and_blue_are_found_along_both_axes(noise: float) -> None:
    random = np.random.default_rng(3)
    edges = [
        Edge(one.square, one.side, one.direction, True, one.light + random.normal(0, noise, one.light.shape))
        for one in square((0.25, -0.6), (0.0, 0.0), (-0.4, 0.1))
    ]
    found = values(registration(edges))
    assert found == {
        "channel_shift_rg": pytest.approx(0.25, abs=0.02),
        "channel_shift_bg": pytest.approx(-0.4, abs=0.02),
        "channel_shift_rg_y": pytest.approx(-0.6, abs=0.02),
        "channel_shift_bg_y": pytest.approx(0.1, abs=0.02),
    }


def test_the_square_with_the_largest_shift_speaks() -> None:
    none, some = ((0.1, 0.0), (0.0, 0.0), (0.0, 0.0)), ((-0.3, 0.0), (0.0, 0.0), (0.0, 0.0))
    found = values(registration(square(*none, name="left") + square(*some, name="right")))
    assert found["channel_shift_rg"] == pytest.approx(-0.3, abs=0.02)
    assert found["channel_shift_bg"] == pytest.approx(0.0, abs=0.02)


def test_a_channel_that_bleeds_wider_does_not_seem_moved() -> None:
    edges = square((0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
    bled = []
    for one in edges:
        light = one.light.copy()
        light[:, :, 0] = light[:, :, 0] ** 1.5  # a tone curve of its own moves dark into light on every side
        bled.append(Edge(one.square, one.side, one.direction, True, light))
    alone = apart(line_of(bled[0].channels[0]), line_of(bled[0].channels[1]))
    assert abs(alone) > 0.03
    assert values(registration(bled))["channel_shift_rg"] == pytest.approx(0.0, abs=0.01)


def test_grey_has_no_channels_to_compare() -> None:
    grey = [Edge("centre", "left", "x", True, edge(5, 0.6))]
    assert {figure.reason for figure in registration(grey)} == {"grey_only"}


def test_a_lost_edge_refuses_the_figure_and_an_edge_too_small_does_not() -> None:
    good = square((0.25, 0.0), (0.0, 0.0), (0.0, 0.0))
    small = Edge("card", "left", "x", True, np.stack([edge(5, 0.6, size=(40, 40))] * 3, axis=2))
    assert values(registration([*good, small]))["channel_shift_rg"] == pytest.approx(0.25, abs=0.02)
    assert {figure.reason for figure in registration([small])} == {"too_small"}
    blank = Edge("lost", "left", "x", True, np.full((80, 120, 3), 0.5))
    assert {figure.reason for figure in registration([*good, blank])} == {"no_edge"}
    outside = Edge("lost", "left", "x", False, good[0].light)
    assert {figure.reason for figure in registration([*good, outside])} == {"cut_off"}
