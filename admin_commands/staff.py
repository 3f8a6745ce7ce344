"""スタッフ: who may do what, invitations, and handing over."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from admin_commands.desk import CommandError, Desk, day_words
from admin_commands.plans import near_names
from admin_commands.reading import MaybeWords, StaffWords, Words
from admin_commands.registry import Family
from admin_commands.screens import Tap, tap, text_bubble
from flows.catalog import Catalog, Invitation, Role, Staff
from flows.desk import Order
from flows.effects import LinkMenu
from flows.events import BecameFriend
from flows.names import FriendId, fold, with_san

staff = Family(name="スタッフ", about="スタッフと権限")
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_VALID = timedelta(minutes=30)
WHAT = {
    Role.OWNER: "すべて（スタッフと設定も）",
    Role.EDITOR: "作る・直す・公開する",
    Role.SENDER: "返信と配信、友だちへのタグ付け",
    Role.VIEWER: "見るだけ",
}
_MOST_ASIDE = 8
"""So many unfinished forms are kept when somebody else's are added."""


@staff.command("スタッフ", alias=("すたっふ", "担当", "権限", "staff"), examples=[("スタッフ", "所有者")])
def show(desk: Desk, words: MaybeWords) -> None:
    """スタッフの一覧です。名前をつけると、その人の画面を開きます。"""
    if words:
        _one(desk, *found(desk, words))
        return
    lines = [f"・{_called(one)}（{one.role.value}・{day_words(one.since, desk.catalog)}から）" for one in _all(desk)]
    roles = "\n".join(f"{role.value}：{what}" for role, what in WHAT.items())
    taps = [Tap(label=_called(one), says=f"スタッフ {one.name}") for one in _all(desk) if one.name][:8]
    desk.say(
        f"スタッフ {len(lines)}人\n" + "\n".join(lines) + f"\n\n{roles}",
        *taps,
        tap("スタッフ追加"),
        tap("ホーム"),
        where="スタッフ",
    )


def _all(desk: Desk) -> list[Staff]:
    return list(desk.catalog.staff.values())


def _called(one: Staff) -> str:
    return with_san(one.name) if one.name else "お名前未登録の方"


def found(desk: Desk, words: str) -> tuple[FriendId, Staff]:
    """The member of staff of that name."""
    key = fold(words.lstrip("@").strip("「」").removesuffix("さん"))
    matches = [(who, one) for who, one in desk.catalog.staff.items() if key and key in fold(one.name)]
    if len(matches) == 1:
        return matches[0]
    names = near_names(words, (one.name for one in _all(desk) if one.name))
    reason = "が何人かいます" if matches else "というスタッフは見つかりませんでした"
    raise CommandError(
        f"「{words}」{reason}。", *(Tap(label=name, says=f"スタッフ {name}") for name in names), tap("スタッフ")
    )


def _drafts(desk: Desk, one: Staff) -> list[str]:
    """The drafts this member of staff worked on last."""
    return [entry.name for entry in desk.catalog.plans.values() if entry.draft and entry.changed_by == one.name]


def _unfinished(desk: Desk, who: FriendId, one: Staff) -> list[str]:
    """The drafts, and the forms that were never saved, by what they make and its name."""
    forms = desk.aside if who == desk.me else desk.reports.unsaved(who)
    named = [f"{kept['wizard']}「{name}」" for kept in forms if (name := kept["form"].get("name"))]
    return [*_drafts(desk, one), *named]


def _one(desk: Desk, who: FriendId, one: Staff) -> None:
    mine = _unfinished(desk, who, one)
    drafts = f"作りかけ{len(mine)}件（{'・'.join(mine)}）" if mine else "作りかけはありません"
    others = (
        ()
        if who == desk.me or one.role is Role.OWNER
        else (
            Tap(label="役割を変える", says=f"役割 {one.name}"),
            Tap(label="外す", says=f"スタッフ外す {one.name}"),
            Tap(label="所有者をゆずる", says=f"ゆずる {one.name}"),
        )
    )
    desk.say(
        f"{_called(one)}（{one.role.value}・{day_words(one.since, desk.catalog)}から）\n{drafts}",
        *others,
        Tap(label="したことを見る", says=f"履歴 {one.name}"),
        tap("スタッフ"),
        where=f"スタッフ ▸ {_called(one)}",
    )


