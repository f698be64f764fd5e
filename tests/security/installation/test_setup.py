"""The first minutes of an installation: one command, once, and a link for the first coordinator."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.cli import cli

from tests.programme.browsing import ORIGIN, PASSPHRASE, Browser
from webapp import cli as cli_module
from webapp import create_app
from webapp.config import Keys, Settings
from webapp.extensions import transaction
from webapp.models import Role, User
from webapp.services import audit, programmes


@pytest.fixture
def flask(tmp_path, monkeypatch):
    """Run the command line in an installation that lies in a fresh folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAIRWELL_INSTANCE", str(tmp_path / "instance"))
    for name in ("PAIRWELL_DATABASE", "PAIRWELL_KEYS", "PAIRWELL_HTTPS"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(cli, ["--app", "webapp", *arguments])


def link_in(said: str) -> str:
    return next(line.strip() for line in said.splitlines() if "/setup/" in line)


def site_of(instance: Path):
    keys = Keys.read(instance / "keys.json")
    return create_app(Settings(instance, f"sqlite:///{instance / 'pairwell.db'}", keys, hash_kib=1024))


def test_the_link_of_the_setup_leads_to_the_sites_own_name(flask, monkeypatch):
    monkeypatch.setenv("PAIRWELL_HOSTS", "riverside.example")
    assert link_in(flask("setup", "--name", "Riverside").output).startswith("https://riverside.example/setup/")


def test_setup_makes_keys_tables_the_programme_and_a_link(flask, tmp_path):
    ran = flask("setup", "--name", "Riverside", "--at", ORIGIN)
    assert ran.exit_code == 0, ran.output + repr(ran.exception)
    instance = tmp_path / "instance"
    assert stat.S_IMODE((instance / "keys.json").stat().st_mode) == 0o600
    assert "keep a copy apart from the database" in ran.output
    link = link_in(ran.output)
    assert link.startswith(ORIGIN)
    app = site_of(instance)
    with app.app_context(), transaction() as session:
        assert programmes.read_name(session) == "Riverside"
        assert audit.find_break(session) is None
        assert {role.name for role in session.query(Role)} == {"approver", "requester", "supporter", "coordinator"}
    app.test_client_class = Browser
    browser = app.test_client()
    path = link.removeprefix(ORIGIN)
    assert browser.send(path, username="dana", passphrase=PASSPHRASE, again=PASSPHRASE).status_code == 303
    with app.app_context(), transaction() as session:
        assert [role.name for role in session.query(User).one().roles] == ["coordinator"]


def test_setup_refuses_to_run_twice(flask, tmp_path):
    flask("setup", "--name", "Riverside")
    keys = (tmp_path / "instance" / "keys.json").read_bytes()
    again = flask("setup", "--name", "Other")
    assert again.exit_code != 0
    assert "set up already" in again.output
    assert (tmp_path / "instance" / "keys.json").read_bytes() == keys
    with (app := site_of(tmp_path / "instance")).app_context(), transaction() as session:
        assert programmes.read_name(session) == "Riverside"
    assert app


def test_setup_makes_no_new_keys_for_a_database_that_has_lost_its_own(flask, tmp_path):
    flask("setup", "--name", "Riverside")
    (tmp_path / "instance" / "keys.json").unlink()
    ran = flask("setup", "--name", "Riverside")
    assert ran.exit_code != 0
    assert "Restore it from your backup" in ran.output
    assert not (tmp_path / "instance" / "keys.json").exists()


def test_a_broken_off_setup_can_be_run_again(flask, tmp_path):
    Keys.fresh().write(tmp_path / "instance" / "keys.json")
    assert flask("setup", "--name", "Riverside").exit_code == 0


def test_another_link_can_be_made(flask):
    flask("setup", "--name", "Riverside")
    ran = flask("link", "supporter")
    assert ran.exit_code == 0
    assert "as supporter" in ran.output
    assert "/setup/" in link_in(ran.output)


def test_before_setup_every_command_says_what_to_do(flask):
    ran = flask("routes")
    assert ran.exit_code == 0
    assert "accounts" not in ran.output
    assert create_app_in_a_server() == "Run: flask --app webapp setup"


def create_app_in_a_server() -> str:
    with pytest.raises(RuntimeError) as raised:
        create_app()
    return str(raised.value).split(". ")[1]


def test_the_site_before_setup_says_so(flask):
    app = cli_module.app_before_setup()
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert "flask --app webapp setup" in answer.text
