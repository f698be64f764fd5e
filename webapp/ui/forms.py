"""The one form that all forms of the site are: read from the fields of a page, never from files or JSON.

Signs that no database can keep as text are refused here, for every field, and in every address.
"""

import re
from datetime import date
from typing import Any
from uuid import UUID

from flask import abort, g, request
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import DateField

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""The sign of value zero, and halves of signs: they never come from a keyboard."""
BAD_DAY = _l("Write the day as year-month-day, for example 2026-12-24.")
NOT_THERE = _l("Choose one of these.")
HIDDEN_SIGN = _l("There is a hidden sign in this that cannot be kept. Delete it all and type it anew.")


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form whose every value is text. A file part or a JSON body is no field: its own checks would break on them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # Flask-WTF has no types
        """How a form finds what was sent."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take the fields of the request, or words kept for this page; with None the stored values show."""
            return request.form if request.form else g.get("kept_fields")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check every field, and refuse the signs that cannot be kept beside the field where they stand."""
        for field in self:
            if getattr(field, "invalid_choice_message", "") is None:
                field.invalid_choice_message = NOT_THERE
        is_right: bool = super().validate(*args, **kwargs)
        for field in self:
            if any(UNKEEPABLE.search(value) for value in request.form.getlist(field.name)):
                field.errors = [HIDDEN_SIGN]
                is_right = False
        return is_right


class DayField(DateField):  # type: ignore[misc] # WTForms has no types
    """A day that may be left out; what cannot be read as one is said in plain words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises ValueError with what to mend."""
        said = valuelist[0].strip() if valuelist else ""
        self.raw_data = [said] if said else []
        self.data = None
        if said:
            try:
                self.data = date.fromisoformat(said)
            except ValueError:
                raise ValueError(BAD_DAY) from None

    def shown(self) -> str:
        """Return what stands in the field."""
        return self.data.isoformat() if isinstance(self.data, date) else "".join(self.raw_data or [])


def refuse_unkeepable_address() -> None:
    """Refuse an address with a sign that cannot be kept: there is no such page, and no such question."""
    if UNKEEPABLE.search(request.path):
        abort(404)
    if any(UNKEEPABLE.search(said) for pair in request.args.items(multi=True) for said in pair):
        abort(400)


def many_at_once(seconds: int) -> str:
    """Say how long to wait after many messages in a short time."""
    text: str = ngettext(
        "You have written a lot in a short time. Your words are still here: send them in %(num)s second.",
        "You have written a lot in a short time. Your words are still here: send them in %(num)s seconds.",
        seconds,
    )
    return text


def read_id(said: str | None) -> UUID | None:
    """Read an id that a page sent along; None for what is none."""
    try:
        return UUID(said or "")
    except ValueError:
        return None
