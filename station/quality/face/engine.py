"""Faces on a picture: their meshes, their expressions, and who is no background.

Google's networks (BlazeFace, Face Mesh with irises, Blendshapes, Selfie Segmentation; see the card beside
them), run by OpenCV. Everything here may be called from any thread; nothing is fetched, nothing calls out.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality.face.detect import Seen, detect
from station.quality.face.expression_names import EXPRESSION_NAMES, EXPRESSION_POINTS
from station.quality.face.found import Face
from station.quality.face.networks import (
    EXPRESSIONS,
    MESH,
    PERSON,
    answers,
    likelihood,
    missing,
    network,
    tensor,
)

__all__ = ["PERSON_PX", "expressions", "find", "missing", "person"]

PERSON_PX: Final = 256
"""Width and height of what `person` returns."""

_PERSON_FEATURES: Final = "add_13__xeno_compat__1"
_PERSON_LAST: Final = "segment"
"""The last layers of the network: what it knows of each place, and the step to the picture's size."""

_MESH_PX: Final = 256
_MESH_POINTS: Final = 478
_MARGIN: Final = 1.5
"""The mesh looks at a square of this many times the detector's box."""
_PRESENT: Final = 0.5
_MOST_MESHES: Final = {False: 2, True: 8}
"""Thorough or not. Two is what the quick questions need: the applicant, and how large the next face is."""


def find(pixels: Pixels, *, thorough: bool) -> tuple[Face, ...]:
    """Return the faces on a picture, grey or RGB, of any size, largest first.

    Quick (for live frames): the two largest, found on the whole picture or in its centred upright 3:4 part.
    `thorough` (for stills): up to eight, small ones at the sides too.

    Raises:
        LookupError: the model files are `missing`.
    """
    found: list[Face] = []
    for seen in detect(pixels, thorough=thorough):
        face = _meshed(pixels, seen)
        if face.presence >= _PRESENT:
            found.append(face)
        if len(found) == _MOST_MESHES[thorough]:
            break
    return tuple(found)


def expressions(face: Face) -> Mapping[str, float]:
    """Return how strongly each of 52 expressions shows, 0 to 1, by its name; left and right are the person's.

    Thresholds need room: through this mesh and MediaPipe's own, the largest of the 52 differs by 0.06 on most
    pictures, by 0.16 at worst.

    Raises:
        LookupError: the model files are `missing`.
    """
    points = np.ascontiguousarray(face.landmarks[EXPRESSION_POINTS, :2])
    strengths = answers(EXPRESSIONS, points[None])[0].ravel()
    return MappingProxyType(dict(zip(EXPRESSION_NAMES, map(float, strengths), strict=True)))


def person(pixels: Pixels) -> NDArray[np.float32]:
    """Return how likely each part of a picture shows the person, 0 to 1.

    The answer is (256, 256), whatever the picture's aspect: the picture is squeezed into it.

    Raises:
        LookupError: the model files are `missing`.
    """
    side = (PERSON_PX, PERSON_PX)
    small = cv().resize(np.ascontiguousarray(pixels), side, interpolation=cv().INTER_LINEAR)
    asked = network(PERSON)
    asked.setInput(tensor(small, 1 / 255))
    (features,) = asked.forward(_PERSON_FEATURES)
    # The last step makes of each place 2 x 2. As a layer it takes OpenCV 7 ms, more than all that comes before;
    # as a product of matrices 0.2. (numpy's product wakes threads that then spin for as long as that saves.)
    weights, bias = (asked.getParam(_PERSON_LAST, number) for number in (0, 1))
    count, down, across = features.shape
    flat = features.reshape(count, -1), weights.reshape(count, -1)
    logits = cv().gemm(flat[1], flat[0], 1, None, 0, flags=cv().GEMM_1_T) + bias
    return likelihood(logits.reshape(2, 2, down, across).transpose(2, 0, 3, 1).reshape(side))


def _meshed(pixels: Pixels, seen: Seen) -> Face:
    """Return the mesh of what the detector saw, with its presence."""
    x, y, width, height, left_x, left_y, right_x, right_y = seen.values[:8]
    side = max(width, height) * _MARGIN
    # From the mesh's square, whose middle is its origin, to the picture: turned as the eyes are, and stretched.
    angle = np.arctan2(right_y - left_y, right_x - left_x)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]]) * side / _MESH_PX
    corner = np.array([x, y]) - turn @ [_MESH_PX / 2, _MESH_PX / 2]
    square = cv().warpAffine(
        np.ascontiguousarray(pixels),
        np.column_stack([turn, corner]),
        (_MESH_PX, _MESH_PX),
        flags=cv().INTER_LINEAR | cv().WARP_INVERSE_MAP,
        borderMode=cv().BORDER_REPLICATE,
    )
    outputs = answers(MESH, tensor(square, 1 / 255))
    points = next(output for output in outputs if output.size == 3 * _MESH_POINTS).reshape(-1, 3)
    # There are two single numbers: the one of rank 4 is the presence, the other is something else.
    logit = next(output.ravel()[0] for output in outputs if output.size == 1 and output.ndim == 4)
    spots = points[:, :2] @ turn.T + corner
    return Face(
        landmarks=np.column_stack([spots, points[:, 2] * side / _MESH_PX]).astype(np.float32),
        box=(float(x - width / 2), float(y - height / 2), float(width), float(height)),
        score=seen.score,
        presence=float(likelihood(logit)),
    )
