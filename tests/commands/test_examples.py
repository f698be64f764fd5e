"""The examples of the runbook: units that systemd understands, a compose file that names commands that exist."""

import configparser
import inspect
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from webapp import config
from webapp.commands.serve import serve
from webapp.jobs.worker import work

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
UNITS = sorted(EXAMPLES.glob("*.service"))
COMMANDS = {"serve": serve, "work": work}
HOME = "/opt/pairwell"


def unit(path):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(path)
    return read


def accept(words):
    """Read the words after `flask --app webapp` as the command itself would."""
    command = COMMANDS[words[0]]
    command.make_context(words[0], list(words[1:]))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_exists_again_and_again_and_reaches_its_own_folder_alone(path):
    service = unit(path)["Service"]
    flask, *words = shlex.split(service["ExecStart"])
    assert flask == f"{HOME}/.venv/bin/flask"
    assert words[:2] == ["--app", "webapp"]
    accept(words[2:])
    assert service["Restart"] == "always"
    assert service["UMask"] == "0077"
    assert service["ReadWritePaths"] == "/var/lib/pairwell"
    assert int(service["TimeoutStopSec"]) > 10


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_a_unit(path, tmp_path):
    if shutil.which("systemd-analyze") is None:
        return  # read above all the same
    copy = tmp_path / path.name
    text = path.read_text(encoding="utf-8").replace("ExecStart=/opt/pairwell/.venv/bin/flask", "ExecStart=/bin/true")
    copy.write_text(re.sub(r"^Wants=.*\n", "", text, flags=re.MULTILINE), encoding="utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    said = [line for line in ran.stderr.splitlines() if path.name in line]
    assert said == []


def test_a_unit_that_is_wrong_is_seen(tmp_path):
    if shutil.which("systemd-analyze") is None:
        return
    wrong = tmp_path / "wrong.service"
    wrong.write_text("[Service]\nExecStart=/bin/true\nRestrat=always\n", encoding="utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", str(wrong)], capture_output=True, text=True, check=False)
    assert "wrong.service" in ran.stderr


def test_the_compose_file_starts_commands_that_exist_with_settings_that_exist():
    read = yaml.safe_load((EXAMPLES / "compose.yaml").read_text(encoding="utf-8"))
    services = read["services"]
    assert set(services) == {"database", "site", "worker"}
    known = inspect.getsource(config)
    for name in ("site", "worker"):
        flask, app, webapp, *words = services[name]["command"]
        assert [flask, app, webapp] == ["flask", "--app", "webapp"]
        accept(words)
        assert [one for one in services[name]["environment"] if one not in known] == []
        assert services[name]["volumes"] == ["instance:/var/lib/pairwell"]
        assert (EXAMPLES / services[name]["build"]["context"] / services[name]["build"]["dockerfile"]).is_file()
    assert services["worker"]["ports"] == []
    assert set(read["volumes"]) == {"database", "instance"}


def test_the_docker_file_copies_what_is_there_and_is_not_root():
    text = (EXAMPLES / "Dockerfile").read_text(encoding="utf-8")
    assert (EXAMPLES.parents[1] / "requirements/base.txt").exists()
    assert "requirements/base.txt" in text
    assert "USER pairwell" in text
