"""Runs the simulator: LINE's API for the product and the page for you, on one port."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from aiohttp import web

from simulator.acts import Acts
from simulator.clock import Clock
from simulator.ids import user_id
from simulator.line import Line
from simulator.movable import SharedClock, connect
from simulator.page import Page
from simulator.server import Door
from simulator.state import Standing
from simulator.view import Setting
from simulator.webhook import Webhook
from simulator.world import CHANNEL_ID, SECRET, TOKEN

REDELIVERY = (3.0, 10.0, 30.0, 60.0)


def arguments(given: list[str]) -> argparse.Namespace:
    """What the simulator was started with."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to serve on")
    parser.add_argument("--port", type=int, default=8800, help="the port to serve on")
    parser.add_argument("--product", default="", help="the product's webhook address")
    parser.add_argument("--secret", default=SECRET, help="the channel secret")
    parser.add_argument("--token", default=TOKEN, help="the channel access token")
    parser.add_argument("--channel-id", default=CHANNEL_ID, help="the channel id")
    parser.add_argument("--redis-url", default="", help="where the key clock:offset is; without it the clock stands")
    parser.add_argument("--state", type=Path, help="the directory to keep everything in; without it nothing is kept")
    parser.add_argument("--suggest-owner", action="append", default=[], help="a first message to suggest to the shop")
    parser.add_argument("--next-due-url", default="", help='answers {"now": ISO, "next_due": ISO or null}')
    parser.add_argument("--product-health", default="", help="an address that answers while the product runs")
    parser.add_argument(
        "--stored-base",
        default="",
        metavar="ADDRESS[=REALLY]",
        help="the product's address for media, good without https; REALLY is where the browser finds them",
    )
    parser.add_argument("--limit", type=int, help="the monthly limit of counted messages")
    return parser.parse_args(given)


def people(acts: Acts) -> None:
    """The first two people, if there is nobody yet."""
    if not acts.line.memory.people:
        acts.add(user_id("店の人"), "店の人", Standing.FRIEND, shop=True)
        acts.add(user_id("さくら"), "さくら")


def line_of(given: argparse.Namespace) -> Line:
    """LINE with everything it remembers."""
    line = Line(
        secret=given.secret,
        token=given.token,
        channel_id=given.channel_id,
        clock=Clock(),
        directory=given.state,
        stored_base=given.stored_base.partition("=")[0],
    )
    if given.limit is not None:
        line.memory.set("limit", given.limit)
    if given.product:
        line.memory.set("webhook", given.product)
    return line


async def serve(given: argparse.Namespace) -> None:
    """Serve until told to stop."""
    line = line_of(given)
    webhook = Webhook(line, redelivery=REDELIVERY)
    line.probe = webhook.probe
    acts = Acts(line, webhook)
    people(acts)
    named, _, really = given.stored_base.partition("=")
    setting = Setting(
        owner_says=tuple(given.suggest_owner),
        stored=(named, really or named),
        next_due=given.next_due_url,
        health=given.product_health,
    )
    shared = SharedClock(line.clock, connect(given.redis_url))
    await asyncio.to_thread(shared.follow)
    page = Page(line, acts, shared, setting)
    try:
        await _until_stopped(given, Door(line, page), page)
    finally:
        line.close()


async def _until_stopped(given: argparse.Namespace, door: Door, page: Page) -> None:
    runner = web.ServerRunner(web.Server(door.answer, access_log=None), shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, given.host, given.port).start()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sys.stdout.write(f"simulator: http://{given.host}:{runner.addresses[0][1]}/\n")
    sys.stdout.flush()
    watching = asyncio.create_task(page.watch())
    await stop.wait()
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    page.feed.close()
    await runner.cleanup()


def main() -> int:
    """Serve; 1 with one sentence if the port is taken."""
    given = arguments(sys.argv[1:])
    try:
        asyncio.run(serve(given))
    except OSError as error:
        sys.stderr.write(f"✗ 練習用の画面を {given.host}:{given.port} で開けませんでした：{error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
