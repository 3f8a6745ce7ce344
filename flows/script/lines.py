"""Every line of a script has exactly one kind, told from the line alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from flows.questions import QUESTIONS
from flows.script.folding import Folded, folded


class Kind(Enum):
    """What a line is."""

    BLANK = auto()
    TEXT = auto()
    HEAD = auto()
    PATH = auto()
    PART = auto()
    STEP = auto()
    FINALLY = auto()
    SETTING = auto()
    NEXT = auto()
    MEDIA = auto()
    CARD = auto()
    RICH = auto()
    QUESTION = auto()
    CHOICE = auto()
    EFFECT = auto()
    WAIT = auto()
    IF = auto()
    ELSE = auto()
    UNKNOWN = auto()
    END = auto()
    SPLIT = auto()
    VARIANT = auto()
    ODD = auto()
    """Looks like a marker and is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its number (from 1), what it is, its marker's word, and what stands behind the marker."""

    number: int
    kind: Kind
    text: str
    """The line as written; of a line of text, what is sent."""
    word: str = ""
    value: Folded
    fold: Folded


SCENARIO, SURVEY = "シナリオ", "アンケート"
SETTINGS = (
    *(
        "目的",
        "開始",
        "基準日",
        "ゴール",
        "終わったら",
        "再追加",
        "再開始",
        "時間帯",
        "遅れたら",
        "上限",
        "期間",
        "確認",
    ),
    "起点",
)
NEAR_MISSES = ("ちがえば", "不明なら")

_SLASHES = re.compile(r"[\\＼]+")
_ARROW = re.compile(r"(?:→|⇒|➡|->)")
_DASHES = {"-": 1, "－": 1, "−": 1, "‐": 1, "‑": 1, "–": 1, "—": 2, "―": 2}
_KINDS = "|".join(re.escape(kind.title) for kind in QUESTIONS)
_MARKERS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.HEAD,
        re.compile(
            rf"# ?(?P<word>{SCENARIO}|{SURVEY})(?= |「)(?P<value>.*)|# (?P<word2>{SCENARIO}|{SURVEY})(?P<value2>)$"
        ),
    ),
    (Kind.PATH, re.compile(r"# ?(?P<word>道)(?= |「)(?P<value>.*)|# (?P<word2>道)(?P<value2>)$")),
    (Kind.PART, re.compile(r"# ?(?P<word>つづき) (?P<value>.*)")),
    (Kind.TEXT, re.compile(r"#{3,}$")),
    (Kind.FINALLY, re.compile(r"## ?(?P<value>最後に)$")),
    (Kind.STEP, re.compile(r"##(?!#)(?P<value>.*)")),
    (Kind.ODD, re.compile(r"#$|#+ .*")),
    (Kind.SETTING, re.compile(rf"(?P<word>{'|'.join(SETTINGS)}) ?:(?P<value>.*)")),
    (Kind.WAIT, re.compile(r"待つ ?:(?P<value>.*)")),
    (Kind.IF, re.compile(r"もし ?:(?P<value>.*)")),
    (Kind.ELSE, re.compile(r"ちがえば ?:(?P<value>.*)")),
    (Kind.UNKNOWN, re.compile(r"不明なら ?:(?P<value>.*)")),
    (Kind.END, re.compile(r"おわり(?P<value>)$")),
    (Kind.ODD, re.compile("|".join(f"{word}$" for word in NEAR_MISSES))),
    (Kind.SPLIT, re.compile(r"[Aa][Bb] ?:(?P<value>.*)")),
    (Kind.VARIANT, re.compile(r"案 ?(?P<word>[A-Za-z]) ?:(?P<value>.*)")),
    (Kind.CARD, re.compile(r"! ?カード(?= |$)(?P<value>.*)")),
    (Kind.RICH, re.compile(r"! ?リッチ(?:メッセージ)?(?= |$)(?P<value>.*)")),
    (Kind.ODD, re.compile(r"! ?(?:カード ?[(:「].*|カルーセル(?:$| .*))")),
    (Kind.MEDIA, re.compile(r"! ?(?P<word>)(?P<value>\[.*\] ?\(.*\))$")),
    (Kind.MEDIA, re.compile(r"! ?(?P<word>動画|音声|スタンプ) ?(?P<value>\(.*\))$")),
    (Kind.ODD, re.compile(r"!\[.*|! ?(?:動画|音声|スタンプ|写真|画像) ?\(.*|!\w+\((?:https?:|media:).*")),
    (Kind.QUESTION, re.compile(r"\? (?P<value>.*)")),
    (Kind.QUESTION, re.compile(rf"\?(?P<value>(?:「[^「」]*」|[^()「」 ]+) ?\((?:{_KINDS})(?: ?[、,].*)?\))$")),
    (Kind.ODD, re.compile(r"-$|\?(?=[^()? ]+\((?:一つ|ひとつ|複数|選択|テキスト|数値)\)$).*")),
    (Kind.CHOICE, re.compile(r"[-ー] (?P<value>.*)")),
    (Kind.TEXT, re.compile(r"-[->].*")),
    (Kind.CHOICE, re.compile(r"-(?P<value>.*)")),
    (Kind.EFFECT, re.compile(r"=(?!=)(?P<value>.*)")),
)


