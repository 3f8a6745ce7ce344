"""Words to typed arguments: one reader for each type, one good sentence for each misunderstanding."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NewType

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.friends import found_friend
from admin_commands.plans import key_of_place, near_names, numbered_steps, present_plan
from admin_commands.registry import Argument, Command, arguments, may
from admin_commands.screens import Screen, Tap, tap
from admin_commands.wizard import Answer, Page, Wizard
from flows.catalog import Catalog, Role
from flows.friend import Friend
from flows.names import Key, fold, narrow
from flows.quoting import quoted
from flows.scenario import Scenario

Words = NewType("Words", str)
"""Everything that follows, at least one word."""
MaybeWords = NewType("MaybeWords", str)
"""Everything that follows, perhaps nothing."""
PlanKey = NewType("PlanKey", str)
"""A scenario or survey there is: by name, or the open one."""
StepNumber = NewType("StepNumber", int)
"""The number of a step, as 直す lists them."""
StaffWords = NewType("StaffWords", str)
"""Everything that follows, beginning with a member of staff."""
TagWords = NewType("TagWords", str)
"""Everything that follows, beginning with a tag there is."""
PartWords = NewType("PartWords", str)
"""The name of a part."""
BundleWords = NewType("BundleWords", str)
"""The name of a bundle."""
ReplyWords = NewType("ReplyWords", str)
"""The name of an auto-reply."""
TimeWords = NewType("TimeWords", str)
"""When a step goes, as typed."""
Name = NewType("Name", str)
"""One name: a word, or anything in 「 」."""
TagName = NewType("TagName", str)
"""The name of a tag; it may be a new one."""

Reader = Callable[[Desk, str], tuple[Any, str]]
INVITABLE = (Role.VIEWER, Role.SENDER, Role.EDITOR)
LINE_FORM = "つづき"
"""The form that asks for what a line lacks."""
_LIKE = 0.6
"""From this likeness on, a word is taken for a mistyped name and not for what comes after one."""
_TAGS_SHOWN = 8
_NUMBERS = 12


def run_line(desk: Desk, command: Command, rest: str) -> None:
    """Check the role, read the arguments, carry the command out; ask for the first thing that is missing."""
    if not may(desk.staff.role, command.needs):
        raise CommandError(
            f"「{command.word}」は{command.needs.value}から使えます。あなたは{desk.staff.role.value}です。"
            "必要なときは所有者に頼んでください。",
            tap("スタッフ"),
            tap("ホーム"),
        )
    desk.command = command
    values: dict[str, Any] = {}
    left = rest.strip()
    for argument in _in_order(command, left):
        try:
            values[argument.name], left = READERS[argument.type](desk, left)
        except Missing as missing:
            done = rest.strip()[: len(rest.strip()) - len(left)]
            _ask_for_rest(desk, f"{command.word} {done}".strip(), missing)
            return
    if left:
        raise CommandError(
            f"「{command.word}」のうしろの「{left}」は読めませんでした。使い方：{command.usage}",
            tap(command.word),
            Tap(label="使い方を見る", says=f"ヘルプ {command.word}"),
        )
    try:
        command.run(desk, **values)
    except Missing as missing:
        _ask_for_rest(desk, f"{command.word} {rest}".strip(), missing)


def _in_order(command: Command, rest: str) -> list[Argument]:
    """The arguments as they come: a friend may stand first, behind her @."""
    listed = list(arguments(command.run))
    return sorted(listed, key=lambda one: one.type is not Friend) if rest.startswith(("@", "＠")) else listed


def _ask_for_rest(desk: Desk, line: str, missing: Missing) -> None:
    desk.put_aside()
    taps = [[one.label, one.words] for one in missing.screen.taps]
    desk.form = {
        "keep": False,
        "page": "rest",
        "line": missing.head or line,
        "tail": missing.tail,
        "text": missing.screen.text,
        "taps": taps,
    }
    desk.wizard = LINE_FORM
    desk.show(missing.screen, bound=True)


def _rest_screen(desk: Desk) -> Screen:
    taps = tuple(Tap(label=one, says=says) for one, says in desk.form["taps"])
    return Screen(text=desk.form["text"], taps=taps)


def _take_rest(desk: Desk, given: Answer) -> None:
    line = f"{desk.form['line']} {given.text} {desk.form['tail']}".strip()
    found = desk.vocabulary.split(line)
    assert found is not None, "the form was opened by a command"
    text = desk.form["text"]
    desk.close_form()
    run_line(desk, *found)
    other = desk.vocabulary.split(given.text)
    if desk.form.get("text") == text and other and not other[0].hidden:
        desk.close_form()
        run_line(desk, *other)


line_form = Wizard(name=LINE_FORM, pages={"rest": Page(ask=_rest_screen, take=_take_rest)})
"""Asks for the first thing that a line lacks, and carries the line out once it is whole."""


def read_words(desk: Desk, rest: str) -> tuple[str, str]:
    """Everything that follows."""
    if not rest:
        raise Missing(
            f"つづきを送ってください。使い方：{desk.command.usage}" if desk.command else "つづきを送ってください。"
        )
    return rest, ""


def _offering(question: str, names: Callable[[Catalog], Iterable[str]], *, make: str, none: str) -> Reader:
    """Reads everything that follows; without anything, offers the names there are, or the word that makes one."""

    def read(desk: Desk, rest: str) -> tuple[str, str]:
        if rest:
            return rest, ""
        there = [one for one in names(desk.catalog) if one][:_TAGS_SHOWN]
        if not there:
            raise CommandError(none, tap(make), tap("ホーム"))
        raise Missing(question, *(Tap(label=one, says=quoted(one)) for one in there))

    return read


def read_maybe(desk: Desk, rest: str) -> tuple[str, str]:
    """Everything that follows, perhaps nothing."""
    return rest, ""


def read_name(desk: Desk, rest: str) -> tuple[str, str]:
    """One name; blanks inside need 「 」."""
    match = re.match(r"「([^「」]{1,20})」\s*(.*)|(\S+)\s*(.*)", rest, re.DOTALL)
    if not match:
        raise Missing("名前を送ってください。")
    name, left = (match[1], match[2]) if match[1] else (match[3], match[4])
    if len(name) > 20:
        raise CommandError(f"名前は20文字までです。「{name}」は{len(name)}文字あります。")
    return name, left


def read_tag(desk: Desk, rest: str) -> tuple[str, str]:
    """One tag's name; without one, the tags there are to choose from."""
    if not rest:
        names = [one.name for one in list(desk.catalog.tags.values())[:_TAGS_SHOWN]]
        raise Missing(
            "どのタグですか？ タグの名前を送ってください。",
            *(tap(f"「{one}」" if " " in one else one) for one in names),
        )
    return read_name(desk, rest)


