"""How a friend's record is kept, and that what was kept is read for ever."""

from __future__ import annotations

from base64 import b85decode
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import past
from bot.store.records import Record, decode, encode, mark_of, prefix_of
from flows.facts import StepTaken, TagAdded
from flows.friend import Enrollment, Entry, Friend, Label
from flows.names import Key, StepId
from tests.families.records import record
from tests.store.people import NOW, SAKURA

MARK = "9cd21eec"
WHY = "回答「悩み＝乾燥」"
KEPT = Record(
    friend=Friend(
        id=SAKURA,
        name="さくら🌸",
        joined=NOW,
        tags={Key("乾燥"): Label(at=NOW, why=WHY)},
        scores={Key(""): 3},
        fields={Key("悩み"): Entry(value="乾燥", at=NOW, origin="本人回答", listed=True)},
        enrollments=(
            Enrollment(scenario=Key("新規様"), version=3, began=NOW, entered=NOW, step=StepId("s2"), due=NOW),
        ),
        seen={"0123456789ab": NOW},
    ),
    rev=17,
    no=323,
    past=past.appended(
        "",
        [
            TagAdded(at=NOW, tag="乾燥", why=WHY),
            StepTaken(at=NOW, scenario="新規様", version=3, step="s1", pushed=True),
        ],
    ),
    out=1795143600123,
)
PLAIN = (
    '{"rev":17,"by":"9cd21eec","no":323,"out":1795143600123,"past":";tos5o0|ta乾燥,回答「悩み＝乾燥」|st新規様,3,s1,1",'
    '"friend":{"id":"U00000000000000000000000000000003","name":"さくら🌸","joined":1795143600.123456,"tags":{"乾燥":'
    '{"at":1795143600.123456,"why":"回答「悩み＝乾燥」"}},"scores":{"":3},"fields":{"悩み":{"value":"乾燥",'
    '"at":1795143600.123456,"origin":"本人回答","listed":true}},"enrollments":[{"scenario":"新規様","version":3,'
    '"began":1795143600.123456,"entered":1795143600.123456,"step":"s2","due":1795143600.123456}],'
    '"seen":{"0123456789ab":1795143600.123456}}}'
).encode()
DEFLATED = b85decode(
    "dm?gWb|N}4H!LDzc_KO@Ib&opF=b_AA}k_$B04cFB5rRYIx{jeEFy1pbRs%2H#s#iG&43ZFflSSeX}mfFE-6Ls3}Q&vUA___N6-T"
    "4E(HV<>SWv@Au4wNIY)nttl>fHf_U;W&O{V&(JZ}DK^wG<bnmI0e)Z%v>qDNj~k~xZtQ>D)cIk4&kmq4JlxGKO$|+q%?u3m42_IU"
    "OwADS0C52*Ai<%BsSvH~!E`!C92uj;5kv!WOhK)L#uuiIRER%#SRzNHF(M){Ek#5urW`Dyjo=ZDt_BqGu)JUZ31V{#%fuvLD!@=$"
    "3jh"
)
PACKED = b85decode(
    "dm?gWb|N}4H!LDzc_KO@Ib&opF=b_AA}k_$B04fGB5rRYIx{jeEFy1pbRs%2H#s#iG&43ZFflSSeJHgr{bU#c^#uSF20L_bb2V=;d~{*"
    "txxVLzr7YusjOK!=<AJ~Lyq)8KjeK)-=9aMNrjO>Qm@G3ab1^J23NSO{ftBNdkK=-g@SlvhH#s#iG&43ZFfK7NGc+|ebTczDeO)j&I5}"
    "ZreSIMSRh!go4farMeH0n{DjZ)B_Tz(_Ho&om!D74J!sBTRfZ;`<4jx_#0lW>+x;RiZ033I^bNGx0f8-9B`fDmJJVpSzxWIoImc8Zgwl"
    ";<f(P_QLgVV<FmU_zI>H"
)


@pytest.mark.parametrize("value", [PLAIN, DEFLATED, PACKED], ids=["before there was a z", "z 1", "z 2"])
def test_what_was_ever_kept_is_read(value: bytes) -> None:
    """Whoever updates finds his friends as they were. These bytes were written once and must never be made anew."""
    assert decode(value) == KEPT


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record(Friend, 3), st.text(max_size=60), st.integers(-1, 10**9), st.integers(0, 10**14))
def test_any_record_comes_back(friend, told, number, out) -> None:
    """Line breaks, braces and halves of characters in the history are data."""
    one = Record(friend=friend, rev=3, no=number, past=told, out=out)
    kept = encode(one, MARK)
    assert decode(kept) == one
    assert kept.startswith(prefix_of(3))
    assert kept.startswith(mark_of(3, MARK))


@pytest.mark.parametrize("past", ["\n", '}{"z":1}', ',"friend":{}', "\ud800", ""])
def test_nothing_in_the_history_ends_it(past: str) -> None:
    """What people wrote cannot be mistaken for the envelope."""
    one = Record(friend=KEPT.friend, rev=1, no=0, past=past)
    assert decode(encode(one, MARK)) == one


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{}",
        *(
            torn
            for kept in (DEFLATED, PACKED)
            for torn in (
                kept[:-1],
                kept[:60],
                kept + b"\0",
                kept.replace(b'"z":', b'"z":7'),
                kept[:80] + b"\xff\xff\xff" + kept[83:],
            )
        ),
        DEFLATED.replace(b'"z":1', b'"z":2'),
        PACKED.replace(b'"z":2', b'"z":1'),
        PLAIN[:-9],
    ],
)
def test_half_a_record_is_no_record(value: bytes) -> None:
    """A friend read in part and written back would have lost the rest."""
    with pytest.raises(ValueError, match=r"."):
        decode(value)


def test_a_friend_of_ten_tags_is_small() -> None:
    """The bytes of a friend decide how many a small Redis holds."""
    joined = NOW - timedelta(days=200)
    friend = Friend(
        id=SAKURA,
        name="さくら",
        joined=joined,
        reacted=NOW,
        tags={Key(f"たぐ{number}"): Label(at=joined, why=WHY) for number in range(10)},
        scores={Key(""): 12, Key("関心度"): 40, Key("来店意欲"): -3},
        enrollments=KEPT.friend.enrollments,
    )
    told = ""
    for number in range(20):
        told = past.appended(told, [TagAdded(at=joined + timedelta(minutes=7 * number), tag=f"タグ{number}", why=WHY)])
    assert len(encode(Record(friend=friend, rev=40, no=1234, past=told), MARK)) < 500
