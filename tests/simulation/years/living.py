"""The years themselves: each day its events at any hour, the worker as it works, the mail opened, every rule asked."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.simulation.years import clocks, desk, standing, supporters
from tests.simulation.years.asked import Breach, Look, Memory, Rule
from tests.simulation.years.letters import NIGHT, OUTSIDE, STRANGER, TELLS, Letters
from tests.simulation.years.site import Site, looking, set_clock
from tests.simulation.years.table import TABLE, WEIGHTS, Happening
from webapp.domain.access import Role
from webapp.domain.lifecycles import WrongStep
from webapp.domain.places import NoPlaceLeft
from webapp.extensions import db, transaction
from webapp.jobs.acts import between_acts
from webapp.jobs.worker import Worker, find_jobs
from webapp.models import AuditRecord, AuditVerification, JobFailure, OutboxRow
from webapp.services import audit, matching, proposals, rankings, waiting
from webapp.services import requests as asking
from webapp.services.accounts import closing
from webapp.services.acting import Missing, TooLate
from webapp.services.audit import anchors, checks
from webapp.services.cards import taking_back
from webapp.services.pairs import agreements, details, meetings, pauses
from webapp.services.safety import concerns, holds

log = logging.getLogger(__name__)
BEGINS = datetime(2026, 6, 1, tzinfo=UTC)
THREE_YEARS = 1095
SUPPORTERS, COORDINATORS, APPROVERS = 30, 3, 2
WORK_A_DAY = 4
SELDOM = {
    **dict.fromkeys(("departures", "forget_words", "wrong_tries"), timedelta(days=5)),
    "verify": timedelta(days=60),
    "fields": timedelta(days=180),
}
"""These read everything each time, or have nothing to do here; they run seldom, so that the years end."""
MOST_TRIES = 60
KIND = (
    *(WrongStep, TooLate, Missing, NoPlaceLeft, asking.NotReady, proposals.NeedsReason, proposals.Outdated),
    *(
        rankings.Moved,
        waiting.BadDay,
        pauses.BadDay,
        meetings.NotShared,
        meetings.Taken,
        meetings.TooMany,
        details.TooMany,
    ),
    *(agreements.BadTerms, holds.NotLookedAt, concerns.WhomNeeded, closing.StillCountedOn, taking_back.NeedsReason),
)
"""What a person reads as a kind page: that it is too late, or not hers, or needs something first."""
FAILED, JOBS, UNRECORDED = "acts that failed", "jobs that failed", "acts without a record"
CHAIN, COUNTS = "breaks of the audit chain", "acts counted otherwise than recorded"


@dataclass
class Found:
    """What came of one name in the table: how many were looked at, and each breach with the moment."""

    looked: int = 0
    breaches: list[str] = field(default_factory=list)


class Years:
    """Everything that is lived, and what was found."""

    def __init__(
        self,
        site: Site,
        *,
        rules: tuple[Rule, ...] = (*standing.RULES, *clocks.RULES),
        weights: Sequence[float] = WEIGHTS,
    ) -> None:
        self.weights = weights
        self.site, self.rules, self.memory, self.work_a_day = site, rules, Memory(), WORK_A_DAY
        self.letters, self.events, self.days = Letters(site), 0, 0
        self.known: set[tuple[str, str, tuple[UUID | None, ...]]] = set()
        names = (
            FAILED,
            JOBS,
            UNRECORDED,
            OUTSIDE,
            TELLS,
            NIGHT,
            STRANGER,
            *(rule.name for rule in rules),
            CHAIN,
            COUNTS,
        )
        self.found = {name: Found() for name in names}
        self.worker = Worker(
            {name: replace(job, every=SELDOM.get(name, job.every)) for name, job in find_jobs().items()}
        )
        between_acts.set(self.worker.between_acts)
        self.checked_at = BEGINS - timedelta(days=1)

    def begin(self, supporters_at_first: int = SUPPORTERS) -> None:
        """Let the programme begin: its desk, and its first supporters."""
        set_clock(BEGINS)
        for role, how_many in ((Role.COORDINATOR, COORDINATORS), (Role.APPROVER, APPROVERS)):
            for _ in range(how_many):
                desk.join(self.site, role)
        for _ in range(supporters_at_first):
            supporters.join(self.site)
        with transaction() as session:
            matching.fit_anew(session, now=self.site.now)

    def live(self, events: int, days: int, *, stop_at: str | None = None) -> None:
        """Live so many events on so many days; stop where a named rule is broken."""
        for day in range(days):
            share = events * (day + 1) // days - events * day // days
            self.live_day(share)
            if stop_at in self.found and self.found[stop_at].breaches:
                return

    def live_day(self, events: int) -> None:
        """Live one day, and ask every rule at its end."""
        begins, rng = BEGINS + timedelta(days=self.days), self.site.rng
        moments = [(begins + timedelta(seconds=rng.randrange(10, 86_300)), True) for _ in range(events)]
        hours = 24 / self.work_a_day
        moments += [(begins + timedelta(hours=hours * (n + 0.8 * rng.random())), False) for n in range(self.work_a_day)]
        for at, is_event in sorted(moments):
            set_clock(at)
            self.happen() if is_event else self.work()
        set_clock(begins + timedelta(days=1, seconds=-5))
        self.work()
        self.ask()
        self.days += 1

    # Events

    def happen(self) -> None:
        """Let something happen: draw until there is somebody to whom it can."""
        for _ in range(MOST_TRIES):
            (one,) = self.site.rng.choices(TABLE, self.weights)
            if self.try_act(one):
                self.events += 1
                return

    def try_act(self, one: Happening) -> bool:
        """Let one kind of event happen; False where there is nobody to whom it can."""
        site, before = self.site, self._last_record()
        try:
            people = one.act(site)
        except KIND as refusal:
            site.refused[one.name] += 1
            site.note(one.name, type(refusal).__name__, site.actor.id)
            return True
        except Exception as error:
            self._breach(FAILED, Breach(f"{one.name}: {type(error).__name__}: {error}"[:300], (site.actor.id,)))
            log.exception("an act failed")
            return True
        finally:
            db.session.remove()
        if people is None:
            return False
        site.done[one.name] += 1
        site.note(one.name, "done", *people)
        self._check_record(one, people, before)
        self._take_broken_promises(people)
        if one.then is not None:
            self.work()
            one.then(site)
        return True

    def _last_record(self) -> int:
        return self.site.ids(select(func.max(AuditRecord.number)))[0] or 0

    def _check_record(self, one: Happening, people: tuple[UUID | None, ...], before: int) -> None:
        if not one.leaves:
            return
        left = set(self.site.ids(select(AuditRecord.action).where(AuditRecord.number > before)))
        self.found[UNRECORDED].looked += 1
        if not left & set(one.leaves):
            self._breach(UNRECORDED, Breach(f"{one.name} left {sorted(left)}", people))

    def _take_broken_promises(self, people: tuple[UUID | None, ...]) -> None:
        for name, told in self.site.broken:
            self.found.setdefault(name, Found())
            self._breach(name, Breach(told, people))
        self.site.broken.clear()

    # The worker and the mail

    def work(self) -> None:
        """Let the worker do all that is due, and open the mail that came of it."""
        errors = self.worker.errors
        self.worker.run_due()
        self.found[JOBS].looked += 1
        if self.worker.errors > errors:
            self._breach(JOBS, Breach(self.worker.last_error or "?"))
        for name, said, person in self.letters.open_new():
            self._breach(name, Breach(said, (person.id if person else None,)))

    # The rules

    def ask(self) -> None:
        """Ask every rule of the database as it is now."""
        now = self.site.now
        with looking() as session:
            self.memory.read_tasks(session, self.checked_at - timedelta(days=1))
            for rule in self.rules:
                look = Look(session, now, self.checked_at, self.site.cast, self.memory)
                for breach in rule.broken(look):
                    self._breach(rule.name, breach)
                self.found[rule.name].looked += look.looked
            for row in session.execute(select(JobFailure.job, JobFailure.last_error)):
                self._breach(JOBS, Breach(f"{row.job}: {row.last_error}"))
        self.checked_at = now

    def end(self) -> None:
        """Ask at the end what is asked of the whole: the chain, and that as much is recorded as was done."""
        with looking() as session:
            self._ask_the_chain(session)
            noted = Counter(session.scalars(select(AuditRecord.action)))
            for action, kind in standing.COUNTED.items():
                self.found[COUNTS].looked += 1
                rows = session.scalar(select(func.count()).select_from(kind))
                if noted[action] != rows:
                    self._breach(COUNTS, Breach(f"{action}: {noted[action]} records, {rows} rows"))
            self.refusals = Counter(session.scalars(select(OutboxRow.code).where(OutboxRow.state == "refused")))
            self.notices = Counter(session.scalars(select(OutboxRow.state)))
        self.found[OUTSIDE].looked = self.letters.read["women"]
        self.found[NIGHT].looked = self.letters.read["others"]
        self.found[TELLS].looked = self.found[STRANGER].looked = self.letters.read.total()
        for name, times in self.site.promised.items():
            self.found.setdefault(name, Found()).looked = times

    def _ask_the_chain(self, session: Session) -> None:
        """Ask whether the audit is whole now, and whether the worker ever found that it was not."""
        broken = checks.find_break(session, anchors.read(self.site.app.config["SETTINGS"].anchor_file))
        self.found[CHAIN].looked = audit.last_number(session)
        if broken is not None:
            self._breach(CHAIN, Breach(f"{broken.kind} at {broken.number}"))
        for row in session.scalars(select(AuditVerification).where(AuditVerification.kind.is_not(None))):
            self._breach(CHAIN, Breach(f"the worker found it {row.kind} at {row.break_at} on {row.at:%Y-%m-%d}"))

    def _breach(self, name: str, breach: Breach) -> None:
        lines = [f"{self.site.now:%Y-%m-%d %H:%M} {breach.said}"]
        for one in breach.people:
            known = self.site.cast.people.get(one) if one else None
            lines += (
                [f"    {known.name if known else one}: {said}" for said in self.site.lately.get(one, ())] if one else []
            )
        if (key := (name, breach.said, breach.people)) not in self.known:
            self.known.add(key)
            self.found[name].breaches.append("\n".join(lines))
            log.warning("%s: %s", name, "\n".join(lines))

    @property
    def broken(self) -> int:
        """Count every breach of every rule."""
        return sum(len(one.breaches) for one in self.found.values())
