"""What people do in the app, and the webhooks that come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from simulator import taps
from simulator.events import event, message_content
from simulator.http import Body
from simulator.ids import USER_ID
from simulator.line import Line
from simulator.state import Bubble, Person, Standing
from simulator.webhook import Outcome, Webhook

SPENDING = frozenset({"message", "postback", "datetimepicker"})


class Opened(NamedTuple):
    """A link somebody followed, or a text somebody copied."""

    user: str
    kind: str
    text: str


class Acts:
    """People's thumbs. Each act changes the talk, then tells the product, and returns how it took it."""

    def __init__(self, line: Line, webhook: Webhook) -> None:
        self.line = line
        self.webhook = webhook
        self.mode = "active"
        self.opened: list[Opened] = []
        self.gathered: list[Body] | None = None
        webhook.on_redelivered = self._redelivered

    def person(self, user: str) -> Person:
        """Somebody by user id."""
        return self.line.memory.people[user]

    def add(self, user: str, name: str, standing: Standing = Standing.STRANGER, *, shop: bool = False) -> Person:
        """Somebody new with the app, not yet a friend unless said so."""
        if not USER_ID.fullmatch(user):
            raise ValueError(f"a user id looks like U and 32 hexadecimal digits, not {user!r}")
        with self.line.lock:
            person = Person(user_id=user, name=name, standing=standing, shop=shop)
            self.line.memory.keep_person(person)
            self.line.memory.commit()
            self.line.tell("people")
        return person

    @contextmanager
    def gathering(self) -> Iterator[list[Body]]:
        """Events of the acts inside are gathered in the list, not brought."""
        before, self.gathered = self.gathered, []
        try:
            yield self.gathered
        finally:
            self.gathered = before

    def follow(self, user: str, *, unblocked: bool | None = None) -> Outcome:
        """Add the account as a friend, or unblock it."""
        with self.line.lock:
            person = self.person(user)
            again = person.standing is Standing.BLOCKED if unblocked is None else unblocked
            person.standing = Standing.FRIEND
            self.note(person, "ブロックを解除しました" if again else "友だちになりました")
            happened = self._event(person, "follow", follow={"isUnblocked": again})
        return self._bring(happened)

    def block(self, user: str) -> Outcome:
        """Block the account."""
        with self.line.lock:
            person = self.person(user)
            person.standing = Standing.BLOCKED
            self.note(person, "ブロックしました")
            happened = self._event(person, "unfollow")
        return self._bring(happened)

    def note(self, person: Person, text: str) -> None:
        """A line of the app itself in a talk."""
        message = {"type": "note", "text": text}
        bubble = Bubble(
            id=self.line.memory.message_id(), side="note", how="note", at=self.line.clock(), message=message
        )
        self.line.memory.keep_person(person)
        self.line.show(person, bubble)

    def send(self, user: str, message: Body, *, how: str = "said") -> Outcome:
        """Send any message of the app: text, sticker, location …"""
        with self.line.lock:
            bubble = self._bubble(user, message, how)
            happened = self._event(self.person(user), "message", message=message_content(bubble))
        return self._bring(happened, bubble)

    def send_media(self, user: str, message: Body, content: bytes, content_type: str, preview: bytes = b"") -> Outcome:
        """Send a picture, a video, a voice or a file."""
        with self.line.lock:
            bubble = self._bubble(user, message, "said")
            self.line.memory.shelf.put_blob(bubble.id, content_type, content)
            if preview:
                self.line.memory.shelf.put_blob(bubble.id + ":preview", "image/png", preview)
            happened = self._event(self.person(user), "message", message=message_content(bubble))
        return self._bring(happened, bubble)

    def _bubble(self, user: str, message: Body, how: str) -> Bubble:
        person = self.person(user)
        if person.standing is Standing.BLOCKED:
            raise ValueError(f"{person.name} blocked the account and cannot write to it")
        number = self.line.memory.message_id()
        person.wrote_at = self.line.clock()
        person.unread = 0
        self.line.memory.keep_person(person)
        told = dict(message) | {"markAsReadToken": "sim-read-" + number}
        bubble = Bubble(id=number, side="person", how=how, at=person.wrote_at, message=told, status="sending")
        self.line.show(person, bubble)
        return bubble

    def unsend(self, user: str, message_id: str) -> Outcome:
        """Take a message back."""
        with self.line.lock:
            person = self.person(user)
            bubble = next(each for each in person.talk if each.id == message_id and each.side == "person")
            bubble.unsent = True
            self.line.show(person, bubble)
            happened = self._event(person, "unsend", unsend={"messageId": message_id})
        return self._bring(happened)

    def happen(self, user: str, kind: str, **more: Any) -> Outcome:
        """Any other event of a person."""
        with self.line.lock:
            happened = self._event(self.person(user), kind, **more)
        return self._bring(happened)

    def tap(self, user: str, tap: taps.Tap, picked: str = "") -> Outcome | None:
        """Tap something; `picked` is the moment chosen in a date picker. None if the product hears nothing."""
        with self.line.lock:
            if tap.place == "quick reply" and tap.bubble and tap.action["type"] in SPENDING:
                tap.bubble.spent = True
                self.line.show(self.person(user), tap.bubble)
        perform = PERFORMERS.get(tap.action["type"])
        return perform(self, user, tap.action, picked) if perform else None

    def retry(self, user: str, message_id: str) -> Outcome:
        """Bring a message once more that did not reach the product."""
        bubble = next(each for each in self.person(user).talk if each.id == message_id)
        events = [bubble.message["event"]]
        with self.line.lock:
            bubble.status = "sending"
            self.line.show(self.person(user), bubble)
            if events in self.webhook.failed:
                self.webhook.failed.remove(events)
        return self.webhook.again(events)

    def _event(self, person: Person, kind: str, **more: Any) -> Body:
        return event(self.line, person, kind, mode=self.mode, **more)

    def _bring(self, happened: Body, bubble: Bubble | None = None) -> Outcome:
        with self.line.lock:
            self.line.memory.commit()
        if self.gathered is not None:
            self.gathered.append(happened)
            outcome = Outcome(status=200, reason="gathered", milliseconds=0)
        else:
            outcome = self.webhook.deliver([happened])
        if bubble:
            self._settle(happened, bubble, outcome)
        return outcome

    def _settle(self, happened: Body, bubble: Bubble, outcome: Outcome) -> None:
        """Show in the talk how the product took a bubble."""
        with self.line.lock:
            bubble.status = "sent" if outcome.good else "failed"
            bubble.trouble = outcome.trouble
            bubble.message.pop("event", None)
            if not outcome.good:
                bubble.message["event"] = happened
            self.line.show(self.person(happened["source"]["userId"]), bubble)
            self.line.memory.commit()

    def _redelivered(self, events: list[Body], outcome: Outcome) -> None:
        """A webhook that had failed was brought again."""
        for happened in events:
            wanted = happened.get("message", {}).get("id")
            for bubble in self.person(happened["source"]["userId"]).talk:
                if bubble.id == wanted:
                    self._settle(happened, bubble, outcome)


