"""公開 and the life of a scenario: publish, stop, go on, put away, bring back. Each shows its consequence first."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.costs import sends_each
from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.life import ask_resume, wake
from admin_commands.lint import linted
from admin_commands.overview import findings_words
from admin_commands.plans import changed, mark_of, place_of, present_plan, where, with_entry
from admin_commands.quota import beyond, left_words
from admin_commands.reading import PlanKey, Words
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.actions import StartScenario
from flows.catalog import Entry, Role
from flows.checks import Level
from flows.conditions import Everyone, InScenario
from flows.deciding import tests_begun
from flows.desk import Order
from flows.events import Ordered, Rebased
from flows.names import Key, fold, with_san
from flows.scenario import Scenario, State
from flows.script import new_names, settle_ids, with_new_names

publishing = Family(name="シナリオの中", about="公開、停止、再開、保管")


@publishing.command(
    "公開",
    alias=("公開へ", "公開する", "利用開始", "こうかい", "publish"),
    usage="公開 [シナリオ]",
    needs=Role.EDITOR,
    examples=[("公開 秋のご案内", "公開すると")],
)
def ask_publish(desk: Desk, plan: PlanKey) -> None:
    """下書きを公開します。誰に届き、何通かかるかを見せてから公開します。"""
    entry = desk.catalog.plans[Key(plan)]
    desk.place = place_of(Key(plan))
    if entry.draft is None:
        if entry.state is State.LIVE:
            raise CommandError(
                f"「{entry.name}」は、もう公開中です（第{entry.current}版）。",
                Tap(label="開く", says=f"シナリオ {entry.name}"),
                tap("ホーム"),
            )
        ask_resume(desk, plan)
        return
    _refuse_errors(desk, entry)
    mark = mark_of(entry)
    is_first = isinstance(entry.draft, Scenario) and not entry.versions
    again = (_to_all_tap(entry, mark),) if is_first and desk.reports.following() else ()
    move = (
        (Tap(label="途中の人も新しい版へ", says=f"do:公開移行 {mark} {entry.name}"),) if _walking(desk, entry) else ()
    )
    desk.say(
        "\n".join(line for line in (_consequence(desk, entry), _odd(desk, entry)) if line),
        Tap(label="公開する", says=f"do:公開 {mark} {entry.name}"),
        *again,
        *move,
        Tap(label="プレビュー", says=f"プレビュー {entry.name}"),
        Tap(label="やめる", says=f"シナリオ {entry.name}"),
        where=where(entry, "公開"),
    )


def _to_all_tap(entry: Entry, mark: str) -> Tap:
    return Tap(label="今の友だちにも送る", says=f"do:全員へ {mark} {entry.name}")


def _refuse_errors(desk: Desk, entry: Entry) -> None:
    findings = linted(desk, present_plan(entry))
    if any(one.level is Level.ERROR for one in findings):
        raise CommandError(
            f"まだ公開できません。\n{findings_words(findings)}",
            Tap(label="点検", says=f"点検 {entry.name}"),
            Tap(label="直す", says=f"直す {entry.name}"),
            Tap(label="書出", says=f"書出 {entry.name}"),
        )


def _odd(desk: Desk, entry: Entry) -> str:
    return findings_words(linted(desk, present_plan(entry)))


def _walking(desk: Desk, entry: Entry) -> int:
    return sum(desk.reports.in_scenario(fold(entry.name)).values()) if entry.versions else 0


def _consequence(desk: Desk, entry: Entry) -> str:
    """Who will get it from now on, and who will not."""
    following, walking = desk.reports.following(), _walking(desk, entry)
    if not isinstance(entry.draft, Scenario):
        return f"公開すると、アンケート「{entry.name}」に答えられるようになります。やりとりは0通です。"
    starts = "、".join(start.trigger.words() for start in entry.draft.starts) or "手動"
    if not entry.versions and starts == "手動":
        return (
            f"公開すると、「開始 {entry.name} @名前」で1人ずつ始められるようになります。"
            f"今いる{following}人には、まだ送りません。"
        )
    if not entry.versions:
        return f"公開すると、これから「{starts}」の人に届き始めます。今いる{following}人には送りません。"
    stays = f"いま途中の{walking}人は、いまの版のまま最後まで届きます。" if walking else "いま途中の人はいません。"
    return f"第{max(entry.versions) + 1}版として公開します。これから始まる人は新しい版になります。{stays}"


def _fresh(desk: Desk, words: str) -> Entry:
    """The entry that the screen spoke of, unless it has changed since."""
    mark, _, name = words.partition(" ")
    entry = desk.catalog.plans.get(fold(name))
    if entry is None:
        raise CommandError(f"「{name}」は、もうありません。", tap("シナリオ"))
    if mark_of(entry) != mark:
        who = f"{with_san(entry.changed_by)}が" if entry.changed_by and entry.changed_by != desk.my_name else ""
        raise CommandError(
            f"この画面のあとで、{who}「{entry.name}」を変えています（いまは{entry.state.value}）。何もしていません。",
            Tap(label="今の画面を開く", says=f"シナリオ {entry.name}"),
            tap("ホーム"),
        )
    return entry


@publishing.command("do:公開", needs=Role.EDITOR, acts=True, hidden=True)
def publish(desk: Desk, words: Words) -> None:
    """確かめた画面から公開します。"""
    _publish(desk, _fresh(desk, words), "")


def _publish(desk: Desk, entry: Entry, more: str) -> Entry:
    assert entry.draft is not None, "a screen offers this for drafts only"
    plan = settle_ids(entry.draft, replace(entry, draft=None))
    number = max(entry.versions, default=0) + 1
    published = replace(
        changed(desk, entry), draft=None, state=State.LIVE, versions={**entry.versions, number: plan}, current=number
    )
    names = with_new_names(desk.catalog, new_names(plan, desk.catalog))
    before = entry.versions.get(entry.current)
    contests = tests_begun(names, fold(entry.name), before if isinstance(before, Scenario) else None, plan, desk.now)
    desk.edit(with_entry(replace(names, contests=contests), published), f"「{entry.name}」第{number}版を公開しました")
    if entry.versions and entry.live is None:
        wake(desk, published)
    desk.place = place_of(fold(entry.name))
    desk.say(
        f"✅「{entry.name}」第{number}版を公開しました。{more}",
        tap("取消"),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        Tap(label="プレビュー", says=f"プレビュー {entry.name}"),
        Tap(label="通数", says="通数"),
        tap("ホーム"),
        where=where(published, f"公開中（第{number}版）"),
    )
    return published


@publishing.command("do:公開移行", needs=Role.EDITOR, acts=True, hidden=True)
def publish_and_move(desk: Desk, words: Words) -> None:
    """公開して、途中の友だちも新しい版に移します。"""
    entry = _fresh(desk, words)
    count = _walking(desk, entry)
    published = _publish(desk, entry, f"\n途中の{count}人も新しい版に移します（届いたものは、もう届きません）。")
    key = fold(entry.name)
    event = Rebased(at=desk.now, scenario=key, to_version=published.current, by=desk.my_name)
    desk.order(Order(event=event, everyone_who=InScenario(scenario=entry.name)))


@publishing.command("do:全員へ", needs=Role.EDITOR, hidden=True)
def ask_all(desk: Desk, words: Words) -> None:
    """今いる友だちにも始める前に、人数と通数を見せます。"""
    entry = _fresh(desk, words)
    assert isinstance(entry.draft, Scenario), "offered for scenarios only"
    people = desk.reports.following()
    if not people:
        raise CommandError(
            "いま届けられる友だちはいません。［公開する］だけで大丈夫です。",
            Tap(label="戻る", says=f"公開 {entry.name}"),
        )
    low, high = sends_each(entry.draft, by_staff=True)
    cost = f"{people * low:,}通" if low == high else f"{people * low:,}〜{people * high:,}通"
    text = (
        f"今いる{people}人全員にも、公開と同時に始めます。\n"
        f"お店から始めるので1通目も数えます：{cost}。{left_words(desk)}{beyond(desk, people * high)}\n"
        "送ったものは取り消せません。"
    )
    says = f"do:全員へ送る {words}"
    if people >= desk.catalog.account.count_confirm_from:
        raise Missing(
            f"{text}\nよければ人数「{people}」を送ってください。", Tap(label="やめる", says="やめる"), head=says
        )
    desk.say(
        text, Tap(label=f"{people}人に送る", says=f"{says} {people}"), Tap(label="やめる", says=f"公開 {entry.name}")
    )


@publishing.command("do:全員へ送る", needs=Role.EDITOR, acts=True, hidden=True)
def publish_to_all(desk: Desk, words: Words) -> None:
    """人数を確かめてから、公開して全員に始めます。"""
    rest, _, typed = words.rpartition(" ")
    entry = _fresh(desk, rest)
    people = desk.reports.following()
    if typed.rstrip("人").replace(",", "") != str(people):
        raise CommandError(
            f"人数が合いません（いまは{people}人です）。まだ何も送っていません。",
            Tap(label="もう一度", says=f"公開 {entry.name}"),
            tap("ホーム"),
        )
    _publish(desk, entry, f"\n今いる{people}人にも始めます。「状態」で進み具合を見られます。")
    start = Ordered(at=desk.now, actions=(StartScenario(name=entry.name),), by=desk.my_name)
    desk.order(Order(event=start, everyone_who=Everyone()))
