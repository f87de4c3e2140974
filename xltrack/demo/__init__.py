"""A made-up national programme, to show the whole loop and to test it."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.demo.run import run_demo
    from xltrack.demo.story import Outcome

__all__ = ["Outcome", "run_demo"]

# The processes that only write workbooks need neither polars nor duckdb.
__getattr__ = offered(
    __name__,
    run=("run_demo",),
    story=("Outcome",),
)
