"""Effects on their way: what a commit asks of the world, frozen before the first try."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from bot.store.instants import moment_of, ms
from flows import codec
from flows.effects import Effect, LearnName, LinkMenu, Send, Source, TellStaff, Way
from flows.names import FriendId

MOST_RECIPIENTS = 500
"""LINE's limit for one multicast (developers.line.biz, send-multicast-message)."""

NAMESPACE = UUID("5f3c1c0e-6a55-4b0f-9d0c-4c7f5f0f7b0a")
_BUBBLES = ',"bubbles":'
_NO_SOURCE = Source()
_SOURCE_FIELDS = tuple(one.name for one in fields(Source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One effect to perform. `bubbles` is the ready JSON of the messages ("" for what is not a send).

    `retry_key` is derived from what is sent, to whom, and the moment it had waited for (for other sends, the record's
    revision): a replay after a power loss repeats it, the same words next week do not. `words` is a menu's name or what staff should be told.
    """

    id: str
    kind: str
    to: tuple[FriendId, ...]
    since: datetime
    bubbles: str = ""
    way: Way = Way.PUSH
    reply_token: str = ""
    token_until: datetime | None = None
    source: Source = _NO_SOURCE
    words: str = ""
    topic: str = ""
    tries: int = 0
    """Attempts known to have ended without an answer we could use."""
    member: bytes = field(default=b"", repr=False, compare=False)
    """The entry as it stands in Redis."""

    @property
    def retry_key(self) -> str:
        """LINE's `X-Line-Retry-Key`, fixed before the first attempt."""
        return self.id.partition("-")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The effects of one decision for one person, and what a reply needs; `rev` is his record's new revision."""

    to: FriendId
    rev: int
    effects: Sequence[Effect]
    reply_token: str = ""
    token_until: datetime | None = None


def entries_of(asks: Iterable[Ask], since_ms: int, *, seed: str = "") -> tuple[Entry, ...]:
    """The entries of one commit, in the order of each person's effects; identical pushes are folded into one.

    Folding keeps to one position: what stands second in somebody's effects never goes before what stands first.
    """
    piles: dict[tuple[Any, ...], list[tuple[Ask, Effect]]] = {}
    for ask in asks:
        for position, effect in enumerate(ask.effects):
            piles.setdefault(_pile_of(position, effect, ask), []).append((ask, effect))
    cut = [
        (what, sorted(pile, key=lambda one: one[0].to)[start : start + MOST_RECIPIENTS])
        for what, pile in sorted(piles.items(), key=lambda item: int(item[0][0]))
        for start in range(0, len(pile), MOST_RECIPIENTS)
    ]
    made = (_entry(what, pile, since_ms, seed) for what, pile in cut)
    return tuple(replace(entry, member=encode(entry)) for entry in made)


def encode(entry: Entry) -> bytes:
    """The entry as a member of the outbox: its id first, which orders entries of one millisecond."""
    kept = {
        "id": entry.id,
        "kind": entry.kind,
        "to": entry.to,
        "since": ms(entry.since),
        "way": entry.way,
        "token": entry.reply_token,
        "until": entry.token_until and ms(entry.token_until),
        "source": {name: value for name in _SOURCE_FIELDS if (value := getattr(entry.source, name))},
        "words": entry.words,
        "topic": entry.topic,
    }
    head = codec.as_json({name: value for name, value in kept.items() if value})
    return f"{head[:-1]}{_BUBBLES}{entry.bubbles or 'null'}}}".encode()


def decode(member: bytes, *, tries: int = 0) -> Entry:
    """The entry that `encode` wrote."""
    head, _, bubbles = member.decode().partition(_BUBBLES)
    kept = json.loads(head + "}")
    until = kept.get("until")
    return Entry(
        id=kept["id"],
        kind=kept["kind"],
        to=tuple(map(FriendId, kept["to"])),
        since=moment_of(kept["since"]),
        bubbles="" if bubbles == "null}" else bubbles[:-1],
        way=Way(kept["way"]),
        reply_token=kept.get("token", ""),
        token_until=moment_of(until) if until else None,
        source=Source(**kept.get("source", {})),
        words=kept.get("words", ""),
        topic=kept.get("topic", ""),
        tries=tries,
        member=member,
    )


def bubbles_json(bubbles: Sequence[Mapping[str, Any]]) -> str:
    """The messages as LINE wants them in a body."""
    return codec.as_json(list(bubbles))


def _pile_of(position: int, effect: Effect, ask: Ask) -> tuple[Any, ...]:
    match effect:
        case Send(way=Way.PUSH):
            return (position, effect.kind, bubbles_json(effect.bubbles), effect.way, effect.source)
        case Send():
            return (position, effect.kind, bubbles_json(effect.bubbles), effect.way, effect.source, ask.to)
        case LinkMenu(menu=words):
            return (position, effect.kind, words, ask.to)
        case TellStaff(text=words, topic=topic):
            return (position, effect.kind, words, topic, ask.to)
        case LearnName():
            return (position, effect.kind, ask.to)
    raise TypeError(f"no performer takes {effect!r}")


def _occasion(ask: Ask, effect: Effect) -> str | int:
    """What tells this send from every other of the same words to the same person.

    The moment a step had waited for, which no word of the friend's changes and no loss of power; else the revision.
    """
    due = effect.due if isinstance(effect, Send) and effect.way is Way.PUSH else None
    return f"due {ms(due)}" if due is not None else ask.rev


def _entry(what: tuple[Any, ...], pile: Sequence[tuple[Ask, Effect]], since_ms: int, seed: str) -> Entry:
    position, kind = what[:2]
    recipients = [(ask.to, _occasion(ask, effect)) for ask, effect in pile]
    key = uuid5(NAMESPACE, json.dumps([seed, position, *map(repr, what[1:5]), recipients]))
    plain = {
        "id": f"{position:02x}-{key}",
        "kind": kind,
        "to": tuple(to for to, _ in recipients),
        "since": moment_of(since_ms),
    }
    if kind == Send.kind:
        return _send(plain, what, pile[0][0])
    if kind == LinkMenu.kind:
        return Entry(**plain, words=what[2])
    if kind == TellStaff.kind:
        return Entry(**plain, words=what[2], topic=what[3])
    return Entry(**plain)


def _send(plain: Mapping[str, Any], what: tuple[Any, ...], ask: Ask) -> Entry:
    bubbles, way, source = what[2:5]
    if way is Way.PUSH:
        return Entry(**plain, bubbles=bubbles, source=source)
    return Entry(
        **plain,
        bubbles=bubbles,
        way=way,
        source=source,
        reply_token=ask.reply_token,
        token_until=ask.token_until and moment_of(ms(ask.token_until)),
    )