def read_plan(desk: Desk, rest: str) -> tuple[Key, str]:
    """The scenario or survey whose name comes next; without one, the open one, or the only one."""
    words = rest.split()
    for count in range(len(words), 0, -1):
        key = fold(" ".join(words[:count]).strip("「」"))
        if key in desk.catalog.plans:
            desk.about = key
            return key, " ".join(words[count:])
    open_one = key_of_place(desk.place)
    near = difflib.get_close_matches(fold(words[0]) if words else "", list(desk.catalog.plans), n=4, cutoff=_LIKE)
    if open_one in desk.catalog.plans and not near:
        return open_one, rest
    if not words:
        return _only_plan(desk), ""
    names = near_names(rest, (entry.name for entry in desk.catalog.plans.values()))
    raise Missing(f"「{rest}」というシナリオはありません。どれですか？", *(tap(name) for name in names))


def _only_plan(desk: Desk) -> Key:
    keys = list(desk.catalog.plans)
    if not keys:
        raise CommandError(
            "まだシナリオがありません。作るか、台本を貼り付けてください。", tap("シナリオ作成"), tap("テンプレ")
        )
    if len(keys) == 1:
        return keys[0]
    raise Missing("どのシナリオですか？", *(tap(entry.name) for entry in desk.catalog.plans.values()))


