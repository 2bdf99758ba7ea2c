"""Lanes keep order, tell trouble on, and never keep a wedged call from ending the program."""

import threading
from collections.abc import Iterator

import pytest

from station.errors import PaperJam, StationError
from station.flow.lane import Lane

SOON = 60.0


@pytest.fixture
def heard() -> list[StationError]:
    return []


@pytest.fixture
def lane(heard: list[StationError]) -> Iterator[Lane]:
    opened = Lane("test", heard.append)
    yield opened
    opened.close(SOON)


def test_work_runs_in_order_on_one_thread(lane: Lane) -> None:
    done: list[tuple[int, str]] = []
    for number in range(50):
        lane.post(lambda n=number: done.append((n, threading.current_thread().name)))
    lane.submit(lambda: None).result(SOON)
    assert done == [(number, "lane-test") for number in range(50)]


def test_a_result_and_an_error_reach_whoever_asked(lane: Lane) -> None:
    assert lane.submit(divmod, 7, 2).result(SOON) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        lane.submit(divmod, 7, 0).result(SOON)


def test_trouble_of_the_world_is_told_on(lane: Lane, heard: list[StationError]) -> None:
    def jam() -> None:
        raise PaperJam(device="d", kept=2)

    lane.post(jam)
    lane.submit(lambda: None).result(SOON)
    assert [error.code for error in heard] == ["DV-006"]


def test_a_fault_of_ours_is_logged_and_the_lane_lives(lane: Lane, expected_logs: list[str]) -> None:
    expected_logs.append("a fault of the program on lane test")
    lane.post(lambda: 1 // 0)
    assert lane.submit(lambda: "alive").result(SOON) == "alive"


def test_a_closed_lane_takes_no_work(lane: Lane) -> None:
    assert lane.close(SOON)
    assert lane.submit(lambda: 1).cancelled()


def test_a_wedged_lane_is_abandoned_and_said_in_the_log(expected_logs: list[str]) -> None:
    expected_logs.append("lane wedged did not end")
    release = threading.Event()
    lane = Lane("wedged")
    lane.post(release.wait)
    assert not lane.close(0.0)
    release.set()
    assert lane.close(SOON)
