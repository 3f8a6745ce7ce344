"""Takes the guards of the invariants out, one at a time, and sees a test turn red. Add a guard to its file's table."""

from torture.guards.delivery import DELIVERY
from torture.guards.guard import Guard
from torture.guards.safety import SAFETY
from torture.guards.state import STATE

GUARDS: tuple[Guard, ...] = (*DELIVERY, *STATE, *SAFETY)
