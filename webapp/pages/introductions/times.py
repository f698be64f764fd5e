"""A time to talk: chosen out of what both marked, answered in one tap, put into a calendar that says nothing."""

from datetime import datetime
from itertools import groupby
from uuid import UUID

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.lifecycles import WrongStep
from webapp.domain.meetings import MOST_OPEN
from webapp.extensions import transaction
from webapp.pages.introductions.arranging import TimeForm, WayForm
from webapp.pages.introductions.blueprint import lead_back, page
from webapp.pages.introductions.pair_page import name_way, pair_page
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services import introductions, matching
from webapp.services.acting import TooLate
from webapp.services.pairs import meetings
from webapp.ui import appointments, dates, meeting_words


@page.get("/together/<uuid:introduction_id>/times")
@declares(Action.MEET)
def show_times(introduction_id: UUID) -> ResponseReturnValue:
    """Ask by what way and how long, then show the times that both marked for it."""
    return _times_page(introduction_id, request.args)


@page.post("/together/<uuid:introduction_id>/times")
@declares(Action.MEET)
def propose_time(introduction_id: UUID) -> ResponseReturnValue:
    """Propose a time to the other."""
    form = TimeForm()
    starts_at = form.starts_at
    if starts_at is None:
        return _times_page(introduction_id, request.form, form, _("Choose a time first.")), 422
    limits.count_try(writing=str(current_actor().id))
    try:
        with transaction() as session:
            meetings.propose(
                session, current_actor(), introduction_id, way=form.way.data or "", minutes=form.length,
                starts_at=starts_at, instead_of=form.instead_of, now=clock.now(),
            )  # fmt: skip
    except meetings.NotShared:
        said = _("This time does not suit both of you any more. Choose another.")
        return _times_page(introduction_id, request.form, form, said), 409
    except meetings.TooMany:
        return pair_page(introduction_id, lost=_too_many()), 409
    except (WrongStep, TooLate):
        return pair_page(introduction_id, lost=_too_late()), 409
    return lead_back(introduction_id, "times")


def _too_many() -> str:
    return str(_("%(most)s proposed times are open already. Answer one or take one back first.", most=MOST_OPEN))


def _too_late() -> str:
    return str(_("That was not done, because it has changed meanwhile. This is how it stands now."))


@page.post("/together/<uuid:introduction_id>/times/<uuid:meeting_id>/accept")
@declares(Action.MEET)
def accept_time(introduction_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Say yes to a time."""
    return _decide(meetings.accept, introduction_id, meeting_id)


@page.post("/together/<uuid:introduction_id>/times/<uuid:meeting_id>/decline")
@declares(Action.MEET)
def decline_time(introduction_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Let a time pass."""
    return _decide(meetings.decline, introduction_id, meeting_id)


@page.post("/together/<uuid:introduction_id>/times/<uuid:meeting_id>/call-off")
@declares(Action.MEET)
def call_time_off(introduction_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Call a time off, or take one's own proposal back."""
    return _decide(meetings.call_off, introduction_id, meeting_id)


def _decide(act: meetings.Decision, introduction_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    try:
        with transaction() as session:
            act(session, current_actor(), introduction_id, meeting_id, now=clock.now())
    except meetings.NotShared:
        said = _("This time does not suit both of you any more. Choose another.")
        return pair_page(introduction_id, lost=said), 409
    except meetings.Taken:
        said = _("One of you has something else at that hour by now. You can propose another time instead.")
        return pair_page(introduction_id, lost=said), 409
    except (WrongStep, TooLate):
        return pair_page(introduction_id, lost=_too_late()), 409
    return lead_back(introduction_id, "times")


@page.get("/together/<uuid:introduction_id>/times/<uuid:meeting_id>/calendar")
@declares(Action.MEET)
def show_calendar(introduction_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Say who may read a calendar, before the file is offered."""
    with transaction() as session:
        pair = introductions.read_introduction(session, current_actor(), introduction_id)
        meeting = meetings.read_meeting(session, current_actor(), introduction_id, meeting_id, now=clock.now())
    return render_template("introductions/calendar.html", pair=pair, meeting=meeting)


@page.get("/together/<uuid:introduction_id>/times/<uuid:meeting_id>/appointment.ics")
@declares(Action.MEET)
def download(introduction_id: UUID, meeting_id: UUID) -> Response:
    """Give a file for a calendar that names nobody and nothing."""
    with transaction() as session:
        meeting = meetings.read_meeting(session, current_actor(), introduction_id, meeting_id, now=clock.now())
    response = make_response(appointments.write(meeting.starts_at, meeting.ends_at, made_at=clock.now()))
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = "attachment; filename=appointment.ics"
    return response


def _times_page(introduction_id: UUID, said: dict[str, str], form: TimeForm | None = None, wrong: str = "") -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        pair = introductions.read_introduction(session, actor, introduction_id)
        choice = meetings.read_choice(session, actor, introduction_id, now=now)
    asked = WayForm([(way, name_way(way)) for way in choice.shared.ways], said)
    starts = []
    if asked.is_chosen:
        starts = choice.shared.starts(asked.way.data, int(asked.minutes.data), choice.zone, now=now)
    form = form or TimeForm(data={"instead": said.get("instead")})
    if wrong:
        form.starts.errors = [wrong]
    return render_template(
        "introductions/times.html",
        pair=pair,
        asked=asked,
        form=form,
        days=_by_day(starts, choice.zone),
        words=meeting_words,
        name_way=name_way,
        is_empty=asked.is_chosen and not starts,
        leaves_site=asked.is_chosen and matching.leaves_the_site(asked.way.data),
    )


def _by_day(starts: list[datetime], zone: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Group the moments by their day on her clock, each with its hour in words."""
    days = groupby(starts, key=lambda one: dates.say_day(one, zone))
    return [(day, [(one.isoformat(), dates.say_hour(one, zone)) for one in moments]) for day, moments in days]
