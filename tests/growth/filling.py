"""A large programme: as many supporters and requests as asked, each row sealed in the format that services write.

Rows alone, in batches, for speed; the women, supporters and pairs whose pages are opened are a story beside them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby, islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from benchmarks import invented
from matcher import ALWAYS, Answered, Need, Offer
from tests.pages.statements import Pages
from webapp import clock
from webapp.domain.checkins import Urgency
from webapp.domain.tasks import Kind
from webapp.extensions import db, transaction
from webapp.models import (
    CheckIn,
    Introduction,
    Message,
    Proposal,
    Request,
    SignIn,
    StoredRanking,
    Supporter,
    Task,
    User,
)
from webapp.services import matching, tasks
from webapp.services.answers import keep_answers
from webapp.services.tasks import order

A_BATCH = 500
HELLO = "I am glad that you found your way here. I like tea, long walks, and not having to explain everything. " * 2


def fill(pages: Pages, count: int) -> None:
    """Add this many supporters, waiting women, and rows to every list that some page shows."""
    Filling(pages).fill(count)


class Filling:
    """Everything that is added to one programme."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.app, self.now = pages, pages.story.app, clock.now()
        self.coordinator = pages.story.coordinator.id
        with self.app.app_context(), transaction() as session:
            pair = session.get_one(Introduction, pages.pair)
            self.parties, self.dee = (pair.request.user_id, pair.supporter.user_id), pair.supporter_id

    def fill(self, count: int) -> None:
        """Add all of it."""
        asked = matching.questionnaire()
        offers, needs = invented.offers(asked, count), invented.needs(asked, count)
        supporters = [uuid4() for _ in offers]
        self.keep(map(self.supporter, offers, supporters))
        self.keep(map(self.waiting, needs, range(count)))
        self.keep(self.open_offer(supporters[n], n) for n in range(count))
        self.keep(self.silent_pair(supporters[n], n) for n in range(count))
        self.keep(self.ended_pair(n) for n in range(count))
        self.keep(self.message(n) for n in range(count))
        self.keep(self.old_sign_in(n) for n in range(count))
        matching.keeper.forget()
        order.keeper.forget()

    def keep(self, made: Iterable[Sequence[Any]]) -> None:
        """Store what is made, some hundred at a time."""
        them: Iterator[Sequence[Any]] = iter(made)
        with self.app.app_context():
            while batch := list(islice(them, A_BATCH)):
                with Session(db.engine) as session, session.begin():
                    for rows in _in_order_of_tables(row for made in batch for row in made):
                        session.bulk_save_objects(rows)

    def supporter(self, offer: Offer, key: UUID) -> list[Any]:
        """Make one supporter with all her answers and papers."""
        user = _user()
        late = self.now.date() - invented.ON
        row = Supporter(
            id=key, user_id=user.id, state=offer.status, time_zone=offer.time_zone, capacity=offer.capacity,
            taken=min(offer.load, offer.capacity), strain=offer.strain,
            last_matched=offer.last_matched, **{name: day and day + late for name, day in offer.until.items()},
        )  # fmt: skip
        keep_answers(row, _answers(offer))
        return [user, row]

    def waiting(self, need: Need, number: int) -> list[Any]:
        """Make one woman who waits, with all her answers."""
        return self.asking("waiting", number, need)

    def asking(self, state: str, number: int, need: Need | None = None) -> list[Any]:
        """Make one woman whose request is in some state."""
        user, since = _user(), self.now - timedelta(minutes=10 * number)
        row = Request(
            user_id=user.id, state=state, questionnaire="recovery", questionnaire_version="1", started_at=since,
            waiting_since=since, looking_since=since,
        )  # fmt: skip
        said = need or Need(id="", answers={"name": f"Claire {number}"}, safe_hours=ALWAYS)
        keep_answers(row, _answers(said))
        return [user, row]

    def open_offer(self, supporter: UUID, number: int) -> list[Any]:
        """Make one woman whose first choice is being asked."""
        user, request = self.asking("proposed", number)
        return [user, request, *self._proposed(request, supporter, "offered", number)]

    def silent_pair(self, supporter: UUID, number: int) -> list[Any]:
        """Make one pair that has not written yet, and a check-in that needs somebody."""
        return self._pair("matched", "introduced", supporter, number)

    def ended_pair(self, number: int) -> list[Any]:
        """Make one more woman whom one and the same supporter was there for."""
        return self._pair("closed", "ended", self.dee, number)[:-2]

    def _pair(self, request_state: str, state: str, supporter: UUID, number: int) -> list[Any]:
        user, request = self.asking(request_state, number)
        made = self._proposed(request, supporter, "accepted", number)
        since = self.now - timedelta(minutes=10 * number)
        pair = Introduction(
            request_id=request.id, supporter_id=supporter, proposal_id=made[-1].id, state=state, introduced_at=since,
            first_contact_by=since - timedelta(days=1), until=since.date(),
        )  # fmt: skip
        due = CheckIn(introduction_id=pair.id, user_id=user.id, due_on=since.date(), state="answered")
        due.urgency, due.answered_at, due.said = Urgency.TODAY, since, {"safe": "no"}
        return [user, request, *made, pair, due, _task(due, pair)]

    def _proposed(self, request: Request, supporter: UUID, state: str, number: int) -> list[Any]:
        ranking = StoredRanking(
            request_id=request.id, engine="1", weights="1", fit="1", made_at=self.now, made_by=self.coordinator
        )
        proposal = Proposal(
            request_id=request.id, supporter_id=supporter, ranking_id=ranking.id, place=1, grains=1, state=state,
            expires_at=self.now + timedelta(minutes=number + 60),
        )  # fmt: skip
        proposal.told = {"requester": [], "supporter": []}
        return [ranking, proposal]

    def message(self, number: int) -> list[Any]:
        """Make one message of the pair that talks."""
        sent = self.now - timedelta(minutes=20_000 - number)
        said = f"Hello, number {number}. {HELLO[:100]}"
        return [Message(introduction_id=self.pages.pair, sender_id=self.parties[number % 2], sent_at=sent, body=said)]

    def old_sign_in(self, number: int) -> list[Any]:
        """Make one sign-in of a woman that has ended long ago."""
        then = self.now - timedelta(days=2, minutes=number)
        user = self.pages.asking.actor.id
        return [
            SignIn(
                user_id=user,
                token_hash=uuid4().hex * 2,
                device="phone",
                begun_at=then,
                seen_at=then,
                ended_at=then,
                proof="passphrase",
                proved_at=then,
            )
        ]


def _in_order_of_tables(rows: Iterable[Any]) -> Iterator[list[Any]]:
    places = {table.name: place for place, table in enumerate(db.metadata.sorted_tables)}
    ordered = sorted(rows, key=lambda row: places[row.__tablename__])
    return (list(group) for _, group in groupby(ordered, key=lambda row: row.__tablename__))


def _task(due: CheckIn, pair: Introduction) -> Task:
    """Lay a check-in on the desk, as tasks do."""
    id_ = tasks.id_of(Kind.CHECK_IN, due.id)
    task = Task(id=id_, about_id=due.user_id, introduction_id=pair.id, opened_at=pair.introduced_at)
    until = (pair.introduced_at + timedelta(days=1)).isoformat()
    task.said = {"kind": Kind.CHECK_IN.value, "thing": str(due.id), "due_at": until}
    return task


def _user() -> User:
    key = uuid4().hex
    return User(username=key, fs_uniquifier=key, active=True, language="en")


def _answers(person: Need | Offer) -> dict[str, Any]:
    stars = person.stars if isinstance(person, Need) else {}
    said = {q: Answered(answer, stars.get(q, frozenset())) for q, answer in person.answers.items()}
    return {question: matching.said_of(one) for question, one in said.items()}
