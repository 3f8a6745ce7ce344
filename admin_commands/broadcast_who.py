"""一斉配信, the beginning: what for, and to whom."""

from __future__ import annotations

from typing import Any

from admin_commands.asking import read_condition
from admin_commands.broadcast_form import condition_of, people_of, who_words
from admin_commands.desk import CommandError, Desk
from admin_commands.headcount import nobody
from admin_commands.screens import Screen, Tap, tap
from admin_commands.wizard import Answer, Page, turn_to
from flows import codec
from flows.audience import for_walkers, walking
from flows.broadcast import Walkers
from flows.conditions import AllOf, Condition, Everyone, Except, JoinedDays, Named
from flows.conditions.compare import Bound
from flows.facts import Rule
from flows.names import fold, narrow
from flows.scenario import Purpose

WHERE = "一斉配信"
IN_TURN, SKIP, SEND, LATER, NEWCOMERS = "順に選ぶ", "除く", "そのまま送る", "途中の人は後日", "登録3日未満も除く"
DONE, AND, OR, LESS = "これで決める", "かつ", "または", "除外"
PURPOSES = {"動かす": Purpose.MOVE, "温める": Purpose.WARM, "つながる": Purpose.CONNECT}
NEW = JoinedDays(days=3, bound=Bound.UNDER)
"""Those who have not been warmed yet."""


def forward(desk: Desk, page: str, **answers: Any) -> None:
    """On to that page; where the form was whole already, back to the check; what is already written is not asked for."""
    page = "after" if page == "body" and desk.form["variants"][-1] else page
    turn_to(desk, "check" if desk.form.get("whole") else page, **answers)


def _ask_purpose(_: Desk) -> Screen:
    return Screen(
        text="今回の目的は？\n1 動かす（予約・購入のお願い）\n2 温める（お役立ち）\n3 つながる（雑談・近況）",
        taps=tuple(map(tap, PURPOSES)),
        where=WHERE,
        listed=True,
    )


