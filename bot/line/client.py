"""One LINE channel: hot sends by the lane; profiles, menus, quota, contents and the webhook address through the SDK."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bot.line.issuing import issuer
from bot.line.lane import FIRST_PAUSE, Lane, Pacing
from bot.line.outcomes import LineRefusedError, LineUnavailableError, Outcome
from bot.line.requests import Call
from bot.line.sdk import messaging
from bot.line.tokens import LongLived, Stateless, Tokens
from flows.names import FriendId

if TYPE_CHECKING:
    from linebot.v3.messaging import MessagingApi, MessagingApiBlob

API_BASE: Final = "https://api.line.me"
DATA_BASE: Final = "https://api-data.line.me"
TIMEOUT: Final = (5.0, 15.0)
"""Seconds to connect and to wait for an answer; the SDK has no limit of its own."""
CONTENT_BYTES: Final = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaAtLine:
    """The month's limit (None: none) and what LINE counted so far."""

    limit: int | None
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BotInfo:
    """Who the account is at LINE."""

    user_id: str
    basic_id: str
    name: str
    chat_mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEndpoint:
    """Where LINE sends webhooks, and whether it does."""

    url: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTest:
    """What LINE says after calling the address."""

    success: bool
    status: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a person sent: its bytes and their type. None of it is to be trusted."""

    blob: bytes
    type: str


class LineClient:
    """The channel. Safe to share among threads, not across a fork."""

    def __init__(self, lane: Lane, tokens: Tokens, host: str | None) -> None:
        """`host` is the one base for messages and media, None for LINE's own two."""
        self.lane = lane
        self._tokens = tokens
        self._host = host
        self._lock = threading.Lock()
        self._apis: tuple[MessagingApi, MessagingApiBlob] | None = None

    def send(self, call: Call) -> Future[Outcome]:
        """Make one of the hot requests; returns at once."""
        return self.lane.send(call)

    def warm(self) -> None:
        """Import the SDK and the HTTP library now, so that the first friend does not wait for it."""
        self._api()
        import aiohttp  # noqa: F401, PLC0415

    def close(self) -> None:
        """Let go of every connection."""
        self.lane.close()

    def display_name(self, friend: FriendId) -> str | None:
        """The friend's name; None if LINE does not tell (blocked, unknown). Raises LineUnavailableError."""
        try:
            with self._talking() as api:
                name = str(api.get_profile(friend, _request_timeout=TIMEOUT).display_name)
                # Half a character could be neither stored nor sent.
                return name.encode("utf-8", "replace").decode()
        except LineRefusedError as error:
            if error.status == 404:
                return None
            raise

    def quota(self) -> QuotaAtLine:
        """The month's limit and LINE's count."""
        with self._talking() as api:
            limit = api.get_message_quota(_request_timeout=TIMEOUT)
            used = api.get_message_quota_consumption(_request_timeout=TIMEOUT)
        return QuotaAtLine(limit=limit.value if limit.type == "limited" else None, used=int(used.total_usage))

    def bot_info(self) -> BotInfo:
        """Who we are."""
        with self._talking() as api:
            told = api.get_bot_info(_request_timeout=TIMEOUT)
        return BotInfo(
            user_id=told.user_id, basic_id=told.basic_id, name=told.display_name, chat_mode=str(told.chat_mode)
        )

    def webhook_endpoint(self) -> WebhookEndpoint | None:
        """Where webhooks go now; None if nowhere yet."""
        try:
            with self._talking() as api:
                told = api.get_webhook_endpoint(_request_timeout=TIMEOUT)
        except LineRefusedError as error:
            if error.status == 404:
                return None
            raise
        return WebhookEndpoint(url=told.endpoint, active=told.active)

    def set_webhook_endpoint(self, url: str) -> None:
        """Have webhooks sent to this address."""
        with self._talking() as api:
            api.set_webhook_endpoint(messaging().SetWebhookEndpointRequest(endpoint=url), _request_timeout=TIMEOUT)

    def test_webhook_endpoint(self) -> WebhookTest:
        """Have LINE call the address (60 times an hour at most)."""
        with self._talking() as api:
            told = api.test_webhook_endpoint(_request_timeout=TIMEOUT)
        return WebhookTest(
            success=bool(told.success), status=int(told.status_code), reason=str(told.reason), detail=str(told.detail)
        )

    def content(self, message: str, *, most: int = CONTENT_BYTES) -> Content | None:
        """What a person sent in this message; None while LINE still prepares it (202). Raises LineRefusedError when too large."""
        # The SDK's method for it reads all of the content before anybody can look how large it is.
        url = f"{self._host or DATA_BASE}/v2/bot/message/{quote(message, safe='')}/content"
        with self._talking() as api:
            client = api.api_client
            raw: Any = client.request(
                "GET",
                url,
                headers={"Authorization": f"Bearer {client.configuration.access_token}"},
                _preload_content=False,
                _request_timeout=TIMEOUT,
            )
            return _read_content(raw, most)

    def menus(self) -> Mapping[str, str]:
        """Every rich menu of the account: id by name."""
        with self._talking() as api:
            listed = api.get_rich_menu_list(_request_timeout=TIMEOUT).richmenus
        return {menu.name: menu.rich_menu_id for menu in listed}

    def create_menu(self, menu: Mapping[str, Any], picture: bytes, content_type: str = "image/png") -> str:
        """Make a rich menu with its picture; returns its id."""
        with self._talking() as api:
            made = api.create_rich_menu(messaging().RichMenuRequest.from_dict(dict(menu)), _request_timeout=TIMEOUT)
            self._blob().set_rich_menu_image(
                made.rich_menu_id,
                body=bytearray(picture),
                _headers={"Content-Type": content_type},
                _request_timeout=TIMEOUT,
            )
        return str(made.rich_menu_id)

    def delete_menu(self, menu: str) -> None:
        """Take a rich menu away from everybody, by id."""
        with self._talking() as api:
            api.delete_rich_menu(menu, _request_timeout=TIMEOUT)

    def set_alias(self, alias: str, menu: str) -> None:
        """Let the alias stand for this menu, whatever it stood for before."""
        with self._talking() as api:
            listed = api.get_rich_menu_alias_list(_request_timeout=TIMEOUT).aliases
            known = {each.rich_menu_alias_id: each.rich_menu_id for each in listed}
            if alias not in known:
                api.create_rich_menu_alias(
                    messaging().CreateRichMenuAliasRequest(rich_menu_alias_id=alias, rich_menu_id=menu),
                    _request_timeout=TIMEOUT,
                )
            elif known[alias] != menu:
                api.update_rich_menu_alias(
                    alias, messaging().UpdateRichMenuAliasRequest(rich_menu_id=menu), _request_timeout=TIMEOUT
                )

    def link_menu(self, friend: FriendId, menu: str) -> None:
        """Show this menu to one person, by its id."""
        with self._talking() as api:
            api.link_rich_menu_id_to_user(friend, menu, _request_timeout=TIMEOUT)

    def unlink_menu(self, friend: FriendId) -> None:
        """Take the personal menu away."""
        with self._talking() as api:
            api.unlink_rich_menu_id_from_user(friend, _request_timeout=TIMEOUT)

    @contextmanager
    def _talking(self) -> Iterator[MessagingApi]:
        """The SDK with a good token; its ways of failing become our two."""
        import urllib3  # noqa: PLC0415

        token = self._token()
        api = self._api()
        api.api_client.configuration.access_token = token
        try:
            yield api
        except messaging().ApiException as error:
            if error.status == 401:
                self._tokens.refuse(token)
            if error.status == 429 or (error.status or 500) >= 500:
                raise LineUnavailableError(str(error.status)) from error
            raise LineRefusedError(error.status, str(error.reason)) from error
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            # The SDK raises ValueError for an answer that is not of the published form.
            raise LineUnavailableError(type(error).__name__) from error

    def _token(self) -> str:
        return self._tokens.at_hand() or self._tokens.current()

    def _api(self) -> MessagingApi:
        return self._apis_or_make()[0]

    def _blob(self) -> MessagingApiBlob:
        return self._apis_or_make()[1]

    def _apis_or_make(self) -> tuple[MessagingApi, MessagingApiBlob]:
        with self._lock:
            if self._apis is None:
                self._apis = _make_apis(self._host)
            return self._apis


