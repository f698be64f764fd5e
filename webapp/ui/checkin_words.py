"""The words of the check-ins: what each side is asked, and what can be answered. Rules are in domain/checkins.py."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from webapp.domain.checkins import AGREEMENT, BURNOUT, FEELING, NEXT, SAFE, STATEMENTS, WORDS, Kind, Side, asked

QUESTIONS = {
    "listened": _l("I feel listened to."),
    "respected": _l("I feel respected."),
    "matters": _l("We talk about what matters to me."),
    "pushed": _l("I feel judged or pushed."),
    "next": _l("What would you like next?"),
    "safe": _l("Is the way we contact you still safe?"),
    "feeling": _l("How are you after your last talk?"),
    "limits": _l("Can you keep to your limits?"),
    "burnout": _l("Using your own sense of the word: are you burnt out by being a supporter?"),
    "debrief": _l("Do you have someone to talk to about how it is for you?"),
}
_AGREED = dict(
    zip(
        AGREEMENT,
        (_l("not at all"), _l("a little"), _l("partly"), _l("mostly"), _l("fully")),
        strict=True,
    )
)
_YES_TO_NO = dict(zip(SAFE, (_l("yes"), _l("not sure"), _l("no")), strict=True))
ANSWERS = {
    **dict.fromkeys(STATEMENTS, _AGREED),
    "next": dict(
        zip(
            NEXT,
            (_l("keep going"), _l("change something"), _l("meet another supporter"), _l("stop")),
            strict=True,
        )
    ),
    "safe": _YES_TO_NO,
    "limits": _YES_TO_NO,
    "debrief": _YES_TO_NO,
    "burnout": dict(
        zip(
            BURNOUT,
            (
                _l("no, I enjoy it"),
                _l("it weighs on me at times, and I am not burnt out"),
                _l("I am beginning to burn out"),
                _l("the signs of burning out do not go away"),
                _l("I feel completely burnt out"),
            ),
            strict=True,
        )
    ),
    "feeling": dict(zip(FEELING, (_l("fine"), _l("a bit heavy"), _l("I need to talk")), strict=True)),
}


def say_checkin(side: str, kind: str, said: Mapping[str, str]) -> list[tuple[str, str]]:
    """Say what somebody ticked, in the order in which it was asked, and her own line last."""
    if isinstance(said, str):
        return [(gettext("Her answers"), said)]
    ticked = [question for question in asked(Side(side), Kind(kind)) if question in said]
    lines = [(str(QUESTIONS[question]), str(ANSWERS[question][said[question]])) for question in ticked]
    return [*lines, (gettext("In her own words"), said[WORDS])] if said.get(WORDS) else lines
