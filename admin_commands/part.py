"""部品: messages saved under a name, sent from anywhere with 「送る 名前」."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from admin_commands.content import with_contents
from admin_commands.desk import CommandError, Desk
from admin_commands.edits import with_names_of
from admin_commands.gathering import gathered, gathering
from admin_commands.plans import near_names
from admin_commands.preview import sample_fill, shown
from admin_commands.reading import MaybeWords, PartWords
from admin_commands.registry import Family
from admin_commands.report_clicks import DAYS, counted
from admin_commands.screens import Screen, Tap, tap
from admin_commands.uses import places, used_words, uses_part
from admin_commands.wizard import Answer, Page, Wizard, ask, begin, turn_to
from flows.catalog import Part, Role
from flows.clicks import clicks
from flows.homes import PART
from flows.names import cut, fold
from flows.quoting import quoted
from flows.scenario import Say
from flows.script import actions_of_body

part = Family(name="部品", about="名前をつけて保存した文や写真")
FORM = "部品作成"
_SHOWN = 4


@part.command(
    "部品",
    alias=("ぶひん", "定型文", "保存メッセージ", "part"),
    usage="部品 [名前]",
    examples=[("部品", "部品"), ("部品 地図", "地図")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """名前をつけて保存した文や写真の一覧です。名前をつけると、中身と使っているところを見ます。"""
    if words:
        _one(desk, found(desk, words))
        return
    parts = list(desk.catalog.parts.values())
    lines = "\n".join(f"・{one.name}（{cut(one.messages[0].summary(), 20)}）" for one in parts[:20])
    taps = [Tap(label=one.name, says=f"部品 {one.name}") for one in parts[:6]]
    none = "まだありません。よく使う文や写真に名前をつけておくと、選択肢や自動応答から「送る 名前」で送れます。"
    desk.say(f"部品 {len(parts)}個\n{lines or none}", *taps, tap("部品作成"), tap("ホーム"), where="部品")


def found(desk: Desk, words: str) -> Part:
    """The part of that name. Raises CommandError with near names."""
    one = desk.catalog.parts.get(fold(words.strip("「」")))
    if one is None:
        names = near_names(words, (each.name for each in desk.catalog.parts.values()))
        raise CommandError(
            f"「{words}」という部品はありません。",
            *(Tap(label=name, says=f"部品 {name}") for name in names),
            Tap(label="この名前で作る", says=f"部品作成 {words}"),
            tap("部品"),
        )
    return one


def _where_used(desk: Desk, one: Part) -> str:
    return used_words(places(desk.catalog, uses_part(fold(one.name))))


def _tapped(desk: Desk, one: Part) -> str:
    """How many friends tapped its buttons; how many it reached is known of the messages that send it."""
    people = counted(desk, desk.now - timedelta(days=DAYS - 1), DAYS)
    body = tuple(Say(message=message) for message in one.messages)
    found = clicks(body, fold(one.name), PART, people, reached=0)
    tapped = "・".join(f"{each.what}{each.people:,}人" for each in found)
    return f"この{DAYS}日間に押した人：{tapped}\n" if tapped else ""


def _one(desk: Desk, one: Part) -> None:
    desk.put(*(shown(message, sample_fill(desk)) for message in one.messages[:_SHOWN]))
    more = f"（はじめの{_SHOWN}つです）" if len(one.messages) > _SHOWN else ""
    desk.say(
        f"部品「{one.name}」（吹き出し{len(one.messages)}つ{more}）\n{_where_used(desk, one)}\n{_tapped(desk, one)}"
        f"使うときは「送る {quoted(one.name)}」と書きます。例：- 地図 → 送る {quoted(one.name)}",
        Tap(label="書き直す", says=f"部品作成 {one.name}"),
        Tap(label="名前を変える", says=f"部品名変更 {quoted(one.name)}"),
        Tap(label="消す", says=f"部品を消す {one.name}"),
        tap("部品"),
        tap("ホーム"),
        where=f"部品 ▸ {one.name}",
    )


@part.command(
    "部品作成",
    alias=("部品追加", "ぶひんさくせい"),
    usage="部品作成 [名前]",
    needs=Role.EDITOR,
    examples=[("部品作成", "名前をつけて"), ("部品作成 地図", "本文を送って")],
)
def make(desk: Desk, words: MaybeWords) -> None:
    """よく使う文や写真に名前をつけて保存します。同じ名前で作ると、使っているところの中身も変わります。"""
    begin(desk, FORM, "name", {"name": "", "bubbles": []})
    if words:
        _take_name(desk, Answer(text=words))
    ask(desk, part_form)


def _ask_name(_: Desk) -> Screen:
    return Screen(text="名前をつけてください（友だちには見えません）。例：地図", where="部品 ▸ 作る")


def _take_name(desk: Desk, given: Answer) -> None:
    name = " ".join(given.text.split()).strip("「」")
    if not 1 <= len(name) <= 20:
        raise CommandError(f"名前は1〜20文字です（{len(name)}文字ありました）。例：地図")
    turn_to(desk, "body", name=name)


def _ask_body(desk: Desk) -> Screen:
    screen = _PAGES["body"].ask(desk)
    there = desk.catalog.parts.get(fold(desk.form["name"]))
    if there is None or desk.form["bubbles"]:
        return screen
    return replace(
        screen, text=f"いまの「{there.name}」と入れ替わります。{_where_used(desk, there)}\n新しい{screen.text}"
    )


def _save(desk: Desk) -> None:
    name, there = desk.form["name"], desk.catalog.parts.get(fold(desk.form["name"]))
    one = Part(name=there.name if there else name, messages=gathered(desk), formerly=there.formerly if there else ())
    done = "書き直しました" if there else "保存しました"
    catalog = with_names_of(desk.catalog, actions_of_body(tuple(Say(message=each) for each in one.messages)))
    desk.edit(replace(catalog, parts={**catalog.parts, fold(name): one}), f"部品「{one.name}」を{done}")
    desk.close_form()
    where = places(desk.catalog, uses_part(fold(name)))
    then = (
        f"これから、{'・'.join(where[:6])}で新しい中身が送られます。"
        if where
        else f"「送る {quoted(name)}」で使えます。"
    )
    desk.say(
        f"✅ 部品「{one.name}」を{done}。{then}",
        *((tap("取消"),) if there else ()),
        Tap(label="見る", says=f"部品 {one.name}"),
        tap("部品作成"),
        tap("部品"),
        tap("ホーム"),
        where=f"部品 ▸ {one.name}",
    )


@part.command("部品を消す", usage="部品を消す 名前", needs=Role.EDITOR, acts=True)
def remove(desk: Desk, words: PartWords) -> None:
    """部品を1つ消します。使っているところがあるうちは消せません。取消で戻せます。"""
    one = found(desk, words)
    where = places(desk.catalog, uses_part(fold(one.name)))
    if where:
        raise CommandError(
            f"部品「{one.name}」は使われているので消せません。\n{used_words(where)}",
            Tap(label="書き直す", says=f"部品作成 {one.name}"),
            tap("部品"),
        )
    left = {key: each for key, each in desk.catalog.parts.items() if key != fold(one.name)}
    desk.edit(replace(desk.catalog, parts=left), f"部品「{one.name}」を消しました")
    desk.say(f"部品「{one.name}」を消しました。", tap("取消"), tap("部品"), tap("ホーム"))


_PAGES = gathering("部品", _save)
part_form = Wizard(
    name=FORM,
    pages=with_contents(
        {
            "name": Page(ask=_ask_name, take=_take_name),
            "body": replace(_PAGES["body"], ask=_ask_body),
            "after": _PAGES["after"],
        },
        at_once=True,
    ),
)
