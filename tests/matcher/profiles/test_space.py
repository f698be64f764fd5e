"""The profile vector: named columns, traced back to answers, and what a fit learns, stores and hashes."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfTransformer

from matcher.errors import Refused
from matcher.people import Offer
from matcher.profiles.fit import Learned
from matcher.profiles.space import ProfileSpace
from matcher.questionnaire.loading import load
from matcher.ranking.roster import Roster
from tests.matcher.worlds.pairs import ON, default_weights, need, offer, questions, roster
from tests.matcher.worlds.small_programme import MORE, QUESTIONS, write

OFFERS = [
    offer("a", {"topics": "alcohol; grief", "stage": "steady"}),
    offer("b", {"topics": "grief", "stage": "helping_others"}),
    offer("c", {"topics": "-", "stage": "-"}),
    offer("d"),
]


def fitted(*offers: Offer) -> ProfileSpace:
    return ProfileSpace(questions()).fit(offers or OFFERS)


def test_the_space_keeps_the_manners_of_scikit_learn():
    space = fitted()
    assert space.get_params() == {"questionnaire": questions()}
    assert not hasattr(clone(space), "learned_")
    assert space.fit_transform(OFFERS).shape == (4, len(space.get_feature_names_out()))


def test_every_column_has_a_name_of_its_own_and_belongs_to_one_question():
    space = fitted()
    names = list(space.get_feature_names_out())
    assert len(set(names)) == len(names)
    owned = [question.id for question in questions().question if question.kind not in ("text", "number")]
    spans = [space.columns_of(question) for question in owned]
    assert [column for span in spans for column in range(span.start, span.stop)] == list(range(len(names)))
    for question, span in zip(owned, spans, strict=True):
        assert all(name.startswith(question) for name in names[span])


@pytest.mark.parametrize("kind", ["text", "number"])
def test_texts_and_numbers_have_no_column(tmp_path: Path, kind: str) -> None:
    space = ProfileSpace(load(write(tmp_path, "q.toml", QUESTIONS + MORE % (kind, "both", "none", ""))))
    assert not [name for name in space.get_feature_names_out() if name.startswith("more")]
    with pytest.raises(KeyError, match="more"):
        space.columns_of("more")


def test_an_answer_stands_in_its_column():
    space = fitted()
    row = dict(zip(space.get_feature_names_out(), space.transform([OFFERS[0]])[0], strict=True))
    assert (row["topics=alcohol"], row["topics=trauma"], row["topics?"]) == (1, 0, 1)
    assert (row["stage=steady"], row["stage=helping_others"], row["stage?"]) == (1, 0, 1)
    assert (row["availability@Mon 18:00"], row["availability@Mon 22:00"]) == (1, 0)


def test_none_of_these_is_not_the_same_as_not_answered():
    space = fitted()
    none, unanswered = space.inverse_transform(space.transform(OFFERS[2:]))
    assert none["topics"].answer == frozenset()
    assert none["stage"].answer == frozenset()
    assert not {"topics", "stage"} & unanswered.keys()


def test_rarities_are_those_of_the_tfidf_transformer_over_their_mean():
    space = fitted()
    marked = space.transform(OFFERS)[:, space.columns_of("topics")][:, :-1]
    idf = TfidfTransformer(smooth_idf=True).fit(marked).idf_
    assert space.rarities_["topics"] == pytest.approx(tuple(idf / idf.mean()))


def test_means_are_over_those_who_answered():
    space = fitted()
    topics = dict(zip(questions().by_id["topics"].option_ids, space.means_["topics"], strict=True))
    assert topics["grief"] == Fraction(2, 3)
    assert topics["alcohol"] == Fraction(1, 3)
    assert topics["other_drugs"] == Fraction(1, 3) * Fraction(3, 10)
    stages = dict(zip(questions().by_id["stage"].option_ids, space.means_["stage"], strict=True))
    assert stages["helping_others"] == (1 + Fraction(1, 2)) / 2


def test_a_fit_is_stored_and_read_back_to_the_same_hash_and_scores():
    learned = fitted().learned_
    again = Learned.from_json(learned.as_json())
    assert again == learned
    assert again.hash == learned.hash
    asked = need(cells={"topics": "alcohol; grief"})
    stored = Roster(questionnaire=questions(), weights=default_weights(), on=ON).fit(OFFERS[:1], learned=again)
    (one,) = stored.rank(asked).candidates
    (other,) = [candidate for candidate in roster(*OFFERS).rank(asked).candidates if candidate.offer == "a"]
    assert one.grains == other.grains


def test_the_hash_changes_with_what_was_learned_and_not_with_the_order():
    assert fitted().learned_.hash == fitted(*reversed(OFFERS)).learned_.hash
    assert fitted().learned_.hash != fitted(*OFFERS[:3]).learned_.hash


@pytest.mark.parametrize("stored", ["", "{}", "[]", '{"format": 99}'])
def test_a_stored_fit_that_cannot_be_read_is_refused(stored):
    with pytest.raises(Refused, match="Fit the roster again"):
        Learned.from_json(stored)


def test_a_fit_of_other_questions_is_refused():
    with pytest.raises(Refused, match="version 0"):
        ProfileSpace(questions()).use(replace(fitted().learned_, version=0))


def test_a_roster_follows_without_learning_anew():
    held = roster(*OFFERS)
    before = held.learned_.hash
    held.add(offer("e", {"topics": "alcohol"}))
    held.update(offer("a", {"topics": "trauma"}))
    held.remove("b")
    assert held.learned_.hash == before
    assert sorted(c.offer for c in held.rank(need()).candidates) == ["a", "c", "d", "e"]


def test_a_roster_refuses_to_add_twice_and_to_change_whom_it_does_not_hold():
    held = roster(*OFFERS)
    for act in (lambda: held.add(OFFERS[0]), lambda: held.update(offer("x")), lambda: held.remove("x")):
        with pytest.raises(KeyError):
            act()
    with pytest.raises(ValueError, match="same id"):
        roster(OFFERS[0], OFFERS[0])


def test_a_roster_kept_up_to_date_ranks_as_one_made_afresh():
    everyone = [offer(f"o{n:02d}", {"topics": t}) for n, t in enumerate(("alcohol", "grief", "trauma") * 15)]
    asked = need(cells={"topics": "alcohol; trauma"}, never=frozenset({"o05"}))
    kept = roster(*everyone)
    for gone in everyone[::2]:
        kept.remove(gone.id)
    for back in everyone[::4]:
        kept.add(back)
    stay = {one.id: one for one in everyone if one.id in kept.columns_.row_of}
    fresh = Roster(questionnaire=questions(), weights=default_weights(), on=ON)
    fresh.fit(list(stay.values()), learned=kept.learned_)
    assert kept.rank(asked, top=None, with_excluded=True) == fresh.rank(asked, top=None, with_excluded=True)


def test_an_empty_roster_is_no_error():
    ranking = roster().rank(need(cells={"topics": "grief", "stage": "steady"}))
    assert (ranking.candidates, ranking.ruled_out) == ((), 0)
    assert np.isfinite(roster().space_.rarities_["topics"]).all()
