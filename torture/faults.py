"""The faults that concern what comes due: processes and Redis killed, power lost, LINE unwell, too many of everything."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace

from flows.messages.text import Text
from flows.names import fold
from flows.scenario import Line, Say, Scenario
from simulator.faults import Fault
from torture import power
from torture.audit import audit
from torture.joining import settle_in
from torture.proxy import When
from torture.rushing import ON_DISK_SECONDS, WORKERS, Report, Size, finish, lateness, rush
from torture.town import PLAN, Town, town


def _kill_at_random(here: Town, dice: random.Random, name: str, most: int = 60) -> None:
    """Half of the time at a drawn Redis command, half of the time at a drawn moment."""
    if dice.random() < 0.5:
        sprung = here.crew.kill_at(name, dice.randrange(1, most), dice.choice(list(When)))
        here.crew.until(sprung.is_set, f"that command of {name}", 60)
    else:
        here.pause(dice.random() * 1.5)
        here.crew.kill(name)
    here.pause(0.1)


def f1(seed: int, size: Size) -> Report:
    """Workers die."""
    return rush(
        "F1",
        "kill -9 of a worker",
        seed,
        size,
        lambda here, dice: _kill_at_random(here, dice, dice.choice(("worker-1", "worker-2"))),
    )


def f3(seed: int, size: Size) -> Report:
    """The clock dies, and once stays away."""

    def mishap(here: Town, dice: random.Random) -> None:
        _kill_at_random(here, dice, "clock-1", 25)
        if dice.random() < 0.3:
            here.crew.members["clock-1"].resting = True
            here.pause(5)
            here.crew.members["clock-1"].resting = False

    return rush("F3", "kill -9 of the clock, sometimes for a while", seed, size, mishap)


def _redis_dies(here: Town, dice: random.Random) -> None:
    if dice.random() < 0.5:
        proxy = here.crew.members[dice.choice(("worker-1", "worker-2"))].proxy
        sprung = proxy.trap(dice.randrange(1, 60), here.server.kill, dice.choice(list(When)))
        here.crew.until(sprung.is_set, "that command", 60)
    else:
        here.pause(dice.random())
    here.restart_redis()


def f4(seed: int, size: Size) -> Report:
    """Redis dies."""
    return rush("F4", "kill -9 of Redis, everysec", seed, size, _redis_dies)


def f4_always(seed: int, size: Size) -> Report:
    """Redis dies, every commit synced."""
    return rush("F4a", "kill -9 of Redis, always", seed, size, _redis_dies, fsync="always")


def _power_fails(meter: power.Meter, here: Town, dice: random.Random) -> None:
    """Twice in a row, and between the two whatever the town does with what is left."""
    for _ in range(2):
        if not here.server.mends:
            # Until the product has met the server nobody has cut the torn end off: what is not promised is not tried.
            here.crew.until(here.is_met, "meeting of the product and its Redis", 60)
        here.pause(0.3 + dice.random() * 1.2)
        here.server.kill()
        gone, inside = power.cut(here.server.folder, meter, dice, 0.1 + dice.random() * 1.9)
        here.power_losses += 1
        here.notes.append(f"{gone} bytes lost{' inside a transaction' if inside else ''}")
        here.server.start()
        here.keep_time()


def f5(seed: int, size: Size, *, mends: bool = True) -> Report:
    """Power is lost, twice in a row."""
    with contextlib.ExitStack() as stack:
        meters: list[power.Meter] = []

        def prepare(here: Town) -> None:
            here.days_apart = True
            here.pause(ON_DISK_SECONDS)
            meters.append(stack.enter_context(power.Meter(here.server.folder)))

        return rush(
            "F5" if mends else "F5b",
            f"power lost twice in a row, {'file mended at start' if mends else 'as on a host'}",
            seed,
            size,
            lambda here, dice: _power_fails(meters[0], here, dice),
            prepare=prepare,
            mends=mends,
        )


def f5_host(seed: int, size: Size) -> Report:
    """The same where nobody mends the file before the server starts."""
    return f5(seed, size, mends=False)


UNWELL = (
    (Fault.ERROR_BEFORE, 0.05),
    (Fault.ERROR_AFTER, 0.05),
    (Fault.HANG_AFTER, 0.02),
    (Fault.RESET_BEFORE, 0.04),
    (Fault.RESET_AFTER, 0.04),
)


def f7(seed: int, size: Size) -> Report:
    """LINE answers badly, while workers die."""

    def prepare(here: Town) -> None:
        here.line.faults.hang_seconds = 3.0
        for fault, share in UNWELL:
            for endpoint in ("push", "multicast"):
                here.line.faults.chance(fault, share, endpoint)

    report = rush(
        "F7",
        "20 % of LINE's answers are errors, silence or lost connections; workers die",
        seed,
        size,
        lambda here, dice: _kill_at_random(here, dice, dice.choice(("worker-1", "worker-2"))),
        prepare=prepare,
    )
    report.faulty = 20
    return report


def f8(seed: int, size: Size) -> Report:
    """LINE's rate is a tenth of what it should be."""

    def prepare(here: Town) -> None:
        here.line.faults.limit("push", 50, 10)
        here.line.faults.limit("multicast", 5, 2)

    return rush("F8", "LINE answers 429 above a tenth of its rate", seed, size, _nothing, prepare=prepare)


def _nothing(here: Town, _dice: random.Random) -> None:
    here.pause(0.1)


