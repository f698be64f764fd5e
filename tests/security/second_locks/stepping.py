"""Steps of a sign-in with a second lock, as a person takes them, for tests of it."""

from datetime import timedelta

from sqlalchemy import select

from seeds.load import SECRET
from tests.programme.browsing import PASSPHRASE, words_of
from webapp import clock
from webapp.extensions import transaction
from webapp.models import AuditRecord, OneTimeCode
from webapp.security.factors import present_code

STEP = timedelta(seconds=30)
NOT_TAKEN = "This code was not taken"


def between(app, name="robin"):
    """A browser in which the passphrase was given and the second step is asked."""
    browser = app.test_client()
    browser.username = name
    answer = browser.send("/sign-in", username=name, passphrase=PASSPHRASE)
    assert (answer.status_code, answer.location) == (303, "/second-step")
    return browser


def code(ahead=timedelta()):
    clock.move(ahead)
    shown = present_code(SECRET)[0]
    clock.move(-ahead)
    return shown


def step(browser, said):
    return browser.send("/second-step", code=said)


def is_in(browser):
    return browser.get("/account").status_code == 200


def refused(answer):
    return answer.status_code == 422 and NOT_TAKEN in words_of(answer)


def rows(app, kind, **where):
    with app.app_context(), transaction() as session:
        found = session.scalars(select(kind).filter_by(**where)).all()
        session.expunge_all()
        return found


def audited(app):
    return [(one.action, one.code) for one in rows(app, AuditRecord)]


def set_up(app, browser):
    """Set codes up as she would, from the pages alone; return the code that confirmed them."""
    assert browser.send("/account/codes").location == "/account/codes"
    with app.app_context(), transaction() as session:
        hers = select(OneTimeCode).filter_by(user_id=browser.user_id, confirmed_at=None)
        typed = session.scalars(hers).one().secret.split('"key":"')[1].split('"')[0]
    shown = present_code(typed)[0]
    page = browser.send("/account/codes/confirm", code=shown)
    assert page.status_code in (200, 303)
    return shown
