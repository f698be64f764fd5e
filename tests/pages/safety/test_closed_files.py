"""A file that is closed to a coordinator is in none of her lists, rankings or pages; with another it is."""

from datetime import timedelta

from tests.programme.browsing import field_in, words_of
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.tasks import Kind as TaskKind
from webapp.domain.tasks import Soon
from webapp.extensions import transaction
from webapp.models import CheckIn, Concern, Hold, Proposal, Task
from webapp.services import tasks
from webapp.services.accounts import phone_words
from webapp.services.desk.queues import Queue
from webapp.services.safety import closed_files

NARROW = "\u202f"
RESTS = "Your conversation rests while we look at something. Nothing is expected of you."


def test_a_closed_file_is_in_no_list_of_the_desk(story):
    """Every queue, a search and a ranking, with one of everything about her; the same for a supporter."""
    dee, woman = story.supporter("Delphine"), story.woman("Clotilde")
    other = story.woman("Ana")
    story._person("sam", Role.COORDINATOR)
    clock.move(-timedelta(days=10))
    pair = story.introduced(woman, dee)
    waiting, bee = story.woman("Clotilde-waits"), story.supporter("Beatrice")
    offered = story.woman("Clotilde-hopes")
    story.offered(offered, bee)
    clock.move(timedelta(days=10))
    with story.app.app_context(), transaction() as session:
        for one in (woman, waiting, offered, dee):
            closed_files.close(session, one.actor.id, [story.coordinator.id], now=clock.now())
            tasks.open_task(
                session, one.actor, TaskKind.CONTACT_SOON, about=one.actor.id, thing=one.thing_id, soon=Soon.TODAY,
                now=clock.now(),
            )  # fmt: skip
    story.browser(woman.username).send(f"/together/{pair}/check-in")
    with story.app.app_context(), transaction() as session:
        due = session.query(CheckIn).filter_by(user_id=woman.actor.id).order_by(CheckIn.due_on).first().id
    story.browser(woman.username).send(f"/check-ins/{due}", safe="no")
    closed, open_ = story.browser(), story.browser("sam")
    ranking = story.ranked(other)
    assert "Delphine" not in closed.get(f"/desk/rankings/{ranking}").text
    assert "not shown to you: her file is closed to you" in words_of(closed.get(f"/desk/rankings/{ranking}"))
    assert "Delphine" in open_.get(f"/desk/rankings/{ranking}").text
    chosen = closed.send(f"/desk/rankings/{ranking}/approve", supporters=str(dee.thing_id), reason="she_asked")
    assert chosen.status_code == 422
    story.browser(dee.username).send("/account/leaving")
    seen = {
        who: [browser.get(f"/desk?queue={one}").text for one in Queue]
        for who, browser in (("closed", closed), ("open", open_))
    }
    assert [one for one in seen["closed"] if "Clotilde" in one or "Delphine" in one] == []
    assert sum("Clotilde" in one or "Delphine" in one for one in seen["open"]) >= 5


def test_nothing_of_hers_opens_by_its_address(story):
    """Every page of the desk about her, and about a pair of hers: as if it were not there."""
    dee, woman = story.supporter("Delphine"), story.woman("Clotilde")
    story._person("sam", Role.COORDINATOR)
    ranking, pair = story.ranked(woman), story.introduced(woman, dee)
    story.browser(woman.username).send("/tell", kind="danger", pair=str(pair))
    with story.app.app_context(), transaction() as session:
        concern, (hold,) = session.query(Concern).one().id, session.query(Hold)
        closed_files.close(session, woman.actor.id, [story.coordinator.id], now=clock.now())
        task = tasks.id_of(TaskKind.ON_HOLD, hold.id)
    about = f"/desk/requests/{woman.thing_id}"
    pages = [
        about,
        f"{about}/profile",
        f"{about}/let-in",
        f"/desk/rankings/{ranking}",
        f"/desk/pairs/{pair}",
        f"/desk/pairs/{pair}/hold",
        f"/desk/rankings/{ranking}/gates/capacity",
        f"/desk/concerns/{concern}",
        f"/desk/tasks/{task}",
    ]
    closed, open_ = story.browser(), story.browser("sam")
    assert [closed.get(path).status_code for path in pages] == [404] * len(pages)
    assert [open_.get(path).status_code for path in pages] == [200] * len(pages)
    acts = {f"{about}/rank": {}, f"/desk/pairs/{pair}/lift": {"lifted": "safe"}, f"/desk/concerns/{concern}/look": {}}
    assert [closed.send(path, **form).status_code for path, form in acts.items()] == [404] * len(acts)


def test_her_words_on_the_phone_let_nobody_in_who_may_not_know_her(story):
    woman = story.woman("Clotilde")
    with story.app.app_context(), transaction() as session:
        phone_words.set_phone_words(session, woman.actor, "candle river", now=clock.now())
        closed_files.close(session, woman.actor.id, [story.coordinator.id], now=clock.now())
    said = {"username": woman.username, "words": "candle river"}
    assert story.browser().send("/desk/let-in", **said).status_code == 422
    story._person("sam", Role.COORDINATOR)
    assert story.browser("sam").send("/desk/let-in", **said).status_code == 303


def test_whose_file_is_closed_to_all_reads_that_nobody_looks_and_her_words_go_to_the_approver(story):
    """She named the only coordinator there is: no day is promised that nobody could keep."""
    woman, pat = story.woman("Claire"), story._person("pat", Role.APPROVER)
    browser = story.browser(woman.username)
    assert "Come back on" in words_of(browser.get("/questions/sent"))
    with story.app.app_context(), transaction() as session:
        closed_files.close(session, woman.actor.id, [story.coordinator.id], now=clock.now())
    for path in ("/questions/sent", "/questions/state"):
        page = words_of(browser.get(path))
        assert "Your place is kept" in page
        assert "Your file is closed to every coordinator who works here, so nobody can look for someone yet." in page
        for untrue in ("Come back on", "The coordinator is looking", "A coordinator looks", "Say a word to the coord"):
            assert untrue not in page
    assert "First somebody must be found at the programme who may look for you." in words_of(
        browser.get("/questions/sent")
    )
    form = browser.get("/coordinator")
    browser.send("/coordinator", body="Is anybody there?", once=field_in(form, "once"))
    with story.app.app_context(), transaction() as session:
        assert [task.owner_id for task in session.query(Task)] == [pat.id]


def test_whose_cards_are_all_gone_is_promised_no_day_either(story):
    """Her file was closed to all while she had people to choose from, and the last of them fell away."""
    woman, dee = story.woman("Claire"), story.supporter()
    story.shown(woman, dee)
    with story.app.app_context(), transaction() as session:
        closed_files.close(session, woman.actor.id, [story.coordinator.id], now=clock.now())
        session.query(Proposal).filter_by(request_id=woman.thing_id).update(
            {"state": "fell away", "ended_at": clock.now()}
        )
    page = words_of(story.browser(woman.username).get("/questions/state"))
    assert "nobody can look for someone yet" in page
    assert "Come back on" not in page
