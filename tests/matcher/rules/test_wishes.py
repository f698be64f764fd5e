"""Wishes about a text or a number: whether one holds between two people, or is not known."""

from decimal import Decimal
from pathlib import Path

import pytest

from matcher.availability import ALWAYS
from matcher.people import Need, Offer
from matcher.questionnaire.loading import load
from matcher.rules.wishes import holds_between
from tests.matcher.worlds.small_programme import MORE, changed, write

ALIKE = '{id = "alike", of = "%s", within = %s, label = {en = "alike", fr = "pareil"}},\n  {id = "same_faith"'


@pytest.mark.parametrize(
    ("of", "within", "hers", "theirs", "holds"),
    [
        ("town", 0, "Perth", "PERTH", True),
        ("town", 0, "Perth", "Ottawa", False),
        ("town", 0, "Perth", "n/a", None),
        ("town", 0, "Perth", None, None),
        ("more", 5, Decimal(30), Decimal(35), True),
        ("more", 5, Decimal(30), Decimal("35.5"), False),
        ("more", 5, Decimal(30), None, None),
    ],
)
def test_a_wish_to_be_alike_holds_or_not_or_is_not_known(
    tmp_path: Path, of: str, within: int, hers: object, theirs: object, holds: bool | None
) -> None:
    text = changed('{id = "same_faith"', ALIKE % (of, within)) + MORE % ("number", "both", "none", "")
    questions = load(write(tmp_path, "q.toml", text.replace("within = 0, ", "")))
    option = next(one for q in questions.with_rule("wishes") for one in q.options if one.id == "alike")
    offer = Offer(id="o", answers={} if theirs is None else {of: theirs})  # type: ignore[dict-item]
    assert holds_between(Need(id="n", safe_hours=ALWAYS, answers={of: hers}), option, offer, questions) is holds  # type: ignore[dict-item]
