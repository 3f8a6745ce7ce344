"""Tags as things of their own: folders, another name, one tag out of two, and taking one away. All say where it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.plans import near_names
from admin_commands.reading import TagWords, Words, read_name
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.uses import places, used_words, uses_tag, with_tag_renamed
from flows.actions import RemoveTag
from flows.catalog import Catalog, Role, Tag
from flows.conditions import Condition, Members, Tagged
from flows.conditions.base import Index, Sight, Truth
from flows.desk import Order
from flows.events import Ordered, Retagged
from flows.names import Key, fold

tagging = Family(name="タグ・スコア・項目", about="タグを整える")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carries(Condition):
    """Everybody who carries the tag, those who block us and staff as well: for orders that keep records right."""

    kind: ClassVar[str] = "carries"
    tag: str

    def holds(self, friend: object, sight: Sight) -> Truth:
        return fold(self.tag) in getattr(friend, "tags", {})

    def words(self) -> str:
        return Tagged(name=self.tag, spelling="tag").words()

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return Tagged(name=self.tag).bitmaps(sight)

    def members(self, index: Index, sight: Sight) -> Members:
        (bitmap,) = self.bitmaps(sight)
        return Members(index.bitmap(bitmap), 0)


def known_tag(desk: Desk, name: str) -> Tag:
    """The tag of that name. Raises CommandError with near names."""
    found = desk.catalog.tags.get(fold(name))
    if found is None:
        names = near_names(name, (one.name for one in desk.catalog.tags.values()))
        raise CommandError(
            f"タグ「{name}」はありません。", *(Tap(label=one, says=f"タグ 「{one}」") for one in names), tap("タグ")
        )
    return found


def _two(desk: Desk, words: str, second: str) -> tuple[Tag, str]:
    """A tag there is, and another name behind it; asks for the second where it is missing."""
    first, rest = read_name(desk, words)
    tag = known_tag(desk, first)
    if not rest:
        raise Missing(f"「{tag.name}」の{second}を送ってください。", tail="")
    name, left = read_name(desk, rest)
    if left:
        raise CommandError(f"「{left}」は読めませんでした。空白のある名前は「 」で囲んでください。")
    return tag, name


@tagging.command(
    "タグ分け",
    alias=("フォルダ", "folder"),
    usage="タグ分け タグ フォルダ",
    needs=Role.EDITOR,
    acts=True,
    examples=[("タグ分け 乾燥 お悩み", "「お悩み」に入れました")],
)
def put_in_folder(desk: Desk, words: TagWords) -> None:
    """タグをフォルダに入れます。「なし」でフォルダから出します。付いている友だちには影響しません。"""
    tag, name = _two(desk, words, "フォルダの名前")
    folder = "" if name == "なし" else name
    tags = {**desk.catalog.tags, fold(tag.name): replace(tag, folder=folder)}
    done = f"「{folder}」に入れました" if folder else "フォルダから出しました"
    desk.edit(replace(desk.catalog, tags=tags), f"タグ「{tag.name}」を{done}")
    desk.say(f"タグ「{tag.name}」を{done}。", tap("取消"), tap("タグ"), tap("ホーム"), where="タグ")


@tagging.command(
    "タグ名変更",
    alias=("タグの名前", "rename"),
    usage="タグ名変更 タグ 新しい名前",
    needs=Role.EDITOR,
    examples=[("タグ名変更 乾燥 乾燥肌", "に変えますか")],
)
def ask_rename(desk: Desk, words: TagWords) -> None:
    """タグの名前を変えます。付いている友だちも、使っているところも、いっしょに変わります。"""
    tag, name = _two(desk, words, "新しい名前")
    there = desk.catalog.tags.get(fold(name))
    if there is not None and fold(name) != fold(tag.name):
        raise CommandError(
            f"タグ「{there.name}」は、もうあります。1つにまとめるときは「タグ統合」です。",
            Tap(label="1つにまとめる", says=f"タグ統合 「{tag.name}」 「{there.name}」"),
            tap("タグ"),
        )
    desk.say(
        f"タグ「{tag.name}」を「{name}」に変えますか？\n{_touched(desk, tag)}\nこの名前の変更では、シナリオは始まりません。",
        Tap(label="変える", says=f"do:タグ名変更 「{tag.name}」 「{name}」"),
        Tap(label="やめる", says=f"タグ 「{tag.name}」"),
        where=f"タグ ▸ {tag.name}",
    )


def _touched(desk: Desk, tag: Tag) -> str:
    people = desk.reports.count(Tagged(name=tag.name), desk.catalog, desk.now).true
    return f"付いている友だち：{people}人\n{used_words(places(desk.catalog, uses_tag(fold(tag.name))))}"


@tagging.command("do:タグ名変更", needs=Role.EDITOR, acts=True, hidden=True)
def rename(desk: Desk, words: Words) -> None:
    """確かめた画面から、タグの名前を変えます。"""
    tag, name = _two(desk, words, "新しい名前")
    _move(desk, tag, Tag(name=name, folder=tag.folder))
    desk.say(
        f"タグ「{tag.name}」を「{name}」に変えました。",
        Tap(label="元の名前に戻す", says=f"タグ名変更 「{name}」 「{tag.name}」"),
        Tap(label="見る", says=f"タグ 「{name}」"),
        tap("タグ"),
        tap("ホーム"),
        where=f"タグ ▸ {name}",
    )


def _move(desk: Desk, tag: Tag, to: Tag) -> None:
    """Everything that spoke of the one tag speaks of the other, friends' records included."""
    old, new = fold(tag.name), fold(to.name)
    tags = {to_key: one for to_key, one in desk.catalog.tags.items() if to_key != old} | {new: to}
    moved: Catalog = with_tag_renamed(replace(desk.catalog, tags={}), old, to.name)
    desk.edit_for_good(replace(moved, tags=tags), f"タグ「{tag.name}」を「{to.name}」にしました")
    if old != new:
        event = Retagged(at=desk.now, old=tag.name, new=to.name)
        desk.order(Order(event=event, everyone_who=Carries(tag=tag.name)))


