"""The admins' panels: drawn, brought to LINE once, and carrying words."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from bot.line import LineClient, connect
from bot.line.lane import Unpaced
from bot.menus import panel
from bot.menus.admin import AdminMenus, menu_body, menu_name
from bot.menus.drawing import is_drawable, picture
from bot.menus.panel import HEIGHT, TABS, WIDTH, area_bounds, tab_bounds
from flows.names import FriendId
from simulator.world import FakeLine, user_id

OWNER = FriendId(user_id("花"))


@pytest.fixture
def fake() -> Iterator[FakeLine]:
    """LINE with the owner as a friend."""
    with FakeLine() as line:
        line.receive_with(lambda _body, _headers: 200)
        line.add_person(OWNER, "花", friend=True)
        yield line


@pytest.fixture
def client(fake: FakeLine) -> Iterator[LineClient]:
    """Our side of the channel."""
    made = connect(base=fake.url, token=fake.token, channel_id=None, secret=fake.secret, pacing=Unpaced())
    yield made
    made.close()


def small(number: int) -> bytes:
    """A stand-in for a picture, quick to make."""
    out = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), ("red", "green", "blue")[number]).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("tab", range(len(TABS)))
def test_each_panel_is_a_picture_line_takes(tab: int) -> None:
    """2500 by 1686 pixels, a PNG, less than 1 MB (developers.line.biz: upload-rich-menu-image-requirements)."""
    drawn = picture(tab)
    assert len(drawn) < 1_000_000
    image = Image.open(io.BytesIO(drawn))
    assert (image.size, image.format) == ((WIDTH, HEIGHT), "PNG")
    colours = image.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 16


def test_every_word_on_a_panel_can_be_drawn() -> None:
    """A missing glyph would be an empty box on every admin's phone."""
    words = [tab.title for tab in TABS] + [area.title for tab in TABS for area in tab.areas]
    assert all(is_drawable(one) for one in words)
    assert not is_drawable("𠮷")


def test_areas_and_tabs_cover_the_panel_without_overlap() -> None:
    """A tap in a gap does nothing; a tap in an overlap does something else."""
    bounds = [tab_bounds(number) for number in range(3)] + [area_bounds(number) for number in range(6)]
    assert sum(width * height for _, _, width, height in bounds) == WIDTH * HEIGHT
    assert all(left + width <= WIDTH and top + height <= HEIGHT for left, top, width, height in bounds)


def test_the_panels_come_to_line_once(fake: FakeLine, client: LineClient) -> None:
    """A restarted worker finds what another one made; 100 panels an hour is LINE's limit."""
    first = AdminMenus(client, small).first()
    assert AdminMenus(client, small).first() == first
    assert sorted(client.menus()) == sorted(menu_name(number) for number in range(3))
    assert len([call for call in fake.calls if call.path == "/v2/bot/richmenu" and call.method == "POST"]) == 3


def test_an_older_drawing_is_replaced(client: LineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes on a panel changes its name; the old one goes."""
    old = AdminMenus(client, small).first()
    monkeypatch.setattr(panel, "CHAT_BAR", "メニュー")
    monkeypatch.setattr("bot.menus.admin.CHAT_BAR", "メニュー")
    assert AdminMenus(client, small).first() != old
    assert len(client.menus()) == 3


def test_every_area_says_the_words_of_a_command(fake: FakeLine, client: LineClient) -> None:
    """One registry, two ways in: what is tapped can also be typed."""
    client.link_menu(OWNER, AdminMenus(client, small).first())
    for number, tab in enumerate(TABS):
        for area in tab.areas:
            fake.tap(OWNER, area.says)
            assert fake.talk(OWNER)[-1].text == area.says
        if number + 1 < len(TABS):
            fake.tap(OWNER, TABS[number + 1].title)


def test_a_panel_may_be_taken_away_again(fake: FakeLine, client: LineClient) -> None:
    """友だちモード, and whoever is no longer staff."""
    client.link_menu(OWNER, AdminMenus(client, small).first())
    assert fake.menu(OWNER) is not None
    client.unlink_menu(OWNER)
    assert fake.menu(OWNER) is None


def test_labels_fit() -> None:
    """LINE refuses a label beyond 20 characters, and a bar beyond 14."""
    actions = [area["action"] for number in range(3) for area in menu_body(number, "x")["areas"]]
    assert all(len(action["label"]) <= 20 for action in actions)
    assert len(panel.CHAT_BAR) <= 14
