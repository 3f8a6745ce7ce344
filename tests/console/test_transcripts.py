"""Whole conversations with staff, as they are read on the phone.

A transcript is a text: `店> ` is typed, `店> ［…］` is tapped, `店> 《新規様》` pastes that script; what follows up to the
next `店> ` is what the phone then shows. `UPDATE_TRANSCRIPTS=1 pytest` rewrites what the product says; the diff is
the review.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.shop import shop
from tests.console.world import Phone, golden

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
SAYS = "店> "


def turns(text: str) -> Iterator[tuple[str, str]]:
    """What is said, and what was shown."""
    head, *rest = re.split(rf"^{SAYS}", text, flags=re.MULTILINE)
    assert head.startswith("# ")
    for turn in rest:
        said, _, shown = turn.partition("\n〉\n")
        yield said, shown


def play(text: str) -> str:
    """The transcript with what the product says now."""
    title = text.splitlines()[0]
    phone = shop() if "（店）" in title else Phone()
    parts = [title]
    for said, _ in turns(text):
        parts.append(f"{SAYS}{said}\n〉\n{spoken(phone, said)}")
    return "\n".join(parts) + "\n"


def spoken(phone: Phone, said: str) -> str:
    """What the phone shows after these words or this tap, with its buttons."""
    if pasted := re.fullmatch(r"《(.+)》", said):
        phone.say(golden(pasted[1]))
    elif tapped := re.fullmatch(r"［(.+)］", said):
        phone.tap(tapped[1])
    elif sent := re.fullmatch(r"（(image|sticker|video|audio) (.+)）", said):
        phone.send(sent[1], sent[2])
    else:
        phone.say(said.replace("⏎", "\n"))
    buttons = "".join(f"［{label}］" for label in phone.labels)
    text = re.sub(r"\n\n1 [^\n]*(?:\n\d+ [^\n]*)*$", "", phone.text)
    return f"{text}\n{buttons}".rstrip()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_conversation_reads_as_written(file: Path) -> None:
    """The transcript is what owners will read."""
    text = file.read_text(encoding="utf-8")
    now = play(text)
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        file.write_text(now, encoding="utf-8")
    assert now == text
