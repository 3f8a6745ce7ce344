"""Ready-made scenarios and surveys as scripts: add a .md file, run `make docs`, it is offered under テンプレ."""

from collections.abc import Mapping

from admin_commands.templates.table import SCRIPTS

_FIRST = ("はじめまして", "3日でご紹介", "イベント", "予約の前に", "来店のお礼", "再来店のご案内", "レビューのお願い")


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


TEMPLATES: Mapping[str, str] = {name: SCRIPTS[name] for name in sorted(SCRIPTS, key=_place)}
"""The scripts by name, the most wanted first."""

__all__ = ["TEMPLATES"]
