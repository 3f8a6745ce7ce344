"""A list of user ids from another tool, as a text or a CSV file: who of them is known gets a tag, the others are told."""

from __future__ import annotations

import re
from typing import NamedTuple

from admin_commands.desk import CommandError, Desk
from admin_commands.edits import with_tag
from admin_commands.registry import may
from admin_commands.screens import Screen, Tap, tap
from admin_commands.wizard import Answer, Page, Wizard, ask, begin
from flows.actions import AddTag
from flows.catalog import Role
from flows.desk import Order
from flows.events import Ordered
from flows.names import FriendId, cut, fold

FORM = "IDの名簿"
MOST = 500
"""So many ids are taken at once; more are brought in from a terminal."""
_SHOWN = 10
_ID = re.compile(r"(?<![0-9A-Za-z])U[0-9a-f]{32}(?![0-9A-Za-z])")
"""What LINE's user ids look like (developers.line.biz, get-user-ids)."""


class Roster(NamedTuple):
    """The ids of a text, each once, and the lines without one, with their numbers."""

    ids: tuple[FriendId, ...]
    lines: tuple[str, ...]


def looks_like_roster(text: str) -> bool:
    """Whether a text is a list of user ids: every line but the first (a heading) and few others holds one."""
    lines = [line for line in text.splitlines() if line.strip()]
    held = sum(bool(_ID.search(line)) for line in lines)
    return held > 0 and held * 2 >= len(lines) - 1


def read_roster(text: str) -> Roster:
    """The ids in it, and what could not be read."""
    ids: dict[FriendId, None] = {}
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        found = _ID.search(line)
        if found:
            ids[FriendId(found[0])] = None
        elif line.strip() and number > 1:
            lines.append(f"{number}行目「{cut(line.strip(), 20)}」")
    return Roster(tuple(ids), tuple(lines))


def take(desk: Desk, text: str) -> None:
    """Say who of the list is known and who is not, and ask which tag they are to get."""
    if not may(desk.staff.role, Role.SENDER):
        raise CommandError("IDの名簿でタグを付けられるのは、送信者からです。", tap("ホーム"))
    roster = read_roster(text)
    if len(roster.ids) > MOST:
        raise CommandError(
            f"IDが{len(roster.ids):,}件あります。1度に送れるのは{MOST}件までです。分けて送ってください（まだ何も変えていません）。",
            tap("ホーム"),
        )
    known = {one.id for one in desk.reports.known(roster.ids)}
    there = [one for one in roster.ids if one in known]
    told = _told(roster, [one for one in roster.ids if one not in known])
    if not there:
        raise CommandError(
            f"この名簿に、いまの友だちは1人もいません。{told}\n何も変えていません。", tap("友だち"), tap("ホーム")
        )
    begin(desk, FORM, "tag", {"ids": there, "told": told, "keep": False})
    ask(desk, roster_form)


def _told(roster: Roster, unknown: list[FriendId]) -> str:
    """What was not found and not read: all of it counted, the first of it named."""
    found = [f"\nこのアカウントの友だちにいないID {len(unknown):,}件：{_some(unknown)}"] if unknown else []
    found += [f"\nIDとして読めなかった行 {len(roster.lines):,}行：{_some(roster.lines)}"] if roster.lines else []
    return "".join(found)


def _some(those: list[FriendId] | tuple[str, ...]) -> str:
    more = f" ほか{len(those) - _SHOWN:,}件" if len(those) > _SHOWN else ""
    return "、".join(those[:_SHOWN]) + more


def _ask_tag(desk: Desk) -> Screen:
    tags = tuple(tap(tag.name) for tag in desk.catalog.tags.values())[:6]
    return Screen(
        text=f"IDの名簿を受け取りました。友だち {len(desk.form['ids']):,}人{desk.form['told']}\n\n"
        "この人たちに付けるタグの名前を送ってください。タグがあれば、そのタグで一斉配信や絞り込みができます。",
        taps=(*tags, tap("やめる")),
        where=FORM,
    )


def _take_tag(desk: Desk, given: Answer) -> None:
    name = given.text.strip().strip("「」")
    if not 1 <= len(name) <= 20 or any(letter.isspace() for letter in name):
        raise CommandError("タグの名前は1〜20文字で、空白なしで送ってください。")
    tag = desk.catalog.tags.get(fold(name))
    name = tag.name if tag else name
    if tag is None:
        desk.edit(with_tag(desk.catalog, name), f"タグ「{name}」を作りました")
    event = Ordered(at=desk.now, actions=(AddTag(name=name),), by=f"{desk.my_name}（IDの名簿）")
    for friend in desk.form["ids"]:
        desk.order(Order(event=event, friend=FriendId(friend)))
    many, told = len(desk.form["ids"]), desk.form["told"]
    desk.close_form()
    desk.say(
        f"{many:,}人にタグ「{name}」を付けました。{told}",
        Tap(label="人数を見る", says=f"絞り込み タグ 「{name}」"),
        tap("一斉配信"),
        tap("ホーム"),
        where=FORM,
    )


roster_form = Wizard(name=FORM, pages={"tag": Page(ask=_ask_tag, take=_take_tag, own=True)})
