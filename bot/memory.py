"""What the garbage collector need not look at in a process that stays."""

import gc
from typing import Final

NEW_OBJECTS: Final = 50_000
"""Between two looks for garbage: an event or a batch makes some thousands, and nearly all of them in no circle."""


def settle() -> None:
    """What was loaded by now stays for good: nobody is to wait while all of it is walked through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
