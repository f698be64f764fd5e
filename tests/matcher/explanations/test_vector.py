"""How the engine reads a request: what stands in her vector, and the points that each column can earn."""

from matcher.explanations.vector import read_vector
from tests.matcher.worlds.pairs import need, offer, roster

HERS = {"topics": "alcohol*; grief", "wishes": "is_mother=must; same_faith=nice", "stage": "steady", "hope": "calm"}


def test_every_answer_with_columns_is_read_and_its_points_add_up() -> None:
    held, asks = roster(offer("o", {"topics": "alcohol"})), need(cells=HERS)
    read = {one.question.id: one for one in read_vector(held, asks)}
    assert list(read) == ["languages", "modes", "availability", "topics", "stage", "wishes"]
    topics = read["topics"]
    assert [(one.name, one.option, one.value) for one in topics.columns] == [
        ("topics=alcohol", "alcohol", 2),
        ("topics=grief", "grief", 1),
    ]
    assert round(sum(one.points or 0 for one in topics.columns), 5) == topics.points
    headroom = next(line.maximum for line in held.encoding.encode(asks).lines if line.question_id is None)
    assert round(sum(one.points or 0 for one in read.values()) + headroom / 100_000, 5) == 100


def test_what_feeds_no_part_has_no_points_and_a_must_stands_as_two() -> None:
    read = {one.question.id: one for one in read_vector(roster(offer()), need(cells=HERS))}
    assert read["languages"].points is None
    assert {one.option: one.value for one in read["wishes"].columns} == {"is_mother": 2, "same_faith": 1}
    assert all(one.points is None for one in read["wishes"].columns)


def test_none_of_these_is_read_as_an_answer_without_columns() -> None:
    (topics,) = [
        one for one in read_vector(roster(offer()), need(cells={"topics": "-"})) if one.question.id == "topics"
    ]
    assert (topics.columns, topics.points) == ((), None)
