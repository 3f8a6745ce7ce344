"""A small shop: two scenarios, a survey, a few friends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from admin_commands.edits import with_tag
from flows.catalog import Catalog, Entry
from flows.desk import Done
from flows.facts import Joined, StepHeld, StepTaken, TagAdded
from flows.facts import Rule as Gate
from flows.friend import Enrollment, Label
from flows.names import Key, StepId, fold
from flows.scenario import State
from flows.script import Script, read, settle_ids, with_new_names
from tests.console.world import START, FakeReports, Phone, friend, golden

AUTUMN = """# シナリオ 秋のご案内
開始: 手動

## すぐ
秋の保湿フェアのご案内です。

## 2日後 19:00
フェアは今週末までです。
"""


def published(catalog: Catalog, text: str) -> Catalog:
    """The catalog with this script published as version 1."""
    script = read(text, catalog, START)
    assert isinstance(script, Script), script
    plan = settle_ids(script.plan, None)
    entry = Entry(name=plan.name, state=State.LIVE, versions={1: plan}, current=1, changed=START, changed_by="花")
    catalog = with_new_names(catalog, script.new_names)
    return replace(catalog, plans={**catalog.plans, fold(plan.name): entry})


def shop(**more: object) -> Phone:
    """The owner's phone in that shop."""
    catalog = Catalog()
    for name in ("新規様", "体験会リマインド", "肌診断"):
        catalog = published(catalog, golden(name))
    catalog = drafted(catalog, AUTUMN)
    step = catalog.plans[fold("新規様")].versions[1].lines[0].steps[1].id  # type: ignore[union-attr]
    walk = Enrollment(
        scenario=fold("新規様"),
        version=1,
        began=START,
        entered=START,
        step=step,
        due=START + timedelta(days=2, hours=8),
    )
    sakura = friend(
        "さくら",
        tags={fold("乾燥"): Label(at=START, why="悩みの回答")},
        scores={Key(""): 3},
        enrollments=(walk,),
        reacted=START,
    )
    facts = (
        Joined(at=START, route="Instagram"),
        StepTaken(at=START, scenario="新規様", version=1, step=first_step(catalog)),
        TagAdded(at=START, tag="乾燥", why="悩みの回答"),
        StepHeld(at=START, scenario="新規様", version=1, step=step, rule=Gate.HOURS, until=START + timedelta(hours=22)),
    )
    reports = FakeReports(
        friends=[sakura, friend("山田花子"), friend("山田太郎")],
        pasts={sakura.id: facts},
        walking={fold("新規様"): {1: 12}},
    )
    phone = Phone(catalog=catalog, reports=reports, **more)  # type: ignore[arg-type]
    reports.rows.append((Done(at=START, by=phone.name, words="タグ「常連」を作りました", revision=1), phone.catalog))
    phone.catalog = replace(with_tag(phone.catalog, "常連"), revision=1)
    return phone


def drafted(catalog: Catalog, text: str) -> Catalog:
    """The catalog with this script as a draft."""
    script = read(text, catalog, START)
    assert isinstance(script, Script), script
    entry = Entry(name=script.plan.name, draft=script.plan, changed=START, changed_by="花")
    return replace(catalog, plans={**catalog.plans, fold(entry.name): entry})


def first_step(catalog: Catalog) -> StepId:
    """The first step of 新規様."""
    plan = catalog.scenario(fold("新規様"), 1)
    assert plan is not None
    return plan.lines[0].steps[0].id
