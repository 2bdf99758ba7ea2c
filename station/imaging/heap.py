"""Memory of pictures that goes back to the system as soon as they do."""

import ctypes
import sys
from functools import cache

_M_MMAP_THRESHOLD = -3  # mallopt(3)
LARGE_BYTES = 1 << 18
"""From this size on a block is mapped by itself; a thumbnail is twice as large, a page a hundred times.

At 4 MB a pile of A4 at 300 dpi held 645 MB at most and grew by a third over 1,000 pages; at this size 430 MB
and not at all, for a twentieth of a second of CPU more an image.
"""


@cache
def give_large_blocks_back() -> bool:
    """Let glibc map every large block by itself, for good; False where there is no glibc.

    Left alone, glibc raises its threshold to the largest block that was ever freed (32 MB), keeps pages in its
    heaps from then on, and the heaps grow ragged.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return bool(mallopt and mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES))
