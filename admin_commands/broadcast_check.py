"""一斉配信, the end: when, what it costs, and the word that lets it go."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from admin_commands.ab_goals import aim_of
from admin_commands.broadcast_change import PAGES as CHANGES
from admin_commands.broadcast_change import PHOTO, TEXT, change, look, look_taps, looks_at
from admin_commands.broadcast_form import (
    NO_TEST,
    VARIANTS,
    audience_of,
    body_of,
    condition_of,
    is_this_month,
    left_this_month,
    me,
    moment,
    opens,
    others_planned,
    people_of,
    shown,
)
from admin_commands.broadcast_planning import plan
from admin_commands.broadcast_waves import BY_HAND
from admin_commands.broadcast_when import PAGES as WHENS
from admin_commands.broadcast_when import quiet
from admin_commands.broadcast_who import NEW, WHERE
from admin_commands.desk import CommandError, Desk, moment_words
from admin_commands.headcount import building, left_out, meaning, missed, nobody, notes
from admin_commands.quota import left_words, month_end
from admin_commands.screens import MOST_TAPS, Screen, Tap, tap
from admin_commands.wizard import Answer, Page, turn_to
from flows.aims import aim_words
from flows.broadcast import REST, Walkers, bubbles, splits
from flows.conditions import AllOf, Everyone
from flows.desk import HeadCount
from flows.names import narrow
from flows.scenario import Split, Variant
from flows.script import actions_of_body, new_names_of

TRY, MORE, MEND, LEAVE = "自分に試す（0通）", "続きを見る", "直す", "やめる"
WHEN = "送る日時"
NOBODY_THEN = "その日時に届けられる人は0人なので、このままでは送れません。日時か条件を変えてください。"
_MENDS = {"誰に": "who", "本文": "body", "日時": "when", "目的": "purpose"}
_ROOM = 4


# -- the check ----------------------------------------------------------------------------------------------------


def _ask_check(desk: Desk) -> Screen:
    found = people_of(desk, audience_of(desk))
    many = found.gets
    desk.form |= {"shown": many, "stamp": meaning(desk, audience_of(desk))}
    short = _short(desk, found)
    last = "" if short else _how_to_go(desk, many)
    lines = [
        _samples(desk),
        _head(desk, many),
        _out_words(found),
        _variants(desk),
        _new_names(desk),
        _cost(desk, many),
        _saved(desk, many),
        *notes(desk, condition_of(desk.form)),
        _young(desk),
        *_rules(desk),
        short,
        last,
    ]
    return Screen(text="\n".join(line for line in lines if line), taps=_check_taps(desk, found, short), where=WHERE)


def _out_words(found: HeadCount) -> str:
    words = left_out(found)
    return f"{words}（人数に入れていません）" if words else ""


def _head(desk: Desk, many: int) -> str:
    when = "今から" if desk.form["at"] == "now" else f"{moment_words(moment(desk), desk.catalog)} に、"
    count = bubbles(body_of(desk.form))
    each = f"（吹き出し{count}つで1通）" if count > 1 else ""
    return f"{when}{many:,}人へ（{many:,}通）{each}"


def _samples(desk: Desk) -> str:
    """Which variant is which, of the bubbles that were just shown."""
    first, last = desk.form.pop("just_seen", (0, 0))
    names = [name for name, one in zip(VARIANTS, desk.form["variants"], strict=False) for _ in one]
    many = "、".join(f"{name}案 {count}つ" for name, count in Counter(names[first:last]).items())
    return f"見本は、上から {many}です。\n" if many and len(desk.form["variants"]) > 1 else ""


def _new_names(desk: Desk) -> str:
    """The tags and scores that its buttons bring into being, so that a slip shows before it goes."""
    new = new_names_of(actions_of_body(body_of(desk.form)), desk.catalog)
    return "\n".join(f"新しく作られる{one.sentence()}" for one in new)


def _variants(desk: Desk) -> str:
    split = splits(body_of(desk.form))
    if split is None:
        return ""
    shares = "・".join(_share_words(desk, one) for one in split.variants)
    decides = aim_words(aim_of(desk.form["aim"]), desk.form["goal"])
    return f"くらべます：{shares}（{decides}で決めます）{_rest(desk, split)}"


def _share_words(desk: Desk, one: Variant) -> str:
    if one.name == REST:
        return f"残り {one.share}%"
    at = moment_words(moment_of(desk, one.name), desk.catalog)
    return f"{one.name}案 {one.share}%{f' {at}' if one.when else ''}"


def moment_of(desk: Desk, name: str) -> datetime:
    """When this variant goes."""
    written = desk.form["whens"].get(name, "")
    return datetime.fromisoformat(written).replace(tzinfo=desk.catalog.account.tz) if written else moment(desk)


def _rest(desk: Desk, split: Split) -> str:
    """What becomes of those who wait for the better one."""
    if all(one.name != REST for one in split.variants):
        return ""
    if desk.form["wait"] == BY_HAND:
        return "\n残りの人へは、結果を見て案を決めると送ります。"
    last = max(moment_of(desk, one.name) for one in split.variants if one.name != REST)
    at = last + timedelta(minutes=desk.form["wait"])
    words = moment_words(opens(at, desk.catalog) or at, desk.catalog)
    return f"\n残りの人へは {words} に良い方を送ります（差がはっきりしないとき：{desk.form['unclear']}）。"


def _cost(desk: Desk, many: int) -> str:
    left = left_this_month(desk)
    if left is None:
        return f"{left_words(desk)}。"
    if not is_this_month(desk, moment(desk)):
        return "来月の通数から使います。"
    due = desk.reports.scheduled(month_end(desk.now, desk.catalog)) + others_planned(desk)
    after = left - many
    seen = (
        f"（月末には{max(0, after - due):,}通ほど残る見込み）"
        if after >= due
        else "（月末までの予定には足りなさそうです）"
    )
    return f"残り {left:,} → {after:,}通{seen}" if after >= 0 else ""


def _saved(desk: Desk, many: int) -> str:
    spared = people_of(desk, Everyone()).gets - many
    return f"全員に送るより{spared:,}通少なくて済みます。" if spared > 0 else ""


def _young(desk: Desk) -> str:
    """Who joined lately, unless the page about them has said it."""
    many = 0 if desk.form.get("asked_overlap") else people_of(desk, AllOf(of=(audience_of(desk), NEW))).gets
    return f"うち{many:,}人は、登録から3日たっていません。" if many else ""


def _rules(desk: Desk) -> list[str]:
    account = desk.catalog.account
    closes = account.quiet_from != account.quiet_until
    walkers = desk.form["walkers"] == Walkers.SKIP.value
    return [
        f"送らない時間帯（{quiet(desk)}）には当たりません。" if closes else "",
        "シナリオの途中の人は除きます。" if walkers and not desk.form.get("later") else "",
        f"途中の人には、{desk.form['later']}日後の同じ時刻に送ります。" if desk.form.get("later") else "",
        "送る時にもう一度調べ、条件から外れた人と配信停止の人は外します。送ったあとは取り消せません。",
    ]


def _short(desk: Desk, found: HeadCount) -> str:
    """What there are too few of; "" when nothing is in the way."""
    many = found.gets
    if building(desk):
        return "名簿の整理が終わるまで、送れません。数分後にもう一度開いてください（作りかけは残っています）。"
    if not many:
        return NOBODY_THEN if found.left_out else nobody(desk, found)
    left = left_this_month(desk)
    if left is not None and is_this_month(desk, moment(desk)) and many > left:
        return (
            f"今月の残りは{left:,}通で、{many:,}人には{many - left:,}通足りません。\n"
            "絞り込むか、来月の日時にしてください（作りかけは残っています）。"
        )
    opening = opens(moment(desk), desk.catalog)
    if opening is not None:
        return f"いまは送らない時間帯（{quiet(desk)}）です。日時を選び直してください。"
    gone = [name for name in desk.form["whens"] if moment_of(desk, name) <= moment(desk)]
    if gone:
        return f"{'・'.join(gone)}案の日時が、A案より後になっていません。日時を選び直してください。"
    if moment(desk) < desk.now:
        return f"{moment_words(moment(desk), desk.catalog)} はもう過ぎています。日時を選び直してください。"
    return ""


def _is_large(desk: Desk, many: int) -> bool:
    return many >= desk.catalog.account.count_confirm_from


def _how_to_go(desk: Desk, many: int) -> str:
    if not _is_large(desk, many):
        return ""
    # A small number by itself is that of a button.
    return (
        f"よければ人数「{many}」を送ってください。" if many > MOST_TAPS else f"よければ「{many}人」と送ってください。"
    )


def _go_words(many: int) -> str:
    return f"{many}人に送る"


def _check_taps(desk: Desk, found: HeadCount, short: str) -> tuple[Tap, ...]:
    names = look_taps(found.gets, missed(found))
    if short:
        return (*(tap(word) for word in _MENDS), *names, tap(LEAVE))
    go = () if _is_large(desk, found.gets) else (tap(_go_words(found.gets)),)
    seen = desk.form.get("seen", 0)
    more = (tap(MORE),) if 0 < seen < sum(map(len, desk.form["variants"])) else ()
    return (*go, tap(TRY), *more, tap(TEXT), tap(PHOTO), tap(WHEN), *names, tap(MEND), tap(LEAVE))


def _take_check(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    match said:
        case "自分に試す(0通)" | "自分に試す":
            _try(desk, 0)
        case "続きを見る":
            _try(desk, desk.form.get("seen", 0))
        case "直す":
            turn_to(desk, "mend")
        case "文" | "写真":
            change(desk, said)
        case "送る日時":
            turn_to(desk, "when")
        case _ if said in _MENDS:
            _mend(desk, said)
        case _ if (which := looks_at(said)) is not None:
            look(desk, which)
        case _:
            _go(desk, said)


def _try(desk: Desk, start: int) -> None:
    """Show the one who speaks what a friend would get."""
    found = shown(desk, me(desk))
    desk.put(*found[start : start + _ROOM])
    desk.form["seen"] = min(len(found), start + _ROOM)
    desk.form["just_seen"] = [start, desk.form["seen"]]


def _go(desk: Desk, said: str) -> None:
    found = people_of(desk, audience_of(desk))
    many = found.gets
    if _short(desk, found):
        return
    if desk.form.get("stamp") != meaning(desk, audience_of(desk)):
        raise CommandError(
            "この画面のあとで、使っている絞り込みの条件が変わりました。人数を見直してください。まだ何も送っていません。"
        )
    typed = said.replace(",", "").removesuffix("に送る").removesuffix("人")
    if not typed.isdecimal():
        raise CommandError(f"「{said}」は選べませんでした。まだ何も送っていません。")
    if int(typed) != many:
        before = desk.form.get("shown", 0)
        moved = f"人数が{before}人から{many}人に変わっています。" if before != many else "人数が合いません。"
        raise CommandError(f"{moved}まだ何も送っていません。")
    plan(desk)


# -- mending ------------------------------------------------------------------------------------------------------


def _ask_mend(_: Desk) -> Screen:
    return Screen(text="どこを直しますか？", taps=tuple(map(tap, _MENDS)), where=WHERE)


def _take_mend(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in _MENDS:
        raise CommandError(f"「{said}」は選べませんでした。下から選んでください。")
    _mend(desk, said)


def _mend(desk: Desk, what: str) -> None:
    fresh = {"variants": [[]], "seen": 0} | NO_TEST if what == "本文" else {}
    turn_to(desk, _MENDS[what], **fresh)


PAGES = {
    **CHANGES,
    **WHENS,
    "check": Page(ask=_ask_check, take=_take_check),
    "mend": Page(ask=_ask_mend, take=_take_mend),
}
