"""The pages of the desk. What a coordinator reads about a woman is recorded before it is shown."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.requests import State
from webapp.extensions import aside, reading, transaction
from webapp.pages.desk import concerns, pairs, tasks
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.forms import NEEDS_REASON, READ_NAMES, REASONS, ShowThemForm
from webapp.pages.desk.queues import queue_links, queue_of
from webapp.pages.desk.task_words import say_why
from webapp.pages.desk.words import Gates, Reading, say_decimal
from webapp.security.guard import current_actor, declares
from webapp.services import checkins, desk, keys, proposals, rankings, wording, work
from webapp.services.acting import TooLate
from webapp.services.desk import profiles, queues
from webapp.ui import checkin_words, language
from webapp.ui.unread import say_unread

SUBJECTS = (tasks, concerns, pairs)
"""Every other module that adds routes to the blueprint."""
TRIES = 3
"""How often a request is ranked again because she changed it meanwhile."""


@page.get("/desk")
@declares(Action.SEE_DESK)
def show_desk() -> ResponseReturnValue:
    """Show one queue a page at a time, the longest wait first."""
    actor, now, here = current_actor(), clock.now(), queue_of(request.args.get("queue"))
    number = request.args.get("page", 1, type=int)
    with transaction() as session:
        counts = queues.count_queues(session, actor, now=now)
        shown = queues.read_queue(session, actor, here, number, counts=counts, now=now)
        silence = work.read_silence(session, now=now)
        unread = say_unread(keys.list_unread(session, actor))
    with aside() as session:
        queues.record_reading(session, actor, here, now=now)
    links = queue_links(counts, here)
    late = {"silence": silence, "unread": unread, "today": now.date(), "say_why": say_why}
    return render_template("desk/desk.html", shown=shown, here=here, queues=links, **late)


@page.get("/desk/requests/<uuid:request_id>")
@declares(Action.READ_REQUEST)
def show_request(request_id: UUID) -> ResponseReturnValue:
    """Show her answers in words, her clock, and what has been done."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        counts = queues.count_queues(session, actor, now=now)
        shown = desk.read_request(session, actor, request_id, now=now)
    with aside() as session:
        desk.record_reading(session, actor, request_id, now=now)
    screens = wording.say_screens(shown["answers"], "requester", language.current())
    return render_template(
        "desk/request.html",
        queues=queue_links(counts),
        request_id=request_id,
        screens=screens,
        State=State,
        reasons=REASONS,
        **shown,
    )


@page.get("/desk/requests/<uuid:request_id>/profile")
@declares(Action.READ_REQUEST)
def show_profile(request_id: UUID) -> ResponseReturnValue:
    """Show how the engine reads her answers: her profile vector, and what each column can earn."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        counts = queues.count_queues(session, actor, now=now)
        profile = profiles.read_profile(session, actor, request_id, language.current(), now=now)
    with aside() as session:
        desk.record_reading(session, actor, request_id, now=now)
    return render_template(
        "desk/profile.html",
        queues=queue_links(counts),
        request_id=request_id,
        profile=profile,
        say_points=lambda points: say_decimal(points, 1, language.current()),
    )


@page.post("/desk/requests/<uuid:request_id>/rank")
@declares(Action.RANK)
def rank_request(request_id: UUID) -> ResponseReturnValue:
    """Look who could be there for her, and keep what came out: nothing is locked while it is worked out."""
    actor, now = current_actor(), clock.now()
    for _once in range(TRIES):
        with reading() as session:
            made = rankings.work_out(session, actor, request_id, now=now)
        try:
            with transaction() as session:
                ranking_id = rankings.keep_ranking(session, actor, made, now=now).id
            return redirect(url_for("desk.show_ranking", ranking_id=ranking_id), 303)
        except rankings.Moved:
            continue
    raise TooLate


@page.get("/desk/rankings/<uuid:ranking_id>")
@declares(Action.RANK)
def show_ranking(ranking_id: UUID) -> ResponseReturnValue:
    """Show a ranking as it was kept: who, why, and who was ruled out by what."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        counts = queues.count_queues(session, actor, now=now)
        ranking = rankings.read_ranking(session, actor, ranking_id)
    with aside() as session:
        desk.record_reading(session, actor, ranking.request_id, now=now)
    return _ranking_page(ranking, counts, ShowThemForm.of(ranking))


