"""A request from the first answer to the sending, and its withdrawal."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.domain import proposals as proposal_rules
from webapp.domain import requests
from webapp.domain.access import Action, Actor, Subject
from webapp.domain.audited import Act
from webapp.domain.introductions import Side, Then
from webapp.domain.lifecycles import WrongStep
from webapp.domain.notices import Notice
from webapp.domain.tasks import WAITS_TOO_LONG, Kind
from webapp.models import Request as Request  # pages name it by this module
from webapp.services import audit, outbox, tasks
from webapp.services.acting import hold_request, load, load_locked, require
from webapp.services.answers import answers_of, keep_answers
from webapp.services.locking import Held
from webapp.services.matching import Said, questionnaire, unanswered
from webapp.services.pairs import endings
from webapp.services.pairs.endings import Ending
from webapp.services.safety import reading, records
from webapp.services.safety.asked import is_of_contact


class NotReady(Exception):
    """Raised when a request lacks what is needed: the ids of the questions."""

    def __init__(self, questions: list[str]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


def subject_of(request: Request) -> Subject:
    """Say whose a request is."""
    return Subject(owner=request.user_id)


def find_open_request(session: Session, actor: Actor) -> Request | None:
    """Return her open request, if she has one."""
    states = sorted(requests.OPEN)
    return session.scalars(select(Request).where(Request.user_id == actor.id, Request.state.in_(states))).first()


def start_request(session: Session, actor: Actor, *, time_zone: str, now: datetime) -> Request:
    """Open a draft for her, or return the open one."""
    require(actor, Action.ANSWER_QUESTIONS, Subject(owner=actor.id))
    request = find_open_request(session, actor)
    if request is None:
        asked = questionnaire()
        request = Request(
            user_id=actor.id,
            state=requests.State.DRAFT,
            questionnaire=asked.id,
            questionnaire_version=str(asked.version),
            time_zone=time_zone,
            started_at=now,
        )
        _carry_over(session, actor, request)
        session.add(request)
        audit.record(session, actor, Act.REQUEST_STARTED, request, at=now, about=actor.id)
    return request


def _carry_over(session: Session, actor: Actor, request: Request) -> None:
    """Take along what she answered last time, where she had come to a good end; she looks it over before she sends."""
    hers = select(Request).where(Request.user_id == actor.id).order_by(Request.started_at.desc()).limit(1)
    last = session.scalars(hers).first()
    if last is not None and last.state == requests.State.CLOSED:
        request.time_zone = last.time_zone
        keep_answers(request, answers_of(last))


def read_answers(session: Session, actor: Actor, request_id: UUID) -> dict[str, Said]:
    """Return her own answers by question."""
    request = load(session, Request, request_id)
    require(actor, Action.ANSWER_QUESTIONS, subject_of(request))
    return answers_of(request)


def answer_questions(
    session: Session, actor: Actor, request_id: UUID, answers: Mapping[str, Said | None], *, now: datetime
) -> dict[str, Said]:
    """Keep the answers of one screen; None forgets the answer: the question counts as skipped. Returns all of hers.

    What she is no longer asked, given the others, is not kept.
    Raises NotReady where a request that was sent would lose what is needed.
    """
    request = load_locked(session, Request, request_id)
    require(actor, Action.ANSWER_QUESTIONS, subject_of(request))
    requests_may_change(request)
    given = {question: said for question, said in {**answers_of(request), **answers}.items() if said is not None}
    kept = keep_answers(request, given)
    missing = [one for one in unanswered(kept, "requester") if one in answers]
    if missing and request.state != requests.State.DRAFT:
        raise NotReady(missing)
    audit.record(session, actor, Act.QUESTIONS_ANSWERED, request, at=now, about=actor.id)
    return kept


def choose_time_zone(session: Session, actor: Actor, request_id: UUID, time_zone: str) -> None:
    """Keep by which clock she lives."""
    request = load_locked(session, Request, request_id)
    require(actor, Action.ANSWER_QUESTIONS, subject_of(request))
    requests_may_change(request)
    request.time_zone = time_zone


def requests_may_change(request: Request) -> None:
    """Let answers change only while nobody has been suggested on their grounds. Raises WrongStep."""
    if request.state not in (requests.State.DRAFT, requests.State.WAITING, requests.State.PAUSED):
        requests.step(requests.State(request.state), requests.Event.SENT)


def send_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> Request:
    """Send her request to the coordinators; sent twice is sent once. Raises NotReady with what is still needed."""
    request = load_locked(session, Request, request_id)
    require(actor, Action.SEND_REQUEST, subject_of(request))
    if request.state == requests.State.WAITING:
        return request
    answers = answers_of(request)
    missing = [one for one in unanswered(answers, "requester") if not _is_on_record(session, request, one)]
    if missing:
        raise NotReady(missing)
    request.state = requests.step(requests.State(request.state), requests.Event.SENT)
    request.waiting_since = now
    records.begin(session, actor, request.user_id, answers, now=now)
    request.look_from(now)
    audit.record(session, actor, Act.REQUEST_SENT, request, at=now, about=actor.id)
    outbox.put(session, Notice.REQUEST_WAITS, dedupe=str(request.id), due_at=now, request=str(request.id))
    return request


def _is_on_record(session: Session, request: Request, question_id: str) -> bool:
    """Say whether a question is not asked because she has told it on her own page."""
    return is_of_contact(questionnaire().by_id[question_id]) and reading.find(session, request.user_id) is not None


def stop_looking(session: Session, actor: Actor, request: Request, *, now: datetime) -> None:
    """Forget the day that her page named, and the task that it had passed: people are shown, or she wants nobody."""
    request.look_again_on = request.look_again = None
    tasks.close_kinds(session, actor, request.user_id, {*WAITS_TOO_LONG, Kind.NOT_CHOSEN}, now=now)


def withdraw_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """End her request without a reason, and whatever was on its way; taken back twice is taken back once."""
    held = hold_request(session, request_id)
    require(actor, Action.WITHDRAW_REQUEST, subject_of(held.request))
    if held.request.state == requests.State.WITHDRAWN:
        return
    held.request.state = requests.step(requests.State(held.request.state), requests.Event.WITHDRAWN)
    end_live_proposals(session, held, now=now)
    for introduction in (one for one in held.introductions if one.covers_id is None):
        endings.end_introduction(session, actor, held, introduction, Ending(Side.REQUESTER, Then.DONE), now=now)
    stop_looking(session, actor, held.request, now=now)
    audit.record(session, actor, Act.REQUEST_WITHDRAWN, held.request, at=now, about=actor.id)


def pause_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Let her request rest: whatever was on its way ends, her answers and her place stay. Twice is once.

    Raises WrongStep where she is introduced: a pair takes its own pause, or ends.
    """
    held = hold_request(session, request_id)
    request = held.request
    require(actor, Action.PAUSE_REQUEST, subject_of(request))
    if request.state == requests.State.PAUSED:
        return
    if request.state == requests.State.MATCHED:
        raise WrongStep(requests.State.MATCHED, requests.Event.PAUSED)
    request.state = requests.step(requests.State(request.state), requests.Event.PAUSED)
    end_live_proposals(session, held, now=now)
    stop_looking(session, actor, request, now=now)
    audit.record(session, actor, Act.REQUEST_PAUSED, request, at=now, about=actor.id)


def resume_request(session: Session, actor: Actor, request_id: UUID, *, now: datetime) -> None:
    """Go on with a request that rests: she waits again, in her old place. Twice is once. Raises WrongStep."""
    request = load_locked(session, Request, request_id)
    require(actor, Action.PAUSE_REQUEST, subject_of(request))
    if request.state == requests.State.WAITING:
        return
    request.state = requests.step(requests.State(request.state), requests.Event.RESUMED)
    request.look_from(now)
    audit.record(session, actor, Act.REQUEST_RESUMED, request, at=now, about=actor.id)
    dedupe = f"{request.id}:{now.isoformat()}"
    outbox.put(session, Notice.REQUEST_WAITS, dedupe=dedupe, due_at=now, request=str(request.id))


def end_live_proposals(session: Session, held: Held, *, now: datetime) -> None:
    """Withdraw every proposal of a request that is not over."""
    for proposal in held.proposals:
        if proposal.state in proposal_rules.LIVE:
            proposal.state = proposal_rules.step(proposal_rules.State(proposal.state), proposal_rules.Event.WITHDRAWN)
            proposal.ended_at = now
            outbox.cancel(session, Notice.OFFER_STILL_OPEN, dedupe=str(proposal.id))
