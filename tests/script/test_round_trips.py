"""What holds of every plan and of every text."""

import string
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.script import (
    Problem,
    Problems,
    Script,
    cut,
    join,
    parse_condition,
    parse_effects,
    parse_moment,
    parse_trigger,
    parse_when,
    read,
    write,
)
from tests.script.plans import CATALOG, NOW, ZONE, conditions, plans

GOLDEN = [file.read_text(encoding="utf-8") for file in sorted((Path(__file__).parent / "golden").glob("*.md"))]
MARKS = st.sampled_from(
    [
        *"#?!-=\\「」（）()[]{}※→、。 \n\u3000ー—+<>~:：",
        "## ",
        "# 道 ",
        "もし: ",
        "おわり\n",
        "AB: 50/50\n",
        "案A:\n",
        "待つ: 反応 2日\n",
        "- ",
        "---\n",
        "!カード ",
    ]
)

fixed = settings(max_examples=60, deadline=None, derandomize=True)


@fixed
@given(plans)
def test_what_is_written_reads_back_as_the_same_plan(plan) -> None:
    """Everything is exportable only if nothing is lost on the way."""
    script = read(write(plan), CATALOG, NOW)
    assert isinstance(script, Script), f"{script.sentence()}\n{write(plan)}"
    assert script.plan == plan


@fixed
@given(plans)
def test_printing_what_was_printed_changes_nothing(plan) -> None:
    """A diff shows what a person changed, and nothing else."""
    text = write(plan)
    script = read(text, CATALOG, NOW)
    assert isinstance(script, Script)
    assert write(script.plan) == text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert all(line == line.rstrip() for line in text.split("\n"))


@fixed
@given(conditions)
def test_a_condition_reads_back_from_its_words(condition) -> None:
    """The head-count that was shown is the one that is meant."""
    assert parse_condition(condition.words(), CATALOG) == condition


@fixed
@given(st.text(max_size=200) | st.lists(MARKS | st.text(max_size=5), max_size=40).map("".join))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a thumb pastes is answered in words."""
    for whole in (
        text,
        f"# シナリオ 新\n{text}",
        f"# アンケート 新\n? 興味（1つ）\nどれ\n- a\n{text}",
        f"# シナリオ 新\n## すぐ\n{text}",
    ):
        found = read(whole, CATALOG, NOW)
        if isinstance(found, Problems):
            assert found.problems
            assert all(problem.sentence() for problem in found.problems)
        else:
            again = read(write(found.plan), CATALOG, NOW)
            assert isinstance(again, Script), f"{again.sentence()}\n{write(found.plan)}"
            assert again.plan == found.plan


@fixed
@given(
    st.text(max_size=60)
    | st.lists(
        MARKS | st.sampled_from(list(string.digits + "日後前の朝夜時半分かつまたは除外タグ点以上スコア")), max_size=20
    ).map("".join)
)
def test_no_value_breaks_its_grammar(text: str) -> None:
    """One grammar each, and none of them ever fails but in words."""
    for found in (
        parse_when(text, NOW, ZONE),
        parse_moment(text, NOW, ZONE),
        parse_condition(text, CATALOG),
        parse_effects(text),
        parse_trigger(text),
    ):
        if isinstance(found, Problem):
            assert found.sentence()
            assert 0 <= found.column <= len(text) + 1


@fixed
@given(st.data())
def test_a_script_with_slips_is_refused_or_stable(data) -> None:
    """A letter lost or doubled on the way never makes a plan that changes when it is exported."""
    text = data.draw(st.sampled_from(GOLDEN))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text) - 1))
        change = data.draw(st.sampled_from(["", text[place] * 2]) | MARKS)
        text = text[:place] + change + text[place + 1 :]
    found = read(text, CATALOG, NOW)
    if isinstance(found, Script):
        again = read(write(found.plan), CATALOG, NOW)
        assert isinstance(again, Script), again.sentence()
        assert write(again.plan) == write(found.plan)


@fixed
@given(plans, st.integers(300, 900), st.randoms(use_true_random=False))
def test_parts_make_the_same_plan_in_any_order(plan, longest: int, order) -> None:
    """A long script that travels in several messages arrives whole."""
    parts = list(cut(write(plan), plan.name, longest=longest))
    order.shuffle(parts)
    if len(parts) == 1:
        return
    whole = join(parts)
    assert isinstance(whole, str), whole
    script = read(whole, CATALOG, NOW)
    assert isinstance(script, Script), f"{script.sentence()}\n{whole}"
    assert script.plan == plan
