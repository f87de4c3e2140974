"""From rows to findings: what the form declares, codes, keys, references, and rules between sheets."""

from xltrack.checking.check import check_workbook, check_workbooks, in_reading_order

__all__ = ["check_workbook", "check_workbooks", "in_reading_order"]
