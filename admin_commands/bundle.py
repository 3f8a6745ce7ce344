"""アクション: several effects under one name, done together or not at all."""

from __future__ import annotations

from dataclasses import replace

from admin_commands.desk import CommandError, Desk
from admin_commands.plans import near_names
from admin_commands.reading import BundleWords, MaybeWords, read_name
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, tap
from admin_commands.sketch import read_actions
from admin_commands.uses import places, used_words, uses_bundle
from admin_commands.wizard import Answer, Page, Wizard, ask, begin, turn_to
from flows.actions import Action, EndScenario, GoTo, JumpTo, RunBundle
from flows.catalog import Bundle, Role
from flows.names import fold
from flows.quoting import quoted
from flows.script import new_names_of, with_new_names

bundle = Family(name="アクション", about="まとめて行うこと")
FORM = "アクション作成"
_EXAMPLE = "タグ 予約済、タグ外し 検討中、+5点、知らせる"
_HOW = (
    "書けること：タグ 名／タグ外し 名／+3点／項目=値／シナリオ開始 名／シナリオ停止 名／アンケート 名／"
    "送る 部品／メニュー 名／知らせる／返信待ち"
)


@bundle.command(
    "アクション",
    alias=("あくしょん", "action"),
    usage="アクション [名前]",
    examples=[("アクション", "アクション")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """まとめて行うこと（タグ・点数・シナリオなど）の一覧です。名前をつけると、中身と使っているところを見ます。"""
    if words:
        _one(desk, found(desk, words))
        return
    all_ = list(desk.catalog.bundles.values())
    lines = "\n".join(f"・{one.name}：{_words(one.actions)}" for one in all_[:20])
    taps = [Tap(label=one.name, says=f"アクション {one.name}") for one in all_[:6]]
    none = "まだありません。タグ・点数・お知らせなどを1つの名前にまとめて、選択肢やボタンから使えます。"
    desk.say(
        f"アクション {len(all_)}個\n{lines or none}", *taps, tap("アクション作成"), tap("ホーム"), where="アクション"
    )


def _words(actions: tuple[Action, ...]) -> str:
    return "、".join(action.words() for action in actions)


def found(desk: Desk, words: str) -> Bundle:
    """The bundle of that name. Raises CommandError with near names."""
    one = desk.catalog.bundles.get(fold(words.strip("「」")))
    if one is None:
        names = near_names(words, (each.name for each in desk.catalog.bundles.values()))
        raise CommandError(
            f"「{words}」というアクションはありません。",
            *(Tap(label=name, says=f"アクション {name}") for name in names),
            Tap(label="この名前で作る", says=f"アクション作成 {words}"),
            tap("アクション"),
        )
    return one


def _one(desk: Desk, one: Bundle) -> None:
    where = places(desk.catalog, uses_bundle(fold(one.name)))
    desk.say(
        f"アクション「{one.name}」\n{_words(one.actions)}\n{used_words(where)}\n"
        f"使うときは「アクション {quoted(one.name)}」と書きます。",
        Tap(label="直す", says=f"アクション作成 {one.name}"),
        Tap(label="名前を変える", says=f"アクション名変更 {quoted(one.name)}"),
        Tap(label="消す", says=f"アクションを消す {one.name}"),
        tap("アクション"),
        tap("ホーム"),
        where=f"アクション ▸ {one.name}",
    )


@bundle.command(
    "アクション作成",
    alias=("アクション追加",),
    usage="アクション作成 [名前] [すること]",
    needs=Role.EDITOR,
    acts=True,
    examples=[
        ("アクション作成", "名前をつけて"),
        ("アクション作成 予約完了", "何をしますか"),
        ("アクション作成 予約完了 タグ 予約済、+5点", "保存しました"),
    ],
)
def make(desk: Desk, words: MaybeWords) -> None:
    """タグ・点数・お知らせなどを、1つの名前にまとめます。全部まとめて行われます。"""
    begin(desk, FORM, "name", {"name": ""})
    if words:
        name, effects = read_name(desk, words)
        _take_name(desk, Answer(text=name))
        if effects:
            _take_effects(desk, Answer(text=effects))
            return
    ask(desk, bundle_form)


def _ask_name(_: Desk) -> Screen:
    return Screen(text="名前をつけてください（友だちには見えません）。例：予約完了", where="アクション ▸ 作る")


def _take_name(desk: Desk, given: Answer) -> None:
    name = " ".join(given.text.split()).strip("「」")
    if not 1 <= len(name) <= 20:
        raise CommandError(f"名前は1〜20文字です（{len(name)}文字ありました）。例：予約完了")
    turn_to(desk, "effects", name=name)


def _ask_effects(desk: Desk) -> Screen:
    name = desk.form["name"]
    there = desk.catalog.bundles.get(fold(name))
    now = ""
    if there:
        where = places(desk.catalog, uses_bundle(fold(name)))
        now = f"いまは「{_words(there.actions)}」です。{used_words(where)}\n"
    tags = [tap(f"タグ {quoted(one.name)}") for one in list(desk.catalog.tags.values())[:3]]
    return Screen(
        text=f"{now}何をしますか？ 「、」でつなげて書けます。例：{_EXAMPLE}\n{_HOW}",
        taps=(*tags, tap("知らせる")),
        where=f"アクション ▸ {name}",
    )


def _take_effects(desk: Desk, given: Answer) -> None:
    actions = read_actions(given.text)
    if any(isinstance(one, GoTo | JumpTo | EndScenario) for one in actions):
        raise CommandError("「道」「質問」「終わる」は、シナリオの中でだけ使えます。アクションには入れられません。")
    if any(isinstance(one, RunBundle) and fold(one.name) == fold(desk.form["name"]) for one in actions):
        raise CommandError("自分自身を呼ぶことはできません。ほかのことを書いてください。")
    _save(desk, actions)


def _save(desk: Desk, actions: tuple[Action, ...]) -> None:
    name, there = desk.form["name"], desk.catalog.bundles.get(fold(desk.form["name"]))
    one = Bundle(name=there.name if there else name, actions=actions)
    new = new_names_of(actions, desk.catalog)
    catalog = with_new_names(desk.catalog, new)
    done = "直しました" if there else "保存しました"
    desk.edit(replace(catalog, bundles={**catalog.bundles, fold(name): one}), f"アクション「{one.name}」を{done}")
    desk.close_form()
    made = "".join(f"\n新しい{one.sort.value}：{one.name}" for one in new)
    desk.say(
        f"✅ アクション「{one.name}」を{done}：{_words(actions)}{made}\n使うときは「アクション {quoted(one.name)}」と書きます。",
        tap("取消"),
        Tap(label="見る", says=f"アクション {one.name}"),
        tap("アクション"),
        tap("ホーム"),
        where=f"アクション ▸ {one.name}",
    )


@bundle.command("アクションを消す", usage="アクションを消す 名前", needs=Role.EDITOR, acts=True)
def remove(desk: Desk, words: BundleWords) -> None:
    """アクションを1つ消します。使っているところがあるうちは消せません。取消で戻せます。"""
    one = found(desk, words)
    where = places(desk.catalog, uses_bundle(fold(one.name)))
    if where:
        raise CommandError(
            f"アクション「{one.name}」は使われているので消せません。\n{used_words(where)}",
            Tap(label="直す", says=f"アクション作成 {one.name}"),
            tap("アクション"),
        )
    left = {key: each for key, each in desk.catalog.bundles.items() if key != fold(one.name)}
    desk.edit(replace(desk.catalog, bundles=left), f"アクション「{one.name}」を消しました")
    desk.say(f"アクション「{one.name}」を消しました。", tap("取消"), tap("アクション"), tap("ホーム"))


bundle_form = Wizard(
    name=FORM,
    pages={
        "name": Page(ask=_ask_name, take=_take_name),
        "effects": Page(ask=_ask_effects, take=_take_effects, own=True),
    },
)
