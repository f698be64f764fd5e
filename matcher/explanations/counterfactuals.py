"""Counterfactual explanations: the fewest and smallest changes of answers that would make one candidate the first."""

from collections.abc import Iterator

from matcher.explanations.messages import Message
from matcher.ranking.results import Candidate, LinePoints
from matcher.rules.comparison import Fact
from matcher.scoring import ClosenessLine, CoverageLine, HeadroomLine, OverlapLine, WishesLine

Gain = tuple[int, Message]
MOST_CHANGES = 3
"""More than three changes at once say nothing that a coordinator could act on."""


def changes_to_be_first(candidate: Candidate, first: Candidate) -> list[Message]:
    """Return the changes that would lift a candidate above the first; none where no MOST_CHANGES would.

    A single change is preferred, the smallest that is enough; otherwise the largest are taken until their sum is.
    """
    needed = first.grains - candidate.grains + 1
    facts = {fact.question.id: fact for fact in candidate.facts}
    gains = [gain for line in candidate.lines for gain in _gains(line, facts) if gain[0] > 0]
    enough = [gain for gain in gains if gain[0] >= needed]
    if enough:
        return [min(enough, key=lambda gain: gain[0])[1]]
    return _add_up(sorted(gains, key=lambda gain: -gain[0]), needed)


def _add_up(gains: list[Gain], needed: int) -> list[Message]:
    chosen: list[Message] = []
    for gained, change in gains[:MOST_CHANGES]:
        chosen.append(change)
        needed -= gained
        if needed <= 0:
            return chosen
    return []


def _gains(points: LinePoints, facts: dict[str, Fact]) -> Iterator[Gain]:
    line, lost = points.line, points.line.maximum - points.grains
    if isinstance(line, HeadroomLine):
        yield lost, Message("if_free")
        return
    question = line.question_id or ""
    fact = facts[question]
    if not fact.known:
        yield lost, Message("if_known", {"question": question})
        return
    match line:
        case CoverageLine():
            yield from _gains_of_options(line, fact)
        case ClosenessLine():
            yield lost, Message("if_close", {"question": question})
        case WishesLine():
            each = line.by_held[len(fact.shared) + 1] - points.grains if lost else 0
            for option in (*fact.missing, *fact.unknown):
                yield each, Message("if_option", {"question": question, "option": option})
        case OverlapLine():
            yield lost, Message("if_minutes", {"question": question, "minutes": line.target_minutes})


def _gains_of_options(line: CoverageLine, fact: Fact) -> Iterator[Gain]:
    for one in line.options:
        if one.option in fact.missing:
            gained = one.lived - (one.sibling if one.option in fact.siblings else 0)
            yield gained, Message("if_option", {"question": line.question.id, "option": one.option})
