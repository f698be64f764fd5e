"""docs/benchmarks/rounds.md: the tables of what benchmarks/round.py found, each subject its own."""

from collections.abc import Sequence

from benchmarks.measuring import machine, table, write_page
from benchmarks.mixes import NAMES
from benchmarks.outcomes import OURS, Outcome, Outcomes
from benchmarks.round_reaches import reached

ANSWERS = (*OURS, "greedy", "stable", "mentor-match")
REACHED = ["reach", "asked", *NAMES]
TIME = [
    *("mix", "size", "objective", "way", "whole, s", "of which scores, s", "scipy's solve / whole"),
    *("lapx's solve / whole", "scipy's solve / ours", "peak, MB", "scipy's peak / this", "gap", "value"),
]
LARGER = ["mix", "size", "objective", "way", "whole, s", "times that of 10,000 x 10,000", "peak, MB"]
ANSWER = [
    *("mix", "size", "objective", "way", "whole, s", "matched", "fair matches", "points", "fair's points"),
    *("our total's points", "worst twentieth", "5 % quantile"),
]
PROOF = [
    *("mix", "size", "objective", "way", "whole, s", "one change, ms", "whole / change", "proved again, s"),
    *("proved again / whole", "separate check, s", "check / whole", "holds"),
]
FAIR = [
    *("mix", "size", "way", "time", "fair matches", "total matches", "worst twentieth", "5 % quantile", "points"),
    *("fair's worst of its matches", "total's of as many"),
]
TEMPLATE = """# Benchmarks: rounds

Written by `make bench` (`make bench LARGE=1 HUGE=1` adds the last sizes); not typed by hand. Seconds of processor
time, each line in a process of its own on the same people; the machine is shared, so what counts are the ratios within
one run.

Two question mixes, *recovery* (the default questionnaire) and *themes* (200 topics):
[their people, and how they differ](people.md). {machine}.

- *fast*: a round with the extra `fast`. *plain*: without.
- *scipy*: `linear_sum_assignment(values, maximize=True)`, *lapx*: `lapjv`; both on the matrix of all pairs, each
  supporter repeated by her places. *greedy*: the best pair left, again and again. *stable*: hospitals and residents of
  the package `matching`, both sides by the same scores. *mentor-match*: the package of that name, a mentor for each
  place, a pair that fails a gate disqualified. Where a package is not installed its way is left out.
- The others need all scores first, worked out by the engine (*of which scores*); it works out what it needs on the way.

## What is to be reached, and what is

{reached}

- With a slash: plain / fast. 10,000, 20,000 and 100,000 square: all supporters active, with one free place each, and
  the best total. *Whole* is all of a round, from people to pairs; of the others the solve alone is counted.
- mentor-match on true scores finds the best total, as ours does: in points the two can only be equal.

## Time and memory

{time}

- *scipy's solve / whole*: how many times as long as this way, from people to pairs, scipy takes for its solve alone,
  the scores and the matrix not counted. *scipy's solve / ours*: the same against what is left of ours when every need
  has been read; of a long list that is with all of its scores. *peak*: the most that the whole process took, with
  Python, its libraries and the people.
- *gap*: what the round's prices leave open, 0 is proved. *value*: the sum that the objective adds up, against ours.

{larger}## What came of it

{answer}

- *fair matches*: how many more the fair round matches. *fair's points*, *our total's points*: what those rounds have
  more. The answers of scipy and lapx are those of our total, or as good.
- *worst twentieth*: the mean of the lowest 5 % of the scores of those who are matched; *5 % quantile*: where they end.

## One change, the proof after it, and the separate check

{proof}

- *one change*: a pair of the finished round forbidden, and the matching settled again; the median of twenty.
- *proved again*: `change` as a coordinator calls it: settings read, the matching copied, changed, all pairs priced.
- *separate check*: `verify` on the certificate of the round, which scores every pair anew and shares nothing with the
  solver; *holds* is what it found.

## Fair beside total

{fair}

- All but the last two columns are ratios, fair / total, except how many are matched.
- *worst twentieth*, *5 % quantile*: of those who are matched. Where fair matches more, its worst are women for whom the
  other round has nobody: the last two columns count such a woman 0, over as many women as the fair round matches.
"""


def write(done: Sequence[Outcome]) -> None:
    """Write the page."""
    found = Outcomes(done)
    larger = list(found.rows(found.beside_ten_thousand, OURS))
    text = TEMPLATE.format(
        reached=table(REACHED, reached(found), 2),
        larger=f"{table(LARGER, larger, 4)}\n\n" if larger else "",
        machine=machine("scipy", "numba", "lapx", "matching", "mentor-match"),
        time=table(TIME, found.rows(found.time), 4),
        answer=table(ANSWER, found.rows(found.answer, ANSWERS), 4),
        proof=table(PROOF, found.rows(found.proof, OURS), 4),
        fair=table(FAIR, found.rows(found.fairness, OURS), 3),
    )
    write_page("benchmarks/rounds.md", text)
