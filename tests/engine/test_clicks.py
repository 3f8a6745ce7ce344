"""Who tapped, of those whom it reached."""

from __future__ import annotations

from flows.clicks import PEOPLE, Clicks, clicks, subject
from flows.conditions import Tagged
from flows.facts import Answered, Pressed
from flows.messages import Button, Card, Cards
from flows.questions import FreeText
from flows.scenario import Ask, If, Say, Split, Variant
from tests.worlds import START


def card(*labels: str) -> Say:
    return Say(message=Cards(cards=(Card(title="題", buttons=tuple(Button(label=label) for label in labels)),)))


def key(what: str) -> str:
    return f"plan\ts1\t{what}"


def test_buttons_and_questions_are_listed_in_order_each_once() -> None:
    """The same label twice in one message is one thing to a friend, and counted as one."""
    body = (card("くわしく", "予約"), card("くわしく"), Ask(question=FreeText(name="悩み", text="?")))
    found = clicks(body, "plan", "s1", {key("［くわしく］"): 2, key("悩み"): 4}, reached=8)
    assert [(one.what, one.people, one.words) for one in found] == [
        ("［くわしく］", 2, "2人（25.0%）"),
        ("［予約］", 0, "0人（0.0%）"),
        ("質問「悩み」", 4, "4人（50.0%）"),
    ]


def test_a_variants_button_is_measured_by_those_who_got_the_variant() -> None:
    """Half of the people never saw it."""
    split = Split(
        variants=(
            Variant(name="A", share=50, body=(card("a", "both"),)),
            Variant(name="B", share=50, body=(card("b", "both"),)),
        )
    )
    body = (split, card("all"))
    found = clicks(body, "plan", "s1", {key("［a］"): 2}, reached=10, variants={"A": 4, "B": 6})
    assert {one.what: one.reached for one in found} == {"［a］": 4, "［both］": 10, "［b］": 6, "［all］": 10}
    assert next(one for one in found if one.what == "［a］").share == 0.5


def test_a_branch_is_looked_into() -> None:
    """A button behind もし: is a button."""
    branch = If(condition=Tagged(name="a"), then=(card("x"),), otherwise=(card("y"),))
    assert [one.what for one in clicks((branch,), "plan", "s1", {}, reached=1)] == ["［x］", "［y］"]


def test_more_taps_than_sends_are_all_and_none_of_nobody_is_none() -> None:
    """What was sent before the days that are looked at was still tapped in them."""
    assert Clicks(what="x", people=3, reached=2).share == 1.0
    assert Clicks(what="x", people=3, reached=0).share == 0.0


def test_a_subject_has_three_parts_whatever_was_typed() -> None:
    """A tab in a label would shift them."""
    pressed = Pressed(at=START, button="a\tb", origin="plan", step="s1", first=True)
    assert subject(pressed) == "plan\ts1\t［a b］"
    assert subject(Answered(at=START, field="悩み", origin="plan", step="s1")) == key("悩み")
    assert Pressed.kind != PEOPLE
