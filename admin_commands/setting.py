"""設定: the account's own rules, one word each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.edits import with_account
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family, may
from admin_commands.screens import Tap, tap
from flows.catalog import Account, Role
from flows.names import fold, narrow

setting = Family(name="設定", about="アカウント全体のきまり")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: its word, how it stands, what is asked for, and how an answer changes the account."""

    word: str
    shown: Callable[[Account], str]
    question: str
    choices: tuple[str, ...]
    set: Callable[[Account, str], Account]


def _refuse(value: str, example: str) -> CommandError:
    return CommandError(f"「{value}」は読めませんでした。例：{example}")


def _hours(account: Account, value: str) -> Account:
    if value in {"なし", "いつでも送る"}:
        return replace(account, quiet_from=time(0), quiet_until=time(0))
    match = re.fullmatch(r"(\d{1,2})(?::(\d\d))?時?[-〜~ー](?:翌)?(\d{1,2})(?::(\d\d))?時?", value.replace(" ", ""))
    if not match or int(match[1]) > 24 or int(match[3]) > 24:
        raise _refuse(value, "21:00-8:00")
    return replace(
        account,
        quiet_from=time(int(match[1]) % 24, int(match[2] or 0)),
        quiet_until=time(int(match[3]) % 24, int(match[4] or 0)),
    )


def _hours_words(account: Account) -> str:
    if account.quiet_from == account.quiet_until:
        return "なし（いつでも送る）"
    return f"{_clock(account.quiet_from)}〜{_clock(account.quiet_until)}"


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"


def _caps(account: Account, value: str) -> Account:
    if value == "なし":
        return replace(account, per_day=None, per_week=None)
    day = re.search(r"1日\s*(\d{1,2})通?", value)
    week = re.search(r"週\s*(\d{1,2})通?", value)
    if any(match and int(match[1]) == 0 for match in (day, week)) or re.fullmatch(r"0+通?", value):
        raise CommandError("上限を0通にはできません。全員に送らないときは、シナリオを「停止」してください。")
    if not day and not week:
        raise _refuse(value, "1日1通、週3通")
    return replace(account, per_day=int(day[1]) if day else None, per_week=int(week[1]) if week else None)


def _caps_words(account: Account) -> str:
    parts = [
        f"1日{account.per_day}通" if account.per_day else "",
        f"週{account.per_week}通" if account.per_week else "",
    ]
    return "、".join(part for part in parts if part) or "なし"


def _name(account: Account, value: str) -> Account:
    if len(value) > 20:
        raise CommandError(f"お店の名前は20文字までです（{len(value)}文字ありました）。")
    return replace(account, name=value)


def _zone(account: Account, value: str) -> Account:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _refuse(value, "Asia/Tokyo") from error
    return replace(account, zone=value, own_zone=value)


def _after_reset(account: Account, value: str) -> Account:
    if value not in {"送る", "飛ばす"}:
        raise _refuse(value, "送る")
    return replace(account, after_reset=value)


def _grace(account: Account, value: str) -> Account:
    match = re.fullmatch(r"(\d{1,3})(秒|分)?", value)
    seconds = int(match[1]) * (60 if match[2] == "分" else 1) if match else -1
    if not 0 <= seconds <= 600:
        raise CommandError("送る前に待つ時間は、0秒から10分までです。例：60秒")
    return replace(account, grace_seconds=seconds)


def _count_from(account: Account, value: str) -> Account:
    match = re.fullmatch(r"(\d{1,6})人?", value)
    if not match or int(match[1]) < 1:
        raise _refuse(value, "100人")
    return replace(account, count_confirm_from=int(match[1]))


