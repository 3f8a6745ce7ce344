"""シナリオ設定: what starts a scenario, what ends it, its hours and caps, one word each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.plans import changed, place_of, present_plan, where, with_entry
from admin_commands.reading import MaybeWords, PlanKey
from admin_commands.registry import Family, may
from admin_commands.screens import Tap, tap
from admin_commands.sketch import misread
from flows.catalog import Catalog, Entry, Role
from flows.names import Key, fold, narrow
from flows.quoting import quoted
from flows.scenario import Plan, Survey
from flows.script import Problems, read, write

shaping = Family(name="シナリオの中", about="シナリオの設定")
_REMOVE = "消す"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One setting of a scenario: what is asked for, and choices to tap."""

    question: str
    choices: tuple[str, ...] = ()


SHAPES: Mapping[str, Shape] = {
    "目的": Shape(question="目的はどれですか？", choices=("温める", "動かす", "つながる")),
    "開始": Shape(
        question="何で始めますか？ 例：タグ 見込み客、キーワード クーポン",
        choices=("友だち追加", "予約", "来店", "手動"),
    ),
    "基準日": Shape(question="どの日を基準にしますか？ 例：イベント日", choices=("予約", "来店", "購入")),
    "ゴール": Shape(question="どうなったら止めますか？ 例：タグ 予約済"),
    "終わったら": Shape(
        question="最後まで届いた人に何をしますか？ 例：タグ 案内済、シナリオ開始 月1便り", choices=("なし",)
    ),
    "再追加": Shape(question="ブロックを解除して戻った人には？", choices=("続きから", "最初から", "送らない")),
    "再開始": Shape(question="終わった人が、もう一度始まってもいいですか？", choices=("許可",)),
    "時間帯": Shape(
        question="いつ送ってよいですか？ 例：平日 9:00-20:00、土日 10:00-18:00",
        choices=("毎日 9:00-20:00", "平日 9:00-19:00"),
    ),
    "遅れたら": Shape(question="止まっていて遅れた分は？", choices=("今すぐ", "次の時間帯", "飛ばす")),
    "上限": Shape(question="上限は？ 例：1日1通、全部で300通", choices=("1日1通",)),
    "期間": Shape(question="いつからいつまで受け付けますか？ 例：2026/12/1-2026/12/31"),
    "確認": Shape(question="送る前に、答えをまとめて見せますか？", choices=("あり",)),
}
_OF_SURVEYS = ("開始", "確認", "期間")


@shaping.command(
    "シナリオ設定",
    alias=("しなりおせってい", "setup"),
    usage="シナリオ設定 [シナリオ] [項目] [値]",
    examples=[
        ("シナリオ設定 新規様", "ゴール"),
        ("シナリオ設定 新規様 ゴール タグ 予約済", "もう"),
        ("シナリオ設定 新規様 上限 1日1通", "1日1通"),
    ],
)
def shape(desk: Desk, plan: PlanKey, words: MaybeWords) -> None:
    """シナリオの設定（始まり・ゴール・終わったら・時間帯・上限など）を見て、変えます。変更は下書きに入ります。"""
    entry = desk.catalog.plans[Key(plan)]
    desk.place = place_of(Key(plan))
    if not words:
        _all(desk, entry)
        return
    word = next((one for one in _words_for(present_plan(entry)) if narrow(words).startswith(one)), None)
    if word is None:
        raise CommandError(
            f"「{words}」という設定はありません。", Tap(label="設定を見る", says=f"シナリオ設定 {entry.name}")
        )
    if not may(desk.staff.role, Role.EDITOR):
        raise CommandError("シナリオの設定を変えられるのは編集者からです。", tap("ホーム"))
    value = words[len(word) :].strip(" :：")
    if not value:
        _ask(desk, entry, word)
    _set(desk, entry, word, value)


def _words_for(plan: Plan) -> tuple[str, ...]:
    return _OF_SURVEYS if isinstance(plan, Survey) else tuple(one for one in SHAPES if one != "確認")


def settings_of(plan: Plan) -> dict[str, str]:
    """The settings as the script writes them."""
    found = {}
    for line in write(plan).splitlines()[1:]:
        word, colon, value = line.partition(": ")
        if not colon or word not in SHAPES:
            break
        found[word] = value
    return found


def _all(desk: Desk, entry: Entry) -> None:
    plan = present_plan(entry)
    now = settings_of(plan)
    words = _words_for(plan)
    lines = "\n".join(f"・{word}：{now.get(word, '決まっていません')}" for word in words)
    desk.say(
        f"{lines}\n\n変えたいものを選んでください。",
        *(Tap(label=word, says=f"シナリオ設定 {entry.name} {word}") for word in words),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
        where=where(entry, "設定"),
    )


def _ask(desk: Desk, entry: Entry, word: str) -> None:
    now = settings_of(present_plan(entry)).get(word)
    known = [f"タグ {quoted(tag.name)}" for tag in desk.catalog.tags.values()][:5] if word in {"ゴール", "開始"} else []
    remove = (tap(_REMOVE),) if now and word != "開始" else ()
    standing = f"いまは「{now}」です。" if now else "まだ決まっていません。"
    raise Missing(
        f"{word}：{standing}\n{SHAPES[word].question}",
        *map(tap, (*SHAPES[word].choices, *known)),
        *remove,
        head=f"シナリオ設定 「{entry.name}」 {word}",
    )


def with_setting(plan: Plan, word: str, value: str) -> str:
    """The script of the plan with that setting; "" takes it away."""
    lines = write(plan).splitlines()
    kept = {one: old for one, old in settings_of(plan).items() if one != word}
    if value:
        kept[word] = value
    rest = lines[1 + len(settings_of(plan)) :]
    head = [lines[0], *(f"{one}: {kept[one]}" for one in SHAPES if one in kept)]
    return "\n".join((*head, *rest)) + "\n"


def _set(desk: Desk, entry: Entry, word: str, value: str) -> None:
    plan = present_plan(entry)
    script = read(with_setting(plan, word, "" if value == _REMOVE else value), _named(desk.catalog, entry), desk.now)
    if isinstance(script, Problems):
        problem = script.problems[0]
        raise CommandError(misread(problem), Tap(label="もう一度", says=f"シナリオ設定 {entry.name} {word}"))
    settled = settings_of(script.plan).get(word, "なし")
    if settings_of(script.plan) == settings_of(plan):
        desk.say(
            f"{word}は、もう「{settled}」です。",
            Tap(label="設定を見る", says=f"シナリオ設定 {entry.name}"),
            tap("ホーム"),
        )
        return
    kept = changed(desk, replace(entry, draft=script.plan))
    desk.edit(with_entry(desk.catalog, kept), f"「{entry.name}」の{word}を「{settled}」にしました")
    live = f"（公開中の第{entry.current}版は、公開するまでそのままです）" if entry.versions else ""
    desk.say(
        f"{word}を「{settled}」にしました{live}。",
        tap("取消"),
        Tap(label="設定を見る", says=f"シナリオ設定 {entry.name}"),
        Tap(label="点検", says=f"点検 {entry.name}"),
        Tap(label="公開へ", says=f"公開 {entry.name}"),
        where=where(entry, "設定"),
    )


def _named(catalog: Catalog, entry: Entry) -> Catalog:
    """The catalog without the entry itself: its own name is not taken."""
    return replace(catalog, plans={key: one for key, one in catalog.plans.items() if key != fold(entry.name)})
