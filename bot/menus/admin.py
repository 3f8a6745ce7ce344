"""The admins' panels at LINE: made once, known by a name that holds the hash of what they are."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from bot.line import LineClient
from bot.log import get_logger
from bot.menus.panel import CHAT_BAR, HEIGHT, TABS, WIDTH, Bounds, area_bounds, tab_bounds

log = get_logger(__name__)

PREFIX: Final = "ayumi-admin"
VERSION: Final = 1
"""Of the drawing: a new one makes new panels."""

Draw = Callable[[int], bytes]


class AdminMenus:
    """Brings the panels to LINE when somebody needs them. Doing so twice changes nothing."""

    def __init__(self, line: LineClient, draw: Draw) -> None:
        """`draw` gives the picture of a tab as a PNG."""
        self._line = line
        self._draw = draw
        self._lock = threading.Lock()
        self._first = ""

    def first(self) -> str:
        """LINE's id of the panel that opens on the first tab; made with the others if need be."""
        with self._lock:
            if not self._first:
                self._first = self._ensure()[0]
            return self._first

    def forget(self) -> None:
        """Somebody may have deleted them at LINE: look again."""
        with self._lock:
            self._first = ""

    def _ensure(self) -> list[str]:
        there = self._line.menus()
        wanted = [menu_name(number) for number in range(len(TABS))]
        ids = [there.get(name) or self._make(number, name) for number, name in enumerate(wanted)]
        for tab, menu in zip(TABS, ids, strict=True):
            self._line.set_alias(tab.alias, menu)
        for name, menu in there.items():
            if name.startswith(PREFIX) and name not in wanted:
                self._line.delete_menu(menu)
        return ids

    def _make(self, number: int, name: str) -> str:
        made = self._line.create_menu(menu_body(number, name), self._draw(number))
        log.info("menu.made", tab=TABS[number].alias, menu=made)
        return made


def menu_name(number: int) -> str:
    """The panel's name at LINE, which changes whenever anything on it does."""
    content = json.dumps(
        [VERSION, menu_body(number, ""), [tab.title for tab in TABS], _drawn(number)], ensure_ascii=False
    )
    return f"{PREFIX} {TABS[number].alias} {sha256(content.encode()).hexdigest()[:12]}"


def menu_body(number: int, name: str) -> dict[str, Any]:
    """LINE's rich menu object: the areas say the words of their command, the other tabs switch."""
    areas = [
        _area(area_bounds(place), {"type": "message", "label": area.title, "text": area.says})
        for place, area in enumerate(TABS[number].areas)
    ]
    tabs = [
        _area(tab_bounds(other), _switch(tab.alias, tab.title)) for other, tab in enumerate(TABS) if other != number
    ]
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "name": name,
        "chatBarText": CHAT_BAR,
        "areas": [*areas, *tabs],
    }


def _switch(alias: str, title: str) -> dict[str, Any]:
    return {"type": "richmenuswitch", "label": title, "richMenuAliasId": alias, "data": f"tab:{alias}"}


def _area(bounds: Bounds, action: dict[str, Any]) -> dict[str, Any]:
    left, top, width, height = bounds
    return {"bounds": {"x": left, "y": top, "width": width, "height": height}, "action": action}


def _drawn(number: int) -> list[str]:
    return [f"{area.title} {area.icon.__name__}" for area in TABS[number].areas]
