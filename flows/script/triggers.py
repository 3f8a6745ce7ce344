"""The grammar of `開始:`: what starts a scenario, and behind ※ for whom it counts."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from lark import Token, Tree

from flows.notation import DURATION
from flows.script.folding import Folded, folded
from flows.script.grammar import Kinds, assembled, parsed
from flows.script.problems import Misread, Problem, attempted, near, placed
from flows.script.tokens import Tokens
from flows.triggers import TRIGGERS, Trigger

_END = r"(?=[、,※]| (?!のあと)|$)"
_RULES = rf"""
    start: one (COMMA one)*
    one: trigger [ONLY_IF]
    trigger: @FORMS@
    ONLY_IF.9: /※(?:「[^「」]*」|\[[^\[\]]*\]|[^、,「])*/
    BOUND.8: /以上|未満|以下|超/
    DURATION.7: /{DURATION}/
    @WORDS@
"""
_SAID = {"COMMA": "、", "NAME": "名前", "BOUND": "以上・未満", "DURATION": "60分"}
_BY_KIND = {kind.kind: kind for kind in TRIGGERS}


def parse_trigger(text: str) -> tuple[Trigger, ...] | Problem:
    """The triggers of a list joined by 、; what stands behind a ※ is not read here."""
    return attempted(lambda: tuple(part.trigger for part in triggers(folded(text))))


class Part(NamedTuple):
    """One trigger, and the text of the condition behind its ※."""

    trigger: Trigger
    only_if: Folded | None


@placed
def triggers(text: Folded) -> tuple[Part, ...]:
    """Triggers joined by 、, each with its own ※. Raises Misread."""
    try:
        tree = parsed(_grammar().rules, text, said=_SAID | _grammar().said, what="開始", example="友だち追加")
    except Misread as misread:
        raise _explained(misread, text) from None
    return tuple(_part(child, text) for child in tree.children if isinstance(child, Tree))


def _part(tree: Tree[Token], text: Folded) -> Part:
    trigger, behind = tree.children
    assert isinstance(trigger, Tree), trigger
    tokens = [token for token in trigger.children if isinstance(token, Token)]
    kind = str(trigger.data)
    made = _BY_KIND[kind].read(Tokens(tokens, text, kind))
    if not isinstance(behind, Token):
        return Part(made, None)
    return Part(made, text.part((behind.start_pos or 0) + 1, behind.end_pos))


@cache
def _grammar() -> Kinds:
    return assembled(_RULES, TRIGGERS, _END)


def _explained(misread: Misread, text: Folded) -> Misread:
    if not misread.instead:
        misread.nearest = near(text.text[misread.at :].split("、")[0], _grammar().shown)
    return misread
