"""Rich messages: a picture whose parts are buttons, at LINE and in a script."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from flows.catalog import Account, Catalog
from flows.friend import Friend
from flows.messages import Button, Rich
from flows.messages.rich import SHAPES
from flows.names import FriendId
from flows.script import Problems, Script, parse_rich, read, write
from flows.words import Filler
from simulator.validate import problems

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PICTURE = "media:0123456789abcdef0123456789abcdef01234567"


def fill(base: str = "https://shop.example") -> Filler:
    return Filler(Friend(id=FriendId("U" + "0" * 32)), Catalog(account=Account(base_url=base)))


def made(shape: str, **other: Any) -> Rich:
    buttons = tuple(Button(label=f"ボタン{number}") for number in range(len(SHAPES[shape])))
    return replace(Rich(picture=PICTURE, alt="店内", shape=shape, buttons=buttons), **other)


@pytest.mark.parametrize("shape", SHAPES)
def test_line_takes_each_way_to_part_a_picture(shape: str) -> None:
    """LINE refuses the whole send otherwise."""
    bubble = made(shape, wide=1200, high=630).bubble(fill())
    assert problems("Message", bubble) == []
    picture, *areas = bubble["contents"]["body"]["contents"]
    assert picture["aspectRatio"] == "1200:630"
    assert len(areas) == len(SHAPES[shape])


@pytest.mark.parametrize("shape", SHAPES)
def test_the_parts_cover_the_picture_and_none_covers_another(shape: str) -> None:
    """A tap anywhere on the picture means one thing."""
    areas = SHAPES[shape]
    assert sum(one.width * one.height for one in areas) == pytest.approx(10_000, rel=1e-3)
    for across in range(1, 100, 2):
        for down in range(1, 100, 2):
            here = [
                one
                for one in areas
                if one.left <= across < one.left + one.width and one.top <= down < one.top + one.height
            ]
            assert len(here) == 1


def test_it_says_everything_to_those_who_do_not_see_it() -> None:
    """A PC shows it as it is; a screen reader reads its words."""
    rich = replace(
        made("左右"),
        buttons=(Button(label="予約", url="https://example.com/r"), Button(label="電話", phone="03-1234-5678")),
    )
    assert rich.bubble(fill())["altText"] == "店内\n［予約］ https://example.com/r\n［電話］ tel:0312345678"


def test_without_an_address_of_ours_its_words_go() -> None:
    """The rest of the send is not lost for a picture."""
    assert made("全体").bubble(fill(base="")) == {"type": "text", "text": "店内\n［ボタン0］"}


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("!リッチ 斜め\n![a](https://a.example/b)\n- 見る", "という分け方はありません"),
        ("!リッチ 左右\n![a](https://a.example/b)\n- 見る", "押すところが2つ"),
        ("!リッチ 左右\n- 見る\n- 買う", "写真が要ります"),
        ("!リッチ 全体 1:4\n![a](https://a.example/b)\n- 見る", "縦は横の3倍まで"),
        ("!リッチ 全体 0:4\n![a](https://a.example/b)\n- 見る", "横と縦の長さは"),
        ("!リッチ 全体 大きい\n![a](https://a.example/b)\n- 見る", "分け方と、横と縦の長さ"),
        ("!リッチ 全体\n!動画(https://a.example/b)\n- 見る", "写真だけです"),
        ("!リッチ 全体\n![a](https://a.example/b)\n- あいうえおかきくけこさしすせそたちつてとな", "20文字まで"),
        ("!リッチ 左右\n![a](https://a.example/b)\n- 見る\n- 見る", "がもうあります"),
    ],
)
def test_what_does_not_read_is_said_with_what_could_stand_there(script: str, says: str) -> None:
    """Whoever types it on a phone makes each of these slips."""
    found = parse_rich(script)
    assert isinstance(found, Problems)
    assert any(says in problem.words for problem in found.problems)


def test_other_ways_to_write_it_come_to_the_same() -> None:
    """Full width, a cross for the colon, the long word."""
    script = (
        "# シナリオ 秋\n開始: 友だち追加\n\n## すぐ\n！リッチメッセージ　左右　３×２\n"
        "![](https://a.example/b)\n- 見る\n- 買う\n"
    )
    found = read(script, Catalog(), NOW)
    assert isinstance(found, Script)
    assert "!リッチ 左右 3:2\n![](https://a.example/b)\n- 見る\n- 買う\n" in write(found.plan)


def test_an_exclamation_about_something_rich_stays_text() -> None:
    """A shop that sells cream must be able to say so."""
    script = "# シナリオ 秋\n開始: 友だち追加\n\n## すぐ\n！リッチな味わい\n"
    found = read(script, Catalog(), NOW)
    assert isinstance(found, Script)
    assert write(found.plan) == script
