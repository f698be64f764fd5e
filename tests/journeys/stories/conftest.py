"""The two languages, each with and without JavaScript, in which a story is told; a fresh programme for each."""

import os

import pytest
from flask import Flask

from tests.journeys.conftest import NewPage
from tests.journeys.stories.album import Album
from tests.journeys.stories.programme import Programme
from webapp.services import matching

TOLD_ALWAYS = [("en", False), ("fr", True)]
ALL = [(language, has_script) for language in ("en", "fr") for has_script in (True, False)]
"""`make test` tells each story in two of the four ways, `make drill` in all: STORIES=all."""


@pytest.fixture(
    params=ALL if os.environ.get("STORIES") == "all" else TOLD_ALWAYS,
    ids=lambda way: f"{way[0]}-{'with' if way[1] else 'without'}_script",
)
def way(request: pytest.FixtureRequest) -> tuple[str, bool]:
    """In which language, and whether with JavaScript."""
    language, has_script = request.param
    return language, has_script


@pytest.fixture
def programme(
    request: pytest.FixtureRequest, app: Flask, site: str, new_page: NewPage, way: tuple[str, bool]
) -> Programme:
    matching.keeper.forget()
    return Programme(app, site, new_page, *way, Album(request.node.name.split("-chromium")[0]))


@pytest.fixture
def story() -> None:
    """The people of these stories come with the programme, not with the small site of the other journeys."""
