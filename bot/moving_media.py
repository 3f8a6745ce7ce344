"""Bringing the pictures and films that lie in Redis into the bucket that is set now, while everything runs."""

from __future__ import annotations

from collections.abc import Callable

from bot.judging import EX_CONFIG
from bot.settings import Settings
from bot.store.errors import MediaAwayError, MediaTooLargeError
from bot.store.media import Media
from bot.wiring import services

_MB = 1024 * 1024


def move_media(settings: Settings, say: Callable[[str], None]) -> int:
    """Move everything, one thing after the other; stopped in the middle, it goes on where it was. Gives the exit code."""
    if settings.media_s3_url is None:
        say("✗ MEDIA_S3_URL がありません → 移す先のバケットを入れてから、もう一度 (no bucket is set)")
        return EX_CONFIG
    made = services(settings)
    try:
        made.start_up()
        return moved(made.store.media, say)
    finally:
        made.close()


def moved(media: Media, say: Callable[[str], None]) -> int:
    """The same of media at hand."""
    strays = media.strays()
    done = 0
    for about in strays:
        try:
            media.bring(about)
        except (MediaAwayError, MediaTooLargeError) as error:
            say(f"✗ {len(strays)}個のうち{done}個を移したところで止まりました → {error} (stopped; run it again)")
            return 1
        done += 1
    size = sum(about.size + about.preview for about in strays)
    say(f"✓ {done}個（{size / _MB:.1f}MB）を移しました。アドレスは変わりません (moved)")
    return 0
