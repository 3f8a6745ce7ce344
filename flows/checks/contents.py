"""What a plan shows besides words: stickers that LINE refuses, things without an address, links that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from flows.catalog import Catalog
from flows.checks.finding import Finding, error
from flows.messages import Message, Sticker, buttons_of
from flows.messages.sticker import REFUSED
from flows.scenario import Plan, Say, walk
from flows.script.brought import bodies_of
from flows.words import MEDIA

NO_ADDRESS = "写真・動画・音声を送るには、外から見えるアドレスが要ります。サーバーの設定 PUBLIC_URL に https:// で始まるアドレスを入れてください。"


def check_contents(plan: Plan, catalog: Catalog) -> Iterator[Finding]:
    """Errors: what LINE would not take, or what would be missing from the message."""
    for body in bodies_of(plan):
        for item in walk(body):
            if isinstance(item, Say):
                yield from check_message(item.message, catalog)


def check_message(message: Message, catalog: Catalog) -> Iterator[Finding]:
    """The same of one message."""
    if not catalog.account.base_url and any(thing.startswith(MEDIA) for thing in message.things()):
        yield error("no_address", NO_ADDRESS, "診断を見る", says="診断")
    if isinstance(message, Sticker) and not message.sendable:
        yield error("sticker", f"{message.summary()}：{REFUSED}", "台本を見る", says="台本")
    for button in buttons_of(message):
        if button.link:
            words = (
                f"ボタン「{button.label}」の先のリンク「{button.link}」がありません。URLをそのまま書くこともできます。"
            )
            yield error("unknown_link", words, "台本を見る", says="台本")
