"""The composition root: builds the services, and introduces the adapters to the console."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from flask import Flask

import admin_commands.claim
import admin_commands.console
from bot import export_routes, health, media_routes, memory, metrics, webhook
from bot.admins import StaffDoor
from bot.checkup import Checkup
from bot.erasing import Erasing, throw_away
from bot.exports import Exports
from bot.handling import Handler
from bot.judging import settings_or_exit
from bot.log import Unstoppable, get_logger, set_up_logging
from bot.settings import Settings
from bot.store.reports import RedisReports
from bot.wiring import Services, services
from flows.catalog import Catalog, Role
from flows.script import read

log = get_logger(__name__)

EVERYTHING: Final = """\
# シナリオ 準備
開始: 友だち追加 ※登録 3日未満
時間帯: 毎日 9:00-20:00
上限: 1日1通
期間: 2026/12/1-2026/12/31
終わったら: タグ 済

## 2日後 19:00 ※スコア5以上
? 好み（1つ）
どちらですか?
- 和 → +1点
- 反応なし → 終わる
待つ: 反応 2日
"""
"""A script that takes every grammar."""


class Console:
    """The admin conversation as the adapters meet it."""

    decide = staticmethod(admin_commands.console.decide)
    claim = staticmethod(admin_commands.claim.claim)


def create_app(settings: Settings | None = None) -> Flask:
    """The web process, for `gunicorn app:create_app()`. Refuses an unfit Redis in one clear line."""
    settings = settings or settings_or_exit()
    set_up_logging(console=settings.is_practice)
    made = services(settings)
    for note in made.start_up():
        log.warning("redis.note", note=note)
    Unstoppable(sys.stderr).write(owner_words(made))
    warmth = Warmth(made)
    warmth.begin()
    made.vigil.start()
    made.waiting.keep_sweeping()
    return web(made, is_warm=warmth.is_there)


def owner_words(made: Services) -> str:
    """How to become the owner, for whoever reads the log; "" once there is one. Friends never learn of it."""
    if any(one.role is Role.OWNER for one in made.store.catalogs.current().staff.values()):
        return ""
    return f"所有者になるには、つないだアカウントに「登録 {made.owner_code()}」と送ってください (send this to own it)\n"


def web(made: Services, *, is_warm: Callable[[], bool] = lambda: True) -> Flask:
    """The web process on services at hand. `is_warm`: whether the first friend would be answered quickly."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(webhook.blueprint(made.settings.line_channel_secret, handler(made).take))
    app.register_blueprint(
        health.blueprint(made.store, made.clock, practice=made.settings.clock == "movable", is_warm=is_warm)
    )
    app.register_blueprint(metrics.blueprint(made.store, made.clock, made.settings.metrics_token))
    app.register_blueprint(media_routes.blueprint(made.store.media))
    app.register_blueprint(export_routes.blueprint(exports(made)))
    return app


def exports(made: Services) -> Exports:
    """What takes everything out as files."""
    return Exports(made.store, made.settings.line_channel_secret.encode(), made.clock)


def handler(made: Services) -> Handler:
    """What takes webhook events, with the console behind its door."""
    checkup, files = Checkup(made.line, made.store.media.trouble), exports(made)

    def reports(now: datetime, told: datetime | None) -> RedisReports:
        return replace(
            made.store.reports(now, told),
            ask_line=checkup.channel,
            media_trouble=checkup.media_trouble,
            link_to=files.link,
        )

    staff = StaffDoor(
        room=Console(),
        reports=reports,
        consoles=made.store.consoles,
        catalogs=made.store.catalogs,
        friendly=made.friendly,
        sender=made.sender,
        order_many=made.order_many,
        ring=made.ring,
        owner_code=made.owner_code,
        erase=Erasing(made.store),
        throw_away=partial(throw_away, made.store),
    )
    return made.handler(staff)


class Warmth:
    """What the first friend and the first owner would wait for, brought in by a thread of its own."""

    def __init__(self, made: Services) -> None:
        """Nothing is brought in until `begin`."""
        self._made = made
        self._there = threading.Event()

    def begin(self) -> None:
        """Start, without waiting for the end."""
        threading.Thread(target=self._bring, name="warmth", daemon=True).start()

    def is_there(self) -> bool:
        """Whether all of it is in."""
        return self._there.is_set()

    def _bring(self) -> None:
        # LINE's SDK first: a follow waits for the name. A script read once has its grammars built.
        self._made.line.warm()
        read(EVERYTHING, Catalog(), self._made.clock.now())
        memory.settle()
        self._there.set()
        if trouble := self._made.store.media.trouble():
            log.warning("media.note", note=f"{self._made.store.media.place}: {trouble}")
