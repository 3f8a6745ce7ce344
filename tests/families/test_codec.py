import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows import codec
from flows.actions import AddTag
from flows.catalog import Account, Catalog, Entry
from flows.codec import FAMILIES, Unreadable, dumps, from_data, loads, opened, to_data
from flows.compiling import Compiler
from flows.conditions import AllOf, Condition, Everyone, Tagged
from flows.friend import Friend
from flows.messages import Text
from flows.moments import AtOnce, When
from flows.names import FriendId, Key, StepId, fold
from flows.records import changed
from flows.scenario import Line, Say, Scenario, Step, Survey
from tests.families.people import NOW, friend, tagged
from tests.families.records import record

MEMBERS = [(family, member) for family, members in FAMILIES.items() for member in members]
STEP = Step(id=StepId("s1"), when=AtOnce(words="すぐ"), body=(Say(message=Text(body="やあ")),))
SCENARIO = Scenario(name="新規様", lines=(Line(steps=(STEP,)),))


@pytest.mark.parametrize(("family", "member"), MEMBERS, ids=lambda one: one.__name__)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_every_member_of_every_family_comes_back_as_it_was(family, member, data) -> None:
    """What is stored is what was meant; a new kind needs no code for it."""
    one = data.draw(record(member))
    text = dumps(one)
    assert loads(family, text) == one
    assert loads(member, text) == one
    assert dumps(loads(family, text)) == text
    assert json.loads(text)["kind"] == member.kind


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record(Friend, 3))
def test_any_friend_comes_back_as_he_was(one) -> None:
    """To the microsecond, with all that may be in him."""
    assert loads(Friend, dumps(one)) == one


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record(Catalog, 4))
def test_any_catalog_comes_back_as_it_was(catalog) -> None:
    """Scenarios, surveys, conditions within conditions."""
    assert loads(Catalog, dumps(catalog)) == catalog


def test_defaults_are_left_out_but_empty_values_are_not() -> None:
    """A score of 0 and an empty word are values where the default is another."""
    assert dumps(friend()) == '{"id":"U00000000000000000000000000000000"}'
    assert to_data(friend(scores={Key(""): 0})) == {"id": friend().id, "scores": {"": 0}}
    account = Account(zone="", grace_seconds=0)
    assert to_data(account) == {"zone": "", "grace_seconds": 0}
    assert to_data(Catalog(account=Account())) == {}


def test_the_shape_is_small_and_plain() -> None:
    """Whole seconds, a fraction only where there is one; ISO for days; kinds for members; no blanks."""
    one = friend(
        joined=NOW,
        reacted=NOW + timedelta(milliseconds=123),
        occasions={fold("予約"): date(2026, 11, 25), fold("来店"): NOW},
    )
    seconds = int(NOW.timestamp())
    assert to_data(one) == {
        "id": one.id,
        "joined": seconds,
        "reacted": seconds + 0.123,
        "occasions": {"予約": "2026-11-25", "来店": seconds},
    }
    assert dumps(AllOf(of=(Everyone(), Tagged(name="乾燥")))) == (
        '{"kind":"all","of":[{"kind":"everyone"},{"kind":"tagged","name":"乾燥"}]}'
    )


def test_plans_carry_what_they_are() -> None:
    """A scenario and a survey stand in the same place."""
    survey = Survey(name="肌診断", questions=())
    catalog = Catalog(
        plans={
            fold("新規様"): Entry(name="新規様", draft=SCENARIO, versions={1: SCENARIO, 12: survey}, current=12),
        },
    )
    data = to_data(catalog)
    assert data["plans"]["新規様"]["draft"]["kind"] == "Scenario"
    assert data["plans"]["新規様"]["versions"][12]["kind"] == "Survey"
    back = loads(Catalog, codec.as_json(data))
    assert back.plans == catalog.plans
    assert back.plans[fold("新規様")].versions[12] == survey


@pytest.mark.parametrize(
    ("cls", "data", "message"),
    [
        (Condition, {"kind": "telepathy"}, "unknown kind of Condition: 'telepathy'"),
        (Condition, {}, "unknown kind of Condition: None"),
        (Condition, {"kind": ["all"]}, "unknown kind of Condition"),
        (When, {"kind": "on_day", "words": ""}, "'clock'"),
        (Friend, {"id": "U1", "wings": 2}, "Friend has no field 'wings'"),
        (Friend, {"id": "U1", "v": 2}, "Friend of version 2; this product knows up to 1"),
        (Friend, {"id": "U1", "phase": "flying"}, "flying"),
        (Friend, {"id": "U1", "tags": [1]}, "Friend"),
        (Friend, {"id": "U1", "occasions": {"予約": True}}, "Friend"),
        (Friend, [], "Friend"),
        (AddTag, {"kind": "add_tag"}, "AddTag: 'name'"),
    ],
)
def test_what_is_not_known_refuses_to_load(cls: type, data: object, message: str) -> None:
    """A record of a newer version, written back without what we do not know, would be a loss nobody sees."""
    with pytest.raises(Unreadable, match=message.replace("(", r"\(")):
        from_data(cls, data)  # type: ignore[arg-type]


