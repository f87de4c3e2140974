"""What stands in the table beside the peers; the peers themselves are not installed where tests run."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.dirty import make_dirty
from benchmarks.dirty.grid import Label
from benchmarks.dirty.score import Finding, Told, score
from benchmarks.dirty.truth import Mistaken, Truth, Value
from benchmarks.measuring import Measured
from benchmarks.peers import correct, goals, own, table, tools
from benchmarks.workbooks import Content, Order, Round, make_round

ROUND = Round(tuple(Path(f"{number}.xlsx") for number in range(10)), Content(cells=0, rows=700_000, money=9))


def _measured(wall, **said):
    return Measured(wall=wall, processor=wall / 2, main=1, tree=300_000_000, said=said)


def test_a_slow_tool_is_given_some_workbooks_and_its_time_is_that_of_all(monkeypatch):
    def counting(command):
        task = json.loads(Path(command[2]).read_text("utf-8"))
        return _measured(3.0, rows=70_000 * len(task["paths"]))

    monkeypatch.setattr(tools, "measure_program", counting)
    slow, quick = tools.Tool("x.py", slow=True), tools.Tool("x.py")
    assert tools.run_tool(slow, ROUND, Path(sys.executable)).wall == pytest.approx(15.0)  # 2 of 10 workbooks
    assert tools.run_tool(quick, ROUND, Path(sys.executable)).wall == 3.0


def test_a_tool_that_adds_up_another_sum_stops_the_run(monkeypatch):
    monkeypatch.setattr(tools, "measure_program", lambda command: _measured(1.0, rows=700_000, money=8))
    with pytest.raises(ValueError, match="'money': 8"):
        tools.run_tool(tools.Tool("x.py"), ROUND, Path(sys.executable))


def test_each_goal_is_told_with_its_figure():
    middles = {
        tools.FLOOR: _measured(4.0),
        tools.SCRIPT: _measured(70.0),
        goals.ALL: _measured(18.0),
    }
    said = list(goals.judge("large", middles))
    assert [line.split(": ")[-1] for line in said[1:]] == [
        "MISSED (4.5).",
        "reached (4.5).",
        "MISSED (0.257).",
        "reached (300).",
    ]


def test_every_tool_and_command_has_a_line_beside_the_floor():
    taken = {
        tools.FLOOR: [_measured(2.0), _measured(4.0), _measured(3.0)],
        tools.SCRIPT: [_measured(6.0)],
        "frictionless validate": [_measured(30.0, share=0.2)],
        goals.ALL: [_measured(9.0)],
    }
    lines = dict(
        line.removeprefix("| ").split(" | ", 1) for line in table(taken, 900) if line.startswith("| ")
    )
    assert lines[goals.ALL].startswith("checks, merges | 1 | 9.00 | 4.50 | 100 | 300 | 3.00 | 1.50")
    assert lines["frictionless validate"].startswith("checks | 1 * |")


def test_a_store_that_holds_another_sum_stops_the_run(monkeypatch, tmp_path):
    monkeypatch.setattr("benchmarks.workbooks.CACHE", tmp_path)
    made = make_round(Order(1, 3))
    wrong = Round(made.paths, made.content + Content(money=1))
    with pytest.raises(ValueError, match="was written"):
        list(own.run_commands(wrong, ["merge"]))


def test_of_a_dirty_round_every_mistake_is_named_where_it_is_and_nothing_is_lost(tmp_path):
    """Three workbooks under messes: whoever made them knows what is wrong, xltrack is not asked for it."""
    received = tmp_path / "received"
    made = make_dirty(Order(3, 33), received)
    _, told = correct.run_own(received, tmp_path)
    own = score(made.truth, told)
    assert (own.missed, own.false, own.lost, own.off) == ([], [], [], 0)
    assert own.exact == own.mistakes >= 8
    again = make_dirty(Order(3, 33), tmp_path / "again")
    assert again.truth == made.truth


VALUES = """
A5 | funding | 0 | amount | 40  | 40
A6 | funding | 1 | amount | 1.5 tỷ | 1500
A7 | funding | 2 | amount | nhiều | nhiều
A8 | funding | 3 | amount | 7 | 7
"""
"""What was typed: cell, sheet, row, column, typed, meant."""


def _truth():
    lines = [[part.strip() for part in line.split("|")] for line in VALUES.strip().splitlines()]
    values = tuple(
        Value(
            "a.xlsx", "KP", int(cell[1:]), cell, Label(sheet, int(row), column), _plain(typed), _plain(meant)
        )
        for cell, sheet, row, column, typed, meant in lines
    )
    mistake = Mistaken("words", ("XLT301",), ("a.xlsx", "KP", 7), ("A7",), frozenset())
    return Truth(values, (mistake,), tops={("a.xlsx", "KP"): 4})


def _plain(text):
    return int(text) if text.isdecimal() else text


def _rows(*amounts):
    return {"funding": [{"_file": "a.xlsx", "amount": amount} for amount in amounts]}


@pytest.mark.parametrize(
    ("told", "found", "exact", "false", "lost", "off"),
    [
        pytest.param(Told(), 0, 0, 0, None, None, id="says nothing"),
        pytest.param(Told([Finding("a.xlsx", "KP", 7, "A7", "XLT301")]), 1, 1, 0, None, None, id="right"),
        pytest.param(Told([Finding("a.xlsx", "KP", 7, "A7", "XLT302")]), 0, 0, 0, None, None, id="other reason"),
        pytest.param(Told([Finding("a.xlsx", "KP", 7, None)]), 1, 0, 0, None, None, id="no address"),
        pytest.param(Told([Finding("a.xlsx", "KP", 8, "A8")]), 0, 0, 1, None, None, id="a row beside"),
        pytest.param(Told([Finding("a.xlsx", "KP", 4, "A4")]), 0, 0, 0, None, None, id="of the headings"),
        pytest.param(Told(rows=_rows(40, 1500, "nhiều", 7), funding=1547 * 10**6), 0, 0, 0, [], 0, id="all there"),
        pytest.param(
            Told(rows=_rows(40, 1.5, 7), funding=485 * 10**5), 0, 0, 0, ["A6", "A7"], -14985 * 10**5, id="misread"
        ),
        pytest.param(
            Told([Finding("a.xlsx", "KP", 7, "A7", "XLT301")], _rows(40, 1500, 7, 1547), funding=3094 * 10**6),
            1, 1, 0, [], 1547 * 10**6, id="a total added up with its parts",
        ),
        pytest.param(
            Told(rows=_rows(), stopped=frozenset({"a.xlsx"}), funding=0), 0, 0, 0, [], 0, id="gives the file up"
        ),
    ],
)  # fmt: skip
def test_a_tool_is_judged_by_what_was_typed(told, found, exact, false, lost, off):
    judged = score(_truth(), told)
    assert (judged.found, judged.exact, len(judged.false), judged.off) == (found, exact, false, off)
    assert (None if judged.lost is None else [value.cell for value in judged.lost]) == lost


def test_the_table_says_what_is_reached_and_what_was_missed():
    told = Told([Finding("a.xlsx", "KP", 8, "A8", "XLT999")], _rows(40, 1500, "nhiều"), funding=1540 * 10**6)
    lines = "\n".join(correct.correctness({correct.OWN: (_measured(1.0), score(_truth(), told))}))
    assert "| 0.0% | 0.0% | – | 1 | 1 | 0.0% | 0 | 0 | 0 |" in lines
    assert "misses: at most 0: MISSED (1)" in lines
    assert "missed: words (1)." in lines
    assert "XLT999 (1)" in lines
