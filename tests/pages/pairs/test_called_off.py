"""What was arranged and can no longer be: off at once where her ways are not safe, where one is away, in a pause."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.pages.absences.waiting import Away
from tests.pages.pairs.conftest import BOTH_WAYS, Pair, forms_in, pair_of
from tests.pages.pairs.test_times import offered, propose, states, tap
from tests.pages.safety.telling import tell
from tests.pages.story import Story
from tests.pages.women import turn_clock
from tests.programme.browsing import words_of
from webapp import clock
from webapp.jobs import safe_contact
from webapp.models import AuditRecord, CheckIn, Meeting, OutboxRow, Request, SafeContact
from webapp.services import requests

OFF, TALK = "Called off: ", "You talk: "
BY_PHONE = "For phone calls, only at these hours"
NEVER = "she has named no hour for that."
EVENINGS = {"safe_hours": "Mon 18:00-22:00; Tue 18:00-22:00"}


def phoning(pair, *, at: datetime | None = None, accepted: bool = True) -> datetime:
    """Let the supporter propose a phone call, and the woman say yes to it."""
    at = at or offered(pair, pair.hers, "phone")[0]
    assert propose(pair, pair.theirs, at, way="phone").status_code == 303
    if accepted:
        assert tap(pair, pair.hers, "/accept").status_code == 303
    return at


def on_site(pair, at: datetime) -> None:
    assert propose(pair, pair.theirs, at).status_code == 303
    assert tap(pair, pair.hers, "/accept").status_code == 303


def check_in(pair, said: str) -> None:
    hers = select(CheckIn.id).where(CheckIn.user_id == pair.woman.actor.id, CheckIn.state == "due")
    due = pair.do(lambda session: session.scalars(hers.order_by(CheckIn.due_on)).first())
    clock.move(timedelta(days=3))
    pair.hers.sign_in(pair.woman.username)
    pair.theirs.sign_in(pair.dee.username)
    assert pair.hers.send(f"/check-ins/{due}", safe=said).status_code == 303


def say_no(pair) -> None:
    check_in(pair, "no")


def not_sure(pair) -> None:
    check_in(pair, "not_sure")


def close(pair) -> None:
    assert pair.hers.send("/how-to-reach-me/close").status_code == 303


def tell_us(pair) -> None:
    assert tell(pair.hers, kind="reach").status_code == 303


def keep_hours(pair, *hours: str) -> None:
    sent = pair.hers.send("/how-to-reach-me/hours", hours=list(hours), time_zone="America/Toronto")
    assert sent.status_code == 303


NOT_SAFE = pytest.mark.parametrize("act", [say_no, not_sure, close, tell_us])


@pytest.fixture
def evenings(app):
    return pair_of(app, **EVENINGS)


def both(pair) -> list[str]:
    return [pair.words(browser) for browser in (pair.hers, pair.theirs)]


@NOT_SAFE
def test_what_was_agreed_by_a_way_that_is_not_safe_is_off_at_once_on_both_pages(evenings, act):
    pair = evenings
    late = offered(pair, pair.hers, "phone")[-1]
    phoning(pair, at=late)
    act(pair)
    assert states(pair) == {late: "called off"}
    for page in both(pair):
        assert OFF in page
        assert TALK not in page
    clock.move(late - clock.now() + timedelta(hours=1))
    for browser, one in ((pair.hers, pair.woman), (pair.theirs, pair.dee)):
        browser.sign_in(one.username)
        assert "Did you talk on" not in pair.words(browser)


@NOT_SAFE
def test_what_was_proposed_by_a_way_that_is_not_safe_cannot_be_accepted(evenings, act):
    pair = evenings
    late = phoning(pair, at=offered(pair, pair.hers, "phone")[-1], accepted=False)
    (accept,) = forms_in(pair.hers.get(pair.path).text, "/accept")
    act(pair)
    assert states(pair) == {late: "taken back"}
    assert forms_in(pair.hers.get(pair.path).text, "/accept") == []
    assert pair.hers.send(accept).status_code == 409


@NOT_SAFE
def test_what_is_in_the_site_itself_stays(evenings, act):
    pair = evenings
    at = offered(pair, pair.hers)[-1]
    on_site(pair, at)
    act(pair)
    assert states(pair) == {at: "accepted"}
    assert all(TALK in page for page in both(pair))


def test_the_other_is_told_that_there_is_news_and_the_record_names_each_time(evenings):
    pair = evenings
    phoning(pair)
    pair.do(lambda session: session.query(OutboxRow).delete())
    close(pair)
    told = pair.do(lambda session: [(one.kind, one.to_user_id) for one in session.query(OutboxRow)])
    assert ("a time to talk", pair.dee.actor.id) in told
    acts = pair.do(lambda session: list(session.scalars(select(AuditRecord.action))))
    assert "time called off" in acts


def test_a_way_outside_is_of_the_supporter_too(evenings):
    pair = evenings
    at = phoning(pair)
    assert tell(pair.theirs, kind="reach").status_code == 303
    assert states(pair) == {at: "called off"}


def test_how_two_talk_that_cannot_be_read_counts_as_outside(evenings):
    pair = evenings
    at = phoning(pair)
    pair.do(lambda session: setattr(session.query(Meeting).one(), "how_sealed", b"\x00broken"))
    close(pair)
    assert states(pair) == {at: "called off"}


def test_a_proposal_that_lies_outside_her_hours_by_now_is_refused_kindly(evenings):
    """Her record ran out; the worker has not looked yet."""
    pair = evenings
    phoning(pair, accepted=False)
    (accept,) = forms_in(pair.hers.get(pair.path).text, "/accept")
    pair.do(lambda session: setattr(session.query(SafeContact).one(), "valid_until", clock.now()))
    late = pair.hers.send(accept)
    assert late.status_code == 409
    assert "does not suit both of you any more" in late.text


def test_what_her_record_no_longer_counts_for_is_called_off_by_the_worker(evenings):
    pair = evenings
    at = phoning(pair)
    pair.do(lambda session: session.query(OutboxRow).delete())
    pair.do(lambda session: setattr(session.query(SafeContact).one(), "valid_until", clock.now()))
    clock.move(timedelta(minutes=1))
    with pair.story.app.app_context():
        assert safe_contact.run(clock.now()) == 1
    assert states(pair) == {at: "called off"}
    told = pair.do(
        lambda session: {one.to_user_id for one in session.query(OutboxRow).filter_by(kind="a time to talk")}
    )
    assert told == {pair.woman.actor.id, pair.dee.actor.id}


# Her hours, as they are now


def test_narrower_hours_call_off_what_lies_outside_them_and_nothing_else(app):
    pair = pair_of(app, safe_hours="weekday_evening")
    calls = offered(pair, pair.hers, "phone")
    phoning(pair, at=calls[0])
    phoning(pair, at=calls[-1], accepted=False)
    keep_hours(pair, "weekday_evening", "weekend_morning")
    assert sorted(states(pair).values()) == ["accepted", "proposed"]
    keep_hours(pair, "weekend_morning")
    assert states(pair) == {calls[0]: "called off", calls[-1]: "taken back"}
    assert all(OFF in page for page in both(pair))


@NOT_SAFE
def test_the_supporter_reads_no_hours_once_they_do_not_count(evenings, act):
    pair = evenings
    assert BY_PHONE in pair.words(pair.theirs)
    act(pair)
    page = pair.words(pair.theirs)
    assert BY_PHONE not in page
    assert NEVER in page


def test_the_supporter_reads_her_hours_as_they_are_now(app):
    pair = pair_of(app)
    assert f"{BY_PHONE}: Mon 18:00 to 20:00." in pair.words(pair.theirs)
    keep_hours(pair, "weekday_evening")
    page = pair.words(pair.theirs)
    assert BY_PHONE in page
    assert "18:00 to 20:00" not in page
    pair.do(requests.withdraw_request, pair.woman.actor, pair.woman.thing_id, now=clock.now())
    assert BY_PHONE not in pair.words(pair.theirs)


def test_where_she_opens_a_way_the_supporter_reads_so(app):
    pair = pair_of(app, safe_hours="")
    assert NEVER in pair.words(pair.theirs)
    keep_hours(pair, "weekday_evening")
    page = pair.words(pair.theirs)
    assert NEVER not in page
    assert BY_PHONE in page


@pytest.mark.parametrize("field", ["said_sealed", "answers_sealed"])
def test_what_cannot_be_read_names_no_hour_and_takes_no_page_down(evenings, field):
    pair = evenings

    def damage(session):
        kind = SafeContact if field == "said_sealed" else Request
        setattr(session.query(kind).one(), field, b"\x00broken")

    pair.do(damage)
    page = pair.words(pair.theirs)
    assert BY_PHONE not in page
    assert NEVER in page


def test_an_open_offer_names_the_hours_of_now(app):
    """A concern locks no offer: until the worker has looked, the page asks her record itself."""
    turn_clock()
    story = Story(app)
    dee, woman = story.supporter(**BOTH_WAYS), story.woman(**{**BOTH_WAYS, **EVENINGS})
    offer, theirs = f"/offers/{story.offered(woman, dee)}", story.browser(dee.username)
    assert BY_PHONE in words_of(theirs.get(offer))
    assert tell(story.browser(woman.username), kind="reach").status_code == 303
    page = words_of(theirs.get(offer))
    assert BY_PHONE not in page
    assert NEVER in page


def test_an_ask_to_cover_names_the_hours_of_now(app):
    turn_clock()
    story = Story(app)
    dee, eve = story.supporter("Dee", **BOTH_WAYS), story.supporter("Eve", **BOTH_WAYS)
    woman = story.woman(**{**BOTH_WAYS, **EVENINGS})
    away = Away(story, story.introduced(woman, dee), woman, dee, eve)
    away.work()
    away.begin()
    assert away.answer("yes") == 303
    ask, eves = f"/offers/meanwhile/{away.covers()[-1].id}", story.browser(eve.username)
    assert BY_PHONE in words_of(eves.get(ask))
    assert tell(story.browser(woman.username), kind="reach").status_code == 303
    page = words_of(eves.get(ask))
    assert BY_PHONE not in page
    assert NEVER in page


# A break, and a pause


def days_on(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}"


@pytest.mark.parametrize(("until", "left"), [(5, 1), (None, 0)])
def test_a_break_calls_off_what_falls_into_it(pair, until, left):
    soon, late = offered(pair, pair.hers)[0], offered(pair, pair.hers)[-1]
    for at in (soon, late):
        on_site(pair, at)
    page = pair.theirs.get("/break")
    assert "Times to talk that fall into your break are called off at once" in words_of(page)
    assert pair.theirs.send("/break", until=days_on(until) if until else "").status_code == 303
    assert states(pair) == {soon: "called off", late: "accepted" if left else "called off"}
    for page in both(pair):
        assert OFF in page
        assert page.count(TALK) == left


def test_a_break_that_is_made_longer_calls_off_what_falls_into_it_then(pair):
    late = offered(pair, pair.hers)[-1]
    on_site(pair, late)
    pair.theirs.send("/break", until=days_on(2))
    assert "Times to talk that fall into your break are called off at once" in words_of(pair.theirs.get("/break"))
    assert states(pair) == {late: "accepted"}
    pair.theirs.send("/break", until=days_on(20))
    assert states(pair) == {late: "called off"}


def test_a_break_takes_back_what_is_only_proposed_and_leaves_the_pairs_of_others(pair):
    propose(pair, pair.hers)
    (accept,) = forms_in(pair.theirs.get(pair.path).text, "/accept")
    eve, ana = pair.story.supporter("Eve", **BOTH_WAYS), pair.story.woman("Ana", **BOTH_WAYS)
    other = Pair(
        pair.story, pair.story.introduced(ana, eve), ana, eve, pair.story.browser(ana.username),
        pair.story.browser(eve.username),
    )  # fmt: skip
    on_site(other, offered(other, other.hers)[-1])
    pair.theirs.send("/break", until="")
    assert sorted(states(pair).values()) == ["accepted", "taken back"]
    assert pair.theirs.send(accept).status_code == 409


@pytest.mark.parametrize("whose", ["hers", "theirs"])
@pytest.mark.parametrize(("weeks", "left"), [("1", 1), ("0", 0)])
def test_a_pause_calls_off_what_falls_into_it_and_both_read_it(pair, whose, weeks, left):
    soon, late = offered(pair, pair.hers)[0], offered(pair, pair.hers)[-1]
    for at in (soon, late):
        on_site(pair, at)
    taker = getattr(pair, whose)
    assert "Times to talk that fall into the pause are called off" in pair.words(taker, "/change")
    assert taker.send(f"{pair.path}/pause", weeks=weeks).status_code == 303
    assert states(pair) == {soon: "called off", late: "accepted" if left else "called off"}
    for page in both(pair):
        assert OFF in page
        assert page.count(TALK) == left
    assert taker.send(f"{pair.path}/go-on").status_code == 303
    for page in both(pair):
        assert OFF in page
        assert page.count(TALK) == left


def test_the_other_is_told_of_a_time_that_a_pause_calls_off(pair):
    on_site(pair, offered(pair, pair.hers)[0])
    pair.do(lambda session: session.query(OutboxRow).delete())
    pair.theirs.send(f"{pair.path}/pause", weeks="1")
    told = pair.do(lambda session: [(one.kind, one.to_user_id) for one in session.query(OutboxRow)])
    assert told == [("a time to talk", pair.woman.actor.id)]
