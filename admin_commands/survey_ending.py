"""What happens to those who have answered a survey in the making: thanks, a tag for all, a look before sending, points."""

from __future__ import annotations

from collections.abc import Callable

from admin_commands.desk import CommandError, Desk
from admin_commands.screens import Screen, tap
from admin_commands.sketch import bubble_of
from admin_commands.survey_sketch import PROSPECT, THANKS, reach
from admin_commands.wizard import Answer, Page, turn_to
from flows.names import narrow

_TAG_ALL = "みんなにタグも付ける"


def ending_pages(finish: Callable[[Desk], None]) -> dict[str, Page]:
    """The pages behind the last question; `finish` is called once nothing is left to ask."""

    def finishing(take: Callable[[Desk, Answer], None]) -> Callable[[Desk, Answer], None]:
        def taken(desk: Desk, given: Answer) -> None:
            take(desk, given)
            finish(desk)

        return taken

    return {
        "ending": Page(ask=_ask_ending, take=_take_ending),
        "done_tag": Page(ask=_ask_done_tag, take=_take_done_tag, own=True),
        "thanks": Page(ask=_ask_thanks, take=finishing(_take_thanks), body=True),
        "border": Page(ask=_ask_border, take=_take_border),
        "who": Page(ask=_ask_who, take=finishing(_take_who)),
    }


def _ask_ending(desk: Desk) -> Screen:
    _, high = reach(desk.form["questions"])
    split = (tap("点数で分ける"),) if high > 0 else ()
    tag = desk.form.get("done_tag")
    more = () if tag else (tap(_TAG_ALL),)
    return Screen(
        text=f"答え終わった人に、タグ「{tag}」を付けます。ほかに何をしますか？"
        if tag
        else "答え終わった人に何をしますか？",
        taps=(tap("お礼を送る"), tap("回答を見せて確認"), *split, *more),
        where=f"アンケート ▸ {desk.form['name']} ▸ 最後に",
    )


def _take_ending(desk: Desk, given: Answer) -> None:
    match narrow(given.text).strip():
        case "お礼を送る":
            turn_to(desk, "thanks")
        case "回答を見せて確認":
            turn_to(desk, "thanks", confirm=True)
        case "点数で分ける":
            turn_to(desk, "border")
        case "みんなにタグも付ける":
            turn_to(desk, "done_tag")
        case other:
            raise CommandError(f"「{other}」は選べませんでした。下から選んでください。")


def _ask_done_tag(desk: Desk) -> Screen:
    return Screen(
        text="答え終わった人みんなに付けるタグの名前を送ってください。",
        taps=(tap("回答済"),),
        where=f"アンケート ▸ {desk.form['name']} ▸ 最後に",
    )


def _take_done_tag(desk: Desk, given: Answer) -> None:
    name = " ".join(given.text.split()).strip("「」")
    if not 1 <= len(name) <= 20:
        raise CommandError("タグの名前は1〜20文字です。例：回答済")
    turn_to(desk, "ending", done_tag=name)


def _ask_thanks(desk: Desk) -> Screen:
    return Screen(
        text="お礼の文を送ってください。", taps=(tap(THANKS),), where=f"アンケート ▸ {desk.form['name']} ▸ お礼"
    )


def _take_thanks(desk: Desk, given: Answer) -> None:
    bubble = bubble_of(given)
    if "text" not in bubble:
        raise CommandError("お礼は文で送ってください。写真は、あとから台本で足せます。")
    desk.form = {**desk.form, "thanks": bubble["text"]}


def _ask_border(desk: Desk) -> Screen:
    low, high = reach(desk.form["questions"])
    return Screen(
        text=f"合計は{low}〜{high}点です。何点以上を分けますか？ 例：{(low + high + 1) // 2}",
        where=f"アンケート ▸ {desk.form['name']} ▸ 点数で分ける",
    )


def _take_border(desk: Desk, given: Answer) -> None:
    low, high = reach(desk.form["questions"])
    said = narrow(given.text).strip().removesuffix("以上").removesuffix("点")
    if not said.lstrip("-").isdecimal() or not low < int(said) <= high:
        raise CommandError(f"{low + 1}〜{high}の数字で送ってください。例：{(low + high + 1) // 2}")
    turn_to(desk, "who", border=int(said))


def _ask_who(desk: Desk) -> Screen:
    return Screen(
        text=f"{desk.form['border']}点以上の人は、どうしますか？（「{PROSPECT}」はタグです）",
        taps=(tap("見込み客にして知らせる"), tap("見込み客にするだけ"), tap("文を分けるだけ")),
        where=f"アンケート ▸ {desk.form['name']} ▸ 点数で分ける",
    )


def _take_who(desk: Desk, given: Answer) -> None:
    said = narrow(given.text).strip()
    if said not in {"見込み客にして知らせる", "見込み客にするだけ", "文を分けるだけ"}:
        raise CommandError(f"「{said}」は選べませんでした。下から選んでください。")
    desk.form = {**desk.form, "prospect": said.startswith("見込み客"), "tell": said.endswith("知らせる")}
