"""Memory of large answers, given back to the system when they are gone.

glibc keeps what was freed for the next buffer of its size, in a heap that shrinks only from its end. One answer of
5 MB teaches it to do so with all that are no larger; a few hundred hostile sites left 180 MiB behind. Above a fixed
size each buffer is a mapping of its own, which ends with it. Source: mallopt(3), M_MMAP_THRESHOLD.
"""

from __future__ import annotations

import ctypes
import sys

LARGE = 512 * 1024
"""Bytes. Pages are smaller, and stay where they are quickest."""

_M_MMAP_THRESHOLD = -3
"""malloc.h"""


def give_back_large_buffers() -> bool:
    """Have this process do so from now on; return whether its C library can be told to."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE))
    except (OSError, AttributeError):  # another library than glibc
        return False
