"""The child's side: `python -m station.quality.ofiq.child FOLDER` runs OFIQ on what comes on standard input.

It answers one picture after the other and ends when the station goes away. OFIQ prints to standard output, and
its package can fetch models: here it can do neither.
"""

import importlib
import io
import json
import os
import sys
from typing import Any, BinaryIO

import numpy as np

from station.quality.ofiq import wire

_CALLS_OUT = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")


class _CalledOut(BaseException):
    """Something tried to reach the network."""


def _refuse_calls(event: str, _: tuple[object, ...]) -> None:
    if event in _CALLS_OUT:
        raise _CalledOut


def main(folder: str) -> None:
    """Load OFIQ with the models of a folder, then answer pictures until standard input ends."""
    voice = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a C library prints must not get between our messages
    pictures = os.fdopen(0, "rb", closefd=False)
    sys.addaudithook(_refuse_calls)
    try:
        package = importlib.import_module("ofiq")
    except ImportError:
        _say(voice, {"is": "failure", "reason": "not_installed"})
        return
    try:
        engine = package.OFIQ(folder)
    except package.OFIQError as error:
        _say(voice, {"is": "failure", "reason": "refused", "detail": type(error).__name__})
        return
    _say(voice, {"is": "ready"})
    while head := pictures.read(wire.HEAD.size):
        text_size, size = wire.HEAD.unpack(head)
        shape = json.loads(pictures.read(text_size))["shape"]
        pixels = np.frombuffer(pictures.read(size), np.uint8).reshape(shape)
        _say(voice, _answer(package, engine, pixels))


def _answer(package: Any, engine: Any, pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> wire.Header:
    """Ask OFIQ; a picture without a face that it can judge has no scores, which is no failure."""
    try:
        found = engine.vector_quality(pixels, include_raw=True)
    except package.QualityError:
        return {"is": "scores", "scores": {}}
    except package.OFIQError as error:
        return {"is": "failure", "reason": "refused", "detail": type(error).__name__}
    return {
        "is": "scores",
        "scores": {name: [told["raw"], told["scalar"]] for name, told in found.items() if told is not None},
    }


def _say(voice: io.RawIOBase | BinaryIO, header: wire.Header) -> None:
    rest = memoryview(wire.pack(header))
    while rest:
        rest = rest[voice.write(rest) or 0 :]


if __name__ == "__main__":
    main(sys.argv[1])
