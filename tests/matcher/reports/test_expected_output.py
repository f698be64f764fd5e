"""Every output as people and programs see it, to the letter: see worlds/expected_output.py."""

from pathlib import Path

import pytest

from tests.matcher.worlds.expected_output import EXPECTED, OUTPUTS, output


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_is_as_it_was_agreed(tmp_path: Path, name: str) -> None:
    assert output(name, tmp_path) == (EXPECTED / name).read_text(encoding="utf-8")


def test_every_file_of_outputs_is_compared() -> None:
    assert sorted(path.name for path in EXPECTED.iterdir()) == sorted(OUTPUTS)
