"""The reference of commands, drawn from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterable

from admin_commands import FAMILIES
from admin_commands.registry import RANKS, Command, Family, may

_HEAD = """# ことば

管理の画面（スタッフのトーク）で使える言葉の一覧です。言葉は1行で送ります。全角・半角、ひらがな・カタカナ、送りがな、
うしろの「。」「！」、頭の「/」のちがいは気にしなくて大丈夫です。

どこでも使える言葉は `戻る`（1つ前の質問へ）、`やめる`（中断。作りかけは残ります）、`保存`、`プレビュー`、`ヘルプ` です。
ボタンのない画面（パソコンなど）では、ボタンの文字か番号を送ってください。

シナリオの名前だけを送ると、そのシナリオが開きます。`# シナリオ` か `# アンケート` で始まる台本を貼り付けると、下書きになります。
"""

_ROLES = """
## だれが何を使えるか

| 言葉 | {roles} |
|---|{lines}|
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, *(_family(name, commands) for name, commands in _by_name().items()), _roles()]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _by_name() -> dict[str, list[Command]]:
    found: dict[str, list[Command]] = {}
    for family in FAMILIES:
        found.setdefault(family.name, []).extend(_spoken(family))
    return {name: commands for name, commands in found.items() if commands}


def _spoken(family: Family) -> list[Command]:
    return [command for command in family.commands if not command.hidden]


def _family(name: str, commands: Iterable[Command]) -> str:
    rows = "\n".join(_row(command) for command in commands)
    return f"## {name}\n\n| 送る言葉 | すること | 同じ意味の言葉 | 例 |\n|---|---|---|---|\n{rows}"


def _row(command: Command) -> str:
    others = "、".join(f"`{one}`" for one in command.spellings[1:]) or "–"
    examples = "、".join(f"`{said}`" for said in dict.fromkeys(one for one, _ in command.examples)) or "–"
    cells = (f"`{command.usage}`", command.help.replace("\n", " "), others, examples)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _roles() -> str:
    roles = list(reversed(RANKS))
    head = _ROLES.format(roles=" | ".join(role.value for role in roles), lines="|".join("---" for _ in roles))
    rows = (
        f"| `{command.word}` | " + " | ".join("○" if may(role, command.needs) else "–" for role in roles) + " |"
        for commands in _by_name().values()
        for command in commands
    )
    return head.strip("\n") + "\n" + "\n".join(rows)
