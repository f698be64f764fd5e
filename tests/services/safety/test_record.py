"""Her record: it opens and closes what leaves the site, and whoever is on her way is held against it again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.worlds import NOW, World, said, states
from webapp.domain.access import Actor, Role
from webapp.domain.safe_contact import Channel, Contact, Standing
from webapp.jobs import safe_contact as job
from webapp.models import AuditRecord, Request, SafeContact
from webapp.services import choices, matching, requests
from webapp.services.accounts import phone_words
from webapp.services.acting import Refused, TooLate
from webapp.services.safety import changing, reading, records

EVENINGS = {"safe_hours": "weekday_evening", "code_word": "lantern"}
BY_PHONE = {"modes": "phone", "availability": "weekday_evening"}
LATER = NOW + timedelta(days=30)


def hours_now(session, woman, now=NOW):
    return len(reading.hours_of(session, woman.id, now=now))


def known(session, woman, now=NOW):
    return reading.read(session, woman.id, now=now)


def shared_by_phone(session, request_id, supporter_id, now=NOW):
    from webapp.models import Supporter

    request, supporter = session.get(Request, request_id), session.get(Supporter, supporter_id)
    return matching.told_of(session, request, supporter, now=now) is not None


@pytest.fixture
def met(world: World):
    """A woman who talks by phone alone, in the evenings, and a supporter who can."""
    with world.session() as session, session.begin():
        _, supporter_id = world.supporter(session, **BY_PHONE)
        woman, request_id = world.request(session, **BY_PHONE, **EVENINGS)
    return woman, request_id, supporter_id


def test_sending_her_answers_makes_her_record(world, met):
    woman, _, _ = met
    with world.session() as session:
        her = known(session, woman)
        assert (her.standing, her.contact.code_word, her.contact.addresses) == (Standing.OPEN, "lantern", {})
        assert her.valid_until == LATER
        assert hours_now(session, woman) == 5 * 3 * 2


def test_without_a_record_nothing_leaves_the_site(world):
    with world.session() as session, session.begin():
        woman = world.person(session, Role.REQUESTER)
        assert known(session, woman).standing is Standing.NONE
        assert hours_now(session, woman) == 0


@pytest.mark.parametrize("how", ["expired", "closed", "no hours"])
def test_what_does_not_count_is_no_shared_way(world, met, how):
    woman, request_id, supporter_id = met
    with world.session() as session, session.begin():
        assert shared_by_phone(session, request_id, supporter_id)
        if how == "closed":
            records.close_outside(session, woman.id, actor=woman, now=NOW)
        if how == "no hours":
            changing.keep(session, woman, Contact(), now=NOW)
        moment = LATER if how == "expired" else NOW
        assert hours_now(session, woman, moment) == 0
        assert not shared_by_phone(session, request_id, supporter_id, moment)


def test_a_day_before_the_end_it_counts_and_a_yes_renews_it(world, met):
    woman, _, _ = met
    with world.session() as session, session.begin():
        assert hours_now(session, woman, LATER - timedelta(seconds=1)) > 0
        assert changing.is_to_be_asked(session, woman, now=LATER)
        changing.confirm(session, woman, now=LATER)
        assert not changing.is_to_be_asked(session, woman, now=LATER)
        assert hours_now(session, woman, LATER + timedelta(days=29)) > 0


def test_what_was_closed_is_opened_by_nothing_but_her_own_words(world, met):
    woman, _, _ = met
    with world.session() as session, session.begin():
        records.close_outside(session, woman.id, actor=woman, now=NOW, code="not_safe")
        records.close_outside(session, woman.id, actor=woman, now=NOW + timedelta(hours=1), code="not_safe")
        assert known(session, woman).closed_at == NOW
        with pytest.raises(TooLate):
            records.still_safe(session, woman, woman.id, now=NOW)
        records.begin(session, woman, woman.id, said(EVENINGS, "requester"), now=NOW)
        assert known(session, woman).standing is Standing.CLOSED
        changing.keep(session, woman, Contact(hours=frozenset({40})), now=NOW)
        assert known(session, woman).standing is Standing.CLOSED
        changing.confirm(session, woman, now=NOW)
        assert known(session, woman).standing is Standing.OPEN


def test_closing_stays_in_the_record_of_acts_with_ids_and_codes_only(world, met):
    woman, _, _ = met
    with world.session() as session, session.begin():
        records.close_outside(session, woman.id, actor=woman, now=NOW, code="not_safe")
    with world.session() as session:
        rows = session.scalars(select(AuditRecord).where(AuditRecord.thing == "safe_contacts")).all()
        assert [(row.action, row.code) for row in rows] == [
            ("safe contact set", None),
            ("safe contact closed", "not_safe"),
        ]


def test_nobody_else_may_change_it(world, met):
    with world.session() as session, session.begin():
        other = world.person(session, Role.SUPPORTER)
        with pytest.raises(Refused):
            changing.keep(session, other, Contact(), now=NOW)
        with pytest.raises(Refused):
            changing.confirm(session, Actor(other.id, frozenset({Role.COORDINATOR})), now=NOW)


@pytest.mark.parametrize("stage", ["shown", "offered"])
def test_a_change_takes_back_who_no_longer_fits(world, met, stage):
    woman, request_id, _ = met
    with world.session() as session, session.begin():
        world.offered(session, woman, request_id) if stage == "offered" else world.shown(session, request_id)
    with world.session() as session, session.begin():
        changing.keep(session, woman, Contact(), now=NOW)
    with world.session() as session:
        assert states(session, request_id)[:2] == ("waiting", ["withdrawn"])


def test_the_next_whom_she_ranked_is_asked_in_her_place(world):
    with world.session() as session, session.begin():
        _, by_phone = world.supporter(session, **{**BY_PHONE, "topics": "alcohol; grief"})
        _, in_site = world.supporter(session, availability="weekday_evening")
        ways = {"modes": "phone; site_messages", "availability": "weekday_evening"}
        woman, request_id = world.request(session, **ways, **EVENINGS)
        ids = {one.supporter_id: one.id for one in world.shown(session, request_id)}
        order = [ids[by_phone], ids[in_site]]
        choices.choose(session, woman, request_id, ordered=order, instead=None, now=NOW)
    with world.session() as session, session.begin():
        changing.keep(session, woman, Contact(), now=NOW)
    with world.session() as session:
        state, found, _ = states(session, request_id)
        assert (state, sorted(found)) == ("proposed", ["offered", "withdrawn"])


def test_what_still_fits_stays_and_is_told_as_it_is_now(world, met):
    woman, request_id, _ = met
    with world.session() as session, session.begin():
        (shown,) = world.shown(session, request_id)
        before = shown.told
    monday_and_tuesday = frozenset(range(36, 42)) | frozenset(range(84, 90))
    with world.session() as session, session.begin():
        changing.keep(session, woman, Contact(hours=monday_and_tuesday), now=NOW)
        session.refresh(shown := session.merge(shown))
        assert shown.state == "shown"
        assert shown.told != before


def test_it_changes_while_cards_are_out_and_nothing_is_locked(world, met):
    woman, request_id, _ = met
    contact = Contact({Channel.EMAIL: "c@example.org"}, hours=frozenset(range(36, 42)))
    with world.session() as session, session.begin():
        world.offered(session, woman, request_id)
        changing.keep(session, woman, contact, time_zone="America/Vancouver", now=NOW)
        assert session.get(Request, request_id).time_zone == "America/Vancouver"
        assert known(session, woman).contact == contact


def test_it_outlives_the_request_and_is_not_made_anew(world, met):
    woman, request_id, _ = met
    with world.session() as session, session.begin():
        changing.keep(session, woman, Contact({Channel.CALL: "+15195550123"}), now=NOW)
        requests.withdraw_request(session, woman, request_id, now=NOW)
        world_request = requests.start_request(session, woman, time_zone="America/Toronto", now=NOW)
        session.flush()
        from tests.services.worlds import HERS

        answers = said({**HERS, **EVENINGS}, "requester")
        requests.answer_questions(session, woman, world_request.id, answers, now=NOW)
        requests.send_request(session, woman, world_request.id, now=NOW)
        assert known(session, woman).contact.addresses == {Channel.CALL: "+15195550123"}
        assert hours_now(session, woman) == 0


def test_who_is_on_her_way_is_held_against_a_record_that_ran_out_or_was_closed(world, met):
    woman, request_id, _ = met
    with world.session() as session, session.begin():
        world.shown(session, request_id)
        assert records.list_changed(session, now=NOW) == []
        records.close_outside(session, woman.id, actor=woman, now=NOW + timedelta(minutes=1))
        assert records.list_changed(session, now=NOW + timedelta(minutes=2)) == [woman.id]
        assert changing.look_after(session, woman.id, now=NOW + timedelta(minutes=2))
        assert states(session, request_id)[:2] == ("waiting", ["withdrawn"])
        assert records.list_changed(session, now=NOW + timedelta(minutes=3)) == []


def test_the_code_word_proves_nothing_on_the_phone_wherever_it_was_set(world, met):
    woman, _, _ = met
    with world.session() as session, session.begin():
        changing.keep(session, woman, Contact(code_word="river stone"), now=NOW)
        with pytest.raises(phone_words.IsCodeWord):
            phone_words.set_phone_words(session, woman, "River  STONE", now=NOW)
        phone_words.set_phone_words(session, woman, "blue kettle", now=NOW)
        with pytest.raises(changing.IsPhoneWords):
            changing.keep(session, woman, Contact(code_word="blue kettle"), now=NOW)


def test_a_record_that_cannot_be_read_opens_nothing(world, met):
    woman, _, _ = met
    with world.session() as session, session.begin():
        session.scalars(select(SafeContact)).one().said_sealed = b"\x01" * 80
        session.flush()
        assert known(session, woman).contact is None
        assert hours_now(session, woman) == 0


def test_the_job_is_found():
    assert timedelta(minutes=1) == job.EVERY


def test_a_change_renews_nothing(world, met):
    woman, _, _ = met
    with world.session() as session, session.begin():
        changing.keep(session, woman, Contact(hours=frozenset({40})), now=LATER - timedelta(days=1))
        assert known(session, woman).valid_until == LATER
        records.still_safe(session, woman, woman.id, now=LATER - timedelta(days=1))
        assert known(session, woman).valid_until == LATER + timedelta(days=29)


def test_whoever_named_nothing_outside_is_not_asked_again(world):
    with world.session() as session, session.begin():
        woman, _ = world.request(session)
        assert not changing.is_to_be_asked(session, woman, now=LATER)


def test_who_asked_before_there_were_records_is_asked_and_nothing_leaves_until_then(world, met):
    woman, _, _ = met
    with world.session() as session, session.begin():
        session.delete(session.scalars(select(SafeContact)).one())
        session.flush()
        assert changing.is_to_be_asked(session, woman, now=NOW)
        assert hours_now(session, woman) == 0
        assert len(changing.read_own(session, woman, now=NOW).contact.hours) == 30
        changing.confirm(session, woman, now=NOW)
        assert hours_now(session, woman) == 30
