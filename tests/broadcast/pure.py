"""What the workers do for broadcasts, in the pure world: in plain sight, and all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from flows.audience import audience
from flows.broadcast import TOO_LATE, Addressed, Broadcast, Progress
from flows.desk import Outcome
from flows.facts import BroadcastSent, BroadcastSkipped
from flows.names import fold
from flows.timing import next_open

if TYPE_CHECKING:
    from tests.pure_world import PureWorld


def carry_out(world: PureWorld) -> None:
    """Send the broadcasts whose moment has come."""
    catalog = world.catalog()
    account = catalog.account
    for one in catalog.broadcasts.values():
        begins = one.at + timedelta(seconds=account.grace_seconds)
        quiet = next_open(world.now, (), account.quiet_from, account.quiet_until, account.tz) > world.now
        if (
            one.stopped is None
            and one.id not in world.sendings
            and not quiet
            and begins <= world.now < begins + TOO_LATE
        ):
            world.sendings[one.id] = _send(world, one)


def _send(world: PureWorld, one: Broadcast) -> Progress:
    whom = audience(one, world.catalog())
    people = [friend.id for friend in world.reachable() if whom.holds(friend, world.sight())]
    sent: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    for friend in people:
        before = len(world.pasts.get(friend, ()))
        world._decide(friend, Addressed(at=world.now, id=f"broadcast:{one.id}", broadcast=fold(one.name)))
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


def outcomes(world: PureWorld, trial: str, variants: Sequence[str]) -> Mapping[str, Outcome]:
    """What came of each variant, by looking at every record."""
    found = [one.trials[trial] for one in world.friends.values() if trial in one.trials]
    return {
        variant: Outcome(
            got=sum(each.variant == variant for each in found),
            reacted=sum(each.variant == variant and each.reacted for each in found),
            goal=sum(each.variant == variant and each.goal for each in found),
            left=sum(each.variant == variant and each.left for each in found),
        )
        for variant in variants
    }