def _make_apis(host: str | None) -> tuple[MessagingApi, MessagingApiBlob]:
    sdk = messaging()
    # The token is set before each request; without one the client cannot even be made.
    configuration = sdk.Configuration(host=host, access_token="")
    # A POST may be repeated only by us, who know which ones are safe.
    configuration.retries = False
    client = sdk.ApiClient(configuration)
    return sdk.MessagingApi(client), sdk.MessagingApiBlob(client)


def _read_content(raw: Any, most: int) -> Content | None:
    if raw.status == 202:
        raw.release_conn()
        return None
    parts: list[bytes] = []
    size = 0
    for part in raw.stream(64 * 1024):
        size += len(part)
        if size > most:
            raw.close()
            raise LineRefusedError(413, "larger than we keep")
        parts.append(part)
    return Content(blob=b"".join(parts), type=str(raw.headers.get("Content-Type", "application/octet-stream")))


def connect(
    *,
    base: str | None,
    token: str | None,
    channel_id: str | None,
    secret: str,
    pacing: Pacing,
    first_pause: float = FIRST_PAUSE,
) -> LineClient:
    """The channel the settings name: with the long-lived token if there is one, else with stateless ones."""
    address = base or API_BASE
    tokens: Tokens = LongLived(token) if token else Stateless(issuer(address, str(channel_id), secret))
    return LineClient(Lane(address, tokens, pacing, first_pause=first_pause), tokens, base)
