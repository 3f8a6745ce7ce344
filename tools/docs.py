"""`make docs`: writes the pages that are drawn from the code. A test holds them to it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic.fields import FieldInfo

from admin_commands import reference
from bot.settings import Settings
from tools import templates

ROOT = Path(__file__).resolve().parent.parent
SECRETS_FIRST = ("line_channel_secret", "line_channel_id", "line_channel_access_token", "redis_url", "owner_code")


def settings_ja() -> str:
    """The reference of settings for owners."""
    head = """# 設定

サーバーに置くときに環境変数で渡す値です。`make run` で試すときは、どれも要りません。
まちがいがあると、起動するときに直し方といっしょに全部まとめて表示されます。

| 名前 | 意味 | なければ | 例 |
|---|---|---|---|
"""
    return (
        head
        + _rows(language=0, needed="必須")
        + "\n入れ方は[LINEにつなぐ](../はじめる/LINEにつなぐ.md)と[サーバーに置く](../はじめる/サーバーに置く.md)にあります。\n"
    )


def settings_en() -> str:
    """The reference of settings for developers."""
    head = """# Settings

Environment variables, read once at start. `make run` needs none of them. Wrong and missing ones are listed together, each
with its mend, and the program ends with exit code 78.

| name | meaning | default | example |
|---|---|---|---|
"""
    return head + _rows(language=1, needed="required")


def _rows(*, language: int, needed: str) -> str:
    return "".join(_row(name, field, language, needed) for name, field in _ordered())


def _ordered() -> Iterable[tuple[str, FieldInfo]]:
    fields = Settings.model_fields
    return ((name, fields[name]) for name in (*SECRETS_FIRST, *(name for name in fields if name not in SECRETS_FIRST)))


def _row(name: str, field: FieldInfo, language: int, needed: str) -> str:
    meaning = (field.description or "").split(" / ")[language]
    default = needed if field.is_required() else f"`{field.default}`" if field.default else "–"
    example = f"`{field.examples[0]}`" if field.examples else "–"
    return f"| `{name.upper()}` | {meaning} | {default} | {example} |\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/ja/調べる/設定.md": settings_ja,
    "docs/ja/調べる/ことば.md": reference.page,
    "docs/en/settings.md": settings_en,
    "admin_commands/templates/table.py": templates.table,
}


def main() -> None:
    """Write every generated page."""
    for path, page in PAGES.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(page(), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
