"""Resealing gives way to whoever writes: what was written between its reading and its writing stays."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.programme.databases import KEYS
from tests.programme.fixtures import open_account
from webapp import clock
from webapp.crypto import keyring
from webapp.crypto.fields import REGISTRY
from webapp.crypto.keyfile import ring_of
from webapp.crypto.keyring import KeyRing
from webapp.domain.access import Actor, Role
from webapp.extensions import transaction
from webapp.models import Request
from webapp.services import keys, requests

FIELD = "requests", "name"


@pytest.fixture
def newer(on_either):
    """A request sealed with the first key, on a site whose current key is the second."""
    woman = Actor(open_account(on_either, "zoe"), frozenset({Role.REQUESTER}))
    with on_either.app_context(), transaction() as session:
        requests.start_request(session, woman, time_zone="America/Toronto", now=clock.now()).name = "Zoé"
    keyring.use(ring_of(KEYS.with_new_key(clock.now())))
    yield on_either
    keyring.use(ring_of(KEYS))


def name_and_key(app):
    with app.app_context(), transaction() as session:
        one = session.scalars(select(Request)).one()
        return one.name, one.name_sealed[1]


def test_a_field_is_sealed_anew_once(newer):
    field = REGISTRY[FIELD]
    with newer.app_context(), transaction() as session:
        step = keys.reseal_some(session, field, None)
        assert (step.done, step.unreadable) == (1, 0)
        assert keys.reseal_some(session, field, step.last) is None
    assert name_and_key(newer) == ("Zoé", 2)
    with newer.app_context(), transaction() as session:
        assert keys.reseal_some(session, field, None) is None


def test_what_was_written_meanwhile_stays(newer, monkeypatch):
    decrypt = KeyRing.decrypt

    def write_first(self, envelope, place):
        monkeypatch.setattr(KeyRing, "decrypt", decrypt)
        with newer.app_context():
            session.execute(Request.__table__.update().values(name_sealed=REGISTRY[FIELD].seal("Ada", place)))
        return decrypt(self, envelope, place)

    with newer.app_context(), transaction() as session:
        monkeypatch.setattr(KeyRing, "decrypt", write_first)
        keys.reseal_some(session, REGISTRY[FIELD], None)
    assert name_and_key(newer) == ("Ada", 2)


def test_a_damaged_field_is_counted_and_left_as_it_is(newer):
    with newer.app_context(), transaction() as session:
        one = session.scalars(select(Request)).one()
        one.name_sealed = damaged = one.name_sealed[:-1] + bytes([one.name_sealed[-1] ^ 1])
    with newer.app_context(), transaction() as session:
        step = keys.reseal_some(session, REGISTRY[FIELD], None)
        assert (step.done, step.unreadable) == (0, 1)
        assert session.scalars(select(Request)).one().name_sealed == damaged


def test_a_lost_key_is_told(newer):
    keyring.use(ring_of(replace(KEYS.with_new_key(clock.now())).without(1)))
    with newer.app_context(), transaction() as session:
        faults = keys.find_faults(session)
        assert len(faults) == 1
        assert "field key 1 is missing" in faults[0].what
