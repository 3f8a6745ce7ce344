"""シナリオ作成: from the name to the first publishing, one question at a time."""

from __future__ import annotations

from admin_commands import making_choices, making_start, making_steps
from admin_commands.content import with_contents
from admin_commands.desk import Desk
from admin_commands.making_steps import keep_draft, missing, show_last
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.wizard import Answer, Wizard, ask, begin
from flows.catalog import Role

making = Family(name="シナリオ", about="シナリオを作る")
FORM = "シナリオ作成"

maker = Wizard(
    name=FORM,
    pages=with_contents({**making_start.PAGES, **making_steps.PAGES, **making_choices.PAGES}),
    keep=keep_draft,
    preview=show_last,
    missing=missing,
)


@making.command(
    "シナリオ作成",
    alias=("しなりおさくせい", "新しいシナリオ", "シナリオを作る", "create"),
    usage="シナリオ作成 [名前]",
    needs=Role.EDITOR,
    examples=[("シナリオ作成", "どんなシナリオですか"), ("シナリオ作成 冬のご案内", "どんなシナリオですか")],
)
def make(desk: Desk, words: MaybeWords) -> None:
    """質問に答えていくだけで、シナリオを作ります。途中でやめても、作りかけは残ります。"""
    begin(desk, FORM, "name" if words else "purpose", {"name": ""})
    if words:
        making_start.take_name(desk, Answer(text=words))
        desk.form["page"] = "purpose"
    ask(desk, maker)