Performer = Callable[[Acts, str, Body, str], Outcome | None]


def _message(acts: Acts, user: str, action: Body, picked: str) -> Outcome:
    return acts.send(user, {"type": "text", "text": action["text"]}, how="tapped")


def _postback(acts: Acts, user: str, action: Body, picked: str) -> Outcome:
    shown = action.get("displayText")
    if shown:
        _show(acts, user, shown)
    outcome = acts.happen(user, "postback", postback={"data": action["data"]})
    return acts.send(user, {"type": "text", "text": action["text"]}, how="tapped") if "text" in action else outcome


def _show(acts: Acts, user: str, text: str) -> None:
    """What a tap shows in the talk; the product is told of the postback only."""
    line = acts.line
    with line.lock:
        message = {"type": "text", "text": text}
        bubble = Bubble(id=line.memory.message_id(), side="person", how="tapped", at=line.clock(), message=message)
        line.show(acts.person(user), bubble)


def _pick(acts: Acts, user: str, action: Body, picked: str) -> Outcome:
    moment = picked or action.get("initial") or {"date": "2026-12-01", "time": "10:00"}.get(action["mode"], "")
    params = {action["mode"]: moment or "2026-12-01T10:00"}
    return acts.happen(user, "postback", postback={"data": action["data"], "params": params})


def _open(acts: Acts, user: str, action: Body, picked: str) -> None:
    acts.opened.append(Opened(user, action["type"], action.get("uri") or action.get("clipboardText", "")))


def _switch(acts: Acts, user: str, action: Body, picked: str) -> Outcome:
    alias = action["richMenuAliasId"]
    with acts.line.lock:
        menu = acts.line.memory.aliases.get(alias)
        status = "SUCCESS" if menu in acts.line.memory.menus else "RICHMENU_NOTFOUND"
        if menu is None:
            status = "RICHMENU_ALIAS_ID_NOTFOUND"
        elif status == "SUCCESS":
            person = acts.person(user)
            person.menu = menu
            acts.line.memory.keep_person(person)
            acts.line.tell(user)
    params = {"newRichMenuAliasId": alias, "status": status}
    return acts.happen(user, "postback", postback={"data": action["data"], "params": params})


PERFORMERS: dict[str, Performer] = {
    "message": _message,
    "postback": _postback,
    "datetimepicker": _pick,
    "uri": _open,
    "clipboard": _open,
    "richmenuswitch": _switch,
}
