"""F20: every route and method from outside, addresses that might be guessed, and the codes that make an owner."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator

from bot.media_routes import PREVIEW
from bot.shelf import Shelf
from simulator.people import PIXEL
from torture.desk import CODE, OWNER, Desk, desk
from torture.house import House
from torture.rushing import Report
from torture.town import person

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
OPEN = frozenset({"/", "/healthz", "/readyz"})
"""Pages for everybody: ages and counts, no names."""
GUESSERS = 40
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Authorization": "Bearer x"},
    {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"Cookie": "session=eyJhZG1pbiI6dHJ1ZX0; admin=1"},
    {"X-Forwarded-For": "127.0.0.1", "X-Original-URL": "/metrics", "X-Line-Signature": ""},
    {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
)


def f20(seed: int, guesses: int) -> Report:
    """Whoever is nobody gets nothing: no route, no media, no export, no owner; and no cookie that could be ridden on."""
    report = Report(fault="F20", how="every route, guessed addresses, guessed codes, old buttons", seed=seed)
    with desk(seed) as at:
        knocked, wrong = _routes(at.here, report)
        kept = Shelf(at.here.store.media, at.here.services.clock).put(PIXEL, "image/png")
        at.says("全部書出")
        links = _links(at)
        guessed = _guessed(at, kept.removeprefix("media:"), links, guesses)
        owners = _codes(at, guesses)
        report.findings.planned = knocked + guesses * 2
        report.findings.delivered = report.findings.planned
        report.findings.anomalies = wrong + guessed + owners
        report.notes.append(
            f"{knocked} requests to {len(_rules(at.here))} routes: {wrong} holes; {guesses:,} guessed addresses: {guessed} "
            f"found; {guesses:,} guessed codes by {GUESSERS} senders: {owners} became staff"
        )
    return report


def _rules(here: House) -> list[str]:
    flask = here.wsgi.__self__  # type: ignore[attr-defined]
    return sorted({str(rule) for rule in flask.url_map.iter_rules()})


def _routes(here: House, report: Report) -> tuple[int, int]:
    """Every route with every method and every bold header; how many were asked, and how many let somebody in."""
    knocked = wrong = 0
    for path, method, headers in _requests(here):
        status, _ = here.knock(path, b"{}", headers, method)
        knocked += 1
        allowed = path in OPEN and method in {"GET", "HEAD", "OPTIONS"}
        # A page that is not for somebody is not there: 404. What is no method of ours is told so: 405.
        fine = status in {400, 404, 405, 410} or (status == 200 and (allowed or method == "OPTIONS"))
        fine = fine or (path in OPEN and status == 503)
        if not fine or here.cookies:
            wrong += 1
            report.findings.say(f"{method} {path} {headers} → {status} {here.cookies}")
    return knocked, wrong


def _requests(here: House) -> Iterator[tuple[str, str, dict[str, str]]]:
    for rule in (*_rules(here), "/admin", "/login", "/.env", "/callback/../metrics", "/static/x", "/media/../healthz"):
        path = rule.replace("<name>", "0" * 32).replace("<token>", "x" * 40)
        for method in METHODS:
            for headers in HEADERS:
                yield path, method, headers


def _links(at: Desk) -> list[str]:
    """Every address that the last answers to the owner held."""
    told = str([bubble.message for bubble in at.fake.received(OWNER)[-5:]])
    return re.findall(r"/export/[A-Za-z0-9_-]+", told)


def _guessed(at: Desk, kept: str, links: list[str], guesses: int) -> int:
    """Ids near to a real one and at random; how many opened something."""
    assert at.here.knock(f"/media/{kept}", method="GET")[0] == 200
    assert links
    assert at.here.knock(links[0], method="GET")[0] == 200
    token = links[0].removeprefix("/export/")
    found = 0
    for number in range(guesses):
        media, export = _spoilt(at.dice, kept), _spoilt(at.dice, token)
        path = (f"/media/{media}", f"/media/{media}{PREVIEW}", f"/export/{export}")[number % 3]
        status, _ = at.here.knock(path, method="GET" if number % 2 else "POST")
        found += status == 200
    return found


def _spoilt(dice: random.Random, real: str) -> str:
    """Like a real one, but not it: a letter changed, a piece missing, or all of it at random."""
    letters = string.ascii_letters + string.digits + "-_."
    match dice.randrange(3):
        case 0:
            place = dice.randrange(len(real) - 2)
            other = dice.choice([letter for letter in letters if letter != real[place]])
            return real[:place] + other + real[place + 1 :]
        case 1:
            return real[: dice.randrange(1, len(real) - 2)]
    return "".join(dice.choice(letters) for _ in real)


def _codes(at: Desk, guesses: int) -> int:
    """Forty people try codes, the right one of the owner's among them, which counts no more; how many got in."""
    before = set(at.here.store.catalogs.current().staff)
    people = [person(100 + number) for number in range(GUESSERS)]
    for who in people:
        at.fake.add_person(who, "だれか", friend=True)
    for number in range(guesses):
        who = people[number % GUESSERS]
        code = CODE if number % 97 == 0 else f"{at.dice.randrange(10**4):04}-{at.dice.randrange(10**4):04}"
        at.fake.say(who, f"登録 {code}")
        if number % 500 == 499:
            at.here.work()
    return len(set(at.here.store.catalogs.current().staff) - before)
