"""What must hold across a questionnaire: names that exist, rules that fit their kinds, every language present."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from matcher import availability
from matcher.errors import BadAnswer, Fault
from matcher.questionnaire.columns import UNTIL
from matcher.questionnaire.locations import Finding, Spot, place
from matcher.questionnaire.roles import check_condition, check_role
from matcher.questionnaire.schema import Excludes, Option, Question, Questionnaire, Side, Steady, Text

COLUMNS = {
    *("id", "never", "past", "waiting_since", "time_zone", "capacity", "load", "strain", "status", "last_matched"),
    *UNTIL,
}
"""Columns of a spreadsheet that belong to no question, and so can name none."""

KINDS_OF_RULE = {
    "coverage": {"choice", "choices", "yes_no"},
    "closeness": {"choice", "scale"},
    "gate:steady": {"months"},
    "gate:differs": {"choice", "choices", "scale", "yes_no", "number", "text"},
    "gate:any_shared": {"choice", "choices", "scale", "yes_no"},
    "gate:overlap": {"availability"},
    "gate:excludes": {"choices"},
    "wishes": {"wishes"},
}
SIDE_OF_RULE = {"gate:steady": "supporter", "wishes": "requester"}
ASKED_OF_ANYONE = ("gate:excludes", "none")
MARKED_KINDS = {"choice", "choices", "scale", "yes_no"}
TOLD = ("shared", "missing", "hoped", "step", "steps")
WITH_OPTIONS = {"choice", "choices", "scale", "wishes"}


def check(questionnaire: Questionnaire, name: str, text: str) -> list[Fault]:
    """Find every fault between the questions of a questionnaire; `name` and `text` are its file's."""
    found = [(_spot_in_the_whole(questionnaire, finding), finding) for finding in _of_the_whole(questionnaire)]
    for number, question in enumerate(questionnaire.question):
        for finding in _of_question(questionnaire, number, question):
            found.append((Spot("question", number, question.id, finding.option, finding.keys), finding))
    return [finding.at(place(name, text, spot)) for spot, finding in found]


def _spot_in_the_whole(questionnaire: Questionnaire, finding: Finding) -> Spot:
    if finding.screen is None:
        return Spot(keys=finding.keys)
    return Spot("screen", finding.screen, questionnaire.screen[finding.screen].id, keys=finding.keys)


def _of_the_whole(whole: Questionnaire) -> Iterator[Finding]:
    for wording in whole.never_ask:
        yield from _languages(whole, wording, ("never_ask",))
    for number, screen in enumerate(whole.screen):
        for key, text in (("label", screen.label), ("lead", screen.lead)):
            for finding in _languages(whole, text, (key,)) if text is not None else ():
                yield replace(finding, screen=number)
        if any(earlier.id == screen.id for earlier in whole.screen[:number]):
            yield Finding("checks.screen_twice", screen=number)
    if whole.card and (whole.card not in whole.by_id or not whole.by_id[whole.card].is_asked_of("supporter")):
        yield Finding("checks.card_of_nobody", {"card": whole.card}, keys=("card",))
    if len(list(whole.with_rule("gate:overlap"))) > 1:
        yield Finding("checks.two_overlaps")
    outside = [question.id for question in whole.question if any(option.outside for option in question.options)]
    if len(outside) > 1:
        yield Finding("checks.outside_twice", {"questions": outside}, keys=("outside",))


def _of_question(whole: Questionnaire, number: int, question: Question) -> Iterator[Finding]:
    checks: tuple[Callable[[Questionnaire, Question], Iterator[Finding]], ...] = (
        _names, check_role, check_condition, _wording, _options, _fits_rule, _match_names, _wish_names, _opens, _limits,
    )  # fmt: skip
    if any(earlier.id == question.id for earlier in whole.question[:number]):
        yield Finding("checks.question_twice")
    for one in checks:
        yield from one(whole, question)


