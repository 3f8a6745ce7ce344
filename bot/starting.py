"""Before anything listens: is Redis there, and may it hold a record? Else one clear line and exit code 78."""

from __future__ import annotations

import sys
import time
from typing import Final

from bot.judging import EX_CONFIG, GUIDE
from bot.log import mask_url
from bot.settings import Settings
from bot.store.errors import StoreAwayError, StoreError
from bot.store.store import open_store

PATIENCE_SECONDS: Final = 10.0
"""A Redis that starts beside us, or reads its file again, gets so long."""
PAUSE_SECONDS: Final = 0.5

MENDS: Final = (
    (
        "CERTIFICATE",
        "証明書を確かめられません → アドレスの終わりに ?ssl_cert_reqs=none を足すか、正しい証明書にしてください",
    ),
    ("auth", "パスワードが違います → REDIS_URL のユーザー名とパスワードを確かめてください"),
    ("password", "パスワードが違います → REDIS_URL のユーザー名とパスワードを確かめてください"),
    ("LOADING", "まだ記録を読み込んでいます → 少し待ってから、もう一度始めてください"),
    ("Name or service", "その名前の機械が見つかりません → REDIS_URL のホスト名を確かめてください"),
    ("READONLY", "書き込めない複製です → 書き込めるほうのアドレスを REDIS_URL にしてください"),
)
UNREACHABLE: Final = "つながりません → Redisが動いているか、REDIS_URL のアドレスとポートを確かめてください"


def store_or_exit(settings: Settings, *, patience: float = PATIENCE_SECONDS) -> None:
    """Come back only when this Redis may hold the record; otherwise say what to mend on standard error and exit."""
    trouble = _trouble(settings, time.monotonic() + patience)
    if trouble:
        sys.stderr.write(f"✗ REDIS_URL: {trouble}\n→ {GUIDE}\n")
        sys.exit(EX_CONFIG)


def _trouble(settings: Settings, until: float) -> str:
    """What is wrong with the Redis, as a sentence with its mend; "" if nothing is."""
    while True:
        store = open_store(settings.redis_url, secret=b"", namespace=settings.namespace)
        try:
            store.meta.start_up()
        except StoreAwayError as error:
            if time.monotonic() >= until:
                return f"{mask_url(settings.redis_url)} に{_explained(str(error))} ({error})"
        except StoreError as error:
            return str(error)
        else:
            return ""
        finally:
            store.close()
        time.sleep(PAUSE_SECONDS)


def _explained(reason: str) -> str:
    return next((mend for sign, mend in MENDS if sign.casefold() in reason.casefold()), UNREACHABLE)
