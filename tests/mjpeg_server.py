"""A camera on the loopback network: motion JPEG over HTTP, with a switch for each trouble that cameras make."""

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import numpy as np
from PIL import Image

SIZE = (320, 240)
OTHER_SIZE = (480, 360)
PAUSE_S = 0.02
STEP = 20

FOR_EVER = frozenset({"hang", "die"})
"""Troubles that last, over all connections, until `heal`; the others spoil one picture."""


def grey_of(number: int) -> int:
    """Return the grey by which a picture tells its number, counted from 1 in each connection."""
    return 20 + STEP * (number % 10)


def jpeg(number: int, size: tuple[int, int] = SIZE) -> bytes:
    """Draw a picture: red on the left, the grey of its number on the right."""
    pixels = np.full((size[1], size[0], 3), grey_of(number), np.uint8)
    pixels[:, : size[0] // 2] = (255, 0, 0)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=95)
    return file.getvalue()


class MjpegServer:
    """Serves as long as the `with` lasts; nothing is left running after it.

    `play(trouble, at)` spoils picture `at` of all that are sent from then on:
        hang: the connection stays and nothing comes; die: it ends, and who asks again gets 404;
        half: half a JPEG; short, long: a wrong Content-Length; size: this and all later ones are larger.
    """

    def __init__(self) -> None:
        self.connections = 0
        self._trouble = ""
        self._countdown = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._healed = threading.Event()
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera._serve(self)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # so that closing waits for them
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.address}/live.mjpg"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._healed.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def play(self, trouble: str, at: int = 1) -> None:
        with self._lock:
            self._healed.clear()
            self._trouble, self._countdown = trouble, at

    def heal(self) -> None:
        with self._lock:
            self._trouble = ""
            self._healed.set()

    def _due(self) -> str:
        """Count one picture and say what befalls it."""
        with self._lock:
            if not self._trouble:
                return ""
            self._countdown -= 1
            if self._countdown > 0:
                return ""
            trouble = self._trouble
            if trouble not in FOR_EVER and trouble != "size":
                self._trouble = ""
            return trouble

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        self.connections += 1
        if "live" not in request.path or (self._trouble == "die" and self._countdown <= 0):
            request.send_error(404)
            return
        try:
            request.send_response(200)
            request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            request.end_headers()
            number = 0
            while not self._ended.wait(PAUSE_S):
                number += 1
                trouble = self._due()
                if trouble == "die":
                    return
                if trouble == "hang":
                    self._healed.wait()
                    return
                request.wfile.write(_part(number, trouble))
        except OSError:  # the driver hung up
            return


def _part(number: int, trouble: str) -> bytes:
    body = jpeg(number, OTHER_SIZE if trouble == "size" else SIZE)
    if trouble == "half":
        body = body[: len(body) // 2]
    length = {"short": len(body) // 2, "long": len(body) * 2}.get(trouble, len(body))
    return b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (length, body)