def test_what_is_not_json_is_said_so() -> None:
    """A torn value is an error with a name."""
    with pytest.raises(Unreadable, match="not JSON"):
        loads(Friend, "{")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record(Friend, 3), record(Friend, 3))
def test_a_friend_left_half_unread_is_the_same_friend(one: Friend, other: Friend) -> None:
    """The quick way to read a record and the whole one agree, and what nobody looked into is written back as it was."""
    text = dumps(one)
    assert opened(text) == loads(Friend, text) == one
    assert dumps(opened(text)) == text
    mixed = changed(opened(text), tags=other.tags, sends=other.sends)
    assert loads(Friend, dumps(mixed)) == changed(one, tags=other.tags, sends=other.sends)


def test_what_was_left_unread_is_read_at_the_first_look() -> None:
    """A newer program's tag is neither lost nor taken for one of ours."""
    text = '{"id":"U1","tags":{"vip":{"at":1,"mood":"good"}}}'
    one = opened(text)
    assert dumps(changed(one, name="さくら")) == text.replace('"tags"', '"name":"さくら","tags"')
    with pytest.raises(Unreadable, match="Label has no field 'mood'"):
        len(one.tags)
    with pytest.raises(Unreadable, match="Friend has no field 'wings'"):
        opened('{"id":"U1","wings":2}')


def test_what_was_left_unread_behaves_as_a_mapping() -> None:
    """Rules and actions must not notice how a record was read."""
    scores = opened(dumps(friend(scores={Key("関心度"): 3, Key(""): 0}))).scores
    assert scores == {"": 0, "関心度": 3} == dict(scores) == {**scores}
    assert scores != {"関心度": 3}
    assert (scores[Key("関心度")], scores.get(Key("来店")), len(scores), "" in scores) == (3, None, 2, True)
    assert scores | {Key(""): 5} == {"": 5, "関心度": 3}  # type: ignore[operator]
    assert {Key(""): 5} | scores == {"": 0, "関心度": 3}  # type: ignore[operator]


def test_old_records_are_upgraded_when_read_and_new_ones_carry_their_version() -> None:
    """Stored data outlives the code: each step of the table makes one version into the next."""

    def rename(data: codec.Data) -> codec.Data:
        return {("name" if key == "nick" else key): value for key, value in data.items()}

    def drop(data: codec.Data) -> codec.Data:
        return {key: value for key, value in data.items() if key != "mood"}

    compiler = Compiler(FAMILIES, {Friend: (rename, drop)}, {})
    read, write = compiler.reader(Friend), compiler.writer(Friend)
    new = Friend(id=FriendId("U1"), name="さくら")
    assert write(new) == {"v": 3, "id": "U1", "name": "さくら"}
    assert read({"id": "U1", "nick": "さくら", "mood": "good"}) == new
    assert read({"v": 2, "id": "U1", "name": "さくら", "mood": "good"}) == new
    assert read(write(new)) == new
    with pytest.raises(Unreadable, match="version 4; this product knows up to 3"):
        read({"v": 4, "id": "U1"})


def test_half_a_character_does_not_stop_a_commit() -> None:
    """A display name may hold a lone surrogate; UTF-8 has no place for it."""
    one = friend(name="さくら\ud83c")
    assert dumps(one).encode()
    assert loads(Friend, dumps(one).encode()) == one


def test_records_share_nothing_that_could_be_changed() -> None:
    """Two friends read from JSON must not hold the same dictionary."""
    one, other = loads(Friend, dumps(friend())), loads(Friend, dumps(friend()))
    assert one.tags is not other.tags
    kept = to_data(friend(tags=tagged("VIP")))
    assert loads(Friend, codec.as_json(kept)).tags.keys() == {"vip"}


@pytest.mark.parametrize("cls", [Friend, Catalog, *(member for _, member in MEMBERS)], ids=lambda cls: cls.__name__)
def test_no_field_is_called_like_what_the_codec_adds(cls) -> None:
    """`kind` and `v` are the codec's own words."""
    assert {"kind", "v"}.isdisjoint(field.name for field in fields(cls))


def test_moments_come_back_in_utc() -> None:
    """The same instant, whatever zone it was said in."""
    east = datetime.fromisoformat("2026-11-20T12:00:00+09:00")
    back = loads(Friend, dumps(friend(joined=east)))
    assert back.joined == east
    assert back.joined is not None
    assert back.joined.tzinfo is UTC
