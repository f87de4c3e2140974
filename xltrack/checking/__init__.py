"""From rows to findings: what the form declares, codes, keys, references, and rules between sheets."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.checking.check import check_workbook, check_workbooks, deadlines_of, in_reading_order
    from xltrack.checking.following import cover_first

__all__ = ["check_workbook", "check_workbooks", "cover_first", "deadlines_of", "in_reading_order"]

# The store asks for the rules, and checks nothing itself.
__getattr__ = offered(
    __name__,
    check=("check_workbook", "check_workbooks", "deadlines_of", "in_reading_order"),
    following=("cover_first",),
)
