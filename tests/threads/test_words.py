"""A woman or a supporter and the coordinators: words, who reads them, one answer for all, and "contact me soon"."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from seeds.load import give_second_lock
from tests.programme.browsing import field_in, words_of
from tests.threads.reading import ANSWER, WORDS, all_of, answer, open_kinds, thread_of
from webapp import clock
from webapp.domain.access import Actor, Role
from webapp.domain.tasks import Desk, Kind
from webapp.extensions import transaction
from webapp.jobs import pass_on_tasks
from webapp.models import AuditRecord, ClosedFile, OutboxRow, Task, Thread, ThreadWord, User
from webapp.services import accounts
from webapp.services.accounts import closing
from webapp.services.threads import talking


def test_she_writes_a_coordinator_answers_and_each_finds_what_is_new(either):
    woman = either.woman()
    hers, desk = either.browser(woman.username), either.browser()
    assert hers.send("/coordinator", body=WORDS).location == "/coordinator#talk"
    assert open_kinds(either) == [Kind.WORDS_UNANSWERED]
    page = words_of(hers.get("/coordinator"))
    assert WORDS in page.replace("&#39;", "'")
    assert "Somebody answers by Tuesday, November 24 at 4:00" in page
    assert "Claire" in words_of(desk.get("/desk?queue=words")).partition("whoever answers first")[2]
    assert 'class="pill">new' not in hers.get("/questions/state").text
    clock.move(timedelta(minutes=5))
    assert answer(desk, woman).status_code == 303
    assert open_kinds(either) == []
    assert "Everybody who wrote has an answer." in desk.get("/desk?queue=words").text
    assert 'class="pill">new' in hers.get("/questions/state").text
    page = hers.get("/coordinator")
    assert ANSWER in page.text
    assert "new" in words_of(page).partition("The coordinators ·")[2].partition(ANSWER)[0]
    assert 'class="pill">new' not in hers.get("/questions/state").text
    assert "robin" not in page.text
    notice = next(one for one in all_of(either, OutboxRow) if one.kind == "you have a message")
    assert notice.to_user_id == woman.actor.id


def test_a_supporter_has_a_thread_of_her_own_and_colleagues_see_who_wrote(story):
    dee = story.supporter()
    story._person("sam", Role.COORDINATOR)
    answer(story.browser("sam"), dee, "How was the first week?")
    assert "sam" in words_of(story.browser().get(thread_of(dee)))
    hers = story.browser(dee.username)
    page = words_of(hers.get("/coordinator"))
    assert "The coordinators" in page
    assert "How was the first week?" in page
    assert "The women whom you support never see it." in page
    assert open_kinds(story) == []


def test_a_form_that_is_sent_twice_counts_once_and_other_words_from_it_are_not_lost(story):
    woman = story.woman()
    hers = story.browser(woman.username)
    once = field_in(hers.get("/coordinator"), "once")
    for words in (WORDS, WORDS, "And one more thing."):
        assert hers.send("/coordinator", body=words, once=once).status_code == 303
    assert len(all_of(story, ThreadWord)) == 2
    assert len(all_of(story, Task)) == 1
    desk = story.browser()
    page = desk.get(thread_of(woman))
    for _ in range(2):
        desk.send(thread_of(woman), body=ANSWER, once=field_in(page, "once"), seen=field_in(page, "seen"))
    assert len(all_of(story, ThreadWord)) == 3


def test_an_answer_to_what_was_read_leaves_open_what_came_meanwhile(story):
    woman = story.woman()
    hers, desk = story.browser(woman.username), story.browser()
    hers.send("/coordinator", body=WORDS)
    page = desk.get(thread_of(woman))
    clock.move(timedelta(minutes=1))
    hers.send("/coordinator", body="It is urgent now.")
    once, seen = field_in(page, "once"), field_in(page, "seen")
    said = desk.send(thread_of(woman), body=ANSWER, once=once, seen=seen)
    assert "She wrote again while you wrote" in words_of(desk.get(said.location))
    assert open_kinds(story) == [Kind.WORDS_UNANSWERED]
    answer(desk, woman, "I have read it now.")
    assert open_kinds(story) == []


def test_nobody_reads_it_to_whom_her_file_is_closed_who_is_her_pair_or_is_she_herself(story):
    woman, dee = story.woman(), story.supporter()
    story.introduced(woman, dee)
    sam = story._person("sam", Role.COORDINATOR)
    with story.app.app_context(), transaction() as session:
        session.add(ClosedFile(staff_id=sam.id, about_id=woman.actor.id, closed_at=clock.now()))
    story.browser(woman.username).send("/coordinator", body=WORDS)
    closed = story.browser("sam")
    assert closed.get(thread_of(woman)).status_code == 404
    assert closed.send(thread_of(woman), body=ANSWER).status_code == 404
    assert "Claire" not in words_of(closed.get("/desk?queue=words"))
    assert closed.get(thread_of(dee)).status_code == 200
    with story.app.app_context(), transaction() as session:
        add_role(session, dee.actor.id, Role.COORDINATOR)
    both = story.browser(dee.username)
    assert both.get(thread_of(woman)).status_code == 404
    assert both.get(thread_of(dee)).status_code == 404
    assert story.browser(woman.username).get(thread_of(woman)).status_code == 404
    desk = story.browser()
    assert desk.get(f"/desk/people/{uuid4()}/thread").status_code == 404
    assert desk.get(f"/desk/people/{sam.id}/thread").status_code == 404


def add_role(session, user_id, role):
    user = session.get_one(User, user_id)
    user.roles.append(accounts.find_role(session, role))
    give_second_lock(session, Actor(user_id, frozenset({role})), clock.now())


def test_that_the_staff_opened_it_is_recorded(story):
    woman = story.woman()
    story.browser().get(thread_of(woman))
    with story.app.app_context(), transaction() as session:
        read = session.scalars(select(AuditRecord).where(AuditRecord.action == "thread read")).one()
        assert (read.actor_id, read.about_id, read.code) == (story.coordinator.id, woman.actor.id, None)


def test_the_approver_reads_it_only_while_something_is_left_to_her(story):
    woman = story.woman()
    story._person("pat", Role.APPROVER)
    story.browser(woman.username).send("/coordinator", body=WORDS)
    approver = story.browser("pat")
    assert approver.get(thread_of(woman)).status_code == 404
    clock.move(timedelta(days=3))
    with story.app.app_context():
        pass_on_tasks.run(clock.now())
    approver = story.browser("pat")
    (task,) = all_of(story, Task)
    assert task.desk == Desk.APPROVER
    assert f"/desk/tasks/{task.id}" in approver.get("/approvals").text
    assert thread_of(woman) in approver.get(f"/desk/tasks/{task.id}").text
    assert answer(approver, woman).status_code == 303
    assert open_kinds(story) == []
    assert approver.get(thread_of(woman)).status_code == 404


def test_earlier_words_are_one_link_away(story):
    woman = story.woman()
    with story.app.app_context(), transaction() as session:
        for number in range(talking.AT_ONCE + 3):
            now = clock.now() + timedelta(seconds=number)
            talking.write(session, woman.actor, f"Word {number:02}.", str(number), now=now)
    hers = story.browser(woman.username)
    page = hers.get("/coordinator")
    assert "Word 42." in page.text
    assert "Word 02." not in page.text
    address = page.text.partition('rel="prev"')[0].rpartition('href="')[2].partition('"')[0]
    assert "Word 02." in hers.get(address).text
    assert hers.get(f"/coordinator?before={uuid4()}").status_code == 404
    assert "Word 42." in hers.get("/coordinator?before=nonsense").text


def test_words_that_came_late_stand_in_their_place_again_with_their_token(story):
    woman = story.woman()
    hers = story.browser(woman.username)
    once = field_in(hers.get("/coordinator"), "once")
    clock.move(timedelta(minutes=16))
    assert hers.send("/coordinator", body="Kept for me", once=once).location == "/sign-in?late=kept"
    hers.sign_in(woman.username)
    page = hers.get("/coordinator")
    assert "Kept for me" in page.text
    assert field_in(page, "once") == once
    hers.send("/coordinator", body="Kept for me", once=once)
    assert "data-unsent" not in hers.get("/coordinator").text
    desk = story.browser()
    page = desk.get(thread_of(woman))
    once, seen = field_in(page, "once"), field_in(page, "seen")
    clock.move(timedelta(minutes=16))
    desk.send(thread_of(woman), body="Kept answer", once=once, seen=seen)
    desk.sign_in("robin")
    assert "Kept answer" in desk.get(thread_of(woman)).text


def test_empty_and_endless_words_are_given_back_and_haste_is_slowed(story):
    woman = story.woman()
    hers = story.browser(woman.username)
    assert hers.send("/coordinator", body="  ").status_code == 422
    long = "x" * (talking.LONGEST + 1)
    assert long in hers.send("/coordinator", body=long).text
    answers = [hers.send("/coordinator", body=f"Word {number}") for number in range(40)]
    slowed = next(one for one in answers if one.status_code == 429)
    assert "Your words are still here" in slowed.text
    assert "Word" in slowed.text


def test_nobody_writes_to_an_account_that_is_closed_and_nobody_waits_any_more(story):
    woman = story.woman()
    story.browser(woman.username).send("/coordinator", body=WORDS)
    desk = story.browser()
    page = desk.get(thread_of(woman))
    with story.app.app_context(), transaction() as session:
        closing.close_account(session, woman.actor, now=clock.now())
    assert open_kinds(story) == []
    late = desk.send(thread_of(woman), body=ANSWER, once=field_in(page, "once"), seen=field_in(page, "seen"))
    assert late.status_code == 409
    assert "Her account is closed" in late.text
    assert ANSWER in late.text


def test_the_database_tells_neither_the_words_nor_that_she_asked_to_be_contacted_soon(story):
    plain, soon = story.woman("Ada"), story.woman("Berta")
    with story.app.app_context(), transaction() as session:
        talking.write(session, plain.actor, "Hello.", "1", now=clock.now())
        talking.ask_for_contact(session, soon.actor, talking.How.SAFE_WAYS, "", "1", now=clock.now())
    one, other = all_of(story, ThreadWord)
    assert len(one.said_sealed) == len(other.said_sealed)
    assert b"Hello" not in one.said_sealed + other.said_sealed
    first, second = all_of(story, Task)
    assert len(first.said_sealed) == len(second.said_sealed)
    assert all(thread.task_id for thread in all_of(story, Thread))
