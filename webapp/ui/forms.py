"""The one form that all forms of the site are: read from the fields of a page, never from files or JSON."""

from typing import Any

from flask import g, request
from flask_wtf import FlaskForm


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose every value is text. A file part or a JSON body is no field: its own checks would break on them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How a form finds what was sent."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take the fields of the request, or words kept for this page; with None the stored values show."""
            return request.form if request.form else g.get("kept_fields")
