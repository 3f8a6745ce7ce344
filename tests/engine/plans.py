"""Scenarios as chance would write them: nested bodies, every kind of time, paths, goals, caps, edits.

A whole scenario grows from one number: hypothesis draws the number, so that a failure can be lived again, and drawing
stays cheap enough for tens of thousands of steps.
"""

from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

from flows.actions import AddScore, AddTag, EndScenario, GoTo, RemoveTag, SetField, StartScenario
from flows.actions.base import Action
from flows.conditions import ScoreIs, Tagged
from flows.conditions.compare import Bound, Comparison
from flows.conditions.labels import FieldIs
from flows.messages import Text
from flows.moments import AfterSend, AroundDate, AroundMoment, AtOnce, Caps, Late, NextWeekday, OnDate, OnDay, Window
from flows.names import StepId
from flows.questions import Choice, FreeText, Option
from flows.scenario import Ask, Do, If, Line, Return, Say, Scenario, Split, Start, Step, Variant, Wait
from flows.triggers import ByHand, FriendAdded, KeywordSaid, TagGained

TAGS = ("赤", "青", "会員")
GOAL = "予約済"
NAMES = ("一", "二", "三")
PATHS = ("甲", "乙")
LABELS = ("はい", "いいえ", "わからない")
CLOCKS = (time(0), time(2, 30), time(7, 59), time(8), time(12), time(19), time(20, 30), time(23, 59))
WINDOWS = (
    (),
    (),
    (Window(weekdays=tuple(range(7)), opens=time(9), closes=time(20), words=""),),
    (
        Window(weekdays=(0, 1, 2, 3, 4), opens=time(10), closes=time(12), words=""),
        Window(weekdays=(5,), opens=time(15), closes=time(18), words=""),
    ),
)


