"""What follows a round: one change of it, the proof of what is then, and the separate check of its certificate."""

from functools import partial
from statistics import median

from benchmarks.measuring import Found
from benchmarks.solving import timed
from benchmarks.tasks import Task
from matcher.rounds.certificate import certificate
from matcher.rounds.solve import Pair, Round
from matcher.rounds.verification import verify_certificate
from matcher.rounds.what_if import change

CHANGES = 20


def after(task: Task, solved: Round) -> Found:
    """Time what follows, in seconds: `change` alone, `again` with its proof, and `verify`; `holds` says what was found.

    A change forbids one pair of the round. `change` is the median of what the matching itself takes to be settled
    again, `again` one call of the engine's `change`, which also prices every pair anew.
    """
    pairs = solved.pairs[:: max(1, len(solved.pairs) // CHANGES)][:CHANGES]
    changed, again = timed(lambda: change(task.roster, solved, forbid=(pairs[0].need, pairs[0].offer)))
    faults, verifying = timed(lambda: verify_certificate(task.roster, task.needs, certificate(task.roster, solved)))
    return {
        "change": median(_one_change(solved, pair) for pair in pairs),
        "again": again,
        "gap again": changed.round.gap,
        "verify": verifying,
        "holds": not faults,
    }


def _one_change(solved: Round, pair: Pair) -> float:
    matching = solved.matching.copy()
    row, column = solved.market.place_of((pair.need, pair.offer))
    matching.drop(row, column)
    _, seconds = timed(partial(matching.settle, [row]))
    return seconds
