"""What stands wrong in a form, as the list that the error summary shows."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _


def errors_of(form: Iterable[Any], *, named: bool = False) -> list[tuple[str, str]]:
    """List (id to jump to, text) for each field of a WTForms form that has an error.

    `named` puts the question before the text, where the text alone does not say what it is about.
    """
    return [(_target(field), _said(field, named=named)) for field in form if field.errors]


def _said(field: Any, *, named: bool) -> str:
    text, label = str(field.errors[0]), str(field.label.text)
    if not named:
        return text
    return " ".join((label if label.endswith(("?", ".")) else label + _(":"), text))


def _target(field: Any) -> str:
    """Return the id of the first control: a group of options has none of its own."""
    first = next(iter(field), None) if hasattr(field, "iter_choices") else None
    return str(first.id if first is not None else field.id)
