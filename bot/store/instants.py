"""Moments as whole milliseconds since 1970, the scores of our sorted sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def ms(moment: datetime) -> int:
    """The millisecond in which the moment lies."""
    return (moment - EPOCH) // _MS


def ms_up(moment: datetime) -> int:
    """The first whole millisecond not before the moment: nobody is handed out before he is due."""
    return -((EPOCH - moment) // _MS)


def moment_of(milliseconds: float) -> datetime:
    """The aware moment in UTC at that millisecond."""
    return EPOCH + int(milliseconds) * _MS
