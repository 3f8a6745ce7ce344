"""F13, F14, F15: mutated webhooks by the thousand, wrong signatures, hostile words in every place a person can fill."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.machine import family, resident_mb
from simulator.state import Standing
from torture import mutating
from torture.audit import Findings
from torture.corpus import HOSTILE
from torture.knocking import body_of, signed
from torture.rushing import Report
from torture.town import FALLBACK, POINT, SAID, SECRET, TOKYO, WELCOME, Town, person, town

SLOWEST = 0.1
"""Seconds in which a malformed webhook should be answered."""
SLOWEST_WORDS = 0.05
ROLES = ("web", "worker-1", "clock-1")
WITNESS = 1_000_000


@dataclass(slots=True)
class Answers:
    """Statuses, and how long each took."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """Neither 200 nor a 4xx."""
        return sum(times for status, times in self.statuses.items() if status != 200 and not 400 <= status < 500)


class Line:
    """One kept connection to the web process, opened anew when it is closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        """The status; 0 for none within ten seconds."""
        for _ in range(2):
            try:
                connection = self._connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
                self._connection = connection
                connection.request("POST", "/callback", body, headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self.close()
            else:
                return answer.status
        return 0

    def close(self) -> None:
        """Let go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def f13(seed: int, count: int) -> Report:
    """Bent events, each webhook with a sound one among them that must act; then bodies that are no JSON at all."""
    report = Report(fault="F13", how=f"{count:,} bent and broken webhooks, signed", seed=seed)
    with town(seed, *ROLES, steps=1) as here:
        at_ms = int(here.line.clock() * 1000)
        for number in range(50):
            here.acts.add(mutating.user(number), f"さくら{number}", Standing.FRIEND)
        here.acts.add(person(0), "証人", Standing.FRIEND)
        before, answers, sound = _memory(here), Answers(), 0
        with contextlib.closing(Line(here.crew.port)) as line:
            bent = mutating.bodies(seed, count, lambda number: _witness(number, at_ms), at_ms)
            for body in bent:
                sound += _ask(line, body, signed(body), answers) == 200
            for body in mutating.broken(seed, max(100, count // 10), at_ms):
                _ask(line, body, signed(body), answers)
            big = b'{"events":[],"x":"' + b"x" * (64 * 1024 * 1024) + b'"}'
            # It is refused unread: the connection may be gone before all of it is sent.
            flood = line.post(big, signed(big))
            answers.statuses[flood or 400] += 1
            del big
        after = _memory(here)
        here.settle()
        points = _points(here, person(0))
        report.findings = Findings(
            planned=sound, delivered=points, lost=max(0, sound - points), doubled=max(0, points - sound)
        )
        _audit_only(here, report.findings)
        report.findings.left_over += answers.bad
        report.notes += [
            (
                f"answers {dict(answers.statuses)}, slowest {max(answers.waits) * 1000:.0f} ms, "
                f"over {SLOWEST * 1000:.0f} ms: {sum(one > SLOWEST for one in answers.waits)} (on the wall clock; F13s has the CPU)"
            ),
            f"memory {before:.0f} → {after:.0f} MB",
        ]
    return report


def _ask(line: Line, body: bytes, headers: dict[str, str], answers: Answers) -> int:
    began = time.monotonic()
    status = line.post(body, headers)
    answers.waits.append(time.monotonic() - began)
    answers.statuses[status] += 1
    return status


def _witness(number: int, at_ms: int) -> dict[str, Any]:
    return {
        "type": "message",
        "mode": "active",
        "timestamp": at_ms + number,
        "source": {"type": "user", "userId": person(0)},
        "webhookEventId": f"W{number:025d}",
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "id": str(WITNESS + number), "text": SAID},
    }


def _memory(here: Town) -> float:
    child = here.crew.members["web"].child
    return sum(map(resident_mb, family(child.pid))) if child else 0.0


def _points(here: Town, friend: str) -> int:
    from flows.names import FriendId, Key

    with contextlib.closing(here.store) as store:
        return store.friends.load(FriendId(friend)).friend.scores.get(Key(""), 0)


def _audit_only(here: Town, findings: Findings) -> None:
    from bot.store.audit import Audit

    with contextlib.closing(here.store) as store:
        differences = Audit(store.server, store.keys).differences(TOKYO)
    findings.indexes += len(differences)
    for one in differences[:3]:
        findings.say(f"index {one}")


def f14(seed: int, count: int) -> Report:
    """Signatures that are wrong, missing, cut, of another body; and an old valid webhook once more."""
    report = Report(fault="F14", how=f"{count:,} webhooks with wrong signatures, replays of old ones", seed=seed)
    with town(seed, *ROLES, steps=1) as here:
        here.acts.add(person(0), "さくら", Standing.FRIEND)
        at_ms = int(here.line.clock() * 1000)
        with contextlib.closing(Line(here.crew.port)) as line:
            old = body_of(here, [_witness(0, at_ms)])
            line.post(old, signed(old))
            here.settle()
            before, answers = _digest(here), Answers()
            for number in range(count):
                body = body_of(here, [_witness(number + 1, at_ms)])
                _ask(line, body, _wrongly_signed(here, body, number), answers)
            for _ in range(20):
                line.post(old, signed(old))
            changed = before != _digest(here)
        report.findings = Findings(planned=count, delivered=answers.statuses[400])
        report.findings.doubled = int(changed) + count - answers.statuses[400]
        report.notes.append(f"answers {dict(answers.statuses)}; state changed: {'yes' if changed else 'no'}")
    return report


def _wrongly_signed(here: Town, body: bytes, number: int) -> dict[str, str]:
    headers = signed(body)
    right = headers["X-Line-Signature"]
    wrong = (
        None,
        "",
        right[:-1],
        right[:-4] + "AAA=",
        right.lower(),
        signed(body + b" ")["X-Line-Signature"],
        signed(body, SECRET[::-1])["X-Line-Signature"],
        base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha1)).decode(),
        hmac.digest(SECRET.encode(), body, hashlib.sha256).hex(),
        "=" * here.dice.randrange(1, 2000),
        f" {right}x",
    )[number % 11]
    if wrong is None:
        del headers["X-Line-Signature"]
        return headers
    return headers | {"X-Line-Signature": wrong}


def _digest(here: Town) -> str:
    """All that is kept about friends and the account, as one number; signs of life and queues left out."""
    whole = hashlib.sha256()
    with contextlib.closing(here.server.client()) as client:
        for key in sorted(client.scan_iter(match="lm:*", count=1000)):
            if not key.startswith((b"lm:{beat}", b"lm:{quota}", b"lm:{meta}", b"lm:{pace}")):
                whole.update(key + b"\0" + (client.dump(key) or b""))
    return whole.hexdigest()


def f15(seed: int, _count: int) -> Report:
    """Hostile words as message, as button, as place and file name, as the name a person goes by."""
    report = Report(fault="F15", how=f"{len(HOSTILE)} hostile texts in every place a friend can fill", seed=seed)
    with town(seed, *ROLES, steps=1) as here:
        people = {person(number): words for number, words in enumerate(HOSTILE)}
        for friend, words in people.items():
            here.acts.add(friend, words, Standing.STRANGER)
        catalog_before = _catalog(here)
        answers = Answers()
        with here.acts.gathering() as events, contextlib.closing(Line(here.crew.port)) as line:
            for friend, words in people.items():
                here.acts.follow(friend)
                for message in _messages(words):
                    here.acts.send(friend, message)
                here.acts.happen(friend, "postback", postback={"data": words[:300]})
            for event in events:
                _bring(here, event, line, answers)
        here.settle()
        said = _unexpected(here)
        report.findings = Findings(planned=len(events), delivered=answers.statuses[200])
        # A 503 of a busy minute is brought again, as by LINE.
        report.findings.lost = len(events) - answers.statuses[200]
        report.findings.doubled = len(said) + int(catalog_before != _catalog(here))
        _audit_only(here, report.findings)
        for words in said[:5]:
            report.findings.say(f"said to a friend: {words[:80]!r}")
        names = _names(here)
        report.findings.counters = sum(names.get(friend) != words for friend, words in people.items() if words.strip())
        slow = max(answers.waits)
        report.notes.append(
            f"slowest {slow * 1000:.0f} ms, over {SLOWEST_WORDS * 1000:.0f} ms: {sum(one > SLOWEST_WORDS for one in answers.waits)}"
        )
        report.findings.anomalies = _in_the_log(here)
        report.notes.append(f"hostile texts found in our logs: {report.findings.anomalies}")
    return report


def _bring(here: Town, event: dict[str, Any], line: Line, answers: Answers) -> None:
    """Until it is answered with 200, three times at most."""
    body = body_of(here, [event])
    for _ in range(3):
        if _ask(line, body, signed(body), answers) == 200:
            return


def _messages(words: str) -> list[dict[str, Any]]:
    """The words wherever a friend's message may hold them."""
    return [
        {"type": "text", "text": words or "。"},
        {"type": "location", "title": words[:100], "address": words[:100], "latitude": 35.6, "longitude": 139.7},
        {"type": "file", "fileName": words[:200] or "x", "fileSize": 3},
    ]


def _catalog(here: Town) -> str:
    with contextlib.closing(here.server.client()) as client:
        return hashlib.sha256(client.dump("lm:{catalog}:published") or b"").hexdigest()


EXPECTED = frozenset({WELCOME, FALLBACK, POINT})
OURS = ("通知を減らす", "配信停止", "配信再開", "このボタンの受付は終わりました")
"""How the product's own sentences to friends begin or what they hold."""


def _unexpected(here: Town) -> list[str]:
    """What friends were told that the owner did not write."""
    return [
        text
        for one in here.line.memory.ledger
        for message in one.messages
        if (text := str(message.get("text", ""))) not in EXPECTED and not any(words in text for words in OURS)
    ]


def _names(here: Town) -> dict[str, str]:
    from flows.names import FriendId

    with contextlib.closing(here.store) as store:
        return {friend: store.friends.load(FriendId(friend)).friend.name for friend in here.line.memory.people}


def _in_the_log(here: Town) -> int:
    """How many of the longer hostile texts a log of ours repeats: it should repeat none."""
    logs = "".join(member.log.read_text(errors="replace") for member in here.crew.members.values())
    telling = [words for words in HOSTILE if 12 <= len(words) <= 300 and words.isprintable()]
    found = [words for words in telling if words in logs or json.dumps(words)[1:-1] in logs]
    return len(found)


FUZZ = {"F13": f13, "F14": f14, "F15": f15}
