"""The desk: queues with clocks, a request in words, a ranking and what she is shown, check-ins to settle."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.pages.statements import fill_desk
from tests.pages.story import Story
from tests.programme.browsing import words_of
from tests.programme.questionnaires import asking, default_text
from webapp import clock
from webapp.domain.access import Actor, Role
from webapp.extensions import transaction
from webapp.models import AuditRecord, CheckIn, Proposal
from webapp.services import checkins, desk, requests
from webapp.services.desk import queues
from webapp.services.desk.queues import A_PAGE, Queue

KIND = "You passed over someone who stands higher. That is fine."


@pytest.fixture
def story(app) -> Story:
    return Story(app)


def rows(story, model, **known):
    with story.app.app_context(), transaction() as session:
        return session.query(model).filter_by(**known).count()


def test_the_longest_wait_stands_first_and_turns_amber_after_five_days(story):
    clock.move(-timedelta(days=14))  # five working days and more, on whatever day this runs
    story.woman("Anna")
    clock.set_right()
    story.woman("Berta")
    page = story.browser().get("/desk").text
    assert page.index("Anna") < page.index("Berta")
    assert 'class="pill amber"' in page.split("Anna")[1].split("Berta")[0]
    assert 'class="pill amber"' not in page.split("Berta")[1]
    late = words_of(story.browser().get("/desk?queue=late"))
    assert "Anna" in late
    assert "Berta" not in late


@pytest.mark.parametrize("queue", ["tasks", "waiting", "late", "shown", "offers", "silent", "pairs", "nonsense"])
def test_every_queue_says_so_where_it_is_empty(story, queue):
    page = story.browser().get(f"/desk?queue={queue}")
    assert page.status_code == 200
    assert 'class="empty"' in page.text


def test_a_coordinator_who_asks_for_herself_is_in_none_of_her_own_queues(story):
    woman = story.woman()
    both = Actor(woman.actor.id, frozenset({Role.COORDINATOR, Role.REQUESTER}))
    with story.app.app_context(), transaction() as session:
        counts = queues.count_queues(session, both, now=clock.now())
        assert counts[Queue.WAITING] == 0
        assert not queues.read_queue(session, both, Queue.WAITING, 1, counts=counts, now=clock.now()).lines


def test_her_answers_stand_in_words_and_the_reading_is_kept(story):
    woman = story.woman(topics="alcohol*; grief", hope="One <b>calm</b> week", wishes="is_mother=must")
    page = story.browser().get(f"/desk/requests/{woman.thing_id}")
    said = words_of(page)
    for words in ("matters most: alcohol", "grief or loss", "a mother a must", "See who could be there for her"):
        assert words in said
    assert "One &lt;b&gt;calm&lt;/b&gt; week" in page.text
    assert rows(story, AuditRecord, action="request read", thing_id=woman.thing_id) == 1


def test_an_answer_to_a_question_that_stands_on_no_screen_is_read_too(story, tmp_path):
    alone = default_text().replace('screen = "hope"\nsensitive', "sensitive")
    with asking(alone, tmp_path):
        woman = story.woman(access_needs="large print")
        page = words_of(story.browser().get(f"/desk/requests/{woman.thing_id}"))
    assert "would make this easier for you? What makes it easier large print" in page


def test_what_is_not_there_and_what_is_only_hers_answer_alike(story):
    woman = story.woman()
    with story.app.app_context(), transaction() as session:
        actor = Actor(story.woman("Else").actor.id, frozenset({Role.REQUESTER}))
        requests.withdraw_request(session, actor, requests.find_open_request(session, actor).id, now=clock.now())
        draft = requests.start_request(session, actor, time_zone="America/Toronto", now=clock.now()).id
    browser = story.browser()
    for path in (f"/desk/requests/{uuid4()}", f"/desk/requests/{draft}", f"/desk/rankings/{uuid4()}"):
        assert browser.get(path).status_code == 404
    assert story.browser(woman.username).get(f"/desk/requests/{woman.thing_id}").status_code == 404
    assert browser.send(f"/desk/requests/{draft}/rank").status_code in (404, 409)


def test_a_ranking_is_made_kept_and_shown_with_parts_reasons_and_places(story):
    story.supporter("Dee", topics="alcohol; loneliness")
    story.supporter("Noor", topics="grief")
    story.supporter("Ana", languages="fr", topics="alcohol; grief; loneliness")
    woman = story.woman(topics="alcohol; grief; loneliness")
    browser = story.browser()
    answer = browser.send(f"/desk/requests/{woman.thing_id}/rank")
    assert answer.status_code == 303
    page = browser.get(answer.location)
    said = words_of(page)
    assert said.index("1. Dee") < said.index("2. Noor")
    assert "0 of 2 places" in said
    for words in ("Topics", "Lived experience, shared: alcohol and loneliness", "close to what she marked: grief"):
        assert words in said
    assert "1 of 3 supporters: languages 1 Ana would be first but for: languages." in said
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert rows(story, AuditRecord, action="request read", thing_id=woman.thing_id) == 1


def test_the_ranking_counts_of_whom_something_is_not_known(story):
    story.supporter("Silent", topics="alcohol", months_steady="")
    story.supporter("Short", topics="alcohol", months_steady="alcohol=3")
    woman = story.woman(topics="alcohol*")
    ranking, browser = story.ranked(woman), story.browser()
    assert "a steady year 2 (1 not known)" in words_of(browser.get(f"/desk/rankings/{ranking}"))


def test_whom_a_gate_rules_out_is_worked_out_when_it_is_asked_for_a_page_at_a_time(story):
    for number in range(A_PAGE + 1):
        story.supporter(f"N{number}", languages="fr")
    story.supporter("Full", capacity=0, languages="fr")
    woman = story.woman()
    ranking, browser = story.ranked(woman), story.browser()
    path = f"/desk/rankings/{ranking}/gates/languages"
    assert f'href="{path}"' in browser.get(f"/desk/rankings/{ranking}").text
    pages = [browser.get(f"{path}?page={number}") for number in (1, 2, 3)]
    assert [page.text.count("<li><b>") for page in pages] == [A_PAGE, 2, 2]
    assert "52 of 52 supporters, as of now." in words_of(pages[0])
    assert (pages[0].text + pages[1].text).count(", languages</li>") == 1
    assert rows(story, AuditRecord, action="request read", thing_id=woman.thing_id) == 4
    assert browser.get(path.replace("languages", "shoes")).status_code == 404


def test_the_first_ones_are_shown_without_a_reason(story):
    dee, woman = story.supporter(), story.woman()
    ranking, browser = story.ranked(woman), story.browser()
    answer = browser.send(f"/desk/rankings/{ranking}/approve", supporters=[str(dee.thing_id)])
    assert answer.status_code == 303
    said = words_of(browser.get(answer.location))
    assert "She can see them now." in said
    assert "Dee shown to her" in said
    again = browser.send(f"/desk/rankings/{ranking}/approve", supporters=[str(dee.thing_id)])
    assert again.status_code == 409
    assert browser.send(f"/desk/requests/{woman.thing_id}/rank").status_code == 409
    assert "She is not waiting any more" in words_of(browser.get(f"/desk/rankings/{ranking}"))


def test_passing_someone_over_needs_a_reason_and_loses_nothing(story):
    story.supporter("Dee")
    noor = story.supporter("Noor", availability="Mon 18:00-19:30")
    ranking, browser = story.ranked(story.woman()), story.browser()
    path, ticked = f"/desk/rankings/{ranking}/approve", [str(noor.thing_id)]
    page = browser.send(path, supporters=ticked)
    assert page.status_code == 422
    assert KIND in words_of(page)
    assert 'href="#reason-0"' in page.text
    assert f'value="{noor.thing_id}" checked' in page.text
    assert rows(story, Proposal) == 0
    assert browser.send(path, supporters=ticked, reason="because").status_code == 422
    assert browser.send(path, supporters=ticked, reason="known_fit").status_code == 303
    assert rows(story, Proposal, override="known_fit") == 1


def test_whom_she_does_not_want_to_meet_is_read_before_anyone_is_shown(story):
    story.supporter("Colleen")
    noor = story.supporter("Noor")
    woman = story.woman(not_with="colleen from Windsor; my boss")
    ranking, browser = story.ranked(woman), story.browser()
    page = browser.get(f"/desk/rankings/{ranking}")
    said = words_of(page)
    assert "colleen from Windsor; my boss" in said
    assert "Colleen this name stands in her words" in said
    assert "Noor this name" not in said
    path, sent = f"/desk/rankings/{ranking}/approve", {"supporters": [str(noor.thing_id)], "reason": "known_fit"}
    refused = browser.send(path, **sent)
    assert refused.status_code == 422
    assert "tick that you have" in words_of(refused)
    assert rows(story, Proposal) == 0
    assert browser.send(path, **sent, has_read_names="y").status_code == 303
    assert "colleen" not in words_of(browser.get(f"/desk/rankings/{ranking}"))


def test_what_was_taken_back_is_closed_to_the_desk(story):
    story.supporter()
    woman = story.woman(hope="a private hope")
    ranking, browser = story.ranked(woman), story.browser()
    assert "a private hope" in words_of(browser.get(f"/desk/requests/{woman.thing_id}"))
    story.browser(woman.username).send("/questions/withdraw")
    said = words_of(browser.get(f"/desk/requests/{woman.thing_id}"))
    assert "Her answers are closed" in said
    assert "a private hope" not in said
    assert "Claire" not in said
    assert browser.get(f"/desk/rankings/{ranking}").status_code == 404
    with story.app.app_context(), transaction() as session:
        read = desk.read_request(session, story.coordinator, woman.thing_id, now=clock.now())
    assert (read["answers"], read["shown"], read["queued"].name) == ({}, [], "")


@pytest.mark.parametrize("ticked", [0, 4])
def test_one_to_three_are_ticked(story, ticked):
    people = [story.supporter(f"Dee{number}") for number in range(4)]
    ranking = story.ranked(story.woman())
    chosen = [str(one.thing_id) for one in people[:ticked]]
    page = story.browser().send(f"/desk/rankings/{ranking}/approve", supporters=chosen)
    assert page.status_code == 422
    assert "Tick one, two or three women." in words_of(page)
    assert page.text.count('" checked') == ticked


def test_who_is_not_on_the_ranking_cannot_be_ticked(story):
    story.supporter()
    page = story.browser().send(f"/desk/rankings/{story.ranked(story.woman())}/approve", supporters=[str(uuid4())])
    assert page.status_code == 422


def test_where_nobody_passes_the_counts_say_why(story):
    story.supporter(languages="fr")
    ranking = story.ranked(story.woman())
    said = words_of(story.browser().get(f"/desk/rankings/{ranking}"))
    assert "Nobody yet" in said
    assert "languages 1" in said
    assert "Show her these" not in said


def read_by(story, action):
    """Return the things that were read, as the audit has them."""
    with story.app.app_context(), transaction() as session:
        read = select(AuditRecord.thing_id).where(AuditRecord.action == action).order_by(AuditRecord.number)
        return list(session.scalars(read))


def test_looking_at_a_queue_is_one_record_of_reading(story):
    story.woman()
    story.browser().get("/desk?queue=waiting")
    with story.app.app_context(), transaction() as session:
        read = select(AuditRecord.code).where(AuditRecord.action == "queue read")
        assert session.scalars(read).all() == ["waiting"]


def test_a_check_in_shows_what_was_ticked_and_is_a_task(story):
    dee, woman = story.supporter(), story.woman()
    clock.move(-timedelta(days=4))
    pair = story.introduced(woman, dee)
    clock.set_right()
    with story.app.app_context(), transaction() as session:
        due = session.query(CheckIn).filter_by(introduction_id=pair, user_id=woman.actor.id).order_by(CheckIn.due_on)
        due_id = due.first().id
        checkins.answer_checkin(session, woman.actor, due_id, {"safe": "no"}, now=clock.now())
    browser = story.browser()
    in_list = words_of(browser.get("/desk?queue=tasks"))
    assert "Claire A check-in needs somebody" in in_list
    assert "Is the way we contact you still safe?" not in in_list
    said = words_of(browser.get(f"/desk/check-ins/{due_id}"))
    for words in ("Claire", "with Dee as her supporter", "Is the way we contact you still safe? no", "What is to do"):
        assert words in said
    assert read_by(story, "check-in read") == [due_id]


PATHS = tuple(f"/desk?queue={queue}" for queue in Queue)


def test_a_long_queue_is_read_page_by_page(story):
    fill_desk(story, 2 * A_PAGE + 1)
    browser = story.browser()
    for path in PATHS:
        if path.endswith("late"):
            continue
        pages = [browser.get(f"{path}&page={number}").text for number in (1, 2, 3, 4, 0, -1, "x")]
        listed = "Dee" if path.endswith(("leaving", "unsent")) else "Claire"
        assert [page.count(listed) for page in pages] == [A_PAGE, A_PAGE, 1, 1, A_PAGE, A_PAGE, A_PAGE]
        assert 'rel="prev"' not in pages[0]
        assert f"{path.partition('?')[2]}" in pages[0]
        assert 'rel="next"' in pages[1]
        assert 'rel="prev"' in pages[1]
        assert 'rel="next"' not in pages[2]


def test_the_counts_are_those_of_the_queues(on_either):
    story = Story(on_either)
    fill_desk(story, 3)
    now = clock.now()
    with story.app.app_context(), transaction() as session:
        counts = queues.count_queues(session, story.coordinator, now=now)
        shown = {
            queue: len(queues.read_queue(session, story.coordinator, queue, 1, counts=counts, now=now).lines)
            for queue in Queue
        }
        assert counts == shown == {queue: 0 if queue is Queue.LATE else 3 for queue in Queue}
