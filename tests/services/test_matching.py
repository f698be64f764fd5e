"""The roster of a process follows the database: whoever comes, changes or goes is seen at the next ranking."""

from sqlalchemy.orm import Session

from tests.services.worlds import NOW, World
from webapp.models import Request, Supporter
from webapp.services import matching


def passing(session: Session, request_id) -> set[str]:
    ranking = matching.rank(session, session.get_one(Request, request_id), top=10, now=NOW)
    return {candidate.offer for candidate in ranking.ranking.candidates}


def test_who_comes_changes_and_goes_is_seen_at_once(world: World):
    with world.session() as session, session.begin():
        _, first = world.supporter(session)
        _, request_id = world.request(session)
        assert passing(session, request_id) == {str(first)}
    with world.session() as session, session.begin():
        _, second = world.supporter(session)
        session.get_one(Supporter, first).state = "on a break"
        session.flush()
        assert passing(session, request_id) == {str(second)}
    with world.session() as session, session.begin():
        session.delete(session.get_one(Supporter, second))
        session.flush()
        assert passing(session, request_id) == set()


def test_a_change_that_was_rolled_back_is_not_kept(world: World):
    with world.session() as session, session.begin():
        _, supporter = world.supporter(session)
        _, request_id = world.request(session)
    with world.session() as session:
        session.get_one(Supporter, supporter).state = "left"
        session.flush()
        assert passing(session, request_id) == set()
        session.rollback()
    with world.session() as session, session.begin():
        assert passing(session, request_id) == {str(supporter)}
