"""The body of a step: bubbles, effects, branches, variants, and at most one question or wait at the end of a branch."""

from __future__ import annotations

from dataclasses import replace

from flows.messages import Text
from flows.moments import When
from flows.scenario import Ask, Body, Do, If, Item, Say, Split, Variant, Wait, walk
from flows.script.cards import cards, is_silence
from flows.script.lines import Kind, Line, protected
from flows.script.pages import Pages
from flows.script.problems import Mend, Misread
from flows.script.questioning import question
from flows.script.rich import rich
from flows.script.settings import shares, wait
from flows.script.source import actions_of, media

MOST_BUBBLES = 5

_IF_PARTS = frozenset({Kind.ELSE, Kind.UNKNOWN, Kind.END})
_SPLIT_PARTS = frozenset({Kind.VARIANT, Kind.END})
_OUTER = frozenset({Kind.STEP, Kind.PATH, Kind.FINALLY})
_CONTENT = frozenset(
    {
        *(Kind.TEXT, Kind.MEDIA, Kind.CARD, Kind.RICH, Kind.EFFECT, Kind.QUESTION),
        *(Kind.CHOICE, Kind.WAIT, Kind.IF, Kind.SPLIT),
    }
)
_LETTERS = "ABCD"
_DEEPEST = 30
_Made = tuple[Body, When | None]


def body(pages: Pages, ends: frozenset[Kind] = frozenset(), around: frozenset[Kind] = frozenset()) -> Body:
    """The items from here to a line of these kinds, or to the next step. `around`: what ends the blocks outside."""
    items: list[Item] = []
    closing: Line | None = None
    while (line := pages.skip_blank()) is not None and line.kind not in _OUTER | ends | around:
        if closing is not None and line.kind in _CONTENT:
            words = f"{closing.number}行目の質問や「待つ:」は、この枝のいちばん最後に置きます。続きは次の ## に書いてください。"
            pages.report(line, words, example="## 翌日 19:00")
            closing = None
        item = _item(pages, line, around | ends)
        if item is not None:
            items.append(pages.at(item, line))
            closing = line if isinstance(item, Ask | Wait) else closing
    return tuple(items)


def _item(pages: Pages, line: Line, around: frozenset[Kind]) -> Item | None:
    """The item at this line; several lines may belong to it."""
    match line.kind:
        case Kind.TEXT:
            return Say(message=Text(body=pages.run()[0]))
        case Kind.CARD:
            return Say(message=cards(pages))
        case Kind.RICH:
            made = rich(pages)
            return None if made is None else Say(message=made)
        case Kind.QUESTION:
            asked = question(pages)
            return None if asked is None else Ask(question=asked)
        case Kind.CHOICE:
            return _silence(pages, line)
        case Kind.IF | Kind.SPLIT if pages.depth < _DEEPEST:
            pages.depth += 1
            item = _branch(pages, line, around) if line.kind is Kind.IF else _split(pages, line, around)
            pages.depth -= 1
            return item
        case _:
            pages.place += 1
            return _line_item(pages, line)


def _line_item(pages: Pages, line: Line) -> Item | None:
    """The item that this line is by itself."""
    match line.kind:
        case Kind.NEXT:
            return None
        case Kind.MEDIA:
            message = pages.attempt(line, media)
            return None if message is None else Say(message=message)
        case Kind.EFFECT:
            actions = pages.attempt(line, actions_of)
            return None if actions is None else Do(actions=actions)
        case Kind.WAIT:
            return _wait(pages, line)
        case Kind.IF | Kind.SPLIT:
            pages.report(line, f"枝の中の枝は{_DEEPEST}段までです。道に分けてください。", example="= 道 名前")
            return None
        case _:
            misplaced(pages, line)
            return None


def misplaced(pages: Pages, line: Line) -> None:
    """Note a line that stands where it means nothing, or looks like a marker and is none."""
    if line.kind is Kind.ODD:
        pages.report_odd(line)
        return
    text = Mend(label="この行は文です", becomes=protected(line.fold.source))
    mends = (text,) if line.kind is Kind.SETTING else ()
    pages.report(
        line, _MISPLACED.get(line.kind, "ここには置けません。"), example=_EXAMPLES.get(line.kind, ""), mends=mends
    )