def _fallback(account: Account, value: str) -> Account:
    return replace(account, fallback="" if value == "なし" else value)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        word="店の名前",
        shown=lambda account: account.name or "まだ決まっていません",
        question="お店の名前を送ってください。",
        choices=(),
        set=_name,
    ),
    Setting(
        word="送らない時間帯",
        shown=_hours_words,
        question="送らない時間帯を送ってください。例：21:00-8:00",
        choices=("21:00-8:00", "22:00-7:00", "なし"),
        set=_hours,
    ),
    Setting(
        word="上限",
        shown=_caps_words,
        question="1人に送る通数の上限を送ってください（シナリオと一斉配信の合計）。例：1日1通、週3通",
        choices=("1日1通", "1日1通、週3通", "なし"),
        set=_caps,
    ),
    Setting(
        word="通数が足りないとき",
        shown=lambda account: f"翌月に{account.after_reset}",
        question="通数が足りずに待っている分を、翌月どうしますか？",
        choices=("送る", "飛ばす"),
        set=_after_reset,
    ),
    Setting(
        word="送信の猶予",
        shown=lambda account: f"{account.grace_seconds}秒",
        question="一斉配信を送る前に、中止できる時間を送ってください。例：60秒",
        choices=("0秒", "60秒", "5分"),
        set=_grace,
    ),
    Setting(
        word="人数の確認",
        shown=lambda account: f"{account.count_confirm_from}人から",
        question="何人から、人数を打って確かめるようにしますか？ 例：100人",
        choices=("50人", "100人", "500人"),
        set=_count_from,
    ),
    Setting(
        word="地域の時刻",
        shown=lambda account: account.zone,
        question="どの地域の時刻を使いますか？ 例：Asia/Tokyo",
        choices=("Asia/Tokyo",),
        set=_zone,
    ),
    Setting(
        word="ほかの言葉への返事",
        shown=lambda account: account.fallback or "返事をしない",
        question="どれにも当てはまらない言葉が来たときの返事を送ってください。「なし」なら何も返しません。",
        choices=("なし",),
        set=_fallback,
    ),
)


@setting.command(
    "設定",
    alias=("せってい", "settings"),
    usage="設定 [項目] [値]",
    examples=[("設定", "送らない時間帯"), ("設定 上限 1日1通", "1日1通")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """アカウント全体のきまり（送らない時間帯・上限・店の名前など）を見て、変えます。"""
    if not words:
        _all(desk)
        return
    one = _named(words)
    if not may(desk.staff.role, Role.OWNER):
        raise CommandError("設定を変えられるのは所有者だけです。", tap("設定"), tap("ホーム"))
    value = narrow(words)[len(one.word) :].strip()
    if not value:
        raise Missing(
            f"{one.word}：いまは「{one.shown(desk.catalog.account)}」です。\n{one.question}", *map(tap, one.choices)
        )
    _set(desk, one, value)


def _all(desk: Desk) -> None:
    lines = "\n".join(f"・{one.word}：{one.shown(desk.catalog.account)}" for one in SETTINGS)
    taps = [Tap(label=one.word, says=f"設定 {one.word}") for one in SETTINGS]
    desk.say(f"いまの設定\n{lines}\n\n変えたいものを選んでください。", *taps, tap("ホーム"), where="設定")


def _named(words: str) -> Setting:
    one = next((one for one in SETTINGS if fold(words).startswith(fold(one.word))), None)
    if one is None:
        names = tuple(Tap(label=each.word, says=f"設定 {each.word}") for each in SETTINGS[:6])
        raise CommandError(f"「{words}」という設定はありません。", *names, tap("設定"))
    return one


def _set(desk: Desk, one: Setting, value: str) -> None:
    account = one.set(desk.catalog.account, value)
    before, after = one.shown(desk.catalog.account), one.shown(account)
    if before == after:
        desk.say(f"{one.word}は、もう「{after}」です。", tap("設定"), tap("ホーム"))
        return
    desk.edit(with_account(desk.catalog, account), f"{one.word}を「{after}」にしました")
    desk.say(
        f"{one.word}を「{before}」から「{after}」にしました。", tap("取消"), tap("設定"), tap("ホーム"), where="設定"
    )
