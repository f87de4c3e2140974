"""What is declared: forms, sheets, columns, code lists, reporting units and their history."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.forms.code_lists import Code, CodeList
    from xltrack.forms.folding import fold
    from xltrack.forms.load import Schemas, load_schemas
    from xltrack.forms.location import digest_of, shipped
    from xltrack.forms.model import Carry, Column, ColumnType, Form, Layout, Reference, Sheet
    from xltrack.forms.units import PeriodKind, Round, Succession, Unit, Units

__all__ = [
    "Carry",
    "Code",
    "CodeList",
    "Column",
    "ColumnType",
    "Form",
    "Layout",
    "PeriodKind",
    "Reference",
    "Round",
    "Schemas",
    "Sheet",
    "Succession",
    "Unit",
    "Units",
    "digest_of",
    "fold",
    "load_schemas",
    "shipped",
]

__getattr__ = offered(
    __name__,
    code_lists=("Code", "CodeList"),
    folding=("fold",),
    load=("Schemas", "load_schemas"),
    location=("digest_of", "shipped"),
    model=("Carry", "Column", "ColumnType", "Form", "Layout", "Reference", "Sheet"),
    units=("PeriodKind", "Round", "Succession", "Unit", "Units"),
)
