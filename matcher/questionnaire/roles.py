"""Checks of what a program does with a question: its role, by which it is found, and when it is asked."""

from collections.abc import Iterator

from matcher.questionnaire.columns import SAFE_HOURS, SIDES
from matcher.questionnaire.locations import Finding
from matcher.questionnaire.schema import Condition, Question, Questionnaire, Side

KINDS_OF_ROLE = {"device_safe": ("choice", "yes_no"), "safe_hours": ("availability",), "left_out": ("choices",)}
"""Every other role is a text."""
SIDE_OF_ROLE: dict[str, Side] = {
    "hello": "supporter", "code_word": "requester", "device_safe": "requester", "safe_hours": "requester",
    "avoided": "requester", "left_out": "requester",
}  # fmt: skip
KINDS_OF_CONDITIONS = ("choice", "choices", "scale", "yes_no")
NEVER_LEFT_OUT = ("gate:any_shared", "gate:overlap")
"""Whoever is not asked these fits nobody."""


def check_role(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    """Find a role that no program could use as it stands."""
    role = question.role
    if role is None:
        if question.id == SAFE_HOURS:
            yield Finding("roles.id_of_safe_hours", keys=("id",))
        return
    kinds, side = KINDS_OF_ROLE.get(role, ("text",)), SIDE_OF_ROLE.get(role)
    if question.kind not in kinds:
        values = {"role": role, "kind": question.kind, "kinds": kinds}
        yield Finding("roles.role_of_other_kinds", values, keys=("kind",))
    elif role == "device_safe" and "yes" not in question.option_ids:
        yield Finding("roles.device_safe_without_yes", keys=("role",))
    if side and not question.is_asked_of(side):
        yield Finding("roles.role_of_others", {"role": role, "side": side}, keys=("asked",))
    if any(whole.of_role(role, one) is not question for one in SIDES if question.is_asked_of(one)):
        yield Finding("roles.role_twice", {"role": role}, keys=("role",))


def check_condition(whole: Questionnaire, question: Question) -> Iterator[Finding]:
    """Find a condition that names nothing, comes too late, or would leave out what everybody must answer."""
    condition = question.asked_when
    if condition is None:
        return
    keys = ("asked_when",)
    if question.match.rule in NEVER_LEFT_OUT:
        yield Finding("roles.asked_of_some_only", {"rule": question.match.rule}, keys=keys)
    target = whole.by_id.get(condition.question)
    if target is None or target.kind not in KINDS_OF_CONDITIONS or not target.option_ids:
        yield Finding("roles.asked_when_no_options", {"name": condition.question}, keys=keys)
    else:
        yield from _condition_on(whole, question, condition, target)


def _condition_on(
    whole: Questionnaire, question: Question, condition: Condition, target: Question
) -> Iterator[Finding]:
    # An earlier screen: a page is drawn from what is kept, and no condition can come round to itself.
    keys = ("asked_when",)
    if condition.has not in target.option_ids:
        yield Finding("roles.asked_when_no_option", {"option": condition.has, "name": target.id}, keys=keys)
    for side in SIDES:
        if question.is_asked_of(side) and not target.is_asked_of(side):
            yield Finding("checks.not_asked_of", {"name": target.id, "sides": side}, keys=keys)
        elif question.is_asked_of(side) and not _is_before(whole, side, target, question):
            yield Finding("roles.asked_when_too_early", {"name": target.id, "side": side}, keys=keys)


def _is_before(whole: Questionnaire, side: Side, one: Question, other: Question) -> bool:
    screens = whole.screens_of(side)
    return screens.index(one.screen_of(side)) < screens.index(other.screen_of(side))
