"""Another name for a part, a bundle, a score or a field: everything that uses it goes on under the new name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.plans import near_names
from admin_commands.reading import MaybeWords, Words, read_name
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.uses import Test, places, used_words, uses_bundle, uses_field, uses_part, uses_score
from admin_commands.uses_renamed import with_renamed
from flows.catalog import Catalog, Role
from flows.conditions import Condition, Members
from flows.conditions.base import Index, Sight, Truth
from flows.conditions.built_in import BUILT_IN
from flows.desk import Order
from flows.events import Relabelled
from flows.index import FRIENDS
from flows.names import Key, fold
from flows.quoting import quoted
from flows.reaching import BLOCKED
from flows.relabelling import FIELD, SCORE
from flows.script import Problems, read, write

renaming = Family(name="タグ・スコア・項目", about="部品・アクション・スコア・項目の名前を変える")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whoever(Condition):
    """Everybody, those who block us as well: for orders that keep records right."""

    kind: ClassVar[str] = "whoever"

    def holds(self, friend: object, sight: Sight) -> Truth:
        return True

    def words(self) -> str:
        return "全員"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        return (FRIENDS, BLOCKED)

    def members(self, index: Index, sight: Sight) -> Members:
        return Members(index.bitmap(FRIENDS) | index.bitmap(BLOCKED), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of thing that can be renamed: its word, where the catalog keeps it, and who else is told."""

    word: str
    place: str
    """The catalog's attribute."""
    what: str
    """What `with_renamed` calls it."""
    uses: Callable[[Key], Test]
    remembers: bool = False
    """Buttons in old messages carry its key, so that it keeps the keys it had."""

    def things(self, catalog: Catalog) -> Mapping[Key, Any]:
        """All of them, by key; the main score has no name to change."""
        found: Mapping[Key, Any] = getattr(catalog, self.place)
        return {key: one for key, one in found.items() if key}


KINDS = (
    Kind(word="部品", place="parts", what="part", uses=uses_part, remembers=True),
    Kind(word="アクション", place="bundles", what="bundle", uses=uses_bundle),
    Kind(word="スコア", place="scores", what=SCORE, uses=uses_score),
    Kind(word="項目", place="fields", what=FIELD, uses=uses_field, remembers=True),
)


def _two(desk: Desk, kind: Kind, words: str) -> tuple[Any, str]:
    """The thing there is, and the new name behind it; asks for what is missing."""
    things = kind.things(desk.catalog)
    if not things:
        raise CommandError(f"名前のある{kind.word}は、まだありません。", tap(kind.word), tap("ホーム"))
    if not words:
        raise Missing(f"どの{kind.word}ですか？", *(tap(quoted(one.name)) for one in list(things.values())[:8]))
    first, rest = read_name(desk, words)
    one = things.get(fold(first))
    if one is None:
        near = near_names(first, (each.name for each in things.values()))
        taps = (Tap(label=name, says=f"{kind.word} {quoted(name)}") for name in near)
        raise CommandError(f"{kind.word}「{first}」はありません。", *taps, tap(kind.word))
    if not rest:
        raise Missing(f"「{one.name}」の新しい名前を送ってください。", tail="")
    name, left = read_name(desk, rest)
    if left:
        raise CommandError(f"「{left}」は読めませんでした。空白のある名前は「 」で囲んでください。")
    _check(kind, things, one.name, name)
    return one, name


def _check(kind: Kind, things: Mapping[Key, Any], old: str, name: str) -> None:
    if not 1 <= len(name) <= 20:
        raise CommandError(f"名前は1〜20文字です（{len(name)}文字ありました）。", tap(kind.word))
    if kind.what == FIELD and fold(name) in map(fold, BUILT_IN):
        raise CommandError(f"「{name}」は、はじめからある項目の名前なので使えません。ほかの名前にしてください。")
    there = things.get(fold(name))
    if there is not None and fold(name) != fold(old):
        raise CommandError(f"{kind.word}「{there.name}」は、もうあります。ほかの名前にしてください。", tap(kind.word))


