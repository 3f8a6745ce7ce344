"""置き場: what takes room among pictures, films, voices and files, where it is used, and throwing away what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from admin_commands.desk import CommandError, Desk, moment_words
from admin_commands.home import room_words
from admin_commands.preview import sample_fill, shown
from admin_commands.reading import MaybeWords, Words
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap
from admin_commands.uses import used_words, uses_of_media
from flows.belongings import LONG_AGO, needed
from flows.catalog import Role
from flows.desk import Kept, Order
from flows.events import Cleared
from flows.messages import Audio, Image, Message, Video
from flows.names import cut
from flows.words import MEDIA

room = Family(name="置き場", about="送った写真・動画・音声・ファイルと、その大きさ")
KINDS = {"image": "写真", "video": "動画", "audio": "音声", "file": "ファイル", "": "途中で切れたもの"}
_PAGE = 6
HANDLE = 12
"""So much of an id names a thing among those of one account."""
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One kept thing, with where it is used now and in which broadcasts it went long ago."""

    kept: Kept
    where: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def title(self) -> str:
        """動画 8.0MB."""
        return f"{cut(self.kept.name, 12) or KINDS[self.kept.what]} {size_words(self.kept.size)}"

    @property
    def handle(self) -> str:
        """How a button names it."""
        return self.kept.id[:HANDLE]


def size_words(size: int) -> str:
    """8.0MB, 320KB."""
    return f"{size / _MB:.1f}MB" if size >= _MB // 10 else f"{max(1, round(size / 1024))}KB"


def _things(desk: Desk) -> list[Thing]:
    """All kept things, what takes most room first."""
    now, ever = uses_of_media(needed(desk.catalog, desk.now)), uses_of_media(desk.catalog)
    return [_thing(kept, now, ever) for kept in desk.reports.things()]


def _thing(kept: Kept, now: dict[str, list[str]], ever: dict[str, list[str]]) -> Thing:
    reference = f"{MEDIA}{kept.id}"
    held = [words for words, holds in (("作りかけの本文", kept.draft), ("友だちの回答", kept.answer)) if holds]
    where = now.get(reference, [])
    went = [place for place in ever.get(reference, []) if place not in where]
    return Thing(kept=kept, where=(*where, *held), went=tuple(went))


def _unused(things: list[Thing]) -> list[Thing]:
    """What nobody would miss, not even in an old talk."""
    return [one for one in things if not one.where and not one.went]


