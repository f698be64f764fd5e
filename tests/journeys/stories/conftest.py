"""The two languages, each with and without JavaScript, in which a story is told; a fresh programme for each."""

import pytest
from flask import Flask

from tests.journeys.conftest import NewPage
from tests.journeys.stories.album import Album
from tests.journeys.stories.programme import Programme
from webapp.services import matching


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["with_script", "without_script"])
def has_script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "with_script")


@pytest.fixture
def programme(
    request: pytest.FixtureRequest, app: Flask, site: str, new_page: NewPage, language: str, has_script: bool
) -> Programme:
    matching.keeper.forget()
    name = f"{request.node.originalname}-{language}-{'with' if has_script else 'without'}"
    return Programme(app, site, new_page, language, has_script, Album(name))


@pytest.fixture
def story() -> None:
    """The people of these stories come with the programme, not with the small site of the other journeys."""
