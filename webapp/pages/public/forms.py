"""A form that shows every control, for /components only."""

from wtforms import Form, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField, ValidationError

TOPICS = [
    SelectChoice("alcohol", "Alcohol"),
    SelectChoice("low", "Feeling low or anxious"),
    SelectChoice("control", "Life after control"),
    SelectChoice("loneliness", "Loneliness"),
]
PARTS = [
    SelectChoice(f"{days}_{part}", f"{days} {part}s".capitalize())
    for days in ("weekday", "weekend")
    for part in ("morning", "afternoon", "evening", "night")
]
WISH = [SelectChoice("must", "A must"), SelectChoice("nice", "Would be nice"), SelectChoice("none", "No matter")]


class SampleForm(Form):  # type: ignore[misc] # WTForms has no types
    """One of each; the name and the wish are always wrong, so that mistakes are shown too."""

    name = StringField("What name should we use?")
    topics = SelectMultipleField("What would you like support with?", choices=TOPICS)
    topics_star = SelectMultipleField("Matters most", choices=TOPICS)
    times = SelectMultipleField("When is a good time to talk?", choices=PARTS)
    wish = RadioField("Someone close in age", choices=WISH, validate_choice=False)
    hope = TextAreaField("One thing you hope for")

    def validate_name(self, field: StringField) -> None:
        """Ask for a name."""
        raise ValidationError("Write a name. It can be made up.")

    def validate_wish(self, field: RadioField) -> None:
        """Ask for one of the three."""
        raise ValidationError("Choose one of the three.")
