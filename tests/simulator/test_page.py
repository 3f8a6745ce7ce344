"""The page's own doors: what it shows, what its people do, and the clock it moves."""

from __future__ import annotations

import ast
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import fakeredis
import pytest
from aiohttp import ClientSession, web

import simulator
from simulator import page as page_module
from simulator.movable import KEY, SharedClock, seconds_until
from simulator.page import Page
from simulator.server import Door
from simulator.view import Setting, moment
from simulator.world import FakeLine
from tests.simulator.support import NOON, SAKURA, Product, text

Visit = Callable[[ClientSession], Awaitable[None]]


@asynccontextmanager
async def opened(fake: FakeLine, shared: SharedClock, setting: Setting) -> AsyncIterator[ClientSession]:
    """The page on a port."""
    page = Page(fake.line, fake.acts, shared, setting)
    runner = web.ServerRunner(web.Server(Door(fake.line, page).answer, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as session:
            yield session
    finally:
        page.feed.close()
        await runner.cleanup()


def visit(fake: FakeLine, does: Visit, shared: SharedClock | None = None, setting: Setting | None = None) -> None:
    """Open the page and do something there."""

    async def whole() -> None:
        async with opened(fake, shared or SharedClock(fake.clock), setting or Setting()) as session:
            await does(session)

    asyncio.run(whole())


async def get(session: ClientSession, path: str) -> Any:
    async with session.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def act(session: ClientSession, **deed: Any) -> tuple[int, Any]:
    async with session.post("/sim/act", json=deed) as answer:
        return answer.status, await answer.json()


def test_the_files_are_there_and_nothing_above_them(fake: FakeLine) -> None:
    """The page needs no other server, and gives nothing else away."""

    async def does(session: ClientSession) -> None:
        for path in ("/", "/static/app.js", "/static/style.css", "/static/fonts/BIZUDPGothic-Regular.woff2"):
            async with session.get(path) as answer:
                assert answer.status == 200
        async with session.get("/static/%2e%2e/line.py") as answer:
            assert answer.status == 404

    visit(fake, does)


def test_people_write_tap_block_and_come_back(fake: FakeLine, product: Product) -> None:
    """Each act of the page is an act of the person."""
    action = {"type": "postback", "label": "はい", "data": "yes"}
    items = [{"type": "action", "action": action}]
    fake.call("POST", "/v2/bot/message/push", {"to": SAKURA, "messages": [text(quickReply={"items": items})]})

    async def does(session: ClientSession) -> None:
        tap = {"do": "tap", "person": SAKURA, "action": action, "place": "quick reply"}
        assert (await act(session, **tap))[0] == 200
        assert (await act(session, **tap))[0] == 400
        for deed in (
            {"do": "say", "text": "一\n二"},
            {"do": "block"},
            {"do": "follow"},
            {"do": "sticker", "sticker": "1989"},
        ):
            assert (await act(session, person=SAKURA, **deed))[0] == 200

    visit(fake, does)
    assert [event["type"] for event in product.events] == ["postback", "message", "unfollow", "follow", "message"]
    assert product.events[1]["message"]["text"] == "一\n二"


def test_the_talk_is_told_by_what_changed(fake: FakeLine) -> None:
    """And looking at it is reading it."""
    fake.call("POST", "/v2/bot/message/push", {"to": SAKURA, "messages": [text("一"), text("二")]})

    async def does(session: ClientSession) -> None:
        state = await get(session, "/sim/state")
        assert [person["unread"] for person in state["people"]] == [2]
        first = await get(session, f"/sim/talk?person={SAKURA}&seen")
        assert [bubble["message"]["text"] for bubble in first["bubbles"]] == ["一", "二"]
        assert (await get(session, f"/sim/talk?person={SAKURA}&since={first['rev']}"))["bubbles"] == []
        assert (await get(session, "/sim/state"))["people"][0]["unread"] == 0

    visit(fake, does)


def test_what_did_not_arrive_is_said_and_can_be_sent_again(fake: FakeLine, product: Product) -> None:
    """In words, beside the bubble."""
    product.status = 500

    async def does(session: ClientSession) -> None:
        _, said = await act(session, do="say", person=SAKURA, text="届け")
        assert said["said"] == "製品が 500 を返しました"
        bubble = (await get(session, f"/sim/talk?person={SAKURA}"))["bubbles"][0]
        assert (bubble["status"], bubble["trouble"]) == ("failed", said["said"])
        product.status = 200
        await act(session, do="retry", person=SAKURA, bubble=bubble["id"])
        assert (await get(session, f"/sim/talk?person={SAKURA}"))["bubbles"][0]["status"] == "sent"

    visit(fake, does)
    assert product.events[0]["message"]["text"] == "届け"


def test_pictures_sent_in_the_page_can_be_fetched_by_the_product(fake: FakeLine, product: Product) -> None:
    """With the type the browser named."""

    async def does(session: ClientSession) -> None:
        path = f"/sim/media?person={SAKURA}&kind=image&name=a.png"
        async with session.post(path, data=b"picture", headers={"Content-Type": "image/png"}) as answer:
            assert answer.status == 200
        async with session.get(f"/sim/blob?id={product.events[0]['message']['id']}") as answer:
            assert (await answer.read(), answer.content_type) == (b"picture", "image/png")

    visit(fake, does)
    answer = fake.call("GET", f"/v2/bot/message/{product.events[0]['message']['id']}/content")
    assert (answer.blob, answer.content_type) == (b"picture", "image/png")


def test_somebody_new_can_join(fake: FakeLine) -> None:
    """As friend or as one of the shop; nobody without a name."""

    async def does(session: ClientSession) -> None:
        await act(session, do="add", name="もも")
        await act(session, do="add", name="店長", shop=True)
        assert (await act(session, do="add", name=" "))[0] == 400
        people = (await get(session, "/sim/state"))["people"]
        assert [(each["name"], each["shop"], each["standing"]) for each in people[1:]] == [
            ("もも", False, "stranger"),
            ("店長", True, "friend"),
        ]

    visit(fake, does)


def test_other_websites_cannot_use_the_page(fake: FakeLine) -> None:
    """A browser tells where a request comes from."""

    async def does(session: ClientSession) -> None:
        async with session.post("/sim/act", json={}, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
            assert answer.status == 403

    visit(fake, does)


def test_the_feed_tells_whose_talk_changed(fake: FakeLine) -> None:
    """Open pages follow without asking all the time."""

    async def does(session: ClientSession) -> None:
        async with session.get("/sim/feed") as feed:
            assert await feed.content.readuntil(b"\n\n")
            body = {"to": SAKURA, "messages": [text()]}
            await asyncio.to_thread(fake.call, "POST", "/v2/bot/message/push", body)
            told = await asyncio.wait_for(feed.content.readuntil(b"\n\n"), 5)
            assert SAKURA in json.loads(told.removeprefix(b"data: "))

    visit(fake, does)


def test_time_goes_forward_for_everybody(fake: FakeLine) -> None:
    """In the shared key, in every talk, and never back."""
    kept = fakeredis.FakeRedis()
    shared = SharedClock(fake.clock, kept)

    async def does(session: ClientSession) -> None:
        async with session.post("/sim/clock", json={"by": 3600}) as answer:
            assert await answer.json() == {"said": ""}
        async with session.post("/sim/clock", json={"by": -5}) as answer:
            assert answer.status == 200
        assert (await get(session, "/sim/state"))["now"] == int((NOON + 3600) * 1000)

    visit(fake, does, shared)
    assert kept.get(KEY) == b"3600"
    assert [bubble.text for bubble in fake.talk(SAKURA)] == ["11/20 (金) 13:00"]


def test_time_moved_by_others_is_noticed(fake: FakeLine) -> None:
    """The product's tests move the key themselves."""
    kept = fakeredis.FakeRedis()
    shared = SharedClock(fake.clock, kept)
    assert not shared.follow()
    kept.set(KEY, "86400")
    assert shared.follow()
    assert fake.clock() == NOON + 86400
    assert not shared.follow()


def test_without_redis_the_clock_says_why_it_stands(fake: FakeLine) -> None:
    """A dead button must explain itself."""
    shared = SharedClock(fake.clock)
    assert not shared.move(60)
    assert "Redis" in shared.why_not


@pytest.mark.parametrize(
    ("told", "offset", "said"),
    [
        ({"now": "2026-11-20T12:00:00+09:00", "next_due": "2026-11-20T19:00:00+09:00"}, b"25200.5", ""),
        ({"now": "2026-11-20T12:00:00+09:00", "next_due": None}, None, "この先の予定はありません。"),
        (None, None, "製品から次の予定を聞けませんでした。"),
    ],
)
def test_time_jumps_to_what_is_due_next(fake: FakeLine, told: Any, offset: bytes | None, said: str) -> None:
    """The product says when; if it cannot, the page says so."""
    kept = fakeredis.FakeRedis()

    async def whole() -> None:
        async def due(request: web.BaseRequest) -> web.Response:
            return web.Response(status=500) if told is None else web.json_response(told)

        product = web.ServerRunner(web.Server(due))
        await product.setup()
        await web.TCPSite(product, "127.0.0.1", 0).start()
        setting = Setting(next_due=f"http://127.0.0.1:{product.addresses[0][1]}/clock")
        try:
            async with (
                opened(fake, SharedClock(fake.clock, kept), setting) as session,
                session.post("/sim/clock", json={"to": "next"}) as answer,
            ):
                assert await answer.json() == {"said": said}
        finally:
            await product.cleanup()

    asyncio.run(whole())
    assert kept.get(KEY) == offset


def test_a_second_tap_waits_for_what_the_first_brought_about(fake: FakeLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The product needs a moment for what came due; time must not stand still meanwhile."""
    monkeypatch.setattr(page_module, "OVERDUE_PAUSE", 0)
    kept = fakeredis.FakeRedis()
    asked: list[str] = []

    async def whole() -> None:
        async def due(request: web.BaseRequest) -> web.Response:
            asked.append(request.path)
            day = "20" if len(asked) < 3 else "21"
            return web.json_response({"now": "2026-11-20T19:00:00+09:00", "next_due": f"2026-11-{day}T19:00:00+09:00"})

        product = web.ServerRunner(web.Server(due))
        await product.setup()
        await web.TCPSite(product, "127.0.0.1", 0).start()
        setting = Setting(next_due=f"http://127.0.0.1:{product.addresses[0][1]}/clock")
        try:
            async with (
                opened(fake, SharedClock(fake.clock, kept), setting) as session,
                session.post("/sim/clock", json={"to": "next"}) as answer,
            ):
                assert await answer.json() == {"said": ""}
        finally:
            await product.cleanup()

    asyncio.run(whole())
    assert len(asked) == 3
    assert kept.get(KEY) == b"86400.5"


def test_what_is_overdue_needs_no_jump() -> None:
    """Time never goes back."""
    assert seconds_until("2026-11-20T10:00:00Z", "2026-11-20T12:00:00Z") == 0.5
    assert moment(NOON) == "11/20 (金) 12:00"


def test_the_simulator_knows_line_and_not_the_product() -> None:
    """Else the product would be tested against itself."""
    allowed = {"simulator", "aiohttp", "redis", *sys.stdlib_module_names}
    for file in Path(simulator.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed, file.name
