"""早送り: the scenario lived through by a made-up friend, the clock jumping, at no cost and without a trace."""

from __future__ import annotations

from datetime import datetime

from admin_commands.desk import CommandError, Desk
from admin_commands.plans import place_of, present_plan, where
from admin_commands.reading import PlanKey
from admin_commands.registry import Family
from admin_commands.screens import Screen, Tap, pieces, tap, text_bubble
from admin_commands.wizard import Answer, Page, Wizard, ask, begin, turn_to
from flows.catalog import Entry
from flows.effects import Bubble
from flows.names import Key, cut, narrow
from flows.rehearsal import Rehearsal, Shown, gets, rehearse, tests_of

rehearsing = Family(name="シナリオの中", about="早送りで試す")
FORM = "早送り"
MORE, AGAIN, LOOK, VARIANT = "続きを見る", "はじめから", "を見る", "案の人で見る"
_ROOM = 4
_TRIES = 80
"""Rehearsals run at most to find the way to a path that was not seen."""


@rehearsing.command(
    "早送り",
    alias=("はやおくり", "早送りで試す", "simulate"),
    usage="早送り [シナリオ]",
    examples=[("早送り 新規様", "1日目")],
)
def fast_forward(desk: Desk, plan: PlanKey) -> None:
    """シナリオを、架空の友だちで最後まで早送りします。誰にも届かず、記録も残りません（0通）。"""
    entry = desk.catalog.plans[Key(plan)]
    desk.place = place_of(Key(plan))
    form = {"name": entry.name, "plan": plan, "choices": [], "from": 0, "at": desk.now.isoformat(), "keep": False}
    begin(desk, FORM, "choice", form)
    ask(desk, rehearsal_form)


def _entry(desk: Desk) -> Entry:
    entry = desk.catalog.plans.get(Key(desk.form["plan"]))
    if entry is None:
        desk.close_form()
        raise CommandError("このシナリオは、もうありません。", tap("シナリオ"), tap("ホーム"))
    return entry


def _run(desk: Desk, choices: list[str]) -> Rehearsal:
    began = datetime.fromisoformat(desk.form["at"])
    return rehearse(present_plan(_entry(desk)), desk.catalog, began, choices, variant=desk.form.get("variant", ""))


def _all_bubbles(run: Rehearsal) -> list[Bubble]:
    return [bubble for shown in run.shown for bubble in _stamped(shown)]


def _stamped(shown: Shown) -> list[Bubble]:
    """The bubbles of one send, its texts joined into one under the stamp, so that more of it fits a reply."""
    cost = "1通" if shown.counted else "返信・0通"
    texts = [str(bubble["text"]) for bubble in shown.bubbles if bubble["type"] == "text"]
    others = [bubble for bubble in shown.bubbles if bubble["type"] != "text"]
    joined = "\n──\n".join(texts) or "（写真など）"
    return [text_bubble(part) for part in pieces(f"〈{shown.stamp}〉（{cost}）\n{joined}")] + others


def _ask_choice(desk: Desk) -> Screen:
    entry = _entry(desk)
    run = _run(desk, desk.form["choices"])
    bubbles = _all_bubbles(run)
    start = desk.form["from"]
    desk.put(*bubbles[start : start + _ROOM])
    place = where(entry, FORM)
    if len(bubbles) > start + _ROOM:
        return Screen(text="続きがあります。", taps=(tap(MORE), tap("やめる")), where=place)
    standing = _standing(run)
    if run.over:
        unseen = _unseen(desk, run)
        taps = (*_variant_taps(entry, run), *_end_taps(entry, run, unseen))
        return Screen(text=_end_words(run, standing, unseen), taps=taps, where=place)
    how = "文字で答えてください。" if run.free else "ここで選んでください。"
    return Screen(text=f"{standing}{how}", taps=tuple(tap(one) for one in run.choices[:13]), where=place)


