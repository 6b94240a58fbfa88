"""The contract of figures of speed: who disagrees is not timed, medians, targets, the table."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from benchmarks import __main__ as command
from benchmarks.comparison import Comparison, Figure, Target, compare
from benchmarks.table import as_json, as_markdown, as_text, quantity

MET = Figure("fast", 0.01, 1.0, "slowly", Target(50), "noted")
MISSED = Figure("heavy", 4e6, 8e6, "heavily", Target(3), unit="B")
ALONE = Figure("loaded", 6.0, target=Target(5, "seconds"))


def test_sides_take_turns_and_medians_are_kept() -> None:
    calls: list[str] = []
    seconds = {"usual": iter([3.0, 100.0, 4.0]), "ours": iter([1.0, 2.0, 1.0])}

    def clock(work) -> float:
        return next(seconds[work()])

    def side(name: str):
        return lambda: calls.append(name) or name

    figure = compare(
        Comparison(
            "turns", "slowly", side("usual"), side("ours"), lambda: None, Target(4), repetitions=3, clock=clock
        )
    )
    assert calls == ["usual", "ours"] * 3
    assert (figure.usual, figure.ours, figure.ratio, figure.met) == (4.0, 1.0, 4.0, True)


def test_who_disagrees_is_not_timed() -> None:
    def equal() -> None:
        raise AssertionError("1 is not 2")

    def work() -> None:
        raise RuntimeError("timed all the same")

    with pytest.raises(AssertionError, match="1 is not 2") as caught:
        compare(Comparison("unequal", "", work, work, equal))
    assert "unequal" in caught.value.__notes__[0]


def test_targets() -> None:
    assert (MET.met, MISSED.met, ALONE.met, Figure("free", 1.0).met) == (True, False, False, None)


def test_the_table_tells_what_is_missed() -> None:
    lines = as_text([MET, MISSED, ALONE]).splitlines()[3:]
    assert [line.split() for line in lines] == [
        ["fast", "slowly", "1", "s", "10", "ms", "100x", ">=", "50x", "met", "noted"],
        ["heavy", "heavily", "8", "MB", "4", "MB", "2x", ">=", "3x", "missed"],
        ["loaded", "6", "s", "<=", "5", "s", "missed"],
    ]
    assert as_markdown([MET]).splitlines()[-1] == "| fast | slowly | 1 s | 10 ms | 100x | >= 50x | met | noted |"
    assert json.loads(as_json([MISSED]))["figures"][0]["met"] is False


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(2.5e-7, "s", "0.25 µs"), (0.5, "s", "500 ms"), (1234.0, "s", "1,234 s"), (512, "B", "512 B")],
)
def test_quantities(value: float, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


def test_the_command_measures_what_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(command, "BENCHMARKS", {"one": lambda: iter([MET]), "two": lambda: iter([MISSED])})
    result = CliRunner().invoke(command.main, ["two", "--json", str(tmp_path / "figures.json")])
    assert result.exit_code == 0
    assert "heavy" in result.output
    assert "fast" not in result.output
    assert json.loads((tmp_path / "figures.json").read_text())["figures"][0]["title"] == "heavy"
    assert CliRunner().invoke(command.main, ["three"]).exit_code == 2


def test_a_benchmark_that_fails_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[Figure]:
        yield MET
        raise TimeoutError("no answer")

    monkeypatch.setattr(command, "BENCHMARKS", {"one": broken, "two": lambda: iter([MISSED])})
    result = CliRunner().invoke(command.main, [])
    assert result.exit_code == 1
    assert "not measured to the end: one" in result.output and "no answer" in result.output
    assert "slowly" in result.stdout and "heavily" in result.stdout
