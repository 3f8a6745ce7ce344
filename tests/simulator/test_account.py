"""Tokens, rich menus, profiles and the webhook address behave as LINE's do."""

from __future__ import annotations

import struct
from pathlib import Path
from urllib.parse import urlencode

import pytest

from simulator.clock import Clock
from simulator.http import Answer, Request
from simulator.world import FakeLine, user_id
from tests.simulator.support import MOMO, SAKURA, STRANGE, Product

AREA = {
    "bounds": {"x": 0, "y": 0, "width": 800, "height": 270},
    "action": {"type": "message", "label": "予約", "text": "予約"},
}
MENU = {
    "size": {"width": 800, "height": 270},
    "selected": True,
    "name": "n",
    "chatBarText": "メニュー",
    "areas": [AREA],
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 800, 270) + b"\x08\x02\x00\x00\x00"
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 270, 800)
    + b"\x03\x01"
)


def create(fake: FakeLine, image: bytes = PNG, **more: object) -> str:
    menu = str((fake.call("POST", "/v2/bot/richmenu", MENU | more).body or {})["richMenuId"])
    if image:
        assert upload(fake, menu, image).status == 200
    return menu


def upload(fake: FakeLine, menu: str, image: bytes, kind: str = "image/png") -> Answer:
    headers = {"authorization": "Bearer " + fake.token, "content-type": kind}
    return fake.line.handle(Request(method="POST", path=f"/v2/bot/richmenu/{menu}/content", headers=headers, raw=image))


def form(fake: FakeLine, path: str, **fields: str) -> Answer:
    return fake.line.handle(Request(method="POST", path=path, raw=urlencode(fields).encode()))


def issue(fake: FakeLine, **more: str) -> Answer:
    given = {"grant_type": "client_credentials", "client_id": fake.channel_id, "client_secret": fake.secret}
    return form(fake, "/oauth2/v3/token", **(given | more))


def test_without_a_good_token_nothing_is_told(fake: FakeLine) -> None:
    """401 is how the product learns of a reissued token."""
    for header in ("Bearer wrong", "wrong", ""):
        assert fake.call("GET", "/v2/bot/info", authorization=header).status == 401
    assert fake.call("GET", "/v2/bot/info").status == 200


def test_a_stateless_token_lives_a_quarter_of_an_hour(fake: FakeLine, clock: Clock) -> None:
    """The product must issue the next in time."""
    answer = issue(fake).body or {}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 899)
    header = "Bearer " + answer["access_token"]
    assert fake.call("GET", "/v2/bot/info", authorization=header).status == 200
    assert (form(fake, "/v2/oauth/verify", access_token=answer["access_token"]).body or {})[
        "client_id"
    ] == fake.channel_id
    clock.move(901)
    assert fake.call("GET", "/v2/bot/info", authorization=header).status == 401
    assert form(fake, "/v2/oauth/verify", access_token=answer["access_token"]).status == 400


@pytest.mark.parametrize("wrong", [{"client_secret": "x"}, {"client_id": "1"}, {"grant_type": "password"}])
def test_a_token_is_issued_to_the_channel_only(fake: FakeLine, wrong: dict[str, str]) -> None:
    """A swapped secret must be seen."""
    assert issue(fake, **wrong).status == 400


def test_a_menu_needs_its_picture_first(fake: FakeLine) -> None:
    """LINE refuses to link it otherwise."""
    menu = create(fake, b"")
    assert fake.call("POST", f"/v2/bot/user/{SAKURA}/richmenu/{menu}").status == 400
    assert fake.call("POST", f"/v2/bot/user/all/richmenu/{menu}").status == 400
    assert upload(fake, menu, PNG).status == 200
    assert fake.call("POST", f"/v2/bot/user/{SAKURA}/richmenu/{menu}").status == 200
    assert (fake.menu(SAKURA) or {})["chatBarText"] == "メニュー"
    assert fake.call("GET", f"/v2/bot/richmenu/{menu}/content").blob == PNG


def test_a_picture_is_png_or_jpeg_of_the_right_size_and_sent_once(fake: FakeLine) -> None:
    """A wrong one shows nothing on the phone."""
    menu = create(fake, b"")
    assert upload(fake, menu, b"GIF89a").status == 415
    assert upload(fake, menu, PNG, "image/jpeg").status == 415
    assert upload(fake, menu, PNG + b"0" * 1024 * 1024).status == 413
    assert upload(fake, menu, PNG.replace(struct.pack(">I", 270), struct.pack(">I", 540))).status == 400
    assert upload(fake, menu, JPEG, "image/jpeg").status == 200
    assert upload(fake, menu, PNG).status == 400


def test_one_s_own_menu_comes_before_the_default(fake: FakeLine, product: Product) -> None:
    """And the default comes back when it is unlinked."""
    common, own = create(fake, chatBarText="みんな"), create(fake, chatBarText="自分")
    fake.call("POST", f"/v2/bot/user/all/richmenu/{common}")
    fake.call("POST", f"/v2/bot/user/{SAKURA}/richmenu/{own}")
    assert (fake.menu(SAKURA) or {})["chatBarText"] == "自分"
    assert fake.call("GET", f"/v2/bot/user/{SAKURA}/richmenu").body == {"richMenuId": own}
    fake.tap(SAKURA, "予約")
    assert product.events[-1]["message"]["text"] == "予約"
    fake.call("DELETE", f"/v2/bot/user/{SAKURA}/richmenu")
    assert (fake.menu(SAKURA) or {})["chatBarText"] == "みんな"
    fake.call("DELETE", "/v2/bot/user/all/richmenu")
    assert fake.menu(SAKURA) is None
    assert fake.call("GET", "/v2/bot/user/all/richmenu").status == 404


