"""The story: a few of the invented women further on their way, one in every state, by the same acts as on the site."""

from datetime import datetime, timedelta
from uuid import UUID

from seeds.load import Programme, give_second_lock
from webapp.content.programme import load
from webapp.domain.access import Actor, Role
from webapp.domain.agreements import Often
from webapp.domain.details import Kind
from webapp.services import (
    checkins,
    choices,
    conversations,
    introductions,
    matching,
    offers,
    proposals,
    rankings,
    requests,
    tasks,
    waiting,
)
from webapp.services.pairs import agreements, details, meetings
from webapp.services.threads import talking

HELLO = "Hello, I am {name}. Thank you for saying yes. I am a little nervous, evenings are best for me."
ANSWER = "Hello {name}, I am glad you wrote. No hurry with anything. How was your day?"


ASKS = "I moved to my sister's. Can we begin a week later, and only write for now?"
TOLD = "Of course. Take the week. I have noted that writing suits you best."
WORD = "Two women finish their training this week. I look again when they have."
ASKS_TOO = "Is it all right if I answer some of the questions on paper?"
HEAVY = "The last talk stays with me. Nothing is wrong, I would like to think it through with somebody."


def tell(programme: Programme) -> dict[str, str]:
    """Move people on; return whom to sign in as, to see each state."""
    _arrange(programme, *_introduce(programme, "r02", days=4, words=True))
    _introduce(programme, "r33", days=5, words=False)
    _answer_unsafe(programme, _introduce(programme, "r46", days=6, words=True))
    shown = _show(programme, "r01")
    offered = _offer(programme, "r24")
    _want_none(programme, "r03")
    _write_to_the_staff(programme)
    woman, request_id = programme.women["r38"]
    requests.withdraw_request(programme.session, woman, request_id, now=programme.now)
    draft = programme.account("new", next(iter(woman.roles)))
    requests.start_request(programme.session, draft, time_zone="America/Toronto", now=programme.now)
    return {
        "coordinator": "the desk",
        "approver": "the list of what coordinators did not get to",
        "new": "a woman who has just begun",
        "r05": "a woman who waits, and has a word from the coordinators",
        "r01": f"a woman with {shown} people to choose from",
        "r24": "a woman whose first choice is being asked",
        "r03": "a woman who wanted none of those whom she was shown",
        "r02": "a woman who has been introduced; her first check-in is due",
        offered: "a supporter with someone hoping for her",
    }


def _write_to_the_staff(programme: Programme) -> None:
    """Let one who waits have an answer and a new day, another wait for one, and a supporter need to talk."""
    session, now = programme.session, programme.now
    give_second_lock(session, programme.account("approver", Role.APPROVER), now)
    woman, request_id = programme.women["r05"]
    talking.write(session, woman, ASKS, "1", now=now - timedelta(hours=5))
    talking.answer(session, programme.coordinator, woman.id or UUID(int=0), TOLD, "2", seen=None, now=now)
    tasks.close_kinds(session, programme.coordinator, woman.id or UUID(int=0), talking.HER_KINDS, now=now)
    day = load().staffed.add_working_days(now.date(), 6)
    waiting.look_again_on(session, programme.coordinator, request_id, day, WORD, now=now)
    talking.write(session, programme.women["r09"][0], ASKS_TOO, "1", now=now - timedelta(hours=2))
    talking.ask_for_contact(session, programme.supporters["s02"][0], talking.How.HERE, HEAVY, "1", now=now)


def _show(programme: Programme, name: str, at: datetime | None = None) -> int:
    _, request_id = programme.women[name]
    now = at or programme.now
    ranking = rankings.rank_request(programme.session, programme.coordinator, request_id, now=now)
    programme.session.flush()
    first = [UUID(candidate["offer"]) for candidate in ranking.content["candidates"][:3]]
    made = proposals.approve_proposals(
        programme.session, programme.coordinator, ranking.id, first, override=None, has_read_names=True, now=now
    )
    return len(made)


def _want_none(programme: Programme, name: str) -> None:
    _show(programme, name)
    woman, request_id = programme.women[name]
    choices.choose(programme.session, woman, request_id, ordered=[], instead=choices.NOBODY, now=programme.now)
    programme.session.flush()


def _offer(programme: Programme, name: str, at: datetime | None = None) -> str:
    """Show people to a woman and let her choose the first; return the supporter who is asked."""
    _show(programme, name, at)
    woman, request_id = programme.women[name]
    choices.choose(
        programme.session, woman, request_id, ordered=[], instead=choices.CHOOSE_FOR_ME, now=at or programme.now
    )
    programme.session.flush()
    asked = [
        key
        for key, (actor, _) in programme.supporters.items()
        if _offers_of(programme, actor, request_id, at or programme.now)
    ]
    return asked[0]


def _offers_of(programme: Programme, supporter: Actor, request_id: UUID, at: datetime) -> list[UUID]:
    open_ = offers.list_offers(programme.session, supporter, now=at)
    return [offer.id for offer in open_ if offer.request_id == request_id]


def _introduce(programme: Programme, name: str, *, days: int, words: bool) -> tuple[Actor, UUID]:
    """Bring a woman and a supporter together some days ago; return her with the introduction."""
    at = programme.now - timedelta(days=days)
    woman, request_id = programme.women[name]
    supporter, _ = programme.supporters[_offer(programme, name, at)]
    (offer,) = _offers_of(programme, supporter, request_id, at)
    introduction = offers.accept_proposal(programme.session, supporter, offer, now=at)
    called = matching.name_of(introduction.request)
    for minutes, (person, said) in enumerate([(woman, HELLO), (supporter, ANSWER)] if words else [], start=5):
        sent, text = at + timedelta(minutes=minutes), said.format(name=called)
        conversations.write_message(programme.session, person, introduction.id, text, now=sent)
    return woman, introduction.id


def _arrange(programme: Programme, woman: Actor, introduction_id: UUID) -> None:
    """Let the supporter propose a time and how the two could talk, and release a number that is nobody's."""
    session, now = programme.session, programme.now
    pair = introductions.load_pair(session, woman, introduction_id)
    supporter = next(actor for actor, key in programme.supporters.values() if key == pair.supporter_id)
    choice = meetings.read_choice(session, supporter, introduction_id, now=now)
    starts = {way: choice.shared.starts(way, 30, choice.zone, now=now) for way in choice.shared.ways}
    for way, times in list(starts.items())[:1]:
        for starts_at in times[:1]:
            meetings.propose(session, supporter, introduction_id, way=way, minutes=30, starts_at=starts_at, now=now)
    details.release(session, supporter, introduction_id, Kind.NUMBER, "416 555 0143", now=now)
    terms = {"ways": choice.shared.ways[:1], "often": str(Often.WEEKLY), "weeks": 12}
    agreements.propose(session, supporter, introduction_id, terms, now=now)


def _answer_unsafe(programme: Programme, pair: tuple[Actor, UUID]) -> None:
    woman, _ = pair
    (due,) = checkins.list_due(programme.session, woman, on=programme.now.date())
    answers = {"listened": "mostly", "respected": "fully", "safe": "not_sure"}
    checkins.answer_checkin(programme.session, woman, due.id, answers, now=programme.now)
