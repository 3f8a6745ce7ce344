"""The lane of the hot sends: one event loop in a thread of its own, with connections that stay open."""

from __future__ import annotations

import asyncio
import atexit
import threading
import zlib
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from bot.line.outcomes import Accepted, AlreadyAccepted, Outcome, RateLimited, Refused, TryAgain, Unknown, read
from bot.line.requests import Call, Endpoint
from bot.line.tokens import Tokens
from bot.log import get_logger

if TYPE_CHECKING:
    import aiohttp

log = get_logger(__name__)
T = TypeVar("T")

CONNECTIONS = 160
ANSWER_SECONDS = 10.0
CONNECT_SECONDS = 5.0
ATTEMPTS = 4
FIRST_PAUSE = 0.25
FAREWELL_SECONDS = 3.0
LONGEST_PAUSE = 4.0


class Pacing(Protocol):
    """Keeps all processes together under LINE's rates."""

    async def turn(self, endpoint: Endpoint) -> None:
        """Return when one more request may go."""
        ...

    def slow_down(self, endpoint: Endpoint) -> None:
        """LINE said that we are too fast."""
        ...


class Unpaced:
    """No pacing at all, for tests that count requests themselves."""

    async def turn(self, endpoint: Endpoint) -> None:
        """At once."""

    def slow_down(self, endpoint: Endpoint) -> None:
        """Nothing to slow down."""


class Meter(Protocol):
    """Is told how every request went."""

    def note(self, endpoint: Endpoint, outcome: Outcome, seconds: float) -> None:
        """One request came to an end, so long after it began."""
        ...


class Lane:
    """Makes requests of one LINE channel. Started by its first use, and safe to share among threads."""

    def __init__(
        self,
        base: str,
        tokens: Tokens,
        pacing: Pacing,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        """`base` is LINE's API address without a slash at its end.

        `answer_seconds` is how long we wait for an answer, `first_pause` how long before a second attempt.
        """
        self._base = base
        self._tokens = tokens
        self._pacing = pacing
        self._answer_seconds = answer_seconds
        self._first_pause = first_pause
        self.meter: Meter | None = None
        """Set before the first request, if anybody counts."""
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: aiohttp.ClientSession | None = None
        self._started: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Let a coroutine run on the lane's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """The same for one that nobody waits for; what it raises is logged."""
        loop = self._running()
        loop.call_soon_threadsafe(self._begin, loop, work)

    def _begin(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None]) -> None:
        task = loop.create_task(work)
        # The loop itself remembers tasks only weakly.
        self._started.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._started.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("lane.failed", reason=repr(error), exc_info=error)

    def send(self, call: Call) -> Future[Outcome]:
        """Make a request, with the attempts it takes; the future never raises for what LINE does."""
        return self.run(self.deliver(call))

    async def deliver(
        self, call: Call, *, attempts: int = ATTEMPTS, again: Callable[[Outcome], bool] | None = None
    ) -> Outcome:
        """Make a request up to `attempts` times while its outcome asks for it, pausing longer each time."""
        worth = again or (lambda outcome: isinstance(outcome, TryAgain | Unknown | RateLimited))
        outcome = await self.once(call)
        for attempt in range(1, attempts):
            if not worth(outcome):
                break
            await asyncio.sleep(pause(attempt, call.body, self._first_pause))
            outcome = await self.once(call)
        return outcome

    async def once(self, call: Call) -> Outcome:
        """Make a request a single time."""
        await self._pacing.turn(call.endpoint)
        began = self._seconds()
        outcome = await self._attempt(call)
        if self.meter is not None:
            self.meter.note(call.endpoint, outcome, self._seconds() - began)
        if isinstance(outcome, RateLimited):
            self._pacing.slow_down(call.endpoint)
        log.info("line.sent", endpoint=call.endpoint.value, outcome=type(outcome).__name__, **_told(outcome))
        return outcome

    @staticmethod
    def _seconds() -> float:
        return asyncio.get_running_loop().time()

    async def _attempt(self, call: Call) -> Outcome:
        import aiohttp  # noqa: PLC0415 - a third of a second that a starting web process does not wait for

        token = await self._token()
        if isinstance(token, TryAgain):
            return token
        try:
            session = self._session or await self._open()
            async with session.post(
                self._base + call.endpoint.path, data=call.body, headers=_headers(token, call.key)
            ) as answer:
                outcome = read(answer.status, await answer.read(), answer.headers.get("x-line-request-id", ""))
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            return TryAgain(reason=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unknown(reason=type(error).__name__)
        if isinstance(outcome, Refused) and outcome.status == 401:
            self._tokens.refuse(token)
        return outcome

    async def _token(self) -> str | TryAgain:
        try:
            return self._tokens.at_hand() or await asyncio.to_thread(self._tokens.current)
        except Exception as error:
            log.warning("line.no_token", reason=type(error).__name__)
            return TryAgain(reason="token")

    async def _open(self) -> aiohttp.ClientSession:
        import aiohttp  # noqa: PLC0415

        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60),
                timeout=aiohttp.ClientTimeout(total=self._answer_seconds, connect=CONNECT_SECONDS),
                raise_for_status=False,
            )
        return self._session

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="line lane", daemon=True)
                self._thread.start()
                atexit.register(self.close)
            return self._loop

    def close(self) -> None:
        """Give what is under way a moment, then let go of the connections; what is left stays in the outbox."""
        with self._lock:
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        atexit.unregister(self.close)
        asyncio.run_coroutine_threadsafe(self._end(), loop).result(2 * FAREWELL_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            _, late = await asyncio.wait(others, timeout=FAREWELL_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None


def pause(attempt: int, body: bytes, first: float = FIRST_PAUSE) -> float:
    """Seconds before the next attempt: doubled each time, spread by the body so that many do not come at once."""
    longest: float = min(LONGEST_PAUSE, first * 2.0 ** (attempt - 1))
    return longest * (0.5 + (zlib.crc32(body) + attempt * 37) % 100 / 200)


def _headers(token: str, key: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if key:
        headers["X-Line-Retry-Key"] = key
    return headers


def _told(outcome: Outcome) -> dict[str, object]:
    match outcome:
        case Accepted(request_id=request_id) | AlreadyAccepted(request_id=request_id):
            # What LINE's support asks for first.
            return {"request_id": request_id}
        case Refused(status=status, where=where):
            return {"status": status, "where": where}
        case Unknown(reason=reason) | TryAgain(reason=reason):
            return {"reason": reason}
    return {}
