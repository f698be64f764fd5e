"""Somebody covers: named in silence, asked only when the first is away, by the yes of both; and how it ends."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests.pages.absences.waiting import Away, begun, open_tasks, work
from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.tasks import Kind
from webapp.extensions import reading, transaction
from webapp.jobs import pairs as days
from webapp.models import AuditRecord, Cover, Introduction, OutboxRow, Supporter, User
from webapp.services import accounts, conversations
from webapp.services.absences import breaks

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.fixture
def story(app) -> Story:
    clock.move(MONDAY - clock.now())
    return Story(app)


@pytest.fixture
def away(story) -> Away:
    return begun(story)


def test_one_is_named_on_the_first_day_and_learns_nothing(story, away):
    (cover,) = away.covers()
    assert (cover.state, cover.supporter_id, cover.named_by) == ("named", away.eve.thing_id, None)
    hers = away.browser(away.eve)
    page = words_of(hers.get("/offers"))
    assert "Claire" not in page
    assert hers.get(f"/offers/meanwhile/{cover.id}").status_code == 404
    assert away.taken(away.eve) == 0
    assert not re.search(r"\bEve\b", words_of(away.browser(away.claire).get(away.page)))
    with story.app.app_context(), reading() as session:
        assert session.scalars(select(OutboxRow).where(OutboxRow.to_user_id == away.eve.actor.id)).all() == []
    desk = words_of(story.browser().get(f"/desk/pairs/{away.pair}"))
    assert "Eve · named; she knows nothing of it · chosen by the ranking" in desk


def test_on_a_break_she_is_asked_on_her_page_and_both_yeses_open_a_conversation(away):
    away.begin("2026-12-03")
    page = words_of(away.browser(away.claire).get(away.page))
    assert "Would you like to talk with someone else meanwhile?" in page
    assert "Ask Eve" in page
    assert "Claire" not in words_of(away.browser(away.eve).get("/offers"))
    assert away.answer("yes") == 303
    assert "Eve is asked" in words_of(away.browser(away.claire).get(away.page))
    asked = words_of(away.browser(away.eve).get("/offers"))
    assert "Someone hopes for you for a while" in asked
    assert "Claire" in asked
    ask = words_of(away.browser(away.eve).get(f"/offers/meanwhile/{away.covers()[0].id}"))
    assert "Her supporter is away, until Thursday, December 3 as far as we know." in ask
    assert "Dee" not in ask
    answer = away.yes()
    talk = away.talk()
    assert answer.location == f"/together/{talk.id}"
    assert (away.states(), away.taken(away.eve), away.taken(away.dee)) == (["active"], 1, 1)
    both = [away.browser(one) for one in (away.claire, away.eve)]
    assert both[0].send(f"/together/{talk.id}/messages", body="Hello Eve").status_code == 303
    assert "Hello Eve" in words_of(both[1].get(f"/together/{talk.id}"))
    assert "Eve is there for you meanwhile" in words_of(both[0].get(away.page))
    assert both[1].get(away.page).status_code == 404
    assert away.browser(away.dee).get(f"/together/{talk.id}").status_code == 404
    assert "You are there for her while her supporter is away." in words_of(both[1].get("/offers"))


def test_who_is_asked_to_cover_reads_her_pronouns_and_what_to_leave_out_and_she_reads_hers(story):
    dee, eve = story.supporter("Dee"), story.supporter("Eve", pronouns="they")
    claire = story.woman(pronouns="she and they", not_now="grief")
    away = Away(story, story.introduced(claire, dee), claire, dee, eve)
    work(story)
    away.begin()
    assert "Pronouns: they" in words_of(away.browser(claire).get(away.page))
    away.answer("yes")
    asked = away.browser(eve)
    manners = "Pronouns: she and they She would rather not talk about this: grief or loss."
    assert manners in words_of(asked.get(f"/offers/meanwhile/{away.covers()[-1].id}"))
    assert manners in words_of(asked.get(away.yes().location))


def active(away: Away):
    away.begin()
    assert away.answer("yes") == 303
    assert away.yes().status_code == 303
    return away.talk()


def test_when_her_supporter_is_back_it_ends_and_the_place_is_free(away):
    talk = active(away)
    away.end()
    assert (away.states(), away.taken(away.eve), away.taken(away.dee)) == (["over"], 0, 1)
    assert away.talk().state == "ended"
    page = words_of(away.browser(away.claire).get(away.page))
    assert "meanwhile" not in page
    assert away.browser(away.claire).get(f"/together/{talk.id}").status_code == 200
    assert away.browser(away.claire).get("/next").location.endswith(f"/together/{away.pair}")


def test_the_conversation_has_no_last_day_no_pause_and_no_agreement_and_the_request_stays(story, away):
    talk = active(away)
    hers = away.browser(away.claire)
    page = words_of(hers.get(f"/together/{talk.id}"))
    assert "What you two agree on" not in page
    assert "We suggest 12 weeks" not in page
    hers.send(f"/together/{talk.id}/pause", weeks="1")
    assert hers.send(f"/together/{talk.id}/agreement", often="weekly", weeks="12").status_code == 422
    clock.move(timedelta(weeks=13))
    with story.app.app_context():
        days.run(clock.now())
    assert away.talk().state == "introduced"
    hers = away.browser(away.claire)
    change = words_of(hers.get(f"/together/{talk.id}/change"))
    assert "Take a pause" not in change
    assert "Your request and your supporter stay as they are." in change
    assert hers.send(f"/together/{talk.id}/end", then="done").status_code == 303
    with story.app.app_context(), reading() as session:
        assert session.get_one(Introduction, away.pair).state == "introduced"
        assert session.get_one(Introduction, away.pair).request.state == "matched"


def test_she_who_ends_it_is_not_asked_again_but_can_ask(story, away):
    fay = story.supporter("Fay")
    talk = active(away)
    who = away.covers()[0].supporter_id
    away.browser(away.claire).send(f"/together/{talk.id}/end", then="rest")
    work(story)
    assert away.states() == ["parted", "named"]
    page = words_of(away.browser(away.claire).get(away.page))
    assert "Would you like to talk with someone else meanwhile?" not in page
    assert away.browser(away.claire).send(f"{away.page}/meanwhile").status_code == 303
    assert away.states() == ["parted", "shown"]
    assert away.covers()[-1].supporter_id == fay.thing_id != who


@pytest.mark.parametrize("words", ["no", "yes"])
def test_a_silent_no_of_the_woman_is_one_and_bars_her_for_every_match(story, away, words):
    away.begin()
    if words == "yes":  # she had asked, and takes it back: that is no refusal
        away.answer("yes")
    assert away.answer({"no": "no", "yes": "back"}[words]) == 303
    assert away.states() == [{"no": "passed by", "yes": "taken back"}[words]]
    assert "Claire" not in words_of(away.browser(away.eve).get("/offers"))
    work(story)
    assert away.states()[-1] == {"no": "passed by", "yes": "named"}[words]
    assert len(open_tasks(story, Kind.NO_COVER)) == (words == "no")
    assert "Ask Eve" not in words_of(away.browser(away.claire).get(away.page))


def test_a_no_from_an_older_page_counts_though_she_is_asked_by_now(story, away):
    """She may know her: the card had said that it does not come back."""
    away.begin()
    away.answer("yes")
    assert away.answer("no") == 303
    assert away.states() == ["passed by"]
    assert "Claire" not in words_of(away.browser(away.eve).get("/offers"))
    work(story)
    away.browser(away.claire).send(f"{away.page}/meanwhile")
    assert away.covers()[-1].state == "passed by"


def test_a_silent_no_of_the_cover_names_the_next_and_asks_the_woman_first(story, away):
    story.supporter("Fay")
    away.begin()
    away.answer("yes")
    first = away.covers()[0]
    no = away.browser(away.eve).send(f"/offers/meanwhile/{first.id}/decline")
    assert no.location == "/offers"
    assert away.browser(away.eve).send(f"/offers/meanwhile/{first.id}/decline").status_code == 303
    work(story)
    assert away.states() == ["declined", "shown"]
    page = words_of(away.browser(away.claire).get(away.page))
    assert "Ask Fay" in page
    assert "Eve cannot take on someone right now. That says nothing about you." in page
    assert "Ask Eve" not in page


def test_where_nobody_is_left_the_desk_has_a_task_and_not_silence(story, away):
    away.begin()
    away.answer("yes")
    away.browser(away.eve).send(f"/offers/meanwhile/{away.covers()[0].id}/decline")
    work(story)
    assert open_tasks(story, Kind.NO_COVER) == [(away.claire.actor.id, story.coordinator.id)]
    assert work(story) == 0
    fay = story.supporter("Fay")
    desk = story.browser()
    assert "Fay" in words_of(desk.get(f"/desk/pairs/{away.pair}/cover"))
    assert desk.send(f"/desk/pairs/{away.pair}/cover").status_code == 422
    assert desk.send(f"/desk/pairs/{away.pair}/cover", supporter=str(fay.thing_id)).status_code == 303
    assert open_tasks(story, Kind.NO_COVER) == []
    work(story)
    assert away.states() == ["declined", "shown"]


def test_two_days_without_an_answer_are_a_silent_no_and_she_is_not_named_again(story, away):
    away.begin()
    away.answer("yes")
    clock.move(timedelta(hours=49))
    cover = away.covers()[0]
    assert away.browser(away.eve).get(f"/offers/meanwhile/{cover.id}").status_code == 409
    assert away.browser(away.eve).send(f"/offers/meanwhile/{cover.id}/accept").status_code == 409
    work(story)
    assert away.states() == ["expired"]
    assert len(open_tasks(story, Kind.NO_COVER)) == 1


def test_every_gate_is_asked_when_the_time_comes(story, away):
    with story.app.app_context(), transaction() as session:
        session.get_one(Supporter, away.eve.thing_id).cleared_until = MONDAY.date() - timedelta(days=1)
    away.begin()
    assert away.states() == ["fell away"]
    assert "Ask Eve" not in words_of(away.browser(away.claire).get(away.page))


def test_who_loses_her_place_meanwhile_reads_it_and_the_ask_goes_on(story):
    away = begun(story, capacity=1)
    away.begin()
    away.answer("yes")
    with story.app.app_context(), transaction() as session:
        session.execute(
            update(Supporter).where(Supporter.id == away.eve.thing_id).values(rests_why="strain", version=9)
        )
    asked = away.browser(away.eve).send(f"/offers/meanwhile/{away.covers()[0].id}/accept")
    assert asked.status_code == 409
    assert "you take nobody new on" in words_of(asked)
    work(story)
    assert away.states() == ["fell away"]


def test_whom_she_must_never_meet_is_read_by_a_person_first(story):
    dee, claire = story.supporter("Dee"), story.woman("Claire", not_with="Eve, from the bakery")
    eve = story.supporter("Eve")
    pair = story.introduced(claire, dee)
    work(story)
    assert open_tasks(story, Kind.NO_COVER) == [(claire.actor.id, story.coordinator.id)]
    desk, form = story.browser(), {"supporter": str(eve.thing_id)}
    page = desk.send(f"/desk/pairs/{pair}/cover", **form)
    assert page.status_code == 422
    assert "Eve, from the bakery" in words_of(page)
    assert desk.send(f"/desk/pairs/{pair}/cover", **form, has_read="y").status_code == 303
    with story.app.app_context(), reading() as session:
        assert session.scalars(select(Cover)).one().named_by == story.coordinator.id


def test_nobody_who_works_at_the_desk_is_named(story):
    dee, claire, eve = story.supporter("Dee"), story.woman("Claire"), story.supporter("Eve")
    with story.app.app_context(), transaction() as session:
        user = session.get_one(User, eve.actor.id)
        user.roles.append(accounts.find_role(session, Role.COORDINATOR))
    story.introduced(claire, dee)
    work(story)
    assert len(open_tasks(story, Kind.NO_COVER)) == 1


def test_silence_asks_her_too_and_a_sign_of_the_supporter_ends_it(story, away):
    with story.app.app_context(), transaction() as session:
        conversations.write_message(session, away.claire.actor, away.pair, "Hello Dee", now=clock.now())
    clock.move(timedelta(days=15))
    work(story)
    page = words_of(away.browser(away.claire).get(away.page))
    assert "It has been quiet between you two for a while." in page
    assert "Only until you hear from Dee again, and only if you like." in page
    assert "Dee is back" not in page
    away.answer("yes")
    away.yes()
    assert away.states() == ["active"]
    talk = words_of(away.browser(away.claire).get(f"/together/{away.talk().id}"))
    assert "Eve is there for you until you hear from your supporter again." in talk
    assert "while your supporter is away" not in talk
    away.browser(away.claire).send(f"{away.page}/messages", body="Are you there?")
    work(story)
    assert away.states() == ["active"]
    away.browser(away.dee).send(f"{away.page}/messages", body="I am here again.")
    work(story)
    assert (away.states(), away.taken(away.eve)) == (["over"], 0)


def test_a_coordinator_ends_it_and_the_end_of_the_pair_ends_it_too(story, away):
    active(away)
    desk = story.browser()
    assert "the two can talk" in words_of(desk.get(f"/desk/pairs/{away.pair}"))
    assert desk.send(f"/desk/pairs/{away.pair}/cover/end").status_code == 303
    assert (away.states(), away.taken(away.eve)) == (["over"], 0)
    with story.app.app_context(), transaction() as session:
        row = session.get_one(Supporter, away.eve.thing_id)
        row.rests_why = row.rests_until = None
    work(story)
    assert away.answer("yes") == 303
    away.yes()
    away.browser(away.claire).send(f"{away.page}/end", then="another")
    assert (away.states()[-1], away.taken(away.eve), away.taken(away.dee)) == ("over", 0, 0)
    assert open_tasks(story, Kind.AWAY) == open_tasks(story, Kind.NO_COVER) == []


def test_where_a_pair_rests_she_is_not_asked(away):
    away.browser(away.claire).send(f"{away.page}/pause", weeks="1")
    away.begin()
    assert away.states() == ["named"]


def test_a_yes_that_comes_after_the_return_opens_nothing(story, away):
    away.begin()
    away.answer("yes")
    with story.app.app_context(), transaction() as session:
        breaks.come_back(session, away.dee.actor, now=clock.now())
    late = away.yes()
    assert late.status_code == 409
    assert "Nothing is needed from you here any more" in words_of(late)
    assert (away.talk_count(), away.taken(away.eve)) == (0, 0)


def test_each_step_leaves_a_record(story, away):
    active(away)
    away.end()
    with story.app.app_context(), reading() as session:
        found = session.scalars(select(AuditRecord).where(AuditRecord.action.like("cover%")).order_by("number"))
        assert [one.code for one in found] == [None, "shown", "wanted", "accepted", "back"]


def test_nobody_else_may_answer(story, away):
    other, fay = story.woman("Olga"), story.supporter("Fay")
    away.begin()
    cover = away.covers()[0]
    form = {"cover": str(cover.id), "answer": "yes"}
    assert story.browser(other.username).send(f"{away.page}/meanwhile", **form).status_code == 404
    away.answer("yes")
    assert away.browser(fay).send(f"/offers/meanwhile/{cover.id}/accept").status_code == 404
    assert away.browser(away.dee).get(f"/offers/meanwhile/{cover.id}").status_code == 404
    assert away.states() == ["offered"]
