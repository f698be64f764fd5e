"""What stands wrong in a form, as the list that the error summary shows."""

from collections.abc import Iterable
from typing import Any


def errors_of(form: Iterable[Any]) -> list[tuple[str, str]]:
    """List (id to jump to, text) for each field of a WTForms form that has an error."""
    return [(_target(field), str(field.errors[0])) for field in form if field.errors]


def _target(field: Any) -> str:
    """Return the id of the first control: a group of options has none of its own."""
    first = next(iter(field), None) if hasattr(field, "iter_choices") else None
    return str(first.id if first is not None else field.id)