def _take_purpose(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in PURPOSES:
        raise CommandError(f"「{said}」は選べませんでした。近いものを1つ選んでください。")
    forward(desk, "who", purpose=PURPOSES[said].value)


# -- to whom ------------------------------------------------------------------------------------------------------


def _ask_who(desk: Desk) -> Screen:
    saved = tuple(tap(one.name) for one in desk.catalog.segments.values())[:6]
    in_turn = (tap(IN_TURN),) if desk.catalog.tags else ()
    return Screen(
        text=f"誰に送りますか？（いま届く友だち {people_of(desk, Everyone()).gets:,}人）\n"
        "例：女性 かつ 興味=美容 除外 予約済／登録3日以上／全員",
        taps=(tap("全員"), *saved, *in_turn),
        where=WHERE,
    )


def _take_who(desk: Desk, given: Answer) -> None:
    words = given.text.strip()
    if narrow(words) == IN_TURN:
        turn_to(desk, "pick", picked="", joint="")
        return
    _chosen(desk, _read(desk, words))


def _read(desk: Desk, words: str) -> Condition:
    saved = desk.catalog.segments.get(fold(words.strip("「」")))
    if saved is not None:
        # By its name: what is saved under it when the time comes is what counts.
        return Named(name=saved.name)
    return read_condition(desk, words)


def _chosen(desk: Desk, condition: Condition) -> None:
    """Keep the condition, unless nobody is meant; go on to what should be known about those who are."""
    people = people_of(desk, condition)
    if not people.gets and Rule.CAP not in people.left_out:
        # A cap is of today: another day may be chosen.
        raise CommandError(nobody(desk, people))
    desk.form = {**desk.form, "who": codec.to_data(condition), "walkers": Walkers.SEND.value, "later": 0}
    desk.form = {key: value for key, value in desk.form.items() if key not in {"picked", "asked_overlap"}}
    half_way, new = _odd(desk, condition)
    if len(_overlap_taps(desk, half_way, new)) > 1:
        turn_to(desk, "overlap", asked_overlap=True)
    else:
        forward(desk, "body")


# -- in turn ------------------------------------------------------------------------------------------------------


def _ask_pick(desk: Desk) -> Screen:
    so_far = f"{desk.form['picked']} {desk.form['joint']} …\n" if desk.form["picked"] else ""
    return Screen(
        text=f"{so_far}タグを選ぶか、条件を書いてください。例：登録3日以上",
        taps=tuple(tap(tag.name) for tag in desk.catalog.tags.values())[:12],
        where=WHERE,
    )


def _take_pick(desk: Desk, given: Answer) -> None:
    term = _read(desk, given.text.strip()).words()
    picked, joint = desk.form["picked"], desk.form["joint"]
    words = f"{picked if joint == LESS else f'（{picked}）'} {joint} （{term}）" if picked else term
    turn_to(desk, "pick_more", picked=_read(desk, words).words())


def _ask_pick_more(desk: Desk) -> Screen:
    people = people_of(desk, _read(desk, desk.form["picked"]))
    return Screen(
        text=f"{desk.form['picked']} → {people.gets:,}人\n続けて絞りますか？",
        taps=(tap(DONE), *(Tap(label=f"{one} もう1つ", says=one) for one in (AND, OR, LESS))),
        where=WHERE,
    )


def _take_pick_more(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).split()[0] if given.text.strip() else ""
    if said in {AND, OR, LESS}:
        turn_to(desk, "pick", joint=said)
    elif narrow(given.text).strip() == DONE:
        _chosen(desk, _read(desk, desk.form["picked"]))
    else:
        raise CommandError(f"「{given.text}」は選べませんでした。［{DONE}］で次へ進みます。")


# -- those half way, and those who are new ------------------------------------------------------------------------


def _odd(desk: Desk, condition: Condition) -> tuple[int, int]:
    """How many of them are in the middle of a scenario, and how many joined less than three days ago."""
    midway = walking(desk.catalog)
    half_way = people_of(desk, AllOf(of=(condition, midway))).gets if midway else 0
    new = people_of(desk, AllOf(of=(condition, NEW))).gets
    return half_way, new


def _without(desk: Desk) -> int:
    return people_of(desk, for_walkers(condition_of(desk.form), Walkers.SKIP, desk.catalog)).gets


def _overlap_taps(desk: Desk, half_way: int, new: int) -> tuple[Tap, ...]:
    skip = (Tap(label=f"{SKIP}（{_without(desk):,}人）", says=SKIP),) if half_way and _without(desk) else ()
    later = (tap(LATER),) if skip else ()
    young = (tap(NEWCOMERS),) if new and people_of(desk, _less_new(desk)).gets else ()
    return (*skip, tap(SEND), *later, *young)


def _ask_overlap(desk: Desk) -> Screen:
    half_way, new = _odd(desk, condition_of(desk.form))
    lines = [who_words(desk)]
    if half_way:
        lines.append(f"うち{half_way:,}人はシナリオの途中です。重ねて送りますか？")
    if new:
        lines.append(f"登録から3日たっていない人が{new:,}人います。")
    return Screen(text="\n".join(lines), taps=_overlap_taps(desk, half_way, new), where=WHERE)


def _less_new(desk: Desk) -> Condition:
    return Except(base=condition_of(desk.form), less=NEW)


def _take_overlap(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    match said:
        case "除く":
            forward(desk, "body", walkers=Walkers.SKIP.value, later=0)
        case "そのまま送る":
            forward(desk, "body", walkers=Walkers.SEND.value, later=0)
        case "途中の人は後日":
            turn_to(desk, "later", walkers=Walkers.SKIP.value)
        case "登録3日未満も除く":
            _chosen(desk, _less_new(desk))
        case _:
            raise CommandError(f"「{said}」は選べませんでした。迷ったら［{SKIP}］が安心です。")


_DAYS = {"3日後": 3, "7日後": 7, "14日後": 14}


def _ask_later(_: Desk) -> Screen:
    return Screen(
        text="途中の人には、何日あとに送りますか？（そのときまだ受け取っていない人へ、同じ内容を送ります）",
        taps=tuple(map(tap, _DAYS)),
        where=WHERE,
    )


def _take_later(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in _DAYS:
        raise CommandError(f"「{said}」は選べませんでした。下から選んでください。")
    forward(desk, "body", later=_DAYS[said])


PAGES = {
    "purpose": Page(ask=_ask_purpose, take=_take_purpose),
    "who": Page(ask=_ask_who, take=_take_who),
    "pick": Page(ask=_ask_pick, take=_take_pick),
    "pick_more": Page(ask=_ask_pick_more, take=_take_pick_more),
    "overlap": Page(ask=_ask_overlap, take=_take_overlap),
    "later": Page(ask=_ask_later, take=_take_later),
}
