"""日時を選ぶ: LINE's own picker, wherever a moment or a day is asked; the same can always be typed."""

from __future__ import annotations

from datetime import datetime, timedelta

from admin_commands.desk import CommandError, Desk, local
from admin_commands.screens import Picker, Tap

PICK, PICK_DAY = "日時を選ぶ", "日付を選ぶ"
_FURTHEST = timedelta(days=365)


def pick_moment(desk: Desk, first: datetime | None = None) -> Tap:
    """The button that opens the picker for a moment ahead, at this one if it is named."""
    here = local(desk.now, desk.catalog).replace(second=0, microsecond=0, tzinfo=None)
    most = here + _FURTHEST
    shown = (
        local(first, desk.catalog).replace(second=0, microsecond=0, tzinfo=None) if first else here + timedelta(hours=1)
    )
    return Tap(
        label=PICK,
        picker=Picker(first=_minute(min(max(shown, here), most)), least=_minute(here), most=_minute(most)),
    )


def pick_day(desk: Desk, *, ahead: bool) -> Tap:
    """The button that opens the picker for a day: from today on, or until today."""
    today = local(desk.now, desk.catalog).date()
    other = today + _FURTHEST if ahead else today - 3 * _FURTHEST
    least, most = (today, other) if ahead else (other, today)
    return Tap(
        label=PICK_DAY,
        picker=Picker(first=today.isoformat(), least=least.isoformat(), most=most.isoformat(), mode="date"),
    )


def typed(words: str) -> None:
    """The picker's label came as words: the picker is missing on a PC. Raises CommandError that says how to type it."""
    if words.strip() in {PICK, PICK_DAY}:
        raise CommandError("このボタンはスマートフォンで使えます。文字でも送れます。例：12/3 14:00、明日10時、土曜10時")


def picked_words(picked: str) -> str:
    """What was picked (`2026-11-21T10:00`), as somebody would type it; "" for nothing."""
    day, _, clock = picked.partition("T")
    return f"{day.replace('-', '/')} {clock}".strip()


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")