_MISPLACED = {
    Kind.ELSE: "はじまりの「もし:」がありません。",
    Kind.UNKNOWN: "はじまりの「もし:」がありません。",
    Kind.END: "はじまりの「もし:」がありません。",
    Kind.VARIANT: "はじまりの「AB:」がありません。",
    Kind.SETTING: "設定は、最初の ## より前に書きます。",
    Kind.HEAD: "1つの台本に書けるシナリオやアンケートは1つです。",
    Kind.PART: "「# つづき」は、分けて送る台本のいちばん上の行です。",
    Kind.CHOICE: "選択肢は、? の質問の下に書きます。",
    Kind.QUESTION: "質問はここには置けません。",
    Kind.WAIT: "「待つ:」はここには置けません。",
    Kind.FINALLY: "「## 最後に」はアンケートで使います。",
    Kind.PATH: "「# 道」はシナリオで使います。",
    Kind.STEP: "「## いつ」はシナリオで使います。",
}
_EXAMPLES = {Kind.CHOICE: "? 悩み（1つ）", Kind.PATH: "- 乾燥 → 質問 悩み", Kind.STEP: "## 最後に"}


def _wait(pages: Pages, line: Line) -> Item | None:
    said = pages.attempt(line, lambda one: wait(one.value))
    silent = None
    below = pages.skip_blank()
    if below is not None and below.kind is Kind.CHOICE and is_silence(below):
        pages.place += 1
        silent = pages.attempt(below, actions_of)
    return said and Wait(link=said.link, limit=said.limit, limit_words=said.words, silent=silent)


def _silence(pages: Pages, line: Line) -> Item | None:
    """`- 反応なし → …` in front of a `待つ:`; any other choice needs a question."""
    pages.place += 1
    if not is_silence(line):
        pages.report(line, _MISPLACED[Kind.CHOICE], example=_EXAMPLES[Kind.CHOICE])
        while (below := pages.skip_blank()) is not None and below.kind is Kind.CHOICE:
            pages.place += 1
        return None
    silent = pages.attempt(line, actions_of)
    below = pages.skip_blank()
    if below is None or below.kind is not Kind.WAIT:
        pages.report(line, "どれだけ待つかがありません。", example="待つ: 反応 2日")
        return None
    pages.place += 1
    said = pages.attempt(below, lambda one: wait(one.value))
    return said and Wait(link=said.link, limit=said.limit, limit_words=said.words, silent=silent)


def _branch(pages: Pages, line: Line, around: frozenset[Kind]) -> Item | None:
    pages.place += 1
    condition = pages.attempt(line, lambda one: pages.condition(one.value))
    parts: dict[Kind, Body] = {Kind.IF: body(pages, _IF_PARTS, around)}
    while (below := pages.line) is not None and below.kind in {Kind.ELSE, Kind.UNKNOWN}:
        pages.place += 1
        _check_branch(pages, below, parts)
        parts[below.kind] = body(pages, _IF_PARTS, around)
    _close(pages, line, "もし:")
    if condition is None:
        return None
    return If(condition=condition, then=parts[Kind.IF], otherwise=parts.get(Kind.ELSE), unknown=parts.get(Kind.UNKNOWN))


def _check_branch(pages: Pages, line: Line, parts: dict[Kind, Body]) -> None:
    if line.value.text:
        words = "この印は1行に1つです。続きは次の行に書いてください。"
        marker = line.fold.text.split(":")[0] + ":"
        mend = Mend(label="行を分ける", becomes=f"{marker}\n{line.value.original(0, len(line.value.text))}")
        pages.report(line, words, mends=(mend,))
    if line.kind in parts:
        pages.report(line, "同じ枝が2つあります。")
    elif line.kind is Kind.ELSE and Kind.UNKNOWN in parts:
        pages.report(line, "「ちがえば:」は「不明なら:」より前に書きます。")


