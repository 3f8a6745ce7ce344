"""`make guards`: each test green as things are, and red with its guard taken out; the table goes into the docs.

ONLY=I1,I8 takes these invariants alone.
"""

from __future__ import annotations

import os
import sys

from torture.guards import GUARDS
from torture.guards.running import Tried, greens, tried
from torture.guards.telling import HEAD, line, write


def main() -> int:
    """Try them all; 1 if a test was not green before or not red after."""
    only = {word for word in os.environ.get("ONLY", "").split(",") if word}
    chosen = [guard for guard in GUARDS if not only or guard.invariant in only]
    print(f"{len(chosen)} guards: first their tests as things are", flush=True)
    green = greens([guard.test for guard in chosen])
    print("\n".join(HEAD), flush=True)
    found: list[Tried] = []
    for guard in chosen:
        found.append(tried(guard, was_green=guard.test in green))
        print(line(found[-1]), flush=True)
    good = sum(one.is_good for one in found)
    print(f"\n{good} of {len(found)} guards are held by a test that turns red without them.")
    if not only:
        write(found)
    return 0 if good == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