def _ask(desk: Desk, kind: Kind, words: str) -> None:
    one, name = _two(desk, kind, words)
    where = used_words(places(desk.catalog, kind.uses(fold(one.name))))
    people = "\n友だちに入っている値も、そのまま引き継ぎます。" if kind.what in {SCORE, FIELD} else ""
    desk.say(
        f"{kind.word}「{one.name}」を「{name}」に変えますか？\n{where}{people}\n"
        "使っているところも、いっしょに変わります。この変更では、何も送られません。",
        Tap(label="変える", says=f"do:{kind.word}名変更 {quoted(one.name)} {quoted(name)}"),
        Tap(label="やめる", says=f"{kind.word} {quoted(one.name)}"),
        where=f"{kind.word} ▸ {one.name}",
    )


def _rename(desk: Desk, kind: Kind, words: str) -> None:
    one, name = _two(desk, kind, words)
    catalog = renamed(desk, kind, one, name)
    desk.edit_for_good(catalog, f"{kind.word}「{one.name}」を「{name}」にしました")
    if kind.what in {SCORE, FIELD} and fold(one.name) != fold(name):
        event = Relabelled(at=desk.now, what=kind.what, old=one.name, new=name)
        desk.order(Order(event=event, everyone_who=Whoever()))
    desk.say(
        f"{kind.word}「{one.name}」を「{name}」に変えました。",
        Tap(label="元の名前に戻す", says=f"{kind.word}名変更 {quoted(name)} {quoted(one.name)}"),
        Tap(label="見る", says=f"{kind.word} {quoted(name)}"),
        tap(kind.word),
        tap("ホーム"),
        where=f"{kind.word} ▸ {name}",
    )


def renamed(desk: Desk, kind: Kind, one: Any, name: str) -> Catalog:
    """The catalog with the new name wherever the old one stood; what would not read back is refused."""
    old, new = fold(one.name), fold(name)
    before = desk.catalog
    things: Mapping[Key, Any] = getattr(before, kind.place)
    nothing: dict[str, Any] = {kind.place: {}}
    kept = replace(one, name=name, **({"formerly": _formerly(one, old, new)} if kind.remembers else {}))
    catalog: Catalog = with_renamed(replace(before, **nothing), kind.what, one.name, name)
    rest = {key: thing for key, thing in things.items() if key != old}
    moved = with_renamed(rest, kind.what, one.name, name)
    whole: dict[str, Any] = {kind.place: {**moved, new: with_renamed(kept, kind.what, one.name, name)}}
    catalog = replace(catalog, **whole)
    for key, entry in catalog.plans.items():
        if entry.draft is not None and entry.draft != before.plans[key].draft:
            script = read(write(entry.draft), catalog, desk.now)
            if isinstance(script, Problems):
                raise CommandError(
                    f"「{entry.name}」の台本が読めなくなるため、名前を変えられません。\n{script.sentence()}",
                    Tap(label="開く", says=f"シナリオ {entry.name}"),
                )
    return catalog


def _formerly(one: Any, old: Key, new: Key) -> tuple[Key, ...]:
    return tuple(key for key in dict.fromkeys((*one.formerly, old)) if key != new)


def _commands(kind: Kind) -> None:
    """`部品名変更` and the word of the screen that confirms it."""

    def ask(desk: Desk, words: MaybeWords) -> None:
        _ask(desk, kind, words)

    def rename(desk: Desk, words: Words) -> None:
        _rename(desk, kind, words)

    ask.__doc__ = f"{kind.word}の名前を変えます。使っているところも、いっしょに変わります。"
    rename.__doc__ = f"確かめた画面から、{kind.word}の名前を変えます。"
    renaming.command(
        f"{kind.word}名変更",
        alias=(f"{kind.word}の名前",),
        usage=f"{kind.word}名変更 名前 新しい名前",
        needs=Role.EDITOR,
    )(ask)
    renaming.command(f"do:{kind.word}名変更", needs=Role.EDITOR, acts=True, hidden=True)(rename)


for _kind in KINDS:
    _commands(_kind)
