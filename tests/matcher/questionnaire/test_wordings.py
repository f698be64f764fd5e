"""Every wording of a questionnaire stands in every language that it names."""

from pathlib import Path

import pytest

from matcher.questionnaire.loading import load
from tests.matcher.worlds.small_programme import changed, faults_of, write

LIVED = 'label = {en = "Lived", fr = "Vécu"}'


@pytest.mark.parametrize(
    ("wording", "problem"),
    [
        (f'{LIVED}\nwhy = {{en = "So that you can say: me too."}}', "supporter.why has no 'fr' text"),
        ('label = {en = "Lived"}', "supporter.label has no 'fr' text"),
        (f'{LIVED}\nwhy = {{en = "So.", fr = "Donc.", oj = "Mii."}}', "supporter.why has a 'oj' text"),
    ],
)
def test_what_a_supporter_is_told_stands_in_every_language(tmp_path: Path, wording: str, problem: str) -> None:
    (fault,) = faults_of(lambda: load(write(tmp_path, "small.toml", changed(LIVED, wording))))
    assert fault.problem == problem


def test_a_short_name_stands_in_every_language(tmp_path: Path) -> None:
    text = changed("stars = 2\n", 'stars = 2\nshort = {en = "topics"}\n')
    (fault,) = faults_of(lambda: load(write(tmp_path, "small.toml", text)))
    assert fault.problem == "short has no 'fr' text"