def _repeated(ids: Iterable[str]) -> str | None:
    seen: set[str] = set()
    return next((one for one in ids if one in seen or seen.add(one)), None)  # type: ignore[func-returns-value]


def _names(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    if question.id in COLUMNS:
        yield Finding("checks.id_of_a_column")
    repeated = _repeated(option.id for option in question.options)
    if repeated:
        yield Finding("checks.option_twice", option=repeated)
    screens = {screen.id for screen in whole.screen}
    used = {question.screen, question.supporter.screen if question.supporter else None} - {None}
    for screen in sorted(used - screens if screens else set(), key=str):
        yield Finding("checks.no_such_screen", {"screen": screen}, keys=("screen",))


def _languages(
    whole: Questionnaire, wording: Text, keys: tuple[str, ...], option: str | None = None
) -> Iterator[Finding]:
    said = ".".join(keys)
    for language in whole.languages:
        if not wording.get(language, "").strip():
            yield Finding("checks.text_missing", {"text": said, "language": language}, option, keys)
    for language in sorted(wording.keys() - set(whole.languages)):
        yield Finding("checks.text_of_no_language", {"text": said, "language": language}, option, keys)


def _wording(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    wordings = [*_texts_of(question, "label", "why", "hint", "short"), *_texts_of(question.words, *TOLD, under="words")]
    wordings += _texts_of(question.supporter, "label", "why", under="supporter")
    for keys, wording in wordings:
        yield from _languages(whole, wording, keys)
    for option in question.options:
        texts = [*_texts_of(option, "label", "short"), *_texts_of(option.words, *TOLD, under="words")]
        for keys, wording in texts:
            yield from _languages(whole, wording, keys, option.id)


def _texts_of(bearer: object, *names: str, under: str | None = None) -> list[tuple[tuple[str, ...], Text]]:
    """List the wordings that somebody bears, each with the keys that lead to it."""
    texts = [((under, name) if under else (name,), getattr(bearer, name, None)) for name in names]
    return [(keys, text) for keys, text in texts if text is not None]


def _options(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    if question.kind in WITH_OPTIONS and not question.options and not isinstance(question.match, Excludes):
        yield Finding("checks.options_missing", {"kind": question.kind})
    if question.kind == "months" and not question.options and not isinstance(question.match, Steady):
        yield Finding("checks.months_without_options")
    if question.kind in ("number", "yes_no", "text") and question.options:
        yield Finding("checks.options_too_many", {"kind": question.kind}, keys=("options",))
    for option in question.options:
        yield from _option(question, option)


def _option(question: Question, option: Option) -> Iterator[Finding]:
    if (question.kind == "availability") != (option.hours is not None):
        yield Finding("checks.hours_out_of_place", option=option.id)
    if option.hours is not None:
        try:
            availability.read_hours(option.hours)
        except BadAnswer as bad:
            yield Finding("checks.bad_hours", {"problem": bad}, option.id)
    if option.family and question.kind not in ("choice", "choices"):
        yield Finding("checks.family_out_of_place", option=option.id)
    if option.alone and question.kind != "choices":
        yield Finding("checks.alone_out_of_place", option=option.id)
    if option.outside and question.match.rule != "gate:any_shared":
        yield Finding("checks.outside_out_of_place", option=option.id)


def _fits_rule(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    rule = question.match.rule
    kinds = KINDS_OF_RULE.get(rule)
    if kinds and question.kind not in kinds:
        values = {"rule": rule, "kind": question.kind, "kinds": sorted(kinds)}
        yield Finding("checks.rule_of_other_kinds", values, keys=("rule",))
    if question.kind == "wishes" and rule not in ("wishes", "none"):
        yield Finding("checks.wishes_without_rule", keys=("rule",))
    needed = SIDE_OF_RULE.get(rule, "both")
    sides = ("requester", "supporter") if needed == "both" else (needed,)
    if rule not in ASKED_OF_ANYONE and not all(question.asked in (side, "both") for side in sides):
        yield Finding("checks.rule_of_others", {"rule": rule, "needed": needed}, keys=("asked",))
    if question.part in ("headroom", ""):
        yield Finding("checks.part_of_no_question", keys=("part",))


def _match_names(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    match = question.match
    if isinstance(match, Steady | Excludes):
        target = whole.by_id.get(match.with_)
        if target is None or target.kind not in ("choice", "choices") or target is question or not target.options:
            yield Finding("checks.with_no_options", {"name": match.with_}, keys=("with",))
        elif isinstance(match, Steady) and not (target.is_asked_of("requester") and target.stars):
            yield Finding("checks.with_no_stars", {"name": match.with_}, keys=("with",))
        else:
            yield from _options_of(question, target)
            yield from _other_side(question, target)
    if match.rule == "gate:differs":
        condition = whole.by_id.get(match.when)
        if condition is None or condition.kind != "yes_no" or not condition.is_asked_of("requester"):
            yield Finding("checks.when_no_yes_no", {"name": match.when}, keys=("when",))


def _other_side(question: Question, target: Question) -> Iterator[Finding]:
    """Find an exclusion that could never act, because the other side is not asked what it looks at."""
    sides: tuple[tuple[Side, Side], ...] = (("requester", "supporter"), ("supporter", "requester"))
    acts = any(question.is_asked_of(side) and target.is_asked_of(other) for side, other in sides)
    if isinstance(question.match, Excludes) and not acts:
        yield Finding("checks.with_one_side_only", {"name": target.id}, keys=("with",))


def _options_of(question: Question, target: Question) -> Iterator[Finding]:
    for option in question.options:
        if option.id not in target.option_ids:
            yield Finding("checks.option_of_no_other", {"name": target.id}, option.id)


def _wish_names(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    if question.kind != "wishes":
        return
    for option in question.options:
        target = whole.by_id.get(option.of or "")
        if target is None or target.kind not in MARKED_KINDS | {"number", "text"}:
            yield Finding("checks.of_nothing_to_see", {"name": option.of}, option.id)
        else:
            yield from _wish(option, target)


def _wish(option: Option, target: Question) -> Iterator[Finding]:
    if option.has is not None and option.has not in target.option_ids:
        yield Finding("checks.has_no_option", {"option": option.has, "name": target.id}, option.id)
    sides = "supporter" if option.has is not None else "both"
    if target.asked not in (sides, "both"):
        yield Finding("checks.not_asked_of", {"name": target.id, "sides": sides}, option.id)
    if option.within and (option.has is not None or not (target.is_ordered or target.kind == "number")):
        yield Finding("checks.within_unordered", option=option.id)


def _opens(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    for option in question.options if question.kind != "wishes" else ():
        if option.has is not None or option.within or (option.of is not None and question.id != whole.card):
            yield Finding("checks.of_out_of_place", option=option.id)
        elif option.of is not None and option.of not in whole.by_id:
            yield Finding("checks.of_no_question", {"name": option.of}, option.id)


def _limits(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    if question.stars and question.kind != "choices":
        yield Finding("checks.stars_of_other_kinds", keys=("stars",))
    if question.most is not None and question.kind != "choices":
        yield Finding("checks.most_of_other_kinds", keys=("most",))
    if question.must_be is not None and question.must_be not in question.option_ids:
        yield Finding("checks.must_be_no_option", {"option": question.must_be}, keys=("must_be",))
    if question.match.rule == "coverage":
        if question.match.star_weight < 1:
            yield Finding("checks.star_weight_too_low", keys=("star_weight",))
        if not 0 <= question.match.family_share <= 1:
            yield Finding("checks.family_share_no_share", keys=("family_share",))
    if question.match.rule == "closeness" and question.match.falloff < 0:
        yield Finding("checks.falloff_too_low", keys=("falloff",))
