"""By what it is decided which variant is better, and how friends are divided: the same for steps and broadcasts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from admin_commands.desk import CommandError, Desk
from admin_commands.screens import Tap, tap
from flows.actions import AddTag
from flows.aims import Aim
from flows.catalog import Tag
from flows.messages import buttons_of
from flows.names import Key, fold
from flows.scenario import Ask, Body, Item, Say, walk
from flows.script import actions_of_body

REACTION = "反応した人"
HALF, EVEN = "半分ずつ", "同じ数ずつ"
_SHARES = re.compile(r"\d{1,3}%?(?:\s*[/:・、,]\s*\d{1,3}%?)+")


def aims_of(bodies: Iterable[Body]) -> list[Aim]:
    """What these bodies let a friend do, besides reacting."""
    items: list[Item] = [item for body in bodies for item in walk(body)]
    asks = any(isinstance(item, Ask) for item in items)
    cards = any(isinstance(item, Say) and buttons_of(item.message) for item in items)
    return [*([Aim.PRESS] if asks or cards else []), *([Aim.ANSWER] if asks else [])]


def goal_taps(desk: Desk, bodies: Sequence[Body]) -> tuple[Tap, ...]:
    """What can be chosen: the tags that the bodies give stand first."""
    names = [one.name for one in _tags(desk, bodies).values()]
    return (tap(REACTION), *(tap(f"{aim.value}人") for aim in aims_of(bodies)), *map(tap, names[:6]))


def _tags(desk: Desk, bodies: Sequence[Body]) -> dict[Key, Tag]:
    """All tags, those the bodies give first; some of these come into being only when they are sent."""
    catalog = desk.catalog
    given = [one.name for body in bodies for one in actions_of_body(body) if isinstance(one, AddTag)]
    return {fold(name): catalog.tags.get(fold(name), Tag(name=name)) for name in given} | dict(catalog.tags)


def goal_named(desk: Desk, words: str, bodies: Sequence[Body]) -> tuple[str, str]:
    """The tag that decides, and the aim; neither is any reaction. Raises CommandError for what there is not."""
    said = words.strip().strip("「」")
    if fold(said) in {fold(REACTION), fold("反応")}:
        return "", ""
    for aim in Aim:
        if fold(said) in {fold(aim.value), fold(f"{aim.value}人")}:
            if aim in aims_of(bodies):
                return "", aim.value
            what = "ボタンも質問も" if aim is Aim.PRESS else "質問が"
            raise CommandError(f"ここには{what}ないので、「{aim.value}人」では決められません。下から選んでください。")
    tag = _tags(desk, bodies).get(fold(said))
    if tag is None:
        raise CommandError(f"「{said}」というタグはありません。下から選んでください。")
    return tag.name, ""


def aim_of(form_value: str) -> Aim | None:
    """The aim as a form keeps it."""
    return Aim(form_value) if form_value else None


def even(many: int) -> list[int]:
    """As many for each as goes; what is left over for the first."""
    return [100 - 100 // many * (many - 1), *[100 // many] * (many - 1)]


def read_shares(said: str, many: int, usual: str) -> list[int]:
    """`70/30` in percent; `usual` is the button for the undecided. Raises CommandError with what is wrong about it."""
    if not _SHARES.fullmatch(said):
        raise CommandError(f"「{said}」は選べませんでした。迷ったら［{usual}］で大丈夫です。")
    shares = [int(one) for one in re.findall(r"\d+", said)]
    if len(shares) != many:
        raise CommandError(f"案は{many}つあります。割合も{many}つ送ってください（いまは{len(shares)}つ）。")
    if sum(shares) != 100 or min(shares) < 1:
        raise CommandError(f"どの案も1以上で、合わせて100になるように分けてください（いまは{sum(shares)}）。")
    return shares
