"""履歴 and 取消: what was changed by whom, and how to take it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from admin_commands.desk import CommandError, Desk, moment_words
from admin_commands.friend_mode import BEGAN, ENDED
from admin_commands.life import wake
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap
from flows.catalog import Catalog, Entry, Role
from flows.conditions import Tagged
from flows.deciding import ITSELF
from flows.desk import Done
from flows.names import Key, fold
from flows.scenario import State

history = Family(name="履歴", about="変えたことの記録と、取消")
_KEPT = 50
_UNDO = "取消："
_SAME_MOMENT = timedelta(seconds=1)


@history.command("履歴", alias=("りれき", "history"), usage="履歴 [名前や言葉]", examples=[("履歴", "変えた")])
def show(desk: Desk, words: MaybeWords) -> None:
    """だれが、いつ、何を変えたかを、新しい順に見ます。人やシナリオの名前をつけると、その分を古いものまで探します。"""
    rows = list(desk.reports.audited(words, _KEPT) if words else desk.reports.history(_KEPT))
    if not rows:
        desk.say("まだ何も変えた記録がありません。" if not words else f"「{words}」の記録はありません。", tap("ホーム"))
        return
    lines = [f"{moment_words(row.at, desk.catalog)} {row.by}：{row.words}" for row in rows[:20]]
    more = f"\nほか{len(rows) - 20}件" if len(rows) > 20 else ""
    undo = [Tap(label="直前の変更を取り消す", says="取消")] if not words else []
    about = f"「{words}」について" if words else ""
    desk.say(f"{about}変えたこと（新しい順）\n{chr(10).join(lines)}{more}", *undo, tap("ホーム"), where="履歴")


@history.command(
    "取消",
    alias=("とりけし", "取り消し", "元に戻す", "undo"),
    needs=Role.EDITOR,
    acts=True,
    examples=[("取消", "元に戻しました")],
)
def undo(desk: Desk) -> None:
    """直前に自分が変えたことを元に戻します。もう送ったものは戻りません。"""
    row = _mine(desk)
    put_back = desk.reports.undone(row, desk.catalog)
    if put_back is None:
        how, *ways = _by_hand(row.words)
        raise CommandError(
            f"この変更は「取消」では元に戻せません。まだ何も変えていません。\n・{row.words}\n{how}",
            *(tap(word) for word in (*ways, "履歴", "ホーム")),
        )
    since = _changed_since(row, desk.catalog, put_back)
    if since:
        raise CommandError(
            f"「{row.words}」のあとに「{'・'.join(since)}」がまた変わっているので、元に戻せません。\n"
            "いまの画面から直してください。",
            *(Tap(label=name, says=f"シナリオ {name}") for name in since[:4]),
            tap("履歴"),
        )
    before = desk.catalog
    desk.edit(_safe(desk, put_back), f"{_UNDO}{row.words}")
    for key, entry in desk.catalog.plans.items():
        if entry.live and key in before.plans and not before.plans[key].live:
            wake(desk, entry)
    desk.say(
        f"元に戻しました。\n取り消した変更：{row.words}\nもう送ったメッセージは戻りません。{_stopped(desk, before)}",
        tap("履歴"),
        tap("シナリオ"),
        tap("ホーム"),
    )


def _by_hand(words: str) -> tuple[str, ...]:
    """How a change that cannot be taken back is undone nevertheless, and the words that lead there."""
    if "一斉配信「" in words or "の残りに" in words:
        return ("まだ送っていない分は、「配信中止」で取りやめられます。送った分は戻せません。", "配信中止", "予定")
    for kind in ("タグ", "項目", "スコア", "部品", "アクション"):
        if words.startswith(f"{kind}「"):
            return (f"「{kind}」から直してください。名前は、もう一度変えれば元のとおりになります。", kind)
    return ("「スタッフ」や「タグ」から直してください。", "スタッフ", "タグ")


def _stopped(desk: Desk, before: Catalog) -> str:
    """Whose sends stop because a scenario is no longer published."""
    stopped = [key for key, entry in before.plans.items() if entry.live and not desk.catalog.plans[key].live]
    walking = sum(sum(desk.reports.in_scenario(key).values()) for key in stopped)
    return f"\n途中の{walking}人への配信は止まっています（公開し直すと、続きから届きます）。" if walking else ""


def _mine(desk: Desk) -> Done:
    """The newest change of the one who speaks, or made by itself, that was not taken back already."""
    taken_back = 0
    for row in desk.reports.history(_KEPT):
        mine = row.by == desk.my_name or (row.by == ITSELF and desk.reports.undone(row, desk.catalog) is not None)
        if not mine or row.words.endswith((BEGAN, ENDED)):
            continue
        if row.words.startswith(_UNDO):
            taken_back += 1
        elif taken_back:
            taken_back -= 1
        else:
            return row
    raise CommandError("元に戻せる変更はありません。", tap("履歴"), tap("ホーム"))


def _changed_since(row: Done, now: Catalog, put_back: Catalog) -> list[str]:
    """Scenarios that somebody has changed after that row: taking it back would lose the later work."""
    touched = [entry for key, entry in now.plans.items() if put_back.plans.get(key) != entry]
    return [entry.name for entry in touched if entry.changed and entry.changed - row.at > _SAME_MOMENT]


def _safe(desk: Desk, put_back: Catalog) -> Catalog:
    """Versions that friends may walk on stay, tags that friends bear as well; nobody becomes staff by accident."""
    now = desk.catalog
    gone = [tag for key, tag in now.tags.items() if key not in put_back.tags]
    borne = {fold(tag.name): tag for tag in gone if desk.reports.count(Tagged(name=tag.name), now, desk.now).true}
    plans: dict[Key, Entry] = dict(put_back.plans)
    for key, entry in now.plans.items():
        if not entry.versions:
            continue
        old = plans.get(key)
        plans[key] = _with_versions(old, entry) if old else replace(entry, state=State.ARCHIVED)
    return replace(put_back, plans=plans, tags={**put_back.tags, **borne}, staff=now.staff, invitations=now.invitations)


def _with_versions(old: Entry, entry: Entry) -> Entry:
    return replace(old, versions={**entry.versions, **old.versions})
