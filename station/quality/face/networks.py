"""The networks that read a face: proved once, loaded by each thread that asks for one."""

import logging
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from station.imaging.canonical_face import FACE_MODELS, GEOMETRY
from station.imaging.cv import cv
from station.imaging.model_file import model_bytes
from station.model.image import Pixels

_log = logging.getLogger(__name__)

DETECTOR: Final = "face_detector.tflite"
MESH: Final = "face_landmarks_detector.tflite"
EXPRESSIONS: Final = "face_blendshapes.tflite"
PERSON: Final = "selfie_segmentation.tflite"

FOLDER = FACE_MODELS

Tensor = NDArray[np.float32]

_MOST_LOGIT: Final = 80.0

_own = threading.local()


@cache
def _reason(folder: Path) -> str:
    """Return why a folder's files are not used, "" when they are. Said in the log once."""
    try:
        for name in (DETECTOR, MESH, EXPRESSIONS, PERSON, GEOMETRY):
            model_bytes(folder, name)
    except LookupError as error:
        _log.warning("no face can be looked for, a model file is not the one that was tested: %s", error)
        return str(error)
    return ""


def missing() -> str:
    """Return "" when all model files are there and whole, else why not in one word (see `model_bytes`)."""
    return _reason(FOLDER)


def network(name: str) -> Any:
    """Return this thread's network of a file: OpenCV's are not for two threads at once.

    Raises:
        LookupError: the model files are `missing`.
    """
    if reason := missing():
        raise LookupError(reason)
    if not hasattr(_own, "networks"):
        _own.networks = {}
    networks: dict[Path, Any] = _own.networks
    path = FOLDER / name
    if path not in networks:
        dnn = cv().dnn
        # The default engine of OpenCV 5 returns one output of these networks and says nothing of the others,
        # and of bytes in place of a path it makes such a network whatever engine is asked for.
        networks[path] = dnn.readNetFromTFLite(str(path), dnn.ENGINE_CLASSIC)
    return networks[path]


def answers(name: str, taken: Tensor) -> Sequence[Tensor]:
    """Return the outputs of a network of this thread, in OpenCV's own order: tell them by size and rank.

    Raises:
        LookupError: the model files are `missing`.
    """
    asked = network(name)
    asked.setInput(taken)
    result: Sequence[Tensor] = asked.forward(asked.getUnconnectedOutLayersNames())
    return result


def tensor(pixels: Pixels, scale: float, middle: float = 0.0) -> Tensor:
    """Return grey or RGB pixels as networks take them: (1, 3, height, width), less `middle`, times `scale`."""
    colour = cv().cvtColor(pixels, cv().COLOR_GRAY2RGB) if pixels.ndim == 2 else pixels
    result: Tensor = cv().dnn.blobFromImage(colour, scale, mean=(middle, middle, middle))
    return result


def likelihood(logits: Tensor) -> Tensor:
    """Return the likelihood, 0 to 1, of each log-odds."""
    result: Tensor = np.reciprocal(np.exp(-np.clip(logits, -_MOST_LOGIT, _MOST_LOGIT)) + np.float32(1))
    return result
