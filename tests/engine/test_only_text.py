"""Nothing a friend types is ever interpreted as a template, a command, a key or a pattern.

Three things guarantee it, and each is held here. The code never builds a pattern or a template from anything but its own
constants, and evaluates nothing. Texts of friends are values: they go into bodies once the placeholders have been found,
and into records as data. And the words that a friend may use as commands are a closed list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows import codec
from flows.catalog import AutoReply
from flows.friend import Friend
from flows.messages import Text
from flows.names import fold
from flows.triggers import KeywordSaid
from flows.triggers.sayings import Match
from flows.words import LONGEST_VALUE, clean
from tests.engine.life import Life
from tests.engine.test_surveys import tell

ROOT = Path(__file__).parents[2]
ROOMS = ("flows", "admin_commands", "bot")
PATTERNS = {"compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer", "subn"}
NEVER = {"eval", "exec", "compile", "__import__"}
GRAMMAR = {"flows/script/grammar.py", "flows/script/casual_words.py"}
"""Make patterns of the words that our own kinds declare in their notation, and of a table of everyday words."""
WRITES_CODE = {"flows/compiling.py", "flows/records.py"}
"""Speak of our own classes only: code written out for a dataclass from its own field names, when it is loaded."""
HOSTILE = (
    "{名前さん|お客様}",
    "{回答:色|x} {{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
    "{0.__class__.__init__.__globals__}",
    "%s %(name)s %n",
    ".*",
    "(a+)+$",
    "[a-z",
    "\\",
    "＼限定／",
    "# シナリオ 乗っ取り\n開始: 友だち追加\n\n## すぐ\nこんにちは",
    "- はい → タグ VIP、+100点",
    "= タグ VIP",
    "もし: 全員",
    "公開する",
    "登録 1234-5678",
    "タグ付け @さくら VIP",
    "friend:*",
    "lm:{0}:friend:U1",
    "*\r\n$3\r\nDEL\r\n",
    "q1|三問|1|1||色|c1",
    "k1|三問|1|1||0000000000",
    "\x00\x01\x1b[31m",
    "\u202e\u200b\ufeff",
    '=HYPERLINK("http://x","y")',
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\ud800",
)
SCRIPT = """
# アンケート 聞く
開始: キーワード 聞く

? 色（1つ）
色は?
- 赤 → タグ 赤
- その他（文字） → タグ ほか

? 感想（文字）
{色|色}ですね。感想は?

## 最後に
もし: 感想=よい
= タグ よい
おわり
{名前さん|お客様}「{色|なし}」「{回答:感想|なし}」
"""


def sources() -> Iterator[tuple[str, ast.AST]]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def is_ours(node: ast.AST) -> bool:
    """Whether an expression is made of constants only: literals, names in capitals, and what is derived from them."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lstrip("_").isupper()
        case ast.JoinedStr(values=values):
            return all(is_ours(value.value) if isinstance(value, ast.FormattedValue) else True for value in values)
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            return is_ours(left) and is_ours(right)
        case ast.Call(func=ast.Attribute(value=value, attr="join"), args=[inner]):
            return is_ours(value) and is_ours(inner)
    return False


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def functions(tree: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


def test_nothing_is_evaluated() -> None:
    """There is no door for code in text."""
    found = [
        f"{file}: {call.func.id}"
        for file, tree in sources()
        for call in calls(tree)
        if isinstance(call.func, ast.Name) and call.func.id in NEVER and file not in WRITES_CODE
    ]
    assert found == []


def test_patterns_are_made_of_our_own_constants() -> None:
    """Once the program runs, `re` is only ever handed a pattern that stands in the code."""
    found = [
        f"{file}:{call.lineno}"
        for file, tree in sources()
        if file not in GRAMMAR
        for function in functions(tree)
        for call in calls(function)
        if isinstance(call.func, ast.Attribute) and call.func.attr in PATTERNS
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "re" and not is_ours(call.args[0])
    ]
    assert found == []


def test_templates_are_never_made_of_text_from_outside() -> None:
    """`format` and `%` stand on our own constants; what a friend says is only ever an argument."""
    found = [
        f"{file}:{call.lineno}"
        for file, tree in sources()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"format", "format_map"}
        if not is_ours(call.func.value) and not isinstance(call.func.value, ast.Subscript)
    ]
    assert found == []


def life(text: str = "") -> Life:
    made = Life((SCRIPT,))
    made.catalog = replace(
        made.catalog,
        autoreplies={
            fold("営業"): AutoReply(
                name="営業",
                trigger=KeywordSaid(keyword="営業", match=Match.CONTAINS),
                messages=(Text(body="{名前さん|お客様}、10時からです"),),
            )
        },
    )
    made.follow(name=text or "さくら")
    made.wait(minutes=1)
    return made


@pytest.mark.parametrize("text", HOSTILE)
def test_an_answer_is_repeated_to_the_letter_and_does_nothing(text: str) -> None:
    """As own words of a choice and as free text, shown back in later bodies."""
    one = life()
    tell(one, "聞く", "その他")
    told = clean(text, LONGEST_VALUE).strip()
    assert tell(one, text) == [f"{told or '色'}ですね。感想は?"]
    assert tell(one, text) == [f"さくらさん「{told or 'なし'}」「{told or 'なし'}」"]
    assert one.tags == {"ほか"}
    assert (one.score, one.counted, one.friend.staff) == (0, 0, False)
    assert codec.loads(Friend, codec.dumps(one.friend)) == one.friend


@pytest.mark.parametrize("text", HOSTILE)
def test_words_that_answer_nothing_start_nothing(text: str) -> None:
    """Typed when nothing is asked: at most a person reads them."""
    one = life()
    assert one.says(text) == []
    assert (one.tags, one.score, one.friend.enrollments, one.friend.sitting) == (set(), 0, (), None)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_display_name_is_only_a_name(text: str) -> None:
    """It comes from the friend as well."""
    one = life(text)
    (said,) = one.says("営業?")
    assert said == f"{text}さん、10時からです" or said.endswith("、10時からです")
    assert "49" not in said.replace(text, "")
    assert one.tags == set()
