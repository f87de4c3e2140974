"""A made-up national programme, to show the whole loop and to test it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xltrack.demo.run import run_demo
    from xltrack.demo.story import Outcome

__all__ = ["Outcome", "run_demo"]


def __getattr__(name: str) -> Any:
    """Import the demo at its first use: the processes that only write workbooks need not wait for polars and duckdb."""
    if name == "run_demo":
        from xltrack.demo import run

        return run.run_demo
    if name == "Outcome":
        from xltrack.demo import story

        return story.Outcome
    raise AttributeError(name)
