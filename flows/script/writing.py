"""A plan as a script in normal form: printing what was printed changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.actions import Action
from flows.messages import Audio, Cards, Image, Message, Rich, Sticker, Text, Video
from flows.questions import Question
from flows.quoting import quoted
from flows.scenario import Ask, Body, Do, If, Line, Plan, Say, Scenario, Split, Start, Step, Survey, Wait
from flows.script.cards import card_lines
from flows.script.folding import lines_of
from flows.script.lines import SCENARIO, SURVEY, protected
from flows.script.questions import ANSWERED, OPTIONAL, SILENT, protected_arrows
from flows.script.rich import rich_lines
from flows.script.settings import caps_words, period_words

_USUAL_LENGTH = 60_000


def write(plan: Plan) -> str:
    """The script of a plan. Ends with one line feed."""
    lines = _scenario(plan) if isinstance(plan, Scenario) else _survey(plan)
    return "\n".join(lines) + "\n"


def effect_words(actions: Iterable[Action]) -> str:
    """An effect list in normal form."""
    return "、".join(action.words() for action in actions)


def body_words(body: Body) -> str:
    """The items of one body as a script holds them."""
    return "\n".join(_items(body))


def tidy(body: str) -> str:
    """A message as a script keeps it: line feeds, no blanks at line ends, no outer blank lines, nothing unseen."""
    lines = lines_of(body)
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)


def _scenario(plan: Scenario) -> Iterator[str]:
    yield f"# {SCENARIO} {quoted(plan.name)}"
    yield from _settings(
        ("目的", plan.purpose or ""),
        ("開始", _starts(plan.starts)),
        ("基準日", quoted(plan.base) if plan.base else ""),
        ("ゴール", plan.goal.words() if plan.goal else ""),
        ("終わったら", "" if plan.ending is None else effect_words(plan.ending) or "なし"),
        ("再追加", plan.returning or ""),
        ("再開始", "許可" if plan.restart else ""),
        ("時間帯", "、".join(window.words for window in plan.windows)),
        ("遅れたら", plan.late or ""),
        ("上限", caps_words(plan.caps) if plan.caps else ""),
        ("期間", period_words(plan.period) if plan.period else ""),
    )
    for line in plan.lines:
        yield from _line(line)


def _survey(plan: Survey) -> Iterator[str]:
    yield f"# {SURVEY} {quoted(plan.name)}"
    yield from _settings(
        ("開始", _starts(plan.starts)),
        ("確認", "あり" if plan.confirm else ""),
        ("上限", f"1人{plan.times}回" if plan.times is not None else ""),
        ("期間", period_words(plan.period) if plan.period else ""),
    )
    for question in plan.questions:
        yield ""
        yield from _question(question)
    if plan.ending:
        yield from ("", "## 最後に")
        yield from _items(plan.ending)


def _settings(*pairs: tuple[str, str]) -> Iterator[str]:
    return (f"{word}: {value}" for word, value in pairs if value)


def _starts(starts: Iterable[Start]) -> str:
    return "、".join(
        start.trigger.words() + (f" ※{start.only_if.words()}" if start.only_if else "") for start in starts
    )


def _line(line: Line) -> Iterator[str]:
    if line.name:
        yield from ("", f"# 道 {quoted(line.name)}")
    for number, step in enumerate(line.steps):
        if number or not line.name:
            yield ""
        yield _step_head(step)
        yield from _items(step.body)


def _step_head(step: Step) -> str:
    return f"## {step.when.words}" + (f" ※{step.only_if.words()}" if step.only_if else "")


def _items(body: Body) -> Iterator[str]:
    before: object = None
    for item in body:
        if isinstance(item, Say) and isinstance(before, Say):
            yield "---"
        yield from _item(item)
        before = item


def _item(item: object) -> Iterator[str]:
    match item:
        case Say(message=message):
            yield from _message(message)
        case Do(actions=actions):
            yield f"= {effect_words(actions)}"
        case Ask(question=question):
            yield from _question(question)
        case Wait(link=link, limit_words=words, silent=silent):
            if silent:
                yield f"- {SILENT} → {effect_words(silent)}"
            yield f"待つ: {f'[{link}]' if link else '反応'} {words}"
        case If():
            yield from _branch(item)
        case Split(variants=variants):
            yield f"AB: {'/'.join(str(variant.share) for variant in variants)}"
            for variant in variants:
                yield f"案{variant.name}:" + (f" {variant.when.words}" if variant.when else "")
                yield from _items(variant.body)
            yield "おわり"


def _branch(item: If) -> Iterator[str]:
    yield f"もし: {item.condition.words()}"
    yield from _items(item.then)
    for word, body in (("ちがえば", item.otherwise), ("不明なら", item.unknown)):
        if body is not None:
            yield f"{word}:"
            yield from _items(body)
    yield "おわり"


def _question(question: Question) -> Iterator[str]:
    optional = f"、{OPTIONAL}" if question.optional else ""
    yield f"? {quoted(question.name)}（{question.title}{optional}）"
    yield from _text(question.text)
    for option in question.options:
        own = "（文字）" if option.own_words else ""
        yield from _choice(f"{protected_arrows(option.label)}{own}", option.effects)
    for word, actions in ((ANSWERED, question.answered), (SILENT, question.silent)):
        if actions:
            yield from _choice(word, actions)
    if question.wait is not None:
        yield f"待つ: 反応 {question.wait_words}"


def _choice(label: str, actions: Iterable[Action]) -> Iterator[str]:
    effects = effect_words(actions)
    yield f"- {label}" + (f" → {effects}" if effects else "")


def _message(message: Message) -> Iterator[str]:
    match message:
        case Text(body=body):
            yield from _text(body)
        case Cards():
            yield from card_lines(message)
        case Rich():
            yield from rich_lines(message)
        case Image(url=url, alt=alt):
            yield f"![{alt}]({url})"
        case Video(url=url, preview=preview):
            yield f"!動画({url}{f' {preview}' if preview else ''})"
        case Audio(url=url, milliseconds=milliseconds):
            length = "" if milliseconds == _USUAL_LENGTH else f" {milliseconds / 1000:g}秒"
            yield f"!音声({url}{length})"
        case Sticker(package=package, number=number):
            yield f"!スタンプ({package}/{number})"


def _text(body: str) -> Iterator[str]:
    return (protected(line) for line in tidy(body).split("\n"))
