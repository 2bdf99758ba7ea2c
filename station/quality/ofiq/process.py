"""The station's side of the child that runs OFIQ: start it, wait for it no longer than told, end it. POSIX."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Final

import station
from station.errors import OfiqFault
from station.model.image import Pixels
from station.quality.ofiq import wire
from station.surroundings import of_child

_GLANCE_S: Final = 0.2
"""How often a wait looks whether the child still runs: what a library forked may keep its pipe open."""
_ENDING_S: Final = 5.0
"""How long a process may be on its way out after its pipe has closed; it takes no time on an idle machine."""


class OfiqProcess:
    """One child with OFIQ loaded. Called by one thread at a time."""

    def __init__(self, folder: Path, start_s: float) -> None:
        """Start a child on the models of a folder and wait until it listens.

        Raises:
            OfiqFault: `reason` is not_installed, refused, silent or ended.
        """
        roots = filter(None, [str(Path(next(iter(station.__path__))).parent), os.getenv("PYTHONPATH")])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "station.quality.ofiq.child", str(folder)],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=of_child(PYTHONPATH=os.pathsep.join(roots)),
        )
        self._input, self._output = self._pipes()
        try:
            self._hear(time.monotonic() + start_s, start_s)
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The number of the process, which is that of its group."""
        return self._process.pid

    def ask(self, pixels: Pixels, answer_s: float) -> wire.Header:
        """Send an RGB picture and return what the child answers.

        Raises:
            OfiqFault: `reason` is refused, silent or ended.
        """
        end = time.monotonic() + answer_s
        self._tell(wire.pack({"shape": pixels.shape}, pixels.nbytes), end, answer_s)
        self._tell(pixels.data.cast("B"), end, answer_s)
        return self._hear(end, answer_s)

    def kill(self) -> None:
        """End the child and all that it started. A second time does nothing."""
        if self._process.returncode is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
            self._input.close()
            self._output.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        streams = (self._process.stdin, self._process.stdout)
        assert streams[0] is not None and streams[1] is not None
        os.set_blocking(streams[0].fileno(), False)
        return streams[0], streams[1]

    def _hear(self, end: float, seconds: float) -> wire.Header:
        text_size, size = wire.HEAD.unpack(self._read(wire.HEAD.size, end, seconds))
        if text_size > wire.HEADER_MOST or size:
            raise OfiqFault(reason="ended", detail="out of step")
        header: wire.Header = json.loads(self._read(text_size, end, seconds))
        if header["is"] == "failure":
            raise OfiqFault(reason=header["reason"], detail=header.get("detail", ""))
        return header

    def _tell(self, message: bytes | memoryview, end: float, seconds: float) -> None:
        rest = memoryview(message)
        while rest:
            self._await(self._input, select.POLLOUT, end, seconds)
            try:
                rest = rest[os.write(self._input.fileno(), rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise OfiqFault(reason="ended", detail=self._ending()) from error

    def _read(self, size: int, end: float, seconds: float) -> bytes:
        received = b""
        while len(received) < size:
            self._await(self._output, select.POLLIN, end, seconds)
            piece = os.read(self._output.fileno(), size - len(received))
            if not piece:
                raise OfiqFault(reason="ended", detail=self._ending())
            received += piece
        return received

    def _await(self, pipe: IO[bytes], event: int, end: float, seconds: float) -> None:
        """Wait until a pipe is ready, while the child runs and there is time.

        Raises:
            OfiqFault: `reason` is ended or silent.
        """
        poll = select.poll()
        poll.register(pipe, event)
        while not poll.poll(_GLANCE_S * 1000):
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                raise OfiqFault(reason="ended", detail=self._ending())
            if time.monotonic() >= end:
                raise OfiqFault(reason="silent", seconds=seconds)

    def _ending(self) -> str:
        """Say how the child ended ("exit 1", "signal 9")."""
        last = time.monotonic() + _ENDING_S
        while (ended := os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is None:
            if time.monotonic() >= last:
                return "pipe closed"
            time.sleep(0.005)
        return f"{'exit' if ended.si_code == os.CLD_EXITED else 'signal'} {ended.si_status}"
