"""Who is drawn for the benchmarks, and how the two question mixes differ: writes docs/benchmarks/people.md."""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean

import numpy as np

from benchmarks import invented, themes
from benchmarks.measuring import Row, table, told, write_page
from benchmarks.mixes import NAMES, Mix, mix
from matcher.people import Need, Offer
from matcher.ranking.roster import Roster

SUPPORTERS, REQUESTS = 10_000, 200


class Crowd:
    """Some people of a mix."""

    def __init__(self, drawn: Mix, supporters: int) -> None:
        self.mix = drawn
        self.offers: Sequence[Offer] = drawn.offers(supporters)
        self.needs: Sequence[Need] = drawn.needs(REQUESTS)
        self.roster: Roster = drawn.roster(self.offers)
        self.scored = [self.roster.scored(need) for need in self.needs]
        self.shares = [len(one.rows) / supporters for one in self.scored]

    def told(self) -> list[str]:
        """Return the figures, in the order of FIGURES."""
        said = [act(self) for act in FIGURES.values()]
        told(self.mix.name, *said)
        return said

    def rules(self) -> str:
        """Count the questions that score, and the gates that questions bring."""
        gates = sum(1 for q in self.mix.questions.question if q.match.rule.startswith("gate"))
        return f"{sum(1 for q in self.mix.questions.question if q.part)} and {gates}"

    def options(self) -> str:
        """Count the options of the questions that score by coverage."""
        return str(sum(len(q.option_ids) for q in self.mix.questions.with_rule("coverage")))

    def marked(self) -> str:
        """Tell how many topics are marked on each side."""
        hers, theirs = (fmean(len(one.marks("topics")) for one in side) for side in (self.needs, self.offers))
        return f"{hers:.1f} and {theirs:.1f}"

    def starred(self) -> str:
        """Tell how many topics are starred."""
        return f"{fmean(len(need.stars.get('topics', ())) for need in self.needs):.1f}"

    def hours(self) -> str:
        """Tell how many hours a week a supporter names."""
        (question,) = self.mix.questions.with_rule("gate:overlap")
        return f"{fmean(len(offer.hours(question.id) or ()) / 2 for offer in self.offers):.1f}"

    def places(self) -> str:
        """Tell how many free places there are for each supporter."""
        free = (offer.capacity - offer.load if offer.status == "active" else 0 for offer in self.offers)
        return f"{fmean(free):.2f}"

    def passing(self) -> str:
        """Tell which share of all supporters passes for a request: mean, and the tenth and ninetieth of a hundred."""
        least, most = np.quantile(self.shares, [0.1, 0.9])
        return f"{fmean(self.shares):.1%} ({least:.1%} to {most:.1%})"

    def ruled_out(self) -> str:
        """Name the three gates that rule out most, with the share of all pairs of whom each does."""
        counts = sum((Counter(self.roster.rank(need, 1).excluded_by) for need in self.needs), Counter[str]())
        pairs = len(self.needs) * len(self.offers)
        return ", ".join(f"{gate} {count / pairs:.0%}" for gate, count in counts.most_common(3))

    def nobody(self) -> str:
        """Count the requests for which nobody passes."""
        return f"{self.shares.count(0)} of {REQUESTS}"

    def scores(self) -> str:
        """Tell how many different scores those who pass have, for each hundred of them."""
        different = sum(len(np.unique(one.grains)) for one in self.scored)
        return f"{100 * different / max(1, sum(len(one.grains) for one in self.scored)):.0f}"

    def spread(self) -> str:
        """Tell how far the best and the tenth best lie apart, in points."""
        tenths = [np.sort(one.grains)[::-1][:10] for one in self.scored if len(one.grains) >= 10]
        return f"{np.median([best[0] - best[-1] for best in tenths]) / 1e5:.2f}"

    def packed(self) -> str:
        """Tell the bytes of a packed supporter."""
        return f"{self.roster.columns_.nbytes / len(self.offers):.0f}"


