"""The conversation: one form is one message, what is new is marked, folded and locked as she likes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.pages.pairs.conftest import forms_in
from tests.programme.browsing import PASSPHRASE, field_in, words_of
from webapp import clock
from webapp.domain.factors import HOLDS
from webapp.models import Message, PairView


def write(pair, browser, body="Hello", once=None):
    return browser.send(f"{pair.path}/messages", body=body, once=str(once or uuid4()))


def count(pair) -> int:
    return pair.do(lambda session: session.query(Message).count())


def later(pair, by=HOLDS):
    clock.move(by)


# One form is one message


def test_the_same_form_is_one_message_also_after_others(pair):
    once = field_in(pair.hers.get(pair.path), "once")
    write(pair, pair.hers, once=once)
    write(pair, pair.theirs, "Hello you")
    write(pair, pair.hers, "How are you?")
    clock.move(timedelta(minutes=10))
    assert write(pair, pair.hers, once=once).status_code == 303
    assert count(pair) == 3


def test_each_page_has_a_form_of_its_own_and_the_same_words_can_be_said_twice(pair):
    first, second = (field_in(pair.hers.get(pair.path), "once") for _ in range(2))
    assert first != second
    for once in (first, second):
        write(pair, pair.hers, "Good night", once=once)
    assert count(pair) == 2


def test_words_changed_in_a_form_that_was_sent_are_not_lost(pair):
    once = uuid4()
    for body in ("Hello", "Hello, and one thing more"):
        write(pair, pair.hers, body, once=once)
    assert count(pair) == 2


def test_the_same_mark_from_the_other_is_her_own_message(pair):
    once = uuid4()
    for browser in (pair.hers, pair.theirs):
        assert write(pair, browser, once=once).status_code == 303
    assert count(pair) == 2


@pytest.mark.parametrize("once", ["", "no mark", "x" * 5000])
def test_a_form_without_a_mark_is_sent_all_the_same(pair, once):
    assert pair.hers.send(f"{pair.path}/messages", body="Hello", once=once).status_code == 303
    assert count(pair) == 1


def test_a_form_that_was_given_back_keeps_its_mark(pair):
    once = str(uuid4())
    page = pair.hers.send(f"{pair.path}/messages", body="", once=once)
    assert page.status_code == 422
    assert field_in(page, "once") == once


# What is new


def test_what_the_other_wrote_since_she_looked_is_new_on_both_sides(pair):
    write(pair, pair.hers)
    assert pair.theirs.get(pair.path).text.count(">new</span>") == 1
    assert pair.theirs.get(pair.path).text.count(">new</span>") == 0
    assert pair.hers.get(pair.path).text.count(">new</span>") == 0
    for body in ("I am glad", "How are you?"):
        clock.move(timedelta(seconds=1))
        write(pair, pair.theirs, body)
    assert pair.hers.get(pair.path).text.count(">new</span>") == 2
    assert pair.hers.get(pair.path).text.count(">new</span>") == 0


def test_the_newest_are_in_view_and_nothing_new_is_folded_away(pair):
    for number in range(8):
        clock.move(timedelta(seconds=1))
        write(pair, pair.theirs if number < 7 else pair.hers, f"number {number}")
    page = pair.hers.get(pair.path).text
    assert "messages before these" not in page
    page = pair.hers.get(pair.path).text
    assert "Show the 2 messages before these" in page
    assert page.index("number 1") < page.index("</details>") < page.index("number 2")


def test_the_conversation_comes_before_what_they_share(pair):
    page = pair.hers.get(pair.path).text
    order = [page.index(one) for one in ("Your conversation", "When you talk", "What you share", "Who sees what")]
    assert order == sorted(order)


# Folded and locked


def fold(pair, browser, **fields):
    return browser.send(f"{pair.path}/folding", **fields)


def test_both_are_off_by_default_and_hers_alone(pair):
    write(pair, pair.theirs, "How is your week?")
    assert "<details" not in pair.hers.get(pair.path).text.partition('id="talk"')[2].partition("</section>")[0]
    assert fold(pair, pair.hers, folded="y").status_code == 303
    hers = pair.hers.get(pair.path).text.partition('id="talk"')[2]
    assert hers.startswith("><details><summary>")
    assert not pair.theirs.get(pair.path).text.partition('id="talk"')[2].startswith("><details>")
    assert 'id="folded" name="folded" value="y" checked' in pair.hers.get(f"{pair.path}/folding").text


def test_folded_what_is_new_stays_new_until_she_says_that_she_read_it(pair):
    fold(pair, pair.hers, folded="y")
    write(pair, pair.theirs, "How is your week?")
    for _ in range(2):
        assert "1 new" in pair.words(pair.hers)
    (seen,) = forms_in(pair.hers.get(pair.path).text, "/seen")
    assert pair.hers.send(seen).status_code == 303
    assert "1 new" not in pair.words(pair.hers)


def test_locked_the_page_holds_none_of_it_until_she_has_proved_herself(pair):
    write(pair, pair.theirs, "How is your week?")
    pair.theirs.send(f"{pair.path}/reach", kind="number", said="416 555 0199")
    fold(pair, pair.hers, locked="y")
    assert "How is your week?" in pair.hers.get(pair.path).text, "she typed her passphrase just now"
    later(pair)
    for page in (pair.hers.get(pair.path), pair.hers.get(f"{pair.path}?before={pair.id}"), write(pair, pair.hers, "")):
        assert "How is your week?" not in page.text
        assert "416 555 0199" not in page.text
    assert "It opens with your passphrase" in pair.words(pair.hers)
    for said in ("wrong", ""):
        wrong = pair.hers.send(f"{pair.path}/open", passphrase=said)
        assert wrong.status_code == 422
        assert "How is your week?" not in wrong.text
    assert pair.hers.send(f"{pair.path}/open", passphrase=PASSPHRASE).location == f"{pair.path}#talk"
    assert "How is your week?" in pair.hers.get(pair.path).text
    assert "416 555 0199" in pair.hers.get(pair.path).text
    assert "How is your week?" not in pair.theirs.get(f"{pair.path}/folding").text


def test_a_lock_is_taken_away_only_by_whoever_could_open_it(pair):
    fold(pair, pair.hers, locked="y")
    later(pair)
    refused = fold(pair, pair.hers, folded="y")
    assert refused.status_code == 422
    assert "Needed to take the lock away" in words_of(refused)
    assert "It opens with your passphrase" in pair.words(pair.hers)
    assert fold(pair, pair.hers, locked="y", folded="y").status_code == 303
    assert fold(pair, pair.hers, passphrase=PASSPHRASE).status_code == 303
    assert "It opens with your passphrase" not in pair.words(pair.hers)


def test_words_sent_after_the_lock_closed_are_taken_and_given_back_where_they_cannot_be(pair):
    fold(pair, pair.hers, locked="y")
    later(pair)
    assert write(pair, pair.hers, "I wrote for long").status_code == 303
    assert count(pair) == 1
    long = write(pair, pair.hers, "x" * 4001)
    assert "x" * 4001 in long.text
    assert "I wrote for long" not in long.text


def test_what_she_chose_does_not_stand_in_clear_and_unreadable_is_locked(pair):
    for fields in ({"locked": "y"}, {"folded": "y"}):
        fold(pair, pair.hers, **fields)
    (sealed,) = pair.do(lambda session: session.scalars(select(PairView.wishes_sealed)).all())
    assert b"folded" not in sealed
    pair.do(lambda session: setattr(session.query(PairView).one(), "wishes_sealed", b"\x00broken"))
    later(pair)
    assert "It opens with your passphrase" in pair.words(pair.hers)
