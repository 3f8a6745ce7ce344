"""One answer to a member of staff in the making: what is said, what is changed, what is asked of the world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from admin_commands.screens import (
    DATA_CHARS,
    MOST_BUBBLES,
    MOST_TAPS,
    Button,
    Screen,
    Tap,
    command_data,
    label,
    render,
    screen_data,
    text_bubble,
)
from admin_commands.vocabulary import Vocabulary
from flows.catalog import Catalog, Role, Staff
from flows.desk import Change, Console, ConsoleDecision, Heard, Order, Reports
from flows.effects import Bubble, Effect
from flows.friend import Friend
from flows.names import FriendId, Key, narrow, with_san

if TYPE_CHECKING:
    from admin_commands.registry import Command

_REMEMBERED = 50
"""Events and taps of a member of staff that are remembered, so that each acts once."""
_ASIDE = 5
_NOTICES = 5
COUNTED = 20
"""So many friends who wait for an answer are counted."""
WAITING = "返信待ち"


class CommandError(Exception):
    """その操作はできませんでした。"""

    def __init__(self, text: str, *taps: Tap) -> None:
        """`text` is said to the member of staff; `taps` are ways on. Nothing of the command is kept."""
        super().__init__(text)
        self.screen = Screen(text=text, taps=taps)


class Missing(CommandError):
    """まだ足りないことがあります。"""

    def __init__(self, text: str, *taps: Tap, head: str = "", tail: str = "") -> None:
        """`text` asks for what is missing; `head` (else the line so far) and `tail` stand around the answer."""
        super().__init__(text, *taps)
        self.head, self.tail = head, tail


class Desk:
    """The desk at which one answer is prepared. Handlers speak and change things through it only."""

    def __init__(
        self,
        *,
        console: Console,
        staff: Staff,
        heard: Heard,
        catalog: Catalog,
        reports: Reports,
        now: datetime,
        vocabulary: Vocabulary,
    ) -> None:
        """Begin with things as they stand; `decision` tells how they should become."""
        self.before = console
        self.staff = staff
        self.heard = heard
        self.reports = reports
        self.now = now
        self.vocabulary = vocabulary
        self.command: Command | None = None
        self._catalog = catalog
        self._open(console)

    def _open(self, console: Console) -> None:
        self.catalog = self._catalog
        self.place = console.place
        self.wizard = console.wizard
        self.form: dict[str, Any] = dict(console.form)
        self.held = console.held
        self.about = Key("")
        """The scenario that the line names."""
        self.parts = dict(console.parts)
        self.aside = list(console.aside)
        self._screen: Screen | None = None
        self._bound = False
        self._first: list[Bubble] = []
        self._changes: list[Change] = []
        self._orders: list[Order] = []
        self._effects: list[Effect] = []
        self._staff_effects: dict[FriendId, tuple[Effect, ...]] = {}
        self._again = False
        self._told = console.told
        self.resume: int | None = None
        """The form put aside that is to be opened again, by its place."""
        self.ask_form = False
        """The form that was opened is still to put its question."""

    @property
    def me(self) -> FriendId:
        """Who speaks."""
        return self.before.admin

    @property
    def my_name(self) -> str:
        """How history names the one who speaks."""
        return self.staff.name or self.staff.role.value

    @property
    def answered(self) -> bool:
        """Whether a screen is ready."""
        return self._screen is not None

    def say(self, text: str, *taps: Tap, where: str = "", lasts: bool = False) -> None:
        """Answer with these words and buttons."""
        self.show(Screen(text=text, taps=taps, where=where, lasts=lasts))

    def show(self, screen: Screen, *, bound: bool = False) -> None:
        """Answer with this screen; `bound`: none of its buttons counts later than this screen."""
        self._screen = screen
        self._bound = bound

    def put(self, *bubbles: Bubble) -> None:
        """Show these bubbles before the screen."""
        self._first += bubbles

    def room(self) -> int:
        """How many bubbles still fit before the screen."""
        return MOST_BUBBLES - 1 - len(self._first)

    def edit(self, catalog: Catalog, words: str, *, undo: bool = True) -> None:
        """Change what is configured; `words` is the row of 履歴. Without `undo` it has a way back of its own."""
        self._changes.append(Change(words=words, before=self.catalog if undo else None))
        self.catalog = catalog

    def edit_for_good(self, catalog: Catalog, words: str) -> None:
        """Change what is configured together with friends' records: 取消 cannot take it back."""
        self._changes.append(Change(words=words))
        self.catalog = catalog

    def order(self, order: Order) -> None:
        """Have something happen to a friend, or to many."""
        self._orders.append(order)

    def do(self, effect: Effect) -> None:
        """Ask something of the world for the one who speaks."""
        self._effects.append(effect)

    def do_for(self, staff: FriendId, effect: Effect) -> None:
        """Ask something of the world for another member of staff."""
        self._staff_effects[staff] = (*self._staff_effects.get(staff, ()), effect)

    def forget(self) -> None:
        """Take back everything prepared so far."""
        self._open(self.before)

    def put_aside(self) -> None:
        """Close the open form, keeping its answers to go on with later."""
        if self.wizard and self.form.get("keep", True):
            kept = {"wizard": self.wizard, "form": self.form, "at": self.now.isoformat()}
            self.aside = [kept, *(one for one in self.aside if not _same_form(one, kept))][:_ASIDE]
        self.close_form()

    def close_form(self) -> None:
        """Close the open form for good."""
        self.wizard, self.form = "", {}

    def show_again(self, why: str = "") -> None:
        """Show the present screen once more, under its old number, after `why`."""
        taps = tuple(Tap(label=one, says=says) for one, says in zip(self.before.labels, self.before.taps, strict=True))
        text = f"{why}\n\n{self.before.shown}" if why else self.before.shown
        self.show(Screen(text=text or "ホームから始められます。", taps=taps), bound=True)
        self._again = True

    def decision(self) -> ConsoleDecision:
        """The answer, and everything as it should become."""
        screen = self._screen or Screen(text="わかりました。", taps=(Tap(label="ホーム"),))
        number = self.before.screen if self._again else self.before.screen + 1
        news, waiting = self._news(), self._waiting()
        if waiting and not self._bound and len(screen.taps) < MOST_TAPS and Tap(label=WAITING) not in screen.taps:
            screen = replace(screen, taps=(*screen.taps, Tap(label=WAITING)))
        taps = screen.taps[:MOST_TAPS]
        buttons = tuple(self._button(number, place, one) for place, one in enumerate(taps))
        lines = [line for line in (*news, waiting) if line]
        notices = (text_bubble("\n".join(lines)),) if lines else ()
        first = (*notices, *self._first)
        bubbles = (*first, *render(screen, buttons, room=MOST_BUBBLES - len(first)))
        self._told = self.now if notices else self.before.told
        return ConsoleDecision(
            console=self._console(number, screen, taps),
            bubbles=bubbles,
            catalog=self.catalog if self._changes else None,
            changes=tuple(self._changes),
            orders=tuple(self._orders),
            effects=tuple(self._effects),
            staff_effects=self._staff_effects,
        )

    def _news(self) -> tuple[str, ...]:
        """What came up since the last word, each once, if there is room for it."""
        told = [*self._newcomers(), *dict.fromkeys(self.reports.notices(self.staff.muted))]
        if not told or self.room() < 1:
            return ()
        more = (f"ほか{len(told) - _NOTICES}件",) if len(told) > _NOTICES else ()
        return (*(f"🔔 {one}" for one in told[-_NOTICES:]), *more)

    def _newcomers(self) -> Iterator[str]:
        """Who joined the staff since the last word; the owner hears of it."""
        since = self.before.told or self.staff.since
        for who, one in self.catalog.staff.items():
            if self.staff.role is Role.OWNER and who != self.me and one.since > since:
                yield f"{with_san(one.name or '新しい方')}が{one.role.value}になりました（「スタッフ {one.name}」で見られます）"

    def _waiting(self) -> str:
        """How many friends wait for an answer, where some of them have begun to since the last word."""
        if self.room() < 1 or (self.command and self.command.word == WAITING):
            return ""
        told = self.before.told
        waiting = [one for one in self.reports.awaiting(COUNTED) if not one.staff]
        words = [max(one.awaits_reply, one.reacted or one.awaits_reply) for one in waiting if one.awaits_reply]
        if not words or (told and max(words) <= told):
            return ""
        return f"💬 返信を待っている友だち {how_many(waiting)}（「{WAITING}」で見られます）"

    def _button(self, number: int, place: int, one: Tap) -> Button:
        data = command_data(one.words)
        if one.picker or self._bound or len(data) > DATA_CHARS or not self._says_command(one.words):
            data = screen_data(number, place)
        return Button(label=label(one.label), data=data, picker=one.picker)

    def _says_command(self, words: str) -> bool:
        found = self.vocabulary.split(words)
        return found is not None and not found[0].acts and not found[0].hidden

    def _console(self, number: int, screen: Screen, taps: tuple[Tap, ...]) -> Console:
        return replace(
            self.before,
            screen=number,
            place=self.place,
            wizard=self.wizard,
            form=self.form,
            held=self.held,
            parts=self.parts,
            aside=tuple(self.aside),
            taps=tuple(one.words for one in taps),
            labels=tuple(one.label for one in taps),
            shown=self.before.shown if self._again else screen.words(),
            seen=self._seen(),
            told=self._told,
        )

    def _seen(self) -> Mapping[str, datetime]:
        new = {key: self.now for key in (self.heard.event_id, self.heard.data) if key}
        kept = sorted({**self.before.seen, **new}.items(), key=lambda one: one[1])
        return dict(kept[-_REMEMBERED:])


def how_many(waiting: Sequence[Friend]) -> str:
    """3人, or 20人以上 where no more are counted."""
    return f"{len(waiting)}人{'以上' if len(waiting) >= COUNTED else ''}"


def _same_form(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    names = (one["form"].get("name"), other["form"].get("name"))
    return bool(one["wizard"] == other["wizard"] and names[0] == names[1])


def local(moment: datetime, catalog: Catalog) -> datetime:
    """The moment in the account's zone."""
    return moment.astimezone(catalog.account.tz)


WEEKDAYS = "月火水木金土日"


def moment_words(moment: datetime, catalog: Catalog) -> str:
    """`8/10(月) 20:00`, as every echo of a moment reads."""
    here = local(moment, catalog)
    return f"{here.month}/{here.day}({WEEKDAYS[here.weekday()]}) {here.hour}:{here:%M}"


def day_words(moment: datetime, catalog: Catalog) -> str:
    """`8/10(月)`."""
    return moment_words(moment, catalog).split(" ", 1)[0]


def plain_line(text: str) -> str:
    """One line with width made one and blanks single, for reading."""
    return " ".join(narrow(text).split())
