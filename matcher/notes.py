"""What a reader must know beside the result: missing protection, doubtful files, contradictions, ids of nobody."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from matcher.facts import comparable
from matcher.ids import key_of
from matcher.people import SAFE_HOURS, UNTIL, Person
from matcher.people_sheets import People
from matcher.questions import Differs, Excludes, Questionnaire, Side
from matcher.refusals import Fault

ALMOST_THE_SAME = 0.85
"""How alike two texts must be to be told: a letter more, less or other in seven."""
MOST_NAMED = 10

PROTECTING: dict[Side, tuple[str, ...]] = {
    "requester": ("never",),
    "supporter": ("never", "status", "capacity", "load", *UNTIL),
}


def notes(questions: Questionnaire, offers: tuple[Path, People], needs: tuple[Path, People]) -> Iterator[str]:
    """Say what the sheets leave unprotected: columns that are not there, ids on lists that name nobody; and doubts."""
    sides: tuple[tuple[Side, tuple[Path, People]], ...] = (("supporter", offers), ("requester", needs))
    for side, (path, people) in sides:
        yield from people.sheet.notes if people.sheet else ()
        yield from _contradictions(questions, side, path, people)
        missing = [column for column in _protecting(questions, side) if column not in people.columns]
        if missing and people.everyone:
            yield f"{path.name} has no column {', '.join(missing)}: what it would keep apart is not known."
    yield from _almost_the_same(questions, needs[0], needs[1], offers[1])
    for (path, people), (_, others) in ((needs, offers), (offers, needs)):
        strangers = sorted({one for person in people.everyone for one in _listed(person)} - _ids(others))
        if strangers and others.everyone:
            shown = ", ".join(strangers[:MOST_NAMED]) + (", ..." if len(strangers) > MOST_NAMED else "")
            yield f"{path.name}: never and past name nobody of the other sheet by {shown}."


def _contradictions(questions: Questionnaire, side: Side, path: Path, people: People) -> Iterator[str]:
    """Find who lists the same under an exclusion and under what it looks at: both may be meant, and both count."""
    for question in questions.with_rule("gate:excludes"):
        match = question.match
        if isinstance(match, Excludes) and question.is_asked_of(side):
            both = ((person.id, person.marks(question.id) & person.marks(match.with_)) for person in people.everyone)
            told = [f"{identity} ({', '.join(sorted(options))})" for identity, options in both if options]
            if told:
                shown = ", ".join(told[:MOST_NAMED]) + (", ..." if len(told) > MOST_NAMED else "")
                yield f"{path.name}: the same stands under {match.with_} and {question.id} of {shown}. Both count."


def _almost_the_same(questions: Questionnaire, needs: Path, asking: People, offers: People) -> Iterator[str]:
    """Find who must live elsewhere, say, and wrote what others did but for a letter: to a gate it differs."""
    for question in questions.with_rule("gate:differs"):
        match = question.match
        if isinstance(match, Differs) and question.kind == "text":
            hers = _by_text(question.id, (one for one in asking.everyone if "yes" in one.marks(match.when)))
            theirs = _by_text(question.id, offers.everyone)
            for text, ids in hers.items():
                close = get_close_matches(text, theirs.keys() - {text}, n=MOST_NAMED, cutoff=ALMOST_THE_SAME)
                if close:
                    others = ", ".join(sorted(one for other in close for one in theirs[other])[:MOST_NAMED])
                    what = f"{question.id} of {', '.join(ids[:MOST_NAMED])} is almost that of {others}"
                    yield f"{needs.name}: {what}. They count as different; correct the spelling if they are the same."


def _by_text(question_id: str, people: Iterable[Person]) -> dict[str, list[str]]:
    """Gather ids by what they wrote, as it is compared."""
    found: dict[str, list[str]] = {}
    for person in people:
        text = comparable(person.answers.get(question_id))
        if text:
            found.setdefault(text, []).append(person.id)
    return found


def misspelt(path: Path, people: People, others: People) -> Iterator[Fault]:
    """Find ids on the lists never and past that are somebody's but for capitals, accents, signs or blanks."""
    known = _ids(others)
    by_key = {key_of(one): one for one in sorted(known, reverse=True)}
    for person in people.everyone:
        for one in sorted(_listed(person) - known):
            meant = by_key.get(key_of(one))
            if meant:
                where = f"{path.name} id {person.id!r} column 'never' or 'past' value {one!r}"
                yield Fault(where, "nobody has this id", f"Did you mean {meant!r}?")


def _protecting(questions: Questionnaire, side: Side) -> Iterable[str]:
    yield from PROTECTING[side]
    if side == "requester" and any(option.outside for q in questions.question for option in q.options):
        yield SAFE_HOURS
    for question in questions.question:
        if question.match.rule.startswith("gate:") and question.is_asked_of(side):
            yield question.id
        if isinstance(question.match, Differs) and side == "requester":
            yield question.match.when


def _listed(person: Person) -> frozenset[str]:
    return person.never | person.past


def _ids(people: People) -> frozenset[str]:
    return frozenset(person.id for person in people.everyone)
