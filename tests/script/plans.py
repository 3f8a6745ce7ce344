"""Plans of every shape, for tests that hold of all of them."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from flows.actions import ACTIONS, AddScore, EndScenario, GoTo, JumpTo, SetField
from flows.catalog import Catalog, Entry, Field, Score, Segment, Tag
from flows.conditions import (
    AllOf,
    AnyOf,
    Bought,
    BuiltInFilled,
    BuiltInIs,
    Everyone,
    Except,
    FieldFilled,
    FieldIs,
    FromRoute,
    InScenario,
    JoinedDays,
    Named,
    Pressed,
    Reached,
    ScoreIs,
    SilentFor,
    Tagged,
)
from flows.conditions.labels import Bound, Comparison
from flows.messages import Audio, Button, Card, Cards, Image, Rich, Sticker, Text, Video
from flows.messages.rich import SHAPES
from flows.moments import Caps, Late, Period
from flows.names import StepId, clusters, fold
from flows.questions import QUESTIONS, Option
from flows.scenario import (
    Ask,
    Do,
    If,
    Line,
    Purpose,
    Return,
    Say,
    Scenario,
    Split,
    Start,
    Step,
    Survey,
    Variant,
    Wait,
)
from flows.script import parse_trigger, parse_when, parse_windows, tidy
from flows.script.folding import folded
from flows.script.known import BUILT_IN_FIELDS
from flows.script.settings import wait as parse_wait
from flows.words import problems
from tests.narrowing import a

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Tokyo")

TAGS = (
    "女性",
    "とんかつ",
    "かつ",
    "A B",
    "ＶＩＰ",
    "20代",
    "㈱花",
    "a→b",
    "2日後",
    "タグ",
    "❤️",
    "ｶﾞｰﾃﾞﾝ",
    "+3点",
    "登録3日以上",
)
FIELDS = ("興味", "体験会", "または", "居住地＝県", "好きな 色", "反応なし", "毎年会", "3月の会", "次の会")
DATES = ("体験会", "毎年会", "3月の会")
SCORES = ("美容", "a-b", "スコア", "C++")
SEGMENTS = ("美容女性", "除外", "新規 30日", "対象")
SCENARIOS = ("歓迎", "全員", "秋（仮）")

CATALOG = Catalog(
    tags={fold(name): Tag(name=name) for name in TAGS},
    fields={fold(name): Field(name=name, holds="日付" if name in DATES else "") for name in FIELDS},
    scores={fold(name): Score(name=name) for name in SCORES},
    segments={fold(name): Segment(name=name, condition=Everyone()) for name in SEGMENTS},
    plans={fold(name): Entry(name=name) for name in SCENARIOS},
)

_letters = st.characters(exclude_categories=["C", "Z", "M"], exclude_characters="「」｢｣") | st.sampled_from(
    " かつ、。()+-=#?→※|{}"
)
_words = st.text(_letters, min_size=1, max_size=12).map(lambda text: " ".join(text.split()))
_OTHERS = {fold(name) for name in (*FIELDS, *SEGMENTS)}
names = (st.sampled_from(TAGS + SCORES) | _words).filter(
    lambda name: 0 < len(clusters(name)) <= 20 and fold(name) not in _OTHERS and not name.endswith(("あり", "なし"))
)
_link = names.filter(lambda name: not set("[]［］\u27e6") & set(name)).map(lambda name: name.strip())

_nasty = st.sampled_from(
    [
        *(
            "おわり",
            "\\おわり",
            "\\\\おわり",
            "---",
            "----",
            "ーーー",
            "—-",
            "# なに",
            "#タグ",
            "## 2日後 19:00",
            "- 乾燥",
            "- 乾燥 → タグ A",
        ),
        *(
            "-5%OFF",
            "-5%OFF → お得",
            "＼限定／",
            "＼おわり",
            "= +3点",
            "=====",
            "期間: 12/1",
            "もし: 全員",
            "ちがえば",
            "！！",
            "![a](https://a)",
            "!カード 秋",
            "！カード",
            "！カードでお支払い",
            "!カルーセル",
        ),
        *(
            "? 悩み（1つ）",
            "？？",
            "{名前さん|お客様}",
            "｛名前｝",
            "{{",
            "",
            "  ",
            "　全角",
            "待つ: 反応 2日",
            "AB: 50/50",
            "案A:",
            "ｵﾜﾘ",
            "\\",
        ),
    ]
)
_texts = st.lists(_nasty | st.text(max_size=20), min_size=1, max_size=6).map(lambda lines: tidy("\n".join(lines)))
bodies = _texts.filter(lambda text: bool(text) and not problems(text))

_whens = st.sampled_from(
    [
        *(
            "すぐ",
            "30分後",
            "2時間後",
            "2日後 19:00",
            "翌日 8:30",
            "翌々日 9:00",
            "当日 12:00",
            "3週間後 10:00",
            "2か月後 10:00",
        ),
        *(
            "次の土曜 10:00",
            "次の水曜日 9:00",
            "2026/12/24 18:00",
            "2027年1月3日 9:00",
            "予約の前日 18:00",
            "予約の2時間前",
        ),
        *(
            "来店から3日後 12:00",
            "毎年登録の当日 9:00",
            "購入の 19:00",
            "体験会の1週間前 9:00",
            "「毎年会」の翌日 9:00",
            "「3月の会」の前日 9:00",
        ),
    ]
).map(lambda text: parse_when(text, NOW, ZONE))

_triggers = st.sampled_from(
    [
        *(
            "友だち追加",
            "ブロック解除",
            "タグ 女性",
            "タグ 「A B」",
            "キーワード 診断",
            "キーワード 肌 を含む",
            "キーワード 「x を含む」",
        ),
        *(
            "経路 店内",
            "クリック 商品",
            "予約",
            "来店",
            "購入",
            "キャンセル",
            "イベント カート",
            "スコア10以上",
            "スコア「美容」10未満",
        ),
        *(
            "反応なし 30日",
            "回答 興味=美容",
            "回答 興味",
            "アンケート 肌診断",
            "シナリオ 歓迎",
            "手動",
            "カートのあと60分以内に購入なし",
        ),
    ]
).map(lambda text: a(tuple, parse_trigger(text))[0])

_days = st.integers(1, 400)
_terms = st.one_of(
    st.just(Everyone()),
    st.builds(Tagged, name=st.sampled_from(TAGS), spelling=st.sampled_from(["bare", "tag", "has"])),
    st.builds(Tagged, name=st.sampled_from(TAGS), absent=st.just(True), spelling=st.just("lacks")),
    st.builds(Named, name=st.sampled_from(SEGMENTS), bare=st.booleans()),
    st.builds(Named, name=st.sampled_from(SEGMENTS), absent=st.just(True)),
    st.builds(FieldFilled, field=st.sampled_from(FIELDS), absent=st.booleans(), explicit=st.booleans()),
    st.builds(FieldIs, field=st.sampled_from(FIELDS), op=st.sampled_from(Comparison), value=names),
    st.builds(BuiltInFilled, name=st.sampled_from(BUILT_IN_FIELDS), absent=st.booleans(), explicit=st.booleans()),
    st.builds(
        BuiltInIs,
        name=st.sampled_from(["来店", "購入"]),
        op=st.sampled_from(Comparison),
        value=st.sampled_from(["0", "3", "2026/12/1", "2026年1月31日"]),
    ),
    st.builds(BuiltInIs, name=st.just("名前"), op=st.just(Comparison.UNEQUAL), value=names),
    st.builds(
        ScoreIs,
        score=st.sampled_from(("", *SCORES)),
        points=st.integers(0, 999),
        bound=st.sampled_from([Bound.AT_LEAST, Bound.AT_MOST, Bound.UNDER, Bound.OVER]),
    ),
    st.builds(FromRoute, route=names),
    st.builds(JoinedDays, days=_days, bound=st.sampled_from([Bound.AT_LEAST, Bound.WITHIN, Bound.UNDER])),
    st.builds(SilentFor, days=_days),
    st.builds(Bought, days=_days),
    st.builds(InScenario, scenario=st.sampled_from(SCENARIOS), done=st.booleans()),
    st.builds(Pressed, link=_link, absent=st.booleans(), days=st.just(0) | _days),
    st.builds(Reached, broadcast=names, how=st.sampled_from(["received", "reacted", "silent"])),
)


def _compound(parts):
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda of: AllOf(of=_flat(AllOf, of))),
        several.map(lambda of: AnyOf(of=_flat(AnyOf, of))),
        st.builds(Except, base=parts, less=parts),
    )


def _flat(kind, of):
    return tuple(one for part in of for one in (part.of if isinstance(part, kind) else (part,)))


conditions = st.recursive(_terms, _compound, max_leaves=6)

_simple = [kind for kind in ACTIONS if kind.word and kind not in {GoTo, JumpTo, EndScenario}]
_actions = st.one_of(
    *(st.builds(kind, name=names) if "name" in kind.__annotations__ else st.just(kind()) for kind in _simple),
    st.builds(AddScore, score=st.sampled_from(("", *SCORES)), points=st.integers(-99, 99)),
    st.builds(SetField, field=st.sampled_from(FIELDS), value=names),
)


def effects(paths=(), *, end=True):
    """Effect lists; the last one may lead to one of these paths, or end."""
    leaving = [GoTo(name=path) for path in paths] + ([EndScenario()] if end else [])
    last = st.sampled_from([None, *leaving])
    return st.tuples(st.lists(_actions, min_size=1, max_size=3), last).map(
        lambda both: tuple(both[0]) + ((both[1],) if both[1] else ())
    )


_label = st.text(_letters, min_size=1, max_size=12).map(str.strip) | st.sampled_from(
    ["乾燥", "a → b", "x\\→y", "-", "→", "A\\", "1"]
)
_labels = st.lists(_label, min_size=1, max_size=4, unique_by=fold).map(
    lambda labels: [label for label in labels if label and fold(label) not in {fold("回答あり"), fold("反応なし")}]
)
_waits = st.sampled_from(["反応 2日", "反応 30分", "反応 1週間"]).map(lambda text: parse_wait(folded(text)))


@st.composite
def questions(draw, paths=(), *, end=True):
    kind = draw(st.sampled_from(QUESTIONS))
    done = effects(paths, end=end)
    labels = draw(_labels.filter(lambda found: bool(found) and not any("(文字)" in fold(one) for one in found)))
    options = [Option(label=label, effects=draw(st.just(()) | done), own_words=draw(st.booleans())) for label in labels]
    held = draw(st.none() | _waits)
    return kind(
        name=draw(st.sampled_from(FIELDS)),
        text=draw(bodies),
        optional=draw(st.booleans()),
        options=tuple(options) if kind.has_options else (),
        answered=draw(st.none() | done),
        silent=draw(st.none() | done),
        wait=held and held.limit,
        wait_words=held.words if held else "",
    )


_urls = st.sampled_from(["https://example.com/a.jpg", "media:abc-1", "https://example.com/(x)?y=1&z=ア"])
_media = st.one_of(
    st.builds(Image, url=_urls, alt=st.sampled_from(["", "店内", "a(b)", "外 観"])),
    st.builds(Video, url=_urls, preview=st.just("") | _urls),
    st.builds(Audio, url=_urls, milliseconds=st.sampled_from([60_000, 12_000, 12_345])),
    st.just(Sticker(package="446", number="1988")),
)
_titles = (_words | st.sampled_from(["秋の フェア", "→ 予約", "! カード", "A　B"])).filter(
    lambda title: len(clusters(title)) <= 40 and not problems(title)
)


@st.composite
def _buttons(draw, paths, *, end=True):
    opened: st.SearchStrategy[dict[str, Any]] = st.one_of(
        st.builds(dict, effects=st.just(()) | effects(paths, end=end)),
        st.builds(dict, link=names),
        st.builds(dict, phone=st.sampled_from(["03-1234-5678", "+81312345678", "110"])),
        st.builds(dict, url=_urls.filter(lambda url: url.startswith("https")) | st.just("line://ti/p/@a?b=、→c")),
    )
    labels = draw(st.lists(_label, max_size=4, unique_by=fold))
    return tuple(
        Button(label=label, **draw(opened))
        for label in labels
        if label and fold(label) not in {fold("回答あり"), fold("反応なし")}
    )


@st.composite
def _card(draw, paths, *, end=True):
    picture = draw(st.just("") | _urls)
    title = draw(st.just("") | _titles)
    text = draw(st.just("") | bodies.filter(lambda text: len(text) <= 400))
    return Card(
        title=title or ("" if text or picture else "題"),
        text=text,
        picture=picture,
        alt=draw(st.sampled_from(["", "店内"])) if picture else "",
        buttons=draw(_buttons(paths, end=end)),
    )


@st.composite
def _rich(draw, paths, *, end=True):
    buttons = draw(_buttons(paths, end=end)) or (Button(label="見る"),)
    wide, high = draw(st.sampled_from([(1, 1), (3, 2), (1200, 630), (1, 3)]))
    return Rich(
        picture=draw(_urls),
        alt=draw(st.sampled_from(["", "店内"])),
        shape=draw(st.sampled_from([name for name, areas in SHAPES.items() if len(areas) == len(buttons)])),
        wide=wide,
        high=high,
        buttons=buttons,
    )


def _said(paths, *, end=True):
    cards = st.builds(Cards, cards=st.lists(_card(paths, end=end), min_size=1, max_size=3).map(tuple))
    return st.builds(Say, message=st.builds(Text, body=bodies) | _media | cards | _rich(paths, end=end))


@st.composite
def items(draw, paths, depth=0, *, asks=True):
    """A body of at most two bubbles, so that no branch comes to more than five."""
    found = [draw(_said(paths, end=asks))]
    if draw(st.booleans()):
        found.append(Do(actions=draw(effects(paths, end=asks))))
    if depth < 2 and draw(st.integers(0, 3)) == 0:
        found.append(draw(branches(paths, depth + 1, asks=asks)))
    elif asks and draw(st.integers(0, 2)) == 0:
        found.append(draw(_closings(paths)))
    return tuple(found)


@st.composite
def branches(draw, paths, depth, *, asks):
    inner = items(paths, depth, asks=asks)
    if draw(st.booleans()):
        shares = draw(st.sampled_from([(50, 50), (10, 90), (34, 33, 33), (25, 25, 25, 25)]))
        return Split(
            variants=tuple(Variant(name=n, share=s, body=draw(inner)) for n, s in zip("ABCD", shares, strict=False))
        )
    maybe = st.none() | inner
    return If(condition=draw(conditions), then=draw(inner), otherwise=draw(maybe), unknown=draw(maybe))


@st.composite
def timed_items(draw, paths):
    """A body that opens with a split whose variants go at different times; what all get may stand below it."""
    shares = draw(st.sampled_from([(50, 50), (34, 33, 33), (25, 25, 25, 25)]))
    words = st.just(()) | st.tuples(_said(paths))
    variants = tuple(
        Variant(name=name, share=share, body=draw(words), when=draw(st.none() | _whens))
        for name, share in zip("ABCD", shares, strict=False)
    )
    return (Split(variants=variants), *draw(items(paths)))


@st.composite
def _closings(draw, paths):
    if draw(st.booleans()):
        return Ask(question=draw(questions(paths)))
    link = draw(st.just("") | _link)
    held = draw(_waits)
    return Wait(link=link, limit=held.limit, limit_words=held.words, silent=draw(st.none() | effects(paths)))


_starts = st.lists(st.builds(Start, trigger=_triggers, only_if=st.none() | conditions), max_size=3).map(tuple)
_windows = st.sampled_from(["毎日 9:00-20:00", "平日 9:00-18:00、土日 10:00-17:00", "月水金 8:30-12:00"]).map(
    parse_windows
)
_periods = st.sampled_from(
    [
        Period(first=date(2026, 12, 1), last=date(2026, 12, 31)),
        Period(first=date(2026, 12, 1)),
        Period(last=date(2027, 1, 1)),
    ]
)
_caps = st.sampled_from([Caps(per_day=1), Caps(in_all=300), Caps(per_day=2, in_all=9)])


@st.composite
def scenarios(draw):
    paths = draw(st.lists(names, max_size=2, unique_by=fold))
    lines = []
    for name in ("", *paths):
        heads = draw(st.lists(st.tuples(_whens, st.none() | conditions), min_size=1, max_size=3))
        steps = [(when, only_if, draw(items(paths) | timed_items(paths))) for when, only_if in heads]
        lines.append((name, steps))
    return Scenario(
        name=draw(names.filter(lambda name: fold(name) not in CATALOG.plans)),
        purpose=draw(st.none() | st.sampled_from(Purpose)),
        starts=draw(_starts),
        base=draw(st.sampled_from(["", "予約", *FIELDS])),
        goal=draw(st.none() | conditions),
        ending=draw(st.none() | st.just(()) | effects(end=False)),
        returning=draw(st.none() | st.sampled_from(Return)),
        restart=draw(st.booleans()),
        windows=draw(st.just(()) | _windows),
        late=draw(st.none() | st.sampled_from(Late)),
        caps=draw(st.none() | _caps),
        period=draw(st.none() | _periods),
        lines=_numbered(lines),
    )


def _numbered(lines):
    count, made = 0, []
    for name, steps in lines:
        numbered = []
        for when, only_if, body in steps:
            count += 1
            numbered.append(Step(id=StepId(f"s{count}"), when=when, only_if=only_if, body=body))
        made.append(Line(name=name, steps=tuple(numbered)))
    return tuple(made)


@st.composite
def surveys(draw):
    asked = draw(st.lists(questions(end=False), min_size=1, max_size=4, unique_by=lambda one: fold(one.name)))
    return Survey(
        name=draw(names.filter(lambda name: fold(name) not in CATALOG.plans)),
        starts=draw(_starts),
        confirm=draw(st.booleans()),
        period=draw(st.none() | _periods),
        questions=tuple(asked),
        ending=draw(st.just(()) | items((), asks=False)),
    )


plans = scenarios() | surveys()
