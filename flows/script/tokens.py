"""What a kind's notation found in a text, part by part: the `Parts` that its `read` is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lark import Token

from flows.notation import LARGEST
from flows.script.durations import duration_of
from flows.script.folding import Folded
from flows.script.grammar import name_of, number_of, own_terminals
from flows.script.problems import Misread


class Tokens:
    """The tokens of one form of one kind."""

    def __init__(self, tokens: Sequence[Token], text: Folded, kind: str) -> None:
        own = own_terminals(kind)
        self._text = text
        self._tokens = [(token.type.removeprefix(own), token) for token in tokens]

    def has(self, terminal: str) -> bool:
        return self.token(terminal) is not None

    def word(self, terminal: str, among: Sequence[str] = ()) -> str:
        token = self.token(terminal)
        word = "" if token is None else token.value.replace(" ", "")
        if token is not None and among and word not in among:
            raise Misread(f"ここに「{word}」は使えません。", token.start_pos or 0, expected=tuple(map(str, among)))
        return word

    def name(self, terminal: str = "NAME", *, nth: int = 0, what: str = "名前") -> str:
        token = self.token(terminal, nth)
        return "" if token is None else name_of(token, self._text, what)

    def known(self, what: str, terminal: str = "QUOTED") -> str:
        return self.name(terminal, what=f"{what}の名前")

    def inside(self, terminal: str) -> str:
        token = self.token(terminal)
        start, end = (token.start_pos or 0, token.end_pos or 0) if token is not None else (0, 0)
        return " ".join(self._text.original(start + 1, end - 1).split())

    def number(self, what: str, *, least: int = 0, most: int = LARGEST, terminal: str = "NUMBER") -> int:
        token = self.token(terminal)
        if token is None:
            return 0
        digits = token.update(value="".join(letter for letter in token.value if letter.isdecimal()))
        return number_of(digits, what, least=least, most=most)

    def duration(self) -> tuple[timedelta, str]:
        token = self.token("DURATION")
        assert token is not None, self._text
        return duration_of(token)

    def token(self, terminal: str, nth: int = 0) -> Token | None:
        """The nth token of this terminal, counted from 0."""
        found = [token for type_, token in self._tokens if type_ == terminal]
        return found[nth] if nth < len(found) else None
