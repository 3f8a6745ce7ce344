"""What the admins' panel holds: three tabs of six areas, each carrying the words of a command."""

from __future__ import annotations

from dataclasses import dataclass

from bot.menus import icons
from bot.menus.icons import Icon

WIDTH, HEIGHT = 2500, 1686
TAB_HEIGHT = 286
CHAT_BAR = "管理メニュー"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One thing to tap: what is written on it, what it says, and its picture."""

    title: str
    says: str
    icon: Icon


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the panels; `alias` is how the others switch to it. Colours: the tab's own, and a pale one of it."""

    alias: str
    title: str
    ink: str
    pale: str
    areas: tuple[Area, ...]


TABS: tuple[Tab, ...] = (
    Tab(
        alias="ayumi-make",
        title="作る",
        ink="#0B7A4B",
        pale="#DDF3E7",
        areas=(
            Area(title="シナリオ", says="シナリオ", icon=icons.steps),
            Area(title="アンケート", says="アンケート", icon=icons.checklist),
            Area(title="一斉配信", says="一斉配信", icon=icons.megaphone),
            Area(title="自動応答", says="自動応答", icon=icons.speech),
            Area(title="リッチメニュー", says="リッチメニュー", icon=icons.panels),
            Area(title="テンプレ", says="テンプレ", icon=icons.leaflet),
        ),
    ),
    Tab(
        alias="ayumi-talk",
        title="配る・話す",
        ink="#1F5FA8",
        pale="#DEEBF9",
        areas=(
            Area(title="友だち", says="友だち", icon=icons.person),
            Area(title="返信待ち", says="返信待ち", icon=icons.waiting),
            Area(title="絞り込み", says="絞り込み", icon=icons.funnel_filter),
            Area(title="QR・リンク", says="経路", icon=icons.code),
            Area(title="タグ・スコア", says="タグ", icon=icons.label),
            Area(title="予定", says="予定", icon=icons.calendar),
        ),
    ),
    Tab(
        alias="ayumi-look",
        title="見る",
        ink="#8A3F6B",
        pale="#F7E3EE",
        areas=(
            Area(title="結果", says="結果", icon=icons.bars),
            Area(title="ファネル", says="ファネル", icon=icons.stages),
            Area(title="ABテスト", says="AB", icon=icons.twins),
            Area(title="通数", says="通数", icon=icons.gauge),
            Area(title="履歴", says="履歴", icon=icons.backwards),
            Area(title="スタッフ・設定", says="スタッフ", icon=icons.gear),
        ),
    ),
)

Bounds = tuple[int, int, int, int]
"""Left, top, width, height."""


def tab_bounds(number: int) -> Bounds:
    """Where the tab of that number stands, from 0."""
    left, right = _edge(number), _edge(number + 1)
    return left, 0, right - left, TAB_HEIGHT


def area_bounds(number: int) -> Bounds:
    """Where the area of that number stands, from 0, row by row."""
    row, column = divmod(number, 3)
    height = (HEIGHT - TAB_HEIGHT) // 2
    left, right = _edge(column), _edge(column + 1)
    return left, TAB_HEIGHT + row * height, right - left, height


def _edge(column: int) -> int:
    return round(WIDTH * column / 3)
