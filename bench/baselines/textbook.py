"""Friends in Redis as introductions to Redis lay them out: a hash each, sets both ways, a list of JSON facts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flows.facts import Fact
from flows.friend import Friend


def put(server: Any, people: Iterable[tuple[Friend, tuple[Fact, ...]]]) -> int:
    """Write these friends; how many."""
    written = 0
    pipe = server.pipeline(transaction=False)
    for friend, facts in people:
        _one(pipe, friend, facts)
        written += 1
        if written % 200 == 0:
            pipe.execute()
    pipe.execute()
    return written


def _one(pipe: Any, friend: Friend, facts: tuple[Fact, ...]) -> None:
    one = friend.id
    pipe.hset(
        f"friend:{one}",
        mapping={
            "id": one,
            "name": friend.name,
            "joined": str(friend.joined),
            "reacted": str(friend.reacted),
            "phase": friend.phase.value,
            **{f"answer:{question}": entry.value for question, entry in friend.fields.items()},
        },
    )
    pipe.sadd("friends", one)
    for tag in friend.tags:
        pipe.sadd(f"tag:{tag}", one)
    pipe.sadd(f"friend:{one}:tags", *friend.tags)
    for question, entry in friend.fields.items():
        pipe.sadd(f"answer:{question}:{entry.value}", one)
    for axis, value in friend.scores.items():
        pipe.zadd(f"score:{axis}", {one: value})
    for walk in friend.enrollments:
        pipe.hset(
            f"friend:{one}:scenario:{walk.scenario}",
            mapping={"step": str(walk.step), "version": walk.version, "began": str(walk.began)},
        )
        if walk.due:
            pipe.zadd("due", {f"{one}|{walk.scenario}|{walk.step}": walk.due.timestamp()})
    pipe.rpush(f"friend:{one}:history", *(_line(fact) for fact in facts))


def _line(fact: Fact) -> str:
    return json.dumps({"kind": fact.kind, **{name: str(getattr(fact, name)) for name in fact.__slots__}})
