"""What a reader must know beside the result: missing protection, doubtful files, contradictions, ids of nobody."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from matcher.errors import Fault, Place
from matcher.people import Person
from matcher.questionnaire.answers import NONE_OF_THESE
from matcher.questionnaire.columns import UNTIL, safe_hours_column
from matcher.questionnaire.schema import Differs, Excludes, Questionnaire, Side
from matcher.spreadsheets.people import People
from matcher.text import almost_same, comparable, is_same, key_of, says_nothing

MOST_NAMED = 10
_PARTING = re.compile(r"[\s/|&+()]+")

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
        yield from _says_nothing(questions, side, path, people)
        missing = [column for column in _protecting(questions, side) if column not in people.columns]
        if missing and people.everyone:
            yield f"{path.name} has no column {', '.join(missing)}: what it would keep apart is not known."
    yield from _hours_without_a_place(offers, needs)
    yield from _almost_the_same(questions, needs[0], needs[1], offers[1])
    for (path, people), (_, others) in ((needs, offers), (offers, needs)):
        known = _ids(others)
        never = sorted({one for person in people.everyone for one in person.never} - known)
        past = sorted({one for person in people.everyone for one in person.past} - known)
        if never and known:
            yield f"{path.name}: never names nobody of the other sheet by {', '.join(never)}."
        if past and known:
            yield f"{path.name}: past names nobody of the other sheet by {_named(past)}."


def _hours_without_a_place(*sheets: tuple[Path, People]) -> Iterator[str]:
    """Say that one sheet has no time zones and the other has: its hours, safe ones too, are read as UTC."""
    for (path, people), (other, others) in (sheets, sheets[::-1]):
        if people.everyone and "time_zone" not in people.columns and "time_zone" in others.columns:
            yield f"{path.name} has no column time_zone: its hours are read as UTC, and those of {other.name} are not."


def _contradictions(questions: Questionnaire, side: Side, path: Path, people: People) -> Iterator[str]:
    """Find who lists the same under an exclusion and under what it looks at: both may be meant, and both count."""
    for question in questions.with_rule("gate:excludes"):
        match = question.match
        if isinstance(match, Excludes) and question.is_asked_of(side):
            both = ((person.id, person.marks(question.id) & person.marks(match.with_)) for person in people.everyone)
            told = [f"{identity} ({', '.join(sorted(options))})" for identity, options in both if options]
            if told:
                where = f"under {match.with_} and {question.id} of {_named(told)}"
                yield f"{path.name}: the same stands {where}. Both count."


def _says_nothing(questions: Questionnaire, side: Side, path: Path, people: People) -> Iterator[str]:
    """Find who wrote what says nothing ("n/a", "private") where a rule compares it; the text itself is not told."""
    wishes = (question for question in questions.question if question.kind == "wishes")
    looked_at = {option.of for question in wishes for option in question.options}
    for question in questions.asked_of(side):
        if question.kind == "text" and (isinstance(question.match, Differs) or question.id in looked_at):
            told = [person.id for person in people.everyone if _is_blank_in_words(person.answers.get(question.id))]
            if told:
                yield f"{path.name}: {question.id} of {_named(told)} says nothing: it counts as not known."


def _is_blank_in_words(answer: object) -> bool:
    return isinstance(answer, str) and answer != NONE_OF_THESE and says_nothing(answer)


def _almost_the_same(questions: Questionnaire, needs: Path, asking: People, offers: People) -> Iterator[str]:
    """Find who must live elsewhere, say, and wrote what may be the same place as a supporter's: a gate lets it pass."""
    for question in questions.with_rule("gate:differs"):
        match = question.match
        if isinstance(match, Differs) and question.kind == "text":
            hers = _by_text(question.id, (one for one in asking.everyone if "yes" in one.marks(match.when)))
            theirs = _by_text(question.id, offers.everyone)
            for text, other in almost_same(hers, theirs):
                if not is_same(comparable(text), comparable(other)):
                    what = f"{question.id} of {_named(hers[text])} is almost that of {_named(theirs[other])}"
                    yield f"{needs.name}: {what}. They count as different; correct the spelling if they are the same."


def _by_text(question_id: str, people: Iterable[Person]) -> dict[str, list[str]]:
    """Gather ids by what they wrote, where it says something."""
    found: dict[str, list[str]] = {}
    for person in people:
        text = person.answers.get(question_id)
        if isinstance(text, str) and comparable(text):
            found.setdefault(text, []).append(person.id)
    return found


def _named(ids: Sequence[str]) -> str:
    """Name the first of some ids, and say how many more there are."""
    more = len(ids) - MOST_NAMED
    return ", ".join(ids[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def misspelt(path: Path, people: People, others: People) -> Iterator[Fault]:
    """Find ids on the lists never and past that are somebody's but for capitals, accents, signs or blanks."""
    known = _ids(others)
    by_key: dict[str, list[str]] = {}
    for one in sorted(known):
        by_key.setdefault(key_of(one), []).append(one)
    for person in people.everyone:
        for one in sorted(_listed(person) - known):
            where = Place(path.name, id=person.id, either_column=["never", "past"], value=one)
            meant, within = by_key.get(key_of(one)), sorted(known.intersection(_PARTING.split(one)))
            if meant:
                yield Fault(where, "id.of_nobody", meant=meant)
            elif within:
                yield Fault(where, "id.within_another", within=within[0])


def _protecting(questions: Questionnaire, side: Side) -> Iterable[str]:
    yield from PROTECTING[side]
    if side == "requester" and any(option.outside for q in questions.question for option in q.options):
        yield safe_hours_column(questions)
    for question in questions.question:
        if question.match.rule.startswith("gate:") and question.is_asked_of(side):
            yield question.id
        if isinstance(question.match, Differs) and side == "requester":
            yield question.match.when


def _listed(person: Person) -> frozenset[str]:
    return person.never | person.past


def _ids(people: People) -> frozenset[str]:
    return frozenset(person.id for person in people.everyone)
