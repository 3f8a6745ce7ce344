"""Ready-made scenarios and surveys as scripts: add a file, it is offered under テンプレ."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def scripts() -> Mapping[str, str]:
    """The scripts by name, read once from beside this file; they are part of the program."""
    found = (one for one in files(__name__).iterdir() if one.name.endswith(".md"))
    listed = {one.name.removesuffix(".md"): one.read_text(encoding="utf-8") for one in found}
    return dict(sorted(listed.items(), key=lambda one: _place(one[0])))


_FIRST = ("はじめまして", "3日でご紹介", "イベント", "予約の前に", "来店のお礼", "再来店のご案内", "レビューのお願い")
"""The most wanted ones come first; the others follow by name."""


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)
