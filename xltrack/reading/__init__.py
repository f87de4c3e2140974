"""From trusted bytes to typed rows that know their cells."""

from xltrack.reading.model import DTYPES, ROW, Cover, Ignored, Ledger, Table, Workbook
from xltrack.reading.reasons import REASONS
from xltrack.reading.workbook import read_workbook

__all__ = ["DTYPES", "REASONS", "ROW", "Cover", "Ignored", "Ledger", "Table", "Workbook", "read_workbook"]
