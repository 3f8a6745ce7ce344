"""The composition root: builds the services, and introduces the adapters to the console."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import Final

from flask import Flask

import admin_commands.claim
import admin_commands.console
from bot import health, media_routes, metrics, webhook
from bot.admins import StaffDoor
from bot.checkup import Checkup
from bot.erasing import Erasing
from bot.handling import Handler
from bot.judging import settings_or_exit
from bot.log import get_logger, set_up_logging
from bot.settings import Settings
from bot.store.reports import RedisReports
from bot.wiring import Services, services

log = get_logger(__name__)

WARM_AFTER_SECONDS: Final = 1.0


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
    _warm_later(made)
    return web(made)


def web(made: Services) -> Flask:
    """The web process on services at hand."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(webhook.blueprint(made.settings.line_channel_secret, handler(made).take))
    app.register_blueprint(health.blueprint(made.store, made.clock, practice=made.settings.clock == "movable"))
    app.register_blueprint(metrics.blueprint(made.store, made.clock, made.settings.metrics_token))
    app.register_blueprint(media_routes.blueprint(made.store.media))
    return app


def handler(made: Services) -> Handler:
    """What takes webhook events, with the console behind its door."""
    checkup = Checkup(made.line)

    def reports(now: datetime, told: datetime | None) -> RedisReports:
        return replace(made.store.reports(now, told), ask_line=checkup.channel)

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
    )
    return made.handler(staff)


def _warm_later(made: Services) -> None:
    """Import what the first friend would wait for, once the first requests are served."""
    timer = threading.Timer(WARM_AFTER_SECONDS, made.line.warm)
    timer.daemon = True
    timer.start()
