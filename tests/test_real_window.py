"""The program on a real screen: a server draws the window, and a rehearsal works it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station.model.record import RecordState
from station.settings import resources_dir
from station.storage.open import open_store

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 1200.0
"""Only bounds a test that fails; the screen and the program end by themselves."""


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of 1920 x 1080 in memory; the server chooses a free number and says it."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "the screen did not open"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@pytest.mark.system("xvfb")
def test_a_visit_is_rehearsed_in_a_real_window(display: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment["STATION_DATA_DIR"] = str(tmp_path)
    environment["STATION_DRIVER"] = json.dumps({"simulated": {"pace": "instant"}})
    script = resources_dir() / "rehearsals" / "first_visit.toml"
    ran = subprocess.run(
        [sys.executable, "main.py", "rehearse", str(script)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    store = open_store(tmp_path)
    with store.units() as work:
        (listing,) = work.records.with_identifier("application_number", "V300000111")
    store.close()
    assert listing.state is RecordState.SEALED
