"""Faces: found at every place and size, meshed as MediaPipe meshes them, posed as they are turned."""

import csv
import threading
from collections import defaultdict
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.simulated.people import seen
from station.imaging import codec
from station.imaging.canonical_face import POINTS, canonical_face
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.specimen import Sitter
from station.quality.face import engine, networks
from station.quality.face.engine import expressions, find, person
from station.quality.face.expression_names import EXPRESSION_NAMES
from station.quality.face.found import Face
from station.quality.face.landmarks import geometry, widest
from station.quality.face.pose import pose
from tests.made_faces import SHARED

shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="needs the composite faces that lie beside the repository, in ../shared"
)
FRAME = (1280, 720)


@cache
def drawn() -> Pixels:
    """A drawn person, 1280 x 720."""
    return np.ascontiguousarray(seen(Sitter(), *FRAME)[: FRAME[1], : FRAME[0]])


@cache
def references() -> dict[str, NDArray[np.float32]]:
    """What MediaPipe 0.10.33 makes of each picture: (478, 3)."""
    rows = defaultdict(list)
    with (SHARED / "mediapipe_landmarks.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["file"]].append([float(row[axis]) for axis in "xyz"])
    return {name: np.array(points, np.float32) for name, points in rows.items()}


def picture(name: str) -> Pixels:
    return codec.decode((SHARED / name).read_bytes()).pixels


def placed(face: Pixels, width_px: float, middle: tuple[float, float], ground: Pixels | None = None) -> Pixels:
    """Return a frame with a face of this width somewhere; without a ground before a light wall."""
    (found,) = find(face, thorough=False)
    left, top, width, height = found.box
    scale = width_px / width
    small = cv().resize(face, None, fx=scale, fy=scale, interpolation=cv().INTER_AREA)
    frame = np.full((FRAME[1], FRAME[0], 3), 190, np.uint8) if ground is None else ground.copy()
    at = np.round(np.array(FRAME) * middle - np.array([left + width / 2, top + height / 2]) * scale).astype(int)
    low, high = np.maximum(at, 0), np.minimum(at + small.shape[1::-1], FRAME)
    frame[low[1] : high[1], low[0] : high[0]] = small[
        low[1] - at[1] : high[1] - at[1], low[0] - at[0] : high[0] - at[0]
    ]
    return frame


def turned(yaw: float, pitch: float, roll: float) -> Face:
    """Return the canonical face turned by these degrees, as a mesh of a picture would have it."""
    y, p, r = np.radians([yaw, pitch, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    points = np.zeros((478, 3))
    points[:POINTS] = canonical_face().points @ (about_z @ about_y @ about_x).T
    # 20 pixels a centimetre; down and away from the camera count up in a picture.
    return Face((points * [20, -20, -20] + [640, 360, 0]).astype(np.float32), (540, 260, 200, 200), 1.0, 1.0)


# -- finding --------------------------------------------------------------------------------------------------


def test_a_drawn_person_is_found_by_a_face_that_lies_on_the_picture() -> None:
    (face,) = find(drawn(), thorough=False)
    left, top, width, height = face.box
    assert 0 < left < left + width < FRAME[0] and 0 < top < top + height < FRAME[1]
    inside = (face.landmarks[:, :2] >= 0) & (face.landmarks[:, :2] < FRAME)
    assert inside.all() and face.presence > 0.99
    left_eye, right_eye = geometry(face.landmarks).left_eye, geometry(face.landmarks).right_eye
    assert left_eye[0] < right_eye[0], "left is as seen in the picture"


@pytest.mark.parametrize("middle", [(0.5, 0.5), (0.42, 0.3), (0.58, 0.7), (0.2, 0.45)])
def test_a_face_a_twentieth_of_the_frame_wide_is_found(middle: tuple[float, float]) -> None:
    for width_px in (0.05 * FRAME[0], 0.1 * FRAME[0]):
        frame = placed(drawn(), width_px, middle, np.full((720, 1280, 3), 190, np.uint8))
        (face,) = find(frame, thorough=False)
        x, y = face.box[0] + face.box[2] / 2, face.box[1] + face.box[3] / 2
        assert np.hypot(x - middle[0] * FRAME[0], y - middle[1] * FRAME[1]) < width_px / 3


def test_a_second_face_counts_also_when_it_is_a_small_poster_at_the_side() -> None:
    alone = placed(drawn(), 260, (0.5, 0.5))
    (_, _, face_width, _) = find(alone, thorough=False)[0].box
    small = placed(drawn(), 70, (0.5, 0.5))[290:430, 570:710]
    poster = alone.copy()
    poster[60:200, 1120:1260] = small
    first, second = find(poster, thorough=True)
    assert first.box[2] == pytest.approx(face_width, rel=0.05)
    assert second.box[0] > 1100 and second.area < first.area / 9
    beside = alone.copy()
    beside[200:560, 930:1270] = placed(drawn(), 160, (0.5, 0.5))[180:540, 470:810]
    assert len(find(beside, thorough=False)) == 2, "somebody who stands beside is seen live"


@pytest.mark.parametrize(
    "shape", [(1, 1, 3), (1, 1), (1, 3000, 3), (3000, 1), (2, 2, 3), (4000, 4000, 3), (4000, 4000)]
)
def test_a_picture_of_any_shape_without_a_face_has_none(shape: tuple[int, ...]) -> None:
    assert find(np.zeros(shape, np.uint8), thorough=True) == ()
    assert person(np.zeros(shape, np.uint8)).shape == (256, 256)


def test_noise_has_no_face() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    assert find(noise, thorough=True) == ()


def test_grey_mirrored_thinned_and_large_pictures_show_the_same_face() -> None:
    (face,) = find(drawn(), thorough=False)
    shape = geometry(face.landmarks)
    distance = shape.eye_distance
    (mirrored,) = find(drawn()[:, ::-1], thorough=False)
    x, _ = geometry(mirrored.landmarks).eyes_middle
    assert FRAME[0] - 1 - x == pytest.approx(shape.eyes_middle[0], abs=0.05 * distance)
    large = cv().resize(drawn(), (4000, 2250), interpolation=cv().INTER_LINEAR)
    for pixels, scale in ((codec.grey(drawn()), 1), (drawn()[::2, ::2], 0.5), (large, 3.125)):
        (same,) = find(pixels, thorough=True)
        assert geometry(same.landmarks).eye_distance == pytest.approx(scale * distance, rel=0.03)


def test_two_threads_find_the_same_face() -> None:
    found: list[Face] = []
    threads = [
        threading.Thread(target=lambda: found.extend(find(drawn(), thorough=False)), name=f"eye-{number}")
        for number in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    (here,) = find(drawn(), thorough=False)
    assert len(found) == 2
    assert all(np.array_equal(face.landmarks, here.landmarks) for face in found)


def test_a_face_says_nothing_of_whom_it_shows() -> None:
    face = turned(0, 0, 0)
    assert repr(face) == "Face(score=1.0, presence=1.0)"
    with pytest.raises(ValueError, match="read-only"):
        face.landmarks[0] = 0


# -- who is no background -------------------------------------------------------------------------------------


def test_the_person_is_told_from_the_wall() -> None:
    (face,) = find(drawn(), thorough=False)
    mask = person(drawn())
    across, down = (np.array(FRAME) / 256).tolist()
    x, y = geometry(face.landmarks).eyes_middle
    assert mask[int(y / down), int(x / across)] > 0.9
    assert mask[:60, :40].max() < 0.1 and mask[:60, -40:].max() < 0.1


def test_our_last_step_of_the_person_network_is_the_network_s_own() -> None:
    small = cv().resize(drawn(), (256, 256), interpolation=cv().INTER_LINEAR)
    (whole,) = networks.answers(networks.PERSON, networks.tensor(small, 1 / 255))
    assert np.abs(person(drawn()) - whole.reshape(256, 256)).max() < 1e-5


# -- pose and places ------------------------------------------------------------------------------------------


@given(st.floats(-60, 60), st.floats(-40, 40), st.floats(-40, 40))
def test_the_pose_of_a_turned_face_is_how_it_was_turned(yaw: float, pitch: float, roll: float) -> None:
    got = pose(turned(yaw, pitch, roll))
    assert (got.yaw, got.pitch, got.roll) == pytest.approx((yaw, pitch, roll), abs=0.01)


def test_the_signs_of_the_pose_are_those_of_the_standard() -> None:
    straight = turned(0, 0, 0).landmarks
    assert turned(10, 0, 0).landmarks[4, 0] > straight[4, 0], "yaw: nose to the right of the picture"
    assert turned(0, 10, 0).landmarks[4, 1] > straight[4, 1], "pitch: nose down"
    assert turned(0, 0, 10).landmarks[263, 1] < straight[263, 1], "roll: the eye on the right is the higher one"


def test_the_canonical_face_has_its_known_measures() -> None:
    face = canonical_face()
    assert face.points.shape == (468, 3) and face.uv.shape == (468, 2) and face.triangles.shape == (898, 3)
    assert set(face.triangles.ravel().tolist()) == set(range(468))
    assert np.allclose(face.points[33] * [-1, 1, 1], face.points[263]), "the eyes are each other's mirror"
    assert face.points[4, 2] > face.points[[33, 263, 152, 10], 2].max(), "the nose is nearest to the camera"
    # Eye corners -4.446, -1.856 and their mirror: centres 6.30 cm apart, as grown people's are (63 mm).
    assert np.linalg.norm(
        np.subtract(*(face.points[list(pair)].mean(0) for pair in ((33, 133), (362, 263))))
    ) == (pytest.approx(6.3, abs=0.05))


def test_geometry_is_plain_arithmetic_on_the_points() -> None:
    points = np.zeros((478, 3), np.float32)
    points[[33, 133, 362, 263], :2] = (100, 200), (140, 200), (200, 200), (240, 200)
    points[152, :2] = 170, 320
    points[[13, 14], :2] = (170, 270), (170, 276)
    shape = geometry(points)
    assert (shape.left_eye.tolist(), shape.right_eye.tolist()) == ([120, 200], [220, 200])
    assert (shape.eye_distance, shape.t) == (100, 120)
    assert shape.mouth_middle.tolist() == [170, 273]
    assert widest(points, ((13, 14), (82, 87))) == 6


# -- against MediaPipe ----------------------------------------------------------------------------------------


@shared
def test_the_mesh_is_mediapipe_s_within_one_per_cent_of_the_eye_distance() -> None:
    assert len(references()) == 15
    for name, expected in references().items():
        (face,) = find(picture(name), thorough=False)
        apart = np.linalg.norm(face.landmarks[:, :2] - expected[:, :2], axis=1).mean()
        assert apart <= 0.01 * geometry(expected).eye_distance, name


@shared
def test_expressions_of_mediapipe_s_mesh_are_mediapipe_s() -> None:
    with (SHARED / "mediapipe_blendshapes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            said = expressions(Face(references()[row["file"]], (0, 0, 1, 1), 1.0, 1.0))
            assert list(said) == list(row)[1:] == list(EXPRESSION_NAMES)
            # The table's points have two decimals, its strengths four.
            assert max(abs(said[key] - float(row[key])) for key in said) <= 0.001


@shared
@pytest.mark.parametrize("middle", [(0.5, 0.5), (0.43, 0.3)])
def test_every_composite_face_is_found_when_it_is_small(middle: tuple[float, float]) -> None:
    names = [name for name in references() if name.startswith("composite/")]
    missed = [name for name in names if len(find(placed(picture(name), 64, middle), thorough=False)) != 1]
    assert len(names) == 10 and not missed


# -- without its files ----------------------------------------------------------------------------------------


def test_without_its_models_the_engine_says_so_once(tmp_path, monkeypatch, expected_logs) -> None:
    expected_logs.append("no face can be looked for, a model file is not the one that was tested: no_manifest")
    assert engine.missing() == ""
    monkeypatch.setattr(networks, "FOLDER", tmp_path)
    face = turned(0, 0, 0)
    for ask in (
        lambda: find(drawn(), thorough=False),
        lambda: expressions(face),
        lambda: person(drawn()),
    ):
        assert engine.missing() == "no_manifest"
        with pytest.raises(LookupError, match="no_manifest"):
            ask()
