"""The shape of a questionnaire: questions, options, and the rules by which they are matched.

A questionnaire is loaded in loading.py; how an answer is written lives in answers.py.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints

from matcher.errors import BadAnswer

Side = Literal["requester", "supporter"]
Kind = Literal["choice", "choices", "scale", "availability", "months", "wishes", "number", "yes_no", "text"]
QuestionRole = Literal[
    "name", "hello", "town", "code_word", "pronouns", "hope", "device_safe", "safe_hours", "avoided", "left_out"
]  # fmt: skip
"""What a program does with an answer beyond matching. By this it finds the question, never by its id."""
Text = Mapping[str, str]
"""The same wording in each language of the questionnaire."""


def _exact(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise BadAnswer("shape.no_number")
    if not is_sensible(Decimal(value) if isinstance(value, int) else value):
        raise BadAnswer("shape.no_sensible_number")
    return Fraction(value)


def is_sensible(value: Decimal | Fraction) -> bool:
    """Say whether a number is finite and of a size that can be reckoned with; 1e-2000000 is not."""
    return isinstance(value, Fraction) or (value.is_finite() and (not value or abs(value.adjusted()) <= 15))


def _version(value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise BadAnswer("shape.no_version")
    return value


# No id may hold what the spreadsheet syntax uses, nor look like "none of these".
Id = Annotated[str, StringConstraints(pattern=r"^([^\s;*=-]|[^\s;*=][^;*=\t\r\n]*[^\s;*=])$", max_length=80)]
Number = Annotated[Fraction, PlainValidator(_exact)]
"""A number kept exactly as it was written in decimals: 0.3 is 3/10."""
Version = Annotated[int | str, PlainValidator(_version)]
Whole = Annotated[int, Field(ge=0, strict=True)]


class Shape(BaseModel):
    """What all parts of a questionnaire share: frozen, strict, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)

    def remade(self, **changes: Any) -> Self:
        """Return a copy with changes, without what the original has cached."""
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return self.model_construct(**{**kept, **changes})


class Words(Shape):
    """How an answer is told: `shared` and `missing` to the woman, `hoped` to the supporter; {options} is filled in.

    `step` and `steps` say how far apart two answers on a scale are; {steps} is filled in.
    """

    shared: Text | None = None
    missing: Text | None = None
    hoped: Text | None = None
    step: Text | None = None
    steps: Text | None = None


class Option(Shape):
    """One answer that can be marked."""

    id: Id
    label: Text = Field(default_factory=dict)
    short: Text | None = None
    family: str | None = None
    hours: str | None = None
    outside: bool = False
    alone: bool = False
    of: str | None = None
    has: str | None = None
    within: Whole = 0
    words: Words | None = None


class Coverage(Shape):
    """How much of what she marked the supporter has; one-sided."""

    rule: Literal["coverage"]
    part: str
    star_weight: Number = Fraction(2)
    family_share: Number = Fraction(3, 10)
    rarity: bool = True


class Closeness(Shape):
    """How near two answers on an ordered list are."""

    rule: Literal["closeness"]
    part: str
    falloff: Number = Fraction(1, 2)
    at_least: bool = False


class Steady(Shape):
    """A gate: enough months in whatever she starred in `with` and the supporter has lived, in one of them at least.

    With `each` in every one: then a star is a must.
    """

    rule: Literal["gate:steady"]
    with_: str = Field(alias="with")
    min_months: Whole = 12
    each: bool = False


class Differs(Shape):
    """A gate: the two answers must not be the same, where her answer to `when` is yes."""

    rule: Literal["gate:differs"]
    when: str


class AnyShared(Shape):
    """A gate: at least one option in common."""

    rule: Literal["gate:any_shared"]


class Overlap(Shape):
    """A gate on shared minutes a week; all of them feed its part."""

    rule: Literal["gate:overlap"]
    part: str
    min_minutes: Whole = 60
    target_minutes: Annotated[int, Field(gt=0, strict=True)] = 240


class Excludes(Shape):
    """A gate: what one side lists here must not stand in the other side's answer to `with`."""

    rule: Literal["gate:excludes"]
    with_: str = Field(alias="with")


class Wishes(Shape):
    """Musts are gates, nice wishes feed the part."""

    rule: Literal["wishes"]
    part: str


class NoMatch(Shape):
    """Asked, never matched."""

    rule: Literal["none"] = "none"


Match = Annotated[
    Coverage | Closeness | Steady | Differs | AnyShared | Overlap | Excludes | Wishes | NoMatch,
    Field(discriminator="rule"),
]


class Wording(Shape):
    """How a question that both sides answer is put to a supporter."""

    label: Text
    why: Text | None = None
    screen: str | None = None


class Condition(Shape):
    """An answer to an earlier question, without which a question is not asked."""

    question: Id
    has: str


