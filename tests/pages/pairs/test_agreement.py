"""What two agree on: proposed by one, agreed by the other, said as it is; never claimed where nobody agreed."""

from datetime import date, timedelta

import pytest

from tests.pages.pairs.conftest import forms_in
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.introductions import State
from webapp.models import Agreement, Introduction
from webapp.services.pairs import agreements

TERMS = {"ways": ["phone"], "often": "weekly", "weeks": "8", "private": "Our children's names."}
ASKED = "Would you like to say how, how often and until when"


def propose(pair, browser, **changed):
    return browser.send(f"{pair.path}/agreement", **{**TERMS, **changed})


def until(pair) -> date:
    return pair.do(lambda session: session.get(Introduction, pair.id).until)


def test_where_nobody_agreed_the_page_suggests(pair):
    for browser in (pair.hers, pair.theirs):
        page = pair.words(browser)
        assert "Nothing is agreed yet. We suggest 12 weeks." in page
        assert "We suggest 12 weeks, until Monday, February 15" in page
        assert "agreed on" not in page


def test_one_proposes_the_other_agrees_and_the_length_follows(pair):
    before = until(pair)
    assert propose(pair, pair.hers).location == f"{pair.path}#agreed"
    assert until(pair) == before
    theirs = pair.words(pair.theirs)
    assert "Claire proposes how you two could talk" in theirs
    assert "How: phone calls How often: once a week Until when: 8 weeks from the day you both say yes" in theirs
    (agree,) = forms_in(pair.theirs.get(pair.path).text, "/agree")
    assert pair.hers.send(agree).status_code == 404
    for _ in range(2):
        assert pair.theirs.send(agree).status_code == 303
    assert until(pair) == clock.now().date() + timedelta(weeks=8)
    for browser in (pair.hers, pair.theirs):
        page = pair.words(browser)
        assert "You both agreed on this on Monday, November 23." in page
        assert "You agreed on a time until Monday, January 18" in page
        assert "Our children&#39;s names." in page


def test_the_other_may_propose_otherwise_and_the_first_can_no_longer_be_agreed_to(pair):
    propose(pair, pair.hers)
    (agree,) = forms_in(pair.theirs.get(pair.path).text, "/agree")
    propose(pair, pair.theirs, weeks="24", often="own words", often_words="Sundays")
    late = pair.theirs.send(agree)
    assert late.status_code == 404 or "changed meanwhile" in words_of(late)
    (again,) = forms_in(pair.hers.get(pair.path).text, "/agree")
    assert "How often: Sundays" in pair.words(pair.hers)
    assert pair.hers.send(again).status_code == 303
    assert until(pair) == clock.now().date() + timedelta(weeks=24)


def test_the_same_words_from_both_are_an_agreement(pair):
    propose(pair, pair.hers)
    propose(pair, pair.theirs)
    assert "You both agreed on this" in pair.words(pair.hers)
    assert pair.do(lambda session: session.query(Agreement).count()) == 1


def test_what_holds_stays_until_both_agree_on_a_change(pair):
    propose(pair, pair.hers)
    pair.theirs.send(forms_in(pair.theirs.get(pair.path).text, "/agree")[0])
    clock.move(timedelta(minutes=1))
    propose(pair, pair.theirs, weeks="12")
    assert until(pair) == clock.now().date() + timedelta(weeks=8)
    page = pair.words(pair.hers)
    assert "8 weeks from" in page
    assert "12 weeks from" in page
    pair.hers.send(forms_in(pair.hers.get(pair.path).text, "/agree")[0])
    assert until(pair) == clock.now().date() + timedelta(weeks=12)
    assert "8 weeks from" not in pair.words(pair.hers)


def test_nothing_said_is_asked_for_again_and_own_words_need_words(pair):
    for form in ({"private": ""}, {"private": "", "often": "own words"}, {"private": "", "weeks": "7"}):
        page = pair.hers.send(f"{pair.path}/agreement", **form)
        assert page.status_code == 422
        assert "Choose or write at least one thing" in words_of(page)
    long = propose(pair, pair.hers, private="x" * 301)
    assert long.status_code == 422
    assert "x" * 301 in long.text


def test_she_may_leave_it_and_is_asked_once_more_and_never_again(pair):
    assert ASKED in pair.words(pair.hers)
    for _ in range(2):
        assert pair.hers.send(f"{pair.path}/agreement/later").status_code == 303
    assert ASKED not in pair.words(pair.hers)
    assert ASKED in pair.words(pair.theirs)
    clock.move(timedelta(days=7))
    pair.hers.sign_in(pair.woman.username)
    assert ASKED in pair.words(pair.hers)
    pair.hers.send(f"{pair.path}/agreement/later")
    clock.move(timedelta(days=60))
    pair.hers.sign_in(pair.woman.username)
    assert ASKED not in pair.words(pair.hers)
    assert "Say how you two talk" in pair.words(pair.hers)


def test_when_a_supporter_must_speak_is_said_beside_what_stays_private(pair):
    for part in ("", "/agreement"):
        page = pair.words(pair.hers, part)
        assert "somebody’s life is in danger, or when a child may be harmed" in page


@pytest.mark.parametrize("state", [State.PAUSED, State.ENDED])
def test_nothing_is_agreed_while_the_two_may_not_talk(pair, state):
    pair.do(lambda session: setattr(session.get(Introduction, pair.id), "state", state))
    refused = propose(pair, pair.hers)
    assert refused.status_code == 409
    assert "Our children" in refused.text


def test_what_cannot_be_read_is_said_and_cannot_be_agreed_to(pair):
    propose(pair, pair.hers)
    pair.do(lambda session: setattr(session.query(Agreement).one(), "terms_sealed", b"\x00broken"))
    page = pair.theirs.get(pair.path)
    assert page.status_code == 200
    assert forms_in(page.text, "/agree") == []
    assert agreements.ShownTerms(pair.id, {}, True, clock.now(), None).is_unread


def test_a_day_that_came_by_itself_is_not_called_agreed(pair):
    propose(pair, pair.hers)
    pair.theirs.send(forms_in(pair.theirs.get(pair.path).text, "/agree")[0])
    assert "You agreed on a time until" in pair.words(pair.hers)
    later = until(pair) + timedelta(weeks=4)
    pair.do(lambda session: setattr(session.get(Introduction, pair.id), "until", later))
    assert "You agreed on a time until" not in pair.words(pair.hers)
    assert "For now until Monday, February 15" in pair.words(pair.hers)


def test_where_one_has_chosen_to_part_an_agreement_moves_no_last_day(pair):
    pair.do(lambda session: setattr(session.get(Introduction, pair.id), "state", State.ENDING))
    before = until(pair)
    propose(pair, pair.hers)
    pair.theirs.send(forms_in(pair.theirs.get(pair.path).text, "/agree")[0])
    assert until(pair) == before


def test_what_is_ticked_and_written_too_is_asked_about_and_nothing_is_dropped(pair):
    refused = propose(pair, pair.hers, often="weekly", often_words="Sundays only")
    assert refused.status_code == 422
    said = words_of(refused)
    assert "You ticked how often, and wrote it too." in said
    assert 'value="Sundays only"' in refused.text
