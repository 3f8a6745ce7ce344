"""What the environment says, read once and judged as a whole: every problem is listed, each with its mend."""

import os
import re
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import addresses

HEX_32 = re.compile(r"[0-9a-f]{32}")
# LINE's long-lived tokens have about 170 characters; a secret has 32.
SHORTEST_TOKEN = 100
LONGEST_SECRET = 64
BUCKET_MB = 1000


class Settings(BaseSettings):
    """All that differs between installations. A field is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    line_api_url: str | None = Field(
        default=None,
        description="LINEのAPIの場所。練習用の画面やテストのときだけ変えます。 / Base of LINE's API, for messages and media alike; "
        "set only for the simulator and tests.",
        examples=["http://127.0.0.1:8800"],
    )
    line_channel_secret: str = Field(
        repr=False,
        description="チャネルシークレット（16進数32文字）。Webhookの署名を確かめます。 / Channel secret, checks the webhook's signature.",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    line_channel_access_token: str | None = Field(
        default=None,
        repr=False,
        description="チャネルアクセストークン（長期）。`LINE_CHANNEL_ID` があれば要りません。 / Long-lived channel access token; not needed "
        "when `LINE_CHANNEL_ID` is given.",
    )
    line_channel_id: str | None = Field(
        default=None,
        validate_default=True,
        description="チャネルID（数字）。トークンのかわりに使うと、短いトークンを自動で作り直します。 / Channel ID; with it the program issues LINE's "
        "stateless tokens by itself.",
        examples=["1234567890"],
    )
    redis_url: str = Field(
        repr=False,
        description="記録を置くRedis。`make run` では要りません。 / The Redis that holds the record; not needed for `make run`.",
        examples=["redis://127.0.0.1:6379/0"],
    )
    rq_redis_url: str = Field(
        default="",
        validate_default=True,
        repr=False,
        description="仕事の列を置くRedis。なければ `REDIS_URL` と同じ。クラスターのときは別に要ります。 / The Redis of the job queue; the same by "
        "default, a single server where the record is a cluster.",
    )
    public_url: str | None = Field(
        default=None,
        description="外から見た、このサーバーのアドレス。 / This server's address as seen from outside.",
        examples=["https://my-shop.example.com"],
    )
    port: int = Field(
        default=8000,
        ge=1,
        le=65_535,
        description="待ち受けるポート。`make run` では5000。 / The port to listen on; 5000 with `make run`.",
    )
    media_mb: int = Field(
        default=64,
        ge=1,
        le=100_000,
        description="写真・動画・音声の置き場の大きさ（MB）。Redisの中に取ります。`MEDIA_S3_URL` があればその中に取り、決めなければ1000です。 / Room for "
        "pictures, films and voices, in MB, taken from Redis; with `MEDIA_S3_URL` taken there, 1000 if not set.",
    )
    media_s3_url: str | None = Field(
        default=None,
        description="写真・動画・音声を、RedisでなくS3互換の置き場に入れるときの、バケットのアドレス。前にRedisに入れたものは、そのままRedisから届きます。 / Address of an "
        "S3-compatible bucket for pictures, films and voices; what was kept in Redis before is served from there as ever.",
        examples=["https://s3.ap-northeast-1.amazonaws.com/my-shop"],
    )
    media_s3_key: str | None = Field(
        default=None,
        validate_default=True,
        repr=False,
        description="その置き場の鍵（アクセスキーID）。 / Access key id of that bucket.",
    )
    media_s3_secret: str | None = Field(
        default=None,
        validate_default=True,
        repr=False,
        description="その置き場の秘密の鍵（シークレットアクセスキー）。 / Secret access key of that bucket.",
    )
    media_s3_region: str | None = Field(
        default=None,
        description="その置き場の場所（リージョン）。なければアドレスから読みます。 / Region of that bucket; read from its address if absent.",
        examples=["ap-northeast-1"],
    )
    timezone: str = Field(
        default="Asia/Tokyo",
        description="お店の時間帯。 / The account's time zone.",
        examples=["Asia/Tokyo"],
    )
    owner_code: str | None = Field(
        default=None,
        repr=False,
        description="所有者として登録するときの合言葉。なければ作って表示します。 / The owner's one-time code; made and printed if absent.",
        examples=["1234-5678"],
    )
    clock: Literal["system", "movable"] = Field(
        default="system",
        description="`movable` なら練習用の画面から時間を動かせます。本物のLINEでは使えません。 / `movable` lets the simulator move time; refused with "
        "the real LINE.",
    )
    metrics_token: str | None = Field(
        default=None,
        repr=False,
        description="`/metrics`（Prometheus）を見るときの合言葉。なければ、そのページはありません。 / Bearer token of `/metrics` for "
        "Prometheus; without it there is no such page.",
    )
    namespace: str = Field(
        default="lm",
        description="Redisの鍵の先頭。1つのRedisに2つのアカウントを置くときに変えます。 / Prefix of all keys; for two accounts on one Redis.",
    )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def media_budget(self) -> int:
        """Bytes that pictures, films and voices may take where new ones go."""
        is_roomier = self.media_s3_url is not None and "media_mb" not in self.model_fields_set
        return (BUCKET_MB if is_roomier else self.media_mb) * 1024 * 1024

    @property
    def is_practice(self) -> bool:
        """Whether LINE is the simulator on this machine."""
        return addresses.is_loopback(self.line_api_url)

    @property
    def accepts_any_certificate(self) -> bool:
        """Whether the record travels over TLS without its server's certificate being checked."""
        return "ssl_cert_reqs=none" in self.redis_url

    @field_validator("*", mode="before")
    @classmethod
    def _no_stray_signs(cls, value: object) -> object:
        if isinstance(value, str) and value != value.strip().strip("\"'“”「」"):
            raise ValueError(
                "前後に空白・改行・引用符があります → 取り除いてください (stray space, line end or quote: remove it)"
            )
        return value

    @field_validator("line_api_url", "public_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        parts = addresses.split(value or "")
        if value is not None and (parts is None or parts.scheme not in {"http", "https"}):
            raise ValueError("アドレスとして読めません → https://… の形で書いてください (not a web address)")
        return value and value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _is_bare_and_secure(cls, value: str | None) -> str | None:
        parts = addresses.split(value or "")
        if parts is None:
            return value
        if parts.path or parts.query:
            raise ValueError(
                "末尾は要りません → /callback などを除いて https://名前 だけにしてください (without a path)"
            )
        if parts.scheme != "https" and not addresses.is_loopback(value):
            raise ValueError("LINEはhttpsだけに届けます → https://… にしてください (LINE delivers to https only)")
        return value

    @field_validator("media_s3_url")
    @classmethod
    def _is_a_bucket(cls, value: str | None) -> str | None:
        return value and addresses.bucket(value)

    @field_validator("media_s3_key", "media_s3_secret")
    @classmethod
    def _comes_with_its_bucket(cls, value: str | None, info: ValidationInfo) -> str | None:
        return addresses.with_its_bucket(value, info.data.get("media_s3_url", "given but wrong"))

    @field_validator("line_channel_secret")
    @classmethod
    def _is_a_secret(cls, value: str, info: ValidationInfo) -> str:
        if len(value) > LONGEST_SECRET:
            raise ValueError(
                f"16進数32文字のはずが{len(value)}文字あります → アクセストークンと入れ替わっていませんか？ 2つを入れ替えてください "
                f"(32 hexadecimal characters expected, got {len(value)}; this looks like the access token: swap the two)"
            )
        if _is_lines_own(info) and not HEX_32.fullmatch(value):
            raise ValueError(
                f"16進数32文字のはずが違う形です（{len(value)}文字）→ LINE Developersの「チャネル基本設定」から写し直してください "
                f"(32 hexadecimal characters expected, got {len(value)}: copy it again from Basic settings)"
            )
        return value

    @field_validator("line_channel_access_token")
    @classmethod
    def _is_a_token(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None or not _is_lines_own(info):
            return value
        if HEX_32.fullmatch(value):
            raise ValueError(
                "チャネルシークレットの形です → シークレットと入れ替えてください (this looks like the channel secret: swap the two)"
            )
        if len(value) < SHORTEST_TOKEN or re.search(r"\s", value):
            raise ValueError(
                f"アクセストークンは100文字以上ですが{len(value)}文字です → 「Messaging API設定」の一番下から写し直してください "
                f"(a token has more than 100 characters, got {len(value)}: copy it again)"
            )
        return value

    @field_validator("line_channel_id")
    @classmethod
    def _is_an_id_or_not_needed(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("line_channel_access_token", "given but wrong") is None:
            raise ValueError(
                "ありません → LINE_CHANNEL_ID か LINE_CHANNEL_ACCESS_TOKEN のどちらかを入れてください "
                "(either of the two is needed)"
            )
        if value is not None and _is_lines_own(info) and not re.fullmatch(r"[0-9]{6,12}", value):
            raise ValueError("数字だけのはずです → 「チャネル基本設定」のチャネルIDを写してください (digits only)")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis(cls, value: str) -> str:
        return _redis_address(value)

    @field_validator("rq_redis_url")
    @classmethod
    def _is_a_redis_or_the_same(cls, value: str, info: ValidationInfo) -> str:
        return _redis_address(value) if value else info.data.get("redis_url", "")

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, LookupError) as error:
            raise ValueError(
                f"「{value}」という時間帯はありません → Asia/Tokyo の形で書いてください (unknown zone)"
            ) from error
        return value

    @field_validator("owner_code")
    @classmethod
    def _can_be_typed(cls, value: str | None) -> str | None:
        if value is not None and (len(value) < 4 or re.search(r"\s", value)):
            raise ValueError(
                "4文字以上、空白なしにしてください → たとえば 1234-5678 (at least 4 characters, no spaces)"
            )
        return value

    @field_validator("clock", mode="before")
    @classmethod
    def _moves_only_in_practice(cls, value: object, info: ValidationInfo) -> object:
        if value not in {"system", "movable"}:
            raise ValueError("system か movable のどちらかです → 消してください (either of the two)")
        if value == "movable" and not addresses.is_loopback(info.data.get("line_api_url")):
            raise ValueError(
                "時間を動かせるのは LINE_API_URL がこの機械のとき（練習）だけです → CLOCK を消してください "
                "(movable only while LINE_API_URL is a loopback address: remove CLOCK)"
            )
        return value

    @field_validator("port", mode="before")
    @classmethod
    def _is_a_port(cls, value: object) -> object:
        if not re.fullmatch(r"[0-9]{1,5}", str(value)) or not 0 < int(str(value)) <= 65_535:
            raise ValueError("1〜65535の数字にしてください → たとえば 8000 (a number from 1 to 65535)")
        return value

    @field_validator("namespace")
    @classmethod
    def _is_a_prefix(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", value):
            raise ValueError("半角の英数字と - _ だけ、32文字までです → たとえば shop2 (letters, digits, - and _ only)")
        return value


def _is_lines_own(info: ValidationInfo) -> bool:
    # A stand-in for LINE may use secrets of any shape; LINE's own have a known one.
    return info.data.get("line_api_url", "given but wrong") is None


def _redis_address(value: str) -> str:
    parts = addresses.split(value)
    if value.startswith("unix://"):
        return value
    if parts is None or parts.scheme not in {"redis", "rediss"}:
        raise ValueError(
            "Redisのアドレスではありません → redis://… か rediss://… の形で書いてください (redis:// or rediss://)"
        )
    # Heroku's Redis shows a self-signed chain on every plan, on a network of its own.
    return addresses.without_certificate_check(value) if "DYNO" in os.environ else value
