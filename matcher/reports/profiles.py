"""The profile vectors of a sheet, a row a person and a named column each, for whoever studies a programme."""

import io
from collections.abc import Sequence

import numpy as np

from matcher.people import Person
from matcher.profiles.space import ProfileSpace
from matcher.reports.formats import as_csv


def profiles_as_csv(space: ProfileSpace, people: Sequence[Person]) -> str:
    """Write a heading row, then a person a row: her id and the whole numbers of her vector."""
    vectors = zip(people, space.transform(people).tolist(), strict=True)
    return as_csv([["id", *space.get_feature_names_out()], *([person.id, *vector] for person, vector in vectors)])


def profiles_as_npz(space: ProfileSpace, people: Sequence[Person]) -> bytes:
    """Write arrays for numpy.load: `profiles`, int16, shape (people, columns); `ids`, `columns` and `questionnaire`."""
    written = io.BytesIO()
    np.savez(
        written,
        profiles=np.ascontiguousarray(space.transform(people)),
        ids=np.array([person.id for person in people], dtype=np.str_),
        columns=space.get_feature_names_out().astype(np.str_),
        questionnaire=np.array([space.questionnaire.id, str(space.questionnaire.version)]),
    )
    return written.getvalue()
