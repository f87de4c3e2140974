"""What stands in the table beside the peers; the peers themselves are not installed where tests run."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.measuring import Measured
from benchmarks.peers import goals, own, table, tools
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
