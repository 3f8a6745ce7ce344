"""A scenario in the making, as plain JSON data, and the plan it becomes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeVar

from admin_commands.desk import CommandError
from admin_commands.wizard import Answer
from flows import codec
from flows.actions import Action
from flows.messages import Audio, Cards, Image, Message, Rich, Sticker, Text, Video
from flows.messages.card import LONGEST_TITLE
from flows.messages.media import MINUTE
from flows.messages.sticker import REFUSED
from flows.moments import When
from flows.names import Key, StepId, clusters, cut, fold, narrow, utf16_length
from flows.questions import Choice, Option
from flows.scenario import Ask, Item, Line, Purpose, Say, Scenario, Start, Step
from flows.script import Problem, Problems, parse_cards, parse_effects, parse_rich, parse_trigger, parse_when
from flows.script.cards import MARKER
from flows.words import problems

Json = dict[str, Any]
M = TypeVar("M", bound=Message)
MOST_BUBBLES = 5
MOST_CHOICES = 13
_SUBJECT = re.compile(r"^(.{1,20}?)(?:を|は|が|について|、|？|\?)")
_OWN_WORDS = re.compile(r"\s*[(（]文字[)）]$")
_POINTS = re.compile(r"^(.*?)\s*(\S*[+\-]\d+点?)$")


def new_line(name: str, when: str) -> Json:
    """A line with one step that is still empty."""
    return {"name": name, "steps": [new_step(when)]}


def new_step(when: str) -> Json:
    """A step that is still empty."""
    return {"when": when, "bubbles": []}


def bubbles_words(count: int) -> str:
    """吹き出し3つ・まとめて1通・最大5つ."""
    together = "・まとめて1通" if count > 1 else ""
    return f"吹き出し{count}つ{together}・最大{MOST_BUBBLES}つ"


def bubble_of(given: Answer) -> Json:
    """What was sent, checked against LINE's limits, as data. Raises CommandError with what to shorten."""
    if given.refused:
        raise CommandError(given.refused)
    return _thing_bubble(given) if given.what else _text_bubble(given)


def _thing_bubble(given: Answer) -> Json:
    if given.what in {"cards", "rich"}:
        return {"what": given.what, "script": given.text}
    if given.what == "kept":
        return {"what": given.what, "message": json.loads(given.text)}
    if given.what == "file":
        return {"what": "cards", "script": _file_card(given)}
    if given.what not in {"image", "video", "audio", "sticker"} or not given.media:
        raise CommandError(
            "送れるのは、文・写真・動画・音声・スタンプ・PDFです。ほかのものは、リンクを文に書いてください。"
        )
    bubble = {"what": given.what, "media": given.media, "milliseconds": given.milliseconds}
    message = message_of(bubble)
    if isinstance(message, Sticker) and not message.sendable:
        raise CommandError(REFUSED)
    return bubble


def _text_bubble(given: Answer) -> Json:
    text = given.text.strip("\n")
    units = utf16_length(text)
    if not text.strip():
        raise CommandError("本文が空でした。文か写真を送ってください。")
    if units > 5000:
        raise CommandError(
            f"1つの吹き出しは5,000文字までです（いまは{units:,}文字）。{units - 5000:,}文字減らすか、分けて送ってください。"
        )
    troubles = problems(text)
    if troubles:
        trouble = troubles[0]
        raise CommandError(f"「{text[trouble.start : trouble.end]}」{trouble.words} {trouble.example}".strip())
    return {"text": text}


def kept_bubble(message: Message) -> Json:
    """A message that is kept already, as a bubble of a form."""
    return {"what": "kept", "message": codec.to_data(message)}


def _file_card(given: Answer) -> str:
    """A PDF as a card with a button that opens it: LINE has no message for files. Raises CommandError."""
    name, dot, kind = given.text.rpartition(".")
    if not given.media:
        raise CommandError(
            f"このファイル{f'（{cut(given.text, 30)}）' if given.text else ''}は送れません。ファイルで送れるのはPDFだけです。"
            "PDFにして送り直すか、ファイルを置いたところのリンクを文に書いてください。"
        )
    title = " ".join(re.sub(r"[{}｛｝\\]", " ", name if dot else kind).split()) or "PDF"
    return f"{MARKER} {cut(title, LONGEST_TITLE - 1)}\n- 開く → {given.media}"


def message_of(bubble: Mapping[str, Any]) -> Message:
    """The bubble as a message."""
    media = bubble.get("media", "")
    match bubble.get("what"):
        case "image":
            return Image(url=media)
        case "video":
            return Video(url=media)
        case "audio":
            return Audio(url=media, milliseconds=bubble.get("milliseconds") or MINUTE)
        case "sticker":
            package, _, number = media.partition("/")
            return Sticker(package=package, number=number)
        case "kept":
            found: Message = codec.from_data(Message, bubble["message"])  # type: ignore[type-abstract]
            return found
        case "cards":
            return cards_of(bubble["script"])
        case "rich":
            return rich_of(bubble["script"])
        case _:
            return Text(body=bubble["text"])


def cards_of(script: str) -> Cards:
    """The cards that these lines are. Raises CommandError with all that is wrong."""
    return _sound(parse_cards(script))


def rich_of(script: str) -> Rich:
    """The rich message that these lines are. Raises CommandError with all that is wrong."""
    return _sound(parse_rich(script))


def _sound(found: M | Problems) -> M:
    if isinstance(found, Problems):
        raise CommandError("\n".join(misread(problem) for problem in found.problems))
    return found


