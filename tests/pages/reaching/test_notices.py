"""Where notices go: an address that is proved by a code, and taken away; what the desk does with those not sent."""

import re

import pytest
from sqlalchemy import select

from tests.jobs.notices.mailing import mail_through, reach, settle_all
from tests.pages.story import Story
from tests.pages.women import turn_clock
from tests.programme.browsing import words_of
from webapp import clock
from webapp.config import MailSettings
from webapp.domain.notices import Notice
from webapp.extensions import transaction
from webapp.jobs import deliver
from webapp.models import AuditRecord, NoticeAddress, OutboxRow
from webapp.services import outbox
from webapp.services.safety import records

PAGE = "/account/notices"
GIVES = {"address": "dee@example.org", "zone": "America/Toronto"}


@pytest.fixture(autouse=True)
def mail(app, tmp_path):
    turn_clock()
    settings = MailSettings(sender="updates@example.org", folder=tmp_path / "mail")
    mail_through(app, settings)
    return settings


@pytest.fixture
def story(app):
    return Story(app)


def run(app):
    with app.app_context():
        return deliver.run(clock.now())


def letters(mail):
    return [path.read_text() for path in sorted(mail.folder.glob("*.eml"))] if mail.folder.exists() else []


def code_in(letter):
    return re.search(r"Your code is (\d{8})", letter)[1]


def address_of(app):
    with app.app_context(), transaction() as session:
        row = session.scalars(select(NoticeAddress)).one_or_none()
        return row and (row.said["address"], row.confirmed_at is not None)


@pytest.mark.parametrize("who", ["robin", "s-dee"])
def test_an_address_counts_once_the_code_that_came_there_is_typed(app, story, mail, who):
    story.supporter()
    browser = story.browser(who)
    assert "You have given no address" in words_of(browser.get(PAGE))
    assert browser.send(PAGE, **GIVES).location == PAGE
    assert "We sent a code to dee@example.org" in words_of(browser.get(PAGE))
    assert address_of(app) == ("dee@example.org", False)
    run(app)
    (letter,) = letters(mail)
    wrong = browser.send(f"{PAGE}/code", digits="00000000")
    assert wrong.status_code == 422
    assert "This is not the code." in words_of(wrong)
    assert browser.send(f"{PAGE}/code", digits=code_in(letter)).location == PAGE
    assert address_of(app) == ("dee@example.org", True)
    assert "Your notices go to" in words_of(browser.get(PAGE))
    browser.send(f"{PAGE}/forget")
    browser.send(f"{PAGE}/forget")
    assert address_of(app) is None


@pytest.mark.parametrize("address", ["", "dee", "a@example.org b@example.org", "a@example.org\r\nBcc: b@example.org"])
def test_what_is_no_address_is_refused_and_stays_typed(app, story, address):
    browser = story.browser()
    answer = browser.send(PAGE, **{**GIVES, "address": address})
    assert answer.status_code == 422
    assert "Write it alone" in words_of(answer)
    assert address_of(app) is None


def test_where_no_mail_leaves_no_address_is_asked_for_and_no_code_is_promised(app, story):
    mail_through(app, MailSettings())
    browser = story.browser()
    assert "Send me a code" not in browser.get(PAGE).text
    answer = browser.send(PAGE, **GIVES)
    assert answer.status_code == 409
    assert "on its way" not in answer.text
    assert address_of(app) is None


def test_five_wrong_codes_end_a_code(app, story, mail):
    browser = story.browser()
    browser.send(PAGE, **GIVES)
    run(app)
    for _ in range(5):
        browser.send(f"{PAGE}/code", digits="1")
    answer = browser.send(f"{PAGE}/code", digits=code_in(letters(mail)[0]))
    assert "does not work any more" in words_of(answer)
    assert address_of(app) == ("dee@example.org", False)


def test_nobody_makes_the_site_write_to_many_addresses(app, story):
    object.__setattr__(app.config["SETTINGS"], "rate_limits", True)
    browser = story.browser()
    answers = [browser.send(PAGE, **{**GIVES, "address": f"a{n}@example.org"}).status_code for n in range(7)]
    assert answers[:5] == [303] * 5
    assert 429 in answers


def test_a_woman_has_no_such_page_and_her_account_leads_to_her_own(app, story):
    her = story.browser(story.woman().username)
    assert her.get(PAGE).status_code == 404
    assert her.send(PAGE, **GIVES).status_code == 404
    assert "/how-to-reach-me" in her.get("/account").text
    assert PAGE not in her.get("/account").text
    assert PAGE in story.browser().get("/account").text


def test_closing_an_account_takes_its_address_away(app, story, mail):
    browser = story.browser(story.supporter().username)
    browser.send(PAGE, **GIVES)
    browser.send("/account/close", present="river stones are warm in June")
    assert address_of(app) is None


# The desk


@pytest.fixture
def unsent(app, story, mail):
    """A notice to a supporter that failed, and one to the coordinator herself."""
    dee = story.supporter()
    settle_all(app)
    with app.app_context(), transaction() as session:
        for to in (dee.actor.id, story.coordinator.id):
            outbox.put(session, Notice.YOU_HAVE_A_MESSAGE, dedupe=str(to), due_at=clock.now(), to=to)
        session.flush()
        for row in session.scalars(select(OutboxRow)):
            row.state, row.attempts, row.code, row.settled_at = "failed", 8, "address_refused_550", clock.now()
            if row.to_user_id == dee.actor.id:
                found = row.id
    return found


def test_what_could_not_be_sent_stands_on_the_desk_with_its_reason(app, story, unsent):
    page = words_of(story.browser().get("/desk?queue=unsent"))
    assert "For Dee" in page
    assert "Her mail server refuses the address." in page
    assert "8 tries" in page
    assert page.count("a message") == 1


def state_of(app, notice_id):
    with app.app_context(), transaction() as session:
        return session.get_one(OutboxRow, notice_id).state


@pytest.mark.parametrize(
    ("act", "state", "said"), [("again", "ready", "tried again"), ("give-up", "given up", "not tried")]
)
def test_a_coordinator_decides_once_and_it_is_recorded(app, story, unsent, act, state, said):
    desk = story.browser()
    assert desk.send(f"/desk/notices/{unsent}/{act}").location == "/desk?queue=unsent"
    assert said in words_of(desk.get("/desk?queue=unsent"))
    assert state_of(app, unsent) == state
    desk.send(f"/desk/notices/{unsent}/give-up")
    assert "Somebody else has decided" in words_of(desk.get("/desk?queue=unsent"))
    assert state_of(app, unsent) == state
    with app.app_context(), transaction() as session:
        acts = session.scalars(select(AuditRecord.action).where(AuditRecord.thing == "outbox")).all()
    assert len(acts) == 1


# What a page says of it


SENDS_NOTHING, TELLS = "This site sends you nothing", "an e-mail tells you so"


@pytest.mark.parametrize("how", ["nothing", "mail", "no server", "closed", "expired"])
def test_what_her_page_says_is_true_for_her(app, story, how):
    woman = story.woman()
    if how != "nothing":
        reach(story, woman)
    if how == "no server":
        mail_through(app, MailSettings())
    if how == "closed":
        with app.app_context(), transaction() as session:
            records.close_outside(session, woman.actor.id, actor=woman.actor, now=clock.now())
    if how == "expired":
        clock.move(records.lasts())
    her = story.browser(woman.username)
    for path in ("/questions/sent", "/questions/state", "/people"):
        page = words_of(her.get(path))
        assert (TELLS in page, SENDS_NOTHING in page) == ((True, False) if how == "mail" else (False, True)), path
        assert "day and night" in page
