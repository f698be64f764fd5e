"""Whatever the umask: the folder of an installation is its owner's alone, and so is every file in it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from webapp import files

LOOSE = 0o022


@pytest.fixture
def site(tmp_path):
    """An installation that was set up under a loose umask, in a folder that was open to all."""
    folder = tmp_path / "site"
    folder.mkdir(mode=0o755)
    run(folder, "-m", "flask", "--app", "webapp", "setup", "--name", "Riverside")
    return folder


def run(folder, *command):
    known = {**os.environ, "PAIRWELL_INSTANCE": str(folder), "PYTHONPATH": "."}
    known.pop("PAIRWELL_DATABASE", None)
    ran = subprocess.run(
        [sys.executable, *command], env=known, umask=LOOSE, capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def modes(folder):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}


def test_setup_under_a_loose_umask_leaves_nothing_open(site):
    there = modes(site)
    assert there.pop("site") == 0o700
    assert {"keys.json", "pairwell.db"} <= there.keys()
    assert set(there.values()) == {0o600}


def test_files_that_were_opened_are_closed_at_the_next_start(site):
    (site / "pairwell.db").chmod(0o644)
    (site / "setup.log").write_text("a log")
    (site / "setup.log").chmod(0o666)
    writes = "from webapp.extensions import db\nimport sqlalchemy as sa\n"
    said = run(
        site,
        "-c",
        f"import os, webapp\n{writes}app = webapp.create_app()\n"
        "with app.app_context():\n"
        "    db.session.execute(sa.text(\"UPDATE programmes SET name = 'Other'\")); db.session.commit()\n"
        "    print(sorted(os.listdir(app.config['SETTINGS'].instance)))\n"
        "    print([oct(os.stat(app.config['SETTINGS'].instance / n).st_mode & 0o777)"
        " for n in os.listdir(app.config['SETTINGS'].instance)])",
    )
    assert "pairwell.db-wal" in said
    assert "pairwell.db-shm" in said
    assert set(modes(site).values()) == {0o700, 0o600}
    assert set(said.splitlines()[-1].strip("[]").replace("'", "").split(", ")) == {"0o600"}


def test_what_is_open_is_listed_and_closed(tmp_path):
    inside, outside = tmp_path / "in" / "deep", tmp_path / "elsewhere.db"
    inside.mkdir(parents=True)
    outside.write_text("")
    for path in (tmp_path / "in", inside):
        path.chmod(0o755)
    outside.chmod(0o640)
    assert set(files.find_open(tmp_path / "in", outside, Path("gone"))) == {tmp_path / "in", inside, outside}
    files.close(tmp_path / "in", outside)
    assert files.find_open(tmp_path / "in", outside) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "keys.json"
    files.write_whole(path, "old")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def break_off(_handle):
        raise OSError("power cut")

    monkeypatch.setattr(os, "fsync", break_off)
    with pytest.raises(OSError, match="power cut"):
        files.write_whole(path, "new")
    assert path.read_text() == "old"
