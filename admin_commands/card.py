"""A friend's card: tags with why and when, scores, answers, where she is and what comes next."""

from __future__ import annotations

from admin_commands.desk import day_words, moment_words
from admin_commands.friends import at, called
from admin_commands.mending import why_waiting
from admin_commands.plans import numbered_steps, step_summary
from admin_commands.room import HANDLE
from admin_commands.screens import Screen, Tap, tap
from admin_commands.telling import scenario_name
from flows.catalog import Catalog
from flows.facts import Rule
from flows.friend import Enrollment, Friend, Label, Pace
from flows.names import Key, cut, fold
from flows.scenario import Scenario, Step
from flows.words import MEDIA, shown

_PACES = {Pace.HALF: "通知を減らしています", Pace.NONE: "配信を止めています（返信とアンケートは届きます）"}
_LISTED = 12
_MOST_PHOTOS = 2


def card(friend: Friend, catalog: Catalog, more: str = "") -> Screen:
    """The whole card, with the taps that go on from it."""
    parts = [_since(friend, catalog), _state(friend), _tags(friend, catalog), _scores(friend, catalog)]
    parts += [_answers(friend, catalog), _sittings(friend, catalog), _walks(friend, catalog), _through(friend, catalog)]
    parts += [f"メモ：{friend.note}" if friend.note else "", more]
    me = at(friend)
    return Screen(
        where=f"友だち ▸ {called(friend)}",
        text="\n".join(part for part in parts if part),
        taps=(
            Tap(label="なぜ（届いた・届かない理由）", says=f"なぜ {me}"),
            Tap(label="タグ付け", says=f"タグ付け {me}"),
            Tap(label="シナリオ開始", says=f"開始 {me}"),
            Tap(label="止める", says=f"停止 {me}"),
            Tap(label="返信", says=f"返信 {me}"),
            Tap(label="メモ", says=f"メモ {me}"),
            Tap(label="対応を終える", says=f"対応終了 {me}")
            if friend.taken_over
            else Tap(label="来店", says=f"来店 {me}"),
            *_photos(friend, catalog),
            tap("ホーム"),
        ),
        lasts=True,
    )


def _photos(friend: Friend, catalog: Catalog) -> tuple[Tap, ...]:
    """Taps that show the photos among the answers."""
    kept = [(key, entry.value) for key, entry in friend.fields.items() if entry.value.startswith(MEDIA)][:_MOST_PHOTOS]
    names = [(catalog.fields[key].name if key in catalog.fields else key, value) for key, value in kept]
    return tuple(
        Tap(label=cut(f"見る：{name}", 20), says=f"置き場 {value.removeprefix(MEDIA)[:HANDLE]}")
        for name, value in names
    )


def _since(friend: Friend, catalog: Catalog) -> str:
    joined = f"友だち追加：{moment_words(friend.joined, catalog)}" if friend.joined else "友だち追加：わかりません"
    route = f"（経路：{friend.route}）" if friend.route else ""
    reacted = f"\n最後の反応：{moment_words(friend.reacted, catalog)}" if friend.reacted else ""
    return joined + route + reacted


def _state(friend: Friend) -> str:
    if friend.staff:
        return "スタッフです（配信・人数・統計には入りません）"
    if friend.left:
        return "ブロック中（記録は残してあります）"
    waits = "返信待ち\n" if friend.awaits_reply else "担当者が対応中\n" if friend.taken_over else ""
    return (waits + _PACES.get(friend.pace, "")).strip()


def _tags(friend: Friend, catalog: Catalog) -> str:
    if not friend.tags:
        return "タグ：まだありません"
    listed = sorted(friend.tags.items(), key=lambda one: one[1].at, reverse=True)
    lines = [
        f"・{tag_name(catalog, key)}（{day_words(label.at, catalog)}{_why(label.why)}{_from(label, catalog)}）"
        for key, label in listed
    ]
    rest = f"\n・ほか{len(lines) - _LISTED}個" if len(lines) > _LISTED else ""
    return "タグ\n" + "\n".join(lines[:_LISTED]) + rest


def _why(why: str) -> str:
    return f"・{why}" if why else ""


