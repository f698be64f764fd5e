"""Small pools of answers: few people need few, and drawing thousands takes seconds."""

from collections.abc import Iterator

import pytest

from benchmarks import invented, themes

SMALL = 64


@pytest.fixture(autouse=True, scope="session")
def small_pools() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(invented, "POOL", SMALL)
        patch.setattr(themes, "TOPIC_POOL", SMALL)
        patch.setattr(themes, "HOURS_POOL", SMALL)
        yield
