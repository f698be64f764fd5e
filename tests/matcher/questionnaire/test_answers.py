"""One cell of a sheet as an answer and back, for every kind; bad cells with their problem and remedy."""

from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import BadAnswer, Place
from matcher.questionnaire.answers import Answered, read_answer, write_answer
from matcher.questionnaire.schema import Question, Side
from tests.matcher.worlds.small_programme import questionnaire, well_said

ANY_CASE = settings(max_examples=60, deadline=None)
QUESTIONS = questionnaire().by_id
OTHER = Question.model_validate(
    {"id": "pets", "kind": "choices", "asked": "both", "label": {"en": "?"},
     "options": [{"id": name} for name in ("cat", "dog's tail", "A B c", "1,2", "è")]}
)  # fmt: skip


def read(question_id: str, cell: str, side: Side = "requester") -> Answered | None:
    return read_answer(QUESTIONS[question_id], cell, side)


def attempt(question_id: str, cell: str) -> Answered | BadAnswer | None:
    """Give the answer of a cell, or how it is refused."""
    try:
        return read(question_id, cell)
    except BadAnswer as bad:
        return bad


def marks(question_id: str, cell: str) -> frozenset[str]:
    return cast(frozenset[str], cast(Answered, read(question_id, cell)).answer)


def marked(question: Question) -> st.SearchStrategy[Answered]:
    """Invent marks with stars, as many as the question takes."""
    most = 1 if question.kind in ("choice", "scale", "yes_no") else question.most
    chosen = st.frozensets(st.sampled_from(question.option_ids), max_size=most)
    return chosen.flatmap(
        lambda options: (
            st.frozensets(st.sampled_from(sorted(options)), max_size=question.stars).map(
                lambda stars: Answered(options, stars)
            )
            if options
            else st.just(Answered(options))
        )
    )


def tables(question: Question, values: st.SearchStrategy[object]) -> st.SearchStrategy[Answered]:
    """Invent months or wishes for some of the options."""
    return st.dictionaries(st.sampled_from(question.option_ids), values).map(lambda table: Answered(table))


TEXTS = st.text(min_size=1, max_size=60).map(str.strip).filter(bool)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)
ANSWERS = {
    **{
        name: marked(QUESTIONS[name])
        for name in ("tongues", "topics", "not_now", "pastimes", "stage", "faith", "apart")
    },
    "hours": st.frozensets(st.integers(0, 335)).map(Answered),
    "months_steady": tables(QUESTIONS["months_steady"], st.integers(0, 1200)),
    "wants": tables(QUESTIONS["wants"], st.sampled_from(["must", "nice"])),
    "spare": NUMBERS.map(Answered),
    "town": TEXTS.map(Answered),
}


@pytest.mark.parametrize("question_id", ANSWERS)
def test_an_answer_written_as_a_cell_reads_back_to_the_same(question_id: str) -> None:
    question = QUESTIONS[question_id]

    @ANY_CASE
    @given(ANSWERS[question_id])
    def holds(answered: Answered) -> None:
        cell = write_answer(question, answered)
        assert read_answer(question, cell, "requester") == answered
        assert read_answer(question, f"\t {cell} \n", "requester") == answered
        assert write_answer(question, cast(Answered, read_answer(question, cell, "requester"))) == cell

    holds()


@pytest.mark.parametrize("kind", sorted({question.kind for question in QUESTIONS.values()}))
def test_every_kind_is_in_the_round_trip(kind: str) -> None:
    assert kind in {QUESTIONS[question_id].kind for question_id in ANSWERS}


@ANY_CASE
@given(marked(OTHER))
def test_options_with_odd_names_read_back_too(answered: Answered) -> None:
    assert read_answer(OTHER, write_answer(OTHER, answered), "supporter") == answered


CELLS = [
    ("topics", "grief*; alcohol", "alcohol; grief*"),
    ("topics", "drugs ;alcohol * ; ", "alcohol*; drugs"),
    ("stage", "steady", "steady"),
    ("apart", "TRUE", "yes"),
    ("apart", "No", "no"),
    ("hours", "evening", "Mon 18:00-21:00; Tue 18:00-21:00; Wed 18:00-21:00; Thu 18:00-21:00; Fri 18:00-21:00"),
    ("hours", "weekend; sun 15:00-17:00", "Sat 10:00-16:00; Sun 10:00-17:00"),
    ("months_steady", "grief = 60;alcohol=024", "alcohol=24; grief=60"),
    ("wants", "near=nice; same_faith=must", "same_faith=must; near=nice"),
    ("spare", "1.50", "1.50"),
    ("town", "  St. John's; by the sea ", "St. John's; by the sea"),
]


