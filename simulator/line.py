"""The fake LINE itself: takes requests as LINE would, without a socket, from any thread."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator import accounts, content, richmenus, sending, tokens
from simulator.clock import Clock
from simulator.faults import Fault, Faults
from simulator.http import Answer, Body, Refusal, Request
from simulator.ids import RETRY_KEY, request_id, user_id
from simulator.limits import REQUEST_BYTES
from simulator.memory import DAY, Memory
from simulator.routes import Route, Routes
from simulator.shelf import Shelf
from simulator.state import Accepted, Anomaly, Bubble, Call, Person
from simulator.validate import as_answer, problems

ROUTES = Routes((*sending.ROUTES, *richmenus.ROUTES, *content.ROUTES, *accounts.ROUTES, *tokens.ROUTES))
RATE_MESSAGE = "The API rate limit has been exceeded. Try again later."
QUOTA_MESSAGE = "You have reached your monthly limit."
LOGGED = 4000

FAULT_ANSWERS = {
    Fault.ERROR_BEFORE: (500, "Internal server error"),
    Fault.ERROR_AFTER: (500, "Internal server error"),
    Fault.RATE: (429, RATE_MESSAGE),
    Fault.QUOTA: (429, QUOTA_MESSAGE),
    Fault.REFUSED: (400, "Failed to send messages"),
}


class Line:
    """One channel of LINE with its people. Every public method may be called from any thread."""

    def __init__(
        self,
        *,
        secret: str,
        token: str,
        channel_id: str,
        clock: Clock,
        directory: Path | None = None,
        checking: bool = True,
        keeping_talks: bool = True,
        stored_base: str = "",
    ) -> None:
        self.secret = secret
        self.token = token
        self.channel_id = channel_id
        self.clock = clock
        self.checking = checking
        self.keeping_talks = keeping_talks
        self.stored_base = stored_base
        self.bot_id = user_id("the account of " + channel_id)
        self.faults = Faults()
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.listeners: list[Callable[[str], None]] = []
        self.memory = Memory(Shelf(directory))
        self.probe: Callable[[str], Answer] | None = None

    def handle(self, request: Request, fault: Fault = Fault.NONE) -> Answer:
        """Answer one request of the product; `fault` is what shall go wrong with it."""
        request.request_id = request_id()
        with self.lock:
            found = ROUTES.find(request.method, request.path)
            answer = self._answer(request, found[0], found[1], fault) if found else _lost(request)
            answer.headers.setdefault("x-line-request-id", request.request_id)
            self._log(request, found[0].name if found else "?", answer)
            self.memory.commit()
            return answer

    def _answer(self, request: Request, route: Route, found: dict[str, str], fault: Fault) -> Answer:
        if fault in FAULT_ANSWERS and fault is not Fault.ERROR_AFTER:
            return _refused(fault)
        request.found = found
        try:
            answer = self._accept(request, route)
        except Refusal as refusal:
            answer = refusal.answer
        return _refused(fault) if fault is Fault.ERROR_AFTER else answer

    def _accept(self, request: Request, route: Route) -> Answer:
        if not route.open:
            tokens.check(self, request)
        if len(request.raw) > REQUEST_BYTES:
            raise Refusal(413, "Request Entity Too Large")
        key = request.headers.get("x-line-retry-key", "")
        if not key:
            return route.handler(self, request)
        return self._once(request, route, key)

    def _once(self, request: Request, route: Route, key: str) -> Answer:
        """Accept what carries this retry key a single time within a day."""
        if not route.keyed:
            self.suspect("retry key where none may be", route.name)
            raise Refusal(400, "The X-Line-Retry-Key header can't be used for this endpoint")
        if not RETRY_KEY.fullmatch(key):
            raise Refusal(400, "The X-Line-Retry-Key header is invalid")
        accepted = self._retry_of(request, key)
        if accepted.request_id:
            return _already(accepted)
        answer = route.handler(self, request)
        if answer.status < 300:
            accepted.request_id = request.request_id
            accepted.sent = (answer.body or {}).get("sentMessages", [])
            self.memory.keep_retry(key, accepted)
        return answer

    def _retry_of(self, request: Request, key: str) -> Accepted:
        now = self.clock()
        digest = hashlib.blake2b(request.path.encode() + b"\n" + request.raw, digest_size=16).hexdigest()
        known = self.memory.retries.get(key)
        if known is None or now - known.first_at >= DAY:
            self.memory.retries.pop(key, None)
            known = Accepted(digest=digest, first_at=now)
            self.memory.keep_retry(key, known)
        elif known.digest != digest:
            self.suspect("one retry key for two bodies", f"{key} {request.path}")
        return known

    def checked(self, request: Request, operation: str) -> Body:
        """The body, after comparing it with LINE's description of the operation."""
        body = request.json()
        if self.checking:
            self.require(operation, body)
        return body

    def require(self, kind: str, body: Body) -> None:
        """Refuse a body with 400 and LINE's list of what is wrong with it."""
        found = problems(kind, body, stored_base=self.stored_base)
        if found:
            answer = as_answer(found)
            raise Refusal(400, answer["message"], details=answer["details"], hint=_said(answer["details"]))

    def suspect(self, what: str, detail: str) -> None:
        """Write down what a correct product never does."""
        self.memory.suspect(Anomaly(self.clock(), what, detail))

    def show(self, person: Person, bubble: Bubble) -> None:
        """Put a bubble into a talk, or show that it changed."""
        self.memory.keep_bubble(person, bubble)
        self.tell(person.user_id)

    def tell(self, what: str) -> None:
        """Wake whoever waits for something to change: a user id, `people`, `clock`, `calls` …"""
        self.changed.notify_all()
        for listener in self.listeners:
            listener(what)

    def _log(self, request: Request, name: str, answer: Answer) -> None:
        if self.keeping_talks or answer.status >= 400:
            self.memory.calls.append(_call(self.clock(), name, request, answer))
            self.tell("calls")

    def close(self) -> None:
        """Keep the state and let go of its file."""
        with self.lock:
            self.memory.shelf.close()


def _refused(fault: Fault) -> Answer:
    status, message = FAULT_ANSWERS[fault]
    return Answer(status=status, body={"message": message}, hint="わざと起こした障害です")


def _lost(request: Request) -> Answer:
    return Answer(
        status=404, body={"message": "Not found"}, hint=f"LINEにない宛先です：{request.method} {request.path}"
    )


def _already(accepted: Accepted) -> Answer:
    body: dict[str, Any] = {"message": "The retry key is already accepted"}
    if accepted.sent:
        body["sentMessages"] = accepted.sent
    headers = {"x-line-accepted-request-id": accepted.request_id}
    return Answer(
        status=409, body=body, headers=headers, hint="同じリトライキーの送信は受付済みです（二重には届きません）"
    )


def _call(now: float, name: str, request: Request, answer: Answer) -> Call:
    json_body = request.headers.get("content-type", "").startswith("application/json")
    body = request.raw[:LOGGED].decode("utf-8", "replace") if json_body else ""
    said = answer.payload()[:LOGGED].decode("utf-8", "replace") if answer.blob is None else ""
    return Call(now, name, request.method, request.path, answer.status, request.request_id, body, said, answer.hint)


def _said(details: list[Body]) -> str:
    return "、".join(f"{each['property']}: {each['message']}" for each in details[:5])
