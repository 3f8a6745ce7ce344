"""ヘルプ: made of the commands' own docstrings and examples."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk
from admin_commands.plans import key_of_place
from admin_commands.reading import MaybeWords
from admin_commands.registry import Command, Family, may
from admin_commands.screens import Tap, tap

help_ = Family(name="ヘルプ", about="使い方")
_FIVE = "どこでも使える言葉：戻る（1つ前）／やめる（中断・作りかけは残ります）／保存／プレビュー／ヘルプ"


@help_.command(
    "ヘルプ",
    alias=("へるぷ", "使い方", "help", "?"),
    examples=[("ヘルプ", "できること"), ("ヘルプ 通数", "今月の通数")],
)
def show(desk: Desk, words: MaybeWords) -> None:
    """いまできることと、言葉ごとの使い方を見ます。"""
    if words:
        _about(desk, words)
    elif key_of_place(desk.place) in desk.catalog.plans:
        _in_scenario(desk)
    else:
        _overview(desk)


def _overview(desk: Desk) -> None:
    lines = []
    for family, commands in _families(desk).items():
        lines.append(f"■{family}\n" + "・".join(command.word for command in commands))
    desk.say(
        "できること（言葉を送るだけで動きます。「/」は要りません）\n\n"
        + "\n".join(lines)
        + f"\n\n{_FIVE}\n言葉ごとの説明は「ヘルプ 通数」のように送ってください。",
        tap("シナリオ作成"),
        tap("シナリオ"),
        tap("友だち"),
        tap("通数"),
        tap("テンプレ"),
        tap("ホーム"),
        where="ヘルプ",
    )


def _families(desk: Desk) -> dict[str, list[Command]]:
    families: dict[str, list[Command]] = {}
    for command in desk.vocabulary.commands:
        if not command.hidden and may(desk.staff.role, command.needs):
            families.setdefault(command.family, []).append(command)
    return families


def _in_scenario(desk: Desk) -> None:
    entry = desk.catalog.plans[key_of_place(desk.place)]
    words = [one for one in desk.vocabulary.commands if one.family == "シナリオの中" and not one.hidden]
    lines = "\n".join(f"・{one.usage}：{first_sentence(one)}" for one in words)
    desk.say(
        f"「{entry.name}」を開いています。ここで使える言葉：\n{lines}\n\n{_FIVE}",
        Tap(label="開いている画面へ", says=f"シナリオ {entry.name}"),
        Tap(label="全体のヘルプ", says="ヘルプ 全体"),
        tap("ホーム"),
        where=f"ヘルプ ▸ {entry.name}",
    )


def _about(desk: Desk, words: str) -> None:
    if words in {"全体", "全部"}:
        _overview(desk)
        return
    command = desk.vocabulary.word(words)
    if command is None or command.hidden:
        near = desk.vocabulary.near(words)
        raise CommandError(
            f"「{words}」という言葉はありません。" + ("近い言葉はこちらです。" if near else ""),
            *(Tap(label=one.word, says=f"ヘルプ {one.word}") for one in near),
            Tap(label="全体のヘルプ", says="ヘルプ 全体"),
        )
    desk.say(
        "\n".join(about(command)),
        *((tap(command.word),) if may(desk.staff.role, command.needs) else ()),
        Tap(label="全体のヘルプ", says="ヘルプ 全体"),
        tap("ホーム"),
        where=f"ヘルプ ▸ {command.word}",
    )


def about(command: Command) -> list[str]:
    """Everything that is said of one command."""
    lines = [command.help, f"使い方：{command.usage}"]
    if command.examples:
        lines.append("例：" + "／".join(dict.fromkeys(said for said, _ in command.examples)))
    others = [one for one in command.spellings[1:] if not one.isascii()]
    if others:
        lines.append(f"同じ意味の言葉：{'・'.join(others)}")
    lines.append(f"使える人：{command.needs.value}から")
    return lines


def first_sentence(command: Command) -> str:
    """The first sentence of a command's help."""
    return command.help.split("。", 1)[0]
