"""絞り込み: for how many a condition is true, who for example, and what a send would cost."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.edits import with_segment
from admin_commands.quota import left_words
from admin_commands.reading import MaybeWords, Name, Words
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.sketch import misread
from flows.catalog import Role
from flows.conditions import Condition
from flows.names import fold, with_san
from flows.script import Problem, parse_condition

segment = Family(name="絞り込み", about="条件に当てはまる友だち")


@segment.command(
    "絞り込み",
    alias=("しぼりこみ", "対象", "セグメント", "segment"),
    usage="絞り込み 条件",
    examples=[("絞り込み 全員", "人"), ("絞り込み 乾燥 かつ 登録3日以上", "人")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """条件に当てはまる人数・例・通数を見て、名前をつけて保存できます。"""
    if not words:
        _ask(desk)
        return
    saved = desk.catalog.segments.get(fold(words))
    condition = saved.condition if saved else _read(desk, words)
    _count(desk, condition, saved.name if saved else "")


def _ask(desk: Desk) -> None:
    saved = [tap(one.name) for one in desk.catalog.segments.values()][:8]
    tags = [tap(tag.name) for tag in desk.catalog.tags.values()][:3]
    raise Missing(
        "条件を送ってください。\n例：女性 かつ 興味=美容 除外 予約済／登録3日以上／スコア5以上",
        *saved,
        *tags,
        tap("全員"),
    )


def _read(desk: Desk, words: str) -> Condition:
    condition = parse_condition(words, desk.catalog, ())
    if isinstance(condition, Problem):
        taps = [Tap(label=mend.label, says=f"絞り込み {mend.becomes}") for mend in condition.mends if mend.becomes]
        raise CommandError(misread(condition), *taps, tap("タグ"), tap("ホーム"))
    return condition


def _count(desk: Desk, condition: Condition, name: str) -> None:
    people = desk.reports.count(condition, desk.catalog, desk.now)
    names = f"（例：{'・'.join(map(with_san, people.names[:5]))}）" if people.names else ""
    unknown = f"\nまだわからない人が{people.unknown}人います（数に入れていません）。" if people.unknown else ""
    cost = f"\nこの人たちに1回送ると {people.true}通。{left_words(desk)}" if people.true else ""
    words = condition.words()
    saving = () if name else (Tap(label="名前をつけて保存", says=f"do:名前をつけて保存 {words}"),)
    shown = f"「{name}」{words}" if name else words
    desk.say(
        f"{shown}\n→ {people.true}人{names}{unknown}{cost}",
        *saving,
        Tap(label="条件を変える", says="絞り込み"),
        tap("ホーム"),
        where="絞り込み",
    )


@segment.command(
    "絞り込み保存",
    alias=("対象保存",),
    usage="絞り込み保存 名前 条件",
    needs=Role.EDITOR,
    acts=True,
    examples=[("絞り込み保存 お得意様 乾燥 かつ 登録30日以上", "保存しました")],
)
def save(desk: Desk, name: Name, words: Words) -> None:
    """条件に名前をつけて保存します。保存した名前は、ほかの条件の中でも使えます。"""
    _save(desk, _read(desk, words), name)


@segment.command("do:名前をつけて保存", needs=Role.EDITOR, hidden=True)
def ask_name(desk: Desk, words: Words) -> None:
    """保存する条件の名前を聞きます。"""
    raise Missing(
        f"「{words}」に名前をつけてください（20文字まで・空白なし）。例：美容好き", head="絞り込み保存", tail=words
    )


def _save(desk: Desk, condition: Condition, name: str) -> None:
    if not 1 <= len(name) <= 20:
        raise CommandError("名前は1〜20文字です。")
    if fold(name) in desk.catalog.tags:
        raise CommandError(f"「{name}」というタグがあるので、別の名前にしてください。")
    desk.edit(with_segment(desk.catalog, name, condition), f"絞り込み「{name}」を保存しました")
    desk.say(
        f"絞り込み「{name}」を保存しました。",
        Tap(label="人数を見る", says=f"絞り込み {name}"),
        tap("取消"),
        tap("ホーム"),
    )