@staff.command(
    "スタッフ追加",
    alias=("担当追加", "すたっふついか", "invite"),
    usage="スタッフ追加 役割",
    needs=Role.OWNER,
    acts=True,
    examples=[("スタッフ追加 編集者", "30分・1回だけ")],
)
def invite(desk: Desk, role: Role) -> None:
    """スタッフを1人招待します。本人に渡す1行（30分・1回だけ有効）を作ります。"""
    code = _code(desk)
    invitation = Invitation(role=role, expires=desk.now + _VALID, by=desk.my_name)
    open_ones = {key: one for key, one in desk.catalog.invitations.items() if desk.now < one.expires}
    desk.edit_for_good(
        replace(desk.catalog, invitations={**open_ones, code: invitation}), f"{role.value}の招待を作りました"
    )
    desk.put(text_bubble("次の1行を本人に渡してください。本人がこの公式LINEに送ると登録されます（30分・1回だけ）。"))
    desk.put(text_bubble(f"登録 {code}"))
    desk.say(
        f"{role.value}の招待を作りました（{WHAT[role]}）。",
        Tap(label="招待を取り消す", says=f"招待取消 {code}"),
        tap("スタッフ"),
        tap("ホーム"),
        where="スタッフ ▸ 追加",
    )


def _code(desk: Desk) -> str:
    """A code nobody can guess: the event's id is known to LINE and to us only."""
    seed = f"{desk.heard.event_id}|{desk.me}|{desk.now.isoformat()}|{desk.before.screen}".encode()
    digits = hashlib.sha256(seed).digest()
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digits[:8])
    return f"{letters[:4]}-{letters[4:]}"


@staff.command("招待取消", alias=("uninvite",), usage="招待取消 コード", needs=Role.OWNER, acts=True)
def uninvite(desk: Desk, code: Words) -> None:
    """まだ使われていない招待を取り消します。"""
    if code not in desk.catalog.invitations:
        raise CommandError("その招待は、もう使われたか、期限が切れています。", tap("スタッフ"))
    left = {key: one for key, one in desk.catalog.invitations.items() if key != code}
    desk.edit_for_good(replace(desk.catalog, invitations=left), "招待を取り消しました")
    desk.say("招待を取り消しました。その1行を送っても、もう何も起きません。", tap("スタッフ追加"), tap("スタッフ"))


@staff.command("役割", alias=("やくわり", "role"), usage="役割 名前 役割", needs=Role.OWNER, acts=True)
def change_role(desk: Desk, words: StaffWords) -> None:
    """スタッフの役割を変えます。例：役割 鈴木 送信者"""
    name, _, wanted = words.rpartition(" ")
    role = next((one for one in Role if one.value == wanted and one is not Role.OWNER), None)
    if role is None:
        who, one = found(desk, words)
        _refuse_owner(one)
        choices = (Role.VIEWER, Role.SENDER, Role.EDITOR)
        taps = tuple(Tap(label=one_role.value, says=f"役割 {one.name} {one_role.value}") for one_role in choices)
        desk.say(f"{_called(one)}はいま{one.role.value}です。どの役割にしますか？", *taps, tap("スタッフ"))
        return
    who, one = found(desk, name)
    _refuse_owner(one)
    desk.edit_for_good(with_staff(desk, who, replace(one, role=role)), f"{_called(one)}を{role.value}にしました")
    desk.say(
        f"{_called(one)}を{role.value}にしました（{WHAT[role]}）。",
        Tap(label=f"{one.role.value}に戻す", says=f"役割 {one.name} {one.role.value}"),
        tap("スタッフ"),
        tap("ホーム"),
    )


def _refuse_owner(one: Staff) -> None:
    if one.role is Role.OWNER:
        raise CommandError("所有者の役割は「ゆずる」からだけ変えられます。", tap("スタッフ"))