def _from(label: Label, catalog: Catalog) -> str:
    """・「好み」の2通目: where the tag was put on, as far as that still is there."""
    entry = catalog.plans.get(label.plan)
    if entry is None:
        return ""
    plan = entry.versions.get(entry.current) or entry.draft
    steps = numbered_steps(plan) if isinstance(plan, Scenario) else []
    number = next((number for number, _, step in steps if step.id == label.step), 0)
    name = "" if f"「{entry.name}」" in label.why else f"「{entry.name}」"
    place = f"{'の' if name else ''}{number}通目" if number else ""
    return f"・{name}{place}" if name or place else ""


def tag_name(catalog: Catalog, key: Key) -> str:
    """The tag as first written."""
    return catalog.tags[key].name if key in catalog.tags else key


def _scores(friend: Friend, catalog: Catalog) -> str:
    named = [
        f"{catalog.scores[key].name if key in catalog.scores else key} {points}点"
        for key, points in friend.scores.items()
        if key
    ]
    return f"スコア：{friend.scores.get(Key(''), 0)}点" + (f"（{'・'.join(named)}）" if named else "")


def _answers(friend: Friend, catalog: Catalog) -> str:
    if not friend.fields:
        return ""
    lines = [
        f"・{(name := catalog.fields[key].name if key in catalog.fields else key)}＝{value_words(entry.value, name)}"
        f"（{day_words(entry.at, catalog)}{_why(entry.origin)}）"
        for key, entry in list(friend.fields.items())[:_LISTED]
    ]
    rest = f"\n・ほか{len(friend.fields) - _LISTED}個" if len(friend.fields) > _LISTED else ""
    return "答え\n" + "\n".join(lines) + rest


def value_words(value: str, name: str) -> str:
    """A value on one line, as people read it: a birthday as 1988/5/3, long words cut."""
    return cut(" ".join(shown(value, name).split()), 40)


def _sittings(friend: Friend, catalog: Catalog) -> str:
    """The surveys in the middle of which the friend is."""
    sittings = (*((friend.sitting,) if friend.sitting else ()), *friend.shelf)
    lines = []
    for sitting in sittings:
        survey = catalog.survey(sitting.survey, sitting.version)
        total = f"・{len(sitting.given)}/{len(survey.questions)}問" if survey else ""
        rests = "・中断中" if sitting.paused else ""
        lines.append(f"いま：アンケート「{scenario_name(catalog, sitting.survey)}」の途中{total}{rests}")
    return "\n".join(lines)


def _walks(friend: Friend, catalog: Catalog) -> str:
    if not friend.enrollments:
        return "いま：進行中のシナリオはありません（配信予定なし）"
    return "\n".join(walk_words(walk, friend, catalog) for walk in friend.enrollments)


def walk_words(walk: Enrollment, friend: Friend, catalog: Catalog) -> str:
    """Where the friend is in a scenario, and what comes next."""
    plan = catalog.scenario(walk.scenario, walk.version)
    paths = {fold(line.name): line.name for line in plan.lines} if plan else {}
    path = f"・道「{paths.get(walk.line, walk.line)}」" if walk.line else ""
    name = scenario_name(catalog, walk.scenario)
    step = next((one for _, one in plan.steps() if one.id == walk.step), None) if plan else None
    return f"いま：シナリオ「{name}」{path}の途中（第{walk.version}版）\n次は：{_next(walk, step, friend, catalog)}"


def _next(walk: Enrollment, step: Step | None, friend: Friend, catalog: Catalog) -> str:
    what = f"「{step_summary(step.body)}」" if step else ""
    waits = why_waiting(walk, friend, catalog)
    if waits and (walk.held is None or walk.held.until is None):
        return f"{what}　{waits}".strip()
    if walk.waiting:
        return f"{what}の返事を {moment_words(walk.waiting.until, catalog)} まで待っています"
    if walk.due is None or step is None:
        return "決まっていません"
    held = walk.held
    if held is not None and held.rule == Rule.QUOTA and held.until is not None:
        # It is looked at every hour in between: the limit may grow.
        return f"{what}　{waits}（上限が増えれば、その前に届きます）"
    return f"{moment_words(walk.due, catalog)} {what}{f'（{waits}）' if waits else ''}"


def _through(friend: Friend, catalog: Catalog) -> str:
    if not friend.past:
        return ""
    names = "・".join(
        f"{scenario_name(catalog, key)}（{day_words(past.ended, catalog)}）" for key, past in friend.past.items()
    )
    return f"終わったシナリオ：{names}"
