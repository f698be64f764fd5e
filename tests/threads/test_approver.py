"""The approver's home: her account, her list, the way there, and no door that is closed to her."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from tests.programme.fixtures import open_account
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.tasks import Desk, Kind, Soon
from webapp.extensions import reading, transaction
from webapp.models import AuditRecord, User
from webapp.services import accounts, tasks
from webapp.services.accounts import phone_words
from webapp.services.accounts.reset_links import make_operator_link


def left_to_her(story, kind):
    woman = story.woman()
    with story.app.app_context(), transaction() as session:
        about = {"about": woman.actor.id, "thing": woman.thing_id, "desk": Desk.APPROVER}
        return tasks.open_task(session, woman.actor, kind, **about, soon=Soon.TODAY, now=clock.now()).id


def test_signing_in_leads_her_to_her_list_which_says_when_it_is_empty(story):
    story._person("pat", Role.APPROVER)
    approver = story.browser("pat")
    assert approver.get("/next").location == "/approvals"
    page = words_of(approver.get("/approvals"))
    assert "Nothing waits for you." in page
    assert "Somebody cannot get in" not in page
    assert approver.get("/desk").status_code == 404
    assert story.browser().get("/approvals").status_code == 404


@pytest.mark.parametrize("kind", [Kind.CONTACT_SOON, Kind.WORDS_UNANSWERED, Kind.REQUEST_LATE])
def test_no_link_on_her_task_page_leads_to_a_closed_door(story, kind):
    task_id = left_to_her(story, kind)
    story._person("pat", Role.APPROVER)
    approver = story.browser("pat")
    for path in ("/approvals", f"/desk/tasks/{task_id}"):
        main = approver.get(path).text.partition("<main")[2].partition("</main>")[0]
        links = re.findall(r'href="([^"#]+)"', main)
        assert links
        assert [link for link in links if approver.get(link).status_code != 200] == []
    assert approver.send(f"/desk/tasks/{task_id}", act="talked").status_code == 303
    main = approver.get(f"/desk/tasks/{task_id}").text.partition("<main")[2].partition("</main>")[0]
    assert [link for link in re.findall(r'href="([^"#]+)"', main) if approver.get(link).status_code != 200] == []


def test_who_is_both_finds_both_lists(story: Story):
    task_id = left_to_her(story, Kind.CONCERN)
    user = open_account(story.app, "both", Role.COORDINATOR)
    with story.app.app_context(), transaction() as session:
        person = session.get_one(User, user)
        person.roles.append(accounts.find_role(session, Role.APPROVER))
    both = story.browser("both")
    page = both.get("/desk")
    assert "/approvals" in page.text
    assert both.get(f"/desk/tasks/{task_id}").status_code == 200


def test_the_command_makes_her_link_and_the_operator_lets_her_back_in(app):
    with app.app_context():
        said = app.test_cli_runner().invoke(args=["link", "approver"])
    assert "as approver" in said.output
    token = re.search(r"/setup/(\S+)", said.output)[1]
    phrase = "river stones are warm in June"
    opened = app.test_client().send(f"/setup/{token}", username="pat.new", passphrase=phrase, again=phrase)
    assert opened.status_code == 303
    with app.app_context(), transaction() as session:
        assert make_operator_link(session, "pat.new", now=clock.now())


def test_the_desk_never_lets_an_approver_in_by_words_on_the_phone(story):
    pat = story._person("pat", Role.APPROVER)
    with story.app.app_context(), transaction() as session:
        phone_words.set_phone_words(session, pat, "candle river", now=clock.now())
    story.browser().send("/desk/let-in", username="pat", words="candle river")
    with story.app.app_context(), reading() as session:
        made = select(AuditRecord.action).where(AuditRecord.about_id == pat.id)
        actions = set(session.scalars(made))
    assert "reset link made" not in actions


def test_past_the_end_of_her_list_is_its_last_page(story):
    left_to_her(story, Kind.CONCERN)
    story._person("pat", Role.APPROVER)
    clock.move(timedelta(minutes=1))
    assert "Claire" in story.browser("pat").get("/approvals?page=9").text
