"""登録: the first owner by a one-time code, a member of staff by an invitation. Anything else is ordinary text."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from admin_commands.screens import Button, Screen, Tap, command_data, label, render, text_bubble
from flows.catalog import Catalog, Invitation, Role, Staff
from flows.desk import ADMIN_MENU, Change, Console, ConsoleDecision, Order
from flows.effects import Bubble, LinkMenu
from flows.events import BecameStaff
from flows.names import FriendId, narrow

MOST_WRONG = 5
LOCKED_FOR = timedelta(hours=1)
_LINE = re.compile(
    r"[/]?(?:登録|とうろく|claim)\s+([0-9A-Za-z][0-9A-Za-z\s\-ー‐−]{2,30}?)(?:\s+(なる|ちがう))?[。!]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What became of a claim. `decision` None: to the sender it was ordinary text; `console` is kept all the same."""

    console: Console
    decision: ConsoleDecision | None = None


def claim(  # noqa: PLR0917 - the port's signature
    text: str, sender: FriendId, catalog: Catalog, console: Console, owner_code: str, now: datetime, name: str = ""
) -> Claim | None:
    """What `登録 <コード>` from somebody who is not staff does; None: the text is no claim at all.

    Five wrong codes lock the sender for an hour, in which even the right one is ordinary text. `owner_code`
    counts as long as there is no owner. `name` is the sender's display name, for the staff list.
    """
    line = _LINE.match(narrow(text).strip())
    if line is None or sender in catalog.staff:
        return None
    if console.locked_until and now < console.locked_until:
        return Claim(console=console)
    code = bare_code(line[1])
    if owner_code and not _has_owner(catalog) and hmac.compare_digest(code.encode(), bare_code(owner_code).encode()):
        return _become(_Sender(id=sender, name=name, console=console, now=now), Role.OWNER, catalog)
    invitation = _invitation(catalog, code, now)
    if invitation is None:
        return Claim(console=_one_more_wrong(console, now))
    return _invited(line[2] or "", code, invitation, _Sender(id=sender, name=name, console=console, now=now), catalog)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender:
    id: FriendId
    name: str
    console: Console
    now: datetime


def bare_code(code: str) -> str:
    """A code without its hyphens and blanks, in capitals."""
    return re.sub(r"[^0-9A-Z]", "", narrow(code).upper())


def _has_owner(catalog: Catalog) -> bool:
    return any(staff.role is Role.OWNER for staff in catalog.staff.values())


def _invitation(catalog: Catalog, code: str, now: datetime) -> Invitation | None:
    open_ones = ((bare_code(key), one) for key, one in catalog.invitations.items() if now < one.expires)
    return next((one for key, one in open_ones if hmac.compare_digest(key.encode(), code.encode())), None)


def _one_more_wrong(console: Console, now: datetime) -> Console:
    wrong = 1 if console.locked_until and now >= console.locked_until else console.wrong_codes + 1
    return replace(console, wrong_codes=wrong, locked_until=now + LOCKED_FOR if wrong >= MOST_WRONG else None)


def _invited(answer: str, code: str, invitation: Invitation, sender: _Sender, catalog: Catalog) -> Claim:
    """The invited person is asked once before she stops being a friend of the account."""
    if answer == "なる":
        return _become(sender, invitation.role, _used(catalog, code))
    if answer == "ちがう":
        bubbles, after = (text_bubble("わかりました。登録はしていません。"),), _used(catalog, code)
        decision = ConsoleDecision(console=sender.console, catalog=after, bubbles=bubbles)
        return Claim(console=sender.console, decision=decision)
    asked = ConsoleDecision(console=sender.console, bubbles=(_ask(catalog, invitation, code),))
    return Claim(console=sender.console, decision=asked)


def _used(catalog: Catalog, code: str) -> Catalog:
    return replace(catalog, invitations={k: one for k, one in catalog.invitations.items() if bare_code(k) != code})


def _ask(catalog: Catalog, invitation: Invitation, code: str) -> Bubble:
    shop = catalog.account.name or "このアカウント"
    text = (
        f"{shop}の「{invitation.role.value}」になりますか？\nふだんの配信は届かなくなります。\n\n"
        f"ボタンがないときは「登録 {code} なる」と送ってください。"
    )
    says = [("なる", f"登録 {code} なる"), ("ちがう", f"登録 {code} ちがう")]
    items = [{"type": "action", "action": {"type": "message", "label": one, "text": words}} for one, words in says]
    return {"type": "text", "text": text, "quickReply": {"items": items}}


def _become(sender: _Sender, role: Role, catalog: Catalog) -> Claim:
    staff = {**catalog.staff, sender.id: Staff(role=role, name=sender.name, since=sender.now)}
    screen = _welcome(role)
    number = sender.console.screen + 1
    buttons = tuple(Button(label=label(one.label), data=command_data(one.words)) for one in screen.taps)
    fresh = Console(
        admin=sender.id,
        screen=number,
        taps=tuple(one.words for one in screen.taps),
        labels=tuple(one.label for one in screen.taps),
        shown=screen.words(),
        told=sender.now,
    )
    done = f"{sender.name}が{role.value}になりました" if sender.name else f"{role.value}として登録しました"
    decision = ConsoleDecision(
        console=fresh,
        bubbles=render(screen, buttons),
        catalog=replace(catalog, staff=staff),
        changes=(Change(words=done),),
        orders=(Order(event=BecameStaff(at=sender.now), friend=sender.id),),
        effects=(LinkMenu(menu=ADMIN_MENU),),
    )
    return Claim(console=fresh, decision=decision)


def _welcome(role: Role) -> Screen:
    """The first screen: what one is now, and where to begin."""
    if role is Role.OWNER:
        text = (
            "✅ 登録しました。あなたが所有者です。\n"
            "このトークが、そのまま管理の画面になります。ここでのやりとりは何回でも0通です。\n\n"
            "まずはシナリオ（ステップ配信）を1つ作ってみませんか？\n"
            "台本をお持ちなら、そのまま貼り付けても始められます。"
        )
        taps = ("シナリオ作成", "テンプレ", "ヘルプ", "ホーム")
    else:
        text = (
            f"✅ {role.value}になりました。\n"
            "このトークが、そのまま管理の画面になります。ここでのやりとりは何回でも0通です。\n"
            "できることは「ヘルプ」で見られます。"
        )
        taps = ("ホーム", "シナリオ", "友だち", "ヘルプ")
    return Screen(text=text, taps=tuple(Tap(label=one) for one in taps), lasts=True)
