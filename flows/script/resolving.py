"""Which thing a name in a condition means: a known name wins, two readings are asked about, an unknown one is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lark import Token

from flows.conditions import BuiltInFilled, BuiltInIs, Condition, FieldFilled, FieldIs, Named, Tagged
from flows.conditions.built_in import reading
from flows.conditions.compare import Comparison
from flows.names import Key, fold, narrow
from flows.quoting import quoted
from flows.script.folding import Folded
from flows.script.grammar import name_of
from flows.script.known import BUILT_IN_FIELDS, Known
from flows.script.problems import Misread, near

_ENDINGS = ("あり", "なし")
_BUILT_IN = {fold(name): name for name in BUILT_IN_FIELDS}
_COMPARED = {
    "名前": ("「名前」は = か ≠ で比べます。", "名前=さくら"),
    "登録": ("「登録」は日数か、年からの日付で比べます。", "登録3日以上、登録>=2026/12/1"),
    "経路": ("「経路」は = で比べます。", "全員 除外 経路=Instagram"),
    "予約": ("「予約」は年からの日付で比べます。", "予約=2026/12/1"),
    "来店": ("「来店」は回数か、最後の日を年からの日付で比べます。", "来店>=3、来店>=2026/12/1"),
    "購入": ("「購入」は回数か、最後の日を年からの日付で比べます。", "購入>=1、購入>=2026/12/1"),
}
_OPERATORS = re.compile("(かつ|または|除外)")
_HINTS = {
    "反応率": "反応率50%以上（直近5回）",
    "開封率": "反応率50%以上（直近5回）",
    "上位": "上位20人、スコア「美容」上位20人",
    "今週": "今週登録",
    "今月": "今月登録",
}
"""How terms go on whose beginning somebody may take for the whole."""
_SHOWN = 6
"""So many names are shown where none is like the one that was written."""
_TIMES = re.compile("([0-9]+) ?回")


class Resolver:
    """Looks names up among the known ones, for one text."""

    def __init__(self, text: Folded, names: Known) -> None:
        self._text, self._names = text, names

    def bare(self, token: Token) -> Condition:
        """A name by itself: a tag or a saved segment, or else a known name with あり or なし behind it."""
        name = name_of(token, self._text)
        if found := self._labelled(name, token):
            return found
        for ending in _ENDINGS:
            stem = name.removesuffix(ending)
            if stem and stem != name and not token.value.startswith("「") and self._is_known(stem):
                return self._having(stem, token, absent=ending == "なし")
        raise self._unknown(name, token)

    def having(self, token: Token, ending: Token) -> Condition:
        """A name with あり or なし behind it, apart from it or behind its quotes."""
        name = name_of(token, self._text)
        whole = f"{name}{ending.value}"
        if not token.value.startswith("「") and not self._is_known(name) and fold(whole) in self._names.tags:
            return Tagged(name=whole)
        if not self._is_known(name):
            raise self._unknown(name, token)
        return self._having(name, _joined(token, ending), absent=ending.value == "なし")

    def filled(self, token: Token, ending: Token | None) -> Condition:
        """A field by name, `項目 体験会あり`."""
        if ending is None:
            written = next((one for one in _ENDINGS if token.value.endswith(one) and token.value != one), "")
            if not written or token.value.startswith("「"):
                raise Misread(
                    "「項目」のあとは、名前と「あり」か「なし」です。", token.start_pos or 0, example="項目 体験会あり"
                )
            stem = token.update(value=token.value.removesuffix(written))
            stem.end_pos = (token.end_pos or 0) - len(written)
            return self._filled(self.field(stem), absent=written == "なし", explicit=True)
        return self._filled(self.field(token), absent=ending.value == "なし", explicit=True)

    def compared(self, token: Token, op: Comparison, value: Token) -> Condition:
        """`来店>=3`, `興味=美容`: what is known of everybody, or one of the owner's fields."""
        field, wanted = self.field(token), name_of(value, self._text)
        if fold(field) not in _BUILT_IN:
            return FieldIs(field=field, op=op, value=wanted)
        wanted = wanted if field == "名前" else _TIMES.sub(r"\1", narrow(wanted))
        if reading(field, op, wanted) is None:
            words, example = _COMPARED[field]
            raise Misread(words, token.start_pos or 0, example=example)
        return BuiltInIs(name=field, op=op, value=wanted)

    def tag(self, token: Token) -> str:
        return self._one_of(token, self._names.tags, "タグ")

    def segment(self, token: Token) -> str:
        return self._one_of(token, self._names.segments, "保存した絞り込み")

    def known(self, what: str, token: Token) -> str:
        """A name that a term brings with it: of a スコア or a シナリオ."""
        return self._one_of(token, self._names.scores if what == "スコア" else self._names.scenarios, what)

    def field(self, token: Token) -> str:
        if built_in := _BUILT_IN.get(fold(token.value.strip("「」"))):
            return built_in
        return self._one_of(token, self._names.fields, "項目")

    def _filled(self, name: str, *, absent: bool, explicit: bool = False) -> Condition:
        if built_in := _BUILT_IN.get(fold(name)):
            return BuiltInFilled(name=built_in, absent=absent, explicit=explicit)
        return FieldFilled(field=name, absent=absent, explicit=explicit)

    def _labelled(self, name: str, token: Token) -> Condition | None:
        key = fold(name)
        tag, segment = key in self._names.tags, key in self._names.segments
        if tag and segment:
            raise self._doubt(name, token, (f"タグ {quoted(name)}", f"対象 {quoted(name)}"))
        if tag:
            return Tagged(name=name)
        return Named(name=name, bare=True) if segment else None

    def _having(self, name: str, token: Token, *, absent: bool) -> Condition:
        key, ending = fold(name), "なし" if absent else "あり"
        tag, segment, field = (key in known for known in (self._names.tags, self._names.segments, self._fields))
        if fold(f"{name}{ending}") in self._names.tags:
            inverse = f"全員 除外 {quoted(name)}" if absent else quoted(name)
            raise self._doubt(f"{name}{ending}", token, (f"タグ {name}{ending}", inverse))
        if tag + segment + field > 1:
            prefix = "全員 除外 " if absent else ""
            labels = [f"{prefix}{word} {quoted(name)}" for word, there in (("タグ", tag), ("対象", segment)) if there]
            raise self._doubt(f"{name}{ending}", token, (*labels, *([f"項目 {quoted(name)}{ending}"] if field else [])))
        if tag:
            return Tagged(name=name, absent=absent, spelling="lacks" if absent else "has")
        if segment:
            return Named(name=name, absent=True) if absent else Named(name=name, bare=True)
        return self._filled(name, absent=absent)

    @property
    def _fields(self) -> Mapping[Key, str]:
        return {**self._names.fields, **_BUILT_IN}

    def _is_known(self, name: str) -> bool:
        key = fold(name)
        return any(key in known for known in (self._names.tags, self._names.segments, self._fields))

    def _one_of(self, token: Token, known: Mapping[Key, str], what: str) -> str:
        name = name_of(token, self._text, f"{what}の名前")
        if fold(name) not in known:
            nearest = near(name, list(known.values()))
            right = f"「{nearest}」" if token.value.startswith("「") else quoted(nearest)
            mends = [(f"「{nearest}」に直す", self._with(token, right))] if nearest else []
            raise Misread(f"{what}「{name}」はありません。", token.start_pos or 0, nearest=nearest, instead=mends)
        return name

    def _unknown(self, name: str, token: Token) -> Misread:
        """An unknown bare word, with the nearest reading: its operators parted by blanks, or a name like it."""
        at = token.start_pos or 0
        parts = [part for part in _OPERATORS.split(name) if part]
        parted = " ".join(parts)
        if len(parts) > 2 and all(
            part == "全員" or _OPERATORS.fullmatch(part) or self._is_known(part) for part in parts
        ):
            words = f"「{name}」というタグや絞り込みはありません。「かつ」などの前後は空けて書きます。"
            return Misread(words, at, nearest=parted, instead=[("そう直す", self._with(token, parted))])
        if built_in := _BUILT_IN.get(fold(name)):
            words = f"「{name}」は、比べるか、あり・なしを付けて書きます。"
            return Misread(words, at, expected=(_COMPARED[built_in][1], f"{built_in}あり", f"{built_in}なし"))
        if fold(name) in self._names.fields:
            words = f"「{name}」は項目です。値といっしょに書いてください。"
            return Misread(words, at, expected=(f"{name}=値", f"{name}あり", f"{name}なし"))
        labels = [*self._names.tags.values(), *self._names.segments.values()]
        nearest = near(name, labels) or (parted if len(parts) > 2 else "")
        mends = [(f"「{nearest}」に直す", self._with(token, quoted(nearest)))] if nearest in labels else []
        if example := next((words for head, words in _HINTS.items() if name.startswith(head)), ""):
            return Misread(f"「{name}」は、条件として最後まで書かれていません。", at, example=example)
        there = () if nearest else tuple(map(quoted, labels[:_SHOWN]))
        return Misread(
            f"「{name}」というタグや絞り込みはありません。", at, nearest=nearest, expected=there, instead=mends
        )

    def _doubt(self, name: str, token: Token, readings: tuple[str, ...]) -> Misread:
        mends = [(reading, self._with(token, reading)) for reading in readings]
        return Misread(
            f"「{name}」は{len(readings)}とおりに読めます。", token.start_pos or 0, readings=readings, instead=mends
        )

    def _with(self, token: Token, words: str) -> str:
        """The whole text with other words in this name's place."""
        start, end = token.start_pos or 0, token.end_pos or 0
        source, at = self._text.source, self._text.at
        return f"{source[at[0] : at[start]]}{words}{source[at[end] : at[len(self._text.text)]]}".strip()


def _joined(name: Token, ending: Token) -> Token:
    """Both as one stretch of the text."""
    whole = name.update(value=f"{name.value}{ending.value}")
    whole.end_pos = ending.end_pos
    return whole
