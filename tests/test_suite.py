"""The tests themselves: cheap, marked, and independent of one another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cost import MOST_SECONDS, SPENT, dear

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_helpers_live_in_modules_of_their_own() -> None:
    """Tests and fixtures import no test module and no conftest."""
    wrong = [
        f"{path.relative_to(HERE)} imports {module}"
        for path in FILES
        for module in imported(path)
        if module.startswith("tests.") and module.rsplit(".", 1)[-1].startswith(("test_", "conftest"))
    ]
    assert wrong == []


def test_every_test_in_a_browser_is_marked() -> None:
    bare = [path.name for path in (HERE / "browser").glob("test_*.py")
            if "pytestmark = pytest.mark.browser" not in path.read_text(encoding="utf-8")]  # fmt: skip
    assert bare == []


def test_dear_tests_are_listed() -> None:
    def report(name: str, spent: float, *marks: str) -> pytest.TestReport:
        return pytest.TestReport(
            name, (name, 0, name), dict.fromkeys(marks, 1), "passed", None, "call",
            user_properties=[(SPENT, spent)],
        )  # fmt: skip

    reports = [report("cheap", MOST_SECONDS), report("dear", 3), report("dearer", 4), report("walk", 9, "browser")]
    assert dear(reports) == [(4, "dearer"), (3, "dear")]
