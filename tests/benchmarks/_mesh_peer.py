"""MediaPipe's face landmarker, in a process of its own; not a dependency, absent it says so.

MESH_MEDIAPIPE names a Python that has the extra `mediapipe`, which wants an OpenCV of its own; without it this
Python is asked.
"""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from station.imaging.canonical_face import FACE_MODELS
from station.model.image import Pixels

PYTHON = "MESH_MEDIAPIPE"

_CHILD = """
import io, json, struct, sys, time, zipfile
from pathlib import Path
out, sys.stdout = sys.stdout, sys.stderr
import numpy as np
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision
bundle = io.BytesIO()
with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:
    for part in ("face_detector.tflite", "face_landmarks_detector.tflite", "face_blendshapes.tflite",
                 "geometry_pipeline_metadata_landmarks.binarypb"):
        archive.write(Path(sys.argv[1]) / part, part)
options = vision.FaceLandmarkerOptions(base_options=BaseOptions(model_asset_buffer=bundle.getvalue()))
landmarker = vision.FaceLandmarker.create_from_options(options)
print(json.dumps(mp.__version__), file=out, flush=True)
while head := sys.stdin.buffer.read(8):
    width, height = struct.unpack("<II", head)
    pixels = np.frombuffer(sys.stdin.buffer.read(3 * width * height), np.uint8).reshape(height, width, 3)
    wall, cpu = time.perf_counter(), time.process_time()
    found = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=pixels)).face_landmarks[0]
    wall, cpu = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)
    points = [(point.x * width, point.y * height) for point in found]
    print(json.dumps([wall, cpu, points]), file=out, flush=True)
"""


Points = NDArray[np.floating[Any]]


class Meshed(NamedTuple):
    """What a picture cost, wall time and CPU time of all threads, and its mesh (478, 2) in pixels."""

    wall_ms: float
    cpu_ms: float
    points: Points


@dataclass(frozen=True, slots=True)
class Landmarker:
    """MediaPipe's landmarker on single pictures, one face, on the CPU."""

    child: subprocess.Popen[bytes] = field(repr=False)
    version: str

    def find(self, pixels: Pixels) -> Meshed:
        """Find the face of a picture."""
        assert self.child.stdin
        height, width = pixels.shape[:2]
        self.child.stdin.write(struct.pack("<II", width, height) + pixels.tobytes())
        self.child.stdin.flush()
        wall_ms, cpu_ms, points = _answer(self.child)
        return Meshed(wall_ms, cpu_ms, np.array(points))


@contextmanager
def landmarker() -> Iterator[Landmarker | None]:
    """Give the landmarker if it is here; say on stderr that it is not."""
    command = [os.environ.get(PYTHON, sys.executable), "-c", _CHILD, str(FACE_MODELS)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet) as child:
        try:
            version = _answer(child)
        except ValueError:
            print(f"no peer mediapipe: {PYTHON} names no Python that has it, nor has this one", file=sys.stderr)
            yield None
            return
        yield Landmarker(child, version)


def _answer(child: subprocess.Popen[bytes]) -> Any:
    assert child.stdout
    return json.loads(child.stdout.readline())
