"""Memory of pictures that goes back to the system as soon as they do."""

import ctypes
import sys
from functools import cache

_M_MMAP_THRESHOLD = -3  # mallopt(3)
LARGE_BYTES = 1 << 22
"""From this size on a block is mapped by itself, as a page of 26 MB is; smaller ones would cost time to map."""


@cache
def give_large_blocks_back() -> bool:
    """Let glibc map every large block by itself, for good; False where there is no glibc.

    Left alone, glibc raises its threshold to the largest block that was ever freed (32 MB), keeps pages in its
    heaps from then on, and the heaps grow ragged: 460 MB in place of 260 for a pile of A4 at 300 dpi.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return bool(mallopt and mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES))
