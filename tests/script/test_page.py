"""The reference page of the format says only what is so."""

import re
from pathlib import Path

import pytest

from flows.catalog import Catalog, Entry, Segment
from flows.checks import Level, check
from flows.conditions import Everyone
from flows.names import fold
from flows.script import (
    NewName,
    Problem,
    Script,
    Sort,
    parse_condition,
    parse_effects,
    parse_trigger,
    parse_when,
    read,
    with_new_names,
    write,
)
from tests.script.plans import NOW, ZONE

PAGE = (Path(__file__).parents[2] / "docs" / "ja" / "調べる" / "台本.md").read_text(encoding="utf-8")
SCRIPTS = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NAMES = [
    *(NewName(sort=Sort.TAG, name="乾燥"), NewName(sort=Sort.SCORE, name="美容")),
    *(NewName(sort=Sort.FIELD, name=name) for name in ("居住地", "来店回数")),
]
SHOP = with_new_names(
    Catalog(
        segments={fold("美容女性"): Segment(name="美容女性", condition=Everyone())},
        plans={fold("新規様"): Entry(name="新規様")},
    ),
    NAMES,
)


def spellings(heading: str) -> list[str]:
    """What stands in the first column of the table under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [row.split(" | ")[0] for row in section.split("\n") if row.startswith("| `")]
    return [one for row in rows for one in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.split("\n")[0])
def test_the_examples_are_what_an_export_looks_like(script: str) -> None:
    """An example that does not work teaches the wrong thing."""
    found = read(script, Catalog(), NOW)
    assert isinstance(found, Script), found.sentence()
    assert write(found.plan) == script
    assert [one.words for one in check(found.plan, Catalog()) if one.level is Level.ERROR] == []


@pytest.mark.parametrize(
    ("heading", "reader", "least"),
    [
        ("いつ", lambda text: parse_when(text, NOW, ZONE), 15),
        ("開始", parse_trigger, 20),
        ("条件", lambda text: parse_condition(text, SHOP), 20),
        ("効果", parse_effects, 15),
    ],
)
def test_every_spelling_in_the_tables_is_read(heading, reader, least: int) -> None:
    """What the page promises, the grammar keeps."""
    found = spellings(heading)
    assert len(found) >= least
    assert [(text, answer.sentence()) for text in found if isinstance(answer := reader(text), Problem)] == []
