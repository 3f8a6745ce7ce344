"""自分へのお知らせ: what each member of staff wants to be told at the next word."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from admin_commands.desk import CommandError, Desk
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.staff import with_staff
from flows.names import fold

news = Family(name="スタッフ", about="自分へのお知らせ")
KINDS: Final = {
    "notice": "知らせる",
    "survey": "アンケートの受付",
    "broadcast": "一斉配信の結果",
}
"""What can be turned off, by topic. Faults, a spent quota and a clock that stands still are always told."""


@news.command(
    "自分へのお知らせ",
    alias=("じぶんへのおしらせ", "通知設定", "notices"),
    usage="自分へのお知らせ [種類]",
    examples=[("自分へのお知らせ", "次に話しかけた時"), ("自分へのお知らせ アンケートの受付", "お知らせしません")],
)
def show(desk: Desk, kind: MaybeWords) -> None:
    """自分へのお知らせを、種類ごとに入れたり切ったりします。ほかのスタッフには影響しません。"""
    if kind:
        _turn(desk, _topic(kind))
        return
    lines = [f"・{title}：{'切' if topic in desk.staff.muted else '入'}" for topic, title in KINDS.items()]
    desk.say(
        "\n".join(lines) + "\n"
        "次に話しかけた時に、まとめて返信でお伝えします（0通）。すぐに送ると1人1通かかるので、"
        "送るのは時計や配信が止まった時だけ、1日1回までです。\n"
        "不具合と通数のお知らせは、いつもお伝えします。",
        *(
            Tap(label=f"{title}を{_other(desk, topic)}", says=f"自分へのお知らせ {title}")
            for topic, title in KINDS.items()
        ),
        tap("スタッフ"),
        tap("ホーム"),
        where="自分へのお知らせ",
    )


def _other(desk: Desk, topic: str) -> str:
    return "入れる" if topic in desk.staff.muted else "切る"


def _topic(kind: str) -> str:
    found = next((topic for topic, title in KINDS.items() if fold(title) == fold(kind.strip("「」"))), None)
    if found is None:
        raise CommandError(
            f"「{kind}」というお知らせはありません。選べるもの：{'、'.join(KINDS.values())}",
            *(Tap(label=title, says=f"自分へのお知らせ {title}") for title in KINDS.values()),
        )
    return found


def _turn(desk: Desk, topic: str) -> None:
    muted = desk.staff.muted
    off = topic not in muted
    left = (*muted, topic) if off else tuple(one for one in muted if one != topic)
    said = f"「{KINDS[topic]}」は、これからお知らせし{'ません' if off else 'ます'}。"
    words = f"{desk.my_name}のお知らせ「{KINDS[topic]}」を{'切りました' if off else '入れました'}"
    desk.edit_for_good(with_staff(desk, desk.me, replace(desk.staff, muted=left)), words)
    desk.say(
        said,
        Tap(label="元に戻す", says=f"自分へのお知らせ {KINDS[topic]}"),
        tap("自分へのお知らせ"),
        tap("ホーム"),
        where="自分へのお知らせ",
    )
