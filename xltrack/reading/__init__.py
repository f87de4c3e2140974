"""From trusted bytes to typed rows that know their cells."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xltrack.reading.account import Ignored, Ledger
from xltrack.reading.reasons import REASONS

if TYPE_CHECKING:
    from xltrack.reading.model import DTYPES, ROW, Cover, Table, Workbook
    from xltrack.reading.workbook import read_workbook, unread_workbook

__all__ = [
    "DTYPES",
    "REASONS",
    "ROW",
    "Cover",
    "Ignored",
    "Ledger",
    "Table",
    "Workbook",
    "read_workbook",
    "unread_workbook",
]


def __getattr__(name: str) -> Any:
    """Import polars only for those who read: the main process of a validation does not."""
    if name not in __all__:
        raise AttributeError(name)
    home = "workbook" if name in ("read_workbook", "unread_workbook") else "model"
    return getattr(import_module(f"xltrack.reading.{home}"), name)
