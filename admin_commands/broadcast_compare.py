"""一斉配信, where variants are compared: how friends are divided, what decides, and what the rest gets."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from admin_commands.ab_goals import EVEN, goal_named, goal_taps, read_shares
from admin_commands.broadcast_form import body_of, moment, opens
from admin_commands.broadcast_waves import BY_HAND
from admin_commands.broadcast_who import WHERE, forward
from admin_commands.desk import CommandError, Desk, local, moment_words
from admin_commands.picking import pick_moment, typed
from admin_commands.screens import Screen, tap
from admin_commands.sketch import misread
from admin_commands.wizard import Answer, Page, turn_to
from flows.aims import Unclear
from flows.names import narrow
from flows.questions.numerals import arabic
from flows.script import Problem, parse_moment

TRIAL, BY_HAND_WORDS = "10%ずつ試して残りは良い方", "自分で決める"
UNCLEAR = {"送らずに聞く": Unclear.ASK, "多い方を送る": Unclear.AHEAD, "A案を送る": Unclear.FIRST}
WAITS = {"4時間後": 240, "1日後": 1440, "2日後": 2880}
LONGEST = timedelta(days=14)
_TRIAL = re.compile(r"(\d{1,3})%?ずつ(?:試して.*)?|(\d{1,3})%")
_WAIT = re.compile(r"(\d{1,4})\s*(分|時間|日)後?")
_MINUTES = {"分": 1, "時間": 60, "日": 1440}


def unclear_words(unclear: Unclear) -> str:
    """What is done with the rest if no difference shows, as screens say it."""
    return next(words for words, each in UNCLEAR.items() if each is unclear)


def _many(desk: Desk) -> int:
    return len(desk.form["variants"])


# -- how friends are divided --------------------------------------------------------------------------------------


def _ask_share(desk: Desk) -> Screen:
    example = {2: "70/30", 3: "40/30/30"}.get(_many(desk), "40/20/20/20")
    return Screen(
        text=f"どう分けますか？ 同じ人には、いつも同じ案が届きます。\n文字でもOK：{example}、20%ずつ試して残りは良い方",
        taps=(tap(EVEN), tap(TRIAL)),
        where=WHERE,
    )


def _take_share(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said == EVEN:
        turn_to(desk, "goal", share="even")
    elif found := _TRIAL.fullmatch(said):
        _try_first(desk, int(found[1] or found[2]))
    else:
        shares = read_shares(said, _many(desk), EVEN)
        turn_to(desk, "goal", share="/".join(map(str, shares)))


def _try_first(desk: Desk, each: int) -> None:
    tried = each * _many(desk)
    if each < 1 or tried >= 100:
        raise CommandError(
            f"{each}%ずつ{_many(desk)}案だと{tried}%になり、残りの人がいません。"
            f"{(100 - 1) // _many(desk)}%までにしてください。"
        )
    turn_to(desk, "goal", share="trial", each=each)


# -- what decides -------------------------------------------------------------------------------------------------


def _ask_goal(desk: Desk) -> Screen:
    return Screen(
        text="どちらが良いかを、何で決めますか？ タグなら、送ったあとに付いた人を数えます。",
        taps=goal_taps(desk, [body_of(desk.form)]),
        where=WHERE,
    )


def _take_goal(desk: Desk, given: Answer) -> None:
    goal, aim = goal_named(desk, given.text, [body_of(desk.form)])
    if desk.form["share"] == "trial":
        turn_to(desk, "wait", goal=goal, aim=aim)
    else:
        forward(desk, "when", goal=goal, aim=aim)


# -- the rest -----------------------------------------------------------------------------------------------------


def _ask_wait(desk: Desk) -> Screen:
    rest = 100 - desk.form["each"] * _many(desk)
    return Screen(
        text=f"残りの{rest}%には、どれだけ待って良い方を送りますか？ 文字でもOK：6時間後\n早く決めたくなったら、いつでも決められます。",
        taps=(*map(tap, WAITS), tap(BY_HAND_WORDS)),
        where=WHERE,
    )


def _take_wait(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said == BY_HAND_WORDS:
        forward(desk, "when", wait=BY_HAND, unclear="")
        return
    found = _WAIT.fullmatch(arabic(said))
    if found is None:
        raise CommandError(f"「{said}」は長さとして読めませんでした。「6時間後」のように送ってください。")
    minutes = int(found[1]) * _MINUTES[found[2]]
    if not timedelta(minutes=30) <= timedelta(minutes=minutes) <= LONGEST:
        raise CommandError(f"30分から{LONGEST.days}日のあいだで送ってください。")
    turn_to(desk, "unclear", wait=minutes)


def _ask_unclear(_: Desk) -> Screen:
    return Screen(
        text="その時に、差がはっきりしていなかったら、残りの人にはどうしますか？",
        taps=tuple(map(tap, UNCLEAR)),
        where=WHERE,
    )


def _take_unclear(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in UNCLEAR:
        raise CommandError(f"「{said}」は選べませんでした。迷ったら［送らずに聞く］が安心です。")
    forward(desk, "when", unclear=said)


# -- moments of their own -----------------------------------------------------------------------------------------


def without_moment(desk: Desk) -> str:
    """The first variant that goes at a moment of its own and has none yet, "" if there is none."""
    return next((name for name, at in desk.form["whens"].items() if not at), "")


def _ask_when_too(desk: Desk) -> Screen:
    first = moment_words(moment(desk), desk.catalog)
    return Screen(
        text=f"{without_moment(desk)}案は、いつ送りますか？（A案は {first}）\nA案より後の日時を送ってください。",
        taps=(pick_moment(desk, moment(desk)),),
        where=WHERE,
    )


def _take_when_too(desk: Desk, given: Answer) -> None:
    typed(given.text)
    at = parse_moment(given.text, desk.now, desk.catalog.account.tz)
    if isinstance(at, Problem):
        raise CommandError(misread(at), *(tap(mend.becomes) for mend in at.mends if mend.becomes))
    name = without_moment(desk)
    _fits(desk, at)
    written = local(at, desk.catalog).replace(tzinfo=None).isoformat()
    whens = {**desk.form["whens"], name: written}
    turn_to(desk, "when_too" if "" in whens.values() else "check", whens=whens, whole=True)


def _fits(desk: Desk, at: datetime) -> None:
    words = moment_words(at, desk.catalog)
    taken = [datetime.fromisoformat(one) for one in desk.form["whens"].values() if one]
    if at <= moment(desk):
        raise CommandError(f"{words} は、A案（{moment_words(moment(desk), desk.catalog)}）より後ではありません。")
    if local(at, desk.catalog).replace(tzinfo=None) in taken:
        raise CommandError(f"{words} の案は、もうあります。ほかの日時を送ってください。")
    opening = opens(at, desk.catalog)
    if opening is not None:
        raise CommandError(
            f"{words} は、送らない時間帯に当たります。いちばん早いのは {moment_words(opening, desk.catalog)} です。"
        )


PAGES = {
    "share": Page(ask=_ask_share, take=_take_share),
    "goal": Page(ask=_ask_goal, take=_take_goal),
    "wait": Page(ask=_ask_wait, take=_take_wait),
    "unclear": Page(ask=_ask_unclear, take=_take_unclear),
    "when_too": Page(ask=_ask_when_too, take=_take_when_too),
}
