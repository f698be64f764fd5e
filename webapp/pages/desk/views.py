"""The pages of the desk. What a coordinator reads about a woman is recorded before it is shown."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import clock
from webapp.domain.access import Action
from webapp.domain.requests import State
from webapp.extensions import Session, aside, reading, transaction
from webapp.pages.desk import approvals, concerns, cover, covering, holds, looking_again, pairs, tasks, threads
from webapp.pages.desk.blueprint import page
from webapp.pages.desk.forms import (
    NEEDS_REASON,
    READ_NAMES,
    REASONS,
    SHOWN_ENOUGH,
    TAKE_BACK_REASONS,
    ShowThemForm,
    TakeBackForm,
    card_in,
)
from webapp.pages.desk.queues import beside, queue_of
from webapp.pages.desk.task_words import say_why
from webapp.pages.desk.words import Gates, Reading, say_decimal
from webapp.security import limits
from webapp.security.guard import current_actor, declares
from webapp.services import desk, keys, proposals, rankings, wording, work
from webapp.services.accounts import kept_words
from webapp.services.acting import TooLate
from webapp.services.cards import taking_back
from webapp.services.desk import frame, profiles, queues
from webapp.services.safety import for_the_desk
from webapp.ui import language
from webapp.ui.differs_words import say_ticks
from webapp.ui.forms import many_at_once
from webapp.ui.unread import say_unread

SUBJECTS = (approvals, concerns, cover, covering, holds, looking_again, pairs, tasks, threads)
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
        side = frame.read_side(session, actor, now=now)
        shown = queues.read_queue(session, actor, here, number, counts=side.counts, now=now)
        silence = work.read_silence(session, now=now)
        unread = say_unread(keys.list_unread(session, actor))
    with aside() as session:
        queues.record_reading(session, actor, here, now=now)
    late = {"silence": silence, "unread": unread, "today": now.date(), "say_why": say_why}
    return render_template("desk/desk.html", shown=shown, here=here, **beside(side, here), **late)


@page.get("/desk/requests/<uuid:request_id>")
@declares(Action.READ_REQUEST)
def show_request(request_id: UUID) -> ResponseReturnValue:
    """Show her answers in words, her clock, and what has been done."""
    return _request_page(request_id)


@page.post("/desk/requests/<uuid:request_id>/take-back")
@declares(Action.TAKE_CARD_BACK, keeps="desk.show_request")
def take_back(request_id: UUID) -> ResponseReturnValue:
    """Take back a card that she is shown, or all of them, until she has chosen."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        form = TakeBackForm.of(desk.read_request(session, actor, request_id, now=now)["shown"])
    if not form.validate():
        return _request_page(request_id, form), 422
    try:
        limits.count_try(writing=str(actor.id))
        with transaction() as session:
            told = {"reason": form.reason.data, "note": form.note.data or ""}
            taking_back.take_back(session, actor, request_id, card_in(form), **told, now=now)
            kept_words.settle(session, actor, request.path, now=now)
    except TooLate:
        form.note.errors = [_("Nothing was taken back: she has chosen by now, or that card is gone.")]
        return _request_page(request_id, form), 409
    except limits.TooSoon as wait:
        form.note.errors = [many_at_once(wait.seconds)]
        return _request_page(request_id, form), 429, {"Retry-After": str(wait.seconds)}
    flash(_("Taken back. She does not read why."))
    return redirect(url_for("desk.show_request", request_id=request_id), 303)


def _request_page(request_id: UUID, form: TakeBackForm | None = None) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        shown = desk.read_request(session, actor, request_id, now=now)
        reaching = None if shown["is_closed"] else _read_reachable(session, request_id)
    with aside() as session:
        desk.record_reading(session, actor, request_id, now=now)
    return render_template(
        "desk/request.html",
        **beside(side),
        request_id=request_id,
        screens=wording.say_screens(shown["answers"], "requester", language.current()),
        State=State,
        reasons=REASONS,
        reaching=reaching,
        back_reasons=TAKE_BACK_REASONS,
        say_ticks=say_ticks,
        form=form or TakeBackForm.of(shown["shown"]),
        **shown,
    )


def _read_reachable(session: Session, request_id: UUID) -> for_the_desk.Reachable:
    return for_the_desk.read_reachable(session, current_actor(), request_id, language.current(), now=clock.now())


@page.get("/desk/requests/<uuid:request_id>/profile")
@declares(Action.READ_REQUEST)
def show_profile(request_id: UUID) -> ResponseReturnValue:
    """Show how the engine reads her answers: her profile vector, and what each column can earn."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        profile = profiles.read_profile(session, actor, request_id, language.current(), now=now)
    with aside() as session:
        desk.record_reading(session, actor, request_id, now=now)
    return render_template(
        "desk/profile.html",
        **beside(side),
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
        side = frame.read_side(session, actor, now=now)
        ranking = rankings.read_ranking(session, actor, ranking_id, now=now)
    with aside() as session:
        desk.record_reading(session, actor, ranking.request_id, now=now)
    return _ranking_page(ranking, side, ShowThemForm.of(ranking))


@page.get("/desk/rankings/<uuid:ranking_id>/gates/<gate>")
@declares(Action.RANK)
def show_gate(ranking_id: UUID, gate: str) -> ResponseReturnValue:
    """Show whom one gate rules out for her, a page at a time, worked out when it is asked for."""
    actor, now = current_actor(), clock.now()
    number = request.args.get("page", 1, type=int)
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        shown = rankings.read_gate(session, actor, ranking_id, gate, number=number, now=now)
    with aside() as session:
        desk.record_reading(session, actor, shown.request_id, now=now)
    return render_template("desk/gate.html", **beside(side), shown=shown, said=Gates(language.current()))


@page.post("/desk/rankings/<uuid:ranking_id>/approve")
@declares(Action.APPROVE_PROPOSALS)
def approve(ranking_id: UUID) -> ResponseReturnValue:
    """Show her up to three women; where others stand higher, with a reason."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        side = frame.read_side(session, actor, now=now)
        ranking = rankings.read_ranking(session, actor, ranking_id, now=now)
    form = ShowThemForm.of(ranking)
    if form.validate():
        try:
            show_them(ranking_id, form)
            flash(_("She can see them now. When she has chosen, the first of them is asked."))
            return redirect(url_for("desk.show_request", request_id=ranking.request_id), 303)
        except proposals.ShownEnough:
            form.reason.errors = [SHOWN_ENOUGH]
        except proposals.NeedsReason:
            form.reason.errors = [NEEDS_REASON]
        except proposals.NamesUnread:
            form.has_read_names.errors = [READ_NAMES]
        except proposals.Outdated:  # the page says so in a banner, and leads to a new ranking
            pass
    with aside() as session:
        desk.record_reading(session, actor, ranking.request_id, now=now)
    return _ranking_page(ranking, side, form), 409 if ranking.is_outdated else 422


def show_them(ranking_id: UUID, form: ShowThemForm) -> None:
    """Show her those who were ticked. Raises what stands against it."""
    with transaction() as session:
        proposals.approve_proposals(
            session,
            current_actor(),
            ranking_id,
            [UUID(one) for one in form.supporters.data],
            override=form.reason.data or None,
            note=form.note.data or "",
            has_read_names=form.has_read_names.data,
            now=clock.now(),
        )


def _ranking_page(ranking: rankings.ShownRanking, side: frame.Side, form: ShowThemForm) -> str:
    said = Reading(ranking, language.current())
    boxes = {box.data: box for box in form.supporters}
    return render_template("desk/ranking.html", **beside(side), ranking=ranking, said=said, form=form, boxes=boxes)
