"""返信: one person writes to one person; her name and the cost are shown before it goes."""

from __future__ import annotations

from admin_commands.content import ONLY_LINKS, fitting, with_contents
from admin_commands.desk import CommandError, Desk
from admin_commands.friends import at, called
from admin_commands.preview import sample_fill, shown
from admin_commands.quota import left_words
from admin_commands.reading import MaybeWords, read_friend
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import MOST_BUBBLES, message_of
from admin_commands.wizard import Answer, Page, Wizard, answer, ask, begin, turn_to
from flows.catalog import Role
from flows.desk import Order
from flows.events import HandedBack, StaffSpoke
from flows.friend import Friend
from flows.messages import Message, buttons_of
from flows.names import narrow

reply = Family(name="友だち", about="友だちと話す")
FORM = "返信"
_SEND, _MORE, _REWRITE = "送る", "吹き出しを足す", "書き直す"


@reply.command(
    "返信",
    alias=("へんしん", "reply"),
    usage="返信 @名前 [文]",
    needs=Role.SENDER,
    verbatim=True,
    examples=[("返信 @さくら", "本文を送ってください"), ("返信 @さくら こんにちは", "送りますか")],
)
def write(desk: Desk, who: Friend, words: MaybeWords) -> None:
    """友だち1人に返信します。文は、続けて書いても、あとから送っても同じです。送る前に、相手のお名前と通数を見せます。そのあいだシナリオは止まります。"""
    if who.left:
        raise CommandError(f"{called(who)}にはブロックされているため、送れません。", _card(who), tap("ホーム"))
    if who.staff:
        raise CommandError(f"{called(who)}はスタッフなので、ここからは送れません。", tap("ホーム"))
    begin(desk, FORM, "body", {"name": called(who), "friend": at(who), "bubbles": []})
    if words:
        answer(desk, reply_form, Answer(text=words))
    else:
        ask(desk, reply_form)


def _card(who: Friend) -> Tap:
    return Tap(label="カードを見る", says=f"友だち {at(who)}")


def _where(desk: Desk) -> str:
    return f"友だち ▸ {desk.form['name']} ▸ 返信"


def _ask_body(desk: Desk) -> Screen:
    return Screen(text=f"{desk.form['name']}への本文を送ってください。写真やスタンプも送れます。", where=_where(desk))


def _take_body(desk: Desk, given: Answer) -> None:
    bubble = fitting(desk, given)
    message = message_of(bubble)
    if any(button.effects for button in buttons_of(message)) and not _is_part(desk, message):
        raise CommandError(ONLY_LINKS, tap("部品作成"))
    turn_to(desk, "check", bubbles=[*desk.form["bubbles"], bubble])


def _is_part(desk: Desk, message: Message) -> bool:
    return any(message in part.messages for part in desk.catalog.parts.values())


def _ask_check(desk: Desk) -> Screen:
    who, _ = read_friend(desk, desk.form["friend"])
    for bubble in desk.form["bubbles"][: desk.room()]:
        desk.put(shown(message_of(bubble), sample_fill(desk, who)))
    count = len(desk.form["bubbles"])
    more = (tap(_MORE),) if count < MOST_BUBBLES else ()
    return Screen(
        text=f"この内容を{desk.form['name']}に送りますか？（吹き出し{count}つ）\n{_cost(desk, who)}",
        taps=(tap(_SEND), *more, tap(_REWRITE), tap("やめる")),
        where=_where(desk),
    )


def _cost(desk: Desk, who: Friend) -> str:
    """What it costs now: an answer to the friend's last words is free while LINE still takes one."""
    if desk.reports.answerable(who.id):
        return f"いますぐなら、相手の言葉への返信として0通で送れます（1分ほど）。そのあとは1通です。{left_words(desk)}"
    return f"今からの返信は1通です（0通で返せるのは、相手の言葉のあと1分ほど、1回だけです）。{left_words(desk)}"


def _take_check(desk: Desk, given: Answer) -> None:
    match narrow(given.text).strip():
        case "送る":
            _send(desk)
        case "吹き出しを足す":
            turn_to(desk, "body")
        case "書き直す":
            turn_to(desk, "body", bubbles=desk.form["bubbles"][:-1])
        case other:
            raise CommandError(
                f"まだ送っていません。「{other}」を送りたいときは［書き直す］か［吹き出しを足す］を選んでください。"
            )


def _send(desk: Desk) -> None:
    who, _ = read_friend(desk, desk.form["friend"])
    messages = tuple(message_of(bubble) for bubble in desk.form["bubbles"])
    how = "返信・0通" if desk.reports.answerable(who.id) else "1通"
    desk.order(Order(event=StaffSpoke(at=desk.now, messages=messages, by=desk.my_name), friend=who.id))
    desk.close_form()
    desk.say(
        f"{called(who)}に送りました（{how}）。シナリオの配信は止めてあります。話が終わったら［対応を終える］を押してください。",
        Tap(label="もう1通送る", says=f"返信 {at(who)}"),
        Tap(label="対応を終える", says=f"対応終了 {at(who)}"),
        _card(who),
        tap("返信待ち"),
        tap("ホーム"),
    )


@reply.command(
    "対応終了",
    alias=("たいおうしゅうりょう", "対応を終える", "handback"),
    usage="対応終了 @名前",
    needs=Role.SENDER,
    acts=True,
    examples=[("対応終了 @さくら", "続きから")],
)
def hand_back(desk: Desk, who: Friend) -> None:
    """返信での対応を終えて、止めていたシナリオを続きから動かします。"""
    desk.order(Order(event=HandedBack(at=desk.now, by=desk.my_name), friend=who.id))
    goes_on = "シナリオは続きから届きます。" if who.enrollments else "これからの配信は、いつもどおり届きます。"
    desk.say(f"{called(who)}への対応を終えました。{goes_on}", _card(who), tap("返信待ち"), tap("ホーム"))


reply_form = Wizard(
    name=FORM,
    pages=with_contents(
        {
            "body": Page(ask=_ask_body, take=_take_body, body=True),
            "check": Page(ask=_ask_check, take=_take_check),
        },
        after="check",
        at_once=True,
        links=True,
    ),
)
