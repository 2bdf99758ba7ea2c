"""The network that names the glyphs on a strip. Loaded at its first use, once in every thread that reads."""

import logging
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.imaging.model_file import model_bytes
from station.model.image import Pixels
from station.settings import resources_dir

_log = logging.getLogger(__name__)

CLASSES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
"""What the network can see; its class 0 is paper, these follow."""

FOLDER = resources_dir() / "models" / "mrz"
NETWORK = "ocrb.onnx"

_own = threading.local()


@cache
def network_bytes(folder: Path) -> bytes | None:
    """Return the network's file; None, logged once, where it is missing or not the one that was tested."""
    try:
        return model_bytes(folder, NETWORK)
    except LookupError as error:
        _log.warning("the reader of printed lines is not the one that was tested: %s", error)
        return None


def ready() -> bool:
    """Tell whether the network is there and whole."""
    return network_bytes(FOLDER) is not None


def recognise(strips: Sequence[Pixels]) -> NDArray[np.float32]:
    """Return log-posteriors (strips x 38 classes x steps) of strips of one size.

    Raises:
        LookupError: the network is not `ready`.
    """
    network = _network()
    network.setInput(np.stack([normalised(strip) for strip in strips])[:, None])
    scores: NDArray[np.float32] = network.forward()
    scores = scores.reshape(len(strips), len(CLASSES) + 1, -1)
    scores = scores - scores.max(1, keepdims=True)
    result: NDArray[np.float32] = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    return result


def normalised(strip: Pixels) -> NDArray[np.float32]:
    """Return the strip less its local mean, over its local deviation plus 4: light and ink no longer matter."""
    flat = strip.astype(np.float32)
    flat -= cv().blur(flat, (61, 31))
    # Running sums leave a little less than nothing where the strip is flat.
    power = np.maximum(cv().blur(flat * flat, (61, 31)), 0)
    result: NDArray[np.float32] = flat / (np.sqrt(power) + 4)
    return result


def _network() -> Any:
    """Return this thread's network: OpenCV's is not for two threads at once."""
    if not hasattr(_own, "network"):
        data = network_bytes(FOLDER)
        if data is None:
            raise LookupError(NETWORK)
        _own.network = cv().dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
    return _own.network
