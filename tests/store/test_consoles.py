"""Where staff stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.store.keys import shard_of
from flows.effects import LinkMenu
from tests.store.conftest import World
from tests.store.people import NOW, SAKURA, text


def test_a_new_member_of_staff_has_a_blank_console(world: World) -> None:
    """Nothing needs to be prepared."""
    stand = world.consoles.load(SAKURA)
    assert (stand.rev, stand.console.admin) == (0, SAKURA)


def test_a_console_is_read_back_with_its_form(world: World) -> None:
    """A wizard survives a restart."""
    before = world.consoles.load(SAKURA)
    console = replace(before.console, screen=3, wizard="scenario", form={"name": "新規様", "steps": [1, 2]})
    assert world.consoles.commit(before, console, at=NOW).stands
    assert world.consoles.load(SAKURA).console == console


def test_the_answer_stands_in_the_outbox_of_the_same_commit(world: World) -> None:
    """Killed after the commit, the answer is still given."""
    before = world.consoles.load(SAKURA)
    answered = world.consoles.commit(
        before,
        before.console,
        at=NOW,
        event_id="e1",
        bubbles=[text("はい")],
        effects=[LinkMenu(menu="管理")],
        reply_token="t",
        token_until=NOW + timedelta(minutes=1),
    )
    assert world.outbox.waiting(shard_of(SAKURA), NOW) == answered.entries
    assert [(entry.kind, entry.reply_token) for entry in answered.entries] == [("send", "t"), ("link_menu", "")]
    assert world.consoles.load(SAKURA).knows("e1")


def test_two_taps_at_once_are_answered_one_after_the_other(world: World) -> None:
    """The slower one sees the screen that the quicker one made."""
    world.consoles.commit(world.consoles.load(SAKURA), world.consoles.load(SAKURA).console, at=NOW)
    before = world.consoles.load(SAKURA)
    assert world.consoles.commit(before, replace(before.console, screen=1), at=NOW).stands
    slower = world.consoles.commit(before, replace(before.console, screen=2), at=NOW, bubbles=[text("遅い")])
    assert slower == (False, ())
    assert world.consoles.load(SAKURA).console.screen == 1
    assert world.outbox.waiting(shard_of(SAKURA), NOW) == ()


def test_events_are_remembered_for_as_long_as_they_may_come_again(fake: World) -> None:
    """Two days, and never fewer than sixteen."""
    for number in range(40):
        stand = fake.consoles.load(SAKURA)
        fake.consoles.commit(stand, stand.console, at=NOW + timedelta(hours=number * 2), event_id=f"e{number}")
    assert set(fake.consoles.load(SAKURA).console.seen) == {f"e{number}" for number in range(16, 40)}


def test_effects_for_somebody_else_are_put_out_once(fake: World) -> None:
    """A role given to a colleague changes her menu, also when the event comes twice."""
    for _ in range(2):
        fake.consoles.effects(SAKURA, [LinkMenu(menu="管理")], at=NOW, event_id="e1")
    assert len(fake.outbox.waiting(shard_of(SAKURA), NOW)) == 1
