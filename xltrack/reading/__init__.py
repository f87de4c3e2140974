"""From trusted bytes to typed rows that know their cells."""

from typing import TYPE_CHECKING

from xltrack.late import offered
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

# The main process of a validation reads nothing, and needs no polars.
__getattr__ = offered(
    __name__,
    model=("DTYPES", "ROW", "Cover", "Table", "Workbook"),
    workbook=("read_workbook", "unread_workbook"),
)