class Chance(Random):
    """Throws the dice for one scenario."""

    def when(self):
        match self.randrange(8):
            case 0 | 1:
                return AtOnce(words="")
            case 2:
                return AfterSend(words="", delay=timedelta(minutes=self.choice([1, 30, 540])))
            case 3 | 4:
                months = self.choice([0, 0, 0, 1])
                return OnDay(words="", days=self.randrange(5), months=months, clock=self.choice(CLOCKS))
            case 5:
                return NextWeekday(words="", weekday=self.randrange(7), clock=self.choice(CLOCKS))
            case 6:
                day = date(2026, 3, 1) + timedelta(days=self.randrange(50))
                return OnDate(words="", date=day, clock=self.choice(CLOCKS))
            case _:
                return self.around()

    def around(self):
        if self.random() < 0.7:
            base = self.choice(["体験会", "予約"])
            return AroundDate(words="", base=base, days=self.randrange(-3, 3), clock=self.choice(CLOCKS))
        return AroundMoment(words="", base="予約", offset=timedelta(hours=self.choice([-2, 3])))

    def effects(self, *, last: bool = False):
        kinds = (
            lambda: AddTag(name=self.choice(TAGS)),
            lambda: RemoveTag(name=self.choice(TAGS)),
            lambda: AddScore(score=self.choice(["", "美容"]), points=self.randrange(-3, 6)),
            lambda: SetField(field="年代", value=self.choice(["20代", "30代"])),
        )
        taken: list[Action] = [self.choice(kinds)() for _ in range(self.randrange(3))]
        if last and self.random() < 0.6:
            taken.append(
                self.choice(
                    [
                        GoTo(name=self.choice(PATHS)),
                        GoTo(name=self.choice(PATHS)),
                        EndScenario(),
                        StartScenario(name=self.choice(NAMES)),
                        AddTag(name=GOAL) if self.random() < 0.4 else GoTo(name=self.choice(PATHS)),
                    ]
                )
            )
        return tuple(taken)

    def condition(self):
        match self.randrange(3):
            case 0:
                return Tagged(name=self.choice(TAGS), absent=self.random() < 0.5)
            case 1:
                return ScoreIs(points=self.randrange(7), bound=self.choice([Bound.AT_LEAST, Bound.UNDER]))
            case _:
                return FieldIs(field="年代", op=Comparison.EQUAL, value=self.choice(["20代", "30代"]))

    def question(self):
        wait = self.choice([None, timedelta(minutes=20), timedelta(hours=11), timedelta(days=2)])
        name, answered = self.choice(["問一", "問二"]), self.maybe(self.effects)
        silent = self.maybe(lambda: self.effects(last=True)) if wait else None
        options = tuple(Option(label=label, effects=self.effects(last=True)) for label in LABELS)
        if self.random() < 0.3:
            return FreeText(name=name, text="ひとこと", answered=answered, silent=silent, wait=wait)
        return Choice(name=name, text="いかがですか", options=options, answered=answered, silent=silent, wait=wait)

    def maybe(self, make):
        return make() if self.random() < 0.6 else None

    def body(self, depth: int = 2):
        items = [self.item(depth) for _ in range(self.randrange(3))]
        match self.randrange(6):
            case 0 | 1:
                items.append(Ask(question=self.question()))
            case 2:
                items.append(Do(actions=self.effects(last=True)))
            case 3:
                silent = self.maybe(lambda: self.effects(last=True))
                items.append(Wait(limit=timedelta(hours=self.choice([1, 30])), limit_words="", silent=silent))
        return tuple(items) or (self.say(),)

    def say(self):
        return Say(message=Text(body=self.choice(["こんにちは", "{名前さん|お客様}へ", "おすすめです"])))

    def item(self, depth: int):
        kind = self.randrange(6 if depth else 4)
        if kind < 3:
            return self.say()
        if kind == 3:
            return Do(actions=self.effects())
        if kind == 4:
            return If(
                condition=self.condition(),
                then=self.body(depth - 1),
                otherwise=self.maybe(lambda: self.body(depth - 1)),
                unknown=self.maybe(lambda: self.body(depth - 1)),
            )
        return Split(
            variants=(
                Variant(name="A", share=50, body=self.body(depth - 1)),
                Variant(name="B", share=50, body=self.body(depth - 1)),
            )
        )

    def step(self, name: str):
        return Step(
            id=StepId(name),
            when=self.when(),
            only_if=self.condition() if self.random() < 0.2 else None,
            body=(self.times(), *self.body()) if self.random() < 0.15 else self.body(),
        )

    def times(self):
        """Variants that go at different times; what is said stands below them, or in them."""
        bodies = [(), ()] if self.random() < 0.5 else [self.body(0), self.body(0)]
        whens = [None, self.when()] if self.random() < 0.7 else [self.when(), self.when()]
        variants = zip("AB", bodies, whens, strict=True)
        return Split(variants=tuple(Variant(name=n, share=50, body=body, when=at) for n, body, at in variants))

    def scenario(self, name: str):
        lines = tuple(
            Line(name=path, steps=tuple(self.step(f"{path or 'main'}{n}") for n in range(self.randrange(1, 5))))
            for path in ("", *PATHS)
        )
        triggers = (FriendAdded(), FriendAdded(), KeywordSaid(keyword=name), TagGained(tag=TAGS[0]), ByHand())
        caps = Caps(per_day=self.choice([None, 1, 2]), in_all=self.choice([None, 5]))
        return Scenario(
            name=name,
            starts=(Start(trigger=self.choice(triggers)),),
            goal=self.maybe(lambda: Tagged(name=GOAL)),
            ending=self.maybe(self.effects),
            returning=self.maybe(lambda: self.choice(list(Return))),
            restart=self.random() < 0.5,
            windows=self.choice(WINDOWS),
            late=self.maybe(lambda: self.choice(list(Late))),
            caps=caps if self.random() < 0.3 else None,
            lines=lines,
        )

    def edited(self, scenario: Scenario, generation: int):
        """The same scenario with steps left out, brought in, and written anew; those that stay keep their order."""
        return replace(scenario, lines=tuple(self._edited_line(line, generation) for line in scenario.lines))

    def _edited_line(self, line: Line, generation: int):
        kept = [step for step in line.steps if self.random() < 0.75]
        if self.random() < 0.5 or not kept:
            kept.insert(self.randrange(len(kept) + 1), self.step(f"{line.name or 'main'}g{generation}"))
        if self.random() < 0.5:
            place = self.randrange(len(kept))
            kept[place] = replace(kept[place], body=self.body(1))
        return replace(line, steps=tuple(kept))


def scenario(seed: int, name: str) -> Scenario:
    """The scenario that grows from this number."""
    return Chance(seed).scenario(name)


def edited(seed: int, plan: Scenario, generation: int) -> Scenario:
    """An edit that grows from this number."""
    return Chance(seed).edited(plan, generation)
