"""How to reach a person, and where she lives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, ClassVar

from flows.names import narrow
from flows.questions.base import Heard, Question, Reading, Retry, Understood
from flows.questions.numerals import plain
from flows.questions.prefectures import PREFECTURES, REGIONS, prefecture
from flows.questions.showing import Press, button

_MAIL = re.compile(r"[!-?A-~]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_PHONE = re.compile(r"0(?![5-9]0)[1-9][0-9]{8}|0[5-9]0[0-9]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail(Question):
    """An e-mail address: one that could exist, the old ones of Japanese carriers included."""

    kind: ClassVar[str] = "mail"
    title: ClassVar[str] = "メール"
    retry: ClassVar[str] = "メールアドレスを、@ の前もうしろも含めて送ってください。例：hana@example.com"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        address = "".join(narrow(heard.text).split())
        if heard.what or len(address) > 254 or not _MAIL.fullmatch(address):
            return Retry(reason=self.retry)
        return Understood(value=address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Question):
    """A Japanese telephone number, kept as its ten or eleven digits."""

    kind: ClassVar[str] = "phone"
    title: ClassVar[str] = "電話"
    retry: ClassVar[str] = "電話番号を、市外局番から送ってください。例：090-1234-5678"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        digits = re.sub(r"[-()ー./]", "", plain(heard.text))
        digits = re.sub(r"^(?:\+|00)81(?:0)?", "0", digits)
        if heard.what or not _PHONE.fullmatch(digits):
            return Retry(reason=self.retry)
        return Understood(value=digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefecture(Question):
    """One of the 47 prefectures, with or without 都府県; the buttons lead over the regions, a page each."""

    kind: ClassVar[str] = "prefecture"
    title: ClassVar[str] = "都道府県"
    retry: ClassVar[str] = "都道府県の名前で送ってください。例：東京都"

    def understand(self, heard: Heard, now: datetime, zone: tzinfo, chosen: tuple[int, ...]) -> Reading:
        if heard.choice is not None and heard.choice < len(PREFECTURES):
            return Understood(value=PREFECTURES[heard.choice])
        found = None if heard.what else prefecture(heard.text)
        return Understood(value=found) if found else Retry(reason=self.retry)

    def buttons(self, press: Press, chosen: tuple[int, ...], page: int) -> Sequence[dict[str, Any]]:
        if not 1 <= page <= len(REGIONS):
            return [button(region, press(f"page{number}")) for number, region in enumerate(REGIONS, 1)]
        names = list(REGIONS.values())[page - 1]
        items = [button(name, press(f"c{PREFECTURES.index(name)}")) for name in names]
        return [*items, button("ほかの地方", press("page0"))]