def _split(pages: Pages, line: Line, around: frozenset[Kind]) -> Item | None:
    pages.place += 1
    parts = pages.attempt(line, lambda one: shares(one.value))
    variants: list[_Made] = []
    if (below := pages.skip_blank()) is not None and below.kind not in _SPLIT_PARTS | _OUTER:
        pages.report(
            below,
            "「AB:」の次の行は「案A:」です。",
            mends=(Mend(label="案A: を足す", becomes=f"案A:\n{below.fold.source}"),),
        )
        variants.append((body(pages, _SPLIT_PARTS, around), None))
    while (below := pages.line) is not None and below.kind is Kind.VARIANT:
        pages.place += 1
        letter = _LETTERS[len(variants)] if len(variants) < len(_LETTERS) else ""
        if below.word.upper() != letter:
            pages.report(below, "案は A B C D の順に、1行に1つ書きます。", example=f"案{letter or 'D'}:")
        at = _variant_time(pages, below) if below.value.text else None
        variants.append((body(pages, _SPLIT_PARTS, around), at))
    _close(pages, line, "AB:")
    if parts is None or len(variants) > len(_LETTERS):
        return None
    if len(parts) != len(variants):
        pages.report(line, f"割合は{len(parts)}つ、案は{len(variants)}つあります。同じ数にしてください。")
        return None
    made = zip(_LETTERS, parts, variants, strict=False)
    return Split(
        variants=tuple(Variant(name=name, share=share, body=items, when=at) for name, share, (items, at) in made)
    )


def _variant_time(pages: Pages, line: Line) -> When | None:
    """What stands behind `案B:`: when that variant goes. Its words stand on the lines below."""
    if pages.when is None:
        pages.report(line, "ここの案には、送る時を書けません。", example=f"案{line.word.upper()}:")
        return None
    try:
        return pages.when(line.value)
    except Misread as misread:
        problem = misread.problem(line=line.number)
        becomes = f"案{line.word.upper()}:\n{line.value.original(0, len(line.value.text))}"
        own = (*problem.mends, Mend(label="文を次の行にする", becomes=becomes))
        words = f"案のうしろには、送る時だけを書けます。文は次の行に書きます。{problem.words}"
        pages.note(replace(problem, words=words, mends=own), line)
        return None


def check_times(pages: Pages, whole: Body, first: Item | None) -> None:
    """Times of variants belong to a split that opens a step: whoever has been sent something is past choosing."""
    for item in walk(whole):
        if isinstance(item, Split) and item is not first and any(one.when for one in item.variants):
            words = "案ごとに送る時を変えられるのは、「## いつ」のすぐ下の「AB:」だけです。"
            pages.report(pages.where[id(item)], words, example="案B:")


def _close(pages: Pages, line: Line, opened: str) -> None:
    """Take the おわり that belongs to a block, or say that it is missing."""
    below = pages.line
    if below is not None and below.kind is Kind.END:
        pages.place += 1
        return
    last = next(one for one in reversed(pages.lines[: pages.place]) if one.kind is not Kind.BLANK)
    mend = Mend(label="おわりを足す", becomes=f"{last.fold.source}\nおわり", line=last.number)
    pages.report(line, f"「{opened}」を閉じる「おわり」がありません。", mends=(mend,))


def check_bubbles(pages: Pages, whole: Body) -> None:
    """At most five bubbles go in one send, whichever branch is taken."""
    _, over = _bubbles(whole, 0)
    if over is not None:
        words = f"1回に送れる吹き出しは{MOST_BUBBLES}つまでです。ここからを次の ## に分けてください。"
        pages.report(pages.where[id(over)], words, example="## 翌日 19:00")


def bubbles(items: Body) -> int:
    """How many bubbles a body can come to, whichever branch is taken; beyond the limit it is not counted further."""
    return _bubbles(items, 0)[0]


def _bubbles(items: Body, so_far: int) -> tuple[int, Item | None]:
    """How many bubbles a body can come to, and the first that is too many."""
    for item in items:
        match item:
            case Say() | Ask():
                so_far += 1
                if so_far == MOST_BUBBLES + 1:
                    return so_far, item
            case If() | Split():
                results = [_bubbles(part, so_far) for part in _parts(item)]
                if over := next((over for _, over in results if over is not None), None):
                    return so_far, over
                so_far = max(count for count, _ in results)
    return so_far, None


def _parts(item: If | Split) -> list[Body]:
    if isinstance(item, Split):
        return [variant.body for variant in item.variants]
    return [item.then, item.otherwise or (), item.unknown or ()]
