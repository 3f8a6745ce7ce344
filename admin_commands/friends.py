"""Finding a friend by what is typed: several matches give a list, never a guess."""

from __future__ import annotations

import re
from itertools import islice

from admin_commands.desk import CommandError, Desk, Missing
from admin_commands.screens import Screen, Tap, tap
from flows.friend import Friend
from flows.names import FriendId, cut, fold, narrow, with_san

_ID = re.compile(r"id:(\S+)\s*(.*)", re.DOTALL)
_WORD = re.compile(r"\S+")
_LONGEST_NAME = 8
"""Words of a name: LINE allows twenty characters, and each try is a look into the record."""
_SAID = 40
SHOWN = 10


def found_friend(desk: Desk, rest: str) -> tuple[Friend, str]:
    """The friend meant by the beginning of `rest`, and what follows the name."""
    text = rest.lstrip("@＠ ").strip()
    by_id = _ID.match(text)
    if by_id:
        view = desk.reports.friend(FriendId(by_id[1]))
        if view is None:
            raise CommandError("その友だちの記録は、もうありません。", tap("友だち"))
        return view.friend, by_id[2]
    if not text:
        raise Missing("だれのことですか？ 名前を送ってください。", *newest_taps(desk))
    ends = [word.end() for word in islice(_WORD.finditer(text), _LONGEST_NAME)]
    for end in reversed(ends):
        words = " ".join(text[:end].split())
        matches = _matches(desk, words)
        if matches:
            return _one(matches, rest, words, text[end:].strip())
    raise CommandError(
        f"「{cut(text, _SAID)}」という名前の友だちは見つかりませんでした。\n名前の一部でも探せます。例：友だち さくら",
        Tap(label="最近の友だち", says="友だち"),
        tap("ホーム"),
    )


def _matches(desk: Desk, words: str) -> list[Friend]:
    found = list(desk.reports.named(words, SHOWN))
    bare = re.sub(r"(さん|様|ちゃん|くん)$", "", words)
    if not found and bare != words and bare:
        found = list(desk.reports.named(bare, SHOWN))
    return found


def _one(matches: list[Friend], rest: str, words: str, left: str) -> tuple[Friend, str]:
    exact = [friend for friend in matches if fold(friend.name) == fold(words)]
    if len(matches) == 1 or len(exact) == 1:
        return (exact or matches)[0], left
    raise Missing(
        f"「{narrow(words)}」に当てはまる友だちが{len(matches)}人います。どの方ですか？",
        *(_who_tap(friend) for friend in matches),
        tail=left,
    )


def called(friend: Friend) -> str:
    """How screens name a friend."""
    return with_san(friend.name) if friend.name else "お名前がまだわからない方"


def newest_taps(desk: Desk) -> tuple[Tap, ...]:
    """The friends who came last, as buttons that name them."""
    return tuple(_who_tap(friend) for friend in desk.reports.newest(6))


def _who_tap(friend: Friend) -> Tap:
    return Tap(label=called(friend), says=f"@id:{friend.id}")


def at(friend: Friend) -> str:
    """The friend as a line names her without doubt."""
    return f"@id:{friend.id}"


def list_screen(desk: Desk, friends: list[Friend], text: str, where: str) -> Screen:
    """Friends as a list to choose from."""
    taps = tuple(Tap(label=called(friend), says=f"友だち {at(friend)}") for friend in friends[:SHOWN])
    return Screen(text=text, taps=(*taps, tap("ホーム")), where=where, lasts=False)
