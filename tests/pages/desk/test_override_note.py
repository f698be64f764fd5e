"""A coordinator may say in her own words why she left the order: sealed, shown on the request, in no clear column."""

from sqlalchemy import select

from tests.pages.story import Story
from tests.programme.browsing import words_of
from webapp.extensions import transaction
from webapp.models import AuditRecord, Proposal

NOTE = "They sing in the same choir."


def test_a_note_is_kept_sealed_and_shown_on_her_request(app):
    story = Story(app)
    woman, dee = story.woman("Ada"), story.supporter("Dee")
    robin = story.browser()
    ranking = story.ranked(woman)
    path = f"/desk/rankings/{ranking}/approve"
    long = robin.send(path, supporters=[str(dee.thing_id)], reason="known_fit", note="x" * 501)
    assert long.status_code == 422
    assert "under 500 signs" in long.text
    told = robin.send(path, supporters=[str(dee.thing_id)], reason="known_fit", note=NOTE)
    assert told.status_code == 303, words_of(told)
    page = robin.get(f"/desk/requests/{woman.thing_id}").text
    assert NOTE in page
    assert "I know them both, and it fits" in page
    with app.app_context(), transaction() as session:
        proposal = session.scalars(select(Proposal)).one()
        assert (proposal.override, proposal.override_note) == ("known_fit", NOTE)
        assert {one.code for one in session.scalars(select(AuditRecord)) if one.action == "proposal shown"} == {
            "known_fit"
        }


def test_words_are_no_code(app):
    story = Story(app)
    woman, dee = story.woman("Ada"), story.supporter("Dee")
    ranking = story.ranked(woman)
    robin = story.browser()
    refused = robin.send(f"/desk/rankings/{ranking}/approve", supporters=[str(dee.thing_id)], reason="her sister asked")
    assert refused.status_code == 422
    with app.app_context(), transaction() as session:
        assert session.scalars(select(Proposal)).all() == []
