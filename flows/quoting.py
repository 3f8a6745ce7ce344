"""When a name needs 「 」 in a script: the characters and words that would be read as something else."""

from __future__ import annotations

import re

from flows.names import narrow

RESERVED = frozenset({"かつ", "または", "除外", "全員", "反応なし", "回答あり", "基準日", "スコア"})
_SPECIAL = re.compile(r"[\s（）()「」\[\]{}=≠≧≦≥≤<>!、,→※|]")
_LIKE_TERM = re.compile(
    r"タグ|対象|項目|(?:スコア|登録)\s*[0-9].*|.+(?:を含む|で始まる)"
    r"|(?:反応率|開封率)が?\s*[0-9].*|の?上位\s*[0-9]+\s*[人名].*|[Tt][Oo][Pp]\s*[0-9]+"
    r"|(?:今日|昨日|今週|先週|今月|先月|今年)(?:に|の)?\s*(?:登録|友だち追加|追加)"
)
_LIKE_POINTS = re.compile(r"[+\-][0-9]+点?$")


def quoted(name: str, *, before_points: bool = False) -> str:
    """The name as a script writes it: bare where that reads back as the same name, else in 「 」."""
    plain = narrow(name)
    needs = (
        plain in RESERVED
        or _SPECIAL.search(plain)
        or _LIKE_POINTS.search(plain)
        or _LIKE_TERM.fullmatch(plain)
        or (before_points and re.search(r"[+\-]", plain))
    )
    return f"「{name}」" if needs else name
