"""The page in the browser: its files, what it shows, and what its people do."""

from __future__ import annotations

import asyncio
import json
import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from simulator import taps, view
from simulator.acts import Acts
from simulator.feed import Feed
from simulator.http import Body
from simulator.ids import token, user_id
from simulator.line import Line
from simulator.movable import SharedClock, is_overdue, seconds_until
from simulator.state import Bubble, Standing
from simulator.webhook import Outcome

STATIC = Path(__file__).with_name("static")
MEDIA_BYTES = 200 * 1024 * 1024
SHORT = ClientTimeout(total=2)
PATIENT = ClientTimeout(total=10)
OVERDUE_TRIES = 25
OVERDUE_PAUSE = 0.2
NOTHING_DUE = "この先の予定はありません。"
NO_ANSWER = "製品から次の予定を聞けませんでした。"

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Page:
    """Answers `/`, `/static/…` and `/sim/…`; everything else is LINE's."""

    def __init__(self, line: Line, acts: Acts, shared: SharedClock, setting: view.Setting) -> None:
        self.line = line
        self.acts = acts
        self.shared = shared
        self.setting = setting
        self.product: bool | None = None
        self.feed = Feed(line)
        self._handlers: dict[tuple[str, str], Handler] = {
            ("GET", "state"): self.state,
            ("GET", "talk"): self.talk,
            ("GET", "calls"): self.calls,
            ("GET", "blob"): self.blob,
            ("GET", "feed"): self.feed.stream,
            ("POST", "act"): self.act,
            ("POST", "media"): self.media,
            ("POST", "clock"): self.clock,
        }

    def __call__(self, request: web.BaseRequest) -> Awaitable[web.StreamResponse] | None:
        """The answer to a request of the page; None if it is one of the product's."""
        if request.path == "/" or request.path.startswith("/static/"):
            return self.file(request)
        if not request.path.startswith("/sim/"):
            return None
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return _text(403, "この操作は練習用の画面からだけできます。")
        handler = self._handlers.get((request.method, request.path.split("/")[2]))
        return handler(request) if handler else _text(404, "そのような操作はありません。")

    async def file(self, request: web.BaseRequest) -> web.StreamResponse:
        """One of the page's own files."""
        wanted = (STATIC / (request.path.removeprefix("/static/") if request.path != "/" else "index.html")).resolve()
        if not wanted.is_file() or STATIC not in wanted.parents:
            return await _text(404, "そのようなファイルはありません。")
        kind = "font/woff2" if wanted.suffix == ".woff2" else mimetypes.guess_type(wanted.name)[0] or "text/plain"
        lasting = "max-age=604800" if wanted.suffix == ".woff2" else "no-cache"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        return web.Response(body=wanted.read_bytes(), headers={"Content-Type": kind, "Cache-Control": lasting})

    async def state(self, request: web.BaseRequest) -> web.StreamResponse:
        """Everything but the talks."""
        with self.line.lock:
            body = view.state(self.line, self.setting, why_not=self.shared.why_not, product=self.product)
        return _json(body)

    async def talk(self, request: web.BaseRequest) -> web.StreamResponse:
        """What changed in one talk; whoever looks has read it."""
        with self.line.lock:
            person = self.acts.person(request.query["person"])
            if "seen" in request.query and person.unread:
                person.unread = 0
                self.line.memory.keep_person(person)
                self.line.memory.commit()
                self.line.tell("people")
            return _json(view.talk(person, int(request.query.get("since", "0"))))

    async def calls(self, request: web.BaseRequest) -> web.StreamResponse:
        """The request log."""
        with self.line.lock:
            return _json(view.calls(self.line))

    async def blob(self, request: web.BaseRequest) -> web.StreamResponse:
        """A picture of a menu, or something a person sent."""
        with self.line.lock:
            found = self.line.memory.shelf.blob(request.query["id"])
        if found is None:
            return await _text(404, "見つかりません。")
        headers = {"Content-Type": found[0], "Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=found[1], headers=headers)

    async def act(self, request: web.BaseRequest) -> web.StreamResponse:
        """Let a person do something; how the product took it."""
        asked: Body = json.loads(await request.read())
        deed = DEEDS.get(asked.get("do", ""))
        if deed is None:
            return await _text(404, "そのような操作はありません。")
        try:
            outcome = await asyncio.to_thread(deed, self.acts, asked)
        except (LookupError, ValueError, StopIteration) as problem:
            return _json({"said": str(problem)}, 400)
        return _json({"reason": outcome.reason if outcome else "", "said": outcome.trouble if outcome else ""})

    async def media(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send a picture, a video, a voice or a file."""
        if (request.content_length or 0) > MEDIA_BYTES:
            return _json({"said": "200MBまで送れます。"}, 413)
        content = await request.read()
        query, kind = request.query, request.query["kind"]
        message: Body = {"type": kind}
        if kind in {"video", "audio"}:
            message["duration"] = int(query.get("duration", "0")) or 1000
        if kind == "file":
            message |= {"fileName": query["name"], "fileSize": len(content)}
        media_type = request.headers.get("Content-Type", "application/octet-stream")
        outcome = await asyncio.to_thread(self.acts.send_media, query["person"], message, content, media_type)
        return _json({"reason": outcome.reason, "said": outcome.trouble})

    async def clock(self, request: web.BaseRequest) -> web.StreamResponse:
        """Move time forward by some seconds, or to the next thing due."""
        asked = json.loads(await request.read())
        by = float(asked.get("by") or 0)
        if asked.get("to") == "next":
            by, said = await self._until_next()
            if said:
                return _json({"said": said})
        moved = await asyncio.to_thread(self.shared.move, by)
        if moved:
            self.rule()
        return _json({"said": "" if moved else self.shared.why_not})

    async def _until_next(self) -> tuple[float, str]:
        """Seconds until the next thing due, or why it is not known.

        What is due already is given a moment to happen: else two quick taps would skip nothing.
        """
        try:
            told = await self._ask_next_due()
            for _ in range(OVERDUE_TRIES):
                if not (told["next_due"] and is_overdue(told["next_due"], told["now"])):
                    break
                await asyncio.sleep(OVERDUE_PAUSE)
                told = await self._ask_next_due()
        except (ClientError, TimeoutError, ValueError):
            return 0.0, NO_ANSWER
        if not told["next_due"]:
            return 0.0, NOTHING_DUE
        return seconds_until(told["next_due"], told["now"]), ""

    async def _ask_next_due(self) -> dict[str, Any]:
        async with ClientSession(timeout=PATIENT) as session, session.get(self.setting.next_due) as answer:
            answer.raise_for_status()
            return dict(await answer.json(content_type=None))

    def rule(self) -> None:
        """Draw the new time across every talk."""
        with self.line.lock:
            now = self.line.clock()
            for person in self.line.memory.people.values():
                message = {"type": "time", "text": view.moment(now)}
                number = self.line.memory.message_id()
                self.line.show(person, Bubble(id=number, side="note", how="time", at=now, message=message))
            self.line.memory.commit()
            self.line.tell("clock")

    async def watch(self) -> None:
        """Follow the shared clock and the product's health for as long as the page is served."""
        while True:
            if await asyncio.to_thread(self.shared.follow):
                self.rule()
            if self.feed.watched and self.setting.health:
                await self._look_at_product()
            await asyncio.sleep(0.5)

    async def _look_at_product(self) -> None:
        try:
            async with ClientSession(timeout=SHORT) as session, session.get(self.setting.health) as answer:
                well = answer.status < 500
        except (ClientError, TimeoutError):
            well = False
        if well != self.product:
            self.product = well
            self.feed.tell("product")


def _json(body: Body, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})


async def _text(status: int, text: str) -> web.StreamResponse:
    return web.Response(status=status, text=text)


def _say(acts: Acts, asked: Body) -> Outcome:
    return acts.send(asked["person"], {"type": "text", "text": asked["text"]})


def _sticker(acts: Acts, asked: Body) -> Outcome:
    message = {"type": "sticker", "packageId": "446", "stickerId": asked["sticker"], "stickerResourceType": "STATIC"}
    return acts.send(asked["person"], message)


def _location(acts: Acts, asked: Body) -> Outcome:
    place = {"title": "サロン花", "address": "東京都渋谷区1-2-3", "latitude": 35.6595, "longitude": 139.7005}
    return acts.send(asked["person"], {"type": "location", **place})


def _tap(acts: Acts, asked: Body) -> Outcome | None:
    """Tap what stands in the talk or on the menu; it must really be there."""
    with acts.line.lock:
        there = taps.taps(acts.line, acts.person(asked["person"]))
        tap = next((each for each in there if each.action == asked["action"] and each.place == asked["place"]), None)
    if tap is None:
        raise LookupError("このボタンはもうありません。")
    return acts.tap(asked["person"], tap, asked.get("picked", ""))


def _add(acts: Acts, asked: Body) -> None:
    shop = bool(asked.get("shop"))
    name: Any = str(asked["name"]).strip()[:20]
    if not name:
        raise ValueError("名前を入れてください。")
    acts.add(user_id(name + token()), name, Standing.FRIEND if shop else Standing.STRANGER, shop=shop)


DEEDS: dict[str, Callable[[Acts, Body], Outcome | None]] = {
    "say": _say,
    "sticker": _sticker,
    "location": _location,
    "tap": _tap,
    "add": _add,
    "follow": lambda acts, asked: acts.follow(asked["person"]),
    "block": lambda acts, asked: acts.block(asked["person"]),
    "unsend": lambda acts, asked: acts.unsend(asked["person"], asked["bubble"]),
    "retry": lambda acts, asked: acts.retry(asked["person"], asked["bubble"]),
}
