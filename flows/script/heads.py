"""The settings at the top of a script: once each, in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from flows.conditions import Condition
from flows.moments import Late
from flows.scenario import Purpose, Return, Start
from flows.script.folding import Folded
from flows.script.lines import Kind, Line
from flows.script.pages import Pages
from flows.script.problems import Mend, near
from flows.script.settings import caps, choice, period, times_each, windows, yes
from flows.script.source import actions_of, single_name
from flows.script.triggers import triggers

SCENARIO_SETTINGS = (
    *("目的", "開始", "基準日", "ゴール", "終わったら", "再追加", "再開始", "時間帯", "遅れたら", "上限", "期間"),
)
SURVEY_SETTINGS = ("開始", "確認", "上限", "期間")
_SYNONYMS = {"起点": "開始"}
_BODY = frozenset({Kind.STEP, Kind.PATH, Kind.FINALLY, Kind.QUESTION})


def settings(pages: Pages, allowed: tuple[str, ...], now: datetime, zone: tzinfo) -> dict[str, Any]:
    """What the setting lines say, by field of the plan; anything else up to the first step is noted."""
    read = _readers(pages.condition, now, zone)
    if allowed is SURVEY_SETTINGS:
        read["上限"] = ("times", lambda line: times_each(line.value))
    found: dict[str, Any] = {}
    seen: set[str] = set()
    early = False
    while (line := pages.skip_blank()) is not None and line.kind not in _BODY:
        pages.place += 1
        if line.kind is not Kind.SETTING:
            early = early or not _stray(pages, line, allowed, already=early)
            continue
        word = _SYNONYMS.get(line.word, line.word)
        if word not in allowed:
            pages.report(line, f"「{line.word}」はここでは使えません。", expected=allowed)
        elif word in seen:
            pages.report(line, f"「{line.word}」が2回書かれています。")
        else:
            field, reader = read[word]
            value = pages.attempt(line, reader)
            if value is not None:
                found[field] = value
        seen.add(word)
    return found


def _stray(pages: Pages, line: Line, allowed: tuple[str, ...], *, already: bool) -> bool:
    """Note a line that is no setting; True if it looked like one. What belongs into a step is noted once."""
    word, colon, rest = line.fold.text.partition(":")
    nearest = near(word.split(" ")[0], allowed, cutoff=0.4)
    if line.kind is Kind.TEXT and (colon or nearest) and len(word) <= 12:
        text = rest.strip() or line.fold.text.removeprefix(word.split(" ")[0]).strip()
        mends = (Mend(label=f"「{nearest}:」に直す", becomes=f"{nearest}: {text}"),) if nearest else ()
        pages.report(
            line, "こういう設定はありません。", expected=allowed, nearest=f"{nearest}:" if nearest else "", mends=mends
        )
        return True
    if already:
        return False
    if line.kind is Kind.ODD:
        pages.report_odd(line)
        return True
    if allowed is SURVEY_SETTINGS:
        pages.report(line, "最初の質問（? の行）より前には、設定だけを書きます。", example="? 年代（1つ）")
        return False
    mend = Mend(label="## すぐ を足す", becomes=f"## すぐ\n{line.fold.source}")
    pages.report(line, "いつ送るかの行（## いつ）より前には、設定だけを書きます。", example="## すぐ", mends=(mend,))
    return False


def _readers(
    condition: Callable[[Folded], Condition], now: datetime, zone: tzinfo
) -> dict[str, tuple[str, Callable[[Line], Any]]]:
    return {
        "目的": ("purpose", lambda line: choice(line.value, Purpose, "目的")),
        "開始": ("starts", lambda line: _starts(line.value, condition)),
        "基準日": ("base", lambda line: single_name(line.value, "基準日")),
        "ゴール": ("goal", lambda line: condition(line.value)),
        "終わったら": ("ending", actions_of),
        "再追加": ("returning", lambda line: choice(line.value, Return, "再追加")),
        "再開始": ("restart", lambda line: yes(line.value, "許可", "再開始")),
        "時間帯": ("windows", lambda line: windows(line.value)),
        "遅れたら": ("late", lambda line: choice(line.value, Late, "遅れたら")),
        "上限": ("caps", lambda line: caps(line.value)),
        "期間": ("period", lambda line: period(line.value, now, zone)),
        "確認": ("confirm", lambda line: yes(line.value, "あり", "確認")),
    }


def _starts(text: Folded, condition: Callable[[Folded], Condition]) -> tuple[Start, ...]:
    return tuple(
        Start(trigger=part.trigger, only_if=None if part.only_if is None else condition(part.only_if))
        for part in triggers(text)
    )
