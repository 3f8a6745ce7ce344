"""Conditions as a tired owner types them: 「女性で20代か30代」, 「予約済以外」, 「スコア５より多い」, a bracket forgotten.

Nothing is decided here. What such words probably mean is written in the real grammar and offered, to be tapped or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flows.conditions import AllOf, AnyOf, Condition, Everyone, Except
from flows.notation import NAME_LETTER
from flows.quoting import quoted
from flows.script.casual_words import Sort, Token, tokens_of
from flows.script.known import Known, alike
from flows.script.problems import Misread

Read = Callable[[str], Condition]
"""Reads words of the real grammar. Raises Misread."""

LONGEST = 200
_STRANGERS = 3
"""With more unknown words than that it is no condition."""
_END = r"(?:(?:に|へ)?(?:だけ)?(?:の|な|している|した)? ?(?:人|ひと|方|かた|友だち|お客様|お客さん)(?:だけ)?(?:に|へ)?|だけ|に|へ)?[。.!]*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What was probably meant: readings in the real grammar, and words of it that nothing is called."""

    readings: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    nearest: str = ""


def guess(text: str, names: Known, read: Read) -> Guess:
    """What these (folded) words probably mean; nothing where they make no sense."""
    plain = re.sub(_END, "", text) or text
    if len(plain) > LONGEST:
        return Guess()
    tokens = _balanced(_joined(_values_too(tokens_of(plain, names))))
    unknown = tuple(token.words for token in tokens if token.sort is Sort.UNKNOWN)
    if not unknown:
        return Guess(readings=tuple(dict.fromkeys(_readings(tokens, read))))
    names_like = all(re.fullmatch(f"{NAME_LETTER}+", one) for one in unknown)
    if all(token.sort is not Sort.TERM for token in tokens) or len(unknown) > _STRANGERS or not names_like:
        return Guess()
    labels = [*names.tags.values(), *names.segments.values()]
    nearest = alike(unknown[0], labels, cutoff=0.6) if len(unknown) == 1 else ""
    mended = [Token(Sort.TERM, quoted(nearest)) if token.sort is Sort.UNKNOWN else token for token in tokens]
    readings = tuple(dict.fromkeys(_readings(mended, read))) if nearest else ()
    return Guess(readings=readings, unknown=unknown, nearest=nearest)


def _values_too(tokens: list[Token]) -> list[Token]:
    """「住まいが東京都か千葉県」: what nothing is called is another value of the same field."""
    found: list[Token] = []
    for token in tokens:
        field, compares, _ = found[-2].words.partition("=") if len(found) > 1 else ("", "", "")
        if token.sort is Sort.UNKNOWN and compares and found[-1].sort in {Sort.EITHER, Sort.OR}:
            found[-1] = Token(Sort.EITHER, found[-1].words)
            found.append(Token(Sort.TERM, f"{field}={quoted(token.words)}"))
        else:
            found.append(token)
    return found


def _balanced(tokens: list[Token]) -> list[Token]:
    """With the brackets that were forgotten: at the beginning, at the end."""
    depth = lowest = 0
    for token in tokens:
        depth += (token.sort is Sort.OPEN) - (token.sort is Sort.CLOSE)
        lowest = min(lowest, depth)
    return [*[Token(Sort.OPEN, "(")] * -lowest, *tokens, *[Token(Sort.CLOSE, ")")] * (depth - lowest)]


def _joined(tokens: list[Token]) -> list[Token]:
    """Without blanks that part nothing, and with かつ where two things stand side by side."""
    shown = [one for place, one in enumerate(tokens) if one.words != " " or _parts(tokens, place)]
    found: list[Token] = []
    for one in shown:
        if found and found[-1].sort in _ENDS and one.sort in _BEGINS:
            found.append(Token(Sort.AND, ""))
        found.append(one)
    return found


def _parts(tokens: list[Token], place: int) -> bool:
    around = tokens[place - 1 : place] + tokens[place + 1 : place + 2]
    return len(around) == 2 and around[0].sort in {Sort.TERM, Sort.CLOSE} and around[1].sort in _BEGINS


_ENDS = {Sort.TERM, Sort.CLOSE, Sort.NOT}
_BEGINS = {Sort.TERM, Sort.OPEN}


def _readings(tokens: list[Token], read: Read) -> Iterator[str]:
    """Where 、 or a blank may be かつ or または, both."""
    kinds = [Sort.AND, Sort.OR] if any(one.sort is Sort.LOOSE for one in tokens) else [Sort.AND]
    for kind in kinds:
        firm = [Token(kind if one.sort is Sort.LOOSE else one.sort, one.words) for one in tokens]
        try:
            yield _Sense(firm, read).whole().words()
        except (Misread, ValueError, IndexError):
            # No sense to be made of it this way: nothing is offered.
            continue


@dataclass(slots=True)
class _Sense:
    """Puts words together: か binds first, then で and かつ, then または, then 除外. Raises where that cannot be."""

    tokens: list[Token]
    read: Read
    at: int = 0
    nots: list[Condition] = field(default_factory=list)

    def whole(self) -> Condition:
        """All of it."""
        found = self._less()
        if self.at < len(self.tokens):
            raise ValueError(self.tokens[self.at].words)
        return found

    def _less(self) -> Condition:
        found = self._any()
        while self._next(Sort.LESS):
            found = Except(base=found, less=self._any())
        return found

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._next(Sort.OR):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else AnyOf(of=tuple(parts))

    def _all(self) -> Condition:
        outer, self.nots = self.nots, []
        parts = [self._either()]
        while self._next(Sort.AND):
            parts.append(self._either())
        there = [part for part in parts if part is not None]
        less, self.nots = self.nots, outer
        base = Everyone() if not there else there[0] if len(there) == 1 else AllOf(of=tuple(there))
        if not less:
            return base
        return Except(base=base, less=less[0] if len(less) == 1 else AnyOf(of=tuple(less)))

    def _either(self) -> Condition | None:
        parts = [self._unit()]
        while self._next(Sort.EITHER):
            parts.append(self._unit())
        found = parts[0] if len(parts) == 1 else AnyOf(of=tuple(parts))
        if self._next(Sort.NOT):
            if isinstance(found, Everyone):
                raise ValueError("nobody is left")
            self.nots.append(found)
            return None
        return found

    def _unit(self) -> Condition:
        if self._next(Sort.OPEN):
            found = self._less()
            if not self._next(Sort.CLOSE):
                raise ValueError(")")
            return found
        token = self.tokens[self.at]
        if token.sort is not Sort.TERM:
            raise ValueError(token.words)
        self.at += 1
        return self.read(token.words)

    def _next(self, sort: Sort) -> bool:
        there = self.at < len(self.tokens) and self.tokens[self.at].sort is sort
        self.at += there
        return there
