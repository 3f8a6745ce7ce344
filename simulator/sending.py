"""Reply, push, multicast and broadcast: who gets what, what is counted, and what is refused.

Sources: https://developers.line.biz/en/reference/messaging-api/#send-reply-message and the sections
after it; https://developers.line.biz/en/docs/messaging-api/pricing/ for the counting.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator import ids
from simulator.clock import day_of
from simulator.http import Answer, Body, Refusal, Request
from simulator.memory import DAY, TOKEN_LIFE
from simulator.routes import Route
from simulator.state import Bubble, Delivery, Person, ReplyToken, Standing

if TYPE_CHECKING:
    from simulator.line import Line

REPLY_SECONDS = 60.0
TALKED_SECONDS = 7 * DAY
UNQUOTABLE = frozenset({"audio", "location"})
QUOTA_HINT = "今月の通数の上限です。上限が増えるか月が変わるまで送れません"


def reply(line: Line, request: Request) -> Answer:
    """Send with a reply token: free, once, within a minute."""
    body = line.checked(request, "POST /v2/bot/message/reply")
    token = line.memory.replies.get(body["replyToken"])
    reason = _why_bad(token, line.clock())
    if token is None or reason:
        raise Refusal(400, "Invalid reply token", hint=reason)
    person = line.memory.people[token.user]
    _refuse_poison(line, [person.user_id], body)
    token.used = True
    line.memory.keep_reply(body["replyToken"], token)
    return Answer(body={"sentMessages": _deliver(line, request, body, "reply", [person])})


def _why_bad(token: ReplyToken | None, now: float) -> str:
    if token is None:
        return "知らない返信トークンです"
    if token.used:
        return "返信トークンは使用済みです（1回だけ使えます）"
    age = now - token.received_at
    if age > REPLY_SECONDS:
        return f"返信トークンの期限が切れています（{int(age)}秒前のもの。1分以内に使えます）"
    if now - token.event_at > TOKEN_LIFE + REPLY_SECONDS:
        return "返信トークンの期限が切れています（20分より前のできごと）"
    return ""


def push(line: Line, request: Request) -> Answer:
    """Send to one user; those who blocked get nothing and are not counted."""
    body = line.checked(request, "POST /v2/bot/message/push")
    person = line.memory.people.get(body["to"])
    if person is None:
        known_form = ids.USER_ID.fullmatch(body["to"])
        raise Refusal(
            400, "Failed to send messages" if known_form else "The property, 'to', in the request body is invalid"
        )
    _refuse_poison(line, [person.user_id], body)
    _refuse_above_quota(line, [person])
    return Answer(body={"sentMessages": _deliver(line, request, body, "push", [person])})


def multicast(line: Line, request: Request) -> Answer:
    """Send to at most 500 users; blocked and unknown ones are passed over in silence."""
    body = line.checked(request, "POST /v2/bot/message/multicast")
    people = [line.memory.people[user] for user in body["to"] if user in line.memory.people]
    _refuse_poison(line, body["to"], body)
    _refuse_above_quota(line, people)
    _deliver(line, request, body, "multicast", people)
    return Answer(body={})


def broadcast(line: Line, request: Request) -> Answer:
    """Send to all friends."""
    body = line.checked(request, "POST /v2/bot/message/broadcast")
    people = [person for person in line.memory.people.values() if person.standing is Standing.FRIEND]
    _refuse_poison(line, [person.user_id for person in people], body)
    _refuse_above_quota(line, people)
    _deliver(line, request, body, "broadcast", people)
    return Answer(body={})


def validate(line: Line, request: Request) -> Answer:
    """Say whether messages would be accepted, without sending them."""
    line.require(f"POST {request.path}", request.json())
    return Answer(body={})


def reaches(line: Line, person: Person) -> bool:
    """Whether a message to this person arrives."""
    if person.standing is Standing.FRIEND:
        return True
    return person.standing is Standing.STRANGER and line.clock() - person.wrote_at < TALKED_SECONDS


def _refuse_poison(line: Line, users: Iterable[str], body: Body) -> None:
    if line.faults.is_poisoned(users, body["messages"]):
        raise Refusal(400, "Failed to send messages", hint="わざと起こした障害です")


def _refuse_above_quota(line: Line, people: list[Person]) -> None:
    limit = line.memory.settings.get("limit")
    if limit is None:
        return
    needed = sum(reaches(line, person) for person in people)
    if used_this_month(line) + needed > limit:
        raise Refusal(429, "You have reached your monthly limit.", hint=QUOTA_HINT)


def used_this_month(line: Line) -> int:
    """Counted messages of this month, by Japan's calendar."""
    return line.memory.counts["month:" + day_of(line.clock())[:6]]


def _deliver(line: Line, request: Request, body: Body, how: str, people: list[Person]) -> list[Body]:
    """Bring messages to people, count them, write the ledger; what was sent, as LINE reports it."""
    now = line.clock()
    messages: list[Body] = body["messages"]
    key = request.headers.get("x-line-retry-key", "")
    arrived = 0
    sent: list[Body] = []
    for person in people:
        there = reaches(line, person)
        arrived += there
        counted = there and how != "reply"
        line.memory.note(Delivery(now, how, person.user_id, messages, key, counted, there, request.request_id))
        if line.keeping_talks and there:
            sent = _show(line, person, messages, how)
    day = day_of(now)
    line.memory.count(f"day:{day}:{how}", arrived)
    if how != "reply":
        line.memory.count("month:" + day[:6], arrived)
    return sent or [_sent(line.memory.message_id(), message) for message in messages]


def _show(line: Line, person: Person, messages: list[Body], how: str) -> list[Body]:
    now = line.clock()
    person.loading_until = 0.0
    person.unread += len(messages)
    line.memory.keep_person(person)
    sent = []
    for message in messages:
        bubble = Bubble(id=line.memory.message_id(), side="account", how=how, at=now, message=message)
        line.show(person, bubble)
        sent.append(_sent(bubble.id, message))
    return sent


def _sent(message_id: str, message: Body) -> Body:
    if message.get("type") in UNQUOTABLE:
        return {"id": message_id}
    return {"id": message_id, "quoteToken": "sim-quote-" + message_id}


BASE = "/v2/bot/message/"
ROUTES = (
    Route(name="reply", method="POST", path=BASE + "reply", handler=reply),
    Route(name="push", method="POST", path=BASE + "push", handler=push, keyed=True),
    Route(name="multicast", method="POST", path=BASE + "multicast", handler=multicast, keyed=True),
    Route(name="broadcast", method="POST", path=BASE + "broadcast", handler=broadcast, keyed=True),
    *(
        Route(name="validate", method="POST", path=f"{BASE}validate/{how}", handler=validate)
        for how in ("reply", "push", "multicast", "broadcast", "narrowcast")
    ),
)
