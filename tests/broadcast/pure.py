"""What the workers do for broadcasts, in the pure world: in plain sight, and all at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.store.keys import shard_of
from flows.audience import audience
from flows.broadcast import TOO_LATE, Addressed, Broadcast, Progress
from flows.conditions import Condition
from flows.deciding import (
    ITSELF,
    Decided,
    arms,
    contests_due,
    rests_due,
    settle_contest,
    settle_rest,
    trial_of_rest,
)
from flows.decision import Tally
from flows.desk import Done, Outcome, Whom
from flows.facts import BroadcastSent, BroadcastSkipped
from flows.friend import Friend
from flows.gate import Asking, refusal
from flows.names import fold
from flows.standpoint import Standpoint
from flows.timing import next_open
from flows.trials import first_of, trial_of

if TYPE_CHECKING:
    from tests.pure_world import PureWorld


def carry_out(world: PureWorld) -> None:
    """Send the broadcasts whose moment has come."""
    choose(world)
    catalog = world.catalog()
    account = catalog.account
    for one in catalog.broadcasts.values():
        begins = one.at + timedelta(seconds=account.grace_seconds)
        quiet = next_open(world.now, (), account.quiet_from, account.quiet_until, account.tz) > world.now
        if (
            one.stopped is None
            and (one.rest is None or one.rest.chosen)
            and one.id not in world.sendings
            and not quiet
            and begins <= world.now < begins + TOO_LATE
        ):
            world.sendings[one.id] = _send(world, one)


def choose(world: PureWorld) -> None:
    """Decide the A/B tests whose time is up."""
    for key in contests_due(world.catalog(), world.now):
        one = world.catalog().contests[key]
        trial = trial_of(world.catalog(), one.scenario, one.step)
        _decided(world, settle_contest(world.catalog(), key, outcomes(world, trial, one.variants), world.now))
    for rest in rests_due(world.catalog(), world.now):
        first = first_of(world.catalog(), rest)
        assert first is not None
        found = outcomes(world, trial_of_rest(world.catalog(), rest), [one.name for one in arms(first)])
        _decided(world, settle_rest(world.catalog(), rest, found, world.now))


def _decided(world: PureWorld, decided: Decided) -> None:
    world.install(decided.catalog)
    row = Done(at=world.now, by=ITSELF, words=decided.words, revision=world.catalog().revision)
    world.rows.append((row, decided.before))
    world.notices.append((world.now, "broadcast", decided.notice))


def _send(world: PureWorld, one: Broadcast) -> Progress:
    whom = audience(one, world.catalog())
    sight = over_all(world, whom)
    people = [friend.id for friend in world.reachable() if whom.holds(friend, sight)]
    sent: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for friend in people:
        before = len(world.pasts.get(friend, ()))
        event = Addressed(at=world.now, id=f"broadcast:{one.id}", broadcast=fold(one.name), lines=sight.lines)
        world._decide(friend, event)
        new = world.pasts[friend][before:]
        sent.update(fact.variant for fact in new if isinstance(fact, BroadcastSent))
        skipped.update(fact.why for fact in new if isinstance(fact, BroadcastSkipped))
    world.notices.append(
        (
            world.now,
            "broadcast",
            f"一斉配信「{one.name}」を送り終えました（{sum(sent.values())}人）。「予定」から結果を見られます。",
        )
    )
    return Progress(planned=len(people), sent=sent, skipped=skipped, over=True)


def over_all(world: PureWorld, condition: Condition) -> Standpoint:
    """What a condition may look at, with who stands highest among all friends."""
    sight = world.sight()
    lines = {}
    for rank in condition.ranks(sight):
        points = sorted((one.scores.get(rank.score, 0) for one in world.reachable()), reverse=True)
        lines[rank] = max(1, points[rank.most - 1]) if rank.most <= len(points) else 1
    return replace(sight, lines=lines)


def census(world: PureWorld, condition: Condition, at: datetime) -> dict[Whom, list[Friend]]:
    """Who would get a send at that moment, and who would not, by asking the gate about everybody."""
    sight, found = over_all(world, condition), defaultdict[Whom, list[Friend]](list)
    account = replace(world.catalog().account, quiet_from=time(0), quiet_until=time(0))
    open_hours = replace(world.catalog(), account=account)
    # The record counts from the first shard on, by number.
    everybody = sorted(world.friends.values(), key=lambda one: shard_of(one.id))
    for one in everybody:
        truth = None if one.staff else condition.holds(one, sight)
        if one.left is not None:
            found[Whom.LEFT] += [one] if truth else []
        elif one.joined and not one.staff and truth is not False:
            refused = refusal(one, Asking(), open_hours, at, Tally())
            rule = Whom.PAUSED if one.taken_over else Whom(refused.rule) if refused else Whom.GETS
            found[rule if truth else Whom.UNKNOWN].append(one)
    return found


def outcomes(world: PureWorld, trial: str, variants: Sequence[str]) -> Mapping[str, Outcome]:
    """What came of each variant, by looking at every record."""
    found = [one.trials[trial] for one in world.friends.values() if trial in one.trials]
    return {
        variant: Outcome(
            got=sum(each.variant == variant for each in found),
            reacted=sum(each.variant == variant and each.reacted for each in found),
            clicked=sum(each.variant == variant and each.clicked for each in found),
            goal=sum(each.variant == variant and each.goal for each in found),
            left=sum(each.variant == variant and each.left for each in found),
        )
        for variant in variants
    }
