"""How screens speak of a head-count: who gets a send, who does not and why, and what is not known."""

from __future__ import annotations

from admin_commands.desk import Desk
from admin_commands.screens import Tap
from flows.conditions import Condition, Named, Responds, echo
from flows.desk import HeadCount, Whom
from flows.facts import Rule
from flows.names import Key, fold, with_san
from flows.script.brought import terms
from flows.standpoint import Standpoint

REASONS: dict[Rule, str] = {
    Rule.LEFT: "ブロック中",
    Rule.PAUSED: "担当者が対応中",
    Rule.PACE: "配信を止めた・減らした",
    Rule.CAP: "1人あたりの上限",
}
"""Why nothing would reach a friend who passes the condition, in the order in which screens say it."""
SAMPLE = 5


def counted(people: HeadCount, sample: int = SAMPLE) -> str:
    """120人（例：山田さん・佐藤さん）: who would get a send."""
    names = f"（例：{'・'.join(map(with_san, people.names[:sample]))}）" if people.names[:sample] else ""
    return f"{people.gets:,}人{names}"


def left_out(people: HeadCount) -> str:
    """当てはまっても届かない人：ブロック中 3人・配信停止 2人; "" for nobody."""
    told = "、".join(
        f"{words} {people.left_out[rule]:,}人" for rule, words in REASONS.items() if rule in people.left_out
    )
    return f"当てはまっても届かない人：{told}" if told else ""


def missed(people: HeadCount) -> int:
    """How many pass the condition and would get nothing."""
    return sum(people.left_out.values())


def nobody(desk: Desk, people: HeadCount) -> str:
    """Why nothing can be sent to nobody, in the owner's words."""
    if not desk.reports.following():
        return "いま届けられる友だちが1人もいないので、送れません。友だちが増えたら、もう一度お試しください。"
    if people.left_out:
        return f"いま届けられる人は0人なので、送れません。{left_out(people)}。条件を変えて送ってください。"
    why = f"（まだわからない人が{people.unknown:,}人います。値のない人は数に入りません）" if people.unknown else ""
    return f"この条件に当てはまる友だちは0人なので、送れません{why}。条件を変えて送ってください。"


def shown(desk: Desk, condition: Condition) -> str:
    """The condition with its brackets; of a saved one alone, what it stands for as well."""
    if isinstance(condition, Named) and not condition.absent:
        saved = desk.catalog.segments.get(fold(condition.name))
        if saved is not None:
            return f"「{saved.name}」{echo(saved.condition)}"
    return echo(condition)


def notes(desk: Desk, condition: Condition) -> list[str]:
    """What should be known about conditions whose counting is not plain."""
    found = []
    if any(condition.ranks(Standpoint(desk.now, desk.catalog))):
        found.append("上位は友だち全体でくらべます。同じ点数の人も入ります。")
    rates = [one for one in terms(condition) if isinstance(one, Responds)]
    if rates:
        found.append(f"反応率は、届いた回数が{rates[0].last}回に満たない人をのぞいて計算します。")
    if building(desk):
        found.append(building(desk))
    return found


def meaning(desk: Desk, condition: Condition) -> str:
    """What a condition means now, saved segments written out: who a name stands for may change behind a screen."""
    names, found = _named(condition), dict[Key, str]()
    while names:
        key = fold(names.pop())
        saved = desk.catalog.segments.get(key)
        if saved is not None and key not in found:
            found[key] = saved.condition.words()
            names += _named(saved.condition)
    return "／".join((condition.words(), *(f"{key}={found[key]}" for key in sorted(found))))


def _named(condition: Condition) -> list[str]:
    return [one.name for one in terms(condition) if isinstance(one, Named)]


def building(desk: Desk) -> str:
    """Why head-counts are not to be trusted now; "" when they are."""
    share = desk.reports.indexed()
    if share >= 1:
        return ""
    return f"⚠ 名簿を整理しなおしています（{share:.0%}）。終わるまで、人数は正しくないことがあります。"


def look_taps(people: HeadCount, condition: Condition) -> tuple[Tap, ...]:
    """Buttons from the numbers to the names."""
    words = condition.words()
    taps = [
        Tap(label=f"{people.gets:,}人を見る", says=f"人を見る {words}") if people.gets else None,
        Tap(label=f"届かない{missed(people):,}人を見る", says=f"人を見る 届かない {words}") if missed(people) else None,
        Tap(label=f"わからない{people.unknown:,}人を見る", says=f"人を見る わからない {words}")
        if people.unknown
        else None,
    ]
    return tuple(each for each in taps if each)


OUT = tuple(Whom(rule.value) for rule in REASONS)
"""Those left out, in the order of `REASONS`."""
