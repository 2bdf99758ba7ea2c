"""The face that is nobody's: the surface which the mesh's points 0 to 467 are points of.

It is Google's canonical face model (Apache-2.0), read out of `geometry_pipeline_metadata_landmarks.binarypb`, a
protocol buffer of MediaPipe's `face_geometry` (field numbers as in its `geometry_pipeline_metadata.proto` and
`mesh_3d.proto`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging.model_file import model_bytes
from station.settings import resources_dir

FACE_MODELS: Final = resources_dir() / "models" / "face"
GEOMETRY: Final = "geometry_pipeline_metadata_landmarks.binarypb"
POINTS: Final = 468
"""How many points of a mesh lie on the face; those after them are the irises."""

_CANONICAL_MESH, _VERTEX_BUFFER, _INDEX_BUFFER = 1, 3, 4
_VARINT, _BYTES = 0, 2
_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True, eq=False)
class CanonicalFace:
    """The canonical face.

    `points` (468, 3) are centimetres, x to the right as seen in the picture, y up, z towards the camera;
    `uv` (468, 2) are places on a flat drawing of the face, 0 to 1; `triangles` (n, 3) are indices of points,
    counter-clockwise as seen from outside. All are read-only.
    """

    points: NDArray[np.float32] = field(repr=False)
    uv: NDArray[np.float32] = field(repr=False)
    triangles: NDArray[np.int32] = field(repr=False)

    def __post_init__(self) -> None:
        """Guard the arrays: there is one canonical face for all."""
        for array in (self.points, self.uv, self.triangles):
            array.setflags(write=False)


@cache
def canonical_face(folder: Path = FACE_MODELS) -> CanonicalFace:
    """Return the canonical face, read once.

    Raises:
        LookupError: its file is missing or not the one that was tested; the reason is a word.
    """
    metadata = dict(_fields(model_bytes(folder, GEOMETRY)))
    mesh = list(_fields(metadata[_CANONICAL_MESH]))
    vertices = np.frombuffer(b"".join(value for number, value in mesh if number == _VERTEX_BUFFER), "<f4")
    corners = [_varint(value, 0)[0] for number, value in mesh if number == _INDEX_BUFFER]
    return CanonicalFace(
        points=vertices.reshape(-1, 5)[:, :3].copy(),
        uv=vertices.reshape(-1, 5)[:, 3:].copy(),
        triangles=np.array(corners, np.int32).reshape(-1, 3),
    )


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield a protocol buffer's fields: number, the bytes of the value (a varint's as they stand)."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        length = _FLOAT_BYTES
        if key & 7 == _VARINT:
            length = _varint(message, at)[1] - at
        elif key & 7 == _BYTES:
            length, at = _varint(message, at)
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at a place, seven bits a byte, and the place after it."""
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
