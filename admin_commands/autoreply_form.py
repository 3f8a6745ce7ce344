"""An auto-reply in the making: the word, how it is met, the answer, what else happens, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from admin_commands.autoreply_words import clashes, details, rest_words, saying
from admin_commands.content import with_contents
from admin_commands.desk import CommandError, Desk
from admin_commands.edits import with_names_of
from admin_commands.preview import sample_fill, shown
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import bubble_of, kept_bubble, message_of, misread, read_actions
from admin_commands.wizard import Answer, Page, Wizard, begin, turn_to
from flows.actions import EndScenario, GoTo, JumpTo
from flows.autoreplies import KEPT
from flows.catalog import AutoReply
from flows.names import fold, narrow
from flows.quoting import quoted
from flows.scenario import Say, State, Survey
from flows.script import Problem, actions_of_body, parse_effects, parse_windows
from flows.triggers import KeywordSaid
from flows.triggers.sayings import Match

FORM = "自動応答作成"
_MATCHES = {"ぴったり同じ": Match.EXACT, "含む": Match.CONTAINS, "で始まる": Match.STARTS}
_SAVE, _MORE, _REWRITE = "これで保存", "吹き出しを足す", "書き直す"
_EFFECTS, _WHEN, _REST, _RANK = "することを足す", "時間を決める", "続けて返さない", "優先を決める"
_NO_BODY, _ALWAYS, _NO_REST, _NONE = "文はなし", "いつでも", "毎回返す", "何もしない"
_RANKS = {"先に返す": -1, "ふつう": 0, "後にする": 1}
_REST_FORM = re.compile(r"(\d{1,3})(分|時間|日)")
_UNITS = {"分": 60, "時間": 3600, "日": 86400}


def begin_form(desk: Desk, words: str) -> None:
    """Open the form: for a new word, or with what there is under this one."""
    there = desk.catalog.autoreplies.get(fold(words))
    if there is not None and isinstance(there.trigger, KeywordSaid):
        begin(desk, FORM, "after", _form_of(there))
        return
    begin(desk, FORM, "keyword", {"name": "", "bubbles": []})
    if words:
        _take_keyword(desk, Answer(text=words))


def _form_of(one: AutoReply) -> dict[str, object]:
    assert isinstance(one.trigger, KeywordSaid)
    return {
        "name": one.name,
        "match": one.trigger.match.value,
        "bubbles": [kept_bubble(message) for message in one.messages],
        "effects": "、".join(action.words() for action in one.actions),
        "hours": "、".join(window.words for window in one.hours),
        "rest": int(one.rest.total_seconds()) if one.rest else 0,
        "rank": one.rank,
    }


def _where(desk: Desk) -> str:
    return f"自動応答 ▸ {desk.form['name']}"


# -- the word and how it is met -----------------------------------------------------------------------------------


def _ask_keyword(_: Desk) -> Screen:
    return Screen(text="どんな言葉が送られてきたら返事をしますか？ 例：営業時間", where="自動応答 ▸ 作る")


def _take_keyword(desk: Desk, given: Answer) -> None:
    word = " ".join(given.text.split()).strip("「」")
    if not 1 <= len(word) <= 20:
        raise CommandError(f"言葉は1〜20文字です（{len(word)}文字ありました）。例：営業時間")
    turn_to(desk, "match", name=word)


def _ask_match(desk: Desk) -> Screen:
    used = "（同じ言葉の返事が、これで入れ替わります）" if fold(desk.form["name"]) in desk.catalog.autoreplies else ""
    return Screen(text=f"どう送られたら返事をしますか？{used}", taps=tuple(map(tap, _MATCHES)), where=_where(desk))


def _take_match(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in _MATCHES:
        raise CommandError(f"「{said}」は選べませんでした。迷ったら［ぴったり同じ］で大丈夫です。")
    turn_to(desk, "body", match=_MATCHES[said].value)


# -- the answer ---------------------------------------------------------------------------------------------------


def _ask_body(desk: Desk) -> Screen:
    return Screen(text="返事の本文を送ってください。写真や動画も送れます。", taps=(tap(_NO_BODY),), where=_where(desk))


def _take_body(desk: Desk, given: Answer) -> None:
    if not given.what and narrow(given.text).strip() == _NO_BODY:
        turn_to(desk, "effects")
        return
    bubble = bubble_of(given)
    desk.put(shown(message_of(bubble), sample_fill(desk)))
    turn_to(desk, "after", bubbles=[*desk.form["bubbles"], bubble])


def _ask_after(desk: Desk) -> Screen:
    count = len(desk.form["bubbles"])
    more = (tap(_MORE),) if count < 5 else ()
    again = (tap(_REWRITE),) if count else ()
    lines = details(_reply_of(desk))
    got = f"受け取りました（吹き出し{count}つ・最大5つ・0通）。" if count else "返事の文はありません。"
    return Screen(
        text="\n".join([got, *lines]),
        taps=(tap(_SAVE), *more, *again, tap(_EFFECTS), tap(_WHEN), tap(_REST), tap(_RANK)),
        where=_where(desk),
    )


def _take_after(desk: Desk, given: Answer) -> None:
    match narrow(given.text).strip():
        case "吹き出しを足す":
            turn_to(desk, "body")
        case "書き直す":
            turn_to(desk, "body", bubbles=desk.form["bubbles"][:-1])
        case "することを足す":
            turn_to(desk, "effects")
        case "時間を決める":
            turn_to(desk, "hours")
        case "続けて返さない":
            turn_to(desk, "rest")
        case "優先を決める":
            turn_to(desk, "rank")
        case "これで保存":
            _save(desk)
        case other:
            raise CommandError(f"「{other}」は選べませんでした。［{_SAVE}］で使えるようになります。")


# -- what else happens, and when ----------------------------------------------------------------------------------


def _ask_effects(desk: Desk) -> Screen:
    offered = (*_live_plans(desk), *(tap(f"タグ {quoted(one.name)}") for one in list(desk.catalog.tags.values())[:3]))
    return Screen(
        text="返事のほかに何をしますか？ 「、」でつなげて書けます。例：アンケート 肌診断、タグ お問い合わせ",
        taps=(*offered, tap("知らせる"), tap("返信待ち"), tap(_NONE)),
        where=_where(desk),
    )


def _live_plans(desk: Desk) -> Iterator[Tap]:
    live = [entry for entry in desk.catalog.plans.values() if entry.state is State.LIVE and entry.live]
    for entry in live[:4]:
        word = "アンケート" if isinstance(entry.live, Survey) else "シナリオ開始"
        yield tap(f"{word} {quoted(entry.name)}")


def _take_effects(desk: Desk, given: Answer) -> None:
    if narrow(given.text).strip() == _NONE:
        if not desk.form["bubbles"]:
            raise CommandError("返事の文もすることもないと、何も起こりません。どちらかを決めてください。")
        turn_to(desk, "after", effects="")
        return
    actions = read_actions(given.text)
    if any(isinstance(one, GoTo | JumpTo | EndScenario) for one in actions):
        raise CommandError("「道」「質問」「終わる」は、シナリオの中でだけ使えます。ほかのことを書いてください。")
    turn_to(desk, "after", effects="、".join(action.words() for action in actions))


def _ask_hours(desk: Desk) -> Screen:
    return Screen(
        text="いつ返事をしますか？ 例：平日 9:00-18:00、土日 10:00-17:00\n夜のあいだだけなら 毎日 18:00-9:00 のように書きます。",
        taps=(tap(_ALWAYS), tap("平日 9:00-18:00"), tap("毎日 18:00-9:00")),
        where=_where(desk),
    )


def _take_hours(desk: Desk, given: Answer) -> None:
    if narrow(given.text).strip() == _ALWAYS:
        turn_to(desk, "after", hours="")
        return
    found = parse_windows(given.text)
    if isinstance(found, Problem):
        raise CommandError(misread(found))
    turn_to(desk, "after", hours="、".join(window.words for window in found))


def _ask_rest(desk: Desk) -> Screen:
    return Screen(
        text="同じ人に続けて返さない間を送ってください。例：1日、12時間",
        taps=(tap(_NO_REST), tap("1時間"), tap("1日"), tap("7日")),
        where=_where(desk),
    )


def _take_rest(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    found = _REST_FORM.fullmatch(said)
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if said != _NO_REST and not 0 < seconds <= KEPT.total_seconds():
        raise CommandError(f"「{said}」は長さとして読めませんでした（{rest_words(KEPT)}まで）。例：1日、12時間")
    turn_to(desk, "after", rest=seconds)


def _ask_rank(desk: Desk) -> Screen:
    text = "ほかの自動応答にも当てはまるとき、どれを返しますか？ 返すのはいつも1つです。ふつうは、長い言葉が先です。"
    return Screen(text=text, taps=tuple(map(tap, _RANKS)), where=_where(desk))


def _take_rank(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in _RANKS:
        raise CommandError(f"「{said}」は選べませんでした。下から選んでください。")
    turn_to(desk, "after", rank=_RANKS[said])


# -- keeping it ---------------------------------------------------------------------------------------------------


def _reply_of(desk: Desk) -> AutoReply:
    form = desk.form
    hours = parse_windows(form["hours"]) if form.get("hours") else ()
    actions = parse_effects(form["effects"]) if form.get("effects") else ()
    assert not isinstance(hours, Problem), "the form keeps only what was read"
    assert not isinstance(actions, Problem), "the form keeps only what was read"
    return AutoReply(
        name=form["name"],
        trigger=KeywordSaid(keyword=form["name"], match=Match(form["match"])),
        messages=tuple(message_of(one) for one in form["bubbles"]),
        actions=actions,
        rank=form.get("rank", 0),
        hours=hours,
        rest=timedelta(seconds=form["rest"]) if form.get("rest") else None,
    )


def _save(desk: Desk) -> None:
    one = _reply_of(desk)
    name = one.name
    said = actions_of_body(tuple(Say(message=message) for message in one.messages))
    catalog = with_names_of(desk.catalog, (*one.actions, *said))
    desk.edit(
        replace(catalog, autoreplies={**catalog.autoreplies, fold(name): one}), f"自動応答「{name}」を保存しました"
    )
    desk.close_form()
    lines = [f"✅ {saying(one)}に返事をするようにしました（0通）。", *details(one), *clashes(one, desk.catalog)]
    desk.say(
        "\n".join(lines),
        tap("取消"),
        Tap(label="開く", says=f"自動応答 {name}"),
        tap("自動応答作成"),
        tap("自動応答"),
        tap("ホーム"),
        where=f"自動応答 ▸ {name}",
    )


autoreply_form = Wizard(
    name=FORM,
    pages=with_contents(
        {
            "keyword": Page(ask=_ask_keyword, take=_take_keyword, body=True),
            "match": Page(ask=_ask_match, take=_take_match),
            "body": Page(ask=_ask_body, take=_take_body, body=True),
            "after": Page(ask=_ask_after, take=_take_after),
            "effects": Page(ask=_ask_effects, take=_take_effects, own=True),
            "hours": Page(ask=_ask_hours, take=_take_hours),
            "rest": Page(ask=_ask_rest, take=_take_rest),
            "rank": Page(ask=_ask_rank, take=_take_rank),
        },
        at_once=True,
    ),
)
