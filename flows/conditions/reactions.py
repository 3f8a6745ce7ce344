"""Links, buttons and broadcasts: what reached the friend and what was done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from flows.conditions.activity import days_since, on_or_after
from flows.conditions.base import Condition, Index, Members, Sight, Truth, definite
from flows.names import fold
from flows.notation import Notation, Parts
from flows.slices import day_slices, name
from flows.timing import local_day
from flows.values import day_of

if TYPE_CHECKING:
    from flows.friend import Friend


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Condition):
    """[X]を押した / 押していない（7日以内）: a tracked link or named button; `days` 0 is ever."""

    kind: ClassVar[str] = "pressed"
    notation: ClassVar[Notation | None] = Notation(
        ('LINK PRESSED ["(" NUMBER "日以内" ")"]',),
        {"LINK": r"\[[^\[\]]+\](?= ?を ?押)", "PRESSED": "を ?押し?(?:た|ていない)(?:人|友だち)?"},
        {"PRESSED": "を押した・を押していない"},
    )
    link: str
    absent: bool = False
    days: int = 0

    @classmethod
    def read(cls, parts: Parts) -> Self:
        days = parts.number("日数", least=1)
        return cls(link=parts.inside("LINK"), absent="ない" in parts.word("PRESSED"), days=days)

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        days = days_since(friend.pressed.get(fold(self.link)), sight)
        pressed = days is not None and (not self.days or days <= self.days)
        return pressed is not self.absent

    def words(self) -> str:
        within = f"（{self.days}日以内）" if self.days else ""
        return f"[{self.link}]を{'押していない' if self.absent else '押した'}{within}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        mark = name("pressed", fold(self.link))
        return (mark, *day_slices(mark)) if self.days else (mark,)

    def members(self, index: Index, sight: Sight) -> Members:
        mark = name("pressed", fold(self.link))
        pressed = index.bitmap(mark)
        if self.days:
            pressed &= on_or_after(index, mark, day_of(local_day(sight.now, sight.zone)) - self.days)
        return definite(index, pressed, absent=self.absent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached(Condition):
    """配信「X」の受信者 / に反応した / に無反応 (`how`: received, reacted, silent)."""

    kind: ClassVar[str] = "reached"
    notation: ClassVar[Notation | None] = Notation(
        ("WORD QUOTED HOW",),
        {"WORD": "配信(?= ?「)", "HOW": "の受信者|に反応した(?:人|友だち)?|に無反応(?:の人|の友だち)?"},
        {"HOW": "の受信者・に反応した・に無反応"},
    )
    broadcast: str
    how: str

    @classmethod
    def read(cls, parts: Parts) -> Self:
        ending = parts.word("HOW")
        how = next(how for how, one in _ENDINGS.items() if ending.startswith(one))
        return cls(broadcast=parts.name("QUOTED"), how=how)

    def __post_init__(self) -> None:
        if self.how not in _ENDINGS:
            raise ValueError(f"no such way to meet a broadcast: {self.how!r}")

    def holds(self, friend: Friend, sight: Sight) -> Truth:
        reacted = friend.broadcasts.get(fold(self.broadcast))
        if reacted is None:
            return False
        return self.how == "received" or reacted is (self.how == "reacted")

    def words(self) -> str:
        return f"配信「{self.broadcast}」{_ENDINGS[self.how]}"

    def bitmaps(self, sight: Sight) -> Iterable[str]:
        key = fold(self.broadcast)
        return (name("got", key), name("reacted", key))

    def members(self, index: Index, sight: Sight) -> Members:
        got, reacted = (index.bitmap(mark) for mark in self.bitmaps(sight))
        match self.how:
            case "received":
                return definite(index, got)
            case "reacted":
                return definite(index, got & reacted)
            case _:
                return definite(index, got & ~reacted)


_ENDINGS = {"received": "の受信者", "reacted": "に反応した", "silent": "に無反応"}
