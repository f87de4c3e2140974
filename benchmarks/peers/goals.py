"""What xltrack is to reach beside the others, and whether it did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.measuring import Measured
from benchmarks.peers.own import HELP, ONE
from benchmarks.peers.tools import FLOOR, SCRIPT

Middles = Mapping[str, Measured]
ALL = "xltrack validate, merge, rollup"


@dataclass(frozen=True)
class Goal:
    """A figure of a tool that is to be at most `limit`."""

    says: str
    figure: float
    limit: float
    unit: str = ""

    def __str__(self) -> str:
        """Return the goal, whether it was reached, and the figure."""
        reached = "reached" if self.figure <= self.limit else "MISSED"
        limit = f"{self.limit:g} {self.unit}".rstrip()
        return f"- {self.says}: at most {limit}: {reached} ({self.figure:.3g})."


def judge(name: str, middles: Middles) -> Iterator[str]:
    """Yield the goals of the round `name` as lines of a list; of a round that has none, nothing."""
    found = {"large": _large, "ordinary": _ordinary}.get(name)
    if found:
        yield ""
        yield from map(str, found(middles))


def _large(middles: Middles) -> Iterator[Goal]:
    own, floor, script = middles[ALL], middles[FLOOR], middles[SCRIPT]
    yield Goal(f"{ALL}, everything checked", own.wall / floor.wall, 3, "× the floor")
    yield Goal("the same, never above", own.wall / floor.wall, 5, "× the floor")
    yield Goal(f"the same beside {SCRIPT}, which checks nothing", own.wall / script.wall, 0.25, "of its time")
    most = max(one.tree for name, one in middles.items() if name.startswith("xltrack "))
    yield Goal("memory of all processes, of any command of xltrack", most / 1e6, 700, "MB")


def _ordinary(middles: Middles) -> Iterator[Goal]:
    yield Goal("xltrack validate, merge, status", middles["xltrack validate, merge, status"].wall, 4, "s")
    answered = middles["xltrack validate --return, merge, status"]
    yield Goal("the same with all annotated replies", answered.wall, 15, "s")
    yield Goal("xltrack validate of one workbook", middles[f"xltrack {ONE}"].wall, 1, "s")
    yield Goal("xltrack --help", middles[f"xltrack {HELP}"].processor, 0.15, "processor seconds")
