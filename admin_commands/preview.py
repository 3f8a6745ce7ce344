"""プレビュー: the real bubbles of a step, filled with a friend's own words, at no cost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.friends import called, found_friend, newest_taps
from admin_commands.plans import numbered_steps, place_of, present_plan, times_words, where
from admin_commands.reading import MaybeWords, Words, read_plan
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap, text_bubble
from flows.catalog import Entry
from flows.checks.contents import NO_ADDRESS
from flows.effects import Bubble
from flows.friend import Friend
from flows.messages import Message
from flows.names import FriendId, narrow
from flows.questions import Question
from flows.scenario import Ask, Body, If, Say, Scenario, Split, Step, Survey
from flows.standpoint import Standpoint
from flows.words import MEDIA, Filler

preview = Family(name="シナリオの中", about="友だちに届く形を見る")
SAMPLE_NAME = "山田"
_ROOM = 4


def sample_friend(desk: Desk) -> Friend:
    """The friend whose words fill a preview: the newest one with a name, else a made-up one."""
    named = (friend for friend in desk.reports.newest(5) if friend.name and not friend.staff)
    return next(named, Friend(id=FriendId("sample"), name=SAMPLE_NAME))


def sample_fill(desk: Desk, friend: Friend | None = None) -> Filler:
    """Fills bodies for that friend."""
    return Filler(friend or sample_friend(desk), desk.catalog)


def shown(message: Message, fill: Filler) -> Bubble:
    """The bubble as a friend would get it; in words where it has no address that LINE could fetch it from."""
    if not fill.catalog.account.base_url and any(thing.startswith(MEDIA) for thing in message.things()):
        return text_bubble(f"［{message.title}］{NO_ADDRESS}")
    return message.bubble(fill)


def bubbles_of(body: Body, friend: Friend, desk: Desk, letter: str = "") -> list[Bubble]:
    """The bubbles this friend would get of a body, in order; of a split, this variant, or else the first."""
    fill = sample_fill(desk, friend)
    found: list[Bubble] = []
    for item in body:
        match item:
            case Say(message=message):
                found.append(shown(message, fill))
            case Ask(question=question):
                found.append(asked(question, fill))
            case If(condition=condition, then=then, otherwise=otherwise, unknown=unknown):
                truth = condition.holds(friend, Standpoint(desk.now, desk.catalog))
                missing = unknown if unknown is not None else otherwise
                branch = then if truth else missing if truth is None else otherwise
                found += bubbles_of(branch or (), friend, desk, letter)
            case Split(variants=variants):
                variant = next((one for one in variants if one.name == letter), variants[0])
                found += bubbles_of(variant.body, friend, desk, letter)
    return found


def asked(question: Question, fill: Filler) -> Bubble:
    """A question as a friend sees it; its buttons do nothing here."""
    return question.ask(fill.text(question.text), lambda verb: f"preview:{verb}")


@preview.command(
    "プレビュー",
    alias=("ぷれびゅー", "preview"),
    usage="プレビュー [シナリオ] [番号] [@名前]",
    examples=[("プレビュー 新規様", "届く形"), ("プレビュー 新規様 2", "2日後")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """友だちに届く実物を、名前などを入れた形で見ます（0通）。"""
    _show(desk, _looked_at(desk, words))


@preview.command("do:プレビュー続き", hidden=True)
def show_rest(desk: Desk, words: MaybeWords) -> None:
    """5つ目の吹き出しを見せます。"""
    _show(desk, _looked_at(desk, words), skip=_ROOM)


@preview.command("do:プレビュー友だち", hidden=True)
def ask_for_whom(desk: Desk, words: Words) -> None:
    """だれに届く形で見るかを聞きます。"""
    raise Missing("だれに届く形で見ますか？ 名前を送ってください。", *newest_taps(desk), head=f"プレビュー {words}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """The step that is looked at, and the friend for whom it is filled in."""

    entry: Entry
    number: int
    total: int
    title: str
    body: Body
    friend: Friend
    letter: str = ""
    """The variant of an A/B test that is looked at."""


def _looked_at(desk: Desk, words: str) -> _Looked:
    key, rest = read_plan(desk, words)
    entry = desk.catalog.plans[key]
    desk.place = place_of(key)
    match = re.match(r"(\d{1,3})(?:通目)?\s*(.*)", narrow(rest))
    number, left = (int(match[1]), match[2]) if match else (1, rest)
    steps = _bodies(entry)
    if not 1 <= number <= len(steps):
        first = Tap(label="1通目を見る", says=f"プレビュー {entry.name} 1")
        raise CommandError(f"「{entry.name}」は{len(steps)}通目までです。", first)
    title, body = steps[number - 1]
    chosen = re.match(r"([A-D])案\s*", left)
    left = left[chosen.end() :] if chosen else left
    friend = found_friend(desk, left)[0] if left else sample_friend(desk)
    return _Looked(
        entry=entry,
        number=number,
        total=len(steps),
        title=title,
        body=body,
        friend=friend,
        letter=_letter(body, chosen),
    )


def _letter(body: Body, chosen: re.Match[str] | None) -> str:
    """The variant that is looked at: the chosen one, else the first; "" where nothing is compared."""
    names = _letters(body)
    return chosen[1] if chosen and chosen[1] in names else names[:1]


def _letters(body: Body) -> str:
    split = next((item for item in body if isinstance(item, Split)), None)
    return "".join(one.name for one in split.variants) if split else ""


def _show(desk: Desk, looked: _Looked, *, skip: int = 0) -> None:
    bubbles = bubbles_of(looked.body, looked.friend, desk, looked.letter)
    desk.put(*bubbles[skip : skip + _ROOM])
    desk.show(_screen(desk, looked, len(bubbles), more=len(bubbles) > skip + _ROOM))


def _bodies(entry: Entry) -> list[tuple[str, Body]]:
    plan = present_plan(entry)
    if isinstance(plan, Scenario):
        return [(_title(line.name, step), step.body) for _, line, step in numbered_steps(plan)]
    assert isinstance(plan, Survey)
    asks: list[tuple[str, Body]] = [(question.name, (Ask(question=question),)) for question in plan.questions]
    return asks + ([("最後に", plan.ending)] if plan.ending else [])


def _title(line: str, step: Step) -> str:
    path = f"道「{line}」 " if line else ""
    only = "（条件に当てはまる人だけ）" if step.only_if else ""
    return f"{path}{times_words(step)}{only}"


def _screen(desk: Desk, looked: _Looked, count: int, *, more: bool) -> Screen:
    entry, number, friend = looked.entry, looked.number, looked.friend
    who = f" @id:{friend.id}" if desk.reports.friend(friend.id) else ""
    which = f" {looked.letter}案" if looked.letter else ""
    mark = f"{looked.letter}案・" if looked.letter else ""
    others = [name for name in _letters(looked.body) if name != looked.letter]
    taps = [
        Tap(label="続きを見る", says=f"do:プレビュー続き {entry.name} {number}{which}{who}") if more else None,
        *(Tap(label=f"{name}案を見る", says=f"プレビュー {entry.name} {number} {name}案{who}") for name in others),
        Tap(label="次の1通", says=f"プレビュー {entry.name} {number + 1}{who}") if number < looked.total else None,
        Tap(label="前の1通", says=f"プレビュー {entry.name} {number - 1}{who}") if number > 1 else None,
        Tap(label="別の友だちで見る", says=f"do:プレビュー友だち {entry.name} {number}"),
        Tap(label="公開へ", says=f"公開 {entry.name}") if entry.draft else None,
        Tap(label="直す", says=f"直す {entry.name}"),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("ホーム"),
    ]
    none = "" if count else "この友だちには、ここでは何も送られません（条件で分かれています）。\n"
    together = "（まとめて1通）" if count > 1 else ""
    cost = f"吹き出し{count}つ{together}" if count else "吹き出しなし"
    return Screen(
        text=f"{none}{called(friend)}に届く形です（いまは送っていません・0通）。\n{looked.title}　{mark}{cost}",
        taps=tuple(one for one in taps if one),
        where=where(entry, "プレビュー", f"{number}/{looked.total}"),
    )
