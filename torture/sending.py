"""A broadcast under fire: workers and Redis are killed and LINE is unwell while it goes; its report must add up."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import replace
from random import Random

from bot.store.errors import StoreAwayError
from bot.store.store import Store
from flows.broadcast import Broadcast, Progress
from flows.conditions import Everyone
from flows.messages.text import Text
from flows.names import fold
from flows.scenario import Say
from simulator.faults import Fault
from torture.audit import Findings, audit
from torture.joining import settle_in
from torture.proxy import When
from torture.rushing import WORKERS, Report, Size
from torture.town import Town, town

NAME = "秋のフェア"
WORDS = "秋の保湿フェア、今週末まで"
EACH = 5
"""So many times the friends of the other faults: a broadcast goes to everybody at once."""
GRACE_SECONDS = 61.0


def planned(here: Town) -> Broadcast:
    """The broadcast, planned for now."""
    one = Broadcast(
        id="torture",
        name=NAME,
        condition=Everyone(),
        body=(Say(message=Text(body=f"{{名前さん|お客様}}、{WORDS}")),),
        at=here.now(),
        made=here.now(),
    )
    with contextlib.closing(here.store) as store:
        catalog = store.catalogs.current()
        with_it = replace(catalog, broadcasts={fold(NAME): one})
        assert store.catalogs.commit(with_it, expected=catalog.revision, by="torture", at=here.now())
    return one


def mishap(here: Town, dice: Random) -> None:
    """A worker dies at a drawn Redis command, or Redis itself at a drawn moment."""
    if dice.random() < 0.7:
        name = dice.choice(("worker-1", "worker-2"))
        sprung = here.crew.kill_at(name, dice.randrange(1, 80), dice.choice(list(When)))
        here.crew.until(sprung.is_set, f"that command of {name}", 60)
    else:
        here.pause(dice.random())
        here.restart_redis()
    here.pause(0.1)


def broadcast(seed: int, size: Size) -> Report:
    """Everybody is addressed while everything dies; then the ledger is held against the report."""
    report = Report(
        fault="CAST", how="kill -9 of workers and Redis while a broadcast goes to an unwell LINE", seed=seed
    )
    with town(seed, *WORKERS, steps=1) as here:
        settle_in(here, size.friends * EACH)
        one = planned(here)
        for fault, share in ((Fault.ERROR_BEFORE, 0.05), (Fault.RESET_AFTER, 0.02)):
            here.line.faults.chance(fault, share)
        here.move(here.offset + GRACE_SECONDS)
        for _ in range(size.kills):
            mishap(here, here.dice)
        here.crew.until(lambda: is_over(here, one), "end of the broadcast", 240)
        report.recoveries.append(here.settle(240))
        here.line.faults.reset()
        report.findings = judged(here, one)
        report.kills = sum(member.kills for member in here.crew.members.values()) + here.redis_kills
        report.faulty = 7
    return report


def is_over(here: Town, one: Broadcast) -> bool:
    """Whether every shard is through with it."""
    with contextlib.closing(here.store) as store:
        found = reported(store, one)
    return found is not None and found.over


def reported(store: Store, one: Broadcast) -> Progress | None:
    """The report, None before it begins or while Redis is away."""
    try:
        return store.broadcasts.progress(one)
    except StoreAwayError:
        return None


def judged(here: Town, one: Broadcast) -> Findings:
    """The usual audit, and each friend once, and a report that says the same."""
    found = audit(here)
    came = Counter(each.user for each in here.line.memory.ledger if WORDS in str(each.messages) and each.delivered)
    found.planned += len(here.friends)
    found.delivered += len(came)
    found.lost += sum(friend not in came for friend in here.friends)
    found.doubled += sum(times > 1 for times in came.values())
    with contextlib.closing(here.store) as store:
        told = reported(store, one)
    if told is None or told.accepted != len(here.friends) or told.planned != told.accepted or told.left:
        found.counters += 1
        found.say(f"the report says {told}")
    return found
