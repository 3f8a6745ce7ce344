"""タグ, スコア, 項目: the labels friends carry."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk
from admin_commands.edits import with_tag
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family, may
from admin_commands.screens import Tap, tap
from flows.catalog import Role
from flows.conditions import Tagged
from flows.names import fold, with_san

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
    names = [tag.name for tag in desk.catalog.tags.values()]
    if not names:
        desk.say(
            "まだタグはありません。シナリオの選択肢や「タグ付け @名前 タグ」で作られます。",
            tap("シナリオ作成"),
            tap("ホーム"),
        )
        return
    lines = "\n".join(f"・{name}" for name in names[:_LISTED])
    more = f"\nほか{len(names) - _LISTED}個" if len(names) > _LISTED else ""
    taps = [Tap(label=name, says=f"タグ 「{name}」") for name in names[:8]]
    desk.say(f"タグ {len(names)}個\n{lines}{more}", *taps, tap("ホーム"), where="タグ")


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
    desk.say(
        f"タグ「{tag.name}」：{people.true}人{names}",
        Tap(label="この人たちを絞り込む", says=f"絞り込み タグ 「{tag.name}」"),
        Tap(label="タグの一覧", says="タグ"),
        tap("ホーム"),
        where=f"タグ ▸ {tag.name}",
    )


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


@label.command("スコア", alias=("すこあ", "点数", "score"), examples=[("スコア", "スコア")])
def scores(desk: Desk) -> None:
    """スコアの種類を見ます。"""
    names = [score.name for key, score in desk.catalog.scores.items() if key]
    named = f"名前つきのスコア：{'・'.join(names)}" if names else "名前つきのスコアはまだありません。"
    desk.say(
        f"ふつうのスコア（+3点 のように書きます）は、いつでも使えます。\n{named}\n"
        "名前つきは「美容+2点」のように、選択肢や台本に書くと作られます。",
        Tap(label="10点以上の人", says="絞り込み スコア10以上"),
        tap("タグ"),
        tap("項目"),
        tap("ホーム"),
        where="スコア",
    )


@label.command("項目", alias=("こうもく", "回答項目", "field"), examples=[("項目", "項目")])
def fields(desk: Desk) -> None:
    """友だちの答えが入る項目を見ます。"""
    lines = [f"・{one.name}{f'（{one.holds}）' if one.holds else ''}" for one in desk.catalog.fields.values()]
    text = "\n".join(lines[:_LISTED]) if lines else "まだありません。質問を作ると、答えの入る項目ができます。"
    desk.say(f"項目 {len(lines)}個\n{text}", tap("タグ"), tap("スコア"), tap("ホーム"), where="項目")
