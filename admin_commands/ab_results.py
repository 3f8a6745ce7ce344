"""What a comparison shows so far: a table, intervals, and no winner before there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from admin_commands.charts import Bar, chart
from admin_commands.desk import Desk
from admin_commands.screens import Tap, tap, text_bubble
from flows.aims import Aim, aim_words, measure
from flows.desk import Outcome
from flows.effects import Bubble
from flows.statistics import ENOUGH, Share, lead, still_needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One comparison: its name under which outcomes are kept, its variants, and what decides it (a tag, an aim, or,
    for neither, any reaction)."""

    title: str
    trial: str
    variants: tuple[str, ...]
    goal: str = ""
    aim: Aim | None = None

    @property
    def measure(self) -> str:
        """Which outcome decides."""
        return measure(self.aim, self.goal)

    @property
    def words(self) -> str:
        """What decides, in words."""
        return aim_words(self.aim, self.goal)


def outcomes(desk: Desk, one: Compared) -> Mapping[str, Outcome]:
    """What came of each variant."""
    return desk.reports.trial(one.trial, one.variants)


def columns(one: Compared) -> tuple[tuple[str, str], ...]:
    """What is counted of each variant: its title, and the outcome."""
    own = ((one.words, "goal"),) if one.measure == "goal" else ()
    return (("反応", "reacted"), ("押した", "clicked"), *own, ("ブロック", "left"))


def shares(found: Mapping[str, Outcome], outcome: str) -> dict[str, Share]:
    """How many of those who got each variant did this."""
    return {name: Share(getattr(each, outcome), each.got) for name, each in found.items()}


def table(one: Compared, found: Mapping[str, Outcome]) -> str:
    """Each variant on a line, and what can be said about the differences."""
    lines = [_line(one, name, each) for name, each in found.items()]
    return "\n".join((*lines, "", *_verdicts(one, found)))


def _line(one: Compared, name: str, each: Outcome) -> str:
    told = "・".join(f"{title} {_rate(getattr(each, outcome), each.got)}" for title, outcome in columns(one))
    return f"{name}案　{each.got:,}人：{told}"


def _rate(many: int, people: int) -> str:
    return f"{100 * many / people:.1f}%" if people else "－"


def _verdicts(one: Compared, found: Mapping[str, Outcome]) -> list[str]:
    """What decides comes first; of taps something is said only where they decide."""
    deciding = (one.words, one.measure)
    told = dict.fromkeys((deciding, ("反応", "reacted"), ("ブロック", "left")))
    return [verdict(title, shares(found, outcome)) for title, outcome in told]


def verdict(title: str, found: Mapping[str, Share]) -> str:
    """The best against the others: how far ahead it surely is, or that this is not known yet, and what it would take."""
    lead_ = lead(found)
    if lead_ is None:
        return f"{title}：差はまだ不明です（届いた人がいない案があります）"
    low, high = round(100 * lead_.span.low), round(100 * lead_.span.high)
    one, other = found[lead_.ahead], found[lead_.behind]
    if lead_.is_clear:
        gap = round(100 * (one.rate - other.rate))
        return f"{title}：{lead_.ahead}案が{lead_.behind}案より{gap}ポイント多い（{max(low, 0)}〜{high}の間）"
    pairs = len(list(combinations(found, 2)))
    if min(each.people for each in found.values()) < ENOUGH:
        return f"{title}：差はまだ不明です（目安は、どの案も{ENOUGH}人を超えてから出します）"
    return f"{title}：差はまだ不明です（{low:+}〜{high:+}の間）。{_still(other, one, pairs)}"


def _still(other: Share, one: Share, pairs: int) -> str:
    needed = still_needed(other, one, comparisons=pairs)
    if needed is None:
        return "いまの差では、人数が増えてもはっきりしなさそうです"
    return f"あと約{_rounded(needed)}人"


def _rounded(people: int) -> str:
    """Two figures are as many as such a guess has."""
    step = max(10, 10 ** (len(str(people)) - 2))
    return f"{max(1, -(-people // step)) * step:,}"


def bars(one: Compared, found: Mapping[str, Outcome]) -> Bubble:
    """What decides, as bars; where cards are not shown, as text."""
    rows = []
    for color, (name, share) in enumerate(shares(found, one.measure).items()):
        rows.append(Bar(f"{name}案（{share.people:,}人）", _rate(share.hits, share.people), share.rate, color))
    return chart(f"{one.title}：{one.words}", rows)


def csv_text(one: Compared, found: Mapping[str, Outcome]) -> str:
    """The table for a spreadsheet, a line for each variant."""
    titles = ("案", "送信", *(title for title, _ in columns(one)))
    rows = [(name, each.got, *(getattr(each, outcome) for _, outcome in columns(one))) for name, each in found.items()]
    return "\n".join(",".join(map(_cell, row)) for row in (titles, *rows))


def _cell(value: object) -> str:
    written = str(value)
    return f'"{written.replace(chr(34), chr(34) * 2)}"' if set(written) & set(',"\n') else written


def say_csv(desk: Desk, one: Compared, back: Tap) -> None:
    """The table as text to copy, and, where the shop has an address, all comparisons as a file."""
    desk.put(text_bubble(csv_text(one, outcomes(desk, one))))
    link = desk.reports.download("ab", desk.me)
    file = f"くらべたもの全部のファイルは、ここから受け取れます（30分・1回）。\n{link}" if link else ""
    desk.say(f"上の表は、コピーして表計算に貼れます。{file}", back, tap("AB"), tap("ホーム"), where=f"AB ▸ {one.title}")
