"""From trusted bytes to typed rows that know their cells."""

from xltrack.reading.model import DTYPES, ROW, Cover, Ledger, Table, Workbook
from xltrack.reading.workbook import read_workbook

__all__ = ["DTYPES", "ROW", "Cover", "Ledger", "Table", "Workbook", "read_workbook"]
