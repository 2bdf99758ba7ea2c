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
HUGE_SIZE = (4000, 4000)
PAUSE_S = 0.02
STEP = 4

FOR_EVER = frozenset({"hang", "die"})
"""Troubles that last, over all connections, until `heal`."""

ONCE = frozenset({"half", "short", "long", "torn"})
"""Troubles that spoil one picture."""


def grey_of(number: int) -> int:
    """Return the grey by which a picture tells its number, counted from 1 in each connection."""
    return 20 + STEP * (number % 50)


def jpeg(number: int, size: tuple[int, int] = SIZE, mode: str = "RGB", **options: int) -> bytes:
    """Draw a picture: red on the left, the grey of its number on the right."""
    pixels = np.full((size[1], size[0], 3), grey_of(number), np.uint8)
    pixels[:, : size[0] // 2] = (255, 0, 0)
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, "JPEG", quality=95, **options)
    return file.getvalue()


def torn(whole: bytes) -> bytes:
    """Put a mark into the middle of the coded data, as a lost piece of a line does; the length stays."""
    middle = len(whole) * 3 // 4
    return whole[:middle] + b"\xff\xe5" + whole[middle + 2 :]


class MjpegServer:
    """Serves as long as the `with` lasts; nothing is left running after it.

    `play(trouble, at)` spoils picture `at` of the connection that comes next:
        hang: the connection stays and nothing comes; die: it ends, and who asks again gets 404;
        half: half a JPEG; short, long: a wrong Content-Length; size: this and all later ones are larger;
        torn: a mark stands in the middle of the coded picture; ragged: so it is with this and all later ones;
        grey, huge: this and all later ones have no colours, or 4000 x 4000 pixels.
    """

    def __init__(self) -> None:
        self.connections = 0
        self.first_pause_s = PAUSE_S
        self.broke = threading.Event()
        self._trouble = ""
        self._at = 0
        self._after = 0
        self._broken = False
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
        self.broke.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def play(self, trouble: str, at: int = 1) -> None:
        with self._lock:
            self._healed.clear()
            self._trouble, self._at, self._after = trouble, at, self.connections

    def heal(self) -> None:
        with self._lock:
            self._trouble, self._broken = "", False
            self._healed.set()

    def _due(self, connection: int, number: int) -> str:
        """Say what befalls a picture."""
        with self._lock:
            trouble = self._trouble
            if not self._broken and (not trouble or connection <= self._after or number < self._at):
                return ""
            if trouble in FOR_EVER:
                self._broken = True
                self.broke.set()
            if trouble in ONCE:
                self._trouble = ""
            return trouble

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.connections += 1
            connection = self.connections
            gone = self._broken and self._trouble == "die"
        if gone or "live" not in request.path:
            request.send_error(404)
            return
        try:
            request.send_response(200)
            request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            request.end_headers()
            number = 0
            while not self._ended.wait(PAUSE_S if number else self.first_pause_s):
                number += 1
                trouble = self._due(connection, number)
                if trouble == "die":
                    return
                if trouble == "hang":
                    self._healed.wait()
                    return
                request.wfile.write(_part(number, trouble))
        except OSError:  # the driver hung up
            return


def _part(number: int, trouble: str) -> bytes:
    body = jpeg(
        number, {"size": OTHER_SIZE, "huge": HUGE_SIZE}.get(trouble, SIZE), "L" if trouble == "grey" else "RGB"
    )
    if trouble == "half":
        body = body[: len(body) // 2]
    if trouble in ("torn", "ragged"):
        body = torn(body)
    length = {"short": len(body) // 2, "long": len(body) * 2}.get(trouble, len(body))
    return b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (length, body)
