"""Rich menus: their life, their pictures, who sees which, and the aliases that tabs switch by.

Source: https://developers.line.biz/en/reference/messaging-api/#rich-menu and
https://developers.line.biz/en/docs/messaging-api/rich-menus-overview/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import ids
from simulator.http import Answer, Refusal, Request
from simulator.limits import ALIASES, MENU_IMAGE_BYTES, MENUS
from simulator.pictures import look
from simulator.routes import Route
from simulator.state import Menu, Person

if TYPE_CHECKING:
    from simulator.line import Line

DEFAULT = "default_menu"


def menu_of(line: Line, person: Person) -> Menu | None:
    """The rich menu a person sees: the one linked to them, else the default."""
    memory = line.memory
    return memory.menus.get(person.menu) or memory.menus.get(memory.settings.get(DEFAULT, ""))


def create(line: Line, request: Request) -> Answer:
    """A new menu, without a picture yet."""
    body = line.checked(request, "POST /v2/bot/richmenu")
    if len(line.memory.menus) >= MENUS:
        raise Refusal(400, "The number of rich menus exceeds the limit")
    menu = Menu(id=ids.menu_id(), body=body)
    line.memory.keep_menu(menu)
    return Answer(body={"richMenuId": menu.id})


def validate(line: Line, request: Request) -> Answer:
    """Say whether a menu would be accepted."""
    line.require("POST /v2/bot/richmenu/validate", request.json())
    return Answer(body={})


def _menu(line: Line, menu_id: str, status: int = 404) -> Menu:
    menu = line.memory.menus.get(menu_id)
    if menu is None:
        raise Refusal(status, "Not found" if status == 404 else "richmenu not found")
    return menu


def _asked(line: Line, request: Request) -> Menu:
    return _menu(line, request.found["richMenuId"])


def _shown(menu: Menu) -> dict[str, object]:
    return {"richMenuId": menu.id, **menu.body}


def get(line: Line, request: Request) -> Answer:
    """One menu."""
    return Answer(body=_shown(_asked(line, request)))


def every(line: Line, request: Request) -> Answer:
    """All menus."""
    return Answer(body={"richmenus": [_shown(menu) for menu in line.memory.menus.values()]})


def delete(line: Line, request: Request) -> Answer:
    """Forget a menu; whoever saw it sees the default again."""
    menu = _asked(line, request)
    line.memory.drop_menu(menu)
    if line.memory.settings.get(DEFAULT) == menu.id:
        line.memory.set(DEFAULT, "")
    for person in line.memory.people.values():
        if person.menu == menu.id:
            _link(line, person, "")
    line.tell("people")
    return Answer(body={})


def upload(line: Line, request: Request) -> Answer:
    """The picture of a menu: PNG or JPEG, at most 1 MB, of the menu's size, once."""
    menu = _asked(line, request)
    if menu.image:
        raise Refusal(
            400, "An image has already been uploaded to the richmenu", hint="画像は差し替えられません。作り直します"
        )
    picture = look(request.raw)
    if picture is None or request.headers.get("content-type", "").partition(";")[0] != picture.content_type:
        raise Refusal(415, "Unsupported Media Type", hint="PNG か JPEG を、その種類を名乗って送ります")
    if len(request.raw) > MENU_IMAGE_BYTES:
        raise Refusal(413, "Request Entity Too Large", hint="画像は1MBまでです")
    size = menu.body["size"]
    if (picture.width, picture.height) != (size["width"], size["height"]):
        raise Refusal(
            400,
            "The image size must be the size of the rich menu",
            hint=f"画像は{picture.width}×{picture.height}でした",
        )
    menu.image = picture.content_type
    line.memory.keep_menu(menu)
    line.memory.shelf.put_blob(menu.id, picture.content_type, request.raw)
    return Answer(body={})


def download(line: Line, request: Request) -> Answer:
    """The picture of a menu."""
    found = line.memory.shelf.blob(_asked(line, request).id)
    if found is None:
        raise Refusal(404, "Not found")
    return Answer(blob=found[1], content_type=found[0])


def _with_image(line: Line, menu_id: str, status: int = 404) -> Menu:
    menu = _menu(line, menu_id, status)
    if not menu.image:
        raise Refusal(400, "must upload richmenu image before applying it to user", hint="先に画像を送ります")
    return menu


def set_default(line: Line, request: Request) -> Answer:
    """Let everybody without a menu of their own see this one."""
    line.memory.set(DEFAULT, _with_image(line, request.found["richMenuId"]).id)
    line.tell("people")
    return Answer(body={})


def get_default(line: Line, request: Request) -> Answer:
    """The id of the default menu."""
    found = line.memory.settings.get(DEFAULT)
    if not found:
        raise Refusal(404, "no default richmenu")
    return Answer(body={"richMenuId": found})


def unset_default(line: Line, request: Request) -> Answer:
    """No default menu."""
    line.memory.set(DEFAULT, "")
    line.tell("people")
    return Answer(body={})


def _link(line: Line, person: Person, menu_id: str) -> None:
    person.menu = menu_id
    line.memory.keep_person(person)
    line.tell(person.user_id)


def _person(line: Line, request: Request) -> Person:
    person = line.memory.people.get(request.found["userId"])
    if person is None:
        raise Refusal(400, "The value for the 'userId' parameter is invalid")
    return person


