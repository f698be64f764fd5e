"""Another questionnaire on the site, for one test: the programme's file, as if it had been changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from matcher import load_questionnaire
from matcher.questionnaire.loading import DEFAULT
from webapp.services import matching, questions
from webapp.services.engine import answers, people

OTHER = "other_"
"""What stands before every id of the questionnaire whose ids are all different."""
_REMEMBERED = (answers.questionnaire, answers.weights, people.compared, questions._hours)
_ID = re.compile(r'\b(id|screen|must_be|card|with|when|of|has) = "(?!yes"|no")(\w+)"')


def default_text() -> str:
    """Return the programme's file."""
    return DEFAULT.read_text(encoding="utf-8")


def with_other_ids() -> str:
    """Rename every id of the file: questions, options, screens. `yes` and `no` alone are words of the contract."""
    return _ID.sub(rf'\1 = "{OTHER}\2"', default_text())


@contextmanager
def asking(text: str, folder: Path) -> Iterator[None]:
    """Let the site ask what a file says."""
    path = folder / "questions.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "load_questionnaire", partial(load_questionnaire, path))
        _forget()
        yield
    _forget()


def _forget() -> None:
    matching.keeper.forget()
    for remembered in _REMEMBERED:
        remembered.cache_clear()