@tagging.command(
    "タグ統合",
    alias=("タグをまとめる", "merge"),
    usage="タグ統合 なくすタグ 残すタグ",
    needs=Role.EDITOR,
    examples=[("タグ統合 常連 乾燥", "元に戻せません")],
)
def ask_merge(desk: Desk, words: TagWords) -> None:
    """2つのタグを1つにまとめます。付いている友だちも、使っているところも、残すほうに移ります。"""
    tag, name = _two(desk, words, "かわりに残すタグ")
    kept = known_tag(desk, name)
    if fold(kept.name) == fold(tag.name):
        raise CommandError("同じタグです。まとめるものがありません。", tap("タグ"))
    people = desk.reports.count(Tagged(name=tag.name), desk.catalog, desk.now).true
    text = (
        f"タグ「{tag.name}」をなくして「{kept.name}」にまとめますか？\n{_touched(desk, tag)}\n"
        "どちらが付いていたかは、あとからわからなくなります。元に戻せません。"
    )
    says = f"do:タグ統合 「{tag.name}」 「{kept.name}」"
    if people >= desk.catalog.account.count_confirm_from:
        raise Missing(
            f"{text}\nよければ人数「{people}」を送ってください。", Tap(label="やめる", says="やめる"), head=says
        )
    where = f"タグ ▸ {tag.name} ▸ まとめる"
    desk.say(
        text,
        Tap(label="まとめる", says=f"{says} {people}"),
        Tap(label="やめる", says=f"タグ 「{tag.name}」"),
        where=where,
    )


@tagging.command("do:タグ統合", needs=Role.EDITOR, acts=True, hidden=True)
def merge(desk: Desk, words: Words) -> None:
    """人数を確かめてから、2つのタグを1つにまとめます。"""
    match = re.fullmatch(r"(.*」)\s*([\d,]+)人?", words)
    tag, name = _two(desk, match[1] if match else words, "かわりに残すタグ")
    kept = known_tag(desk, name)
    people = desk.reports.count(Tagged(name=tag.name), desk.catalog, desk.now).true
    if match is None or int(match[2].replace(",", "")) != people:
        raise CommandError(
            f"人数が合いません（いまは{people}人です）。まだ何も変えていません。",
            Tap(label="もう一度", says=f"タグ統合 「{tag.name}」 「{kept.name}」"),
            tap("タグ"),
        )
    _move(desk, tag, kept)
    desk.say(
        f"「{tag.name}」を「{kept.name}」にまとめました（{people}人）。",
        Tap(label="見る", says=f"タグ 「{kept.name}」"),
        tap("タグ"),
        tap("ホーム"),
        where=f"タグ ▸ {kept.name}",
    )


@tagging.command(
    "タグを消す",
    alias=("タグ削除",),
    usage="タグを消す タグ",
    needs=Role.EDITOR,
    examples=[("タグを消す 常連", "消しますか")],
)
def ask_remove(desk: Desk, words: TagWords) -> None:
    """タグをなくします。付いている友だちからも外れます。使っているところがあるうちは消せません。"""
    tag = known_tag(desk, read_name(desk, words)[0])
    where = places(desk.catalog, uses_tag(fold(tag.name)))
    if where:
        raise CommandError(
            f"タグ「{tag.name}」は使われているので消せません。\n{used_words(where)}",
            Tap(label="ほかのタグにまとめる", says=f"タグ統合 「{tag.name}」"),
            tap("タグ"),
        )
    people = desk.reports.count(Tagged(name=tag.name), desk.catalog, desk.now).true
    desk.say(
        f"タグ「{tag.name}」を消しますか？ {people}人から外れます。元に戻せません。",
        Tap(label="消す", says=f"do:タグを消す 「{tag.name}」"),
        Tap(label="やめる", says=f"タグ 「{tag.name}」"),
        where=f"タグ ▸ {tag.name}",
    )


@tagging.command("do:タグを消す", needs=Role.EDITOR, acts=True, hidden=True)
def remove(desk: Desk, words: Words) -> None:
    """確かめた画面から、タグをなくします。"""
    tag = known_tag(desk, read_name(desk, words)[0])
    if places(desk.catalog, uses_tag(fold(tag.name))):
        raise CommandError(f"タグ「{tag.name}」は、そのあとで使われています。まだ消していません。", tap("タグ"))
    left: dict[Key, Tag] = {key: one for key, one in desk.catalog.tags.items() if key != fold(tag.name)}
    desk.edit_for_good(replace(desk.catalog, tags=left), f"タグ「{tag.name}」を消しました")
    event = Ordered(at=desk.now, actions=(RemoveTag(name=tag.name),), by=desk.my_name)
    desk.order(Order(event=event, everyone_who=Carries(tag=tag.name)))
    desk.say(f"タグ「{tag.name}」を消しました。", tap("タグ"), tap("ホーム"), where="タグ")
