"""The station's side of one child process: start it, talk to it, notice a hang or a death, end it. POSIX."""

import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np

import drivers
from drivers.outboard import wire
from station.surroundings import of_child

log = logging.getLogger(__name__)

GLANCE_S = 0.2
"""How often a wait looks whether the child is still there and whether someone cancelled.

The end of its pipe is not enough: a helper that a C library forked inherits the pipe and keeps it open.
"""

ENDING_S = 5.0
"""How long a process may be on its way out after its pipe has closed; it takes no time on an idle machine."""

LOGGED_LINES = 20
LOGGED_LENGTH = 200
"""What of a child's standard error reaches the log; the rest is counted."""


class ChildDied(Exception):
    """The child is no more; `detail` says how it ended ("signal 9", "exit 1")."""

    def __init__(self, detail: str) -> None:
        """Keep how it ended."""
        super().__init__(detail)
        self.detail = detail


class ChildSilent(Exception):
    """The child gave no sign of life within `seconds`."""

    def __init__(self, seconds: float) -> None:
        """Keep how long it was waited for."""
        super().__init__(seconds)
        self.seconds = seconds


class Interrupted(Exception):
    """The wait for a message was given up; the talk is still in step."""


class ChildProcess:
    """One child that serves one driver. Called by one thread at a time, `cancel` by any.

    It leads a process group of its own, so that its end is also that of the helpers that a C library forks.
    """

    def __init__(self, target: str) -> None:
        """Start a child for the driver `target` ("module:name"); its first message says that it listens."""
        root = str(Path(drivers.__file__).parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "drivers.outboard.child", target],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=of_child(PYTHONPATH=os.pathsep.join(filter(None, [root, os.getenv("PYTHONPATH")]))),
        )
        self._input, self._output, self._errors = self._pipes()
        self._poll = select.poll()
        self._poll.register(self._output, select.POLLIN)
        self._poll.register(self._errors, select.POLLIN)
        self._speaking = threading.Lock()
        self._job = 0
        self._logged = 0

    @property
    def pid(self) -> int:
        """The number of the process, which is that of its group."""
        return self._process.pid

    def ask(self, what: str, **fields: object) -> int:
        """Send a request; returns its job number, by which it can be cancelled."""
        self._job += 1
        self._say({"do": what, "job": self._job} | fields)
        return self._job

    def cancel(self, job: int) -> None:
        """Cancel a job. Does nothing when it has ended or the child is gone. Any thread may call it."""
        self._say({"do": "cancel", "job": job})

    def receive(
        self, silence_s: float, given_up: Callable[[], bool] = lambda: False
    ) -> tuple[wire.Header, memoryview]:
        """Wait for the next message; signs of life on the way restart the clock.

        Raises:
            ChildDied: it ended; ChildSilent: no byte came for `silence_s`; Interrupted: `given_up` said so.
        """
        while True:
            head = self._read(wire.HEAD.size, silence_s, given_up)
            text_size, size = wire.HEAD.unpack(head)
            if text_size > wire.HEADER_MOST or size > wire.CONTENT_MOST:
                raise ChildDied("out of step")  # before anything of that size is made
            header: wire.Header = json.loads(bytes(self._read(text_size, silence_s)))
            content = self._read(size, silence_s)
            if header["is"] != "beat":
                return header, content

    def alive(self) -> bool:
        """Tell whether the process runs. It stays unburied, so that its number cannot be given away."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def close(self, grace_s: float) -> None:
        """Let the child put its device down and end; by force after `grace_s`. A second time does nothing."""
        if self._process.returncode is None:
            with self._speaking:
                self._input.close()
            self._await_end(grace_s)
            self.kill()

    def kill(self) -> None:
        """End the child and all that it started, at once. A second time does nothing."""
        if self._process.returncode is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
            if self._logged > LOGGED_LINES:
                log.debug("child %d: %d more lines", self.pid, self._logged - LOGGED_LINES)
            with self._speaking:
                for pipe in (self._input, self._output, self._errors):
                    pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
        streams = (self._process.stdin, self._process.stdout, self._process.stderr)
        assert streams[0] is not None and streams[1] is not None and streams[2] is not None
        return streams[0], streams[1], streams[2]

    def _say(self, header: wire.Header) -> None:
        (message,) = wire.pack(header)
        with self._speaking:
            try:
                self._input.write(message)
            except (BrokenPipeError, ValueError):
                log.debug("child %d: gone before it was told to %s", self.pid, header["do"])

    def _read(self, size: int, silence_s: float, given_up: Callable[[], bool] = lambda: False) -> memoryview:
        buffer = np.empty(size, np.uint8).data
        filled = 0
        last = time.monotonic()
        while filled < size:
            if self._wait(GLANCE_S):
                count = os.readv(self._output.fileno(), [buffer[filled:]])
                if not count:
                    raise ChildDied(self._ending())
                filled += count
                last = time.monotonic()
            elif not self.alive():
                raise ChildDied(self._ending())
            elif filled == 0 and given_up():
                raise Interrupted
            elif time.monotonic() - last >= silence_s:
                raise ChildSilent(silence_s)
        return buffer

    def _wait(self, seconds: float) -> bool:
        """Tell whether an answer can be read; what comes on standard error is taken away meanwhile."""
        ready = {number for number, _ in self._poll.poll(seconds * 1000)}
        if self._errors.fileno() in ready:
            self._drain()
        return self._output.fileno() in ready

    def _drain(self) -> None:
        text = os.read(self._errors.fileno(), 1 << 16)
        if not text:
            self._poll.unregister(self._errors)
        for line in text.decode(errors="replace").splitlines():
            self._logged += 1
            if self._logged <= LOGGED_LINES:
                log.debug("child %d: %s", self.pid, line[:LOGGED_LENGTH])

    def _await_end(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.alive() and time.monotonic() < end:
            time.sleep(0.005)

    def _ending(self) -> str:
        self._await_end(ENDING_S)
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return "pipe closed"
        return f"{'exit' if ended.si_code == os.CLD_EXITED else 'signal'} {ended.si_status}"