def f12(seed: int, size: Size) -> Report:
    """The clock jumps while steps are under way."""

    def mishap(here: Town, dice: random.Random) -> None:
        standing, here.slack = here.line.clock.offset, 3601.0
        for jump in (-3600.0, 0.0, 3600.0 * dice.random(), 0.0):
            here.pause(dice.random() * 0.6)
            here.move(standing + jump)

    return rush("F12", "clock an hour back and up to one ahead, in the rush", seed, size, mishap)


def f9(seed: int, size: Size) -> Report:
    """The month's messages are used up at 37 % of the first day; later there are more."""
    report = Report(fault="F9", how="quota used up at 37 % of a step, then raised", seed=seed)
    with town(seed, *WORKERS, steps=size.steps + 1) as here:
        limit = int(size.friends * 0.37)
        here.line.memory.set("limit", limit)
        settle_in(here, size.friends)
        here.next_day()
        here.pause(8)
        sent = len(here.line.memory.ledger)
        calls = [call for call in here.line.memory.calls if call.status == 429]
        report.notes.append(f"{sent} sent of a limit of {limit}, {len(calls)} refused by LINE")
        here.line.memory.set("limit", 10**9)
        # LINE is asked for its count every half minute of the machine's time, held steps are looked at every hour.
        here.move(here.offset + 700)
        here.pause(32)
        here.move(here.offset + 3700)
        report.recoveries.append(here.settle())
        if sent > limit or len(calls) > 5:
            report.findings.say(f"{sent} sent of {limit}; LINE refused {len(calls)} times")
        finish(here, report)
    return report


def f21(seed: int, size: Size) -> Report:
    """The plan is edited while friends walk through it: words changed, a step taken out; who is under way stays on his version."""

    def mishap(here: Town, dice: random.Random) -> None:
        here.pause(dice.random() * 0.3)
        edit(here, dice)

    return rush("F21", "scenario edited and published while friends are under way", seed, size, mishap)


def edit(here: Town, dice: random.Random) -> None:
    """Publish a next version without one of the steps, all others reworded."""
    with contextlib.closing(here.store) as store:
        configured = store.catalogs.current()
        entry = configured.plans[fold(PLAN)]
        plan = entry.versions[1]
        assert isinstance(plan, Scenario)
        steps = [replace(one, body=(Say(message=Text(body="書き直しました。")),)) for one in plan.lines[0].steps]
        del steps[dice.randrange(1, len(steps))]
        version = max(entry.versions) + 1
        new = replace(plan, lines=(Line(steps=tuple(steps)),))
        changed = replace(entry, versions={**entry.versions, version: new}, current=version)
        edited = replace(configured, plans={**configured.plans, fold(PLAN): changed})
        store.catalogs.commit(edited, expected=configured.revision, by="torture", at=here.now())


def f25(seed: int, size: Size) -> Report:
    """LINE refuses one of the recipients for ever."""
    report = Report(fault="F25", how="LINE refuses (400) one recipient among many", seed=seed)
    with town(seed, *WORKERS, steps=size.steps + 1) as here:
        settle_in(here, size.friends)
        poison = here.dice.choice(here.friends)
        here.line.faults.poison(user=poison)
        for _ in range(size.steps):
            here.next_day()
            report.recoveries.append(here.settle())
        attempts = sum(poison in call.body for call in here.line.memory.calls if call.status == 400)
        report.notes.append(f"{attempts / size.steps:.0f} attempts for each poisoned message")
        here.line.faults.reset()
        report.findings = audit(here, without=[poison], given_up=None)
        report.lateness = lateness(here)
        if attempts > 12 * size.steps:
            report.findings.left_over += attempts
    return report


def f24(seed: int, size: Size) -> Report:
    """Two clocks and four workers by mistake."""
    roles = ("worker-1", "worker-2", "worker-3", "worker-4", "clock-1", "clock-2")
    return rush(
        "F24",
        "two clocks and four workers, some of them killed",
        seed,
        size,
        lambda here, dice: _kill_at_random(here, dice, dice.choice(roles)),
        *roles,
    )


def all_at_once(seed: int, size: Size) -> Report:
    """Everything together: the headline."""
    with contextlib.ExitStack() as stack:
        meters: list[power.Meter] = []

        def prepare(here: Town) -> None:
            here.line.faults.hang_seconds = 3.0
            for fault, share in UNWELL:
                for endpoint in ("push", "multicast"):
                    here.line.faults.chance(fault, share, endpoint)
            here.days_apart = True
            here.pause(ON_DISK_SECONDS)
            meters.append(stack.enter_context(power.Meter(here.server.folder)))

        def mishap(here: Town, dice: random.Random) -> None:
            match dice.randrange(4):
                case 0 | 1:
                    _kill_at_random(here, dice, dice.choice(WORKERS), 30)
                case 2:
                    _redis_dies(here, dice)
                case 3:
                    _power_fails(meters[0], here, dice)

        report = rush("ALL", "everything above at once", seed, size, mishap, prepare=prepare)
        report.faulty = 20
        return report


FAULTS: dict[str, Callable[[int, Size], Report]] = {
    "F1": f1,
    "F3": f3,
    "F4": f4,
    "F4a": f4_always,
    "F5": f5,
    "F5b": f5_host,
    "F7": f7,
    "F8": f8,
    "F9": f9,
    "F12": f12,
    "F21": f21,
    "F24": f24,
    "F25": f25,
    "ALL": all_at_once,
}