@pytest.mark.parametrize(("question_id", "cell", "canonical"), CELLS)
def test_a_cell_is_written_in_file_order_and_one_way(question_id: str, cell: str, canonical: str) -> None:
    assert write_answer(QUESTIONS[question_id], cast(Answered, read(question_id, cell))) == canonical


def test_what_a_cell_says_is_what_is_read() -> None:
    assert read("topics", "alcohol*; grief") == Answered(frozenset({"alcohol", "grief"}), frozenset({"alcohol"}))
    assert marks("apart", "yes") == {"yes"}
    assert marks("hours", "Mon 00:00-01:00; Sun 23:30-24:00") == {0, 1, 335}
    assert read("months_steady", "alcohol=24", "supporter") == Answered({"alcohol": 24})
    assert read("wants", "near=must") == Answered({"near": "must"})
    assert read("spare", "1.5", "supporter") == Answered(Decimal("1.5"))


@pytest.mark.parametrize("question_id", ANSWERS)
@pytest.mark.parametrize("cell", ["", " ", "\t\n", "\u00a0"])
def test_a_blank_cell_is_no_answer(question_id: str, cell: str) -> None:
    assert read(question_id, cell) is None


@pytest.mark.parametrize("question_id", [q for q in ANSWERS if QUESTIONS[q].kind not in ("number", "text")])
def test_a_dash_is_an_answer_and_says_none_of_these(question_id: str) -> None:
    answered = cast(Answered, read(question_id, " - "))
    assert answered.answer in (frozenset(), {})
    assert answered.stars == frozenset()
    assert write_answer(QUESTIONS[question_id], answered) == "-"


@pytest.mark.parametrize("question_id", ["topics", "hours", "wants", "months_steady"])
def test_separators_alone_do_not_say_none_of_these(question_id: str) -> None:
    assert isinstance(attempt(question_id, " ; ;"), BadAnswer | None)


