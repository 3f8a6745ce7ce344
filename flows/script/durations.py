"""How long: `2日`, `60分`. Used by 待つ and by triggers that wait for what does not happen."""

from __future__ import annotations

import re
from datetime import timedelta

from lark import Token

from flows.script.grammar import number_of

_SECONDS = {"秒": 1, "分": 60, "時間": 3_600, "日": 86_400, "週間": 604_800}
_MOST = {"秒": 86_400, "分": 44_640, "時間": 8_784, "日": 366, "週間": 52}
_PARTS = re.compile(r"([0-9]+) ?(秒|分|時間|日|週間)(?:間)?")


def duration_of(token: Token) -> tuple[timedelta, str]:
    """The length of a DURATION, and its words in normal form."""
    found = _PARTS.fullmatch(token.value)
    assert found is not None, token.value
    digits, unit = found.groups()
    count = number_of(Token("NUMBER", digits, start_pos=token.start_pos), f"{unit}の数", least=1, most=_MOST[unit])
    return timedelta(seconds=count * _SECONDS[unit]), f"{count}{unit}"
