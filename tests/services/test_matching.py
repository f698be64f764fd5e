"""The roster of a process follows the database: whoever comes, changes or goes is seen at the next ranking."""

from sqlalchemy.orm import Session

from tests.services.worlds import NOW, World
from webapp.models import Request, Supporter
from webapp.services import matching
from webapp.services.answers import answers_of, keep_answers


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


def test_a_roster_follows_past_rows_that_the_session_has_read_before(world: World):
    with world.session() as session, session.begin():
        _, supporter = world.supporter(session)
        _, request_id = world.request(session)
        assert passing(session, request_id) == {str(supporter)}
    with world.session() as session:
        kept = session.get_one(Supporter, supporter)
        if session.get_bind().dialect.name == "sqlite":
            session.rollback()  # it has one writer, who would wait for us
        with world.session() as other, other.begin():
            other.get_one(Supporter, supporter).taken = 1
        assert kept.taken == 0 or session.get_bind().dialect.name == "sqlite"  # the row that was read before
        assert passing(session, request_id) == set()


def test_a_changed_answer_moves_the_version_on(world: World):
    with world.session() as session, session.begin():
        _, supporter = world.supporter(session)
        _, request_id = world.request(session)
    seen = [version(world, supporter)]
    with world.session() as session, session.begin():
        assert passing(session, request_id) == {str(supporter)}
        change(session.get_one(Supporter, supporter), languages={"answer": ["fr"], "stars": []})
        session.flush()
        assert passing(session, request_id) == set()
    seen.append(version(world, supporter))
    with world.session() as session, session.begin():
        change(session.get_one(Supporter, supporter), languages=None)
    seen.append(version(world, supporter))
    with world.session() as session, session.begin():
        change(session.get_one(Supporter, supporter), languages={"answer": ["en"], "stars": []})
    seen.append(version(world, supporter))
    assert seen == [1, 2, 3, 4]


def change(supporter: Supporter, **answers) -> None:
    said = {question: one for question, one in {**answers_of(supporter), **answers}.items() if one is not None}
    keep_answers(supporter, said)


def version(world: World, supporter) -> int:
    with world.session() as session:
        return session.get_one(Supporter, supporter).version
