"""The words of a condition as people say it, each with what it is in the real grammar: 「以外」, 「５点より多い」."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from flows.names import Key, fold, narrow
from flows.quoting import quoted
from flows.script.known import Known


class Sort(Enum):
    """What a word does in a sentence."""

    TERM, AND, OR, EITHER, LOOSE, NOT, LESS, OPEN, CLOSE, UNKNOWN = range(10)


_JOINTS: tuple[tuple[str, Sort], ...] = (
    (r"なおかつ|でかつ|かつ|and(?![a-z])|AND|&", Sort.AND),
    (r"または|もしくは|あるいは|又は|or(?![a-z])|OR|/|\|", Sort.OR),
    (r"か(?!つ)|や", Sort.EITHER),
    (
        r"(?:の|な)?(?:人|方|友だち)?(?:以外|を除いた|を除いて|を除く|は除く|除く|じゃない|ではない|でない|抜き)(?:人|方|友だち|の)?",
        Sort.NOT,
    ),
    (r"除外", Sort.LESS),
    (r"(?:人|方|友だち)?(?:で|の)", Sort.AND),
    (r"、|,|と", Sort.LOOSE),
    (r"\(", Sort.OPEN),
    (r"\)", Sort.CLOSE),
)

_Says = Callable[[re.Match[str]], str]
_Way = tuple[re.Pattern[str], _Says]
"""How something may be written, and what it is in the real grammar."""

_BOUNDS = {
    "以上": "以上|から",
    "超": "超|より多い|より大きい|より上|より高い|を超える|を超えた|越え|超え",
    "以下": "以下|まで",
    "未満": "未満|より少ない|より小さい|より下|より低い|に満たない",
    "以内": "以内",
}
_BOUND = "(?P<bound>" + "|".join(sorted("|".join(_BOUNDS.values()).split("|"), key=len, reverse=True)) + ")"
_DAYS = {"日": 1, "週間": 7, "か月": 30, "ヶ月": 30, "ヵ月": 30, "カ月": 30, "ケ月": 30, "年": 365}
_SPAN = rf"(?P<n>[0-9]+) ?(?P<unit>{'|'.join(_DAYS)})(?:間)?"


def _bound(found: re.Match[str]) -> str:
    return next(bound for bound, ways in _BOUNDS.items() if found["bound"] in ways.split("|"))


def _since_joining(found: re.Match[str]) -> str:
    days = int(found["n"]) * _DAYS[found["unit"]]
    bound = "以上" if found["passed"] else _bound(found)
    return f"登録{days}日{'以内' if bound == '以下' else bound}"


def _days_without(what: str) -> _Says:
    return lambda found: f"{what}なし（{int(found['n']) * _DAYS[found['unit']]}日）"


_ALONE = 4
_NO_BEGINNING = "んっゃゅょぁぃぅぇぉンッャュョァィゥェォー々"
_REACHED = {"に反応なし": "に無反応", "を受け取った": "の受信者", "が届いた": "の受信者"}
_TERMS: tuple[tuple[str, _Says], ...] = (
    (
        rf"(?:スコア|点数|ポイント) ?(?P<of>「[^「」]*」)?(?:が|は)? ?(?P<n>[0-9]+) ?点? ?{_BOUND}",
        lambda found: f"スコア{found['of'] or ''}{found['n']}{_bound(found)}",
    ),
    (rf"(?P<n>[0-9]+) ?点 ?{_BOUND}", lambda found: f"スコア{found['n']}{_bound(found)}"),
    (
        rf"(?:登録|追加|友だち追加)(?:から|して|してから|後|が)? ?{_SPAN} ?(?:(?P<passed>た?って?い?る|たった|経った|経過した?)|{_BOUND})",
        _since_joining,
    ),
    (
        r"(?P<when>今日|昨日|今週|先週|今月|先月|今年)(?:に|の)? ?(?:登録|追加|友だち追加)(?:した)?",
        lambda found: f"{found['when']}登録",
    ),
    (
        rf"(?:反応率|開封率)(?:が|は)? ?(?P<n>[0-9]+ ?(?:%|割|パーセント)) ?{_BOUND}(?P<last> ?\([^()]*\))?",
        lambda found: f"反応率{found['n']}{_bound(found)}{found['last'] or ''}",
    ),
    (rf"{_SPAN}(?:以上)? ?(?:反応|返事|返信)(?:が|も)? ?(?:なし|ない|無し|無い)", _days_without("反応")),
    (rf"(?:反応|返事|返信)(?:が|も)? ?{_SPAN}(?:以上)? ?(?:なし|ない|無し|無い)", _days_without("反応")),
    (rf"{_SPAN}(?:以上)? ?(?:購入|買い物)(?:が|も)? ?(?:なし|ない|無し|していない)", _days_without("購入")),
    (
        r"(?P<of>スコア ?(?:「[^「」]*」)?の? ?)?(?:上位|トップ|ベスト) ?(?P<n>[0-9]+)(?: ?(?:人|名|位))?",
        lambda found: f"{found['of'] or ''}上位{found['n']}人",
    ),
    (
        r"(?P<what>来店|購入)(?:が|は)? ?(?P<n>[0-9]+) ?回 ?(?P<bound>以上|以下|未満|超)",
        lambda found: (
            f"{found['what']}{ {'以上': '>=', '以下': '<=', '未満': '<', '超': '>'}[found['bound']] }{found['n']}"
        ),
    ),
    (
        r"(?P<link>\[[^\[\]]+\])を? ?(?P<how>押した|押していない|押してない)(?P<last> ?\([0-9]+日以内\))?",
        lambda found: f"{found['link']}を{found['how'].replace('してない', 'していない')}{found['last'] or ''}",
    ),
    (
        r"配信(?P<of>「[^「」]+」)(?P<how>の受信者|に反応した|に無反応|に反応なし|を受け取った|が届いた)",
        lambda found: f"配信{found['of']}{_REACHED.get(found['how'], found['how'])}",
    ),
    (
        r"シナリオ(?P<of>「[^「」]+」)の?(?P<how>途中|中|済み?|終わり)",
        lambda found: f"シナリオ{found['of']}{'中' if '中' in found['how'] else '済'}",
    ),
    (r"全員|みんな|みなさん|皆さん|全部|すべて|全ての?友だち", lambda _: "全員"),
)
_VALUE = r" ?(?:が|は|:|=) ?(?P<value>「[^「」]*」|[^\s()、,]+?)(?=で|か|の|、|,| |\(|\)|または|かつ|以外|$)"
_HAS = r"(?:の?タグ)?(?:があり|がある|あり|が付いた|がついた|が付いている|がついている|付き|つき)"
_LACKS = r"(?:の?タグ)?(?:がない|なし|無し|がなし|が付いていない|がついていない|が付いてない|がついてない)"


@dataclass(frozen=True, slots=True)
class Token:
    """A word; what it is in the real grammar, or of an unknown stretch what was written."""

    sort: Sort
    words: str


class _Best(NamedTuple):
    """The best way from a place to the end: what stays unknown, how many words it takes, and the first of them."""

    lost: int
    words: int
    end: int
    token: Token | None = None


def tokens_of(text: str, names: Known) -> list[Token]:
    """The words of a text, so that as little as possible stays unknown."""
    size, ways = len(text), list(_labels(text, names))
    best = [_Best(0, 0, size)] * (size + 1)
    for place in range(size - 1, -1, -1):
        known = (_Best(best[end].lost, best[end].words + 1, end, token) for end, token in _at(text, place, ways))
        best[place] = min((*known, *_unknown(text, place, best)), key=lambda one: one[:2])
    found, place = list[Token](), 0
    while (token := best[place].token) is not None:
        found.append(token)
        place = best[place].end
    return found


def _unknown(text: str, place: int, best: list[_Best]) -> Iterator[_Best]:
    """Stretches of letters that nothing is called. One alone costs more than four together, and what no word
    begins with as much again: とんかち is no と and んかち."""
    for end in range(place + 1, len(text) + 1):
        behind = best[end].token
        if behind is None or behind.sort is not Sort.UNKNOWN:
            cost = (end - place if end > place + 1 else _ALONE) + (_ALONE if text[place] in _NO_BEGINNING else 0)
            yield _Best(best[end].lost + cost, best[end].words + 1, end, Token(Sort.UNKNOWN, text[place:end]))


def _at(text: str, place: int, ways: list[_Way]) -> Iterator[tuple[int, Token]]:
    """What may begin here, and where it ends."""
    if text[place] == " ":
        yield place + 1, Token(Sort.LOOSE, " ")
        return
    for pattern, said in (*_COMPILED, *ways):
        if found := pattern.match(text, place):
            yield found.end(), Token(Sort.TERM, said(found))
    for pattern, sort in _JOINED:
        if found := pattern.match(text, place):
            yield found.end(), Token(sort, found[0])


def _labels(text: str, names: Known) -> Iterator[_Way]:
    """How the known names that occur in a text may be written."""
    key = fold(text)
    for name in _occurring(key, {**names.tags, **names.segments}):
        there, words = _spelled(name), quoted(name)
        yield _way(f"(?:タグ ?)?{there}(?:{_HAS})?", _says(words))
        yield _way(f"(?:タグ ?)?{there}{_LACKS}", _says(f"{words}なし"))
    for name in _occurring(key, names.fields):
        there, words = _spelled(name), quoted(name)
        yield _way(there + _VALUE, _compares(words))
        yield _way(f"{there}{_HAS}", _says(f"{words}あり"))
        yield _way(f"{there}{_LACKS}", _says(f"{words}なし"))
    for name in _occurring(key, names.scores):
        yield _way(rf"{_spelled(name)}(?:が|は|の?スコアが?)? ?(?P<n>[0-9]+) ?点? ?{_BOUND}", _scores(name))


def _occurring(key: Key, names: Mapping[Key, str]) -> list[str]:
    return [name for one, name in names.items() if one in key]


def _way(pattern: str, says: _Says) -> _Way:
    return re.compile(pattern, re.IGNORECASE), says


def _says(words: str) -> _Says:
    return lambda _: words


def _compares(field: str) -> _Says:
    return lambda found: f"{field}={found['value']}"


def _scores(name: str) -> _Says:
    return lambda found: f"スコア「{name}」{found['n']}{_bound(found)}"


def _spelled(name: str) -> str:
    either = "|".join(dict.fromkeys((re.escape(narrow(name)), re.escape(fold(name)))))
    return f"「?(?:{either})」?"


_COMPILED = [_way(pattern, said) for pattern, said in _TERMS]
_JOINED = [(re.compile(pattern), sort) for pattern, sort in _JOINTS]
