"""One dyno: starts web, worker and clock, passes SIGTERM on once, restarts what falls, ends when web ends."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot import children
from bot.judging import settings_or_exit
from bot.log import get_logger, set_up_logging
from bot.starting import store_or_exit
from bot.voices import Voices

# Heroku sends SIGKILL 30 seconds after SIGTERM.
GRACE_SECONDS = 25.0
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
# A sleeping dyno is woken by somebody who waits: imports of the others would take turns with those of web.
HEAD_START = 1.5
# A process that lived this long starts again with the first delay.
STEADY_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One kind of process; when an essential one ends, all end."""

    name: str
    command: Sequence[str]
    essential: bool = False
    after: float = 0.0
    """Seconds by which the others are ahead at the first start."""


ROLES = (
    Role(
        name="web",
        command=(sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:create_app()"),
        essential=True,
    ),
    Role(name="worker", command=(sys.executable, "-m", "bot.worker"), after=HEAD_START),
    Role(name="clock", command=(sys.executable, "-m", "bot.timer"), after=HEAD_START),
)


class Member:
    """A role with its present process, or with the moment of its next start."""

    def __init__(self, role: Role, voices: Voices) -> None:
        """Nothing runs yet; it may start as soon as its role says."""
        self.role = role
        self.child: subprocess.Popen[bytes] | None = None
        self.start_at = time.monotonic() + role.after
        self._voices = voices
        self._started = 0.0
        self._delay = FIRST_DELAY

    def start_if_due(self) -> None:
        """Start the process when it is not there and its pause is over."""
        now = time.monotonic()
        if self.child is None and now >= self.start_at:
            self._started = now
            self.child = children.spawn(self.role.command, output=subprocess.PIPE)
            assert self.child.stdout is not None
            self._voices.listen(self.role.name, self.child.stdout)

    def has_ended(self) -> int | None:
        """The exit code of a process that has ended since we last looked; what it left behind is ended too."""
        if self.child is None or self.child.poll() is None:
            return None
        code = self.child.returncode
        children.end_group(self.child)
        self.child = None
        return code if code >= 0 else 128 - code

    def pause(self, code: int) -> None:
        """Plan the next start, later each time unless the process had been steady."""
        now = time.monotonic()
        if now - self._started >= STEADY_SECONDS:
            self._delay = FIRST_DELAY
        self.start_at = now + self._delay
        self._voices.say("dyno", f"{self.role.name} ended with code {code}; starting again in {self._delay:g} s")
        self._delay = min(self._delay * 2, LONGEST_DELAY)


class Supervisor:
    """Runs roles until told to end by SIGTERM or SIGINT, or until an essential one ends."""

    def __init__(self, roles: Sequence[Role], voices: Voices, *, grace: float = GRACE_SECONDS) -> None:
        """`grace` is how many seconds the processes get to finish once they are asked to end."""
        self._voices = voices
        self._members = [Member(role, voices) for role in roles]
        self._grace = grace
        self._told_to_end = False

    def run(self) -> int:
        """Start everything and stay; returns the essential role's exit code, or 0 after an orderly end."""
        with self._signals():
            try:
                return self._watch()
            finally:
                self._end_all()
                self._voices.close()

    def _watch(self) -> int:
        while not self._told_to_end:
            for member in self._members:
                code = member.has_ended()
                if code is not None and member.role.essential:
                    self._voices.say("dyno", f"{member.role.name} ended with code {code}; so does the dyno")
                    return code
                if code is not None:
                    member.pause(code)
                member.start_if_due()
            self._voices.copy(self._until_next_start())
        return 0

    def _until_next_start(self) -> float:
        waits = [member.start_at - time.monotonic() for member in self._members if member.child is None]
        return max(0.0, min([1.0, *waits]))

    def _end_all(self) -> None:
        """SIGTERM to each, once; after the grace the rest is killed."""
        alive = [member.child for member in self._members if member.child is not None]
        for child in alive:
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + self._grace
        while any(child.poll() is None for child in alive) and time.monotonic() < end:
            self._voices.copy(0.1)
        for child in alive:
            if child.poll() is None:
                self._voices.say("dyno", f"{child.args!r} did not end in {self._grace:g} s and is killed")
            children.stop(child, seconds=0)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Note SIGTERM and SIGINT, and wake up for them and for a process that ends."""
        near, far = socket.socketpair()
        with near, far:
            near.setblocking(False)
            far.setblocking(False)
            self._voices.wake_on(far.fileno())
            bell = signal.set_wakeup_fd(near.fileno(), warn_on_full_buffer=False)
            handlers = {number: signal.signal(number, self._end) for number in (signal.SIGTERM, signal.SIGINT)}
            handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
            try:
                yield
            finally:
                signal.set_wakeup_fd(bell)
                for number, handler in handlers.items():
                    signal.signal(number, handler)

    def _end(self, *_: object) -> None:
        self._told_to_end = True


def main() -> int:
    """Judge the settings and the Redis, then run the three processes."""
    settings = settings_or_exit()
    store_or_exit(settings)
    set_up_logging(console=settings.is_practice)
    if settings.accepts_any_certificate:
        get_logger(__name__).warning("redis.certificate_unchecked", why="self-signed on this host")
    return Supervisor(ROLES, Voices(sys.stdout.buffer)).run()


if __name__ == "__main__":
    sys.exit(main())
