"""ホーム, 状態, 診断: how things stand today, and whether the machinery is well."""

from __future__ import annotations

from admin_commands.channel import channel_checks
from admin_commands.desk import COUNTED, Desk, how_many, local
from admin_commands.quota import left_words, month_end
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.desk import Health, Room
from flows.scenario import State

home = Family(name="ホーム", about="今日のようす、状態、診断")
_LATE = 300
"""Seconds of lateness from which the owner should know."""
_MB = 1024 * 1024


@home.command("ホーム", alias=("ほーむ", "メニュー", "home"), examples=[("ホーム", "今日")])
def show(desk: Desk) -> None:
    """今日の配信、遅れ、通数の残り、作りかけを見ます。"""
    desk.place = ""
    lines = [_today(desk), waiting_words(desk), left_words(desk), _due_late(desk.reports.health())]
    taps = [*_unfinished(desk), *map(tap, ("シナリオ", "友だち", "返信待ち", "通数", "ヘルプ"))]
    title = desk.catalog.account.name or "ホーム"
    desk.say("\n".join(line for line in lines if line), *taps[:8], where=title, lasts=True)


def _today(desk: Desk) -> str:
    day = local(desk.now, desk.catalog).date().isoformat()
    steps = sum(desk.reports.facts("step_taken", day).values())
    sent = sum(desk.reports.facts("broadcast_sent", day).values())
    each = f"（ステップ {steps:,}・一斉配信 {sent:,}）" if sent else ""
    joined = sum(desk.reports.facts("joined", day).values())
    return (
        f"今日：配信 {steps + sent:,}回{each}・友だち追加 {joined:,}人　届けられる友だち {desk.reports.following():,}人"
    )


def waiting_words(desk: Desk) -> str:
    """How many friends wait for an answer, "" for none."""
    waiting = [one for one in desk.reports.awaiting(COUNTED) if not one.staff]
    return f"返信を待っている友だち {how_many(waiting)}" if waiting else ""


def _due_late(health: Health) -> str:
    if health.oldest_due < _LATE:
        return ""
    return f"⚠ 配信が{_long(health.oldest_due)}遅れています。「状態」で確かめてください。"


def _unfinished(desk: Desk) -> list[Tap]:
    taps = []
    for number, kept in enumerate(desk.aside[:2]):
        name = kept["form"].get("name") or kept["wizard"]
        taps.append(Tap(label=f"つづける：{name}", says=f"つづける {number + 1}"))
    open_ones = {kept["form"].get("name") for kept in desk.aside[:2]}
    waiting = (entry for entry in desk.catalog.plans.values() if entry.draft and entry.state is not State.ARCHIVED)
    drafts = [entry.name for entry in waiting if entry.name not in open_ones]
    return taps + [Tap(label=f"下書き：{name}", says=f"シナリオ {name}") for name in drafts[:2]]


@home.command("状態", alias=("じょうたい", "status"), examples=[("状態", "配信")])
def status(desk: Desk) -> None:
    """配信が時間どおりに動いているかを見ます。"""
    health = desk.reports.health()
    desk.say(
        "\n".join(_status_lines(desk, health)),
        tap("診断"),
        tap("通数"),
        tap("置き場"),
        tap("ホーム"),
        where="状態",
        lasts=True,
    )


def _status_lines(desk: Desk, health: Health) -> list[str]:
    late = int(health.oldest_due)
    punctual = "配信：時間どおりです" if late < 60 else f"⚠ 配信：いちばん古いものが{_long(late)}遅れています"
    live = [entry for entry in desk.catalog.plans.values() if entry.state is State.LIVE]
    return [
        punctual,
        f"順番を待っている仕事：{health.waiting}件",
        f"時計：{_age(health.tick_age)}　働き手：{health.workers or '⚠ 動いていません'}",
        f"公開中：{len(live)}本　今月末までの予定：{desk.reports.scheduled(month_end(desk.now, desk.catalog)):,}通",
        left_words(desk),
        room_words(desk.reports.room()),
        VERIFIED,
        *(f"・{note}" for note in health.notes),
    ]


