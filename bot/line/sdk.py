"""LINE's own SDK, brought in late and by one thread at a time."""

from __future__ import annotations

import importlib
import threading
from types import ModuleType

_IMPORTING = threading.Lock()


def messaging() -> ModuleType:
    """`linebot.v3.messaging`: more than a second to import and 80 MB, so only processes that need it pay.

    Its modules import each other in circles. Two threads that begin at different ends are let through by Python with
    half of it in hand, and fail later; so all of it comes in through here, under one lock.
    """
    with _IMPORTING:
        return importlib.import_module("linebot.v3.messaging")
