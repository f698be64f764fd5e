"""What leaves the site goes through the gate: who makes a permit, who opens a line, and that each sender asks."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, python_files

CHANNELS = ROOT / "webapp/services/notices/channels"
GATE = ROOT / "webapp/services/notices/gate.py"
OPENS_LINES = {"smtplib", "socket", "urllib.request", "http.client", "ftplib", "requests", "httpx", "aiohttp"}
MAY = {
    "webapp/services/notices/channels/smtp.py": {"smtplib"},
    "webapp/jobs/worker.py": {"socket"},  # its own name, for the heartbeat
}


def trees(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in python_files(*(rooms or ("webapp", "seeds", "matcher"))):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]


def lines_opened(tree: ast.AST) -> set[str]:
    names = imported(tree)
    dynamic = {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__")
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    return {one for one in OPENS_LINES for name in names | dynamic if name == one or name.startswith(f"{one}.")}


def test_one_module_opens_a_line_and_no_other():
    found = {str(path.relative_to(ROOT)): lines for path, tree in trees() if (lines := lines_opened(tree))}
    assert found == MAY


def test_nobody_but_the_gate_makes_a_permit_or_holds_its_seal():
    makers = {path for path, tree in trees() if "Permit" in set(calls(tree)) or "_SEAL" in ast.unparse(tree)}
    assert makers == {GATE}


def test_permits_for_a_test_are_asked_for_by_the_command_s_own_way_alone():
    found = {path.name for path, tree in trees() if "permit_test" in set(calls(tree))}
    assert found == {"delivery.py"}


@pytest.mark.parametrize("path", sorted(CHANNELS.glob("*.py")), ids=lambda path: path.stem)
def test_each_way_out_holds_its_permit_before_anything_else(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    sends = [
        node
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef) and "Protocol" not in {ast.unparse(base) for base in owner.bases}
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and node.name == "send"
    ]
    for send in sends:
        said = [node for node in send.body if not isinstance(node, ast.Expr)]
        first = next(index for index, node in enumerate(said) if "permit.hold(" in ast.unparse(node))
        assert [ast.unparse(node) for node in said[:first]] in ([], ["now = clock()"]), ast.unparse(send)
        assert "permit.address" not in ast.unparse(send)


@pytest.mark.parametrize(
    "stray",
    [
        "import smtplib",
        "from smtplib import SMTP",
        "import urllib.request",
        "from http import client",
        "import socket",
        'importlib.import_module("smtplib")',
        '__import__("smtplib")',
    ],
)
def test_a_stray_line_out_is_seen(stray):
    assert lines_opened(ast.parse(stray))


@pytest.mark.parametrize("stray", ["gate.Permit(a, b, c, d, e)", "Permit(a, b, c, d, e)"])
def test_a_stray_permit_is_seen(stray):
    assert "Permit" in set(calls(ast.parse(stray)))
