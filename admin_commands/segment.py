"""絞り込み: for how many a condition is true, who gets a send, who for example, and what it would cost."""

from __future__ import annotations

from admin_commands.asking import home_taps, read_condition
from admin_commands.desk import Desk, Missing
from admin_commands.headcount import counted, left_out, look_taps, notes
from admin_commands.quota import left_words
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.uses import places, used_words, uses_segment
from flows.catalog import Segment
from flows.conditions import Condition, Named, echo
from flows.names import fold

segment = Family(name="絞り込み", about="条件に当てはまる友だち")
_LISTED = 8


@segment.command(
    "絞り込み",
    alias=("しぼりこみ", "対象", "セグメント", "segment"),
    usage="絞り込み 条件",
    examples=[("絞り込み 全員", "人"), ("絞り込み 乾燥 かつ 登録3日以上", "人")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """条件に当てはまる人数・例・通数を見て、名前をつけて保存できます。条件を書かなければ、保存したものの一覧です。"""
    if not words:
        _ask(desk)
        return
    saved = desk.catalog.segments.get(fold(words.strip("「」")))
    if saved is not None:
        _show_saved(desk, saved)
    else:
        condition = read_condition(desk, words, "絞り込み", *home_taps())
        _show(
            desk,
            condition,
            echo(condition),
            Tap(label="名前をつけて保存", says=f"do:名前をつけて保存 {condition.words()}"),
        )


def _ask(desk: Desk) -> None:
    saved = list(desk.catalog.segments.values())[:_LISTED]
    lines = [f"・{one.name}：{_gets(desk, one):,}人（{echo(one.condition)}）" for one in saved]
    listed = ("保存した絞り込み\n" + "\n".join(lines) + "\n\n") if lines else ""
    tags = [tap(tag.name) for tag in desk.catalog.tags.values()][:3]
    raise Missing(
        f"{listed}条件を送ってください。\n例：女性 かつ 興味=美容 除外 予約済／登録3日以上／スコア5以上／上位20人",
        *(tap(one.name) for one in saved),
        *tags,
        tap("全員"),
    )


def _gets(desk: Desk, saved: Segment) -> int:
    return desk.reports.count(saved.condition, desk.catalog, desk.now).gets


def _show_saved(desk: Desk, saved: Segment) -> None:
    used = used_words(places(desk.catalog, uses_segment(fold(saved.name))))
    _show(
        desk,
        saved.condition,
        f"「{saved.name}」{echo(saved.condition)}",
        Tap(label="この絞り込みを変える", says=f"絞り込み変更 {saved.name}"),
        Tap(label="消す", says=f"絞り込み削除 {saved.name}"),
        more=(used,),
        named=Named(name=saved.name),
    )


def _show(
    desk: Desk, condition: Condition, words: str, *taps: Tap, more: tuple[str, ...] = (), named: Condition | None = None
) -> None:
    people = desk.reports.count(condition, desk.catalog, desk.now)
    unknown = f"まだわからない人が{people.unknown:,}人います（数に入れていません）。" if people.unknown else ""
    cost = f"この人たちに1回送ると {people.gets:,}通。{left_words(desk)}" if people.gets else ""
    lines = [words, f"→ 届く人数 {counted(people)}", left_out(people), unknown, cost, *notes(desk, condition), *more]
    desk.say(
        "\n".join(line for line in lines if line),
        *look_taps(people, named or condition),
        *taps,
        Tap(label="ほかの条件で見る", says="絞り込み"),
        tap("ホーム"),
        where="絞り込み",
    )
