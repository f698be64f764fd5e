"""Short random histories on either database: nothing is broken; and without a guard, something is."""

import pytest
from sqlalchemy import select

from tests.simulation.histories import living, seen
from tests.simulation.histories.living import live_histories
from tests.simulation.years import slices
from webapp.domain import places
from webapp.domain.safe_contact import Contact
from webapp.models import SafeContact
from webapp.services import introductions, offers

HISTORIES = 2


def test_nothing_is_broken_in_random_histories(database):
    lived = live_histories(database, HISTORIES, seed=5)
    assert {name: one.breaches for name, one in lived.found.items() if one.breaches} == {}
    assert lived.steps >= HISTORIES * living.STEPS * 0.9
    assert sum(lived.found[rule.name].looked for rule in (*living.RULES[:3], *seen.RULES)) > 0


# Guards taken away


@pytest.fixture
def in_memory():
    databases = slices.databases_in_memory()
    yield databases
    databases.close()


def all_ways(session, actor, *, now):
    """Return cards of offers on which stands how women are reached."""
    return [Contact.from_document(row.said).addresses for row in session.scalars(select(SafeContact))]


GUARDS = {
    seen.BEFORE: lambda patch: patch.setattr(offers, "list_offer_cards", all_ways),
    seen.ELSE: lambda patch: patch.setattr(introductions, "require", lambda *_asked: None),
    "places other than pairs": lambda patch: patch.setattr(places, "give_back", lambda taken: taken),
}


@pytest.mark.parametrize("rule", GUARDS)
def test_without_its_guard_a_rule_is_broken(in_memory, rule, monkeypatch):
    GUARDS[rule](monkeypatch)
    assert live_histories(in_memory, 6, seed=8, stop_at=rule).found[rule].breaches
