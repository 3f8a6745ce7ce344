"""Another name for a field or a score in the middle of things: nothing is lost, nothing starts, nothing is sent."""

from dataclasses import replace
from typing import Any

from admin_commands.uses_renamed import with_renamed
from flows.catalog import Catalog
from flows.events import Relabelled
from flows.names import Key, fold
from tests.engine.life import Life
from tests.engine.test_surveys import tell

SURVEY = """
# アンケート 好み
開始: キーワード 好み

? 色（1つ）
色は?
- 赤 → タグ 赤、美容+1点
- 青 → 美容+5点

? 形（文字）
{回答:色|色}の形は?

## 最後に
{色|色}をありがとう
"""


def renamed(catalog: Catalog, what: str, old: str, new: str) -> Catalog:
    place = {"field": "fields", "score": "scores"}[what]
    things = dict(getattr(catalog, place))
    one = things.pop(fold(old))
    formerly: dict[str, Any] = {"formerly": (fold(old),)} if what == "field" else {}
    nothing: dict[str, Any] = {place: {}}
    changed = with_renamed(replace(catalog, **nothing), what, old, new)
    return replace(changed, **{place: {**things, fold(new): replace(one, name=new, **formerly)}})


def relabel(life: Life, what: str, old: str, new: str) -> None:
    life.catalog = renamed(life.catalog, what, old, new)
    assert life.happens(Relabelled(at=life.now, what=what, old=old, new=new)) == []


def begun() -> Life:
    life = Life((SURVEY,))
    life.follow()
    life.wait(minutes=1)
    tell(life, "好み")
    return life


def test_a_survey_goes_on_in_the_middle_of_a_question():
    life = begun()
    relabel(life, "field", "色", "カラー")
    assert tell(life, "赤") == ["赤の形は?"]
    assert tell(life, "丸") == ["赤をありがとう"]
    assert {key: entry.value for key, entry in life.friend.fields.items()} == {fold("カラー"): "赤", "形": "丸"}


def test_an_old_button_still_answers_its_question():
    life = begun()
    tell(life, "赤")
    relabel(life, "field", "色", "カラー")
    assert life.taps("青") == ["「青」に変えました。", "青の形は?"]
    assert life.friend.fields[fold("カラー")].value == "青"


def test_an_answer_given_anew_takes_the_old_points_back_under_the_new_name():
    life = begun()
    tell(life, "青", "丸")
    relabel(life, "score", "美容", "美容度")
    assert dict(life.friend.scores) == {fold("美容度"): 5}
    tell(life, "好み", "赤")
    assert dict(life.friend.scores) == {fold("美容度"): 1}
    assert Key("美容") not in life.friend.scores


def test_nothing_is_sent_and_nothing_starts():
    life = begun()
    tell(life, "赤", "丸")
    facts = len(life.facts)
    relabel(life, "field", "色", "カラー")
    relabel(life, "score", "美容", "美容度")
    assert (len(life.facts), life.counted) == (facts, 0)


def test_a_survey_that_waits_is_moved_as_well():
    life = begun()
    tell(life, "赤", "やめる")
    relabel(life, "field", "色", "カラー")
    assert tell(life, "続きから") == ["前回の続きから始めます。", "赤の形は?"]
