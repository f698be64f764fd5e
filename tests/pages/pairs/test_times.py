"""A time to talk: out of shared hours, narrowed to safe ones, by each one's own clock, answered in one tap."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import icalendar
import pytest
from sqlalchemy import select

from tests.pages.pairs.conftest import forms_in, pair_of, with_another_woman
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.introductions import State
from webapp.models import Introduction, Meeting, OutboxRow, Supporter
from webapp.services import introductions, requests

TAKEN = "One of you has something else at that hour by now. You can propose another time instead."
TORONTO = ZoneInfo("America/Toronto")


def offered(pair, browser, way="site_messages", minutes=30) -> list[datetime]:
    page = browser.get(f"{pair.path}/times?way={way}&minutes={minutes}")
    assert page.status_code == 200
    return [datetime.fromisoformat(unescape(one)) for one in re.findall(r'<option value="([^"]+)"', page.text)]


def propose(pair, browser, at=None, **changed):
    at = at or offered(pair, browser)[0]
    form = {"way": "site_messages", "minutes": "30", "starts": at.isoformat(), **changed}
    return browser.send(f"{pair.path}/times", **form)


def states(pair) -> dict[datetime, str]:
    asked = select(Meeting.starts_at, Meeting.state)
    return dict(pair.do(lambda session: [tuple(row) for row in session.execute(asked)]))


def tap(pair, browser, what, number=0):
    forms = forms_in(browser.get(pair.path).text, what)
    return browser.send(forms[number])


def local(times) -> set[str]:
    return {f"{one.astimezone(TORONTO):%a %H:%M}" for one in times}


def test_only_hours_that_both_marked_are_offered(pair):
    times = offered(pair, pair.hers, minutes=60)
    expected = {f"{day} {hour}:{half}" for day in ("Mon", "Tue") for hour in (18, 19, 20) for half in ("00", "30")}
    assert local(times) == expected | {"Mon 21:00", "Tue 21:00"}
    assert all(clock.now() + timedelta(hours=1) <= one <= clock.now() + timedelta(days=14) for one in times)


def test_for_a_way_outside_the_site_only_her_safe_hours_count(pair):
    assert local(offered(pair, pair.hers, "phone")) == {"Mon 18:00", "Mon 18:30", "Mon 19:00", "Mon 19:30"}
    assert local(offered(pair, pair.theirs, "phone")) == local(offered(pair, pair.hers, "phone"))
    outside = next(one for one in offered(pair, pair.theirs) if one.astimezone(TORONTO).hour == 21)
    refused = propose(pair, pair.theirs, outside, way="phone")
    assert refused.status_code == 409
    assert "does not suit both of you any more" in words_of(refused)


def test_without_a_safe_hour_nothing_outside_is_offered_and_she_reads_why(app):
    pair = pair_of(app, safe_hours="")
    hers = pair.words(pair.hers, "/times?way=phone&minutes=30")
    assert "no such time that both of you marked" in hers
    assert "only hours that you marked as safe" in hers
    assert "safe" not in pair.words(pair.theirs, "/times?way=phone&minutes=30")


def test_each_reads_it_by_her_own_clock(pair):
    pair.do(lambda session: setattr(session.get(Supporter, pair.dee.thing_id), "time_zone", "America/Regina"))
    first = offered(pair, pair.hers)[0]
    assert first == datetime(2026, 11, 24, 0, tzinfo=UTC), "six in Regina is seven in Toronto"
    propose(pair, pair.hers)
    assert "Monday, November 23 at 7:00 PM" in pair.words(pair.hers).replace("\u202f", " ")
    assert "Monday, November 23 at 6:00 PM" in pair.words(pair.theirs).replace("\u202f", " ")


def test_over_a_clock_change_the_hour_on_the_wall_stays(pair):
    clock.move(datetime(2027, 3, 8, 15, tzinfo=UTC) - clock.now())
    pair.hers.sign_in(pair.woman.username)
    times = [one for one in offered(pair, pair.hers) if one.astimezone(TORONTO).weekday() == 0]
    assert {one.astimezone(TORONTO).hour for one in times} == {18, 19, 20, 21}
    assert {one.hour for one in times if one.month == 3 and one.day in (8, 9)} == {23, 0, 1, 2}
    assert {one.hour for one in times if one.day in (15, 16)} == {22, 23, 0, 1}


def test_a_proposal_is_accepted_in_one_tap_and_a_second_tap_is_none(pair):
    assert propose(pair, pair.hers).location == f"{pair.path}#times"
    assert propose(pair, pair.hers).status_code == 303
    assert pair.do(lambda session: session.query(Meeting).count()) == 1
    assert "Dee has not answered yet" in pair.words(pair.hers)
    assert "Claire proposes a time to talk" in pair.words(pair.theirs)
    (accept,) = forms_in(pair.theirs.get(pair.path).text, "/accept")
    assert pair.hers.send(accept).status_code == 404
    for _ in range(2):
        assert pair.theirs.send(accept).status_code == 303
    for browser in (pair.hers, pair.theirs):
        assert "You talk: Monday, November 23" in pair.words(browser)


def test_a_time_let_pass_is_told_to_her_who_proposed_it_without_a_reason(pair):
    propose(pair, pair.hers)
    assert tap(pair, pair.theirs, "/decline").status_code == 303
    assert "No time is planned" in pair.words(pair.hers)
    assert "This did not suit Dee: Monday, November 23" in pair.words(pair.hers)
    assert "did not suit" not in pair.words(pair.theirs)


def test_a_proposal_taken_back_is_gone_and_cannot_be_accepted(pair):
    propose(pair, pair.hers)
    (accept,) = forms_in(pair.theirs.get(pair.path).text, "/accept")
    for _ in range(2):
        assert pair.hers.send(accept.replace("accept", "call-off")).status_code == 303
    assert "November 23" not in pair.words(pair.theirs).partition("When you talk")[2].partition("How to reach")[0]
    assert pair.theirs.send(accept).status_code == 409


def test_another_time_takes_the_place_of_hers(pair):
    propose(pair, pair.hers)
    link = re.search(r'href="([^"]+instead=[^"]+)"', pair.theirs.get(pair.path).text)[1]
    page = pair.theirs.get(f"{unescape(link)}&way=site_messages&minutes=30")
    assert "is let pass then" in words_of(page)
    instead = link.partition("instead=")[2]
    other = offered(pair, pair.theirs)[3]
    assert propose(pair, pair.theirs, other, instead=instead).status_code == 303
    assert sorted(states(pair).values()) == ["declined", "proposed"]
    assert states(pair)[other] == "proposed"


def test_either_calls_off_what_both_accepted_and_only_the_proposer_takes_back(pair):
    propose(pair, pair.hers)
    (back,) = forms_in(pair.hers.get(pair.path).text, "/call-off")
    assert pair.theirs.send(back).status_code == 404
    tap(pair, pair.theirs, "/accept")
    for _ in range(2):
        assert pair.theirs.send(back).status_code == 303
    assert "No time is planned" in pair.words(pair.hers)
    assert "Called off: Monday, November 23" in pair.words(pair.hers)


def test_three_proposals_are_open_at_most(pair):
    times = offered(pair, pair.hers)
    for starts in times[:3]:
        assert propose(pair, pair.hers, starts).status_code == 303
    refused = propose(pair, pair.theirs, times[3])
    assert refused.status_code == 409
    assert "3 proposed times are open already" in words_of(refused)


def test_a_time_to_which_one_of_them_said_yes_is_nobody_s_any_more(pair):
    """It is not offered, not in part either; and a proposal that crosses it cannot be accepted any more."""
    first, second = offered(pair, pair.hers)[:2]
    assert second - first == timedelta(minutes=30)
    for browser, at, minutes in ((pair.hers, first, "60"), (pair.theirs, second, "30")):
        assert propose(pair, browser, at, minutes=minutes).status_code == 303
    (late,) = forms_in(pair.hers.get(pair.path).text, "/accept")
    assert tap(pair, pair.theirs, "accept").status_code == 303
    assert not {first, second} & set(offered(pair, pair.hers))
    assert propose(pair, pair.theirs, second).status_code == 409
    assert forms_in(pair.hers.get(pair.path).text, "/accept") == []
    refused = pair.hers.send(late)
    assert refused.status_code == 409
    assert "it has changed meanwhile" not in words_of(refused)
    for page in (words_of(refused), pair.words(pair.hers)):
        assert TAKEN in page
        assert "Propose another time instead" in page
    assert states(pair) == {first: "accepted", second: "proposed"}


def test_a_time_of_hers_with_another_woman_is_taken_too(pair):
    at = offered(pair, pair.hers)[0]
    other = with_another_woman(pair)
    assert propose(other, other.hers, at).status_code == 303
    assert at in offered(pair, pair.hers)
    assert propose(pair, pair.theirs, at).status_code == 303
    assert TAKEN not in pair.words(pair.hers)
    assert tap(other, other.theirs, "accept").status_code == 303
    assert at not in offered(pair, pair.hers)
    page = pair.words(pair.hers)
    assert TAKEN in page
    assert "Ana" not in page


def test_a_proposal_whose_time_has_come_is_closed_by_the_clock(pair):
    propose(pair, pair.hers)
    (accept,) = forms_in(pair.theirs.get(pair.path).text, "/accept")
    clock.move(timedelta(hours=9))
    pair.theirs.sign_in(pair.dee.username)
    assert forms_in(pair.theirs.get(pair.path).text, "/accept") == []
    late = pair.theirs.send(accept)
    assert late.status_code == 409
    assert "it has changed meanwhile" in words_of(late)


@pytest.mark.parametrize(
    "form",
    [{"starts": "soon"}, {"starts": "9999-12-31T23:59:59-23:59"}, {"starts": ""}, {"minutes": "90"}, {"way": "walk"},
     {"starts": "2026-11-24T02:00:00"}, {"minutes": "x"}, {"instead": "none"}],
)  # fmt: skip
def test_whatever_is_sent_is_answered_with_a_page(pair, form):
    sent = propose(pair, pair.hers, **form)
    assert sent.status_code in (303, 409, 422)
    assert "<h1>" in sent.text or sent.status_code == 303


def test_a_pair_that_may_not_talk_plans_nothing(pair):
    starts = offered(pair, pair.hers)[0]
    pair.do(lambda session: setattr(session.get(Introduction, pair.id), "state", State.PAUSED))
    assert propose(pair, pair.hers, starts).status_code == 409
    assert "No time can be planned here now" in pair.words(pair.hers, "/times")


def test_a_first_proposal_is_contact_and_the_other_has_a_notice(pair):
    propose(pair, pair.theirs)
    assert "A first hello is hoped for" not in pair.words(pair.hers)
    sent = pair.do(
        lambda session: [one.to_user_id for one in session.query(OutboxRow).filter_by(kind="a time to talk")]
    )
    assert sent == [pair.woman.actor.id]


def test_an_end_calls_off_what_lies_ahead(pair):
    propose(pair, pair.hers)
    pair.do(requests.withdraw_request, pair.woman.actor, pair.woman.thing_id, now=clock.now())
    assert list(states(pair).values()) == ["taken back"]
    assert pair.do(introductions.list_pairs, pair.dee.actor)[0].has_ended


def accepted(pair) -> str:
    propose(pair, pair.hers)
    tap(pair, pair.theirs, "/accept")
    return re.search(r'href="([^"]+/calendar)"', pair.hers.get(pair.path).text)[1]


def test_the_file_for_a_calendar_comes_after_its_warning_and_tells_nothing(pair):
    page = pair.hers.get(accepted(pair))
    assert "Others may read your calendar" in words_of(page)
    assert "appointment.ics" not in pair.hers.get(pair.path).text
    answer = pair.hers.get(re.search(r'href="([^"]+\.ics)"', page.text)[1])
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == "attachment; filename=appointment.ics"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("dtstart") == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS"}
    assert str(event["summary"]) == "Appointment"
    said = answer.text.lower()
    assert not [
        word for word in ("dee", "claire", "riverside", "pairwell", "alarm", "attendee", "http") if word in said
    ]
    assert answer.data.count(b"\n") == answer.data.count(b"\r\n")


def test_two_downloads_cannot_be_told_to_be_of_one_appointment_s_row(pair):
    path = accepted(pair).replace("calendar", "appointment.ics")
    assert str(pair.hers.get(path).text).partition("UID:")[2][:36] not in path


def test_no_file_for_a_time_that_is_not_accepted_or_over(pair):
    path = accepted(pair)
    tap(pair, pair.hers, "/call-off")
    assert pair.hers.get(path).status_code == 404
    assert pair.hers.get(path.replace("calendar", "appointment.ics")).status_code == 404
