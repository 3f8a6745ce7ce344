"""LINE's SDK comes in whole, whoever asks first."""

from __future__ import annotations

import subprocess
import sys

EIGHT_AT_ONCE = """
import threading
from bot.line.sdk import messaging
whole, gate = [], threading.Barrier(8)
def ask():
    gate.wait()
    whole.append(hasattr(messaging(), "models") and hasattr(messaging(), "MessagingApi"))
threads = [threading.Thread(target=ask) for _ in range(8)]
[each.start() for each in threads]
[each.join() for each in threads]
print(whole.count(True))
"""


def test_threads_that_ask_at_once_all_get_the_whole_sdk() -> None:
    """The first friends after a start met half an SDK and were not greeted."""
    told = subprocess.run([sys.executable, "-c", EIGHT_AT_ONCE], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["8"]
