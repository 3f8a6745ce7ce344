"""自動応答: what answers a keyword, at no cost."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.content import with_contents
from admin_commands.desk import CommandError, Desk
from admin_commands.plans import near_names
from admin_commands.preview import sample_fill, shown
from admin_commands.reading import MaybeWords, ReplyWords
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import bubble_of, message_of
from admin_commands.wizard import Answer, Page, Wizard, ask, begin, turn_to
from flows.catalog import AutoReply, Role
from flows.names import cut, fold, narrow
from flows.triggers import KeywordSaid
from flows.triggers.sayings import Match

autoreply = Family(name="自動応答", about="言葉への自動の返事")
FORM = "自動応答作成"
_MATCHES = {"ぴったり同じ": Match.EXACT, "含む": Match.CONTAINS, "で始まる": Match.STARTS}
_SAVE, _MORE, _REWRITE = "これで保存", "吹き出しを足す", "書き直す"


@autoreply.command(
    "自動応答",
    alias=("じどうおうとう", "応答メッセージ", "autoreply"),
    usage="自動応答 [名前]",
    examples=[("自動応答", "自動応答")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """言葉への自動の返事の一覧です。返事は返信なので0通です。"""
    if words:
        _one(desk, words)
        return
    replies = list(desk.catalog.autoreplies.values())
    lines = "\n".join(f"・{one.trigger.words()} → {_summary(one)}" for one in replies[:20])
    taps = [Tap(label=one.name, says=f"自動応答 {one.name}") for one in replies[:6]]
    desk.say(
        f"自動応答 {len(replies)}件（0通）\n{lines or 'まだありません。例：「営業時間」と送られたら、営業時間を返す'}",
        *taps,
        tap("自動応答作成"),
        tap("ホーム"),
        where="自動応答",
    )


def _summary(one: AutoReply) -> str:
    return cut(one.messages[0].summary(), 20) if one.messages else "、".join(action.words() for action in one.actions)


def found(desk: Desk, words: str) -> AutoReply:
    """The auto-reply of that name."""
    one = desk.catalog.autoreplies.get(fold(words))
    if one is None:
        near = near_names(words, (each.name for each in desk.catalog.autoreplies.values()))
        taps = (Tap(label=name, says=f"自動応答 {name}") for name in near)
        raise CommandError(f"「{words}」という自動応答はありません。", *taps, tap("自動応答作成"), tap("自動応答"))
    return one


def _one(desk: Desk, words: str) -> None:
    one = found(desk, words)
    desk.put(*(shown(message, sample_fill(desk)) for message in one.messages[:4]))
    desk.say(
        f"{one.trigger.words()} への返事です（0通）。",
        Tap(label="消す", says=f"自動応答を消す {one.name}"),
        tap("自動応答作成"),
        tap("自動応答"),
        where=f"自動応答 ▸ {one.name}",
    )


@autoreply.command("自動応答を消す", usage="自動応答を消す 名前", needs=Role.EDITOR, acts=True)
def remove(desk: Desk, words: ReplyWords) -> None:
    """自動応答を1つ消します。取消で戻せます。"""
    one = found(desk, words)
    left = {key: each for key, each in desk.catalog.autoreplies.items() if key != fold(one.name)}
    desk.edit(replace(desk.catalog, autoreplies=left), f"自動応答「{one.name}」を消しました")
    desk.say(f"自動応答「{one.name}」を消しました。", tap("取消"), tap("自動応答"), tap("ホーム"))


@autoreply.command(
    "自動応答作成",
    alias=("自動応答追加",),
    usage="自動応答作成 [言葉]",
    needs=Role.EDITOR,
    examples=[("自動応答作成 営業時間", "どう送られたら"), ("自動応答作成", "どんな言葉")],
)
def make(desk: Desk, words: MaybeWords) -> None:
    """言葉への自動の返事を作ります。"""
    begin(desk, FORM, "keyword", {"name": "", "bubbles": []})
    if words:
        _take_keyword(desk, Answer(text=words))
    ask(desk, autoreply_form)


def _ask_keyword(_: Desk) -> Screen:
    return Screen(text="どんな言葉が送られてきたら返事をしますか？ 例：営業時間", where="自動応答 ▸ 作る")


def _take_keyword(desk: Desk, given: Answer) -> None:
    word = " ".join(given.text.split()).strip("「」")
    if not 1 <= len(word) <= 20:
        raise CommandError(f"言葉は1〜20文字です（{len(word)}文字ありました）。例：営業時間")
    turn_to(desk, "match", name=word)


def _ask_match(desk: Desk) -> Screen:
    name = desk.form["name"]
    used = "（同じ言葉の返事が、これで入れ替わります）" if fold(name) in desk.catalog.autoreplies else ""
    return Screen(
        text=f"どう送られたら返事をしますか？{used}", taps=tuple(map(tap, _MATCHES)), where=f"自動応答 ▸ {name}"
    )


def _take_match(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in _MATCHES:
        raise CommandError(f"「{said}」は選べませんでした。迷ったら［ぴったり同じ］で大丈夫です。")
    turn_to(desk, "body", match=_MATCHES[said].value)


def _ask_body(desk: Desk) -> Screen:
    return Screen(text="返事の本文を送ってください。写真や動画も送れます。", where=f"自動応答 ▸ {desk.form['name']}")


def _take_body(desk: Desk, given: Answer) -> None:
    bubble = bubble_of(given)
    desk.put(shown(message_of(bubble), sample_fill(desk)))
    turn_to(desk, "after", bubbles=[*desk.form["bubbles"], bubble])


def _ask_after(desk: Desk) -> Screen:
    count = len(desk.form["bubbles"])
    more = (tap(_MORE),) if count < 5 else ()
    return Screen(
        text=f"受け取りました（吹き出し{count}つ・最大5つ・0通）。",
        taps=(tap(_SAVE), *more, tap(_REWRITE)),
        where=f"自動応答 ▸ {desk.form['name']}",
    )


def _take_after(desk: Desk, given: Answer) -> None:
    match narrow(given.text).strip():
        case "吹き出しを足す":
            turn_to(desk, "body")
        case "書き直す":
            turn_to(desk, "body", bubbles=desk.form["bubbles"][:-1])
        case "これで保存":
            _save(desk)
        case other:
            raise CommandError(f"「{other}」は選べませんでした。［これで保存］で使えるようになります。")


def _save(desk: Desk) -> None:
    name = desk.form["name"]
    messages = tuple(message_of(one) for one in desk.form["bubbles"])
    trigger = KeywordSaid(keyword=name, match=Match(desk.form["match"]))
    one = AutoReply(name=name, trigger=trigger, messages=messages)
    desk.edit(
        replace(desk.catalog, autoreplies={**desk.catalog.autoreplies, fold(name): one}),
        f"自動応答「{name}」を保存しました",
    )
    desk.close_form()
    desk.say(
        f"✅ {trigger.words()} に返事をするようにしました（0通）。",
        tap("取消"),
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
        },
        at_once=True,
    ),
)
