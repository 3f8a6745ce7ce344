"""What LINE tells about the account: quota, profile, friends, the bot itself, its webhook address.

Source: https://developers.line.biz/en/reference/messaging-api/
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from simulator.clock import day_of
from simulator.http import Answer, Refusal, Request
from simulator.routes import Route
from simulator.sending import used_this_month
from simulator.state import Standing

if TYPE_CHECKING:
    from simulator.line import Line

ACCOUNT = "練習用アカウント"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def quota(line: Line, request: Request) -> Answer:
    """The monthly limit."""
    limit = line.memory.settings.get("limit")
    return Answer(body={"type": "none"} if limit is None else {"type": "limited", "value": limit})


def consumption(line: Line, request: Request) -> Answer:
    """What was counted this month."""
    return Answer(body={"totalUsage": used_this_month(line)})


def delivered(line: Line, request: Request) -> Answer:
    """How many were sent on a day; ready on the next."""
    day = request.query.get("date", "")
    if len(day) != 8 or not day.isdigit():
        raise Refusal(400, "The value for the 'date' parameter is invalid")
    if day >= day_of(line.clock()):
        return Answer(body={"status": "unready"})
    how = request.path.rsplit("/", 1)[1]
    return Answer(body={"status": "ready", "success": line.memory.counts[f"day:{day}:{how}"]})


def profile(line: Line, request: Request) -> Answer:
    """Name and language of a friend; 404 for strangers and those who blocked."""
    person = line.memory.people.get(request.found["userId"])
    if person is None or person.standing is not Standing.FRIEND:
        raise Refusal(404, "Not found", hint="友だちではないか、ブロックされています")
    body = {"userId": person.user_id, "displayName": person.name, "language": person.language}
    if person.picture:
        body["pictureUrl"] = person.picture
    return Answer(body=body)


def followers(line: Line, request: Request) -> Answer:
    """The ids of all friends, page by page; 403 unless the account is verified."""
    if not line.memory.settings.get("verified"):
        raise Refusal(
            403, "Access to this API is not available for your account", hint="認証済アカウントだけの機能です"
        )
    limit = int(request.query.get("limit", "300"))
    start = request.query.get("start", "0")
    if not 1 <= limit <= 1000 or not start.isdigit():
        raise Refusal(400, "The value for a parameter is invalid")
    friends = [name for name, person in line.memory.people.items() if person.standing is Standing.FRIEND]
    first = int(start)
    body: dict[str, object] = {"userIds": friends[first : first + limit]}
    if first + limit < len(friends):
        body["next"] = str(first + limit)
    return Answer(body=body)


def bot(line: Line, request: Request) -> Answer:
    """Who the account is."""
    name = line.memory.settings.get("name", ACCOUNT)
    return Answer(
        body={
            "userId": line.bot_id,
            "basicId": "@sim0000a",
            "displayName": name,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
    )


def get_webhook(line: Line, request: Request) -> Answer:
    """Where webhooks go."""
    url = line.memory.settings.get("webhook")
    if not url:
        raise Refusal(404, "Not found")
    return Answer(body={"endpoint": url, "active": line.memory.settings.get("active", True)})


def put_webhook(line: Line, request: Request) -> Answer:
    """Send webhooks there from now on."""
    url = line.checked(request, "PUT /v2/bot/channel/webhook/endpoint")["endpoint"]
    _require_address(url)
    line.memory.set("webhook", url)
    return Answer(body={})


def test_webhook(line: Line, request: Request) -> Answer:
    """Call the webhook address with no events, and report."""
    given = line.checked(request, "POST /v2/bot/channel/webhook/test") if request.raw else {}
    url = str(given.get("endpoint") or line.memory.settings.get("webhook") or "")
    _require_address(url)
    probe = line.probe
    if probe is None:
        raise Refusal(404, "Not found")
    return Answer(later=lambda: probe(url))


def _require_address(url: str) -> None:
    """HTTPS, as LINE asks; plain HTTP on this machine is the simulator's one exception."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Refusal(400, "Invalid webhook endpoint URL")


def loading(line: Line, request: Request) -> Answer:
    """Show the three dots in a talk for a while."""
    body = line.checked(request, "POST /v2/bot/chat/loading/start")
    person = line.memory.people.get(body["chatId"])
    if person is None:
        raise Refusal(400, "The property, 'chatId', in the request body is invalid")
    person.loading_until = line.clock() + body.get("loadingSeconds", 20)
    line.memory.keep_person(person)
    line.tell(person.user_id)
    return Answer(status=202, body={})


def mark_as_read(line: Line, request: Request) -> Answer:
    """Show 既読 beside what a person wrote."""
    token = line.checked(request, "POST /v2/bot/chat/markAsRead")["markAsReadToken"]
    for person in line.memory.people.values():
        for bubble in person.talk:
            if bubble.message.get("markAsReadToken") == token:
                bubble.message["read"] = True
                line.show(person, bubble)
                return Answer(body={})
    raise Refusal(400, "Invalid markAsReadToken")


BASE = "/v2/bot/"
ROUTES = (
    Route(name="quota", method="GET", path=BASE + "message/quota", handler=quota),
    Route(name="consumption", method="GET", path=BASE + "message/quota/consumption", handler=consumption),
    *(
        Route(name="delivery", method="GET", path=f"{BASE}message/delivery/{how}", handler=delivered)
        for how in ("reply", "push", "multicast", "broadcast")
    ),
    Route(name="profile", method="GET", path=BASE + "profile/{userId}", handler=profile),
    Route(name="followers", method="GET", path=BASE + "followers/ids", handler=followers),
    Route(name="bot", method="GET", path=BASE + "info", handler=bot),
    Route(name="webhook.get", method="GET", path=BASE + "channel/webhook/endpoint", handler=get_webhook),
    Route(name="webhook.put", method="PUT", path=BASE + "channel/webhook/endpoint", handler=put_webhook),
    Route(name="webhook.test", method="POST", path=BASE + "channel/webhook/test", handler=test_webhook),
    Route(name="loading", method="POST", path=BASE + "chat/loading/start", handler=loading),
    Route(name="read", method="POST", path=BASE + "chat/markAsRead", handler=mark_as_read),
)