def link(line: Line, request: Request) -> Answer:
    """Let one user see a menu, at once."""
    menu = _with_image(line, request.found["richMenuId"])
    _link(line, _person(line, request), menu.id)
    return Answer(body={})


def linked(line: Line, request: Request) -> Answer:
    """The id of a user's own menu."""
    person = _person(line, request)
    if not person.menu:
        raise Refusal(404, "the user has no richmenu")
    return Answer(body={"richMenuId": person.menu})


def unlink(line: Line, request: Request) -> Answer:
    """No menu of one's own for one user."""
    _link(line, _person(line, request), "")
    return Answer(body={})


def bulk_link(line: Line, request: Request) -> Answer:
    """One menu for up to 500 users."""
    body = line.checked(request, "POST /v2/bot/richmenu/bulk/link")
    menu = _with_image(line, body["richMenuId"], 400)
    return _bulk(line, body["userIds"], menu.id)


def bulk_unlink(line: Line, request: Request) -> Answer:
    """No menu of one's own for up to 500 users."""
    return _bulk(line, line.checked(request, "POST /v2/bot/richmenu/bulk/unlink")["userIds"], "")


def _bulk(line: Line, users: list[str], menu_id: str) -> Answer:
    for user in users:
        person = line.memory.people.get(user)
        if person is not None:
            _link(line, person, menu_id)
    return Answer(status=202, body={})


def create_alias(line: Line, request: Request) -> Answer:
    """A name by which tabs switch to a menu."""
    body = line.checked(request, "POST /v2/bot/richmenu/alias")
    if body["richMenuAliasId"] in line.memory.aliases:
        raise Refusal(400, "conflict richmenu alias id")
    if len(line.memory.aliases) >= ALIASES:
        raise Refusal(400, "The number of rich menu aliases exceeds the limit")
    line.memory.keep_alias(body["richMenuAliasId"], _with_image(line, body["richMenuId"], 400).id)
    return Answer(body={})


def _alias(line: Line, request: Request) -> str:
    alias = request.found["richMenuAliasId"]
    if alias not in line.memory.aliases:
        raise Refusal(404, "richmenu alias not found")
    return alias


def update_alias(line: Line, request: Request) -> Answer:
    """Let an alias mean another menu."""
    alias = _alias(line, request)
    body = line.checked(request, "POST /v2/bot/richmenu/alias/{richMenuAliasId}")
    line.memory.keep_alias(alias, _with_image(line, body["richMenuId"], 400).id)
    return Answer(body={})


def get_alias(line: Line, request: Request) -> Answer:
    """Which menu an alias means."""
    alias = _alias(line, request)
    return Answer(body={"richMenuAliasId": alias, "richMenuId": line.memory.aliases[alias]})


def every_alias(line: Line, request: Request) -> Answer:
    """All aliases."""
    aliases = line.memory.aliases.items()
    return Answer(body={"aliases": [{"richMenuAliasId": alias, "richMenuId": menu} for alias, menu in aliases]})


def delete_alias(line: Line, request: Request) -> Answer:
    """Forget an alias."""
    line.memory.drop_alias(_alias(line, request))
    return Answer(body={})


MENU = "/v2/bot/richmenu"
ALL = "/v2/bot/user/all/richmenu"
ALIAS = MENU + "/alias/{richMenuAliasId}"
USER = "/v2/bot/user/{userId}/richmenu"
ROUTES = (
    Route(name="menu.create", method="POST", path=MENU, handler=create),
    Route(name="menu.validate", method="POST", path=MENU + "/validate", handler=validate),
    Route(name="menu.list", method="GET", path=MENU + "/list", handler=every),
    Route(name="menu.get", method="GET", path=MENU + "/{richMenuId}", handler=get),
    Route(name="menu.delete", method="DELETE", path=MENU + "/{richMenuId}", handler=delete),
    Route(name="menu.upload", method="POST", path=MENU + "/{richMenuId}/content", handler=upload),
    Route(name="menu.download", method="GET", path=MENU + "/{richMenuId}/content", handler=download),
    Route(name="menu.default.set", method="POST", path=ALL + "/{richMenuId}", handler=set_default),
    Route(name="menu.default.get", method="GET", path=ALL, handler=get_default),
    Route(name="menu.default.unset", method="DELETE", path=ALL, handler=unset_default),
    Route(name="menu.link", method="POST", path=USER + "/{richMenuId}", handler=link),
    Route(name="menu.linked", method="GET", path=USER, handler=linked),
    Route(name="menu.unlink", method="DELETE", path=USER, handler=unlink),
    Route(name="menu.bulk.link", method="POST", path=MENU + "/bulk/link", handler=bulk_link),
    Route(name="menu.bulk.unlink", method="POST", path=MENU + "/bulk/unlink", handler=bulk_unlink),
    Route(name="alias.create", method="POST", path=MENU + "/alias", handler=create_alias),
    Route(name="alias.list", method="GET", path=MENU + "/alias/list", handler=every_alias),
    Route(name="alias.get", method="GET", path=ALIAS, handler=get_alias),
    Route(name="alias.update", method="POST", path=ALIAS, handler=update_alias),
    Route(name="alias.delete", method="DELETE", path=ALIAS, handler=delete_alias),
)