def with_staff(desk: Desk, who: FriendId, one: Staff) -> Catalog:
    return replace(desk.catalog, staff={**desk.catalog.staff, who: one})


@staff.command("スタッフ外す", alias=("担当外す", "remove"), usage="スタッフ外す 名前", needs=Role.OWNER)
def ask_remove(desk: Desk, words: StaffWords) -> None:
    """スタッフを外します。何が起きるかを見せてから外します。"""
    who, one = found(desk, words)
    if who == desk.me or one.role is Role.OWNER:
        raise CommandError("所有者は外せません。先に「ゆずる」で所有者を代わってください。", tap("スタッフ"))
    mine = _unfinished(desk, who, one)
    moves = f"作りかけ{len(mine)}件（{'・'.join(mine)}）はあなたに移ります。" if mine else ""
    desk.say(
        f"{_called(one)}は管理ができなくなり、管理のメニューも消えます。{moves}友だちとしては残ります。",
        Tap(label="外す", says=f"do:外す {who}"),
        Tap(label="やめる", says="スタッフ"),
        where=f"スタッフ ▸ {_called(one)} ▸ 外す",
    )


@staff.command("do:外す", needs=Role.OWNER, acts=True, hidden=True)
def remove(desk: Desk, words: Words) -> None:
    """外すことを確かめた画面から、スタッフを外します。"""
    one = desk.catalog.staff.get(FriendId(words))
    if one is None:
        raise CommandError("その方は、もうスタッフではありません。", tap("スタッフ"))
    left = {who: each for who, each in desk.catalog.staff.items() if str(who) != words}
    mine = _unfinished(desk, FriendId(words), one)
    desk.aside = [*map(dict, desk.reports.unsaved(FriendId(words))), *desk.aside][:_MOST_ASIDE]
    plans = {
        key: replace(entry, changed_by=desk.my_name) if entry.draft and entry.changed_by == one.name else entry
        for key, entry in desk.catalog.plans.items()
    }
    desk.edit_for_good(replace(desk.catalog, staff=left, plans=plans), f"{_called(one)}をスタッフから外しました")
    desk.do_for(FriendId(words), LinkMenu(menu=""))
    desk.order(Order(event=BecameFriend(at=desk.now), friend=FriendId(words)))
    moved = f"作りかけ{len(mine)}件（{'・'.join(mine)}）はあなたに移りました。" if mine else ""
    desk.say(
        f"{_called(one)}をスタッフから外しました。{moved}もう一度お願いするときは、新しく招待してください。",
        tap("スタッフ追加"),
        tap("スタッフ"),
        tap("ホーム"),
    )


@staff.command("ゆずる", alias=("transfer",), usage="ゆずる 名前", needs=Role.OWNER)
def ask_transfer(desk: Desk, words: StaffWords) -> None:
    """所有者をほかのスタッフにゆずります。"""
    who, one = found(desk, words)
    if who == desk.me:
        raise CommandError("あなたはもう所有者です。", tap("スタッフ"))
    desk.say(
        f"{_called(one)}が所有者になり、あなたは編集者になります。元に戻せるのは{_called(one)}だけです。",
        Tap(label="ゆずる", says=f"do:ゆずる {who}"),
        Tap(label="やめる", says="スタッフ"),
        where=f"スタッフ ▸ {_called(one)} ▸ ゆずる",
    )


@staff.command("do:ゆずる", needs=Role.OWNER, acts=True, hidden=True)
def transfer(desk: Desk, words: Words) -> None:
    """ゆずることを確かめた画面から、所有者を代わります。"""
    one = desk.catalog.staff.get(FriendId(words))
    if one is None:
        raise CommandError("その方は、もうスタッフではありません。", tap("スタッフ"))
    new = {FriendId(words): replace(one, role=Role.OWNER), desk.me: replace(desk.staff, role=Role.EDITOR)}
    desk.edit_for_good(
        replace(desk.catalog, staff={**desk.catalog.staff, **new}), f"所有者を{_called(one)}にゆずりました"
    )
    desk.say(f"{_called(one)}が所有者になりました。あなたは編集者です。", tap("スタッフ"), tap("ホーム"))
