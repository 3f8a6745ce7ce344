"""人を見る: from a head-count to the names, page by page, each of them opening the friend's card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from admin_commands.asking import read_condition
from admin_commands.desk import Desk
from admin_commands.friends import at as named
from admin_commands.friends import called
from admin_commands.headcount import OUT, REASONS, counted, left_out, missed, shown
from admin_commands.reading import Words
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap
from flows.conditions import Condition
from flows.desk import HeadCount, Whom
from flows.facts import Rule
from flows.friend import Friend
from flows.names import narrow

people = Family(name="絞り込み", about="条件に当てはまる友だちの名前")
PAGE = 9
"""Names on a screen: the other buttons turn pages."""
GETS, LEFT_OUT, UNKNOWN = "", "届かない", "わからない"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whose names are looked at: those who would get a send at a moment (None: now), or the others; and which page."""

    condition: Condition
    which: str = GETS
    page: int = 1
    at: datetime | None = None


@people.command(
    "人を見る",
    alias=("名簿", "people"),
    usage="人を見る [届かない|わからない] [2ページ] 条件",
    examples=[("人を見る 全員", "人"), ("人を見る わからない 乾燥", "人")],
)
def show(desk: Desk, words: Words) -> None:
    """条件に当てはまる友だちの名前を、9人ずつ見ます。名前を押すと、その人のカードが開きます。"""
    which, page, rest = _asked(words)
    condition = read_condition(desk, rest, "人を見る", Tap(label="条件を書き直す", says="絞り込み"), tap("ホーム"))
    again = f"人を見る {which}".strip()
    back = Tap(label="人数に戻る", says=f"絞り込み {rest}")
    desk.show(listing(desk, Look(condition=condition, which=which, page=page), lambda to: f"{again} {to} {rest}", back))


def _asked(words: str) -> tuple[str, int, str]:
    """Which of them, which page, and the condition."""
    which, page, rest = GETS, 1, words.strip()
    head, _, tail = rest.partition(" ")
    if head in {LEFT_OUT, UNKNOWN} and tail:
        which, rest = head, tail.strip()
    head, _, tail = rest.partition(" ")
    number = page_of(head)
    return (which, number, tail.strip()) if number and tail else (which, page, rest)


def page_of(words: str) -> int:
    """2 of 2ページ; 0 for anything else."""
    number = narrow(words).strip().removesuffix("ページ")
    return max(1, int(number[:6])) if number.isdecimal() and words.strip().endswith("ページ") else 0


def listing(desk: Desk, look: Look, turn: Callable[[str], str], back: Tap) -> Screen:
    """A page of names; `turn` says what leads to another page (`2ページ`), `back` to where the number stood."""
    found = desk.reports.count(look.condition, desk.catalog, desk.now, look.at)
    many = {GETS: found.gets, LEFT_OUT: missed(found), UNKNOWN: found.unknown}[look.which]
    last = max(1, -(-many // PAGE))
    look = replace(look, page=min(look.page, last))
    rows = list(_rows(desk, look, found))
    taps = [Tap(label=called(one), says=f"友だち {named(one)}") for one, _ in rows]
    ways = [Tap(label="前の9人", says=turn(f"{look.page - 1}ページ"))] if look.page > 1 else []
    ways += [Tap(label="次の9人", says=turn(f"{look.page + 1}ページ"))] if look.page < last else []
    ways.append(back)
    lines = [shown(desk, look.condition), _head(look, found), ""]
    lines += [f"{place} {called(one)}{f'（{why}）' if why else ''}" for place, (one, why) in enumerate(rows, 1)]
    lines += [f"{look.page:,}／{last:,}ページ"] if last > 1 else []
    lines.append("　".join(f"{place} {one.label}" for place, one in enumerate(ways, len(rows) + 1)))
    return Screen(text="\n".join(lines), taps=(*taps, *ways), where="絞り込み ▸ 名前", listed=True)


def _head(look: Look, found: HeadCount) -> str:
    match look.which:
        case "届かない":
            return left_out(found) or "届かない人はいません。"
        case "わからない":
            return f"まだわからない人 {found.unknown:,}人"
        case _:
            return f"届く人 {counted(found, 0)}"


def _rows(desk: Desk, look: Look, found: HeadCount) -> Iterator[tuple[Friend, str]]:
    """The friends of a page, and why they get nothing."""
    start, room = (look.page - 1) * PAGE, PAGE
    for whom, many, why in _groups(look.which, found):
        if start < many and room:
            some = desk.reports.listed(look.condition, desk.catalog, desk.now, look.at, whom, start, room)
            yield from ((one, why) for one in some)
            room -= len(some)
        start = max(0, start - many)


def _groups(which: str, found: HeadCount) -> list[tuple[Whom, int, str]]:
    if which == GETS:
        return [(Whom.GETS, found.gets, "")]
    if which == UNKNOWN:
        return [(Whom.UNKNOWN, found.unknown, "")]
    return [(whom, found.left_out.get(Rule(whom), 0), REASONS[Rule(whom)]) for whom in OUT]
