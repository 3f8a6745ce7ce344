"""The first jobs, by taps alone and by words alone: how many turns each takes, counted from the talks themselves.

`UPDATE_TRANSCRIPTS=1 pytest` rewrites what the product says, and the page of turns.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from admin_commands.claim import claim
from bot.menus.panel import TABS
from flows.desk import Console
from flows.names import FriendId, fold
from flows.script import write
from tests.console.shop import shop
from tests.console.test_transcripts import SAYS, spoken, turns
from tests.console.world import Phone, golden, words_of

FOLDER = Path(__file__).parent / "jobs"
PAGE = Path(__file__).parents[2] / "docs" / "ja" / "調べる" / "手数.md"
FILES = sorted(FOLDER.glob("*.txt"))
BY_TAPS, BY_WORDS = "ボタン", "言葉"
ENDS = {
    "1": "下書きに保存しました",
    "2": "下書きに保存しました",
    "3": "公開しました",
    "4": "すべての道を見ました",
    "5": "元に戻しました",
    "6": "スタッフから外しました",
    "7": "公開しました",
    "8": "下書きに保存しました",
}
"""What the last screen of each job says."""
SUZUKI = FriendId("U" + "e" * 32)
HEAD = """# 手数

はじめての仕事に、何回のやりとりが要るかの表です。送ったもの1つ（ボタン1回、言葉1行、本文1通）を1手と数えます。
「ボタンだけ」は、管理のメニューとボタンだけで進み、名前や本文のように書くしかないところだけ書いたときの数です。
「言葉だけ」は、ボタンのないパソコンで、言葉と番号だけで進んだときの数です。どちらも0通です。

| 仕事 | ボタンだけ | 言葉だけ |
|---|---|---|
"""


def play(text: str) -> str:
    """The talk with what the product says now."""
    title = text.splitlines()[0]
    phone = shop() if "（店）" in title else Phone()
    return played(phone, text)


def played(phone: Phone, text: str) -> str:
    """The same, on this phone."""
    parts = [text.splitlines()[0], *(f"{SAYS}{said}\n〉\n{_heard(phone, said)}" for said, _ in turns(text))]
    return "\n".join(parts) + "\n"


def _heard(phone: Phone, said: str) -> str:
    if menu := re.fullmatch(r"〔(.+)〕", said):
        area = next(area for tab in TABS for area in tab.areas if area.title == menu[1])
        phone.press(f"c:{area.says}")
        return spoken_screen(phone)
    if said == "（鈴木さんが登録する）":
        return _join(phone)
    return spoken(phone, said)


def spoken_screen(phone: Phone) -> str:
    """What the phone shows, with its buttons."""
    buttons = "".join(f"［{label}］" for label in phone.labels)
    return f"{phone.text}\n{buttons}".rstrip()


def _join(phone: Phone) -> str:
    """Somebody takes the invitation that is on the owner's phone."""
    line = next(words_of(one) for one in phone.shown if words_of(one).startswith("登録 "))
    made = claim(f"{line} なる", SUZUKI, phone.catalog, Console(admin=SUZUKI), "", phone.now, name="鈴木")
    assert made is not None
    assert made.decision is not None
    assert made.decision.catalog is not None
    phone.catalog = replace(made.decision.catalog, revision=phone.catalog.revision + 1)
    return words_of(made.decision.bubbles[0]).splitlines()[0]


def mine(text: str) -> list[str]:
    """What the owner does in a talk."""
    return [said for said, _ in turns(text) if not said.startswith("（")]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_the_job_goes_as_written(file: Path) -> None:
    """The talk is what a new owner meets, and it ends with the job done."""
    text = file.read_text(encoding="utf-8")
    now = play(text)
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        file.write_text(now, encoding="utf-8")
        text = now
    assert now == text
    assert ENDS[file.stem[0]] in text.rpartition(SAYS)[2]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_job_keeps_to_its_way(file: Path) -> None:
    """By taps alone no command is typed; by words alone nothing is tapped."""
    said = mine(file.read_text(encoding="utf-8"))
    if file.stem.endswith(BY_WORDS):
        assert not any(one.startswith(("［", "〔")) for one in said)
    else:
        assert said[0].startswith("〔")
        assert sum(one.startswith(("［", "〔")) for one in said) >= len(said) / 2


def page() -> str:
    """The table of turns."""
    counts: dict[str, dict[str, int]] = {}
    for file in FILES:
        number, job, way = file.stem.split("_")
        counts.setdefault(f"{number} {job}", {})[way] = len(mine(file.read_text(encoding="utf-8")))
    rows = [f"| {job} | {ways[BY_TAPS]}手 | {ways[BY_WORDS]}手 |" for job, ways in counts.items()]
    return HEAD + "\n".join(rows) + "\n"


def test_the_page_of_turns_is_counted_from_the_talks() -> None:
    """A number that nobody counts again is soon wrong."""
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert page() == PAGE.read_text(encoding="utf-8")
    assert len(FILES) == 2 * len(ENDS)


@pytest.mark.parametrize("way", [BY_TAPS, BY_WORDS])
def test_the_wizard_alone_makes_the_survey_of_the_material_to_the_letter(way: str) -> None:
    """肌診断 needs no pasting: four questions, tags, two scores, a tag for all, a border that tells staff."""
    file = next(file for file in FILES if file.stem.startswith("8_") and file.stem.endswith(way))
    phone = Phone()
    played(phone, file.read_text(encoding="utf-8"))
    draft = phone.catalog.plans[fold("肌診断")].draft
    assert draft is not None
    assert write(draft) == golden("肌診断")
