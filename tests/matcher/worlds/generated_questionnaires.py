"""Invented questionnaires and weights: every kind and rule that the loader takes, awkward on purpose."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from matcher.questionnaire.schema import Questionnaire
from matcher.questionnaire.weights import HEADROOM, Weights

WEIGHTS = ("1", "5", "10", "35", "20", "7.5", "0.1", "33.3", "0", "1000000")
FAMILY_SHARES = ("0.3", "0.37", "0", "1", "0.125", "0.333")
STAR_WEIGHTS = ("2", "1.5", "1", "3", "2.7")
FALLOFFS = ("0.5", "0.37", "1", "0.1", "0", "0.25", "2")
PARTS = ("topics", "ways", "life", "interests")


SIDES = ("requester", "supporter", "both")


def chance(rng: Random, probability: float) -> bool:
    """Say yes with this probability."""
    return rng.random() < probability


def any_questionnaire(rng: Random, *, gated: bool = True) -> Questionnaire:
    """Invent a questionnaire with every kind and rule in it, sooner or later."""
    scored = [_coverage(rng, f"covers{n}") for n in range(rng.randint(1, 4))]
    scored += [_closeness(rng, f"near{n}") for n in range(rng.randint(0, 2))]
    asked = [*scored, *_unmatched(rng)]
    asked += _gates(rng, asked) if gated else []
    if chance(rng, 0.6):
        asked.append(_overlap(rng, gated=gated))
    for question_id in ["wishes"] * chance(rng, 0.8) + ["more_wishes"] * chance(rng, 0.1):
        asked.append(_wishes(rng, question_id, asked))
    rng.shuffle(asked)
    raw = {"id": "invented", "version": 1, "languages": ["en"], "question": asked}
    return Questionnaire.model_validate(raw)


def any_weights(rng: Random, questionnaire: Questionnaire) -> Weights:
    """Invent weights for every part that is fed, in any order; headroom may lack, one part may be unfed."""
    parts = [*questionnaire.parts, *[HEADROOM] * chance(rng, 0.8), *["unfed"] * chance(rng, 0.1)]
    rng.shuffle(parts)
    weights = {part: Fraction(Decimal(rng.choice(WEIGHTS))) for part in parts}
    if not any(weights.values()):
        weights[parts[0]] = Fraction(1)
    return Weights(1, "test", "invented", weights)


def _question(question_id: str, kind: str, match: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": question_id,
        "kind": kind,
        "asked": "both",
        "label": {"en": question_id},
        "match": dict(match),
        **more,
    }


def _options(rng: Random, at_least: int, most: int, families: Sequence[str | None] = (None,)) -> list[dict[str, Any]]:
    names = [f"{'abcdefg'[n % 7]}{n // 7 or ''}" for n in range(rng.randint(at_least, most))]
    made = [{"id": name, "label": {"en": name}, "family": rng.choice(families)} for name in names]
    return [{key: value for key, value in option.items() if value} for option in made]


def _coverage(rng: Random, question_id: str) -> dict[str, Any]:
    match = {
        "rule": "coverage",
        "part": rng.choice(PARTS),
        "star_weight": Decimal(rng.choice(STAR_WEIGHTS)),
        "family_share": Decimal(rng.choice(FAMILY_SHARES)),
        "rarity": chance(rng, 0.7),
    }
    kind = rng.choice(("choices", "choices", "choices", "choices", "choice", "yes_no"))
    if kind == "yes_no":
        return _question(question_id, kind, match)
    if kind == "choice":
        return _question(question_id, kind, match, options=_options(rng, 2, 5, (None, "f")))
    most = 130 if chance(rng, 0.02) else 7
    options = _options(rng, 1, most, (None, "f", "g"))
    return _question(question_id, kind, match, options=options, stars=rng.choice((0, 1, 3)))


def _closeness(rng: Random, question_id: str) -> dict[str, Any]:
    falloff = Decimal(rng.choice(FALLOFFS))
    match = {"rule": "closeness", "part": rng.choice(PARTS), "falloff": falloff, "at_least": chance(rng, 0.4)}
    return _question(question_id, rng.choice(("scale", "choice")), match, options=_options(rng, 2, 6))


def _unmatched(rng: Random) -> list[dict[str, Any]]:
    """Questions that are asked and never matched, except by a wish or as the `when` of a gate."""
    none = {"rule": "none"}
    asked = [
        _question("faith", "choices", none, options=_options(rng, 1, 4)),
        _question("age", "number", none),
        _question("birthplace", "text", none),
        _question("steps", "scale", none, options=_options(rng, 2, 5)),
        _question("trade", "choice", none, options=_options(rng, 1, 4), asked="supporter"),
        _question("moved", "yes_no", none),
        _question("told", "choices", none, options=_options(rng, 1, 4), asked="requester", stars=2),
    ]
    return [question for question in asked if chance(rng, 0.5)]


def _gates(rng: Random, asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    gates = []
    if chance(rng, 0.4):
        gates.append(_any_shared(rng, "language"))
    if chance(rng, 0.6):
        gates.append(_modes(rng))
    if chance(rng, 0.4):
        gates += _differs(rng)
    starred = [question for question in asked if question.get("stars")]
    if starred and chance(rng, 0.5):
        match = {
            "rule": "gate:steady",
            "with": rng.choice(starred)["id"],
            "min_months": rng.choice((0, 1, 12)),
            "each": chance(rng, 0.3),
        }
        gates.append(_borrowing(rng, "steady", "months", match, asked, ("supporter", "both")))
    listed = [question for question in asked if question["kind"] in ("choice", "choices")]
    if listed and chance(rng, 0.5):
        about = rng.choice(listed)
        sides = {"requester": ("supporter", "both"), "supporter": ("requester", "both")}.get(about["asked"], SIDES)
        match = {"rule": "gate:excludes", "with": about["id"]}
        gates.append(_borrowing(rng, "not_with", "choices", match, asked, sides))
    return gates


def _borrowing(
    rng: Random,
    question_id: str,
    kind: str,
    match: Mapping[str, Any],
    asked: Sequence[Mapping[str, Any]],
    sides: Sequence[str],
) -> dict[str, Any]:
    """Ask a question that has the options of the one in `with`, of one side or both."""
    lender = next(question for question in asked if question["id"] == match["with"])
    options = [{key: option[key] for key in ("id", "label")} for option in lender["options"]]
    return _question(question_id, kind, match, options=options, asked=rng.choice(sides))


def _any_shared(rng: Random, question_id: str) -> dict[str, Any]:
    kind = rng.choice(("choices", "choices", "choices", "choice", "yes_no", "scale"))
    options = {} if kind == "yes_no" else {"options": _options(rng, 2 if kind == "scale" else 1, 4)}
    return _question(question_id, kind, {"rule": "gate:any_shared"}, **options)


def _modes(rng: Random) -> dict[str, Any]:
    """Ways of contact, some of which leave the site."""
    options = [{**option, "outside": chance(rng, 0.5)} for option in _options(rng, 1, 4)]
    return _question("modes", "choices", {"rule": "gate:any_shared"}, options=options)


def _differs(rng: Random) -> list[dict[str, Any]]:
    when = _question("elsewhere", "yes_no", {"rule": "none"}, asked="requester")
    match = {"rule": "gate:differs", "when": "elsewhere"}
    kind = rng.choice(("text", "text", "text", "choice", "choices", "scale", "number", "yes_no"))
    options = {} if kind in ("text", "number", "yes_no") else {"options": _options(rng, 2, 5)}
    return [when, _question("town", kind, match, **options)]


def _overlap(rng: Random, *, gated: bool) -> dict[str, Any]:
    least = rng.choice((0, 15, 60, 120)) if gated else 0
    match = {
        "rule": "gate:overlap",
        "part": rng.choice(("availability", "availability", "life")),
        "min_minutes": least,
        "target_minutes": rng.choice((45, 240, 1000, 4000)),
    }
    return _question("hours", "availability", match)


def _wishes(rng: Random, question_id: str, asked: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Wishes that look at the questions that can be looked at, with `has`, `within` or neither."""
    unseen = ("availability", "months", "wishes")
    seen = [q for q in asked if q["kind"] not in unseen and q["asked"] != "requester"]
    options = [_wish(rng, f"w{n}", rng.choice(seen)) for n in range(rng.randint(1, 5))]
    match = {"rule": "wishes", "part": rng.choice(("wishes", "wishes", "life"))}
    return _question(question_id, "wishes", match, options=options, asked="requester")


def _wish(rng: Random, wish_id: str, looked_at: Mapping[str, Any]) -> dict[str, Any]:
    wish = {"id": wish_id, "label": {"en": wish_id}, "of": looked_at["id"]}
    marks = [option["id"] for option in looked_at.get("options", ())]
    if looked_at["kind"] == "yes_no":
        marks = ["no", "yes"]
    if marks and (looked_at["asked"] == "supporter" or chance(rng, 0.4)):
        return {**wish, "has": rng.choice(marks)}
    is_ordered = looked_at["kind"] in ("scale", "number") or looked_at["match"]["rule"] == "closeness"
    return {**wish, "within": rng.randint(0, 2)} if is_ordered else wish