@page.get("/desk/rankings/<uuid:ranking_id>/gates/<gate>")
@declares(Action.RANK)
def show_gate(ranking_id: UUID, gate: str) -> ResponseReturnValue:
    """Show whom one gate rules out for her, a page at a time, worked out when it is asked for."""
    actor, now = current_actor(), clock.now()
    number = request.args.get("page", 1, type=int)
    with transaction() as session:
        counts = queues.count_queues(session, actor, now=now)
        shown = rankings.read_gate(session, actor, ranking_id, gate, number=number, now=now)
    with aside() as session:
        desk.record_reading(session, actor, shown.request_id, now=now)
    return render_template("desk/gate.html", queues=queue_links(counts), shown=shown, said=Gates(language.current()))


@page.post("/desk/rankings/<uuid:ranking_id>/approve")
@declares(Action.APPROVE_PROPOSALS)
def approve(ranking_id: UUID) -> ResponseReturnValue:
    """Show her up to three women; where others stand higher, with a reason."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        counts = queues.count_queues(session, actor, now=now)
        ranking = rankings.read_ranking(session, actor, ranking_id)
    form = ShowThemForm.of(ranking)
    if form.validate():
        chosen, reason = [UUID(one) for one in form.supporters.data], form.reason.data or None
        try:
            with transaction() as session:
                proposals.approve_proposals(
                    session,
                    actor,
                    ranking_id,
                    chosen,
                    override=reason,
                    note=form.note.data or "",
                    has_read_names=form.has_read_names.data,
                    now=now,
                )
            flash(_("She can see them now. When she has chosen, the first of them is asked."))
            return redirect(url_for("desk.show_request", request_id=ranking.request_id), 303)
        except proposals.NeedsReason:
            form.reason.errors = [NEEDS_REASON]
        except proposals.NamesUnread:
            form.has_read_names.errors = [READ_NAMES]
    with aside() as session:
        desk.record_reading(session, actor, ranking.request_id, now=now)
    return _ranking_page(ranking, counts, form), 422


@page.get("/desk/check-ins/<uuid:checkin_id>")
@declares(Action.READ_CHECKIN)
def show_checkin(checkin_id: UUID) -> ResponseReturnValue:
    """Show what was ticked in a check-in that needs somebody."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        counts = queues.count_queues(session, actor, now=now)
        shown = desk.read_checkin(session, actor, checkin_id)
    with aside() as session:
        desk.record_reading_of_checkin(session, actor, checkin_id, now=now)
    said = checkin_words.say_checkin(shown["side"], shown["said"])
    return render_template("desk/checkin.html", queues=queue_links(counts), one=shown, said=said)


@page.post("/desk/check-ins/<uuid:checkin_id>/settle")
@declares(Action.SETTLE_CHECKIN)
def settle_checkin(checkin_id: UUID) -> ResponseReturnValue:
    """Take a check-in off the desk."""
    try:
        with transaction() as session:
            checkins.settle_checkin(session, current_actor(), checkin_id, now=clock.now())
        flash(_("Settled. It is off the desk."))
    except TooLate:
        flash(_("It was settled already."))
    return redirect(url_for("desk.show_desk", queue="checkins"), 303)


def _ranking_page(ranking: rankings.ShownRanking, counts: queues.Counts, form: ShowThemForm) -> str:
    said = Reading(ranking, language.current())
    boxes = {box.data: box for box in form.supporters}
    return render_template(
        "desk/ranking.html", queues=queue_links(counts), ranking=ranking, said=said, form=form, boxes=boxes
    )
