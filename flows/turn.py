"""One decision in the making, as actions see it: what may be done to the friend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.actions import Action
from flows.draft import Draft
from flows.effects import LinkMenu, TellStaff
from flows.facts import FieldSet, ScoreChanged, TagAdded, TagRemoved
from flows.friend import Entry, Given, Label
from flows.homes import PART, Home
from flows.index import SCORE_HIGH, SCORE_LOW
from flows.names import Key, fold, with_san
from flows.phase import By
from flows.records import changed
from flows.requests import Record, Request

END = ""
"""The wish to end the scenario, where another wish names a path."""


class Turn(Draft):
    """The real `Deed`. Journeys are only wished for here; the walks take them up once the actions are done."""

    def take(self, actions: Iterable[Action]) -> None:
        """Carry these actions out, all of them."""
        for action in actions:
            action.take(self)

    # -- tags, scores, fields -------------------------------------------------------------------------------------

    def add_tag(self, tag: str) -> None:
        key = fold(tag)
        if self.record is not None:
            self.record.on.setdefault(key, tag)
        elif key not in self.peek("tags"):
            label = Label(at=self.now, why=self.why, plan=self.origin, step=self.place)
            self.change(tags={**self.peek("tags"), key: label})
            self.note(TagAdded(at=self.now, tag=self._tag_name(key, tag), why=self.why))
            self.stirred = True

    def remove_tag(self, tag: str) -> None:
        key = fold(tag)
        if self.record is not None:
            self.record.off.setdefault(key, tag)
        elif key in self.peek("tags"):
            self.change(tags={other: label for other, label in self.peek("tags").items() if other != key})
            self.note(TagRemoved(at=self.now, tag=self._tag_name(key, tag), why=self.why))
            self.stirred = True

    def add_score(self, score: str, points: int) -> None:
        key = fold(score)
        if self.record is not None:
            self.record.points[key] = self.record.points.get(key, 0) + points
            return
        before: int = self.peek("scores").get(key, 0)
        total = max(SCORE_LOW, min(SCORE_HIGH, before + points))
        if total == before:
            return
        self.change(scores={**self.peek("scores"), key: total})
        shown = self.catalog.scores[key].name if key in self.catalog.scores else score
        self.note(ScoreChanged(at=self.now, score=shown, points=total - before, total=total, why=self.why))
        self.stirred = True

    def set_field(self, field: str, value: str) -> None:
        self.fill(field, value, origin="手入力" if self.by_hand else "", listed=True)

    def fill(self, field: str, value: str, *, origin: str, listed: bool = False, own: str = "") -> None:
        """Write a value into a field; "" empties it. What of a listed one is the person's `own` words, is named."""
        key = fold(field)
        fields: Mapping[Key, Entry] = self.peek("fields")
        if (fields[key].value if key in fields else "") == value:
            return
        rest = {other: entry for other, entry in fields.items() if other != key}
        filled = {key: Entry(value=value, at=self.now, origin=origin, listed=listed, own=own)} if value else {}
        self.change(fields=rest | filled)
        shown = self.catalog.fields[key].name if key in self.catalog.fields else field
        self.note(FieldSet(at=self.now, field=shown, why=self.why))
        self.stirred, self.moved = True, self.moved | {key}

    def replace_answer(self, record: Record, old: Given | None) -> Given:
        """Apply what an answer asks of tags and scores, taking back what the old answer did: only the difference
        happens. What comes back holds what this answer really did."""
        tags = set(self.peek("tags"))
        kept_on, kept_off = (set(old.tags_on), set(old.tags_off)) if old else (set[str](), set[str]())
        on = [key for key in record.on if key not in tags or key in kept_on]
        off = [key for key in record.off if key not in on and (key in tags or key in kept_off)]
        for name in record.on.values():
            self.add_tag(name)
        for key in [*off, *(key for key in kept_on if key not in record.on)]:
            self.remove_tag(key)
        for key in kept_off:
            if key not in record.off:
                self.add_tag(key)
        before = old.points if old else {}
        for score in dict.fromkeys((*record.points, *before)):
            self.add_score(score, record.points.get(score, 0) - before.get(score, 0))
        return Given(value="", at=self.at, points=record.points, tags_on=tuple(on), tags_off=tuple(off))

    # -- journeys -------------------------------------------------------------------------------------------------

    def go_to(self, path: str) -> None:
        if self.wish is None:
            self.wish = path

    def end_scenario(self) -> None:
        if self.wish is None:
            self.wish = END

    def jump_to(self, question: str) -> None:
        if self.jump is None:
            self.jump = fold(question)

    def start_scenario(self, scenario: str) -> None:
        self.requests.append(Request("start", scenario, self.why, self.origin))

    def stop_scenario(self, scenario: str) -> None:
        self.requests.append(Request("stop", scenario, self.why, self.origin))

    def open_survey(self, survey: str) -> None:
        self.requests.append(Request("survey", survey, self.why, self.origin))

    # -- things ---------------------------------------------------------------------------------------------------

    def show_menu(self, menu: str) -> None:
        self.change(menu=menu)
        self.effect(LinkMenu(menu=menu))

    def send_part(self, part: str) -> None:
        saved = self.catalog.parts.get(fold(part))
        if saved is None:
            self.remark(f"部品「{part}」が見つからないため、送りませんでした")
            return
        fill = self.filler(home=Home(plan=fold(part), step=PART))
        for message in saved.messages:
            self.say(message.bubble(fill))

    def run_bundle(self, bundle: str) -> None:
        key = fold(bundle)
        saved = self.catalog.bundles.get(key)
        if saved is None or key in self.bundles:
            self.remark(
                f"アクション「{bundle}」が{'自分を呼んでいる' if saved else '見つからない'}ため、行いませんでした"
            )
            return
        self.bundles.append(key)
        self.take(saved.actions)
        self.bundles.pop()

    # -- staff ----------------------------------------------------------------------------------------------------

    def notify_staff(self) -> None:
        self.effect(TellStaff(text=f"{self.called}：{self.why}", topic="notice"))

    def await_reply(self) -> None:
        self.want_reply(f"{self.called}が返信を待っています（{self.why}）")
        self.close_question()
        if self.peek("taken_over") is None and self.peek("left") is None:
            self.remark(f"返信待ちになり、シナリオを止めました（{self.why}）")
        self.take_over()

    def take_over(self) -> None:
        """A person talks with the friend from now on: his walks wait. With one who is away nobody talks."""
        if self.peek("left") is not None:
            return
        self.pause_walks(paused=True)
        if self.peek("taken_over") is None:
            self.change(taken_over=self.at)
        self.move(By.HAND_OVER)

    def want_reply(self, text: str) -> None:
        """Put the friend on the list of those to be answered, and say so to staff."""
        if self.peek("awaits_reply") is None:
            self.change(awaits_reply=self.at)
        self.effect(TellStaff(text=text, topic="reply"))

    @property
    def called(self) -> str:
        """The friend as staff read of him."""
        name = self.peek("name")
        return with_san(name) if name else "お名前のわからない友だち"

    def pause_walks(self, *, paused: bool) -> None:
        """Hold all walks while a person talks with the friend, or let them go on."""
        for walk in list(self.walks.values()):
            if walk.paused is not paused:
                self.put_walk(changed(walk, paused=paused))
                self.touched.add(walk.scenario)

    def close_question(self, by: By = By.LEAVE) -> None:
        """Typed words are no longer an answer; the question's buttons still are."""
        if self.peek("open") is not None:
            self.change(open=None)
            self.move(by)
            if self.peek("taken_over") is not None:
                self.move(By.HAND_OVER)

    def _tag_name(self, key: Key, written: str) -> str:
        return self.catalog.tags[key].name if key in self.catalog.tags else written
