"""New rows under the tables of a workbook that somebody else made: everything else in it stays as it was."""

from xltrack.excel.refresh.native import NativeTable, Refused, native_tables
from xltrack.excel.refresh.replace import ROWS, Begun, begin_rows, in_the_way, last_row, replace_rows
from xltrack.excel.refresh.workbook import (
    Fresh,
    FreshFile,
    Given,
    change_of,
    check_openable,
    check_rounds,
    copies,
    fitting,
    with_current_rows,
)

__all__ = [
    "ROWS",
    "Begun",
    "Fresh",
    "FreshFile",
    "Given",
    "NativeTable",
    "Refused",
    "begin_rows",
    "change_of",
    "check_openable",
    "check_rounds",
    "copies",
    "fitting",
    "in_the_way",
    "last_row",
    "native_tables",
    "replace_rows",
    "with_current_rows",
]
