"""How long work tells where it is, without knowing who listens."""

from typing import Protocol


class Watch(Protocol):
    """Called as work goes on: `stage` (a word), how many are `done` of `total`, the `item` just finished."""

    def __call__(self, stage: str, done: int, total: int, item: str) -> None:
        """Take note of one step."""


def silent(stage: str, done: int, total: int, item: str) -> None:
    """Take no note: for callers who do not watch."""