def read_time(desk: Desk, rest: str) -> tuple[str, str]:
    """When a step goes; without it, the usual times to choose from."""
    if not rest:
        times = ("1日後19:00", "2日後19:00", "3日後19:00", "7日後19:00")
        raise Missing("いつ送りますか？ 文字でもOK：5日後の10時", *map(tap, times))
    return rest, ""


def _numbers(desk: Desk) -> tuple[Tap, ...]:
    """A tap for each step of the open scenario."""
    entry = desk.catalog.plans.get(desk.about or key_of_place(desk.place))
    plan = present_plan(entry) if entry else None
    many = len(numbered_steps(plan)) if isinstance(plan, Scenario) else 0
    return tuple(tap(f"{number}通目") for number in range(1, min(many, _NUMBERS) + 1))


def read_number(desk: Desk, rest: str) -> tuple[int, str]:
    """The number of a step."""
    match = re.match(r"(\d{1,3})(?:通目|番目|番)?\s*(.*)", narrow(rest), re.DOTALL)
    if not match and rest:
        raise CommandError(f"「{rest}」は番号として読めませんでした。何通目かを数字で送ってください。例：2")
    if not match:
        raise Missing("何通目ですか？ 番号を送ってください。例：2", *_numbers(desk))
    return int(match[1]), rest[-len(match[2]) :] if match[2] else ""


def read_friend(desk: Desk, rest: str) -> tuple[Friend, str]:
    """The friend whose name comes next, with or without @."""
    return found_friend(desk, rest)


def read_role(desk: Desk, rest: str) -> tuple[Role, str]:
    """閲覧者, 送信者 or 編集者."""
    name, left = read_name(desk, rest) if rest else ("", "")
    role = next((one for one in INVITABLE if one.value == narrow(name)), None)
    if role is None:
        raise Missing(
            "何をお願いしますか？\n1 閲覧者：見るだけ\n2 送信者：返信と、配信の承認\n3 編集者：作る・直す\n"
            "（所有者は「ゆずる」からだけ変えられます）",
            *(tap(one.value) for one in INVITABLE),
        )
    return role, left


READERS: Mapping[Any, Reader] = {
    Words: read_words,
    MaybeWords: read_maybe,
    Name: read_name,
    TagName: read_tag,
    PlanKey: read_plan,
    StepNumber: read_number,
    TimeWords: read_time,
    StaffWords: _offering(
        "どなたのことですか？",
        lambda catalog: (one.name for one in catalog.staff.values() if one.role is not Role.OWNER),
        make="スタッフ追加",
        none="ほかのスタッフは、まだいません。",
    ),
    TagWords: _offering(
        "どのタグですか？",
        lambda catalog: (one.name for one in catalog.tags.values()),
        make="タグ",
        none="タグは、まだ1つもありません。",
    ),
    PartWords: _offering(
        "どの部品ですか？",
        lambda catalog: (one.name for one in catalog.parts.values()),
        make="部品作成",
        none="部品は、まだ1つもありません。",
    ),
    BundleWords: _offering(
        "どのアクションですか？",
        lambda catalog: (one.name for one in catalog.bundles.values()),
        make="アクション作成",
        none="アクションは、まだ1つもありません。",
    ),
    ReplyWords: _offering(
        "どの自動応答ですか？",
        lambda catalog: (one.name for one in catalog.autoreplies.values()),
        make="自動応答作成",
        none="自動応答は、まだ1つもありません。",
    ),
    Friend: read_friend,
    Role: read_role,
}
