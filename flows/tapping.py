"""A friend's tap on a card's button: its effects, all of them, and never twice for one wish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from flows.answering import given_key
from flows.asking import stale
from flows.effects import Source
from flows.events import Clicked
from flows.facts import Pressed
from flows.friend import Given
from flows.homes import PART, REPLY, CardPress, Home, button_mark
from flows.messages import Button, Message, buttons_of
from flows.names import Key, fold
from flows.phrases import STALE
from flows.records import changed
from flows.requests import Record
from flows.scenario import Body, Say, walk
from flows.starting import listen
from flows.turn import Turn
from flows.walking import follow_wish, scenario_of, walk_on

TWICE = timedelta(minutes=1)
"""A second tap on the same button within so long is a thumb that slipped, not a wish."""


def tapped(turn: Turn, press: CardPress) -> str:
    """Carry out what the button does; its label, "" for a button that is not there any more or was never put to him."""
    button = _button(turn, press)
    if button is None:
        stale(turn)
        return ""
    given: Mapping[Key, Given] = turn.peek("given")
    name = given_key(press.home.plan, Key(f"[{press.home.step}/{fold(button.label)}]"))
    old = given.get(name)
    if old is not None and turn.at - old.at < TWICE:
        return button.label
    turn.change(pressed={**turn.peek("pressed"), fold(button.label): turn.at})
    turn.note(
        Pressed(at=turn.now, button=button.label, origin=press.home.plan, step=press.home.step, first=old is None)
    )
    _carry_out(turn, press.home, button, name)
    listen(turn, Clicked(at=turn.event.at, link=button.label))
    return button.label


def _carry_out(turn: Turn, home: Home, button: Button, name: Key) -> None:
    """Tags and points as for an answer, so that pressing again takes the place of having pressed; the rest again."""
    turn.origin, turn.why = home.plan, f"ボタン「{button.label}」"
    turn.place = home.step
    turn.wish = None
    turn.record = Record()
    turn.take(button.effects)
    record, turn.record = turn.record, None
    kept = changed(turn.replace_answer(record, turn.peek("given").get(name)), value=button.label)
    turn.change(given={**turn.peek("given"), name: kept})
    turn.speak(_source(turn, home))
    _go_where_it_leads(turn, home)
    turn.wish = turn.jump = None


def _source(turn: Turn, home: Home) -> Source:
    if home.step in {PART, REPLY}:
        return Source()
    if home.plan in turn.catalog.broadcasts and not home.version:
        return Source(broadcast=home.plan)
    return Source(scenario=home.plan, version=home.version, step=home.step, run=home.run)


def _go_where_it_leads(turn: Turn, home: Home) -> None:
    """道 and 終わる count for the walk in which the button was put; of one that reached its end a path still leads on."""
    if turn.wish is None:
        return
    found = turn.walks.get(home.plan)
    present = found if found is not None and found.run == home.run else walk_on(turn, home.plan, home.run)
    scenario = scenario_of(turn, present) if present is not None else None
    if present is None or scenario is None or not follow_wish(turn, present, scenario):
        turn.thanks = STALE


def _button(turn: Turn, press: CardPress) -> Button | None:
    messages = _messages(turn, press.home) if _was_put(turn, press.home) else ()
    found = (button for message in messages for button in buttons_of(message) if button.reports)
    return next((button for button in found if button_mark(button.label, button.effects) == press.mark), None)


def _was_put(turn: Turn, home: Home) -> bool:
    """Whether the friend's own record says that the message reached him; parts and replies leave nothing there."""
    if home.step in {PART, REPLY}:
        return True
    if not home.version:
        return home.plan in turn.peek("broadcasts")
    if not home.step:
        return turn.catalog.survey(home.plan, home.version) is not None
    walk_on, past = turn.walks.get(home.plan), turn.peek("past").get(home.plan)
    return (walk_on is not None and walk_on.run == home.run and home.step in walk_on.received) or (
        past is not None and past.runs == home.run and home.step in past.received
    )


def _messages(turn: Turn, home: Home) -> Iterable[Message]:
    """The messages that stand there now: a version's never change."""
    catalog = turn.catalog
    if home.step == PART:
        renamed = (one for one in catalog.parts.values() if home.plan in one.formerly)
        part = catalog.parts.get(home.plan) or next(renamed, None)
        return part.messages if part else ()
    if home.step == REPLY:
        reply = catalog.autoreplies.get(home.plan)
        return reply.messages if reply else ()
    return _said_in(_body(turn, home))


def _body(turn: Turn, home: Home) -> Body:
    catalog = turn.catalog
    if not home.version:
        broadcast = catalog.broadcasts.get(home.plan)
        return broadcast.body if broadcast and broadcast.id == home.step else ()
    if not home.step:
        survey = catalog.survey(home.plan, home.version)
        return survey.ending if survey else ()
    scenario = catalog.scenario(home.plan, home.version)
    return next((step.body for _, step in scenario.steps() if step.id == home.step), ()) if scenario else ()


def _said_in(body: Body) -> Iterable[Message]:
    return (item.message for item in walk(body) if isinstance(item, Say))