@room.command(
    "置き場",
    alias=("おきば", "メディア", "写真一覧", "media"),
    usage="置き場",
    examples=[("置き場", "写真・動画・音声")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """送った写真・動画・音声・ファイルを、大きい順に見ます。使っているところと、消せるものがわかります。"""
    things = _things(desk)
    found = next((one for one in things if words and one.handle == words), None)
    if found is not None:
        _show_one(desk, found)
        return
    _show_all(desk, things, int(words) if words.isascii() and words.isdigit() and len(words) < 5 else 1)


def _show_all(desk: Desk, things: list[Thing], page: int) -> None:
    first = (page - 1) * _PAGE if 0 < (page - 1) * _PAGE < len(things) else 0
    here, unused = things[first : first + _PAGE], _unused(things)
    size = sum(one.kept.size for one in unused)
    taps = [Tap(label=f"{one.title}{_day(desk, one.kept)}", says=f"置き場 {one.handle}") for one in here]
    lines = [
        f"{number} {one.label}\n　{_use(thing)}" for number, (one, thing) in enumerate(zip(taps, here, strict=True), 1)
    ]
    more = [
        tap("つぎの6つ", f"置き場 {first // _PAGE + 2}") if first + _PAGE < len(things) else None,
        tap("使っていないものを消す", "置き場を空ける") if unused else None,
        tap("ホーム"),
    ]
    ways = [one for one in more if one]
    lines += [f"{number} {one.label}" for number, one in enumerate(ways, len(here) + 1)]
    free = f"使っていないもの：{len(unused)}個・{size_words(size)}" if unused else "使っていないものはありません。"
    head = f"{room_words(desk.reports.room())}\n{free if things else 'まだ何も預かっていません。'}"
    place = f"（{first + 1}〜{first + len(here)} / {len(things)}）\n" if len(things) > _PAGE else ""
    text = f"{head}\n\n{place}" + "\n".join(lines)
    desk.show(Screen(text=text, taps=(*taps, *ways), where="置き場", listed=True))


def _day(desk: Desk, kept: Kept) -> str:
    return f" {moment_words(kept.at, desk.catalog).split('(')[0]}" if kept.at else ""


def _use(thing: Thing) -> str:
    if thing.where:
        return cut("・".join(thing.where), 60)
    return f"前の{cut('・'.join(thing.went), 50)}だけ" if thing.went else "使っていません"


def _show_one(desk: Desk, thing: Thing) -> None:
    kept = thing.kept
    desk.put(*(shown(message, sample_fill(desk)) for message in _messages(kept)))
    when = f"{moment_words(kept.at, desk.catalog)} に預かりました。\n" if kept.at else ""
    away = Tap(label="消す", says=f"do:置き場から消す {thing.handle}")
    desk.say(
        f"{thing.title}\n{when}{_consequence(thing)}",
        *(() if thing.where else (away,)),
        tap("置き場"),
        tap("ホーム"),
        where=f"置き場 ▸ {KINDS[kept.what]}",
    )


def _consequence(thing: Thing) -> str:
    if thing.where:
        return f"{used_words(list(thing.where))}\n使われているので消せません。先に、そこから外してください。"
    if thing.went:
        days = LONG_AGO.days
        return (
            f"{days}日より前の{'・'.join(thing.went)}で送りました。いまは使っていません。\n"
            "消すと、その時のトークで見られなくなります。元に戻せません。"
        )
    return "使っているところはありません。消すと元に戻せません。"


def _messages(kept: Kept) -> Iterator[Message]:
    reference = f"{MEDIA}{kept.id}"
    match kept.what:
        case "image":
            yield Image(url=reference)
        case "video":
            yield Video(url=reference)
        case "audio":
            yield Audio(url=reference)


@room.command("do:置き場から消す", needs=Role.EDITOR, acts=True, hidden=True)
def throw_away(desk: Desk, words: Words) -> None:
    """確かめた画面から、使っていないものを1つ消します。"""
    thing = next((one for one in _things(desk) if one.handle == words), None)
    if thing is None:
        raise CommandError("もうありません。", tap("置き場"), tap("ホーム"))
    if thing.where:
        raise CommandError(
            f"使われているので消せません。\n{used_words(list(thing.where))}", tap("置き場"), tap("ホーム")
        )
    _clear(desk, [thing])


@room.command(
    "置き場を空ける", alias=("おきばをあける",), needs=Role.EDITOR, examples=[("置き場を空ける", "ありません")]
)
def ask_clear(desk: Desk) -> None:
    """どこにも使っていない写真・動画・音声・ファイルを、確かめてからまとめて消します。"""
    unused = _unused(_things(desk))
    if not unused:
        raise CommandError("使っていないものはありません。", tap("置き場"), tap("ホーム"))
    size = sum(one.kept.size for one in unused)
    lines = [f"・{one.title}{_day(desk, one.kept)}" for one in unused[:10]]
    more = f"\n・ほか{len(unused) - 10}個" if len(unused) > 10 else ""
    desk.say(
        f"どこにも使っていない{len(unused)}個（{size_words(size)}）を消しますか？\n" + "\n".join(lines) + more + "\n"
        "⚠ 元に戻せません。前の版の台本を取り消しで戻しても、消したものは戻りません。",
        Tap(label=f"{len(unused)}個を消す", says=f"do:置き場を空ける {len(unused)} {size}"),
        Tap(label="やめる", says="置き場"),
        where="置き場 ▸ 空ける",
    )


@room.command("do:置き場を空ける", needs=Role.EDITOR, acts=True, hidden=True)
def clear(desk: Desk, words: Words) -> None:
    """確かめた画面から、使っていないものをまとめて消します。"""
    unused = _unused(_things(desk))
    if words.split() != [str(len(unused)), str(sum(one.kept.size for one in unused))]:
        raise CommandError("このあいだに変わりました。もう一度確かめてください。", tap("置き場を空ける"), tap("置き場"))
    _clear(desk, unused)


def _clear(desk: Desk, things: list[Thing]) -> None:
    size = size_words(sum(one.kept.size for one in things))
    desk.order(Order(event=Cleared(at=desk.now, things=tuple(one.kept.id for one in things))))
    desk.edit(desk.catalog, f"使っていない写真など{len(things)}個（{size}）を消しました", undo=False)
    desk.say(f"{len(things)}個（{size}）を消しました。", tap("置き場"), tap("ホーム"), where="置き場")
