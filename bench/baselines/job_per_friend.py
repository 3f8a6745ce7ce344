"""Step delivery as it is often built: one RQ job for each friend and step, its record a JSON value, a forking worker."""

from __future__ import annotations

import json
import os

from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, PushMessageRequest, TextMessage
from redis import Redis

server: Redis[bytes] = Redis.from_url(os.environ.get("REDIS_URL", "redis://127.0.0.1/0"))
line = Configuration(access_token="t" * 120, host=os.environ.get("LINE_API_URL", ""))


def key(friend: str) -> str:
    """Where the friend's record is."""
    return f"naive:friend:{friend}"


def send_step(friend: str, text: str) -> None:
    """Load one friend, send one message, note that it was sent."""
    record = json.loads(server.get(key(friend)) or b"{}")
    if record.get("blocked"):
        return
    with ApiClient(line) as client:
        MessagingApi(client).push_message(PushMessageRequest(to=friend, messages=[TextMessage(text=text)]))
    record["step"] = record.get("step", 0) + 1
    server.set(key(friend), json.dumps(record))
