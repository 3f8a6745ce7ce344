"""Webhook bodies as LINE might send them on a very bad day: known events, bent at random by a seed."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from torture.corpus import HOSTILE, LONE_SURROGATES

Json = Any

ODD: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    10**30,
    -(2**63),
    "",
    "0",
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"type": None},
    *LONE_SURROGATES,
)
DEEP = 3000


def user(number: int) -> str:
    """A user id as LINE writes them."""
    return f"U{number:032x}"


def base(kind: str, dice: random.Random, number: int, at_ms: int) -> dict[str, Json]:
    """An event as LINE documents it (developers.line.biz: messaging-api reference, webhook event objects)."""
    event: dict[str, Json] = {
        "type": kind,
        "mode": "active",
        "timestamp": at_ms,
        "source": {"type": "user", "userId": user(dice.randrange(50))},
        "webhookEventId": f"F{number:025d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{number:032x}",
    }
    event |= copy.deepcopy(CONTENTS[kind](dice, str(number)))
    return event


CONTENTS: dict[str, Any] = {
    "message": lambda dice, number: {"message": dice.choice(MESSAGES)(dice, number)},
    "follow": lambda dice, _: {"follow": {"isUnblocked": dice.random() < 0.5}},
    "unfollow": lambda _dice, _number: {},
    "postback": lambda dice, _: {
        "postback": {"data": dice.choice(HOSTILE)[:300], "params": dice.choice(PICKED)},
    },
    "unsend": lambda _, number: {"unsend": {"messageId": number}},
    "videoPlayComplete": lambda _dice, _number: {"videoPlayComplete": {"trackingId": "t"}},
    "beacon": lambda _dice, _number: {"beacon": {"hwid": "d41d8cd98f", "type": "enter", "dm": ""}},
    "accountLink": lambda _dice, _number: {"link": {"result": "ok", "nonce": "n"}},
    "membership": lambda _dice, _number: {"membership": {"type": "joined", "membershipId": 3189}},
    "join": lambda _dice, _number: {"source": {"type": "group", "groupId": "C" + "0" * 32}},
    "memberJoined": lambda _dice, _number: {
        "source": {"type": "group", "groupId": "C" + "0" * 32, "userId": user(1)},
        "joined": {"members": [{"type": "user", "userId": user(2)}]},
    },
    "module": lambda _dice, _number: {"module": {"type": "attached", "botId": user(3), "scopes": []}},
    "things": lambda _dice, _number: {"things": {"deviceId": "t", "type": "link"}},
    "somethingNew": lambda _dice, _number: {"somethingNew": {"a": [1, 2, {"b": "c"}]}},
}
PICKED: tuple[Json, ...] = (
    {},
    {"date": "2026-02-30"},
    {"time": "25:61"},
    {"datetime": "2026-13-01T00:00"},
    {"datetime": "2026-11-21T10:00"},
    {"newRichMenuAliasId": "a", "status": "SUCCESS"},
    None,
)
MESSAGES: tuple[Any, ...] = (
    lambda dice, number: {"type": "text", "id": number, "text": dice.choice(HOSTILE), "quoteToken": "q"},
    lambda dice, number: {
        "type": "text",
        "id": number,
        "text": "$" + dice.choice(HOSTILE),
        "emojis": [{"index": dice.choice((0, 5, -1, 10**6)), "length": 1, "productId": "p", "emojiId": "1"}],
    },
    lambda _, number: {"type": "sticker", "id": number, "packageId": "1", "stickerId": "2", "stickerResourceType": "X"},
    lambda _, number: {"type": "image", "id": number, "contentProvider": {"type": "line"}},
    lambda dice, number: {
        "type": "image",
        "id": number,
        "contentProvider": {"type": "external", "originalContentUrl": dice.choice(HOSTILE)},
    },
    lambda _, number: {
        "type": "image",
        "id": number,
        "contentProvider": {"type": "line"},
        "imageSet": {"id": "S", "index": 1, "total": 10**6},
    },
    lambda dice, number: {
        "type": "location",
        "id": number,
        "title": dice.choice(HOSTILE),
        "address": dice.choice(HOSTILE),
        "latitude": dice.choice((35.6, 1e308, "x", None)),
        "longitude": 139.7,
    },
    lambda dice, number: {"type": "file", "id": number, "fileName": dice.choice(HOSTILE), "fileSize": -1},
    lambda _, number: {"type": "video", "id": number, "duration": 10**18, "contentProvider": {"type": "line"}},
    lambda _, number: {"type": "audio", "id": number, "contentProvider": {"type": "line"}},
    lambda _, number: {"type": "hologram", "id": number, "depth": {"a": {"b": []}}},
)


def bodies(seed: int, count: int, witness: Any, at_ms: int) -> Iterator[bytes]:
    """So many bodies. Each holds bent events, and among them what `witness(number)` gives: a sound one."""
    dice = random.Random(seed)
    for number in range(count):
        events: list[Json] = [bent(dice, number * 8 + place, at_ms) for place in range(dice.randrange(1, 4))]
        events.insert(dice.randrange(len(events) + 1), witness(number))
        yield written({"destination": user(0), "events": events}, dice)


def bent(dice: random.Random, number: int, at_ms: int) -> Json:
    """One event with up to three things wrong with it."""
    event: Json = base(dice.choice(list(CONTENTS)), dice, number, at_ms)
    for _ in range(dice.randrange(4)):
        _bend(event, dice)
    return event if dice.random() > 0.02 else copy.deepcopy(dice.choice(ODD))


def _bend(event: dict[str, Json], dice: random.Random) -> None:
    place, key = dice.choice(list(_places(event)) or [(event, "type")])
    match dice.randrange(6):
        case 0:
            place.pop(key, None) if isinstance(place, dict) else place.clear()
        case 1 | 2:
            place[key] = copy.deepcopy(dice.choice(ODD))
        case 3:
            place[key] = dice.choice(HOSTILE)
        case 4:
            place[key] = [copy.deepcopy(place[key])] * dice.randrange(1, 20)
        case 5:
            place[key] = {dice.choice(HOSTILE): place[key]}


def _places(value: Json) -> Iterator[tuple[Json, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from _places(inner)


def written(body: Json, dice: random.Random) -> bytes:
    """The body as bytes; half characters are written as JSON escapes, as LINE's own library would."""
    return json.dumps(body, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def broken(seed: int, count: int, at_ms: int) -> Iterator[bytes]:
    """Bodies that are not even JSON, or not an object, or far too much of it."""
    dice = random.Random(seed)
    for number in range(count):
        yield one_broken(dice, number, at_ms)


def one_broken(dice: random.Random, number: int, at_ms: int) -> bytes:
    """One such body."""
    whole = written({"destination": user(0), "events": [base("message", dice, number, at_ms)]}, dice)
    return dice.choice(BREAKS)(whole, dice)


def _flipped(whole: bytes, dice: random.Random) -> bytes:
    bent = bytearray(whole)
    for _ in range(dice.randrange(1, 12)):
        bent[dice.randrange(len(bent))] = dice.randrange(256)
    return bytes(bent)


NO_OBJECTS = (b"", b"null", b"[]", b'"x"', b"1", b"{}", b'{"events":null}', b'{"events":{}}')
BREAKS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    lambda whole, dice: whole[: dice.randrange(len(whole))],
    _flipped,
    lambda _, __: b'{"events":' * DEEP,
    lambda _, __: b"[" * (DEEP * 10) + b"]" * (DEEP * 10),
    lambda _, dice: dice.choice(NO_OBJECTS),
    lambda _, dice: dice.randbytes(dice.randrange(2000)),
    lambda _, __: b'{"events":[' + b"{}," * 5000 + b"{}]}",
    lambda _, dice: b'{"a":"' + b"\xff\xfe" * dice.randrange(100) + b'"}',
    lambda _, dice: b'{"events":[{"type":"message","timestamp":' + b"9" * dice.randrange(1, 6000) + b"}]}",
)
