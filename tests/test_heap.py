"""Large pictures go back to the system."""

import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np
from pathlib import Path
from station.imaging.heap import give_large_blocks_back
assert give_large_blocks_back()
def mapped():
    return int(Path("/proc/self/statm").read_text().split()[1])
np.ones(30_000_000, np.uint8)  # freed: by itself glibc would now keep blocks up to this size in its heap
before = mapped()
ragged = [np.ones(8_000_000, np.uint8) for _ in range(15)]
last = ragged.pop()
del ragged
print(mapped() - before, last.nbytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is told")
def test_what_large_pictures_took_is_given_back_though_a_later_one_stays():
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    pages, kept_bytes = map(int, told.stdout.split())
    assert pages * 4096 < 4 * kept_bytes