def misread(problem: Problem) -> str:
    """What could not be read of one value, what could stand there, and an example."""
    parts = [problem.words]
    if problem.readings:
        parts.append(f"どちらですか？ {'／'.join(problem.readings)}")
    if problem.nearest:
        parts.append(f"「{problem.nearest}」でしょうか？")
    if problem.expected:
        parts.append(f"書けるもの：{'、'.join(problem.expected)}")
    if problem.example:
        parts.append(f"例：{problem.example}")
    return "\n".join(parts)


def read_when(text: str, now: datetime, zone: tzinfo) -> When:
    """The time that was typed. Raises CommandError with an example."""
    found = parse_when(text, now, zone)
    if isinstance(found, Problem):
        raise CommandError(misread(found))
    return found


def read_actions(text: str) -> tuple[Action, ...]:
    """The effects that were typed. Raises CommandError with an example."""
    found = parse_effects(text)
    if isinstance(found, Problem):
        raise CommandError(misread(found))
    return found


def read_choices(text: str) -> list[Json]:
    """One choice to a line, points behind it if there are any. All that is wrong is said at once."""
    choices = [_choice(line.strip().lstrip("・-").strip()) for line in text.splitlines() if line.strip()]
    labels = [one["label"] for one in choices]
    wrong = [
        f"「{label}」は{len(clusters(label))}文字あります（20文字まで）"
        for label in labels
        if len(clusters(label)) > 20
    ]
    keys = [fold(label) for label in labels]
    wrong += [f"「{label}」が2回あります" for place, label in enumerate(labels) if keys.index(keys[place]) < place]
    if len(choices) < 2:
        wrong.append("選択肢は2つから、1行に1つ送ってください")
    if len(choices) > MOST_CHOICES:
        wrong.append(f"選択肢は{MOST_CHOICES}個までです（{len(choices)}個ありました）")
    if wrong:
        raise CommandError("。\n".join(wrong) + "。\n例：\n乾燥 +3点\nしみ +3点")
    return choices


def _choice(line: str) -> Json:
    label, arrow, effects = re.sub("->|⇒|➡", "→", line).partition("→")
    if arrow:
        return _labelled(label, effects.strip())
    points = _POINTS.match(narrow(line))
    if points and points[1]:
        return _labelled(line[: len(line) - len(points[2])], points[2])
    return _labelled(line, "")


def _labelled(label: str, effects: str) -> Json:
    """A choice as data; `own` where 「その他（文字）」 asks for the person's own words, as in a script."""
    bare = _OWN_WORDS.sub("", label.strip())
    one = {"label": bare or label.strip(), "effects": effects}
    return {**one, "own": True} if bare and bare != label.strip() else one


def option_words(one: Mapping[str, Any]) -> str:
    """A choice as it was written, without what it does."""
    return f"{one['label']}{'（文字）' if one.get('own') else ''}"


def field_name(text: str, taken: set[Key]) -> str:
    """A name for the field that the answers go to: what the question is about, made of its first words."""
    match = _SUBJECT.match(text.strip().splitlines()[-1] if text.strip() else "")
    plain = re.sub(r"[\s（）()「」\[\]{}=≠<>!、,→※|+\-]", "", match[1] if match else "")[:20] or "答え"
    number, name = 1, plain
    while fold(name) in taken:
        number += 1
        name = f"{plain[:17]}{number}"
    return name


def plan_of(form: Mapping[str, Any], now: datetime, zone: tzinfo) -> Scenario:
    """The scenario that was put together so far; steps without a bubble are left out."""
    lines = [_line(one, now, zone) for one in form["lines"]]
    return Scenario(
        name=form["name"],
        purpose=Purpose(form["purpose"]) if form.get("purpose") else None,
        starts=_starts(form["start"]),
        lines=tuple(line for line in lines if line.steps or not line.name),
    )


def _starts(words: str) -> tuple[Start, ...]:
    found = parse_trigger(words)
    assert not isinstance(found, Problem), "the form keeps only what was read"
    return tuple(Start(trigger=trigger) for trigger in found)


def _line(line: Mapping[str, Any], now: datetime, zone: tzinfo) -> Line:
    steps = [
        Step(
            id=StepId(f"{fold(line['name'])}{number}"), when=read_when(one["when"], now, zone), body=tuple(_items(one))
        )
        for number, one in enumerate(line["steps"], 1)
        if one["bubbles"]
    ]
    return Line(name=line["name"], steps=tuple(steps))


def _items(step: Mapping[str, Any]) -> list[Item]:
    question = step.get("ask")
    bubbles = step["bubbles"][:-1] if question else step["bubbles"]
    items: list[Item] = [Say(message=message_of(one)) for one in bubbles]
    return [*items, Ask(question=_question(step, question))] if question else items


def _question(step: Mapping[str, Any], question: Mapping[str, Any]) -> Choice:
    options = tuple(
        Option(
            label=one["label"],
            effects=read_actions(one["effects"]) if one["effects"] else (),
            own_words=bool(one.get("own")),
        )
        for one in question["options"]
    )
    days = question.get("days", 0)
    silent = question.get("silent", "")
    return Choice(
        name=question["name"],
        text=step["bubbles"][-1]["text"],
        options=options,
        silent=read_actions(silent) if silent else None,
        wait=timedelta(days=days) if days else None,
        wait_words=f"{days}日" if days else "",
    )
