"""Lives side by side in one small programme, each with somebody who stops acting at some moment.

The clock goes in steps of six hours. In each step the worker does everything that it does, in its own order; then
everybody who has not vanished acts: women and supporters write and answer, the desk does what it has in hand.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from tests.pages.story import Person, Story
from webapp import clock
from webapp.domain.access import Actor, Role
from webapp.domain.introductions import OPEN_FOR_WRITING
from webapp.domain.tasks import ENDS_WITH_ITS_THING, Kind, Outcome
from webapp.extensions import reading, transaction
from webapp.jobs.worker import find_jobs
from webapp.models import CheckIn, Cover, Introduction, Task
from webapp.services import checkins, conversations, tasks
from webapp.services.absences import asking, breaks
from webapp.services.tasks import cover as deputies
from webapp.services.tasks.order import place_of
from webapp.services.threads import talking

MONDAY = datetime(2026, 11, 2, 15, tzinfo=UTC)
STEP = timedelta(hours=6)
IDLE = {"anchor", "deliver", "departures", "fields", "forget_words", "verify", "warm", "wrong_tries"}
"""Jobs of the worker that do nothing about people."""
WEEKS, SPARE = 6, 2


@dataclass
class Life:
    """One woman and whoever is near her. `notices`: the kinds that may tell of it, `within` how long after."""

    name: str
    vanishes_at: datetime
    notices: frozenset[Kind]
    within: timedelta
    woman: Person
    supporter: Person
    pair: UUID | None = None
    gone: set[UUID] = field(default_factory=set)
    acts: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)

    @property
    def noticed_by(self) -> datetime:
        """Say when the clock that notices has struck."""
        return self.vanishes_at + self.within


@dataclass(frozen=True)
class Seen:
    """One task: about whom, what for, when it came, whose it was at which moment, and who ended it."""

    kind: str
    about: UUID
    opened_at: datetime
    due_at: datetime
    owner: UUID | None
    done_by: UUID | None
    done_at: datetime | None
    asks: UUID | None


class Village:
    """A programme with its desk, and the lives in it."""

    def __init__(self, story: Story, gone_from_the_desk: frozenset[str] = frozenset()) -> None:
        self.story, self.lives = story, []
        self.desk = {"robin": story.coordinator, "sam": story._person("sam", Role.COORDINATOR)}
        self.desk["pat"] = story._person("pat", Role.APPROVER)
        self.gone_from_the_desk = {self.desk[name].id for name in gone_from_the_desk}
        self.act(lambda session: deputies.choose_deputy(session, self.desk["robin"], self.desk["sam"].id, now=now()))
        spare = [story.supporter(f"Spare{number}", capacity=40) for number in range(SPARE)]
        self.supporters = {one.thing_id: one for one in spare}
        self.jobs = {name: job for name, job in find_jobs().items() if name not in IDLE}
        self.steps = 0

    def act(self, act: Callable) -> object:
        with self.story.app.app_context(), transaction() as session:
            return act(session)

    def live(self, weeks: int = WEEKS, *, without: frozenset[str] = frozenset()) -> None:
        """Let the weeks pass; `without` names jobs that the worker leaves out."""
        end = now() + timedelta(weeks=weeks)
        while now() < end:
            clock.move(STEP)
            self.steps += 1
            for name in sorted(self.jobs.keys() - without):
                with self.story.app.app_context():
                    self.jobs[name].run(now())
            for life in self.lives:
                self._live(life)
            self._work_at_the_desk()

    def _live(self, life: Life) -> None:
        for at, act in list(life.acts):
            if at <= now():
                life.acts.remove((at, act))
                act()
        if now().hour == MONDAY.hour:  # once a day
            for person in (life.woman, life.supporter):
                if person.actor.id not in life.gone:
                    self._write(life, person)
                    self._answer_checkins(person)

    def _write(self, life: Life, person: Person) -> None:
        """Write every third day, in the pair alone."""
        if life.pair is None or (now() - MONDAY).days % 3:
            return
        state = self.act(lambda session: session.get_one(Introduction, life.pair).state)
        if state in OPEN_FOR_WRITING:
            self.act(lambda session: conversations.write_message(session, person.actor, life.pair, "Hi", now=now()))

    def _answer_checkins(self, person: Person) -> None:
        mine = (CheckIn.user_id == person.actor.id, CheckIn.state == "due", CheckIn.due_on <= now().date())
        for one in self.act(lambda session: list(session.scalars(select(CheckIn.id).where(*mine)))):
            self.act(lambda session, one=one: checkins.skip_checkin(session, person.actor, one, now=now()))

    def _work_at_the_desk(self) -> None:
        """Let whoever is there do what is due within a day; what ends elsewhere stays."""
        there = {one.id: one for one in self.desk.values() if one.id not in self.gone_from_the_desk}
        if not 14 <= now().hour <= 22 or now().weekday() > 4:
            return
        for task_id, owner, kind in self.act(lambda session: list(_in_hand(session))):
            if owner in there and kind not in ENDS_WITH_ITS_THING:
                self.act(lambda session, who=there[owner], task_id=task_id: _finish(session, who, task_id))

    def tasks(self) -> list[Seen]:
        """Return every task there ever was."""
        with self.story.app.app_context(), reading() as session:
            return [_seen(one) for one in session.scalars(select(Task))]


def _in_hand(session) -> Iterator[tuple[UUID, UUID, str]]:
    old = (Task.done_at.is_(None), Task.owner_id.is_not(None), Task.opened_at <= now() - timedelta(hours=12))
    for one in session.scalars(select(Task).where(*old)):
        yield one.id, one.owner_id, place_of(one).kind


def _finish(session, who: Actor, task_id: UUID) -> None:
    tasks.finish(session, who, task_id, act=Outcome.WROTE, now=now())


def _seen(one: Task) -> Seen:
    place = place_of(one)
    return Seen(
        place.kind, one.about_id, one.opened_at, place.due_at, one.owner_id, one.done_by, one.done_at, place.thing
    )


def now() -> datetime:
    return clock.now()


# The lives


def people(village: Village, name: str, number: int) -> tuple[Person, Person]:
    key = f"{number}-{len(village.lives)}"
    places = 1 if name in MEET_AT_ONCE else 4  # she may be asked to cover for somebody before she meets her own
    supporter = village.story.supporter(f"S{key}", capacity=places)
    village.supporters[supporter.thing_id] = supporter
    return village.story.woman(f"W{key}"), supporter


def begin_lives(village: Village, moments: Iterable[datetime], names: Iterable[str] = ()) -> None:
    """Begin one life of each kind, or of some, for each moment at which somebody vanishes.

    Those who meet at once come first: a ranking shows ten, and whoever has met has no place any more.
    """
    for name, begin in LIVES.items():
        for number, moment in enumerate(moments):
            if not names or name in names:
                woman, supporter = people(village, name, number)
                life = Life(name, moment, *WHAT_NOTICES[name], woman, supporter)
                begin(village, life)
                village.lives.append(life)


def _meet(village: Village, life: Life) -> None:
    life.pair = village.story.introduced(life.woman, life.supporter)


def _vanish(life: Life, *people: Person) -> None:
    life.acts.append((life.vanishes_at, lambda: life.gone.update(one.actor.id for one in people)))


def woman_with_cards(village: Village, life: Life) -> None:
    life.gone.add(life.woman.actor.id)
    life.acts.append((life.vanishes_at, lambda: village.story.shown(life.woman, life.supporter) and None))


def woman_in_contact(village: Village, life: Life) -> None:
    _meet(village, life)
    _vanish(life, life.woman)


def woman_while_her_supporter_is_away(village: Village, life: Life) -> None:
    _meet(village, life)
    _vanish(life, life.woman)
    life.acts.append((life.vanishes_at, lambda: _go_away(village, life)))


def supporter_who_is_asked(village: Village, life: Life) -> None:
    life.gone.add(life.supporter.actor.id)
    life.acts.append((life.vanishes_at, lambda: village.story.offered(life.woman, life.supporter) and None))


def supporter_before_a_word(village: Village, life: Life) -> None:
    life.gone.update((life.supporter.actor.id, life.woman.actor.id))  # the woman waits for the first word
    life.acts.append((life.vanishes_at, lambda: _meet(village, life)))


def supporter_to_whom_she_writes_on(village: Village, life: Life) -> None:
    _meet(village, life)
    _vanish(life, life.supporter)


def both_at_once(village: Village, life: Life) -> None:
    _meet(village, life)
    _vanish(life, life.supporter, life.woman)


def supporter_past_her_break(village: Village, life: Life) -> None:
    _meet(village, life)
    _vanish(life, life.supporter)
    life.acts.append((life.vanishes_at, lambda: _go_away(village, life, timedelta(days=3))))


def cover_who_is_asked(village: Village, life: Life) -> None:
    _meet(village, life)
    _vanish(life, life.supporter)
    life.acts.append((life.vanishes_at, lambda: _go_away(village, life)))
    life.acts.append((life.vanishes_at + 2 * STEP, lambda: _want(village, life)))


def cover_who_said_yes(village: Village, life: Life) -> None:
    cover_who_is_asked(village, life)
    life.acts.append((life.vanishes_at + 3 * STEP, lambda: _accept(village, life)))


def woman_who_asks_for_contact(village: Village, life: Life) -> None:
    """Nobody near her vanishes; who looks after her at the desk may."""
    _meet(village, life)
    asked = lambda session: talking.write(session, life.woman.actor, "Please write.", str(life.pair), now=now())  # noqa: E731
    life.acts.append((life.vanishes_at, lambda: village.act(asked) and None))


def _go_away(village: Village, life: Life, lasts: timedelta | None = None) -> None:
    until = (now() + lasts).date() if lasts else None
    village.act(lambda session: breaks.begin(session, life.supporter.actor, until, now=now()))


def _open_cover(village: Village, life: Life):
    found = select(Cover.id, Cover.supporter_id).where(Cover.introduction_id == life.pair, Cover.ended_at.is_(None))
    return village.act(lambda session: session.execute(found).one())


def _want(village: Village, life: Life) -> None:
    cover = _open_cover(village, life)
    village.act(lambda session: asking.want(session, life.woman.actor, life.pair, cover.id, now=now()))


def _accept(village: Village, life: Life) -> None:
    cover = _open_cover(village, life)
    who = village.supporters[cover.supporter_id].actor
    village.act(lambda session: asking.accept(session, who, cover.id, now=now()))


A_DAY = timedelta(days=1)
WHAT_NOTICES: dict[str, tuple[frozenset[Kind], timedelta]] = {
    "woman in contact": (frozenset({Kind.CHECK_INS_MISSED}), timedelta(days=36)),
    "woman, her supporter away": (frozenset({Kind.AWAY}), STEP),
    "supporter, she writes on": (frozenset({Kind.SILENCE}), timedelta(days=17)),
    "both at once": (frozenset({Kind.SILENCE, Kind.FIRST_WORD_LATE}), timedelta(days=14)),
    "supporter past her break": (frozenset({Kind.AWAY}), timedelta(days=4)),
    "cover who is asked": (frozenset({Kind.AWAY, Kind.NO_COVER}), STEP),
    "cover who said yes": (frozenset({Kind.FIRST_WORD_LATE}), timedelta(hours=72) + 3 * STEP),
    "woman who asks": (frozenset({Kind.WORDS_UNANSWERED}), STEP),
    "woman with cards": (frozenset({Kind.NOT_CHOSEN}), timedelta(days=5)),
    "supporter who is asked": (frozenset({Kind.REQUEST_LATE}), timedelta(days=11)),
    "supporter before a word": (frozenset({Kind.FIRST_WORD_LATE}), timedelta(hours=72)),
}
"""How long after the vanishing the clock strikes that notices it."""
MEET_AT_ONCE = list(WHAT_NOTICES)[:8]
LIVES: dict[str, Callable[[Village, Life], None]] = dict(
    zip(
        WHAT_NOTICES,
        (
            woman_in_contact, woman_while_her_supporter_is_away, supporter_to_whom_she_writes_on, both_at_once,
            supporter_past_her_break, cover_who_is_asked, cover_who_said_yes, woman_who_asks_for_contact,
            woman_with_cards, supporter_who_is_asked, supporter_before_a_word,
        ),
        strict=True,
    )
)  # fmt: skip
