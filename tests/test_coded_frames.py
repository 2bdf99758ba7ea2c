"""Coded pictures of a stream: what is whole, what is damaged, and what comes of it."""

import io

import numpy as np
import pytest
from PIL import Image

from drivers.opencv_camera import coded
from tests.mjpeg_server import SIZE, jpeg, torn


def is_whole(data: bytes) -> bool:
    return coded.is_whole(np.frombuffer(data, np.uint8))


@pytest.mark.parametrize("restart", [{}, {"restart_marker_rows": 1}, {"progressive": True}])
def test_a_change_in_coded_data_that_leaves_a_wrong_mark_is_seen(restart: dict[str, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*SIZE, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", quality=85, **restart)
    whole = file.getvalue()
    assert is_whole(whole)
    assert is_whole(whole + b"\r\n\0\0")
    assert not is_whole(torn(whole))
    assert not is_whole(whole[:-2])
    middle = len(whole) * 3 // 4
    for mark in (b"\xff\xd9", b"\xff\xd8", b"\xff\xd0\xff\xd0"):
        assert not is_whole(whole[:middle] + mark + whole[middle + len(mark) :])
    if restart.get("restart_marker_rows"):
        assert not is_whole(whole.replace(b"\xff\xd3", b"\xff\xd4", 1))


def test_a_header_that_tells_an_impossible_size_is_damage_not_a_crash() -> None:
    whole = jpeg(1)
    at = whole.index(b"\xff\xc0") + 5
    for size in (b"\xff\xff\xff\xff", b"\0\0\0\0"):
        assert coded.decoded(np.frombuffer(whole[:at] + size + whole[at + 4 :], np.uint8)) is None
    assert coded.decoded(np.frombuffer(b"", np.uint8)) is None
    assert coded.decoded(np.frombuffer(whole, np.uint8)) is not None


def test_pictures_of_any_number_of_channels_become_rgb() -> None:
    bgr = np.zeros((2, 2, 3), np.uint8)
    bgr[..., 0] = 200
    assert coded.rgb(bgr)[0, 0].tolist() == [0, 0, 200]
    assert coded.rgb(np.full((2, 2), 7, np.uint8))[0, 0].tolist() == [7, 7, 7]
    assert coded.rgb(np.dstack([bgr, bgr[..., 1]]))[0, 0].tolist() == [0, 0, 200]