def test_many_are_linked_at_once(fake: FakeLine) -> None:
    """Unknown ids are passed over."""
    menu = create(fake)
    fake.add_person(MOMO, "もも")
    body = {"richMenuId": menu, "userIds": [SAKURA, MOMO, STRANGE]}
    assert fake.call("POST", "/v2/bot/richmenu/bulk/link", body).status == 202
    assert fake.menu(MOMO)
    assert fake.call("POST", "/v2/bot/richmenu/bulk/unlink", {"userIds": [SAKURA, MOMO]}).status == 202
    assert fake.menu(MOMO) is None


def test_a_deleted_menu_is_seen_no_more(fake: FakeLine) -> None:
    """Nor listed."""
    menu = create(fake)
    fake.call("POST", f"/v2/bot/user/{SAKURA}/richmenu/{menu}")
    assert fake.call("DELETE", f"/v2/bot/richmenu/{menu}").status == 200
    assert fake.menu(SAKURA) is None
    assert fake.call("GET", "/v2/bot/richmenu/list").body == {"richmenus": []}
    assert fake.call("GET", f"/v2/bot/richmenu/{menu}").status == 404


def test_tabs_switch_by_alias_and_tell_the_product(fake: FakeLine, product: Product) -> None:
    """The app changes the menu by itself."""
    second = create(fake, chatBarText="二枚目")
    switch = AREA | {"action": {"type": "richmenuswitch", "label": "次", "richMenuAliasId": "second", "data": "tab"}}
    first = create(fake, areas=[switch])
    fake.call("POST", f"/v2/bot/user/{SAKURA}/richmenu/{first}")
    fake.tap(SAKURA, "次")
    assert product.events[-1]["postback"]["params"]["status"] == "RICHMENU_ALIAS_ID_NOTFOUND"
    assert (
        fake.call("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": "second", "richMenuId": second}).status == 200
    )
    fake.tap(SAKURA, "次")
    assert product.events[-1]["postback"]["params"] == {"newRichMenuAliasId": "second", "status": "SUCCESS"}
    assert (fake.menu(SAKURA) or {})["chatBarText"] == "二枚目"


def test_aliases_are_made_changed_and_forgotten(fake: FakeLine) -> None:
    """Each name once."""
    one, two = create(fake), create(fake)
    body = {"richMenuAliasId": "tab", "richMenuId": one}
    assert fake.call("POST", "/v2/bot/richmenu/alias", body).status == 200
    assert fake.call("POST", "/v2/bot/richmenu/alias", body).status == 400
    assert fake.call("POST", "/v2/bot/richmenu/alias/tab", {"richMenuId": two}).status == 200
    assert fake.call("GET", "/v2/bot/richmenu/alias/tab").body == {"richMenuAliasId": "tab", "richMenuId": two}
    assert len((fake.call("GET", "/v2/bot/richmenu/alias/list").body or {})["aliases"]) == 1
    assert fake.call("DELETE", "/v2/bot/richmenu/alias/tab").status == 200
    assert fake.call("GET", "/v2/bot/richmenu/alias/tab").status == 404


def test_only_verified_accounts_list_their_friends(fake: FakeLine) -> None:
    """The product must live without."""
    assert fake.call("GET", "/v2/bot/followers/ids").status == 403
    fake.verified()
    fake.add_person(MOMO, "もも", friend=True)
    first = fake.call("GET", "/v2/bot/followers/ids?limit=1").body or {}
    second = fake.call("GET", f"/v2/bot/followers/ids?limit=1&start={first['next']}").body or {}
    assert [first["userIds"], second["userIds"]] == [[SAKURA], [MOMO]]
    assert "next" not in second


def test_the_webhook_address_can_be_set_and_tried(fake: FakeLine) -> None:
    """make doctor does this."""
    path = "/v2/bot/channel/webhook/endpoint"
    assert fake.call("GET", path).status == 404
    assert fake.call("PUT", path, {"endpoint": "http://example.com/"}).status == 400
    assert fake.call("PUT", path, {"endpoint": "http://127.0.0.1:9/callback"}).status == 200
    assert fake.call("GET", path).body == {"endpoint": "http://127.0.0.1:9/callback", "active": True}
    tried = fake.call("POST", "/v2/bot/channel/webhook/test", {}).body or {}
    assert (tried["success"], tried["reason"]) == (False, "could_not_connect")


def test_bodies_of_the_wrong_kind_are_refused(fake: FakeLine) -> None:
    """Before anything is looked at."""
    headers = {"authorization": "Bearer " + fake.token}

    def send(raw: bytes, kind: str) -> int:
        path = "/v2/bot/message/push"
        request = Request(method="POST", path=path, headers=headers | {"content-type": kind}, raw=raw)
        return fake.line.handle(request).status

    assert send(b"{}", "text/plain") == 415
    assert send(b"{", "application/json") == 400
    assert send(b"[]", "application/json") == 400
    assert send(b" " * (2 * 1024 * 1024 + 1), "application/json") == 413


def test_people_stand_in_the_order_they_came(tmp_path: Path) -> None:
    """Also after a restart; else somebody looks for her phone."""
    names = ["店の人", "さくら", "もも", "うめ", "きく"]
    first = FakeLine(directory=tmp_path, serving=False)
    for name in names:
        first.acts.add(user_id(name), name)
    first.line.close()
    assert [each.name for each in FakeLine(directory=tmp_path, serving=False).line.memory.people.values()] == names
