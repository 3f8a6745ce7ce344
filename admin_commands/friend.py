"""友だち: one person at a time."""

from __future__ import annotations

from admin_commands.card import card, tag_name, walk_words
from admin_commands.costs import sends_each
from admin_commands.desk import CommandError, Desk, Missing, day_words, moment_words
from admin_commands.edits import with_tag
from admin_commands.friends import at, called, found_friend, list_screen
from admin_commands.mending import mends
from admin_commands.quota import left_words
from admin_commands.reading import MaybeWords, PlanKey, TagName
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from admin_commands.telling import told
from flows.actions import Action, AddTag, OpenSurvey, RemoveTag, StartScenario, StopScenario
from flows.catalog import Entry, Role
from flows.desk import Order
from flows.events import Event, Ordered
from flows.friend import Friend
from flows.names import fold
from flows.scenario import Scenario, Survey

friend = Family(name="友だち", about="友だち1人ずつのこと：カード、なぜ、タグ付け、開始、来店など")
_FACTS = 20


@friend.command(
    "友だち",
    alias=("友達", "ともだち", "friend"),
    usage="友だち 名前",
    examples=[("友だち さくら", "さくらさん"), ("友だち", "最近")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """友だちのカード（タグ・スコア・答え・いまどこか・次の配信）を見ます。名前がなければ、最近の友だちの一覧です。"""
    if not words:
        _newest(desk)
        return
    found, _ = found_friend(desk, words)
    desk.show(card(found, desk.catalog))


def _newest(desk: Desk) -> None:
    friends = list(desk.reports.newest(10))
    if not friends:
        desk.say(
            "まだ友だちがいません。友だち追加されると、ここに並びます。\n"
            "前からの友だちは、話しかけてくれたときに並びます（LINEの決まりで、一覧の取り込みはできません）。",
            tap("シナリオ"),
            tap("ホーム"),
        )
        return
    lines = "\n".join(
        f"・{called(one)}（{day_words(one.joined, desk.catalog) if one.joined else '？'}）" for one in friends
    )
    text = f"届けられる友だちは{desk.reports.following()}人です。最近の{len(friends)}人：\n{lines}\n名前でも探せます。例：友だち さくら"
    desk.show(list_screen(desk, friends, text, "友だち"))


@friend.command(
    "なぜ",
    alias=("why", "なぜ届かない"),
    usage="なぜ @名前",
    examples=[("なぜ @さくら", "友だちになりました")],
)
def why(desk: Desk, who: Friend) -> None:
    """その友だちに何が届き、何がなぜ届かなかったかを、順番に見ます。"""
    view = desk.reports.friend(who.id)
    past = view.past[-_FACTS:] if view else ()
    missing = desk.reports.undelivered(who.id)
    lines = [told(fact, desk.catalog, who.pace, missing) for fact in past] or ["まだ記録がありません。"]
    now = [walk_words(walk, who, desk.catalog) for walk in who.enrollments] or ["いま：進行中のシナリオはありません。"]
    helps, taps = mends(who, desk.catalog)
    if who.left:
        now.append(f"{moment_words(who.left, desk.catalog)} からブロックされているため、何も届きません。")
    desk.say(
        "\n".join(("これまで（古い順）", *lines, "", *now, *helps)),
        *taps,
        Tap(label="カードを見る", says=f"友だち {at(who)}"),
        tap("ホーム"),
        where=f"友だち ▸ {called(who)} ▸ なぜ",
    )


@friend.command(
    "タグ付け",
    alias=("たぐつけ", "tag"),
    usage="タグ付け @名前 タグ",
    needs=Role.SENDER,
    acts=True,
    examples=[("タグ付け @さくら VIP", "タグ「VIP」")],
)
def put_tag(desk: Desk, who: Friend, tag_: TagName) -> None:
    """友だちにタグを付けます。そのタグで始まるシナリオがあれば、始まります。"""
    key = fold(tag_)
    new = key not in desk.catalog.tags
    if key in who.tags:
        raise CommandError(
            f"{called(who)}には、もうタグ「{tag_name(desk.catalog, key)}」が付いています。", _card_tap(who)
        )
    if new:
        desk.edit(with_tag(desk.catalog, tag_), f"タグ「{tag_}」を作りました")
    _order(desk, who, AddTag(name=tag_))
    made = "（新しく作りました）" if new else ""
    desk.say(
        f"{called(who)}にタグ「{tag_}」を付けました{made}。",
        Tap(label="取消", says=f"タグ外し {at(who)} 「{tag_}」"),
        _card_tap(who),
        tap("ホーム"),
    )


@friend.command(
    "タグ外し",
    alias=("タグ解除", "untag"),
    usage="タグ外し @名前 タグ",
    needs=Role.SENDER,
    acts=True,
    examples=[("タグ外し @さくら 乾燥", "外しました")],
)
def take_tag(desk: Desk, who: Friend, tag_: TagName) -> None:
    """友だちからタグを外します。"""
    _order(desk, who, RemoveTag(name=tag_))
    desk.say(
        f"{called(who)}からタグ「{tag_}」を外しました。",
        Tap(label="取消", says=f"タグ付け {at(who)} 「{tag_}」"),
        _card_tap(who),
        tap("ホーム"),
    )


@friend.command(
    "開始",
    alias=("かいし", "start"),
    usage="開始 シナリオ @名前",
    needs=Role.SENDER,
    examples=[("開始 新規様 @山田花子", "始めますか")],
)
def ask_start(desk: Desk, plan: PlanKey, who: Friend) -> None:
    """友だち1人にシナリオを始めます。いつ届き、何通かかるかを見せてから始めます。"""
    if isinstance(desk.catalog.plans[fold(plan)].live, Survey):
        _ask_survey(desk, plan, who)
        return
    entry, live = _startable(desk, plan, who)
    low, high = sends_each(live, by_staff=True)
    cost = f"{low}通" if low == high else f"{low}〜{high}通"
    desk.say(
        f"{called(who)}に「{entry.name}」を始めますか？ 1通目は「{live.lines[0].steps[0].when.words}」です。\n"
        f"お店から始めるので1通目も数えます：{cost}。{left_words(desk)}",
        Tap(label="始める", says=f"do:開始 「{entry.name}」 {at(who)}"),
        Tap(label="やめる", says=f"友だち {at(who)}"),
        where=f"友だち ▸ {called(who)} ▸ 開始",
    )


@friend.command("do:開始", needs=Role.SENDER, acts=True, hidden=True)
def start(desk: Desk, plan: PlanKey, who: Friend) -> None:
    """確かめた画面から、友だち1人にシナリオを始めます。"""
    entry, _ = _startable(desk, plan, who)
    _order(desk, who, StartScenario(name=entry.name))
    desk.say(
        f"{called(who)}に「{entry.name}」を始めました。",
        Tap(label="止める", says=f"停止 {at(who)} {entry.name}"),
        _card_tap(who),
        tap("ホーム"),
    )


def _ask_survey(desk: Desk, plan: str, who: Friend) -> None:
    """A survey begins with a counted send; the friend's answers and all further questions cost nothing."""
    entry = desk.catalog.plans[fold(plan)]
    if who.left:
        raise CommandError(f"{called(who)}にはブロックされているため、届きません。", _card_tap(who))
    desk.say(
        f"{called(who)}にアンケート「{entry.name}」を始めますか？\n"
        f"1問目はお店から送るので1通です。そのあとのやりとりは返信なので0通です。{left_words(desk)}",
        Tap(label="始める", says=f"do:質問 「{entry.name}」 {at(who)}"),
        Tap(label="やめる", says=f"友だち {at(who)}"),
        where=f"友だち ▸ {called(who)} ▸ 開始",
    )


@friend.command("do:質問", needs=Role.SENDER, acts=True, hidden=True)
def start_survey(desk: Desk, plan: PlanKey, who: Friend) -> None:
    """確かめた画面から、友だち1人にアンケートを始めます。"""
    entry = desk.catalog.plans[fold(plan)]
    _order(desk, who, OpenSurvey(name=entry.name))
    desk.say(
        f"{called(who)}にアンケート「{entry.name}」の1問目を送りました。送らない時間帯なら、次に送れる時に届きます。",
        _card_tap(who),
        tap("ホーム"),
    )


def _startable(desk: Desk, plan: str, who: Friend) -> tuple[Entry, Scenario]:
    """The scenario and its live version, unless this friend cannot begin it now."""
    entry = desk.catalog.plans[fold(plan)]
    if not isinstance(entry.live, Scenario):
        raise CommandError(
            f"「{entry.name}」は{entry.state.value}なので、始められません。公開してから始めてください。",
            Tap(label="公開へ", says=f"公開 {entry.name}"),
            _card_tap(who),
        )
    if who.left:
        raise CommandError(f"{called(who)}にはブロックされているため、届きません。", _card_tap(who))
    if any(walk.scenario == fold(plan) for walk in who.enrollments):
        raise CommandError(f"{called(who)}は、もう「{entry.name}」の途中です。", _card_tap(who))
    return entry, entry.live


def stop_for(desk: Desk, words: str) -> None:
    """`停止 @名前 [シナリオ]`: stop one scenario, or all, for one friend."""
    who, rest = found_friend(desk, words)
    running = [
        desk.catalog.plans[walk.scenario].name for walk in who.enrollments if walk.scenario in desk.catalog.plans
    ]
    chosen = [name for name in running if not rest or fold(name) == fold(rest)]
    if not running:
        raise CommandError(f"{called(who)}に進行中のシナリオはありません。", _card_tap(who), tap("ホーム"))
    if not chosen or (len(chosen) > 1 and not rest):
        raise Missing(f"{called(who)}の、どのシナリオを止めますか？", *(tap(name) for name in running))
    _order(desk, who, StopScenario(name=chosen[0]))
    desk.say(
        f"{called(who)}の「{chosen[0]}」を止めました。ほかの友だちには影響しません。",
        Tap(label="また始める", says=f"開始 {chosen[0]} {at(who)}"),
        _card_tap(who),
        tap("ホーム"),
    )


@friend.command(
    "返信待ち",
    alias=("へんしんまち", "waiting"),
    examples=[("返信待ち", "返信")],
)
def waiting(desk: Desk) -> None:
    """返事を待っている友だちの一覧です。"""
    friends = [one for one in desk.reports.awaiting(10) if not one.staff]
    if not friends:
        desk.say("返信を待っている友だちはいません。", tap("友だち"), tap("ホーム"))
        return
    lines = "\n".join(
        f"・{called(one)}（{moment_words(one.awaits_reply, desk.catalog)} から）" for one in friends if one.awaits_reply
    )
    desk.show(
        list_screen(desk, friends, f"返信を待っている友だち {len(friends)}人（待っている順）\n{lines}", "返信待ち")
    )


def _order(desk: Desk, who: Friend, action: Action) -> None:
    _event(desk, who, Ordered(at=desk.now, actions=(action,), by=desk.my_name))


def _event(desk: Desk, who: Friend, event: Event) -> None:
    desk.order(Order(event=event, friend=who.id))


def _card_tap(who: Friend) -> Tap:
    return Tap(label="カードを見る", says=f"友だち {at(who)}")