def classify(text: str, number: int = 0) -> Line:
    """What a line is. A line of text that a leading backslash protects comes without it."""
    fold = folded(text)
    if not fold.text:
        return Line(number=number, kind=Kind.BLANK, text="", value=fold, fold=fold)
    unescaped = _unescaped(text, fold)
    if unescaped is not None:
        return Line(number=number, kind=Kind.TEXT, text=unescaped, value=fold, fold=fold)
    if (dashes := _dashes(text)) is not None:
        return Line(number=number, kind=dashes, text=text, value=fold, fold=fold)
    return _marked(text, fold, number) or Line(number=number, kind=Kind.TEXT, text=text, value=fold, fold=fold)


def protected(text: str) -> str:
    """A line of message text as a script holds it: with a backslash where it would be read as something else."""
    line = classify(text)
    plain = line.kind is Kind.BLANK or (line.kind is Kind.TEXT and line.text == text)
    return text if plain else f"\\{text}"


def arrow(text: str, start: int = 0) -> re.Match[str] | None:
    """The first arrow that no backslash protects."""
    return next((found for found in _ARROW.finditer(text, start) if not _is_protected(text, found.start())), None)


def _is_protected(text: str, place: int) -> bool:
    before = text[:place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _marked(text: str, fold: Folded, number: int) -> Line | None:
    for kind, pattern in _MARKERS:
        found = pattern.match(fold.text)
        if found is None or (kind is Kind.CHOICE and not _is_choice(fold.text)):
            continue
        groups = found.groupdict()
        word = groups.get("word") or groups.get("word2") or ""
        value = next(
            (fold.part(*found.span(name)) for name in ("value", "value2") if groups.get(name) is not None), fold
        )
        return Line(number=number, kind=kind, text=text, word=word, value=value, fold=fold)
    return None


def _is_choice(line: str) -> bool:
    """A hyphen with a blank behind it, or else with an arrow in the line."""
    return line[1:2] == " " or (line[0] == "-" and arrow(line, 1) is not None)


def _dashes(text: str) -> Kind | None:
    """Three hyphens, as a phone makes them, are the next bubble; one or two look like it; more are decoration."""
    stripped = text.strip()
    if any(letter not in _DASHES for letter in stripped):
        return None
    weight = sum(_DASHES[letter] for letter in stripped)
    if weight == 3:
        return Kind.NEXT
    return Kind.TEXT if weight > 3 else Kind.ODD


def _unescaped(text: str, fold: Folded) -> str | None:
    """What a leading backslash protects, None if it protects nothing and is itself. ＼…／ is decoration."""
    start = len(text) - len(text.lstrip())
    slashes = _SLASHES.match(text, start)
    if slashes is None or ("＼" in slashes[0] and fold.text.endswith("/")):
        return None
    line = classify(text[:start] + text[slashes.end() :])
    return None if line.kind in {Kind.BLANK, Kind.TEXT} else text[:start] + text[start + 1 :]