VERIFIED = "認証済アカウントが要るもの：前からいる友だちの一覧（LINEの決まり）。認証がなくても、友だちは次に話しかけた時から数えます"
"""The list of friends is given to verified and premium accounts only (developers.line.biz, get-follower-ids)."""


def room_words(room: Room) -> str:
    """写真・動画・音声：3.2MB（64MBまで）, and what lies elsewhere."""
    place = f"・{room.place}" if room.place else ""
    before = f"　前の置き場に{room.elsewhere / _MB:.1f}MB" if room.elsewhere else ""
    lost = f"\n⚠ うち{room.lost / _MB:.1f}MBは、いまの設定では届けられません（「診断」）" if room.lost else ""
    return f"写真・動画・音声：{room.used / _MB:.1f}MB（{room.budget // _MB}MBまで{place}）{before}{lost}"


def room_checks(room: Room) -> list[tuple[bool, str, str]]:
    """Whether a picture could be kept now, and whether all that were kept can be served."""
    checks = [(not room.trouble, f"写真や動画を置ける（{room.place}）", room.trouble)] if room.place else []
    if room.lost:
        mend = "MEDIA_S3_URL を前のバケットに戻すか、その写真や動画を送り直してください"
        checks.append((False, f"前の置き場の写真や動画（{room.lost / _MB:.1f}MB）を届けられる", mend))
    return checks


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "まだ動いていません"
    return "動いています" if seconds < 60 else f"⚠ {_long(seconds)}止まっています"


def _long(seconds: float) -> str:
    """12分, 3時間, 2日."""
    minutes = int(seconds // 60)
    return f"{minutes}分" if minutes < 120 else f"{minutes // 60}時間" if minutes < 48 * 60 else f"{minutes // 1440}日"


@home.command("診断", alias=("動作確認", "しんだん", "doctor"), examples=[("診断", "記録")])
def doctor(desk: Desk) -> None:
    """しくみが正しく動いているかを調べ、直し方を言います。"""
    lines = [_check(*one) for one in _checks(desk)]
    bad = sum(line.startswith("✗") for line in lines)
    head = "すべて問題ありません。" if not bad else f"直したほうがよいところが{bad}つあります。"
    desk.say(
        head + "\n" + "\n".join(lines),
        Tap(label="もう一度調べる", says="診断"),
        tap("状態"),
        tap("ホーム"),
        where="診断",
    )


def _check(good: bool, name: str, mend: str) -> str:
    return f"✓ {name}" if good else f"✗ {name} → {mend}"


def _checks(desk: Desk) -> list[tuple[bool, str, str]]:
    health, month = desk.reports.health(), desk.reports.quota()
    ticking = health.tick_age is not None and health.tick_age < 180
    return [
        (ticking, "時計（決まった時刻に配信を起こす係）", "サーバーで clock が動いているか見てください"),
        (health.workers > 0, "働き手（配信を送る係）", "サーバーで worker が動いているか見てください"),
        (health.oldest_due < _LATE, "配信の遅れがない", "「状態」で待っている仕事を見てください"),
        (health.durable, "記録が再起動でも残る", "Redis の追記ファイル（AOF）を入れてください"),
        (not health.evicting, "記録が勝手に消されない", "Redis の maxmemory-policy を noeviction にしてください"),
        (month.at_line is not None, "LINEの通数が読める", "チャネルの設定（トークン）を確かめてください"),
        (
            health.indexed >= 1,
            "人数を数える名簿がそろっている",
            f"整理しなおしています（いま {health.indexed:.0%}）。終わるまで一斉配信は始まりません。そのままお待ちください",
        ),
        *room_checks(desk.reports.room()),
        *channel_checks(desk.catalog.account.base_url, desk.reports.channel()),
    ]
