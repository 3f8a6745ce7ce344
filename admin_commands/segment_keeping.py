"""絞り込み under a name: saved, changed and thrown away, with what uses it said first."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.asking import home_taps, read_condition
from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.edits import with_segment
from admin_commands.headcount import counted, left_out
from admin_commands.reading import Name, Words
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.uses import places, used_words, uses_segment
from flows.catalog import Catalog, Role, Segment
from flows.conditions import Condition, Named, echo
from flows.names import Key, fold
from flows.script.brought import terms
from flows.standpoint import Standpoint

segment_keeping = Family(name="絞り込み", about="絞り込みを保存する、変える、消す")


@segment_keeping.command(
    "絞り込み保存",
    alias=("対象保存",),
    usage="絞り込み保存 名前 条件",
    needs=Role.EDITOR,
    acts=True,
    examples=[("絞り込み保存 お得意様 乾燥 かつ 登録30日以上", "保存しました")],
)
def save(desk: Desk, name: Name, words: Words) -> None:
    """条件に名前をつけて保存します。保存した名前は、ほかの条件の中でも使えます。"""
    condition = read_condition(desk, words, f"絞り込み保存 {name}", *home_taps())
    if fold(name) in desk.catalog.segments:
        _ask_change(desk, desk.catalog.segments[fold(name)], condition)
        return
    _check(desk, name, condition)
    desk.edit(with_segment(desk.catalog, name, condition), f"絞り込み「{name}」を保存しました")
    _saved(desk, f"絞り込み「{name}」を保存しました。", name)


@segment_keeping.command("do:名前をつけて保存", needs=Role.EDITOR, hidden=True)
def ask_name(desk: Desk, words: Words) -> None:
    """保存する条件の名前を聞きます。"""
    raise Missing(
        f"「{words}」に名前をつけてください（20文字まで・空白なし）。例：美容好き", head="絞り込み保存", tail=words
    )


@segment_keeping.command(
    "絞り込み変更",
    alias=("対象変更",),
    usage="絞り込み変更 名前 条件",
    needs=Role.EDITOR,
    examples=[("絞り込み変更 お得意様 乾燥", "ありません")],
)
def change(desk: Desk, name: Name, words: Words) -> None:
    """保存した絞り込みの条件を変えます。使っているところと人数の変わりかたを見てから変えられます。"""
    saved = _known(desk, name)
    _ask_change(desk, saved, read_condition(desk, words, f"絞り込み変更 {saved.name}", *home_taps()))


def _ask_change(desk: Desk, saved: Segment, condition: Condition) -> None:
    _check(desk, saved.name, condition)
    before = desk.reports.count(saved.condition, desk.catalog, desk.now)
    after = desk.reports.count(condition, desk.catalog, desk.now)
    lines = [
        f"「{saved.name}」を変えますか？",
        f"いま：{echo(saved.condition)} → {counted(before, 0)}",
        f"これから：{echo(condition)} → {counted(after)}",
        left_out(after),
        used_words(_uses(desk.catalog, saved.name)),
    ]
    desk.say(
        "\n".join(line for line in lines if line),
        Tap(label="変える", says=f"do:絞り込みを変える 「{saved.name}」 {condition.words()}"),
        Tap(label="変えない", says=f"絞り込み {saved.name}"),
        where=f"絞り込み ▸ {saved.name}",
    )


@segment_keeping.command("do:絞り込みを変える", needs=Role.EDITOR, acts=True, hidden=True)
def do_change(desk: Desk, name: Name, words: Words) -> None:
    """確かめた画面から、保存した絞り込みの条件を変えます。"""
    saved, condition = _known(desk, name), read_condition(desk, words, "", *home_taps())
    _check(desk, saved.name, condition)
    desk.edit(with_segment(desk.catalog, saved.name, condition), f"絞り込み「{saved.name}」の条件を変えました")
    _saved(desk, f"絞り込み「{saved.name}」の条件を変えました。", saved.name)


@segment_keeping.command(
    "絞り込み削除",
    alias=("対象削除",),
    usage="絞り込み削除 名前",
    needs=Role.EDITOR,
    acts=True,
    examples=[("絞り込み削除 お得意様", "ありません")],
)
def remove(desk: Desk, name: Name) -> None:
    """保存した絞り込みを消します。どこかで使っている間は消せません。"""
    saved = _known(desk, name)
    used = _uses(desk.catalog, saved.name)
    if used:
        raise CommandError(
            f"「{saved.name}」は使われているので、消せません。{used_words(used)}",
            Tap(label="開く", says=f"絞り込み {saved.name}"),
            tap("ホーム"),
        )
    left = {key: one for key, one in desk.catalog.segments.items() if key != fold(saved.name)}
    desk.edit(replace(desk.catalog, segments=left), f"絞り込み「{saved.name}」を消しました")
    desk.say(f"絞り込み「{saved.name}」を消しました。", tap("取消"), tap("絞り込み"), tap("ホーム"))


def _known(desk: Desk, name: str) -> Segment:
    saved = desk.catalog.segments.get(fold(name))
    if saved is None:
        others = [tap(one.name, f"絞り込み {one.name}") for one in desk.catalog.segments.values()][:6]
        raise CommandError(f"「{name}」という絞り込みはありません。", *others, tap("絞り込み"), tap("ホーム"))
    return saved


def _uses(catalog: Catalog, name: str) -> list[str]:
    return places(catalog, uses_segment(fold(name)))


def _check(desk: Desk, name: str, condition: Condition) -> None:
    """Refuse what would make no name, two names, a circle, or a scenario that nobody could tell."""
    if not 1 <= len(name) <= 20:
        raise CommandError("名前は1〜20文字です。")
    if fold(name) in desk.catalog.tags:
        raise CommandError(f"「{name}」というタグがあるので、別の名前にしてください。")
    if _holds(desk.catalog, condition, fold(name)):
        raise CommandError(f"「{name}」の条件の中に「{name}」自身が入っています。別の条件を書いてください。")
    used = [one for one in _uses(desk.catalog, name) if one.startswith("シナリオ")]
    if used and any(condition.ranks(Standpoint(desk.now, desk.catalog))):
        raise CommandError(
            f"「上位N人」は友だち全員をくらべるので、シナリオで使っている絞り込みには入れられません。{used_words(used)}"
        )


def _holds(catalog: Catalog, condition: Condition, key: Key, seen: frozenset[Key] = frozenset()) -> bool:
    """Whether a segment stands somewhere in a condition, segments looked into."""
    for one in terms(condition):
        if isinstance(one, Named):
            inner, name = catalog.segments.get(fold(one.name)), fold(one.name)
            if name == key or (inner and name not in seen and _holds(catalog, inner.condition, key, seen | {name})):
                return True
    return False


def _saved(desk: Desk, words: str, name: str) -> None:
    desk.say(words, Tap(label="人数を見る", says=f"絞り込み {name}"), tap("取消"), tap("ホーム"))
