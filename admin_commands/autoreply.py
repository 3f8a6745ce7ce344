"""自動応答: what answers a keyword, at no cost."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.autoreply_form import autoreply_form, begin_form
from admin_commands.autoreply_words import clashes, details, saying
from admin_commands.desk import CommandError, Desk
from admin_commands.plans import near_names
from admin_commands.preview import sample_fill, shown
from admin_commands.reading import MaybeWords, ReplyWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.wizard import ask
from flows import autoreplies
from flows.catalog import AutoReply, Role
from flows.names import cut, fold

autoreply = Family(name="自動応答", about="言葉への自動の返事")


@autoreply.command(
    "自動応答",
    alias=("じどうおうとう", "応答メッセージ", "autoreply"),
    usage="自動応答 [名前]",
    examples=[("自動応答", "自動応答")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """言葉への自動の返事の一覧です。返事は返信なので0通です。"""
    if words:
        _one(desk, words)
        return
    replies = sorted(desk.catalog.autoreplies.values(), key=autoreplies.urgency)
    lines = "\n".join(f"・{saying(one)} → {_summary(one)}" for one in replies[:20])
    taps = [Tap(label=one.name, says=f"自動応答 {one.name}") for one in replies[:6]]
    desk.say(
        f"自動応答 {len(replies)}件（0通）\n{lines or 'まだありません。例：「営業時間」と送られたら、営業時間を返す'}",
        *taps,
        tap("自動応答作成"),
        tap("ホーム"),
        where="自動応答",
    )


def _summary(one: AutoReply) -> str:
    return cut(one.messages[0].summary(), 20) if one.messages else "、".join(action.words() for action in one.actions)


def found(desk: Desk, words: str) -> AutoReply:
    """The auto-reply of that name."""
    one = desk.catalog.autoreplies.get(fold(words))
    if one is None:
        near = near_names(words, (each.name for each in desk.catalog.autoreplies.values()))
        taps = (Tap(label=name, says=f"自動応答 {name}") for name in near)
        raise CommandError(f"「{words}」という自動応答はありません。", *taps, tap("自動応答作成"), tap("自動応答"))
    return one


def _one(desk: Desk, words: str) -> None:
    one = found(desk, words)
    desk.put(*(shown(message, sample_fill(desk)) for message in one.messages[:4]))
    lines = [f"{saying(one)}への返事です（0通）。", *details(one), *clashes(one, desk.catalog)]
    desk.say(
        "\n".join(lines),
        Tap(label="直す", says=f"自動応答作成 {one.name}"),
        Tap(label="消す", says=f"自動応答を消す {one.name}"),
        tap("自動応答作成"),
        tap("自動応答"),
        where=f"自動応答 ▸ {one.name}",
    )


@autoreply.command("自動応答を消す", usage="自動応答を消す 名前", needs=Role.EDITOR, acts=True)
def remove(desk: Desk, words: ReplyWords) -> None:
    """自動応答を1つ消します。取消で戻せます。"""
    one = found(desk, words)
    left = {key: each for key, each in desk.catalog.autoreplies.items() if key != fold(one.name)}
    desk.edit(replace(desk.catalog, autoreplies=left), f"自動応答「{one.name}」を消しました")
    desk.say(f"自動応答「{one.name}」を消しました。", tap("取消"), tap("自動応答"), tap("ホーム"))


@autoreply.command(
    "自動応答作成",
    alias=("自動応答追加",),
    usage="自動応答作成 [言葉]",
    needs=Role.EDITOR,
    examples=[("自動応答作成 営業時間", "どう送られたら"), ("自動応答作成", "どんな言葉")],
)
def make(desk: Desk, words: MaybeWords) -> None:
    """言葉への自動の返事を作ります。同じ言葉のものがあれば、それを直します。返す時間や優先も決められます。"""
    begin_form(desk, words)
    ask(desk, autoreply_form)


__all__ = ["autoreply", "autoreply_form"]
