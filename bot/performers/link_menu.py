"""LinkMenu: the panel that one person sees under the chat."""

from __future__ import annotations

from concurrent.futures import Executor
from datetime import datetime

from bot.line import LineClient
from bot.menus.admin import AdminMenus
from bot.performers.base import Dead, Done, Performed
from bot.performers.pooled import Pooled
from bot.store.entries import Entry
from flows.desk import ADMIN_MENU


class LinkMenuPerformer(Pooled):
    """Links or takes away a panel; doing so twice is as doing so once."""

    def __init__(self, pool: Executor, line: LineClient, menus: AdminMenus) -> None:
        """`menus` brings the admins' panels to LINE when they are not there yet."""
        super().__init__(pool, self._link)
        self._line = line
        self._menus = menus

    def _link(self, entry: Entry, now: datetime) -> Performed:
        if entry.words == ADMIN_MENU:
            self._line.link_menu(entry.to[0], self._menus.first())
        elif not entry.words:
            self._line.unlink_menu(entry.to[0])
        else:
            return Dead(reason=f"no rich menu of that name: {entry.words}")
        return Done()
