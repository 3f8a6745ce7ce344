"""シナリオ and アンケート: the lists, and one that is open."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.desk import CommandError, Desk, local
from admin_commands.lint import linted
from admin_commands.overview import findings_words, plan_screen
from admin_commands.plans import (
    changed,
    mark_of,
    near_names,
    numbered_steps,
    place_of,
    present_plan,
    step_line,
    versions_words,
    where,
    with_entry,
)
from admin_commands.reading import MaybeWords, PlanKey, Words
from admin_commands.registry import Family
from admin_commands.screens import MOST_BUBBLES, Tap, tap, text_bubble
from admin_commands.together import other_hand
from flows.catalog import Entry, Role
from flows.checks import Finding
from flows.names import Key, fold
from flows.scenario import Scenario, State, Survey
from flows.script import cut, write

scenario = Family(name="シナリオ", about="シナリオとアンケートの一覧")
opened = Family(name="シナリオの中", about="開いているシナリオのこと")
_LISTED = 10


@scenario.command(
    "シナリオ",
    alias=("しなりお", "ステップ配信", "シナリオ一覧", "scenario"),
    usage="シナリオ [名前]",
    examples=[("シナリオ", "新規様"), ("シナリオ 新規様", "シナリオ ▸ 新規様"), ("新規様", "シナリオ ▸ 新規様")],
)
def scenarios(desk: Desk, words: MaybeWords) -> None:
    """シナリオの一覧（途中の人数・今日送った数）です。名前をつけると、そのシナリオを開きます。"""
    if words:
        _open(desk, words.strip("「」"))
        return
    desk.place = ""
    _list(desk, surveys=False)


@scenario.command(
    "アンケート",
    alias=("あんけーと", "回答フォーム", "survey"),
    usage="アンケート [名前]",
    examples=[("アンケート", "アンケート")],
)
def surveys(desk: Desk, words: MaybeWords) -> None:
    """アンケートの一覧です。名前をつけると、そのアンケートを開きます。"""
    if words:
        _open(desk, words.strip("「」"))
        return
    desk.place = ""
    _list(desk, surveys=True)


def _open(desk: Desk, name: str) -> None:
    if fold(name) not in desk.catalog.plans:
        near = near_names(name, (entry.name for entry in desk.catalog.plans.values()))
        raise CommandError(
            f"「{name}」というシナリオはありません。",
            *(Tap(label=one, says=f"シナリオ {one}") for one in near),
            tap("シナリオ作成"),
            tap("ホーム"),
        )
    desk.show(plan_screen(desk, fold(name)))


def _list(desk: Desk, *, surveys: bool) -> None:
    entries = [entry for entry in desk.catalog.plans.values() if isinstance(present_plan(entry), Survey) is surveys]
    shown = [entry for entry in entries if entry.state is not State.ARCHIVED]
    noun = "アンケート" if surveys else "シナリオ"
    put_away = len(entries) - len(shown)
    if not shown:
        _empty(desk, noun, put_away)
        return
    lines = "\n".join(_line(desk, entry) for entry in shown[:_LISTED])
    away = f"\n保管中：{put_away}本（「保管一覧」で見られます）" if put_away else ""
    taps = [Tap(label=entry.name, says=f"シナリオ {entry.name}") for entry in shown[:5]]
    make = (tap(f"{noun}作成"),)
    desk.say(
        f"{noun} {len(shown)}本\n{lines}{away}", *taps, *make, tap("テンプレ"), tap("ホーム"), where=noun, lasts=True
    )


def _empty(desk: Desk, noun: str, put_away: int) -> None:
    away = f"（保管中が{put_away}本あります）" if put_away else ""
    how = "質問に答えていくだけで作れます。ひな形から選ぶことも、台本を貼り付けることもできます。"
    make = (tap(f"{noun}作成"),)
    desk.say(f"まだ{noun}はありません{away}。\n{how}", *make, tap("テンプレ"), tap("ホーム"), where=noun)


def _line(desk: Desk, entry: Entry) -> str:
    key = fold(entry.name)
    walking = sum(desk.reports.in_scenario(key).values())
    if isinstance(entry.versions.get(entry.current), Survey):
        return f"・{entry.name}　{versions_words(entry)}　途中 {walking}人"
    day = local(desk.now, desk.catalog).date().isoformat()
    sent = sum(
        count for what, count in desk.reports.facts("step_taken", day).items() if fold(what.split("\t")[0]) == key
    )
    running = f"　途中 {walking}人・今日の配信 {sent}回" if entry.versions else ""
    return f"・{entry.name}　{versions_words(entry)}{running}"


@scenario.command("保管一覧", alias=("archived",), examples=[("保管一覧", "保管")])
def archived(desk: Desk) -> None:
    """保管してあるシナリオとアンケートの一覧です。"""
    names = [entry.name for entry in desk.catalog.plans.values() if entry.state is State.ARCHIVED]
    if not names:
        desk.say("保管してあるものはありません。", tap("シナリオ"), tap("ホーム"))
        return
    taps = [Tap(label=name, says=f"シナリオ {name}") for name in names[:_LISTED]]
    desk.say("保管中：\n" + "\n".join(f"・{name}" for name in names), *taps, tap("ホーム"), where="シナリオ ▸ 保管")


@opened.command(
    "書出",
    alias=("書き出し", "かきだし", "台本", "export"),
    usage="書出 [シナリオ]",
    examples=[("書出 新規様", "そのまま貼り付ける")],
)
def export(desk: Desk, plan: PlanKey) -> None:
    """シナリオを台本（文字）で出します。そのまま貼り付けると、同じものができます。"""
    entry = desk.catalog.plans[Key(plan)]
    desk.place = place_of(Key(plan))
    parts = list(cut(write(present_plan(entry)).rstrip("\n"), entry.name))
    room = MOST_BUBBLES - 1
    for part in parts[:room]:
        desk.put(text_bubble(part))
    what = "下書き" if entry.draft else f"第{entry.current}版"
    more = f"（{len(parts)}つに分かれています。はじめの{room}つです）" if len(parts) > room else ""
    rest = (Tap(label="続きを見る", says=f"書出続き {entry.name}"),) if len(parts) > room else ()
    desk.say(
        f"「{entry.name}」の台本（{what}）です{more}。長押しでコピーできます。直してそのまま貼り付けると、下書きになります。",
        *rest,
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        tap("ホーム"),
        where=where(entry, "書出"),
    )


@opened.command("書出続き", hidden=True)
def export_rest(desk: Desk, plan: PlanKey) -> None:
    """長い台本の残りを出します。"""
    entry = desk.catalog.plans[Key(plan)]
    parts = list(cut(write(present_plan(entry)).rstrip("\n"), entry.name))[MOST_BUBBLES - 1 :]
    for part in parts[: MOST_BUBBLES - 1]:
        desk.put(text_bubble(part))
    desk.say(
        "台本の続きです。", Tap(label="開く", says=f"シナリオ {entry.name}"), tap("ホーム"), where=where(entry, "書出")
    )


@opened.command(
    "点検",
    alias=("てんけん", "チェック", "lint"),
    usage="点検 [シナリオ]",
    examples=[("点検 新規様", "点検")],
)
def inspect(desk: Desk, plan: PlanKey) -> None:
    """公開の前に、おかしなところや気になるところを調べます。"""
    entry = desk.catalog.plans[Key(plan)]
    desk.place = place_of(Key(plan))
    findings = linted(desk, present_plan(entry))
    text = findings_words(findings) or "気になるところはありません。このまま公開できます。"
    ahead = (Tap(label="公開へ", says=f"公開 {entry.name}"),) if entry.draft else ()
    desk.say(
        text,
        *_mends(entry, findings),
        Tap(label="早送り", says=f"早送り {entry.name}"),
        *ahead,
        Tap(label="直す", says=f"直す {entry.name}"),
        tap("ホーム"),
        where=where(entry, "点検"),
    )


def _mends(entry: Entry, findings: tuple[Finding, ...]) -> tuple[Tap, ...]:
    mark = mark_of(entry)
    return tuple(
        Tap(label=one.label, says=one.says or f"do:直し {mark} {number} {entry.name}")
        for number, one in enumerate(findings)
        if one.label and (one.mend or one.says)
    )[:6]


@opened.command("do:直し", needs=Role.EDITOR, acts=True, hidden=True)
def mend(desk: Desk, words: Words) -> None:
    """点検で見つかったところを、ボタンのとおりに直します。"""
    mark, number, name = words.split(" ", 2)
    entry = desk.catalog.plans.get(fold(name))
    found = linted(desk, present_plan(entry)) if entry and mark_of(entry) == mark else ()
    if entry is None or int(number) >= len(found):
        raise CommandError(
            f"「{name}」は、そのあとで変わっています。もう一度点検してください。",
            Tap(label="点検", says=f"点検 {name}"),
        )
    one = found[int(number)]
    assert one.mend is not None, "only such findings have this button"
    plan = one.mend(present_plan(entry))
    desk.edit(with_entry(desk.catalog, changed(desk, replace(entry, draft=plan))), f"「{name}」点検：{one.label}")
    left = findings_words(linted(desk, plan)) or "ほかに気になるところはありません。"
    desk.say(
        f"直しました：{one.label}\n\n{left}",
        tap("取消"),
        Tap(label="点検", says=f"点検 {name}"),
        Tap(label="早送り", says=f"早送り {name}"),
        Tap(label="公開へ", says=f"公開 {name}"),
        where=where(entry, "点検"),
    )


@opened.command("直す", alias=("なおす", "編集", "edit"), usage="直す [シナリオ]", examples=[("直す 新規様", "時刻 2")])
def edit(desk: Desk, plan: PlanKey) -> None:
    """シナリオの中身を番号つきで並べ、直し方を選びます。"""
    entry = desk.catalog.plans[Key(plan)]
    desk.place = place_of(Key(plan))
    shown = present_plan(entry)
    if not isinstance(shown, Scenario):
        desk.say(
            "アンケートは台本で直します。「書出」で出した台本を直して、そのまま貼り付けてください。",
            Tap(label="書出", says=f"書出 {entry.name}"),
            Tap(label="開く", says=f"シナリオ {entry.name}"),
            where=where(entry, "直す"),
        )
        return
    lines = "\n".join(step_line(*one) for one in numbered_steps(shown))
    other = other_hand(desk, entry)
    desk.say(
        f"{other}{chr(10) if other else ''}{lines}\n\n番号で直せます。例：「時刻 2 3日後19時」「本文 2」「入替 2 3」「複製 2」「削除 2」「追加」",
        Tap(label="本文を直す", says=f"本文 {entry.name}"),
        Tap(label="時刻を直す", says=f"時刻 {entry.name}"),
        Tap(label="1通足す", says=f"追加 {entry.name}"),
        Tap(label="1通消す", says=f"削除 {entry.name}"),
        Tap(label="選択肢で分ける", says=f"分岐 {entry.name}"),
        Tap(label="設定を直す", says=f"シナリオ設定 {entry.name}"),
        Tap(label="台本で直す", says=f"書出 {entry.name}"),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        where=where(entry, "直す"),
    )
