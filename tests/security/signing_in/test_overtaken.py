"""A sign-in that was proved just before the locks changed and begun just after: it is overtaken, and not begun."""

import pytest
from sqlalchemy import func, select

from tests.programme.browsing import PASSPHRASE
from tests.programme.fixtures import browser_of, open_account
from tests.reliability.servers.fleet import Shot, fleet
from tests.security.signing_in.account_endings import NEW, change_passphrase
from webapp import clock
from webapp.domain.access import Actor, Role
from webapp.domain.factors import Proof
from webapp.extensions import transaction
from webapp.models import SignIn
from webapp.security import accounts as edge
from webapp.security import sessions, signing_in
from webapp.services import accounts
from webapp.services.acting import TooLate

ROUNDS, OLD_ONES = 12, 8


@pytest.fixture
def proved(app):
    """Return a browser, a proof by its owner's passphrase, and the request in which it was given."""
    her = browser_of(app, Role.REQUESTER)
    with app.test_request_context("/sign-in", method="POST"):
        sessions.look_at_cookie()
        known = edge.check(her.username, PASSPHRASE)
        assert known is not None
        yield her, known


def test_nobody_is_led_on_by_a_passphrase_that_was_changed_meanwhile(app, proved):
    her, known = proved
    change_passphrase(app, her)
    assert signing_in.go_on(known) is None


def test_whatever_proved_her_no_sign_in_is_begun_after_a_change_of_locks(app, proved):
    _, known = proved
    with transaction() as session:
        accounts.end_sign_ins(session, Actor(known.user_id), known.user_id, now=clock.now())
    for proof in Proof:
        with pytest.raises(TooLate):
            sessions.begin(known, proof)


def test_a_change_that_a_reset_overtook_changes_nothing(app, proved):
    her, known = proved
    change_passphrase(app, her)
    actor = Actor(known.user_id, frozenset({Role.REQUESTER}))
    with transaction() as session, pytest.raises(TooLate):
        accounts.change_passphrase(session, actor, known, "hash", now=clock.now())


def test_old_passphrases_that_meet_a_new_one_leave_no_sign_in(database):
    """Through pages of real processes: only the browser that changed the passphrase stays signed in."""
    with fleet(database) as processes:
        for number in range(ROUNDS):
            name, nobody = f"anna-maria-{number}", processes.visitor(None)
            user_id = open_account(processes.app, name, Role.REQUESTER)
            here = processes.visitor(user_id)
            new = Shot(here, "/account/passphrase", {"present": PASSPHRASE, "passphrase": NEW, "again": NEW})
            old = Shot(nobody, "/sign-in", {"username": name, "passphrase": PASSPHRASE})
            answers = processes.fire([old] * (OLD_ONES // 2) + [new] + [old] * (OLD_ONES // 2))
            assert {one.status for one in answers} <= {303, 422}, answers
            assert answers[OLD_ONES // 2].status == 303
            with processes.app.app_context(), transaction() as session:
                alive = select(func.count()).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
                assert session.scalar(alive) == 1
