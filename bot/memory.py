"""What the garbage collector need not look at in a process that stays, and what it need not give back at once."""

import ctypes
import gc
import sys
from typing import Final

NEW_OBJECTS: Final = 50_000
"""Between two looks for garbage: an event or a batch makes some thousands, and nearly all of them in no circle."""


ROOM: Final = 32 << 20
LARGEST: Final = 4 << 20
"""glibc asks the system for blocks above this one by one, and gives each back as soon as it is free."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def keep_room() -> None:
    """Keep so many free bytes for the next time: a question about a million friends takes and frees fifteen megabytes,
    and half of its time went into having the system hand out the same pages again (mallopt(3); elsewhere as it is)."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, ROOM)
        mallopt(_MMAP_THRESHOLD, LARGEST)


def settle() -> None:
    """What was loaded by now stays for good: nobody is to wait while all of it is walked through."""
    keep_room()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
