"""Tables over every command: words, examples, roles, help. A new command is held to all of them."""

from __future__ import annotations

import re

import pytest

from admin_commands import FAMILIES, WIZARDS
from admin_commands.console import VOCABULARY
from admin_commands.reading import READERS
from admin_commands.reference import page
from admin_commands.registry import Command, arguments, may
from admin_commands.vocabulary import word_keys
from bot.menus.panel import TABS
from flows.catalog import Role
from tests.console.shop import shop

COMMANDS = [command for family in FAMILIES for command in family.commands]
SPOKEN = [command for command in COMMANDS if not command.hidden]
EXAMPLES = [(said, held, command) for command in SPOKEN for said, held in command.examples]


def by_word(command: Command) -> str:
    return command.word


@pytest.mark.parametrize(("said", "held", "command"), EXAMPLES, ids=[said for said, _, _ in EXAMPLES])
def test_each_example_answers_as_promised(said: str, held: str, command: Command) -> None:
    """What help shows must work when it is copied."""
    answer = shop().say(said)
    assert held in answer
    assert "読めませんでした" not in answer


@pytest.mark.parametrize("command", COMMANDS, ids=by_word)
def test_each_command_says_what_it_does(command: Command) -> None:
    """Help is made of these sentences."""
    assert command.help.endswith("。") or "例：" in command.help
    assert not re.search(r"[A-Za-z]{4,}", command.help.replace("LINE", ""))


@pytest.mark.parametrize("command", COMMANDS, ids=by_word)
def test_each_argument_can_be_read(command: Command) -> None:
    """A type without a reader would fail only when somebody says the word."""
    assert all(argument.type in READERS for argument in arguments(command.run))


@pytest.mark.parametrize("command", COMMANDS, ids=by_word)
def test_a_role_that_may_not_is_told_so_and_nothing_happens(command: Command) -> None:
    """Roles are checked here, whatever button was tapped."""
    for role in Role:
        if may(role, command.needs):
            continue
        phone = shop(role=role)
        before = phone.catalog
        data = f"c:{command.word}" if not command.hidden else ""
        answer = phone.press(data) if data else phone.say("ホーム")
        assert phone.catalog == before
        assert not phone.orders
        assert not data or command.needs.value in answer


@pytest.mark.parametrize("command", SPOKEN, ids=by_word)
def test_each_word_is_found_however_it_is_written(command: Command) -> None:
    """Width, a slash, a full stop and the aliases make no difference."""
    for spelling in command.spellings:
        for typed in (spelling, f"/{spelling}", f"／{spelling}", f"{spelling}。", f"{spelling}！", f"  {spelling} "):
            assert VOCABULARY.word(typed) is command


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("つうすう", "通数"),
        ("ﾂｳｽｳ", "通数"),
        ("書き出し", "書出"),
        ("かきだし", "書出"),
        ("取り消し", "取消"),
        ("入れ替え 2 3", "入替"),
        ("絞り込み　全員", "絞り込み"),
        ("絞込 全員", "絞り込み"),
        ("QUOTA", "通数"),
        ("ｈｅｌｐ", "ヘルプ"),
        ("友だち@さくら", "友だち"),
        ("シナリオ　新規様", "シナリオ"),
    ],
)
def test_spellings_of_people_find_the_word(typed: str, word: str) -> None:
    """A phone writes a word in many ways."""
    found = VOCABULARY.split(typed)
    assert found is not None
    assert found[0].word == word


@pytest.mark.parametrize("typed", ["シナリオを作りたい", "通数は？", "明日は臨時休業です", "友だちが来ました", ""])
def test_a_sentence_is_no_command(typed: str) -> None:
    """A command is a word, then a blank or the end."""
    assert VOCABULARY.split(typed) is None


def test_hidden_words_do_nothing_when_typed() -> None:
    """No line by itself publishes, sends or erases: that takes the screen that shows the consequence."""
    for command in COMMANDS:
        if command.hidden:
            phone = shop()
            before = phone.catalog
            assert "まだ誰にも送っていません" in phone.say(f"{command.word} 0.1.1.1 新規様")
            assert phone.catalog == before
            assert not phone.orders


@pytest.mark.parametrize("command", SPOKEN, ids=by_word)
def test_each_bare_word_has_a_way_on(command: Command) -> None:
    """No dead ends: every screen offers something to tap, or asks for something."""
    phone = shop()
    answer = phone.say(command.word)
    assert phone.labels or phone.console.wizard
    assert not re.search(
        r"[A-Za-z_]{5,}",
        re.sub(
            r"Instagram|Asia/Tokyo|https?://\S*|https|/callback|PUBLIC_URL|Redis|noeviction|maxmemory-policy|clock|worker|Webhook|Developers",
            "",
            answer,
        ),
    )


def test_the_panel_says_known_words_only() -> None:
    """Every area of the admins' menu opens something."""
    for tab in TABS:
        for area in tab.areas:
            assert VOCABULARY.split(area.says) is not None, area.says


def test_forms_are_reachable_by_their_names() -> None:
    """A form kept for a week is opened again by its name."""
    assert all(name == wizard.name for name, wizard in WIZARDS.items())


def test_the_page_of_words_shows_every_spoken_word_and_no_hidden_one() -> None:
    """The reference is drawn from the commands."""
    text = page()
    for command in SPOKEN:
        assert f"`{command.usage}`".replace("|", "\\|") in text
    assert "do:" not in text


def test_okurigana_is_left_out_only_where_two_kanji_remain() -> None:
    """Otherwise 友だち would be 友."""
    assert word_keys("友だち") == ("友だち",)
    assert word_keys("書き出し") == ("書き出し", "書出")
