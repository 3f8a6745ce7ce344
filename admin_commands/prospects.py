"""見込み客: who has the most points, and what for."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk
from admin_commands.friends import at, called
from admin_commands.plans import near_names
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.desk import FriendView
from flows.facts import ScoreChanged
from flows.names import MAIN, Key, fold
from flows.quoting import quoted

prospects = Family(name="友だち", about="点数の高い友だち")
_SHOWN = 10
_REASONS = 3


@prospects.command(
    "見込み客",
    alias=("みこみきゃく", "上位", "スコア上位", "prospects"),
    usage="見込み客 [スコアの名前]",
    examples=[("見込み客", "さくらさん 3点")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """点数の高い友だちを、点の入った理由といっしょに上から10人見ます。"""
    key = _score(desk, words)
    views = desk.reports.top(key, _SHOWN)
    name = f"「{desk.catalog.scores[key].name}」の" if key else ""
    others = [
        Tap(label=f"{one.name}の上位", says=f"見込み客 {one.name}")
        for at_, one in desk.catalog.scores.items()
        if at_ != key and at_
    ]
    if not views:
        desk.say(
            f"{name}点数の入った友だちは、まだいません。選択肢に「+3点」のように書くと入ります。",
            *others[:3],
            tap("シナリオ"),
            tap("ホーム"),
            where="見込み客",
        )
        return
    lines = [f"・{called(view.friend)} {view.friend.scores[key]}点{_reasons(view, key)}" for view in views]
    least = views[-1].friend.scores[key]
    who = [Tap(label=called(view.friend), says=f"友だち {at(view.friend)}") for view in views[:5]]
    condition = f"スコア{f'「{desk.catalog.scores[key].name}」' if key else ''}{least}点以上"
    desk.say(
        f"{name}点数の高い友だち（上から{len(views)}人）\n" + "\n".join(lines),
        *who,
        Tap(label=f"{least}点以上の人を絞り込む", says=f"絞り込み {condition}"),
        *others[:3],
        tap("ホーム"),
        where="見込み客",
    )


def _score(desk: Desk, words: str) -> Key:
    key = fold(words.strip("「」"))
    if not words or key in desk.catalog.scores:
        return key
    names = near_names(words, (one.name for at_, one in desk.catalog.scores.items() if at_))
    raise CommandError(
        f"「{words}」というスコアはありません。",
        *(Tap(label=name, says=f"見込み客 {quoted(name)}") for name in names),
        Tap(label="ふつうのスコア", says="見込み客"),
    )


def _reasons(view: FriendView, key: Key) -> str:
    """What the last points were for, the newest first."""
    changes = [
        fact
        for fact in reversed(view.past)
        if isinstance(fact, ScoreChanged) and fold(fact.score) in {key, key or MAIN}
    ]
    told = [f"{fact.points:+d} {fact.why}".strip() for fact in changes[:_REASONS]]
    return f"\n　{'、'.join(told)}" if told else ""
