"""Nobody's words become a pattern, a format or a program of ours: there is no place in the product where they could."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.names import narrow
from flows.script import casual_words
from torture.corpus import PATTERNS as PATTERNS_OF_OTHERS

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(file for room in ("flows", "admin_commands", "bot") for file in (ROOT / room).rglob("*.py"))
PATTERNS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
QUOTING = {"flows/script/casual_words.py", "flows/script/grammar.py"}
"""They look for names of the owner's, each through `re.escape`, and for the words of our own kinds."""
MAKERS = {"flows/compiling.py", "flows/records.py"}
"""They write code for the field names of our own records, at import."""
PROGRAMS = {"eval", "exec", "compile", "__import__"}


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, bool]]:
    """Every call, and whether it is made once, while the module is imported."""
    inner = {id(node) for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) for node in ast.walk(one)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, id(node) not in inner


def is_fixed(pattern: ast.expr) -> bool:
    """Whether it is written in the source: a literal, a constant, or put together of these."""
    match pattern:
        case ast.Constant():
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
        case ast.JoinedStr(values=parts):
            return all(is_fixed(part.value if isinstance(part, ast.FormattedValue) else part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return is_fixed(left) and is_fixed(right)
    return False


def bent(tree: ast.Module) -> list[int]:
    """The lines on which a pattern is made of something that is not in the source."""
    return [
        call.lineno
        for call, at_import in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr in PATTERNS
        and not at_import
        and not is_fixed(call.args[0])
    ]


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Every module of the product, read."""
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}


def test_no_pattern_is_made_of_words_from_outside(trees: dict[str, ast.Module]) -> None:
    """A pattern of an owner's could take for ever; so nobody's is evaluated."""
    found = {name: lines for name, tree in trees.items() if name not in QUOTING and (lines := bent(tree))}
    assert found == {}


@pytest.mark.parametrize("name", [*PATTERNS_OF_OTHERS, ".", "a|b", "\\\\", "["])
def test_a_tag_of_any_name_is_looked_for_as_it_is_written(name: str) -> None:
    """A tag called 「.」 is not everybody's."""
    pattern = re.compile(casual_words._spelled(name))
    assert pattern.fullmatch(name) or pattern.fullmatch(narrow(name))
    assert not pattern.fullmatch("x" * 30)


def test_a_pattern_from_outside_would_be_seen() -> None:
    """The look at the source sees what it looks for."""
    assert bent(ast.parse("def find(words):\n    return re.search(words, 'x')")) == [2]
    assert bent(ast.parse("def find(words):\n    return re.search(f'a{words}', 'x')")) == [2]
    assert bent(ast.parse("def find(words):\n    return re.search(r'a+', words)")) == []


def test_no_program_is_made_of_words_from_outside(trees: dict[str, ast.Module]) -> None:
    """Only what our own field names make is ever run."""
    for name, tree in trees.items():
        called = {call.func.id for call, _ in calls(tree) if isinstance(call.func, ast.Name)}
        assert called & PROGRAMS <= ({"exec"} if name in MAKERS else set()), name
