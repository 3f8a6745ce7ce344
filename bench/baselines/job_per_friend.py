"""Step delivery as it is often built: one RQ job for each friend and step, its record a JSON value, a forking worker."""

from __future__ import annotations

import json
import os
import sys

from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, PushMessageRequest, TextMessage
from redis import Redis
from rq import Queue, Worker

server: Redis = Redis.from_url(os.environ.get("REDIS_URL", "redis://127.0.0.1/0"))
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


def main(words: list[str]) -> None:
    """`put N` queues a job for each of so many friends; `work` runs them all, a fork each, and ends."""
    queue = Queue("naive", connection=server)
    if words[0] == "work":
        Worker([queue], connection=server).work(burst=True, logging_level="ERROR")
        return
    for number in range(int(words[1])):
        friend = f"U{number:032x}"
        server.set(key(friend), json.dumps({"name": f"さくら{number}", "tags": ["a", "b"], "step": 0}))
        queue.enqueue(
            "bench.baselines.job_per_friend.send_step", friend, "こんにちは。今日のお知らせです。", result_ttl=0
        )


if __name__ == "__main__":
    main(sys.argv[1:])
