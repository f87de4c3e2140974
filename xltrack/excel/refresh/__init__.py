"""New rows under the tables of a workbook that somebody else made: everything else in it stays as it was."""

from xltrack.excel.refresh.native import NativeTable, Refused, native_tables
from xltrack.excel.refresh.replace import replace_rows
from xltrack.excel.refresh.workbook import Fresh, Given, with_current_rows

__all__ = ["Fresh", "Given", "NativeTable", "Refused", "native_tables", "replace_rows", "with_current_rows"]
