"""アンケート作成: question after question, then what happens to those who have answered."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from admin_commands.desk import CommandError, Desk
from admin_commands.making_start import checked_name
from admin_commands.overview import plan_screen
from admin_commands.plans import changed, with_entry
from admin_commands.preview import asked, sample_fill
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Screen, tap
from admin_commands.sketch import bubble_of, option_words, read_actions, read_choices
from admin_commands.survey_ending import ending_pages
from admin_commands.survey_sketch import (
    KINDS,
    answer_name,
    has_choices,
    plainly,
    points_of,
    survey_of,
)
from admin_commands.wizard import Answer, Page, Wizard, ask, begin, turn_to
from flows.catalog import Entry, Role
from flows.names import fold, narrow
from flows.script import Problems, read, write

making_survey = Family(name="シナリオ", about="アンケートを作る")
FORM = "アンケート作成"
_FIRST_KINDS = ("1つ選ぶ", "いくつでも", "文字", "数字", "日付", "メール", "電話", "ほか")
_OTHER_KINDS = tuple(word for word in KINDS if word not in _FIRST_KINDS)
_DONE, _NO_TAGS, _OPTIONAL, _AGAIN = "これで終わり", "タグは付けない", "飛ばせるようにする", "直す"
_KIND = "答え方を変える"


@making_survey.command(
    "アンケート作成",
    alias=("あんけーとさくせい", "アンケートを作る"),
    usage="アンケート作成 [名前]",
    needs=Role.EDITOR,
    examples=[("アンケート作成 お客様の声", "1問目"), ("アンケート作成", "名前をつけて")],
)
def make(desk: Desk, words: MaybeWords) -> None:
    """質問に答えていくだけで、アンケートを作ります。友だちとのやりとりは0通です。"""
    begin(desk, FORM, "name", {"name": "", "questions": []})
    if words:
        _take_name(desk, Answer(text=words))
    ask(desk, survey_maker)


def _where(desk: Desk) -> str:
    return f"アンケート ▸ {desk.form['name']} ▸ {len(desk.form['questions']) + 1}問目"


def _ask_name(_: Desk) -> Screen:
    return Screen(text="名前をつけてください。友だちがこの言葉を送ると始まります。例：肌診断")


def _take_name(desk: Desk, given: Answer) -> None:
    turn_to(desk, "text", name=checked_name(desk, given.text))


def _ask_text(desk: Desk) -> Screen:
    return Screen(text="質問の文を送ってください。例：年代を教えてください", where=_where(desk))


def _take_text(desk: Desk, given: Answer) -> None:
    bubble = bubble_of(given)
    if "text" not in bubble:
        raise CommandError("質問は文で送ってください。")
    kind = plainly(bubble["text"])
    turn_to(desk, "kind", text=bubble["text"])
    if kind:
        _add_question(desk, {"kind": kind})


def _ask_kind(desk: Desk) -> Screen:
    return Screen(text="答え方は？", taps=tuple(map(tap, _FIRST_KINDS)), where=_where(desk))


def _ask_other_kind(desk: Desk) -> Screen:
    return Screen(text="答え方は？", taps=tuple(map(tap, _OTHER_KINDS)), where=_where(desk))


def _take_kind(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said == "ほか":
        turn_to(desk, "kind_other")
        return
    title = KINDS.get(said) or next((one for one in KINDS.values() if one == said), None)
    if title is None:
        raise CommandError(f"「{said}」という答え方はありません。下から選んでください。")
    if has_choices(title):
        turn_to(desk, "options", kind=title)
        return
    _add_question(desk, {"kind": title})


def _ask_options(desk: Desk) -> Screen:
    text = "選択肢を1行に1つ送ってください（1つ20文字まで）。\n点数を付けるなら、うしろに +1点 のように書きます。例：\n20代 +1点\n30代 +2点"
    return Screen(text=text, where=_where(desk))


def _take_options(desk: Desk, given: Answer) -> None:
    choices = read_choices(given.text)
    for one in choices:
        if one["effects"]:
            read_actions(one["effects"])
    _add_question(desk, {"kind": desk.form["kind"], "options": choices})


def _add_question(desk: Desk, question: dict[str, Any]) -> None:
    questions = list(desk.form["questions"])
    name = answer_name(desk.form["text"], question["kind"], {fold(one["name"]) for one in questions})
    questions.append({**question, "text": desk.form["text"], "name": name, "tags": True})
    turn_to(desk, "after", questions=questions)


def _ask_after(desk: Desk) -> Screen:
    last = desk.form["questions"][-1]
    number = len(desk.form["questions"])
    kind = next(word for word, title in KINDS.items() if title == last["kind"])
    need = "飛ばせます" if last.get("optional") else "必須"
    lines = [f"{number}問目（{need}・{kind}）{'／'.join(_short(one) for one in last.get('options', ()))}"]
    if last.get("options") and last["tags"]:
        new = [one["label"] for one in last["options"] if fold(one["label"]) not in desk.catalog.tags]
        lines.append("同じ名前のタグも付けます" + (f"（新しいタグ：{'・'.join(new)}）。" if new else "。"))
    lines.append(f"答えは項目「{last['name']}」に入ります。")
    lines.append(f"{number + 1}問目の文を送るか、選んでください。")
    tags = (tap(_NO_TAGS),) if last.get("options") and last["tags"] else ()
    optional = () if last.get("optional") else (tap(_OPTIONAL),)
    other = (tap(_KIND),) if plainly(last["text"]) == last["kind"] else ()
    place = f"アンケート ▸ {desk.form['name']} ▸ {number}問目"
    return Screen(text="\n".join(lines), taps=(tap(_DONE), *tags, *optional, *other, tap(_AGAIN)), where=place)


def _short(option: dict[str, str]) -> str:
    points = points_of(option["effects"])
    return f"{option_words(option)} {points:+d}" if points else option_words(option)


def _take_after(desk: Desk, given: Answer) -> None:
    questions: list[Any] = json.loads(json.dumps(desk.form["questions"]))
    match narrow(given.text).strip():
        case "これで終わり" | "終わり" | "おわり" | "終了" | "完成":
            turn_to(desk, "ending")
        case "タグは付けない":
            questions[-1]["tags"] = False
            turn_to(desk, "after", questions=questions)
        case "飛ばせるようにする":
            questions[-1]["optional"] = True
            turn_to(desk, "after", questions=questions)
        case "答え方を変える":
            turn_to(desk, "kind", text=questions[-1]["text"], questions=questions[:-1])
        case "直す":
            turn_to(desk, "text", questions=questions[:-1])
        case _:
            _take_text(desk, given)


def _save(desk: Desk) -> None:
    script = read(write(survey_of(desk.form)), desk.catalog, desk.now)
    if isinstance(script, Problems):
        raise CommandError(script.sentence())
    name = desk.form["name"]
    entry = desk.catalog.plans.get(fold(name)) or Entry(name=name)
    if entry.draft != script.plan:
        kept = changed(desk, replace(entry, draft=script.plan))
        desk.edit(with_entry(desk.catalog, kept), f"アンケート「{name}」の下書きを作りました")


def finish(desk: Desk) -> None:
    """The survey is whole: show it, and the way to publish."""
    _save(desk)
    name = desk.form["name"]
    desk.close_form()
    before = (
        f"できました。「{name}」を下書きに保存しました。公開すると、友だちが「{name}」と送ったときに始まります。\n"
        "答え直した人の点数は入れ替わります（二重には足しません）。"
    )
    desk.show(plan_screen(desk, fold(name), before=before))


def missing(desk: Desk) -> str:
    """What must still be given before there is a survey to look at."""
    return "" if desk.form["questions"] else "まだ質問が1つもありません。"


def show_last(desk: Desk) -> None:
    """The last question, as a friend would see it."""
    if not desk.form["questions"]:
        raise CommandError("ここで見せられる質問は、まだありません。")
    desk.put(asked(survey_of(desk.form).questions[-1], sample_fill(desk)))


def keep_draft(desk: Desk) -> str:
    """Save what is there as a draft, once there is a question."""
    if not desk.form["questions"]:
        return ""
    _save(desk)
    return f"ここまでを、下書き「{desk.form['name']}」に保存しました。"


survey_maker = Wizard(
    name=FORM,
    pages={
        "name": Page(ask=_ask_name, take=_take_name),
        "text": Page(ask=_ask_text, take=_take_text, body=True),
        "kind": Page(ask=_ask_kind, take=_take_kind),
        "kind_other": Page(ask=_ask_other_kind, take=_take_kind),
        "options": Page(ask=_ask_options, take=_take_options, body=True),
        "after": Page(ask=_ask_after, take=_take_after, body=True),
        **ending_pages(finish),
    },
    keep=keep_draft,
    preview=show_last,
    missing=missing,
)
