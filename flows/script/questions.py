"""The first line of a question, `? 悩み（1つ）`, and its choices, `- 乾燥 → タグ 乾燥、+3点`."""

from __future__ import annotations

import re
from typing import NamedTuple

from lark import Token

from flows.actions import Action
from flows.names import clusters, fold
from flows.questions import QUESTIONS, Option, Question
from flows.script.effects import effects
from flows.script.folding import Folded
from flows.script.grammar import name_of, parsed
from flows.script.known import BUILT_IN_FIELDS
from flows.script.lines import arrow
from flows.script.problems import Misread, near, placed

LONGEST_LABEL = 20
OPTIONAL = "任意"
ANSWERED, SILENT = "回答あり", "反応なし"

_RULES = """
    start: NAME "(" KIND [COMMA OPTIONAL] ")"
    KIND.2: /[^()、, ]+/
    OPTIONAL.3: "任意"
"""
_SAID = {"NAME": "項目の名前", "LPAR": "（", "KIND": "種類", "COMMA": "、任意", "OPTIONAL": "任意", "RPAR": "）"}
_OWN_WORDS = re.compile(r" ?\(文字\)$")
_OTHER_WORDS = {
    "1つ": ("一つ", "ひとつ", "単一", "選択", "1つ選ぶ"),
    "いくつでも": ("複数", "複数選択", "いくつか"),
    "文字": ("テキスト", "自由", "自由記入", "文章"),
    "数字": ("数値", "数"),
    "写真": ("画像",),
    "場所": ("住所", "位置"),
    "メール": ("メールアドレス", "mail"),
    "電話": ("電話番号", "tel"),
}


class Header(NamedTuple):
    """A question before its text is known."""

    name: str
    kind: type[Question]
    optional: bool


class Choice(NamedTuple):
    """A choice line: an option, or (without one) what any answer or no answer does."""

    option: Option | None
    word: str = ""
    effects: tuple[Action, ...] = ()


@placed
def header(text: Folded) -> Header:
    """Field, kind and whether it can be skipped. Raises Misread."""
    tree = parsed(_RULES, text, said=_SAID, what="質問", example="悩み（1つ）")
    tokens = [token for token in tree.children if isinstance(token, Token)]
    name = name_of(tokens[0], text, "項目の名前")
    if any(fold(name) == fold(one) for one in BUILT_IN_FIELDS):
        words = f"「{name}」ははじめからある項目なので、質問の名前に使えません。"
        raise Misread(
            words, instead=[(f"{name}の回答", text.original(0, len(text.text)).replace(name, f"{name}の回答", 1))]
        )
    return Header(name=name, kind=_kind(tokens[1], text), optional=len(tokens) > 2)


def _kind(token: Token, text: Folded) -> type[Question]:
    for kind in QUESTIONS:
        if fold(kind.title) == fold(token.value):
            return kind
    titles = [kind.title for kind in QUESTIONS]
    other = next((title for title, words in _OTHER_WORDS.items() if fold(token.value) in map(fold, words)), "")
    nearest = other or near(token.value, titles)
    start, end = token.start_pos or 0, token.end_pos or 0
    right = f"{text.original(0, start)}{nearest}{text.original(end, len(text.text))}"
    mends = [(f"「{nearest}」に直す", right)] if nearest else []
    raise Misread(
        f"「{token.value}」という答え方はありません。", start, expected=titles, nearest=nearest, instead=mends
    )


@placed
def choice(text: Folded) -> Choice:
    """What stands behind the hyphen of a choice. Raises Misread."""
    found = arrow(text.text)
    done: tuple[Action, ...] = ()
    if found is None:
        label = text
    else:
        label, behind = text.part(0, found.start()), text.part(found.end())
        if not behind.text:
            raise Misread(
                "→ のあとに、押したときにすることを書いてください。", found.start(), example="- 乾燥 → タグ 乾燥"
            )
        done = effects(behind)
    for word in (ANSWERED, SILENT):
        if fold(label.text) == fold(word):
            if not done:
                raise Misread(f"「{word}」には → とすることが要ります。", example=f"- {word} → 道 声")
            return Choice(None, word, done)
    return Choice(_option(label, done))


def _option(label: Folded, done: tuple[Action, ...]) -> Option:
    own = _OWN_WORDS.search(label.text)
    shown = label.part(0, own.start()) if own else label
    words = plain_arrows(shown.original(0, len(shown.text)))
    if not words:
        raise Misread("選択肢の文字がありません。", example="- 乾燥")
    if (length := len(clusters(words))) > LONGEST_LABEL:
        raise Misread(f"選択肢は{LONGEST_LABEL}文字までです（今は{length}文字）。")
    return Option(label=words, effects=done, own_words=own is not None)


_WRITTEN_ARROW = re.compile(r"([\\＼]+)(→|⇒|➡|->|－>|-＞|－＞)")
_ANY_ARROW = re.compile(r"(\\*)(→|⇒|➡|->|－>|-＞|－＞)")


def plain_arrows(label: str) -> str:
    """The label as it is shown: backslashes in front of an arrow halved."""
    return _WRITTEN_ARROW.sub(lambda found: "\\" * (len(found[1]) // 2) + found[2], label)


def protected_arrows(label: str) -> str:
    """The label as a script holds it: every arrow in it protected."""
    return _ANY_ARROW.sub(lambda found: "\\" * (len(found[1]) * 2 + 1) + found[2], label)
