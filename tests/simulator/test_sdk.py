"""The fake and LINE's own SDK understand each other, over a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    CreateRichMenuAliasRequest,
    MessagingApi,
    MessagingApiBlob,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    RichMenuRequest,
)
from linebot.v3.models import UnknownEvent
from linebot.v3.webhook import WebhookParser

from simulator.world import FakeLine
from tests.simulator.support import SAKURA, Product, key
from tests.simulator.test_account import MENU, PNG
from tests.simulator.test_people import everything
from tests.simulator.test_validate import GOOD


@pytest.fixture
def served(product: Product) -> Iterator[FakeLine]:
    """LINE on a port."""
    with FakeLine() as made:
        made.receive_with(product)
        made.add_person(SAKURA, "さくら", friend=True)
        yield made


@pytest.fixture
def client(served: FakeLine) -> Iterator[ApiClient]:
    """The SDK, pointed at the fake."""
    with ApiClient(Configuration(host=served.url, access_token=served.token)) as made:
        yield made


@pytest.mark.parametrize("message", GOOD.values(), ids=GOOD.keys())
def test_what_the_sdk_writes_is_accepted(served: FakeLine, client: ApiClient, message: dict[str, object]) -> None:
    """The SDK's own models, with their spelling of every property."""
    request = PushMessageRequest.from_dict({"to": SAKURA, "messages": [message]})
    sent = MessagingApi(client).push_message(request)
    assert sent.sent_messages[0].id == served.received(SAKURA)[0].id
    assert served.received(SAKURA)[0].type == message["type"]


def test_the_sdk_reads_our_answers(served: FakeLine, client: ApiClient, product: Product) -> None:
    """Each answer fits the model that LINE publishes."""
    api = MessagingApi(client)
    served.say(SAKURA, "a")
    body = {"replyToken": product.reply_token, "messages": [{"type": "text", "text": "b"}]}
    assert api.reply_message(ReplyMessageRequest.from_dict(body)).sent_messages[0].quote_token
    assert api.get_profile(SAKURA).display_name == "さくら"
    assert api.get_bot_info().chat_mode == "bot"
    assert api.get_message_quota().type == "none"
    assert api.get_message_quota_consumption().total_usage == 0
    assert api.get_number_of_sent_push_messages("20200101").status == "ready"
    multicast = {"to": [SAKURA], "messages": [{"type": "text", "text": "c"}]}
    api.multicast(MulticastRequest.from_dict(multicast), key())
    assert [bubble.how for bubble in served.received(SAKURA)] == ["reply", "multicast"]


def test_the_sdk_makes_menus(served: FakeLine, client: ApiClient) -> None:
    """Create, picture, link, alias, list."""
    api, blob = MessagingApi(client), MessagingApiBlob(client)
    menu = api.create_rich_menu(RichMenuRequest.from_dict(MENU)).rich_menu_id
    blob.set_rich_menu_image(menu, body=bytearray(PNG), _headers={"Content-Type": "image/png"})
    api.link_rich_menu_id_to_user(SAKURA, menu)
    api.create_rich_menu_alias(CreateRichMenuAliasRequest(rich_menu_alias_id="a", rich_menu_id=menu))
    assert api.get_rich_menu_id_of_user(SAKURA).rich_menu_id == menu
    assert api.get_rich_menu_list().richmenus[0].chat_bar_text == "メニュー"
    assert bytes(blob.get_rich_menu_image(menu)) == PNG


def test_the_sdk_meets_409_with_what_was_sent(served: FakeLine, client: ApiClient) -> None:
    """As the product's sender will."""
    request = PushMessageRequest.from_dict({"to": SAKURA, "messages": [{"type": "text", "text": "a"}]})
    sent = MessagingApi(client).push_message(request, key())
    with pytest.raises(ApiException) as caught:
        MessagingApi(client).push_message(request, key())
    assert caught.value.status == 409
    assert caught.value.headers["x-line-accepted-request-id"]
    assert json.loads(caught.value.body)["sentMessages"][0]["id"] == sent.sent_messages[0].id


def test_the_sdk_knows_every_event_we_send(fake: FakeLine, product: Product) -> None:
    """An event that becomes unknown has lost its person."""
    everything(fake)
    body = json.dumps({"destination": fake.line.bot_id, "events": product.events}, ensure_ascii=False)
    events = WebhookParser(fake.secret).parse(body, fake.webhook.sign(body.encode()))
    assert len(events) == len(product.events)
    assert not [event for event in events if isinstance(event, UnknownEvent)]