def _standing(run: Rehearsal) -> str:
    """Tags and scores after the last message."""
    if not run.shown:
        return ""
    tags = run.friend.tags
    last = run.shown[-1]
    names = "・".join(last.tags) if len(last.tags) == len(tags) else f"{len(tags)}個"
    points = "・".join(f"{name or '点数'} {points}" for name, points in last.scores)
    return f"タグ {names or 'なし'} ／ {points or '点数 0'}\n"


def _unseen(desk: Desk, run: Rehearsal) -> tuple[str, ...]:
    """The paths that were seen neither now nor in the ways tried before."""
    return tuple(path for path in run.unseen if path not in desk.form.get("seen", ()))


def _end_words(run: Rehearsal, standing: str, paths: tuple[str, ...]) -> str:
    paid = sum(shown.counted for shown in run.shown)
    unseen = f"まだ見ていない道：{'・'.join(paths)}" if paths else "すべての道を見ました。"
    left_out = f"送られなかったもの：{len(run.left_out)}件\n" if run.left_out else ""
    nothing = "" if run.shown else "何も送られませんでした。始まりや条件を見直してください。\n"
    return f"{nothing}{standing}{left_out}ここで終わり。本番なら{paid}通です。\n{unseen}"


def _variant_taps(entry: Entry, run: Rehearsal) -> tuple[Tap, ...]:
    """The same once more by somebody who gets another variant of the first A/B test."""
    for test in tests_of(present_plan(entry))[:1]:
        mine = gets(run.friend.id, test)
        return tuple(tap(f"{one.name}{VARIANT}") for one in test[1].variants if one.name != mine)
    return ()


def _end_taps(entry: Entry, run: Rehearsal, paths: tuple[str, ...]) -> tuple[Tap, ...]:
    looks = tuple(tap(f"{cut(path, 16)}{LOOK}") for path in paths[:4])
    ahead = (Tap(label="公開へ", says=f"公開 {entry.name}"),) if entry.draft else ()
    again = (tap(AGAIN),) if run.shown else ()
    return (
        *looks,
        *again,
        *ahead,
        Tap(label="直す", says=f"直す {entry.name}"),
        Tap(label="開く", says=f"シナリオ {entry.name}"),
    )


def _take_choice(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    run = _run(desk, desk.form["choices"])
    if said == MORE:
        turn_to(desk, "choice", **{"from": desk.form["from"] + _ROOM})
    elif said == AGAIN:
        turn_to(desk, "choice", **{"from": 0, "choices": []})
    elif said.endswith(VARIANT) and run.over:
        turn_to(desk, "choice", **{"from": 0, "choices": [], "variant": said.removesuffix(VARIANT)})
    elif said.endswith(LOOK) and run.over:
        _look(desk, run, said.removesuffix(LOOK))
    elif not run.over and (run.free or said in run.choices):
        turn_to(desk, "choice", **{"from": len(_all_bubbles(run)), "choices": [*desk.form["choices"], said]})
    else:
        raise CommandError(f"「{said}」は選べませんでした。下から選んでください。")


def _look(desk: Desk, run: Rehearsal, words: str) -> None:
    path = next((one for one in run.unseen if cut(one, 16) == words), None)
    choices = _way_to(desk, path) if path else None
    if choices is None:
        raise CommandError(f"「{words}」の道へは、ここからは進めませんでした（条件で分かれる道かもしれません）。")
    seen = list(dict.fromkeys((*desk.form.get("seen", ()), *run.seen)))
    turn_to(desk, "choice", **{"from": 0, "choices": choices, "seen": seen})


def _way_to(desk: Desk, path: str) -> list[str] | None:
    """The fewest choices that lead to this path, looked for breadth first."""
    queue: list[list[str]] = [[]]
    for _ in range(_TRIES):
        if not queue:
            return None
        choices = queue.pop(0)
        run = _run(desk, choices)
        if path in run.seen:
            return choices
        queue += [[*choices, one] for one in (*run.choices, *(("はい",) if run.free else ()))]
    return None


rehearsal_form = Wizard(name=FORM, pages={"choice": Page(ask=_ask_choice, take=_take_choice)})
