"""Everything LINE remembers, at hand in dictionaries and kept on the shelf as it changes."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from simulator.ids import FIRST_MESSAGE_ID
from simulator.shelf import Shelf
from simulator.state import Accepted, Anomaly, Bubble, Call, Delivery, Menu, Person, ReplyToken, Standing, plain

CALLS_KEPT = 500
DAY = 24 * 3600.0
TOKEN_LIFE = 20 * 60.0


class Memory:
    """The state as plain dictionaries. Whoever changes a record calls the matching `keep_…`."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.people: dict[str, Person] = {}
        self.replies: dict[str, ReplyToken] = {}
        self.retries: dict[str, Accepted] = {}
        self.tokens: dict[str, float] = {}
        self.menus: dict[str, Menu] = {}
        self.aliases: dict[str, str] = {}
        self.settings: dict[str, Any] = {}
        self.counts: Counter[str] = Counter()
        self.ledger: list[Delivery] = []
        self.anomalies: list[Anomaly] = []
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.number = 0
        self.read()

    def read(self) -> None:
        """Take up everything that is on the shelf."""
        shelf = self.shelf
        people = [_person(record) for _, record in shelf.things("person")]
        self.people = {each.user_id: each for each in sorted(people, key=lambda each: each.place)}
        self.replies = {name: ReplyToken(**record) for name, record in shelf.things("reply")}
        self.retries = {name: Accepted(**record) for name, record in shelf.things("retry")}
        self.tokens = {name: float(until) for name, until in shelf.things("token")}
        self.menus = {name: Menu(**record) for name, record in shelf.things("menu")}
        self.aliases = {name: str(menu) for name, menu in shelf.things("alias")}
        self.settings = dict(shelf.things("setting"))
        self.counts = Counter({name: int(count) for name, count in shelf.things("count")})
        self.ledger = [Delivery(**record) for _, record in shelf.rows("delivery")]
        self.anomalies = [Anomaly(**record) for _, record in shelf.rows("anomaly")]
        self._read_talks()

    def _read_talks(self) -> None:
        for _, record in self.shelf.rows("bubble"):
            user = record.pop("user")
            self.people[user].talk.append(Bubble(**record))
            self.number = max(self.number, record["rev"])
        self.number = max(self.number, int(self.settings.get("number", 0)))

    def next_number(self) -> int:
        """The next number of this LINE; message ids and revisions are made of it."""
        self.number += 1
        return self.number

    def message_id(self) -> str:
        """The id of a new message."""
        return str(FIRST_MESSAGE_ID + self.next_number())

    def keep_person(self, person: Person) -> None:
        """Keep what is known of a person, the talk aside."""
        person.place = person.place or len(self.people) + 1
        self.people[person.user_id] = person
        if self.shelf.keeps:
            self.shelf.put("person", person.user_id, plain(person))

    def keep_bubble(self, person: Person, bubble: Bubble) -> None:
        """Keep a new bubble, or what became of one."""
        new = not bubble.rev
        bubble.rev = self.next_number()
        if new:
            person.talk.append(bubble)
        if self.shelf.keeps:
            self.shelf.put_row("bubble", int(bubble.id), plain(bubble) | {"user": person.user_id})

    def keep_reply(self, token: str, reply: ReplyToken) -> None:
        """Keep a reply token, and forget those of long ago."""
        while self.replies and (oldest := next(iter(self.replies))) != token:
            if reply.received_at - self.replies[oldest].received_at < TOKEN_LIFE:
                break
            del self.replies[oldest]
            self.shelf.drop("reply", oldest)
        self.replies[token] = reply
        if self.shelf.keeps:
            self.shelf.put("reply", token, plain(reply))

    def keep_retry(self, key: str, accepted: Accepted) -> None:
        """Keep a retry key for a day after its first request."""
        while self.retries and (oldest := next(iter(self.retries))) != key:
            if accepted.first_at - self.retries[oldest].first_at < DAY:
                break
            del self.retries[oldest]
            self.shelf.drop("retry", oldest)
        self.retries[key] = accepted
        if self.shelf.keeps:
            self.shelf.put("retry", key, plain(accepted))

    def keep_token(self, token: str, until: float) -> None:
        """Keep an issued access token until its end."""
        self.tokens[token] = until
        self.shelf.put("token", token, until)

    def keep_menu(self, menu: Menu) -> None:
        """Keep a rich menu."""
        self.menus[menu.id] = menu
        self.shelf.put("menu", menu.id, plain(menu))

    def drop_menu(self, menu: Menu) -> None:
        """Forget a rich menu and its picture."""
        del self.menus[menu.id]
        self.shelf.drop("menu", menu.id)
        self.shelf.drop_blob(menu.id)

    def keep_alias(self, alias: str, menu: str) -> None:
        """Keep which menu an alias means."""
        self.aliases[alias] = menu
        self.shelf.put("alias", alias, menu)

    def drop_alias(self, alias: str) -> None:
        """Forget an alias."""
        del self.aliases[alias]
        self.shelf.drop("alias", alias)

    def set(self, name: str, value: Any) -> None:
        """Keep one setting of the account."""
        self.settings[name] = value
        self.shelf.put("setting", name, value)

    def count(self, name: str, by: int) -> None:
        """Add to one of the account's counters."""
        self.counts[name] += by
        self.shelf.put("count", name, self.counts[name])

    def note(self, delivery: Delivery) -> None:
        """Write one delivery into the ledger."""
        self.ledger.append(delivery)
        if self.shelf.keeps:
            self.shelf.put_row("delivery", len(self.ledger), plain(delivery))

    def suspect(self, anomaly: Anomaly) -> None:
        """Write down what a correct product never does."""
        self.anomalies.append(anomaly)
        self.shelf.put_row("anomaly", len(self.anomalies), plain(anomaly))

    def commit(self) -> None:
        """Let everything kept so far outlive this process."""
        if self.shelf.keeps:
            if self.number != self.settings.get("number"):
                self.set("number", self.number)
            self.shelf.commit()


def _person(record: dict[str, Any]) -> Person:
    return Person(**record | {"standing": Standing(record["standing"])})
