"""A broadcast in several sends: the better variant for the rest, moments of their own; everybody once, and it adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from admin_commands.broadcast_waves import further
from bot.choosing import Choosing
from flows.actions import StartScenario
from flows.aims import Unclear
from flows.broadcast import REST, Broadcast, Rest, Walkers
from flows.conditions import AllOf, Everyone, Tagged
from flows.deciding import with_rest_chosen
from flows.events import Ordered
from flows.friend import Label, Pace
from flows.messages import Text
from flows.moments import OnDate
from flows.names import fold
from flows.scenario import Body, Say, Split, Variant
from flows.timing import local
from tests.broadcast.town import arrivals, person, planned, progress, put, run, settle, town
from tests.full_world import FullWorld
from tests.worlds import move, published

PEOPLE = 120
A, B = "A案の言葉", "B案の言葉"


def body(*shares: int, later: OnDate | None = None) -> Body:
    """A and B with these shares; what is left over waits."""
    made = [
        Variant(name="A", share=shares[0], body=(Say(message=Text(body=A)),)),
        Variant(name="B", share=shares[1], body=(Say(message=Text(body=B)),), when=later),
    ]
    rest = [Variant(name=REST, share=100 - sum(shares), body=())] if sum(shares) < 100 else []
    return (Split(variants=(*made, *rest)),)


def tried(world: FullWorld, unclear: Unclear = Unclear.AHEAD, **more: Any) -> tuple[Broadcast, Broadcast]:
    """A quarter gets A, a quarter B; four hours later the better one goes to the rest."""
    first = planned(world, body=body(25, 25), **more)
    (rest,) = further(world.catalog(), first, later=0, wait=240, unclear=unclear)
    put(world, rest)
    return first, rest


def react(world: FullWorld, variant: str, most: int = 10**6) -> int:
    """Those who got this variant say something."""
    got = list(arrivals(world, A if variant == "A" else B))[:most]
    for one in got:
        world.fake.say(one, "気になります")
    return len(got)


def present(world: FullWorld, one: Broadcast) -> Broadcast:
    """The broadcast as it stands now."""
    return world.catalog().broadcasts[fold(one.name)]


def test_the_rest_gets_what_was_clearly_better_and_nobody_both() -> None:
    """The numbers decide at their moment, after restarts too, and both reports add up."""
    with town(PEOPLE) as world:
        settle(world, [person(3, world.now, pace=Pace.NONE)])
        first, rest = tried(world)
        run(world)
        assert react(world, "B") > 20
        for _ in range(3):
            move(world, rest.at + timedelta(minutes=2))
            Choosing(world.store, world.clock).look()
            run(world)
        both = arrivals(world, A) + arrivals(world, B)
        chosen = present(world, rest).rest
        one, other = progress(world, first), progress(world, present(world, rest))
        words = [row.words for row in world.store.catalogs.history()]
    assert max(both.values()) == 1
    assert len(both) == PEOPLE - 1
    assert chosen is not None
    assert (chosen.chosen, chosen.how) == ("B", "差がはっきりしました")
    assert [one.planned, other.planned] == [PEOPLE, one.skipped["waits"] + one.skipped["pace"]]
    assert one.planned == one.accepted + sum(one.skipped.values())
    assert other.planned == other.accepted + sum(other.skipped.values())
    assert one.accepted + other.accepted == PEOPLE - 1
    assert sum("の残りにB案を送る" in each for each in words) == 1


@pytest.mark.parametrize(("unclear", "gets"), [(Unclear.ASK, ""), (Unclear.FIRST, A), (Unclear.AHEAD, B)])
def test_what_was_agreed_is_done_where_nothing_is_clear(unclear: Unclear, gets: str) -> None:
    """送らずに聞く sends nothing to anybody, however long it takes, and says so once."""
    with town(60) as world:
        first, rest = tried(world, unclear)
        run(world)
        react(world, "B", most=2)
        move(world, rest.at + timedelta(minutes=2))
        run(world, minutes=90)
        before = arrivals(world, A) + arrivals(world, B)
        told = [one for one in world.store.reports(world.now).notices() if one.startswith("AB") or "残りには" in one]
        found = present(world, rest).rest
        waiting = progress(world, first).skipped["waits"]
        if not gets:
            world.install(with_rest_chosen(world.catalog(), present(world, rest), "A", "花さんが選びました", world.now))
            run(world)
        after = arrivals(world, A) + arrivals(world, B)
    assert len(after) == 60
    assert max(after.values()) == 1
    assert found is not None
    assert (len(before) == 60) == bool(gets)
    assert (found.asked is None) == bool(gets)
    assert len(told) == 1
    if gets:
        assert found.how == "差ははっきりしませんでした"
        assert found.chosen == ("A" if gets == A else "B")
    else:
        assert len(before) == 60 - waiting


def test_two_workers_and_an_owner_decide_once() -> None:
    """Whoever comes second finds it decided."""
    with town(40) as world:
        _, rest = tried(world, Unclear.FIRST)
        run(world)
        world.now = rest.at
        stale = world.catalog()
        owner = with_rest_chosen(stale, rest, "B", "花さんが選びました", world.now)
        assert world.store.catalogs.commit(owner, expected=stale.revision, by="花", at=world.now)
        assert not world.store.catalogs.commit(stale, expected=stale.revision, by="自動", at=world.now)
        Choosing(world.store, world.clock).look()
        Choosing(world.store, world.clock).look()
        run(world)
        found = present(world, rest).rest
        both = arrivals(world, A) + arrivals(world, B)
    assert found is not None
    assert found.how == "花さんが選びました"
    assert max(both.values()) == 1
    assert len(both) == 40


def test_a_stopped_rest_is_never_decided() -> None:
    """取りやめ stands: neither the numbers nor the rule send it after all."""
    with town(40) as world:
        first, rest = tried(world)
        run(world)
        put(world, replace(rest, stopped=world.now))
        move(world, rest.at + timedelta(hours=1))
        both = arrivals(world, A) + arrivals(world, B)
        found, waiting = present(world, rest).rest, progress(world, first).skipped["waits"]
    assert len(both) == 40 - waiting
    assert found == Rest(unclear=Unclear.AHEAD)


def test_a_rest_whose_moment_passed_while_nothing_ran_is_asked_about() -> None:
    """Hours late it might not be wanted any more: staff decide anew, and then it goes."""
    with town(40) as world:
        _, rest = tried(world)
        run(world)
        world.rest(True)
        world.now = rest.at + timedelta(hours=2)
        world.rest(False)
        run(world)
        found = present(world, rest)
        assert found.rest is not None
        assert found.rest.asked is not None
        waiting = len(arrivals(world, A) + arrivals(world, B))
        after = with_rest_chosen(world.catalog(), found, "A", "花さんが選びました", world.now)
        world.install(after)
        run(world)
        both = arrivals(world, A) + arrivals(world, B)
    assert waiting < 40
    assert len(both) == 40
    assert max(both.values()) == 1


def test_variants_go_at_their_own_moments_each_friend_once() -> None:
    """The same hash divides every send; the results stand under the first."""
    with town(PEOPLE) as world:
        then = local(world.now + timedelta(hours=5), world.catalog().account.tz)
        when = OnDate(date=then.date(), clock=then.time().replace(second=0, microsecond=0), words="")
        first = planned(world, body=body(50, 50, later=when))
        (second,) = further(world.catalog(), first, later=0, wait=0, unclear=Unclear.ASK)
        put(world, second)
        run(world)
        early = arrivals(world, B)
        mine = set(arrivals(world, A))
        move(world, second.at - timedelta(seconds=1))
        assert not arrivals(world, B)
        move(world, second.at + timedelta(minutes=2))
        run(world)
        both = arrivals(world, A) + arrivals(world, B)
        found = world.store.reports(world.now).trial(fold(first.name), ["A", "B"])
        one, other = progress(world, first), progress(world, second)
    assert not early
    assert set(arrivals(world, A)) == mine
    assert len(both) == PEOPLE
    assert max(both.values()) == 1
    assert {name: each.got for name, each in found.items()} == {"A": len(mine), "B": PEOPLE - len(mine)}
    assert one.skipped == {"other": PEOPLE - len(mine)}
    assert (other.planned, other.accepted) == (PEOPLE - len(mine), PEOPLE - len(mine))


def test_whoever_no_longer_passes_gets_no_rest() -> None:
    """The condition is looked at again at the second send as at the first."""
    with town(60) as world:
        condition = AllOf(of=(Everyone(), Tagged(name="予約済", absent=True)))
        _, rest = tried(world, Unclear.FIRST, condition=condition)
        run(world)
        waiting = set(range(60)) - {
            number for number in range(60) if person(number, world.now).id in arrivals(world, A) + arrivals(world, B)
        }
        gone = min(waiting)
        settle(world, [person(gone, world.now, tags={fold("予約済"): Label(at=world.now)})])
        move(world, rest.at + timedelta(minutes=2))
        run(world)
        both = arrivals(world, A) + arrivals(world, B)
    assert person(gone, world.now).id not in both
    assert len(both) == 59


def test_the_rest_goes_at_the_hour_that_was_better() -> None:
    """Where moments were compared, the better one is part of what is adopted."""
    with town(PEOPLE) as world:
        zone = world.catalog().account.tz
        then = local(world.now + timedelta(hours=5), zone).replace(second=0, microsecond=0)
        when = OnDate(date=then.date(), clock=then.time(), words="")
        first = planned(world, body=body(30, 30, later=when))
        arm, rest = further(world.catalog(), first, later=0, wait=180, unclear=Unclear.ASK)
        put(world, arm)
        put(world, rest)
        run(world)
        move(world, arm.at + timedelta(minutes=2))
        run(world)
        assert react(world, "B") > 20
        move(world, rest.at + timedelta(minutes=2))
        found = present(world, rest)
        assert found.rest is not None
        assert found.rest.chosen == "B"
        assert local(found.at, zone) == then + timedelta(days=1)
        early = arrivals(world, A) + arrivals(world, B)
        move(world, found.at + timedelta(minutes=2))
        run(world)
        both = arrivals(world, A) + arrivals(world, B)
    assert len(early) < PEOPLE
    assert len(both) == PEOPLE
    assert max(both.values()) == 1


def test_those_under_way_get_what_was_better_on_their_later_day() -> None:
    """途中の人は後日 with 残りは良い方: one decision for all who wait, everybody once."""
    with town(60) as world:
        world.install(published(world.catalog(), "# シナリオ 途中\n開始: 手動\n\n## 9日後 19:00\nあとで\n", world.now))
        midway = [person(number, world.now).id for number in range(10)]
        for one in midway:
            order = Ordered(at=world.now, actions=(StartScenario(name="途中"),))
            world.services.friendly.act(one, order)
        first = planned(world, body=body(25, 25), walkers=Walkers.SKIP)
        rest, later = further(world.catalog(), first, later=3, wait=240, unclear=Unclear.FIRST)
        put(world, rest)
        put(world, later)
        run(world)
        move(world, rest.at + timedelta(minutes=2))
        run(world)
        before = arrivals(world, A) + arrivals(world, B)
        assert present(world, later).body == present(world, rest).body
        move(world, later.at + timedelta(minutes=2))
        run(world)
        both = arrivals(world, A) + arrivals(world, B)
    assert not set(midway) & set(before)
    assert len(before) == 50
    assert len(both) == 60
    assert max(both.values()) == 1
