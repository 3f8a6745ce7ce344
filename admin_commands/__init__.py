"""What staff can say. One family is one file; add it to FAMILIES. A form that asks page by page is in WIZARDS."""

from collections.abc import Mapping

from admin_commands.ab import ab
from admin_commands.ab_broadcast import ab_broadcast
from admin_commands.ab_form import ab_form
from admin_commands.autoreply import autoreply, autoreply_form
from admin_commands.branching import branching
from admin_commands.broadcast import broadcast, broadcast_form
from admin_commands.bundle import bundle, bundle_form
from admin_commands.editing import add_form, body_form, editing
from admin_commands.elsewhere import elsewhere
from admin_commands.exporting import exporting
from admin_commands.forgetting import forgetting, trying
from admin_commands.friend import friend
from admin_commands.friend_mode import friend_mode
from admin_commands.help import help_
from admin_commands.history import history
from admin_commands.home import home
from admin_commands.kept import kept
from admin_commands.label import label
from admin_commands.life import life
from admin_commands.making import maker, making
from admin_commands.making_survey import making_survey, survey_maker
from admin_commands.menu import menu
from admin_commands.news import news
from admin_commands.notes import notes
from admin_commands.occasion import occasion
from admin_commands.part import part, part_form
from admin_commands.pasting import pasting
from admin_commands.people import people
from admin_commands.preview import preview
from admin_commands.prospects import prospects
from admin_commands.publishing import publishing
from admin_commands.quota import quota
from admin_commands.reading import line_form
from admin_commands.registry import Family
from admin_commands.rehearsing import rehearsal_form, rehearsing
from admin_commands.renaming import renaming
from admin_commands.reply import reply, reply_form
from admin_commands.report import report
from admin_commands.report_clicks import report_file
from admin_commands.room import room
from admin_commands.roster import roster_form
from admin_commands.scenario import opened, scenario
from admin_commands.schedule import schedule
from admin_commands.segment import segment
from admin_commands.segment_keeping import segment_keeping
from admin_commands.setting import setting
from admin_commands.shaping import shaping
from admin_commands.staff import staff
from admin_commands.tagging import tagging
from admin_commands.template import template
from admin_commands.wizard import Wizard

FAMILIES: tuple[Family, ...] = (
    home,
    help_,
    scenario,
    making,
    making_survey,
    template,
    pasting,
    opened,
    preview,
    rehearsing,
    publishing,
    editing,
    branching,
    shaping,
    life,
    broadcast,
    schedule,
    autoreply,
    part,
    bundle,
    menu,
    friend,
    occasion,
    notes,
    prospects,
    reply,
    segment,
    segment_keeping,
    people,
    label,
    tagging,
    renaming,
    quota,
    report,
    report_file,
    ab,
    ab_broadcast,
    history,
    exporting,
    staff,
    news,
    friend_mode,
    trying,
    forgetting,
    setting,
    room,
    kept,
    elsewhere,
)

WIZARDS: Mapping[str, Wizard] = {
    form.name: form
    for form in (
        maker,
        survey_maker,
        rehearsal_form,
        body_form,
        add_form,
        autoreply_form,
        part_form,
        bundle_form,
        broadcast_form,
        ab_form,
        reply_form,
        line_form,
        roster_form,
    )
}
