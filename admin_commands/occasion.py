"""来店, 購入, 予約記録, キャンセル: what happens in the shop's own life, one friend at a time."""

from __future__ import annotations

import re
from datetime import date, datetime

from admin_commands.desk import CommandError, Desk, Missing, local
from admin_commands.friends import at, called
from admin_commands.picking import pick_moment, typed
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.catalog import Role
from flows.desk import Order
from flows.events import Occurred
from flows.friend import Friend
from flows.names import fold, narrow
from flows.words import day_words
from flows.words import moment_words as clock_words

occasion = Family(name="友だち", about="来店・購入・予約・キャンセルの記録")
_COUNTED = ("来店", "購入")
_DAY = re.compile(
    r"(?:(\d{4})[/年-])?(\d{1,2})[/月-](\d{1,2})日?(?:\([月火水木金土日]\))?(?: ?の? ?(\d{1,2})(?::(\d\d)|時(?:(\d\d?)分|(半))?))?"
)


@occasion.command(
    "来店",
    alias=("らいてん", "visit"),
    usage="来店 @名前 [日]",
    needs=Role.SENDER,
    acts=True,
    examples=[("来店 @さくら", "来店を記録しました")],
)
def visited(desk: Desk, who: Friend, on: MaybeWords) -> None:
    """来店を記録します（日を書かなければ今日）。来店が始まりや基準日のシナリオが動きます。"""
    _occurred(desk, who, "来店", _past(desk, on))


@occasion.command(
    "購入",
    alias=("こうにゅう", "bought"),
    usage="購入 @名前 [日]",
    needs=Role.SENDER,
    acts=True,
    examples=[("購入 @さくら 11/18", "購入を記録しました")],
)
def bought(desk: Desk, who: Friend, on: MaybeWords) -> None:
    """購入を記録します（日を書かなければ今日）。購入が始まりや基準日のシナリオが動きます。"""
    _occurred(desk, who, "購入", _past(desk, on))


@occasion.command(
    "予約記録",
    alias=("booked",),
    usage="予約記録 @名前 日 [時刻]",
    needs=Role.SENDER,
    acts=True,
    examples=[("予約記録 @さくら 12/3", "予約を記録しました"), ("予約記録 @さくら 12/3 14:00", "14:00")],
)
def booked(desk: Desk, who: Friend, on: MaybeWords) -> None:
    """予約の日（時刻も）を記録します。予約が始まりや基準日のシナリオが動き、日が変われば先の分も動きます。"""
    _occurred(desk, who, "予約", _ahead(desk, on))


@occasion.command(
    "キャンセル",
    alias=("きゃんせる", "cancelled"),
    usage="キャンセル @名前",
    needs=Role.SENDER,
    acts=True,
    examples=[("キャンセル @さくら", "キャンセルを記録しました")],
)
def cancelled(desk: Desk, who: Friend) -> None:
    """予約のキャンセルを記録します。予約に向けた配信は止まり、キャンセルで始まるシナリオが動きます。"""
    _occurred(desk, who, "キャンセル", _today(desk))


def _occurred(desk: Desk, who: Friend, what: str, on: date | datetime) -> None:
    desk.order(Order(event=Occurred(at=desk.now, what=what, on=on, by=desk.my_name), friend=who.id))
    here = on.astimezone(desk.catalog.account.tz) if isinstance(on, datetime) else on
    words = clock_words(here) if isinstance(here, datetime) else day_words(here)
    year = f"{here.year}/" if here.year != _today(desk).year else ""
    count = f"・{who.counts.get(fold(what), 0) + 1}回目" if what in _COUNTED else ""
    desk.say(
        f"{called(who)}の{what}を記録しました（{year}{words}{count}）。",
        Tap(label="カードを見る", says=f"友だち {at(who)}"),
        tap("ホーム"),
    )


def _today(desk: Desk) -> date:
    return local(desk.now, desk.catalog).date()


def _past(desk: Desk, words: str) -> date:
    """A day that has come: without a year the last one of that name."""
    today = _today(desk)
    if not words:
        return today
    day = _read(desk, words, today.year)
    day = day.date() if isinstance(day, datetime) else day
    return day if day <= today or _has_year(words) else _read_day(words, today.year - 1, day.month, day.day)


def _ahead(desk: Desk, words: str) -> date | datetime:
    """A day to come: without a year the next one of that name; with a clock the moment."""
    today = _today(desk)
    if not words:
        raise Missing("いつの予約ですか？ 日付だけでも送れます。例：12/3 14:00", pick_moment(desk))
    typed(words)
    on = _read(desk, words, today.year)
    day = on.astimezone(desk.catalog.account.tz).date() if isinstance(on, datetime) else on
    return on if day >= today or _has_year(words) else _read(desk, words, today.year + 1)


def _read(desk: Desk, words: str, year: int) -> date | datetime:
    match = _DAY.fullmatch(narrow(words).strip())
    if not match:
        raise CommandError(f"「{words}」は日付として読めませんでした。例：12/3、12/3 14:00")
    day = _read_day(words, int(match[1] or year), int(match[2]), int(match[3]))
    if match[4] is None:
        return day
    minute = 30 if match[7] else int(match[5] or match[6] or 0)
    if int(match[4]) > 23 or minute > 59:
        raise CommandError(f"「{words}」の時刻は読めませんでした。例：12/3 14:00")
    return datetime(day.year, day.month, day.day, int(match[4]), minute, tzinfo=desk.catalog.account.tz)


def _has_year(words: str) -> bool:
    return bool(re.match(r"\d{4}", narrow(words).strip()))


def _read_day(words: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CommandError(f"{words} という日はありません。例：12/3") from error
