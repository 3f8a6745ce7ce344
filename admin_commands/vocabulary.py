"""Which command a line begins with: spelling, width, kana kind and okurigana make no difference."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flows.names import fold, narrow

if TYPE_CHECKING:
    from admin_commands.registry import Command

_KANJI = r"[\u3400-\u9fff々]"
_OKURIGANA = re.compile(rf"(?<={_KANJI})[ぁ-ん]+")
_TAIL = "。.!．！"
_NEAR = 0.6


def word_keys(word: str) -> tuple[str, ...]:
    """The keys under which a word is found: its folded spelling, and without okurigana if two kanji remain."""
    plain = fold(word.strip().lstrip("/／").rstrip(_TAIL))
    bare = _OKURIGANA.sub("", narrow(word).strip().lstrip("/").rstrip(_TAIL))
    if len(re.findall(_KANJI, bare)) < 2:
        return (plain,)
    return tuple(dict.fromkeys((plain, fold(bare))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Every word of every family, ready to be looked up."""

    commands: tuple[Command, ...]
    by_key: Mapping[str, Command] = field(default_factory=dict)

    def word(self, text: str) -> Command | None:
        """The command this text is exactly the word of."""
        return next((self.by_key[key] for key in word_keys(text) if key in self.by_key), None)

    def split(self, line: str) -> tuple[Command, str] | None:
        """The command a line begins with, and what follows the word. None: the line is no command."""
        head, rest = _head(line)
        command = self.word(head)
        return (command, rest.strip()) if command and head else None

    def near(self, text: str, limit: int = 2) -> tuple[Command, ...]:
        """The commands whose words look most like the first word of the text."""
        head, _ = _head(text)
        keys = [key for key, command in self.by_key.items() if not command.hidden]
        found = (difflib.get_close_matches(key, keys, n=limit, cutoff=_NEAR) for key in word_keys(head)[:1])
        return tuple(dict.fromkeys(self.by_key[key] for keys_ in found for key in keys_))


def vocabulary(commands: Iterable[Command]) -> Vocabulary:
    """The words of these commands. Two commands that share a spelling cannot be told apart: an error."""
    listed = tuple(commands)
    by_key: dict[str, Command] = {}
    for command in listed:
        for spelling in command.spellings:
            for key in word_keys(spelling):
                if by_key.setdefault(key, command) is not command:
                    raise ValueError(f"「{spelling}」 is the word of two commands")
    return Vocabulary(commands=listed, by_key=by_key)


def _head(line: str) -> tuple[str, str]:
    """The first word, and the rest. `@` begins the rest even without a blank."""
    match = re.match(r"\s*([^\s@＠]+)(.*)", line, re.DOTALL)
    return (match[1], match[2]) if match else ("", "")
