"""What two people share, lack and leave open, question by question: the facts that explanations tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from matcher import availability, meeting, wishes
from matcher.columns import Columns
from matcher.people import Need, Offer
from matcher.questions import AnyShared, Closeness, Coverage, Excludes, Overlap, Question, Questionnaire, Wishes


@dataclass(frozen=True)
class Fact:
    """One question compared. `related` are missing options of which she has another of the family.

    `known` is False where the supporter's answer is not known. `steps` is how much further along she is, `minutes` what
    they share a week, `times` in which day parts of the woman's week, or on which days.
    """

    question: Question
    shared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    known: bool = True
    steps: int | None = None
    minutes: int | None = None
    times: tuple[str, ...] = ()
    narrowed: "Narrowed | None" = None


@dataclass(frozen=True)
class Narrowed:
    """Shared ways of contact that leave the site, and when they are safe: by her clock, and by the supporter's."""

    question: Question
    ways: tuple[str, ...]
    her_hours: str
    their_hours: str


def compare(need: Need, offer: Offer, columns: Columns, monday: date) -> tuple[Fact, ...]:
    """Compare one need with one supporter of the roster, in file order; questions that she left out say nothing."""
    her = columns.only([columns.row_of[offer.id]])
    questions = columns.space.questionnaire.question
    return tuple(fact for question in questions for fact in _facts(question, need, offer, her, monday))


def _facts(question: Question, need: Need, offer: Offer, columns: Columns, monday: date) -> Iterator[Fact]:
    match question.match:
        case Coverage() | AnyShared() if need.answers.get(question.id):
            yield _marks(question, need, offer)
        case Closeness() if need.answers.get(question.id):
            yield _step(question, need, offer)
        case Wishes():
            yield from _wishes(question, need, columns)
        case Overlap() if need.hours(question.id) is not None:
            (quarters,) = meeting.shared_quarters(need, columns, monday)
            minutes = int(quarters) * availability.MINUTES_A_QUARTER
            times = day_parts(question, meeting.shared_half_hours(need, columns, monday))
            narrowed = _narrowed(need, offer, columns, monday)
            yield Fact(question, minutes=minutes, times=times, narrowed=narrowed, known=bool(columns["hours_known"][0]))
        case Excludes():
            yield from _exclusion(question, columns.space.questionnaire, need, offer)


def _narrowed(need: Need, offer: Offer, columns: Columns, monday: date) -> Narrowed | None:
    """Say when ways that leave the site are safe, where she has named safe hours and the two share such a way."""
    if need.safe_hours == availability.ALWAYS:
        return None
    for question in columns.space.questionnaire.with_rule("gate:any_shared"):
        shared = need.marks(question.id) & offer.marks(question.id)
        ways = tuple(option.id for option in question.options if option.outside and option.id in shared)
        if ways:
            hers = meeting.shared_half_hours(need, columns, monday, outside=True)
            theirs = meeting.shared_half_hours(need, columns, monday, outside=True, zone=offer.time_zone)
            return Narrowed(question, ways, availability.write_hours(hers), availability.write_hours(theirs))
    return None


def day_parts(question: Question, hours: availability.HalfHours) -> tuple[str, ...]:
    """Name the day parts in which these half-hours lie, the ones with at least an hour first of all; else the days."""
    if not question.options:
        return tuple(
            day for number, day in enumerate(availability.DAYS) if any(h // availability.A_DAY == number for h in hours)
        )
    inside = {option.id: len(hours & availability.read_hours(option.hours or "")) for option in question.options}
    long_enough = tuple(option for option, half_hours in inside.items() if half_hours >= 2)
    return long_enough or tuple(option for option, half_hours in inside.items() if half_hours)


def _marks(question: Question, need: Need, offer: Offer) -> Fact:
    if question.id not in offer.answers:
        return Fact(question, known=False)
    hers, theirs = need.marks(question.id), offer.marks(question.id)
    marked = tuple(option for option in question.option_ids if option in hers)
    missing = tuple(option for option in marked if option not in theirs)
    related = tuple(option for option in missing if theirs & frozenset(question.kin(option)))
    return Fact(question, tuple(option for option in marked if option in theirs), missing, related)


def _step(question: Question, need: Need, offer: Offer) -> Fact:
    assert isinstance(question.match, Closeness)
    if not offer.marks(question.id):
        return Fact(question, known=False)
    (hers,), (theirs,) = need.marks(question.id), offer.marks(question.id)
    steps = question.option_ids.index(theirs) - question.option_ids.index(hers)
    is_full = steps == 0 or (question.match.at_least and steps > 0)
    return Fact(question, (hers,), steps=steps) if is_full else Fact(question, missing=(hers,), steps=steps)


def _wishes(question: Question, need: Need, columns: Columns) -> Iterator[Fact]:
    nice = wishes.marked(need, question, "nice")
    held = [option.id for option in nice if wishes.holds(need, option, columns)[0]]
    unknown = [option.id for option in nice if not wishes.is_known(option, columns)[0]]
    missing = [option.id for option in nice if option.id not in (*held, *unknown)]
    if nice:
        yield Fact(question, tuple(held), tuple(missing), unknown=tuple(unknown))


def _exclusion(question: Question, whole: Questionnaire, need: Need, offer: Offer) -> Iterator[Fact]:
    """Report an exclusion that stands against an answer which is not known; it passes, and is told."""
    assert isinstance(question.match, Excludes)
    about = whole.by_id[question.match.with_]
    hers, theirs = need.marks(question.id), offer.marks(question.id)
    if (hers and about.id not in offer.answers) or (theirs and about.id not in need.answers):
        yield Fact(question, known=False)