class Question(Shape):
    """One question, with its wording, its options and the rule by which it is matched."""

    id: Id
    kind: Kind
    asked: Literal["requester", "supporter", "both"]
    role: QuestionRole | None = None
    asked_when: Condition | None = None
    screen: str | None = None
    short: Text | None = None
    label: Text
    why: Text | None = None
    hint: Text | None = None
    words: Words | None = None
    supporter: Wording | None = None
    stars: Whole = 0
    most: Annotated[int, Field(gt=0, strict=True)] | None = None
    required: bool = False
    must_be: str | None = None
    sensitive: bool = False
    options: Annotated[tuple[Option, ...], Field(strict=False)] = ()
    match: Match = NoMatch()

    @cached_property
    def part(self) -> str | None:
        """Name the part of the score that the answers feed, if they feed one."""
        part: str | None = getattr(self.match, "part", None)
        return part

    @property
    def is_ordered(self) -> bool:
        """Say whether the options stand in an order, so that steps between them can be counted."""
        return self.kind == "scale" or self.match.rule == "closeness"

    @property
    def is_one_step(self) -> bool:
        """Say whether an answer is one step of a list, and so one column of the profile vector."""
        return self.is_ordered or (self.kind == "yes_no" and self.match.rule != "coverage")

    @cached_property
    def option_ids(self) -> tuple[str, ...]:
        """List what can be marked, in file order; yes_no has the two that its name says."""
        return ("no", "yes") if self.kind == "yes_no" else tuple(option.id for option in self.options)

    def is_asked_of(self, side: Side) -> bool:
        """Say whether this side is asked."""
        return self.asked in (side, "both")

    def screen_of(self, side: Side) -> str:
        """Name the screen on which this side is asked; a question without one stands on a screen of its own."""
        own = self.supporter.screen if side == "supporter" and self.supporter else None
        return own or self.screen or self.id

    def option(self, option_id: str) -> Option:
        """Return the option with this id."""
        return next(option for option in self.options if option.id == option_id)

    def siblings(self, option_id: str) -> tuple[str, ...]:
        """List the other options of the same family."""
        return self._siblings.get(option_id, ())

    @cached_property
    def _siblings(self) -> Mapping[str, tuple[str, ...]]:
        families = {option.id: option.family for option in self.options if option.family}
        return {
            one: tuple(other for other in families if families[other] == family and other != one)
            for one, family in families.items()
        }


class Screen(Shape):
    """One screen of the intake, in the order in which they are shown."""

    id: Id
    label: Text
    lead: Text | None = None


class Questionnaire(Shape):
    """All questions of a programme, in the order in which they are asked."""

    id: Id
    version: Version
    languages: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    card: str | None = None
    screen: Annotated[tuple[Screen, ...], Field(strict=False)] = ()
    never_ask: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    question: Annotated[tuple[Question, ...], Field(strict=False, min_length=1)]

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Map each question's id to the question."""
        return {question.id: question for question in self.question}

    def asked_of(self, side: Side) -> Iterator[Question]:
        """Go through the questions that this side is asked, in file order."""
        return (question for question in self.question if question.is_asked_of(side))

    def of_role(self, role: QuestionRole, side: Side) -> Question | None:
        """Return the question of this side that has a role; None where the programme does not ask it."""
        return next((question for question in self.asked_of(side) if question.role == role), None)

    @cached_property
    def conditional(self) -> tuple[Question, ...]:
        """List the questions that are asked only where another was answered in one way."""
        return tuple(question for question in self.question if question.asked_when)

    def screens_of(self, side: Side) -> tuple[str, ...]:
        """List the screens that have a question for this side: those that are declared, in their order, then others."""
        used = list(dict.fromkeys(question.screen_of(side) for question in self.asked_of(side)))
        declared = [screen.id for screen in self.screen]
        return tuple([one for one in declared if one in used] + [one for one in used if one not in declared])

    def declared(self, screen_id: str) -> Screen | None:
        """Return what the file says of a screen; None where a question stands on its own."""
        return next((screen for screen in self.screen if screen.id == screen_id), None)

    def with_rule(self, *rules: str) -> Iterator[Question]:
        """Go through the questions that are matched by one of these rules, in file order."""
        return (question for question in self.question if question.match.rule in rules)

    @cached_property
    def hours(self) -> Question | None:
        """Return the question whose overlap is a gate."""
        return next(self.with_rule("gate:overlap"), None)

    @cached_property
    def ways(self) -> Question | None:
        """Return the question whose options may leave the site."""
        return next((one for one in self.question if any(option.outside for option in one.options)), None)

    def borrow(self, question: Question) -> Question:
        """Return the question with the options of the one that its rule names in `with`, if it has none itself."""
        if question.options or not isinstance(question.match, Steady | Excludes):
            return question
        return question.remade(options=self.by_id[question.match.with_].options)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """List the parts of the score that questions feed, in file order."""
        return tuple(dict.fromkeys(question.part for question in self.question if question.part))
