"""Functions and files stay small: the aims of the design, as measured from the best of the field."""

import ast
from collections import Counter
from statistics import median, quantiles

from tests.architecture.house import ROOT, body_length, functions, python_files

LONGEST_FUNCTION, LONGEST_FILE = 50, 350
MOST_MODULES_OF_THE_ENGINE, MOST_MODULES = 14, 24
PRODUCT = ("matcher", "webapp", "seeds")


def test_no_function_is_longer_than_fifty_lines():
    assert [f for path in python_files() for f in functions(path) if f[1] > LONGEST_FUNCTION] == []


def test_the_usual_function_is_short():
    lengths = [length for path in python_files(*PRODUCT) for _, length in functions(path)]
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 25


def test_no_file_is_longer_than_three_hundred_and_fifty_lines():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def modules_by_folder(*rooms: str) -> Counter[str]:
    """Count the modules that stand side by side in each folder; `__init__` only opens it."""
    paths = (path for path in python_files(*rooms) if path.stem != "__init__")
    return Counter(str(path.parent.relative_to(ROOT)) for path in paths)


def test_no_folder_of_the_engine_holds_more_than_fourteen_modules():
    counts = modules_by_folder("matcher")
    assert {name: count for name, count in counts.items() if count > MOST_MODULES_OF_THE_ENGINE} == {}


def test_no_folder_holds_more_than_twenty_four_modules():
    assert {name: count for name, count in modules_by_folder().items() if count > MOST_MODULES} == {}


def test_the_length_of_a_function_is_counted_without_its_docstring():
    (node,) = ast.parse('def act():\n    """Say\n    much."""\n    first = 1\n    return first\n').body
    assert isinstance(node, ast.FunctionDef)
    assert body_length(node) == 3
