"""An auto-reply in words: what sets it off, what it does, when, and what else answers the same words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flows.autoreplies import urgency
from flows.catalog import AutoReply, Catalog
from flows.checks.clashes import overlap
from flows.names import fold
from flows.scenario import Survey
from flows.triggers import KeywordSaid
from flows.triggers.sayings import Match

_MATCHED = {Match.EXACT: "", Match.CONTAINS: "を含む言葉", Match.STARTS: "で始まる言葉"}
_RANKS = {-1: "ほかより先に返す", 1: "ほかより後にする"}


def saying(one: AutoReply) -> str:
    """「営業時間」を含む言葉: the words it answers."""
    trigger = one.trigger
    return f"「{trigger.keyword}」{_MATCHED[trigger.match]}" if isinstance(trigger, KeywordSaid) else trigger.words()


def details(one: AutoReply) -> list[str]:
    """What it does besides answering, and when, line by line."""
    lines = [f"すること：{'、'.join(action.words() for action in one.actions)}"] if one.actions else []
    lines += [f"返す時間：{'、'.join(window.words for window in one.hours)}"] if one.hours else []
    lines += [f"同じ人には{rest_words(one.rest)}のあいだ続けて返しません"] if one.rest else []
    lines += (
        [f"優先：{_RANKS.get(one.rank, 'ほかより先に返す' if one.rank < 0 else 'ほかより後にする')}"]
        if one.rank
        else []
    )
    return lines


def rest_words(rest: timedelta) -> str:
    """1日, 12時間, 30分."""
    minutes = int(rest.total_seconds()) // 60
    if minutes % 1440 == 0:
        return f"{minutes // 1440}日"
    return f"{minutes // 60}時間" if minutes % 60 == 0 else f"{minutes}分"


def clashes(one: AutoReply, catalog: Catalog) -> list[str]:
    """What else these words set off, and which of them is heard."""
    found = list(_clashes(one, catalog))
    return [f"⚠️ {words}" for words in found[:4]] + (
        [f"⚠️ ほか{len(found) - 4}件と重なります。"] if len(found) > 4 else []
    )


def _clashes(one: AutoReply, catalog: Catalog) -> Iterator[str]:
    keyword = one.trigger
    if not isinstance(keyword, KeywordSaid):
        return
    for entry in catalog.plans.values():
        starts = entry.live.starts if entry.live else ()
        if any(isinstance(each.trigger, KeywordSaid) and overlap(keyword, each.trigger) for each in starts):
            what = "アンケート" if isinstance(entry.live, Survey) else "シナリオ"
            yield f"{what}「{entry.name}」も同じ言葉で始まります。両方に当てはまるときは、{what}だけが始まります。"
    others = [each for each in catalog.autoreplies.values() if fold(each.name) != fold(one.name)]
    for other in others:
        if isinstance(other.trigger, KeywordSaid) and overlap(keyword, other.trigger):
            first = min((one, other), key=urgency)
            yield f"自動応答「{other.name}」と重なります。両方に当てはまるときは「{first.name}」が返ります。"
