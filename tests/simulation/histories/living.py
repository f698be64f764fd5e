"""One history: a few people who can meet, thirty steps of any kind with minutes or days between, rules after each."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from seeds.people import WRITTEN_ON, Row
from tests.programme.databases import Databases
from tests.proofs.counts import Count
from tests.services.worlds import HERS, THEIRS
from tests.simulation.histories import seen
from tests.simulation.years import desk, standing, supporters, women
from tests.simulation.years.living import Found, Years
from tests.simulation.years.site import Site, leave_nothing, set_clock, site_on
from tests.simulation.years.table import TABLE, Happening

STEPS, HISTORIES = 30, 200
AT_EVERY_STEP = tuple(rule for rule in standing.RULES if rule.broken is not standing.dead_offers)
RULES = (*AT_EVERY_STEP, *seen.RULES)
ALIKE = 0.4
"""The rare and the usual come nearer to each other here: each weight to this power."""
PAUSES = (timedelta(minutes=2), timedelta(hours=3), timedelta(days=1), timedelta(days=4), timedelta(days=12))
WAYS = ((), (desk.show_people,), (desk.show_people, women.choose), (desk.show_people, women.choose, supporters.say_yes))
"""How far it has come with each woman when a history begins."""
ZONE = {"time_zone": "America/Toronto"}


@dataclass
class Lived:
    """What came of many histories on one database."""

    histories: int = 0
    steps: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    found: dict[str, Found] = field(default_factory=dict)

    def add(self, years: Years) -> None:
        """Add one history."""
        self.histories, self.steps = self.histories + 1, self.steps + years.events
        self.kinds.update(years.site.done)
        self.refused += years.site.refused.total()
        for name, one in years.found.items():
            kept = self.found.setdefault(name, Found())
            kept.looked += one.looked
            kept.breaches += [f"seed {years.site.seed}: {said}" for said in one.breaches]

    @property
    def broken(self) -> int:
        """Count what was broken."""
        return sum(len(one.breaches) for one in self.found.values())


def live_histories(databases: Databases, histories: int, *, seed: int, steps: int = STEPS, stop_at: str = "") -> Lived:
    """Live so many histories on one site; its database begins anew each time, because statements are kept by site.

    It ends early where a rule is broken at which it was told to stop.
    """
    lived, url = Lived(), databases.ready()
    with site_on(url, seed) as first:
        for number in range(histories):
            leave_nothing()
            databases.again(url)
            first.app.config["SETTINGS"].anchor_file.unlink(missing_ok=True)
            lived.add(live_one(Site(first.app, first.folder, seed * 1_000_000 + number), steps))
            if stop_at in lived.found and lived.found[stop_at].breaches:
                break
    return lived


def live_one(site: Site, steps: int = STEPS) -> Years:
    """Live one history."""
    site.cast.women = [
        _row(cells) for cells in (HERS, {**HERS, "modes": "site_messages; phone", "safe_hours": EVENINGS})
    ]
    site.cast.supporters = [_row({**THEIRS, "capacity": places}) for places in ("1", "2")]
    years = Years(site, rules=RULES, weights=[one.weight**ALIKE for one in TABLE])
    years.begin(2)
    _begin(years)
    years.ask()
    for _ in range(steps):
        pause = site.rng.choice(PAUSES)
        set_clock(site.now + pause)
        if pause >= timedelta(days=1):
            years.work()
        years.happen()
        years.ask()
    years.work()
    years.rules = (*RULES, *(rule for rule in standing.RULES if rule not in AT_EVERY_STEP))
    years.found.update({rule.name: Found() for rule in years.rules if rule.name not in years.found})
    years.ask()
    years.end()
    return years


EVENINGS = "Mon 18:00-22:00"


def _row(cells: dict[str, str]) -> Row:
    return Row("h", {**cells, **ZONE}, WRITTEN_ON)


def _begin(years: Years) -> None:
    """Let two or three women come, each as far on her way as is drawn."""
    for _ in range(years.site.rng.randint(2, 3)):
        women.come(years.site)
        for act in years.site.rng.choice(WAYS):
            years.try_act(Happening(act.__name__, 0, act))


def prove(*, long: bool) -> Count:
    """B3: count the steps of random histories on both databases, and what they broke."""
    from tests.simulation.histories.__main__ import on_both

    lived = on_both(HISTORIES if long else HISTORIES // 20, seed=1)
    steps, broken = sum(one.steps for one in lived.values()), sum(one.broken for one in lived.values())
    told = ", ".join(f"{one.histories} histories on {name}" for name, one in lived.items())
    return Count(steps, broken, told)
