"""Why nothing comes just now, and what can be done about it: by the shop, or by the friend herself."""

from __future__ import annotations

from admin_commands.desk import moment_words
from admin_commands.friends import at
from admin_commands.screens import Tap
from admin_commands.telling import scenario_name, why_held
from flows.catalog import Catalog
from flows.facts import Rule
from flows.friend import Enrollment, Friend
from flows.scenario import State

Mend = tuple[str, tuple[Tap, ...]]
"""What would help, and the taps that lead there."""

_BY_RULE = {
    Rule.PACE: "本人が「配信再開」と送ると、また届きます（お店からは変えられません）",
    Rule.CAP: "「設定」の上限を上げると、早く届きます。そのままでも順番に届きます",
    Rule.HOURS: "送ってよい時間になると届きます",
    Rule.QUOTA: "LINEのプランを上げるか、月が変わると届きます",
    Rule.NO_BASE: "基準になる日が入ると、日時が決まります",
}


def why_waiting(walk: Enrollment, friend: Friend, catalog: Catalog) -> str:
    """Why this walk waits; "" when it goes its way."""
    entry = catalog.plans.get(walk.scenario)
    if walk.paused:
        return "担当者が対応中のため止まっています"
    if entry is not None and entry.state is not State.LIVE:
        return f"シナリオが{entry.state.value}のため止まっています"
    if walk.held is None:
        return ""
    why = why_held(Rule(walk.held.rule), until=walk.held.until, pace=friend.pace)
    until = f"{moment_words(walk.held.until, catalog)} まで" if walk.held.until else ""
    return f"{until}待たせています：{why}"


def mend(walk: Enrollment, friend: Friend, catalog: Catalog) -> Mend | None:
    """What would let this walk go on, None where nothing stands in its way."""
    entry = catalog.plans.get(walk.scenario)
    name = scenario_name(catalog, walk.scenario)
    if walk.paused:
        tap = Tap(label="対応を終える", says=f"対応終了 {at(friend)}")
        return "話が終わったら「対応終了」で、続きから届きます", (tap,)
    if entry is not None and entry.state is State.PAUSED:
        return f"「再開 {name}」で、続きから届きます", (Tap(label=f"再開：{name}", says=f"再開 {name}"),)
    if entry is not None and entry.state is State.ARCHIVED:
        return f"「復元 {name}」で戻してから「再開」で、続きから届きます", (Tap(label="復元", says=f"復元 {name}"),)
    if entry is not None and entry.state is State.DRAFT:
        return f"「公開 {name}」で公開し直すと、続きから届きます", (Tap(label=f"公開へ：{name}", says=f"公開 {name}"),)
    if walk.held is None:
        return None
    return _of_rule(Rule(walk.held.rule), name)


def _of_rule(rule: Rule, name: str) -> Mend | None:
    if rule is Rule.SCENARIO_CAP:
        says = f"シナリオ設定 {name} 上限"
        return "シナリオの上限を上げると届きます", (Tap(label="上限を変える", says=says),)
    if rule not in _BY_RULE:
        return None
    words = {Rule.CAP: "設定", Rule.QUOTA: "通数"}.get(rule)
    return _BY_RULE[rule], (Tap(label=words),) if words else ()


def mends(friend: Friend, catalog: Catalog) -> tuple[tuple[str, ...], tuple[Tap, ...]]:
    """One line for each thing that would help, and the taps to them, each once."""
    found = [one for walk in friend.enrollments if (one := mend(walk, friend, catalog)) is not None]
    lines = tuple(dict.fromkeys(f"→ {words}。" for words, _ in found))
    return lines, tuple(dict.fromkeys(tap for _, taps in found for tap in taps))