BAD = [
    (
        "topics",
        "requester",
        "alcool",
        "'alcool' is not an option of 'topics'",
        "Did you mean 'alcohol'? Use one of: al",
    ),
    ("topics", "requester", "Grief", "'Grief' is not an option", "Did you mean 'grief'?"),
    ("topics", "requester", "alcohol, grief", "'alcohol, grief' is not an option", "Use one of: alcohol, drugs, grief"),
    ("topics", "requester", "alcohol; -", "'-' is not an option", "Use one of"),
    (
        "topics",
        "requester",
        "alcool; greif*; beer; alcohol",
        "'alcool', 'greif' and 'beer' are not options of 'topics'",
        "Did you mean 'alcohol' for 'alcool'? Use one of: alcohol, drugs, grief, moving.",
    ),
    ("pastimes", "requester", "no_music", "'no_music' is not an option", "Use one of: music, walks, books."),
    (
        "hours",
        "requester",
        "evenng; Tue 25:00-26:00; Lun 18:00-19:00",
        "'evenng' is not a day and hours; 25:00 is later than 24:00; 'Lun'",
        "Did you mean 'evening' for 'evenng'? Write for example",
    ),
    (
        "months_steady",
        "supporter",
        "alchol=2; beer=3",
        "'alchol' and 'beer' are not options",
        "'alcohol' for 'alchol'? Use",
    ),
    (
        "months_steady",
        "supporter",
        "alcohol=two; grief=x; drugs=3",
        "'two' and 'x' are not numbers of months",
        "Write whole",
    ),
    (
        "months_steady",
        "supporter",
        "alcohol; grief; drugs=3",
        "'alcohol' and 'grief' have no '='",
        "alcohol=24; grief=60",
    ),
    (
        "wants",
        "requester",
        "near=maybe; same_faith=often",
        "'maybe' and 'often' are neither must nor nice",
        "Write must",
    ),
    ("topics", "requester", "alcohol; alcohol*", "'alcohol' stands there twice", "Write it once"),
    ("topics", "requester", "alcohol**", "'alcohol*' is not an option", "Did you mean 'alcohol'?"),
    ("topics", "requester", "alcohol*; drugs*; grief*", "3 options carry a star", "At most 2 can"),
    ("topics", "supporter", "alcohol*", "a star has no meaning here", "Take the * away"),
    ("tongues", "requester", "english*", "a star has no meaning here", "Take the * away"),
    ("pastimes", "requester", "music; walks; books", "3 options are marked", "At most 2 can be"),
    ("stage", "requester", "starting; steady", "2 options are marked", "At most 1 can be"),
    ("faith", "requester", "cedar; river", "2 options are marked", "At most 1 can be"),
    ("apart", "requester", "maybe", "'maybe' is neither yes nor no", "Write yes or no"),
    ("apart", "requester", "yes; no", "neither yes nor no", "leave the cell blank"),
    ("adult", "requester", "no", "only 'yes' can be taken here", "show her the help page"),
    ("adult", "requester", "-", "only 'yes' can be taken here", "show her the help page"),
    ("hours", "requester", "Mon", "'Mon' is not a day and hours", "Mon 18:00-21:00; Sat 09:00-12:00"),
    ("hours", "requester", "evenings", "'evenings' is not a day and hours", "Or one of: evening, weekend"),
    ("hours", "requester", "evening; Mon 9:00-5:00", "'Mon 9:00-5:00' is 20 hours, over midnight", "Write for example"),
    (
        "hours",
        "requester",
        "evening; Mon; weekends",
        "'weekends' is not a day",
        "Did you mean 'weekend' for 'weekends'? Write",
    ),
    ("hours", "requester", "Mon 18:15-21:00", "18:15 is not on the hour or half-hour", "Write for example"),
    ("months_steady", "supporter", "alcohol", "'alcohol' has no '='", "alcohol=24; grief=60"),
    ("months_steady", "supporter", "alcohol=two", "'two' is not a number of months", "Write whole months"),
    ("months_steady", "supporter", "alcohol=-3", "'-3' is not a number of months", "Write whole months"),
    ("months_steady", "supporter", "alcohol=1.5", "'1.5' is not a number of months", "Write whole months"),
    ("months_steady", "supporter", "alcohol=1201", "'1201' is not a number of months up to 1200", "Write whole months"),
    ("months_steady", "supporter", "alcohol=46347", "'46347' is not a number of months up to 1200", "is a date"),
    ("months_steady", "supporter", "alcohol=", "'' is not a number of months", "Write whole months"),
    ("months_steady", "supporter", "beer=24", "'beer' is not an option", "Use one of"),
    ("months_steady", "supporter", "grief=1; grief=2", "'grief' stands there twice", "Write it once"),
    ("wants", "requester", "near", "'near' has no '='", "same_faith=must; close_in_age=nice"),
    ("wants", "requester", "near=maybe", "'maybe' is neither must nor nice", "leave the wish out"),
    ("wants", "requester", "near=Must", "'Must' is neither must nor nice", "Write must or nice"),
    ("spare", "supporter", "two", "'two' is not a number", "with a point for decimals"),
    ("spare", "supporter", "1,5", "'1,5' is not a number", "with a point for decimals"),
    ("spare", "supporter", "-", "'-' is not a number", "Write digits"),
    ("spare", "supporter", "nan", "'nan' is not a number", "Write digits"),
    ("spare", "supporter", "Infinity", "'Infinity' is not a number", "Write digits"),
    ("spare", "supporter", "1e400", "'1e400' is not a number", "Write digits"),
    ("town", "requester", "x" * 10_001, "longer than 10,000 characters", "Shorten it"),
]


@pytest.mark.parametrize(("question_id", "side", "cell", "problem", "remedy"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_cell_says_what_is_wrong_and_what_to_write(
    question_id: str, side: Side, cell: str, problem: str, remedy: str
) -> None:
    with pytest.raises(BadAnswer) as bad:
        read(question_id, cell, side)
    assert problem in bad.value.problem
    assert remedy in bad.value.remedy
    assert len(bad.value.problem) < 200
    well_said([bad.value.at(Place(column=question_id))])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ANSWERS)), st.text(alphabet="alcohog=*;-: Mon1230éñ\n", max_size=40))
def test_no_cell_at_all_breaks_the_reader(question_id: str, cell: str) -> None:
    answered = attempt(question_id, cell)
    if isinstance(answered, BadAnswer):
        assert answered.problem
        assert answered.remedy
    elif answered is None:
        assert not cell.strip()
    else:
        assert read(question_id, write_answer(QUESTIONS[question_id], answered)) == answered


def test_the_order_within_a_cell_means_nothing() -> None:
    assert read("wants", "near=nice;mourned=must") == read("wants", "mourned = must ; near = nice")
    assert read("topics", "drugs;grief") == read("topics", "grief ; drugs;")
