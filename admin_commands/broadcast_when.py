"""一斉配信: when it goes."""

from __future__ import annotations

from admin_commands.broadcast_form import opens
from admin_commands.broadcast_who import WHERE
from admin_commands.desk import CommandError, Desk, local, moment_words
from admin_commands.picking import pick_moment, typed
from admin_commands.screens import Screen, tap
from admin_commands.sketch import misread
from admin_commands.wizard import Answer, Page, turn_to
from flows.script import Problem, parse_moment


def _ask_when(desk: Desk) -> Screen:
    here = local(desk.now, desk.catalog)
    evening = (tap("今日19:00"),) if here.hour < 19 else ()
    return Screen(
        text="いつ送りますか？ 文字でもOK：土曜10時、8/10 20時",
        taps=(tap("今から"), *evening, tap("明日10:00"), pick_moment(desk)),
        where=WHERE,
    )


def _take_when(desk: Desk, given: Answer) -> None:
    typed(given.text)
    at = parse_moment(given.text, desk.now, desk.catalog.account.tz)
    if isinstance(at, Problem):
        mends = (tap(mend.becomes) for mend in at.mends if mend.becomes)
        raise CommandError(misread(at), *mends)
    opening = opens(at, desk.catalog)
    if opening is not None:
        says = moment_words(opening, desk.catalog)
        raise CommandError(
            f"{moment_words(at, desk.catalog)} は、送らない時間帯（{quiet(desk)}）に当たります。"
            f"ほかの日時を送ってください。いちばん早いのは {says} です。"
        )
    whens = dict.fromkeys(desk.form["whens"], "")
    page = "when_too" if whens else "check"
    turn_to(desk, page, at="now" if at == desk.now else at.isoformat(), whole=not whens, whens=whens)


def quiet(desk: Desk) -> str:
    """21〜8時: the hours in which nothing is sent."""
    account = desk.catalog.account
    return f"{account.quiet_from.hour}〜{account.quiet_until.hour}時"


PAGES = {"when": Page(ask=_ask_when, take=_take_when)}
