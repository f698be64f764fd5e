"""Who waits when migration 0017 comes has been looked for since she sent, or since those whom she saw fell away."""

import importlib.util
from datetime import timedelta

from sqlalchemy import select, text, update

from tests.pages.story import Story
from webapp import MIGRATIONS, clock
from webapp.extensions import reading, transaction
from webapp.models import Proposal, Request
from webapp.services import choices


def statements():
    spec = importlib.util.spec_from_file_location("threads", MIGRATIONS / "versions" / "0017_threads.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SINCE_SHE_SENT, module.FELL_AWAY_LATER


def test_the_clock_goes_on_where_her_page_had_it(on_either):
    story = Story(on_either)
    plain, back = story.woman("Ada"), story.woman("Berta")
    dee = story.supporter()
    story.shown(back, dee)
    with on_either.app_context(), transaction() as session:
        now = clock.now() + timedelta(days=3)
        choices.choose(session, back.actor, back.thing_id, ordered=[], instead=choices.NOBODY, now=now)
    with on_either.app_context(), transaction() as session:
        session.execute(update(Request).values(looking_since=None))
        for statement in statements():
            session.execute(text(statement))
    with on_either.app_context(), reading() as session:
        since = {one.id: (one.looking_since, one.waiting_since) for one in session.scalars(select(Request))}
        ended = session.scalar(select(Proposal.ended_at))
    assert since[plain.thing_id][0] == since[plain.thing_id][1]
    assert since[back.thing_id][0] == ended > since[back.thing_id][1]
