"""The face mesh of a live frame: what it costs, beside MediaPipe's landmarker, and how far the two lie apart.

The frames are drawn people, 1280 x 720, and the composite faces of ../shared where they lie there. MediaPipe
looks at the whole frame once; ours looks at the portrait's part too. What that gains shows in the last figure:
both meshes of a frame against MediaPipe's mesh of the large picture that the frame was made from.
"""

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from drivers.simulated.people import seen
from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.specimen import Sitter
from station.quality.face.engine import expressions, find, person
from station.quality.face.landmarks import geometry
from tests.benchmarks._mesh_peer import Meshed, Points, landmarker
from tests.made_faces import SHARED

NAME = "mesh"

SIZE = (1280, 720)
PEOPLE = 6
RUNS = 8
WALL_GREY = 200
LEFT_PX = (SIZE[0] - SIZE[1]) // 2


def measure() -> Iterator[tuple[str, float, str, str, float | None]]:
    """Yield what was measured: what, value, unit, target, the peer's value."""
    composites = [codec.decode(path.read_bytes()).pixels for path in sorted(SHARED.glob("composite/*.jpg"))]
    pictures = [*map(_drawn, range(1, PEOPLE + 1)), *map(_before_a_wall, composites)]
    ours = [_timed(pixels) for pixels in pictures * RUNS]
    with landmarker() as peer:
        theirs = [peer.find(pixels) for pixels in pictures * RUNS] if peer else []
        large = [_in_the_frame(peer.find(pixels).points, pixels) for pixels in composites] if peer else []
    name = f"peer mediapipe {peer.version}" if peer else "no peer"
    for what, unit, mine, other in (
        ("face and mesh", "ms CPU", [one.cpu_ms for one in ours], [one.cpu_ms for one in theirs]),
        ("  the same", "ms", [one.wall_ms for one in ours], [one.wall_ms for one in theirs]),
    ):
        peer_ms = statistics.median(other) if other else None
        yield f"{what}, {name}", statistics.median(mine), unit, "at most 18", peer_ms
    frame = pictures[0]
    (face,) = find(frame, thorough=False)
    yield "expressions", _cost(lambda: expressions(face)), "ms CPU", "at most 3", None
    yield "person and background", _cost(lambda: person(frame)), "ms CPU", "at most 9", None
    empty = np.full((SIZE[1], SIZE[0], 3), WALL_GREY, np.uint8)
    yield "nobody there", _cost(lambda: find(empty, thorough=False)), "ms CPU", "at most 45", None
    still = codec.fit(frame, 4000, 3000)
    yield "a still of 12 megapixels", _cost(lambda: find(still, thorough=True)), "ms CPU", "at most 100", None
    unit, target = "% of the eyes' distance", "at most 1"
    if theirs:
        apart = [_apart(our.points, their.points) for our, their in zip(ours, theirs, strict=True)]
        yield f"mesh against mediapipe's, mean of {len(pictures)}", statistics.mean(apart), unit, target, None
    if large:
        steady = [
            statistics.mean(
                _apart(one.points, known) for one, known in zip(found[PEOPLE:], large, strict=False)
            )
            for found in (ours, theirs)
        ]
        yield "mesh against mediapipe's of the large pictures", steady[0], unit, target, steady[1]


def _timed(pixels: Pixels) -> Meshed:
    """Find the face of a picture, as a live frame is asked."""
    wall, cpu = time.perf_counter(), time.process_time()
    (face,) = find(pixels, thorough=False)
    return Meshed(
        1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu), face.landmarks[:, :2]
    )


def _apart(points: Points, known: Points) -> float:
    """Return the mean distance of two meshes in per cent of the distance between the eyes."""
    far = float(np.linalg.norm(points - known, axis=1).mean())
    return 100 * far / geometry(known.astype(np.float32)).eye_distance


def _drawn(seed: int) -> Pixels:
    return np.ascontiguousarray(seen(Sitter(seed=seed), *SIZE)[: SIZE[1], : SIZE[0]])


def _before_a_wall(composite: Pixels) -> Pixels:
    """Return a composite face as a camera frames it."""
    frame = np.full((SIZE[1], SIZE[0], 3), WALL_GREY, np.uint8)
    side = SIZE[1]
    frame[:, LEFT_PX : LEFT_PX + side] = cv().resize(composite, (side, side), interpolation=cv().INTER_AREA)
    return frame


def _in_the_frame(points: Points, composite: Pixels) -> Points:
    """Return a composite's mesh as it lies in that frame."""
    return np.asarray(points * (SIZE[1] / composite.shape[0]) + [LEFT_PX, 0])


def _cost(work: Callable[[], object]) -> float:
    """Return the CPU time of all threads in ms, the median."""
    times = []
    for _ in range(RUNS + 1):
        began = time.process_time()
        work()
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times[1:])
