"""タグ, スコア, 項目: the labels friends carry."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk
from admin_commands.edits import with_tag
from admin_commands.plans import near_names
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family, may
from admin_commands.screens import Tap, tap
from admin_commands.uses import Test, places, used_words, uses_field, uses_score, uses_tag
from flows.catalog import Role, Tag
from flows.conditions import FieldFilled, Tagged
from flows.names import MAIN, fold, with_san
from flows.quoting import quoted

label = Family(name="タグ・スコア・項目", about="友だちに付くもの")
_LISTED = 30


@label.command(
    "タグ", alias=("たぐ", "タグ一覧", "tags"), usage="タグ [名前]", examples=[("タグ", "タグ"), ("タグ 乾燥", "乾燥")]
)
def tags(desk: Desk, words: MaybeWords) -> None:
    """タグの一覧です。名前をつけると、その人数を見ます（なければ作るか聞きます）。"""
    if words:
        _one(desk, words.strip("「」"))
        return
    tags_ = list(desk.catalog.tags.values())
    if not tags_:
        desk.say(
            "まだタグはありません。シナリオの選択肢や「タグ付け @名前 タグ」で作られます。",
            tap("シナリオ作成"),
            tap("ホーム"),
        )
        return
    more = f"\nほか{len(tags_) - _LISTED}個" if len(tags_) > _LISTED else ""
    taps = [Tap(label=one.name, says=f"タグ 「{one.name}」") for one in tags_[:8]]
    lines = "\n".join(_by_folder(tags_[:_LISTED]))
    desk.say(f"タグ {len(tags_)}個\n{lines}{more}", *taps, tap("スコア"), tap("項目"), tap("ホーム"), where="タグ")


def _by_folder(tags_: list[Tag]) -> list[str]:
    """Tags line by line, those of a folder under its name."""
    loose = [f"・{one.name}" for one in tags_ if not one.folder]
    folders = list(dict.fromkeys(one.folder for one in tags_ if one.folder))
    inside = [f"📁{folder}：{'・'.join(one.name for one in tags_ if one.folder == folder)}" for folder in folders]
    return [*inside, *loose]


def _one(desk: Desk, name: str) -> None:
    tag = desk.catalog.tags.get(fold(name))
    if tag is None:
        raise CommandError(
            f"タグ「{name}」はまだありません。",
            *_make_tap(desk, name),
            Tap(label="タグの一覧", says="タグ"),
            tap("ホーム"),
        )
    people = desk.reports.count(Tagged(name=tag.name), desk.catalog, desk.now)
    names = f"（{'・'.join(map(with_san, people.names[:5]))}）" if people.names else ""
    where = used_words(places(desk.catalog, uses_tag(fold(tag.name))))
    folder = f"　📁{tag.folder}" if tag.folder else ""
    desk.say(
        f"タグ「{tag.name}」：{people.true}人{names}{folder}\n{where}",
        Tap(label="この人たちを絞り込む", says=f"絞り込み タグ 「{tag.name}」"),
        *_changes(desk, tag),
        Tap(label="タグの一覧", says="タグ"),
        tap("ホーム"),
        where=f"タグ ▸ {tag.name}",
    )


def _changes(desk: Desk, tag: Tag) -> tuple[Tap, ...]:
    if not may(desk.staff.role, Role.EDITOR):
        return ()
    words = (
        ("名前を変える", "タグ名変更"),
        ("ほかとまとめる", "タグ統合"),
        ("フォルダ", "タグ分け"),
        ("消す", "タグを消す"),
    )
    return tuple(Tap(label=shown, says=f"{word} 「{tag.name}」") for shown, word in words)


def _make_tap(desk: Desk, name: str) -> tuple[Tap, ...]:
    return (Tap(label="作る", says=f"タグ作成 「{name}」"),) if may(desk.staff.role, Role.EDITOR) else ()


@label.command(
    "タグ作成",
    alias=("タグ追加",),
    usage="タグ作成 名前",
    needs=Role.EDITOR,
    acts=True,
    examples=[("タグ作成 お得意様", "作りました")],
)
def make(desk: Desk, words: MaybeWords) -> None:
    """タグを作ります。"""
    name = words.strip("「」 ")
    if not 1 <= len(name) <= 20:
        raise CommandError("タグの名前は1〜20文字です。例：タグ作成 常連", tap("タグ"))
    if fold(name) in desk.catalog.tags:
        raise CommandError(
            f"タグ「{desk.catalog.tags[fold(name)].name}」は、もうあります。",
            Tap(label="見る", says=f"タグ 「{name}」"),
        )
    desk.edit(with_tag(desk.catalog, name), f"タグ「{name}」を作りました")
    desk.say(f"タグ「{name}」を作りました。", tap("取消"), tap("タグ"), tap("ホーム"))


@label.command(
    "スコア",
    alias=("すこあ", "点数", "score"),
    usage="スコア [名前]",
    examples=[("スコア", "スコア"), ("スコア", "使っているところ")],
)
def scores(desk: Desk, words: MaybeWords) -> None:
    """スコアの種類と、使っているところを見ます。"""
    named = [(key, one.name) for key, one in desk.catalog.scores.items() if key]
    if words and fold(words.strip("「」")) not in desk.catalog.scores:
        raise CommandError(f"スコア「{words}」はありません。", tap("スコア"), tap("ホーム"))
    listed = [(key, name) for key, name in named if not words or key == fold(words.strip("「」"))]
    main = [] if words else [f"・ふつうのスコア（+3点 のように書きます）　{_used(desk, uses_score(MAIN))}"]
    lines = [*main, *(f"・{name}　{_used(desk, uses_score(key))}" for key, name in listed)]
    how = "" if named else "\n名前つきは「美容+2点」のように、選択肢や台本に書くと作られます。"
    desk.say(
        "スコア\n" + "\n".join(lines) + how,
        tap("見込み客"),
        *(Tap(label=f"{name}の上位", says=f"見込み客 {quoted(name)}") for _, name in listed[:3]),
        *(Tap(label=f"{name}の名前を変える", says=f"スコア名変更 {quoted(name)}") for _, name in listed[:2]),
        Tap(label="10点以上の人", says="絞り込み スコア10以上"),
        tap("タグ"),
        tap("項目"),
        tap("ホーム"),
        where="スコア",
    )


def _used(desk: Desk, test: Test) -> str:
    return used_words(places(desk.catalog, test))


@label.command(
    "項目",
    alias=("こうもく", "回答項目", "field"),
    usage="項目 [名前]",
    examples=[("項目", "項目"), ("項目 悩み", "使っているところ")],
)
def fields(desk: Desk, words: MaybeWords) -> None:
    """友だちの答えが入る項目を見ます。名前をつけると、使っているところを見ます。"""
    if words:
        _field(desk, words.strip("「」"))
        return
    all_ = list(desk.catalog.fields.values())
    lines = [f"・{one.name}{f'（{one.holds}）' if one.holds else ''}" for one in all_[:_LISTED]]
    text = "\n".join(lines) if lines else "まだありません。質問を作ると、答えの入る項目ができます。"
    taps = [Tap(label=one.name, says=f"項目 {quoted(one.name)}") for one in all_[:6]]
    desk.say(f"項目 {len(all_)}個\n{text}", *taps, tap("タグ"), tap("スコア"), tap("ホーム"), where="項目")


def _field(desk: Desk, name: str) -> None:
    one = desk.catalog.fields.get(fold(name))
    if one is None:
        near = near_names(name, (each.name for each in desk.catalog.fields.values()))
        taps = (Tap(label=each, says=f"項目 {quoted(each)}") for each in near)
        raise CommandError(f"項目「{name}」はありません。", *taps, tap("項目"), tap("ホーム"))
    filled = desk.reports.count(FieldFilled(field=one.name), desk.catalog, desk.now).true
    holds = f"（{one.holds}）" if one.holds else ""
    desk.say(
        f"項目「{one.name}」{holds}：{filled}人に入っています。\n{_used(desk, uses_field(fold(one.name)))}\n"
        f"文に入れるときは {{{one.name}|（わからないときの言葉）}} と書きます。",
        Tap(label="入っている人を絞り込む", says=f"絞り込み 項目 {quoted(one.name)}あり"),
        Tap(label="名前を変える", says=f"項目名変更 {quoted(one.name)}"),
        tap("項目"),
        tap("ホーム"),
        where=f"項目 ▸ {one.name}",
    )
