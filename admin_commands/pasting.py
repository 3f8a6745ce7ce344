"""A pasted script becomes a draft: all errors at once, else what was understood, and the next taps."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.desk import CommandError, Desk
from admin_commands.overview import plan_screen
from admin_commands.plans import changed, mark_of, noun, with_entry
from admin_commands.reading import Words
from admin_commands.registry import Family, may
from admin_commands.screens import Screen, Tap, tap
from flows.catalog import Entry, Role
from flows.names import Key, fold, with_san
from flows.script import Part, Problem, Problems, Script, Waiting, diff, join, mended, part_of, read

pasting = Family(name="台本", about="貼り付けた台本")
_MENDS = 8
RECEIVED = "台本を受け取り、"


def paste(desk: Desk, text: str) -> None:
    """Take a script, or a part of one; parts wait for one another in any order."""
    if not may(desk.staff.role, Role.EDITOR):
        raise CommandError(
            f"台本からシナリオを作れるのは編集者からです。あなたは{desk.staff.role.value}です。",
            tap("シナリオ"),
            tap("ホーム"),
        )
    desk.put_aside()
    part = part_of(text)
    if part:
        _take_part(desk, part, text)
        return
    take_script(desk, text)


def _take_part(desk: Desk, part: Part, text: str) -> None:
    mine = f"{fold(part.name)}/{part.total}/"
    desk.parts = {**desk.parts, f"{mine}{part.number}": text}
    whole = join(one for key, one in desk.parts.items() if key.startswith(mine))
    if isinstance(whole, Waiting):
        missing = "・".join(map(str, whole.missing))
        desk.say(
            f"「{part.name}」のつづき {part.number}/{part.total} を受け取りました。残りは {missing} です。"
            "順番は気にせず貼り付けてください。",
            Tap(label="受け取った分を捨てる", says=f"do:つづきを捨てる {mine}"),
            tap("ホーム"),
        )
        return
    _drop_parts(desk, mine)
    assert whole is not None, "they are parts of one script"
    take_script(desk, whole)


def _drop_parts(desk: Desk, mine: str) -> None:
    desk.parts = {key: part for key, part in desk.parts.items() if not key.startswith(mine)}


@pasting.command("do:つづきを捨てる", needs=Role.EDITOR, hidden=True)
def drop_parts(desk: Desk, words: Words) -> None:
    """受け取りかけの台本を捨てます。"""
    _drop_parts(desk, words)
    desk.say("受け取りかけの台本を捨てました。何も変わっていません。", tap("シナリオ"), tap("ホーム"))


def take_script(desk: Desk, text: str) -> None:
    """Read a whole script: a draft, or all its problems at once."""
    script = read(text, desk.catalog, desk.now)
    if isinstance(script, Problems):
        desk.held = text
        desk.show(problems_screen(script))
        return
    accept(desk, script, text)


def problems_screen(found: Problems) -> Screen:
    """Every problem with its place, its reading and its mends."""
    mends = [
        (at, number, problem) for at, problem in enumerate(found.problems) for number, _ in enumerate(problem.mends)
    ]
    many = len(found.problems) > 1
    taps = [_mend_tap(at, number, problem, many=many) for at, number, problem in mends[:_MENDS]]
    return Screen(
        text=found.sentence(), taps=(*taps, Tap(label="捨てる", says="do:捨てる"), tap("ホーム")), where="台本"
    )


def _mend_tap(at: int, number: int, problem: Problem, *, many: bool) -> Tap:
    place = f"{problem.line}行目：" if many and problem.line else ""
    return Tap(label=f"{place}{problem.mends[number].label}", says=f"do:台本直し {at} {number}")


@pasting.command("do:台本直し", needs=Role.EDITOR, acts=True, hidden=True)
def mend(desk: Desk, words: Words) -> None:
    """台本の読めないところを、ボタンのとおりに直します。"""
    at, _, number = words.partition(" ")
    text = desk.held
    found = read(text, desk.catalog, desk.now) if text else None
    if not isinstance(found, Problems) or int(at) >= len(found.problems):
        raise CommandError("直す台本は、もうありません。もう一度貼り付けてください。", tap("シナリオ"), tap("ホーム"))
    problem = found.problems[int(at)]
    take_script(desk, mended(text, problem, problem.mends[int(number)]))


def accept(desk: Desk, script: Script, text: str, received: str = RECEIVED) -> None:
    """Keep what a script says as the draft of its name; a draft that differs from pasted `text` is asked about first."""
    key = fold(script.plan.name)
    entry = desk.catalog.plans.get(key)
    _refuse_name(desk, script.plan.name, entry)
    if entry and entry.draft and entry.draft != script.plan and text:
        _ask_to_replace(desk, entry, script, text)
        return
    _save(desk, key, script, received)


def _refuse_name(desk: Desk, name: str, entry: Entry | None) -> None:
    if entry is None and desk.vocabulary.word(name):
        raise CommandError(
            f"「{name}」は操作の言葉なので、シナリオの名前には使えません。1行目を「{name}のご案内」のように変えて、もう一度貼り付けてください。",
            tap("ホーム"),
        )


def _ask_to_replace(desk: Desk, entry: Entry, script: Script, text: str) -> None:
    assert entry.draft is not None
    desk.held = text
    lines = diff(entry.draft, script.plan).lines
    shown = "\n".join(lines[:12]) + (f"\nほか{len(lines) - 12}か所" if len(lines) > 12 else "")
    who = f"（{with_san(entry.changed_by)}）" if entry.changed_by and entry.changed_by != desk.my_name else ""
    desk.say(
        f"「{entry.name}」には直しかけの下書き{who}があります。まだ何も変えていません。入れ替えると、こう変わります。\n{shown}",
        Tap(label="入れ替える", says=f"do:下書き入替 {mark_of(entry)}"),
        Tap(label="今の下書きを見る", says=f"シナリオ {entry.name}"),
        Tap(label="捨てる", says="do:捨てる"),
        where=f"{noun(script.plan)} ▸ {entry.name} ▸ 台本",
    )


@pasting.command("do:下書き入替", needs=Role.EDITOR, acts=True, hidden=True)
def replace_draft(desk: Desk, mark: Words) -> None:
    """貼り付けた台本で、下書きを入れ替えます。"""
    script = read(desk.held, desk.catalog, desk.now) if desk.held else None
    if not isinstance(script, Script):
        raise CommandError(
            "入れ替える台本は、もうありません。もう一度貼り付けてください。", tap("シナリオ"), tap("ホーム")
        )
    entry = desk.catalog.plans.get(fold(script.plan.name))
    if entry is not None and mark_of(entry) != mark:
        _ask_to_replace(desk, entry, script, desk.held)
        return
    _save(desk, fold(script.plan.name), script, RECEIVED)


def _save(desk: Desk, key: Key, script: Script, received: str) -> None:
    desk.held = ""
    entry = desk.catalog.plans.get(key) or Entry(name=script.plan.name)
    if entry.draft != script.plan:
        kept = changed(desk, replace(entry, draft=script.plan))
        desk.edit(with_entry(desk.catalog, kept), f"「{entry.name}」の下書きを入れました")
    what = f"{received}{noun(script.plan)}「{entry.name}」の下書きにしました。\nまだ誰にも届きません。公開すると動き始めます。"
    desk.show(plan_screen(desk, key, before="\n".join((what, *script.notes))))
