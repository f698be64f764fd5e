"""What must hold across a questionnaire: names that exist, rules that fit their kinds, every language present."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from matcher import availability
from matcher.errors import Fault
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
    return [Fault(place(name, text, spot), finding.problem, finding.remedy) for spot, finding in found]


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
            yield Finding("another screen has this id", "Give each screen its own id.", screen=number)
    if whole.card and (whole.card not in whole.by_id or not whole.by_id[whole.card].is_asked_of("supporter")):
        yield Finding(f"card names {whole.card!r}, which no supporter is asked", "Name her question.", keys=("card",))
    if len(list(whole.with_rule("gate:overlap"))) > 1:
        yield Finding("gate:overlap stands in two questions", "Keep one availability question.")
    outside = [question.id for question in whole.question if any(option.outside for option in question.options)]
    if len(outside) > 1:
        yield Finding(f"outside stands in {', '.join(outside)}", "Only one question can hold it.", keys=("outside",))


def _of_question(whole: Questionnaire, number: int, question: Question) -> Iterator[Finding]:
    checks: tuple[Callable[[Questionnaire, Question], Iterator[Finding]], ...] = (
        _names, check_role, check_condition, _wording, _options, _fits_rule, _match_names, _wish_names, _opens, _limits,
    )  # fmt: skip
    if any(earlier.id == question.id for earlier in whole.question[:number]):
        yield Finding("another question has this id", "Give each question its own id.")
    for one in checks:
        yield from one(whole, question)


def _repeated(ids: Iterable[str]) -> str | None:
    seen: set[str] = set()
    return next((one for one in ids if one in seen or seen.add(one)), None)  # type: ignore[func-returns-value]


def _names(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    if question.id in COLUMNS:
        yield Finding("this id is a column of the spreadsheet that belongs to no question", "Choose another id.")
    repeated = _repeated(option.id for option in question.options)
    if repeated:
        yield Finding("another option has this id", "Give each option its own id.", option=repeated)
    screens = {screen.id for screen in whole.screen}
    used = {question.screen, question.supporter.screen if question.supporter else None} - {None}
    for screen in sorted(used - screens if screens else set(), key=str):
        yield Finding(f"the screen {screen!r} is not declared", "Add it under [[screen]].", keys=("screen",))


def _languages(
    whole: Questionnaire, wording: Text, keys: tuple[str, ...], option: str | None = None
) -> Iterator[Finding]:
    said = ".".join(keys)
    for language in whole.languages:
        if not wording.get(language, "").strip():
            yield Finding(f"{said} has no {language!r} text", f'Add {language} = "..."', option, keys)
    for language in sorted(wording.keys() - set(whole.languages)):
        remedy = f"Add {language!r} to languages, or take it out."
        yield Finding(f"{said} has a {language!r} text", remedy, option, keys)


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
        yield Finding(f"a question of the kind {question.kind} needs options", "Add options = [...].")
    if question.kind == "months" and not question.options and not isinstance(question.match, Steady):
        yield Finding("months without gate:steady needs options", "Add options = [...], or the rule.")
    if question.kind in ("number", "yes_no", "text") and question.options:
        yield Finding(f"a question of the kind {question.kind} takes no options", "Take them out.", keys=("options",))
    for option in question.options:
        yield from _option(question, option)


def _option(question: Question, option: Option) -> Iterator[Finding]:
    if (question.kind == "availability") != (option.hours is not None):
        yield Finding(
            "hours belong to the day parts of an availability question, and each needs them",
            'Write hours = "Mon-Fri 18:00-22:00" there, and nowhere else.',
            option.id,
        )
    if option.hours is not None:
        try:
            availability.read_hours(option.hours)
        except ValueError as error:
            yield Finding(f"hours: {error}", 'Write for example "Mon-Fri 18:00-22:00".', option.id)
    if option.family and question.kind not in ("choice", "choices"):
        yield Finding("family means nothing in this kind", "Take it out.", option.id)
    if option.alone and question.kind != "choices":
        yield Finding("alone is for a question that takes several options", "Take it out.", option.id)
    if option.outside and question.match.rule != "gate:any_shared":
        yield Finding("outside is for the ways of contact, under gate:any_shared", "Take it out.", option.id)


def _fits_rule(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    rule = question.match.rule
    kinds = KINDS_OF_RULE.get(rule)
    if kinds and question.kind not in kinds:
        yield Finding(f"{rule} does not fit the kind {question.kind}", f"It needs {_either(kinds)}.", keys=("rule",))
    if question.kind == "wishes" and rule not in ("wishes", "none"):
        yield Finding("the kind wishes needs the rule wishes", 'Write rule = "wishes".', keys=("rule",))
    needed = SIDE_OF_RULE.get(rule, "both")
    sides = ("requester", "supporter") if needed == "both" else (needed,)
    if rule not in ASKED_OF_ANYONE and not all(question.asked in (side, "both") for side in sides):
        yield Finding(f"{rule} needs to be asked of {needed}", f'Write asked = "{needed}".', keys=("asked",))
    if question.part in ("headroom", ""):
        yield Finding("this part cannot be fed by a question", "Name another part.", keys=("part",))


def _either(kinds: Iterable[str]) -> str:
    return " or ".join(sorted(kinds))


def _match_names(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    match = question.match
    if isinstance(match, Steady | Excludes):
        target = whole.by_id.get(match.with_)
        if target is None or target.kind not in ("choice", "choices") or target is question or not target.options:
            problem = f"with names {match.with_!r}, which is no question with options"
            yield Finding(problem, "Name one.", keys=("with",))
        elif isinstance(match, Steady) and not (target.is_asked_of("requester") and target.stars):
            yield Finding(
                f"with names {match.with_!r}, which she is not asked, or can star nothing in",
                "Name one that she is.",
                keys=("with",),
            )
        else:
            yield from _options_of(question, target)
            yield from _other_side(question, target)
    if match.rule == "gate:differs":
        condition = whole.by_id.get(match.when)
        if condition is None or condition.kind != "yes_no" or not condition.is_asked_of("requester"):
            yield Finding(
                f"when names {match.when!r}, which is no yes_no question of hers", "Name one.", keys=("when",)
            )


def _other_side(question: Question, target: Question) -> Iterator[Finding]:
    """Find an exclusion that could never act, because the other side is not asked what it looks at."""
    sides: tuple[tuple[Side, Side], ...] = (("requester", "supporter"), ("supporter", "requester"))
    acts = any(question.is_asked_of(side) and target.is_asked_of(other) for side, other in sides)
    if isinstance(question.match, Excludes) and not acts:
        problem = f"with names {target.id!r}, which the other side is not asked"
        yield Finding(problem, f"Ask {target.id} of both.", keys=("with",))


def _options_of(question: Question, target: Question) -> Iterator[Finding]:
    for option in question.options:
        if option.id not in target.option_ids:
            yield Finding(f"{target.id} has no such option", f"Options come from {target.id}.", option.id)


def _wish_names(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    if question.kind != "wishes":
        return
    for option in question.options:
        target = whole.by_id.get(option.of or "")
        if target is None or target.kind not in MARKED_KINDS | {"number", "text"}:
            yield Finding(f"of names {option.of!r}, which is no question to look at", "Name one.", option.id)
        else:
            yield from _wish(option, target)


def _wish(option: Option, target: Question) -> Iterator[Finding]:
    if option.has is not None and option.has not in target.option_ids:
        yield Finding(f"has names {option.has!r}, no option of {target.id}", "Name one of its options.", option.id)
    sides = "supporter" if option.has is not None else "both"
    if target.asked not in (sides, "both"):
        yield Finding(f"{target.id} is not asked of {sides}", f"Ask {target.id} of {sides}.", option.id)
    if option.within and (option.has is not None or not (target.is_ordered or target.kind == "number")):
        yield Finding("within needs ordered options, and no has", "Take one of them out.", option.id)


def _opens(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    for option in question.options if question.kind != "wishes" else ():
        if option.has is not None or option.within or (option.of is not None and question.id != whole.card):
            yield Finding("of, has and within belong to wishes (of also to the card)", "Take them out.", option.id)
        elif option.of is not None and option.of not in whole.by_id:
            yield Finding(f"of names {option.of!r}, which is no question", "Name one.", option.id)


def _limits(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    if question.stars and question.kind != "choices":
        yield Finding("stars need the kind choices", "Take stars out.", keys=("stars",))
    if question.most is not None and question.kind != "choices":
        yield Finding("most needs the kind choices", "Take most out.", keys=("most",))
    if question.must_be is not None and question.must_be not in question.option_ids:
        yield Finding(f"must_be names {question.must_be!r}, no option", "Name one of its options.", keys=("must_be",))
    if question.match.rule == "coverage":
        if question.match.star_weight < 1:
            yield Finding("star_weight is below 1", "A star cannot make an option count less.", keys=("star_weight",))
        if not 0 <= question.match.family_share <= 1:
            yield Finding("family_share is not between 0 and 1", "Write for example 0.3.", keys=("family_share",))
    if question.match.rule == "closeness" and question.match.falloff < 0:
        yield Finding("falloff is below 0", "Write for example 0.5.", keys=("falloff",))
