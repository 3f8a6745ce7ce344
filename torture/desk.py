"""F16, F17: patterns and addresses of every hostile kind in every field of the console, and a trap that nobody may call."""

from __future__ import annotations

import contextlib
import http.server
import json
import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import app
from admin_commands import FAMILIES
from simulator.world import FakeLine
from torture.corpus import BAITS, PATTERNS
from torture.house import House, house
from torture.rushing import Report
from torture.town import SECRET, TOKEN, catalog, person

OWNER = person(1)
FRIEND = person(2)
CODE = "1234-5678"
SLOWEST_SECONDS = 0.25
"""CPU of one answer to staff; a script of five thousand characters is read in it."""
TAPS = 0.5
"""The share of taps among what the owner does: they lead from page to page of a form."""
DANGEROUS = ("削除", "消す", "やめる", "外す", "渡す", "友だちモード")


@dataclass(slots=True)
class Desk:
    """An owner at work in a house, and how long each of his answers took."""

    here: House
    fake: FakeLine
    dice: random.Random
    waits: list[tuple[float, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def receive(self, body: bytes, headers: dict[str, str]) -> int:
        """LINE's webhook."""
        status, seconds = self.here.knock("/callback", body, headers)
        self.waits.append((seconds, _heard(body)))
        self.statuses.append(status)
        return status

    def says(self, words: str) -> None:
        """The owner writes, and gets his answer."""
        self.fake.say(OWNER, words[:5000] or "。")
        self.here.services.sender.settle()

    def wanders(self, words: str) -> None:
        """Once he taps something, once he writes the hostile words into whatever is asked."""
        labels = [one for one in self.fake.labels(OWNER) if not any(word in one for word in DANGEROUS)]
        if labels and self.dice.random() < TAPS:
            with contextlib.suppress(LookupError):
                self.fake.tap(OWNER, self.dice.choice(labels))
        else:
            self.says(words)


def _heard(body: bytes) -> str:
    """What was said or tapped, shortened."""
    event = json.loads(body)["events"][0]
    said = event.get("message", {}).get("text") or event.get("postback", {}).get("data") or event["type"]
    return f"{said[:60]}… ({len(said)} characters)"


@contextlib.contextmanager
def desk(seed: int) -> Iterator[Desk]:
    """An owner at his desk, one friend, nothing sent yet."""
    with FakeLine(secret=SECRET, token=TOKEN, checking=False) as fake, house(catalog(1), fake=fake) as here:
        made = Desk(here, fake, random.Random(seed))
        fake.receive_with(made.receive)
        for who, name in ((OWNER, "花"), (FRIEND, "さくら")):
            fake.add_person(who, name)
            fake.follow(who)
        here.rest()
        made.says(f"登録 {CODE}")
        here.rest()
        assert here.store.catalogs.current().staff
        # Grammars and templates are read once in a process; its start waits for that, and so do we.
        for words in (app.EVERYTHING, "やめる", "テンプレ", "一斉配信", "ヘルプ", "人数 タグ VIP"):
            made.says(words)
        made.waits.clear()
        yield made


def words_of(text: str) -> Iterator[str]:
    """The text behind every word of the console, and as a script, a condition, an answer."""
    for family in FAMILIES:
        for command in family.commands:
            if not command.hidden:
                yield f"{command.word} {text}"
    yield from (
        text,
        f"# シナリオ {text}\n開始: キーワード {text}\n## すぐ\n{text}",
        f"# シナリオ x\n開始: 友だち追加 ※{text}\n## すぐ ※{text}\n? 問（自由）\n{text}\n- {text} → {text}",
        f"人数 タグ {text} かつ 名前 {text}",
    )


def f16(seed: int, rounds: int) -> Report:
    """No pattern of anybody's is evaluated, and none of ours takes for ever: every field, each answer timed by its CPU."""
    report = Report(fault="F16", how="patterns that take for ever, in every field of the console", seed=seed)
    with desk(seed) as at:
        everything = [words for text in (*PATTERNS, *BAITS) for words in words_of(text)]
        chosen = at.dice.sample(everything, min(rounds, len(everything)))
        for number, words in enumerate(chosen):
            at.says(words)
            for _ in range(3):
                at.wanders(at.dice.choice((*PATTERNS, *BAITS)))
            if number % 50 == 49:
                at.here.work()
        told(at, report)
        report.findings.planned = report.findings.delivered = len(at.waits)
        report.findings.left_over += sum(seconds > SLOWEST_SECONDS for seconds, _ in at.waits)
    return report


def told(at: Desk, report: Report) -> None:
    """How long answers took, and what was answered badly."""
    bad = sum(status != 200 for status in at.statuses)
    failed = at.here.log.read_text(encoding="utf-8").count('"event.failed"')
    report.findings.anomalies += bad + failed
    slow = sorted(at.waits)[::-1][:3]
    report.notes.append(
        f"{len(at.waits):,} answers, CPU p50 {sorted(at.waits)[len(at.waits) // 2][0] * 1000:.1f} ms, "
        f"slowest {slow[0][0] * 1000:.0f} ms; {failed} failed inside"
    )
    for seconds, words in slow if slow[0][0] > SLOWEST_SECONDS else ():
        report.findings.say(f"{seconds * 1000:.0f} ms: {words!r}")


# -- addresses ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Trap:
    """A server that nobody may call, and a watch over every connection this process makes."""

    port: int
    allowed: frozenset[int]
    calls: list[str] = field(default_factory=list)
    on: bool = True

    def addresses(self) -> tuple[str, ...]:
        """Where it can be found, by every name that hides it."""
        port = self.port
        hosts = (
            "127.0.0.1",
            "localhost",
            "[::1]",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
            "１２７．０．０．１",
            "127.0.0.1.nip.io",
            "user:pass@127.0.0.1",
        )
        return (
            *(f"http://{host}:{port}/x.jpg" for host in hosts),
            *(f"https://{host}:{port}/x.jpg" for host in hosts),
            f"http://127.0.0.1:{port}/redirect",
            f"http://127.0.0.1:{port}\\@example.com/x.jpg",
            f"https://example.com@127.0.0.1:{port}/x.jpg",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/latest/meta-data/",
            "file:///etc/passwd",
            "gopher://127.0.0.1:6379/_FLUSHALL",
            f"ftp://127.0.0.1:{port}/x.jpg",
            f"//127.0.0.1:{port}/x.jpg",
            "data:text/html,<script>alert(1)</script>",
            "javascript:alert(1)",
        )

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Of Python's own watch: any connection but to our Redis and our LINE, any name asked for but theirs."""
        if not self.on:
            return
        if event == "socket.connect":
            address = arguments[1]
            if not isinstance(address, tuple) or address[1] not in self.allowed:
                self.calls.append(f"connect {address}")
        elif event == "socket.getaddrinfo" and arguments[1] not in self.allowed:
            self.calls.append(f"lookup {arguments[0]}")


@contextlib.contextmanager
def trap(*allowed: int) -> Iterator[Trap]:
    """The trap, set."""

    class Caught(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.calls.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{made.port}/again")
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Caught)
    made = Trap(server.server_address[1], frozenset(allowed))
    threading.Thread(target=server.serve_forever, name="trap", daemon=True).start()
    sys.addaudithook(made.hear)
    try:
        yield made
    finally:
        made.on = False
        server.shutdown()
        server.server_close()


def f17(seed: int, rounds: int) -> Report:
    """Every field that takes an address, of staff and of friends: nothing is ever fetched."""
    report = Report(
        fault="F17", how="addresses of this machine in every field of the console and of a message", seed=seed
    )
    with desk(seed) as at, trap(at.here.line_port, _redis_port(at.here)) as caught:
        addresses = caught.addresses()
        everything = [words for text in addresses for words in (*words_of(text), *_scripts(text))]
        chosen = at.dice.sample(everything, min(rounds, len(everything)))
        for words in chosen:
            at.says(words)
            for _ in range(2):
                at.wanders(at.dice.choice(addresses))
        for text in addresses:
            _from_a_friend(at, text)
        at.here.rest()
        told(at, report)
        report.findings.planned = report.findings.delivered = len(at.waits)
        report.findings.doubled = len(caught.calls)
        for one in caught.calls[:4]:
            report.findings.say(one)
        report.notes.append(f"{len(addresses)} addresses; requests and look-ups that reached out: {len(caught.calls)}")
    return report


def _scripts(text: str) -> Iterator[str]:
    """Where a script takes an address."""
    yield f"# シナリオ 絵\n開始: 友だち追加\n## すぐ\n画像: {text}\n動画: {text} {text}\n音声: {text} 10秒"
    yield f"# シナリオ 札\n開始: 友だち追加\n## すぐ\n[カード] 題\n画像: {text}\n[{text}] → リンク {text}"
    yield f"# シナリオ 文\n開始: 友だち追加\n## すぐ\n{text}\n{{リンク:{text}}}"


def _from_a_friend(at: Desk, text: str) -> None:
    """Media that lie elsewhere, places, files and plain words."""
    provider = {"type": "external", "originalContentUrl": text, "previewImageUrl": text}
    messages: tuple[dict[str, Any], ...] = (
        {"type": "image", "contentProvider": provider},
        {"type": "video", "duration": 1000, "contentProvider": provider},
        {"type": "audio", "duration": 1000, "contentProvider": provider},
        {"type": "text", "text": text},
        {"type": "location", "title": text[:100], "address": text, "latitude": 1.0, "longitude": 1.0},
        {"type": "file", "fileName": text, "fileSize": 1},
    )
    for message in messages:
        at.fake.acts.send(FRIEND, message)
        at.fake.acts.send(OWNER, message)


def _redis_port(here: House) -> int:
    return int(here.services.settings.redis_url.rpartition(":")[2].partition("/")[0])


DESK: dict[str, Callable[[int, int], Report]] = {"F16": f16, "F17": f17}
