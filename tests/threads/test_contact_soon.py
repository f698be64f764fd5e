"""Please contact me soon, and I need to talk: the honest hours, once, until somebody has."""

from datetime import timedelta

import pytest

from tests.programme.browsing import words_of
from tests.threads.reading import MONDAY, SATURDAY, WORDS, all_of, answer, open_kinds, thread_of
from webapp import clock
from webapp.domain.tasks import Kind
from webapp.extensions import transaction
from webapp.models import Task, ThreadWord
from webapp.services import tasks


@pytest.mark.parametrize(
    ("now", "said", "until"),
    [
        (MONDAY, "today, by 4:00", "Monday, November 23 at 4:00"),
        (SATURDAY, "It is Saturday, and nobody is here now: somebody is in touch by Monday, November 30 at 4:00",
         "Monday, November 30 at 4:00"),
    ],
)  # fmt: skip
def test_contact_soon_says_the_honest_hours_and_pressed_twice_is_once(story, now, said, until):
    clock.set_right()
    clock.move(now - clock.now())
    woman = story.woman()
    hers = story.browser(woman.username)
    page = words_of(hers.get("/coordinator/soon"))
    assert "Someone is here Monday to Friday, 9 to 4." in page
    assert said in page.replace("\u202f", " ")
    assert hers.send("/coordinator/soon").status_code == 422
    for _ in range(2):
        assert hers.send("/coordinator/soon", how="here").location == "/coordinator"
    assert open_kinds(story) == [Kind.CONTACT_SOON]
    assert len(all_of(story, ThreadWord)) == 1
    assert until in words_of(hers.get("/coordinator"))
    assert "You need not ask twice" in words_of(hers.get("/coordinator/soon"))
    desk = words_of(story.browser().get(thread_of(woman)))
    assert "Asks to be contacted soon" in desk
    assert "Write to me here." in desk


def test_asking_soon_takes_the_place_of_words_that_wait_and_an_answer_ends_it(either):
    woman = either.woman()
    hers = either.browser(woman.username)
    hers.send("/coordinator", body=WORDS)
    hers.send("/coordinator/soon", how="safe ways", words="Today if you can.")
    assert open_kinds(either) == [Kind.CONTACT_SOON]
    clock.move(timedelta(minutes=1))
    hers.send("/coordinator", body="Are you there?")
    assert open_kinds(either) == [Kind.CONTACT_SOON]
    answer(either.browser(), woman)
    assert open_kinds(either) == []


def test_a_supporter_needs_to_talk_in_her_own_words(story):
    dee = story.supporter()
    hers = story.browser(dee.username)
    assert "I need to talk" in hers.get("/coordinator").text
    page = words_of(hers.get("/coordinator/soon"))
    assert "I need to talk" in page
    assert "The way that you usually reach me" in page
    hers.send("/coordinator/soon", how="safe ways")
    assert open_kinds(story) == [Kind.CONTACT_SOON]


def test_a_contact_that_is_done_on_its_task_page_ends_the_wait(story):
    woman = story.woman()
    hers = story.browser(woman.username)
    hers.send("/coordinator/soon", how="here")
    (task,) = all_of(story, Task)
    story.browser().send(f"/desk/tasks/{task.id}", act="talked", note="Called her.")
    assert "Somebody is in touch" not in words_of(hers.get("/coordinator"))
    assert "Everybody who wrote has an answer." in story.browser().get("/desk?queue=words").text
    hers.send("/coordinator/soon", how="here")
    assert open_kinds(story) == [Kind.CONTACT_SOON]


def test_past_the_time_her_page_says_so_and_that_it_is_not_because_of_her(story):
    woman = story.woman()
    hers = story.browser(woman.username)
    hers.send("/coordinator", body=WORDS)
    clock.move(timedelta(days=2))
    page = words_of(story.browser(woman.username).get("/coordinator"))
    assert "That has not happened, and it is not because of you." in page


@pytest.mark.parametrize("path", ["/questions/state", "/account", "/questions/withdraw"])
def test_every_page_of_hers_leads_to_the_coordinators(story, path):
    woman = story.woman()
    assert 'href="/coordinator"' in story.browser(woman.username).get(path).text


def test_what_the_desk_says_of_asking_her_leads_to_her_thread(story):
    woman = story.woman()
    desk = story.browser()
    ranking = story.ranked(woman)
    for path in (
        f"/desk/requests/{woman.thing_id}",
        f"/desk/rankings/{ranking}",
        f"/desk/rankings/{ranking}/gates/capacity",
    ):
        assert f'href="{thread_of(woman)}"' in desk.get(path).text
    with story.app.app_context(), transaction() as session:
        assert tasks.find_open(session, woman.actor.id, Kind.WORDS_UNANSWERED) is None