FIGURES: dict[str, Callable[[Crowd], str]] = {
    "questions that score, and that are gates": Crowd.rules,
    "options compared by coverage": Crowd.options,
    "topics a requester and a supporter marks": Crowd.marked,
    "topics starred": Crowd.starred,
    "hours a week of a supporter": Crowd.hours,
    "free places a supporter": Crowd.places,
    "supporters who pass (10 % and 90 % of requests)": Crowd.passing,
    "ruled out most often by": Crowd.ruled_out,
    "requests for whom nobody passes": Crowd.nobody,
    "different scores among a hundred who pass": Crowd.scores,
    "from the best to the tenth best, points": Crowd.spread,
    "packed supporter, bytes": Crowd.packed,
}
TEMPLATE = """# Benchmarks: the people

Written by `make bench`; not typed by hand. Nobody here is real. Everyone is drawn with a fixed seed, so that every run
sees the same people, and every way of computing, too. Measured on {supporters} supporters and {requests} requests:

{table}

## recovery

The default questionnaire; benchmarks/invented.py draws its people. Topics are marked by families, the first ones of the
list far more often (Zipf), so that what belongs together occurs together. Hours are day parts without some of their
half-hours, evenings three times as often. Five time zones of Canada ({zones}). Few answers
are missing, those on faith and culture more often.
Half of the requests star one topic, and then need somebody who has been steady in it for a year; one in ten leaves a
subject out. One supporter in ten is on a break; all have four dates, most of them to come.

## themes

A programme of many topics; the questionnaire is benchmarks/themes.toml, benchmarks/themes.py draws its people. It
follows the mix on which the reaches of the engine were first measured:

- 200 topics: {anyones} that anyone may bring, and {themes} themes of {a_theme}. Everyone has one to three themes, some
  themes far more often than others; of a theme its first topics are likeliest, and the theme after it shines through.
- Eight scales of five steps; a requester leaves out four in ten.
- {languages} languages (Zipf, three in ten people speak a second one), five ways to talk, and for a fifth of the
  requests women alone, for one in twenty men alone: three lists of which one must be shared.
- Four to eight blocks of hours a week, evenings favoured; at least two hours must be shared. All in one time zone
  ({zone}), as hours on one grid were measured.
- Four in ten supporters leave some topics out for now. One to five places, up to three taken. One in ten is on a break.

Where our rules say it differently, and why:

- *There, each topic matters 1, 2 or 3; here a quarter are starred, and count twice.* A star is the only weight that a
  requester gives; three steps are more than she can be asked for. The 3 had about twice the mean weight of the rest,
  too.
- *There, each scale matters 0 to 3; here she answers six in ten, all alike.* What she leaves out drops out, and the
  questions of one part count alike.
- *There, a topic left out clashes with her most important topics; here with all that she marked.* A limit is a limit:
  what a supporter cannot hold, she is never asked to hold.
- *There, a load takes points away; here free places give points.* The order is the same: the part *headroom*.
- *There, every answer is drawn on its own; here from pools of some thousands.* A million people fit into memory, and
  near-ties are as frequent as among people who say the same.

## Where the two differ, and why

- **How many pass.** In *recovery* languages, ways to talk and hours rule out more than in *themes*, and a star asks for
  a steady year besides: far fewer supporters pass. Ranking scores those who pass, so it has more to do in *themes*. A
  round of *recovery* has fewer pairs, which is easier, but more women with hardly anyone: that is where *fair* and
  *total* part, and where the greedy way and stable marriage lose people.
- **How wide.** The 200 topics of *themes* are held as options to be covered and, because limits look at them, as
  bitmaps. Yet a supporter of *recovery* takes more bytes: its people live in five zones, so their week is kept by their
  own clocks and laid on the common one besides. A linear read takes longer by as much.
- **Ties.** Strain, in hundredths, keeps scores of *recovery* apart; *themes* has none, and more of its scores are
  equal.
"""


def main() -> None:
    """Draw the people of both mixes, and write the page."""
    parser = argparse.ArgumentParser(description="Say who is drawn, and write docs/benchmarks/people.md.")
    parser.add_argument("--supporters", type=int, default=SUPPORTERS)
    supporters = parser.parse_args().supporters
    crowds = [Crowd(mix(name), supporters).told() for name in NAMES]
    rows: list[Row] = [[name, *said] for name, *said in zip(FIGURES, *crowds, strict=True)]
    text = TEMPLATE.format(
        supporters=f"{supporters:,}",
        requests=REQUESTS,
        table=table(["", *NAMES], rows),
        zones=", ".join(zone.partition("/")[2].replace("_", " ") for zone in invented.ZONES),
        zone=themes.ZONE,
        anyones=themes.ANYONES,
        themes=themes.THEMES,
        a_theme=themes.A_THEME,
        languages=len(themes.questions().by_id["languages"].options),
    )
    write_page("benchmarks/people.md", text)


if __name__ == "__main__":
    main()
