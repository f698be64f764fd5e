"""Promises that no other test holds: who is suggested, what counts, who is told, and what stays."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.pages.story import Story
from tests.programme.browsing import PASSPHRASE, words_of
from webapp import clock
from webapp.domain.access import Role
from webapp.domain.notices import Notice
from webapp.extensions import transaction
from webapp.models import AuditRecord, CheckIn, Introduction, Message, OutboxRow, Request, StoredRanking, Supporter
from webapp.services import matching, requests

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
BOTH = {"topics": "alcohol; grief", "months_steady": "alcohol=36; grief=36"}


@pytest.fixture
def story(app) -> Story:
    return Story(app)


def ranked(story, woman) -> dict[str, int]:
    """Rank for her, and return what each supporter who may be suggested earns, by her id."""
    with story.app.app_context(), transaction() as session:
        content = session.get_one(StoredRanking, story.ranked(woman)).content
    return {one["offer"]: one["grains"] for one in content["candidates"]}


def earns(story, woman, *people) -> list[int | None]:
    found = ranked(story, woman)
    return [found.get(str(person.thing_id)) for person in people]


# Who is suggested, and what counts


def test_who_lived_what_is_left_out_is_suggested_to_neither(story):
    dee, ana = story.supporter("Dee", **BOTH), story.supporter("Ana", not_now="grief")
    assert earns(story, story.woman("Ada", not_now="grief"), dee)[0] is None
    berta = story.woman("Berta", topics="alcohol*; grief")
    assert earns(story, berta, dee, ana)[1] is None
    assert earns(story, berta, dee, ana)[0] is not None


def test_without_a_language_a_way_or_an_hour_in_common_nobody_is_suggested(story):
    lacking = {"languages": "fr", "modes": "phone", "availability": "Mon 18:00-18:30"}
    people = [story.supporter(key, **{key: cell}) for key, cell in lacking.items()]
    fits = story.supporter("Dee", availability="Mon 18:00-19:00")
    assert earns(story, story.woman(), *people) == [None, None, None]
    assert earns(story, story.woman("Ada"), fits)[0] is not None


def test_who_is_not_trained_is_suggested_to_nobody(story):
    dee, ana = story.supporter("Dee"), story.supporter("Ana")
    with story.app.app_context(), transaction() as session:
        session.get_one(Supporter, dee.thing_id).trained_until = clock.now().date().replace(year=2020)
    matching.keeper.forget()
    assert earns(story, story.woman(), dee, ana)[0] is None
    assert earns(story, story.woman("Ada"), ana)[0] is not None


def test_as_far_along_as_she_is_counts_and_less_counts_less(story):
    names = {"Ada": "just_starting", "Berta": "steady", "Clara": "helping_others"}
    people = [story.supporter(name, stage=stage) for name, stage in names.items()]
    less, alike, further = earns(story, story.woman(stage="steady"), *people)
    assert less < alike == further


@pytest.mark.parametrize(
    ("asked", "hers", "theirs", "wish"),
    [
        ("faith", "christian", "muslim", "same_faith"),
        ("culture", "italian", "", "same_culture"),
        ("about_me", "mother", "newcomer", "is_mother"),
    ],
)
def test_background_counts_only_where_it_is_wished(story, asked, hers, theirs, wish):
    hers = "southern_european" if hers == "italian" else hers
    alike, other = story.supporter("Dee", **{asked: hers}), story.supporter("Ana", **{asked: theirs or "african"})
    same, differs = earns(story, story.woman("Ada", **{asked: hers}), alike, other)
    assert same == differs
    same, differs = earns(story, story.woman("Berta", **{asked: hers}, wishes=f"{wish}=nice"), alike, other)
    assert same > differs


def test_what_is_for_people_to_read_is_never_compared(story):
    dee = story.supporter("Dee", about_me="mother")
    told = {"about_me": "mother", "hope": "one calm week", "topics_other": "my garden", "access_needs": "large print"}
    assert earns(story, story.woman("Ada"), dee) == earns(story, story.woman("Berta", **told), dee)


def test_no_question_asks_what_is_never_asked():
    asks = re.compile(
        r"happened to you|who did it|diagnos|date of birth|birthday|your address|health card", re.IGNORECASE
    )
    for question in matching.questionnaire().asked_of("requester"):
        texts = [question.label["en"], (question.hint or {}).get("en", "")]
        texts += [option.label["en"] for option in question.options if option.label]
        assert not asks.search(" ".join(texts)), question.id


# Who is told what


def test_nobody_at_the_desk_reads_a_draft(story):
    woman = story.woman()
    with story.app.app_context(), transaction() as session:
        requests.withdraw_request(session, woman.actor, woman.thing_id, now=clock.now())
        draft = requests.start_request(session, woman.actor, time_zone="America/Toronto", now=clock.now())
        session.flush()
        draft_id = draft.id
    desk = story.browser()
    for path in ("", "/profile", "/look-again"):
        assert desk.get(f"/desk/requests/{draft_id}{path}").status_code in (404, 409)
    assert str(draft_id) not in desk.get("/desk?queue=waiting").text


def test_a_ranking_alone_shows_nobody_to_her(story):
    woman = story.woman()
    story.supporter("Dee")
    assert ranked(story, woman)
    page = words_of(story.browser(woman.username).get("/people"))
    assert "The coordinator is looking for someone" in page
    assert "Dee" not in page


def test_whose_card_is_shown_or_passed_by_is_told_nothing(story):
    woman, people = story.woman("Berta"), [story.supporter(name) for name in ("Dee", "Noor", "Ana")]
    cards = story.shown(woman, *people)
    her, dee = story.browser(woman.username), story.browser(people[0].username)
    her.send("/people/passed-by", card=str(cards[0]))
    her.send("/people", pick=str(cards[1]))
    her.send("/questions/withdraw")
    assert "Berta" not in words_of(dee.get("/offers"))
    assert dee.get(f"/offers/{cards[0]}").status_code == 404
    assert "This offer is over" in words_of(story.browser(people[1].username).get(f"/offers/{cards[1]}"))
    with story.app.app_context(), transaction() as session:
        told = session.scalars(select(OutboxRow.to_user_id).where(OutboxRow.kind == Notice.SOMEONE_HOPES_FOR_YOU)).all()
    assert told == [people[1].actor.id]


def test_a_no_changes_nothing_for_another_woman(story):
    dee, ana = story.supporter("Dee"), story.supporter("Ana")
    other = story.woman("Ada")
    before = earns(story, other, dee, ana)
    offer = story.offered(story.woman("Berta"), dee)
    assert story.browser(dee.username).send(f"/offers/{offer}/decline").status_code == 303
    assert earns(story, other, dee, ana) == before


def test_what_a_supporter_s_card_does_not_open_no_woman_reads(story):
    hidden = {"town": "Kapuskasing", "faith": "muslim", "experience_note": "my brother in Wawa", "weekly_hours": "3"}
    dee = story.supporter("Dee", hello="I like tea.", not_now="eating_and_body", card="-", **hidden)
    woman = story.woman(different_town="yes", town="Kenora")
    story.shown(woman, dee)
    her = story.browser(woman.username)
    cards = words_of(her.get("/people"))
    pair = story.browser(dee.username).send(f"/offers/{_ask(her, story)}/accept").location
    for page in (cards, words_of(her.get(pair))):
        assert "Dee" in page
        assert not re.search("Kapuskasing|Muslim|brother|Wawa|eating|alcohol", page.split("Who sees what")[0])


def _ask(her, story):
    card = re.search(r'name="pick" value="([^"]+)"', her.get("/people").text)
    assert card is not None
    her.send("/people", pick=card[1])
    return card[1]


@pytest.mark.parametrize("page", ["requests/{request}", "requests/{request}/profile", "pairs/{pair}", "pairs/{pair}/hold",
                                  "check-ins/{checkin}", "people/{user}/thread"])  # fmt: skip
def test_every_page_that_says_so_records_its_reading(story, page):
    woman, dee = story.woman(), story.supporter()
    pair = story.introduced(woman, dee)
    browser = story.browser(woman.username)
    checkin = browser.send(f"/together/{pair}/check-in").location.partition("?")[0].rpartition("/")[2]
    browser.send(f"/check-ins/{checkin}", listened="not_at_all")
    ids = {"request": woman.thing_id, "pair": pair, "checkin": checkin, "user": woman.actor.id}
    desk, before = story.browser(), _records(story)
    read = desk.get("/desk/" + page.format(**ids))
    assert "is kept in the record of readings" in words_of(read)
    assert _records(story) > before


def _records(story) -> int:
    with story.app.app_context(), transaction() as session:
        return session.scalar(select(func.count()).select_from(AuditRecord)) or 0


# What stays, and what ends by itself


def test_after_her_last_day_away_she_is_back_by_herself(story):
    clock.move(MONDAY - clock.now())
    story._person("kim", Role.COORDINATOR)
    desk = story.browser()
    assert desk.send("/desk/me/away", begins="", ends="2026-11-24").status_code == 303
    assert "You are away since" in words_of(desk.get("/desk/me"))
    clock.move(timedelta(days=1))
    assert "You are away since" in words_of(story.browser().get("/desk/me"))
    clock.move(timedelta(days=1))
    assert "You are away since" not in words_of(story.browser().get("/desk/me"))


def test_after_taking_it_back_she_begins_again(story):
    woman = story.woman()
    her = story.browser(woman.username)
    her.send("/questions/withdraw")
    assert her.send("/questions").location.startswith("/questions/")
    assert "Your questions are waiting for you" in words_of(her.get("/next"))


def test_the_desk_ends_a_pair_without_a_why_and_she_keeps_her_place(story):
    woman, dee = story.woman(), story.supporter()
    pair = story.introduced(woman, dee)
    before = _row(story, Request, woman.thing_id)
    sent = {"why": "supporter_gone", "then": "another", "note": "She moved to Kenora"}
    assert story.browser().send(f"/desk/pairs/{pair}/end", **sent).status_code == 303
    for person in (woman, dee):
        page = words_of(story.browser(person.username).get(f"/together/{pair}"))
        assert "Your time together has ended." in page
        assert "Kenora" not in page
        assert "does not answer any more" not in page
    after = _row(story, Request, woman.thing_id)
    assert after["state"] == "waiting"
    assert [after[kept] == before[kept] for kept in ("answers_sealed", "waiting_since")] == [True, True]


def test_what_stays_after_closing_is_what_the_page_says(story):
    woman, dee = story.woman(), story.supporter()
    pair = story.introduced(woman, dee)
    her = story.browser(woman.username)
    her.send(f"/together/{pair}/messages", body="Hello dear Dee")
    checkin = her.send(f"/together/{pair}/check-in").location.partition("?")[0]
    her.send(checkin, listened="not_at_all")
    assert her.send("/account/close", present=PASSPHRASE).status_code == 303
    assert _row(story, Request, woman.thing_id)["answers_sealed"] is not None
    assert "Hello dear Dee" in words_of(story.browser(dee.username).get(f"/together/{pair}"))
    assert "not at all" in words_of(story.browser().get(f"/desk{checkin}"))
    with story.app.app_context(), transaction() as session:
        assert session.query(CheckIn).filter_by(state="answered").count() == 1
        assert session.query(Message).count() == 1
        record = session.scalars(select(AuditRecord).where(AuditRecord.about_id == woman.actor.id)).all()
        assert record
        assert not [one for one in record if re.search("Claire|Hello|w-claire", f"{one.code} {one.thing} {one.action}")]
        assert session.query(Introduction).count() == 1


def _row(story, kind, thing_id):
    with story.app.app_context(), transaction() as session:
        row = session.get_one(kind, thing_id)
        return {column.name: getattr(row, column.name) for column in kind.__table__.columns}
