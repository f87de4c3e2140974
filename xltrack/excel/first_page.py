"""What the first page of a national workbook says of its age: when its data came, whether its tables are newer."""

from typing import Final

from xltrack.language import Text

NAME: Final = Text("Tổng quan", "Overview")
DATED: Final = Text("Số liệu đến {day} (giờ Hà Nội), {kind}", "Data up to {day} (Hà Nội), {kind}")
_OUTDATED: Final = Text(
    "SỐ CŨ: các bảng và PivotTable đã có số mới, trang này và các trang số liệu cố định thì chưa (`xltrack rollup -o` "
    "ra một tệp khác). {dated}",
    "FORMER FIGURES: tables and PivotTables have newer ones, this page and the sheets of fixed figures have not "
    "(`xltrack rollup -o` into another file). {dated}",
)


def outdated(text: str) -> str | None:
    """Return what is to stand in the place of the date `text` when the tables are newer; None if it is no such date."""
    for dated, told in zip(DATED, _OUTDATED, strict=True):
        if text.startswith(dated.partition("{")[0]):
            return told.format(dated=text)
    return None
