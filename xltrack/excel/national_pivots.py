"""The PivotTables of the national workbook: one a sheet, over the tables of rows, each sum one that means something."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from xltrack.excel.heads import Kind
from xltrack.excel.national_page import SPOKEN_MILLIONS, Look, Page
from xltrack.excel.national_rows import Rows
from xltrack.excel.pivot import Measure, Pivot, Place, Role, shown_cells
from xltrack.language import Text
from xltrack.rollup.row_tables import row_tables

_FORMATS: Mapping[Kind, Text] = {
    "number": Text("#,##0", "#,##0"),
    "millions": SPOKEN_MILLIONS,
    "decimal": Text("#,##0.0", "#,##0.0"),
}
_CHOOSE = Text(
    "Đổi đơn vị, kỳ, cách chia trong danh sách trường của PivotTable; số cập nhật khi mở bằng Excel.",
    "Change units, period and cuts in the field list of the PivotTable; Excel brings it up to date on opening.",
)


@dataclass(frozen=True)
class _Sheet:
    """One sheet with its pivot: over which table, what stands where (ids of columns), how its sums are shown."""

    tab: Text
    title: Text
    table: str
    name: str
    rows: tuple[str, ...]
    measure: tuple[str, Text, Kind]
    across: str | None
    note: Text
    filters: tuple[tuple[str, str | None], ...] = ()
    total_row: bool = True
    total_column: bool = False


_NEWEST, _FIRST = "newest", "first"
_ENTERPRISES = Text("Số doanh nghiệp được hỗ trợ", "Enterprises supported")
_AMOUNT = Text("Cộng số tiền", "Sum of amounts")
_SUM_OVER_UNITS = Text(
    "Dòng tổng là cộng các đơn vị: doanh nghiệp có mặt ở nhiều đơn vị được tính ở từng đơn vị (xem trang Đối chiếu).",
    "The total adds up the units: an enterprise in several units counts in each of them (see Reconciliation).",
)
SHEETS = (
    _Sheet(
        Text("Pivot 34 tỉnh", "Pivot 34 provinces"),
        Text("Doanh nghiệp được hỗ trợ theo đơn vị (34 tỉnh) và kỳ", "Enterprises by unit (34 provinces) and period"),
        "applications", "pv_don_vi_34", ("unit34",), ("once_unit34", _ENTERPRISES, "number"), "period", _SUM_OVER_UNITS,
        (("size", None), ("size_sector", None)),
    ),
    _Sheet(
        Text("Pivot 63 tỉnh", "Pivot 63 provinces"),
        Text("Doanh nghiệp được hỗ trợ theo đơn vị (63 tỉnh) và kỳ", "Enterprises by unit (63 provinces) and period"),
        "applications", "pv_don_vi_63", ("unit63",), ("once_unit63", _ENTERPRISES, "number"), "period", _SUM_OVER_UNITS,
        (("size", None), ("size_sector", None)),
    ),
    _Sheet(
        Text("Pivot công cụ", "Pivot tools"),
        Text("Doanh nghiệp được hỗ trợ theo công cụ và quy mô", "Enterprises by tool and size"),
        "applications", "pv_cong_cu", ("tool",), ("once_tool", _ENTERPRISES, "number"), "size",
        Text(
            "Chọn từng kỳ một. Doanh nghiệp áp dụng nhiều công cụ đứng ở nhiều dòng, nên không có dòng tổng.",
            "Choose one period at a time. An enterprise with several tools stands in several lines: no total.",
        ),
        (("period", _NEWEST),), total_row=False, total_column=True,
    ),
    _Sheet(
        Text("Pivot nguồn vốn", "Pivot sources"),
        Text("Kinh phí theo nguồn và loại số", "Funding by source and kind"),
        "funding", "pv_nguon_von", ("budget", "source"), ("amount", _AMOUNT, "millions"), "funding_kind",
        Text(
            "Dự toán, phân bổ, giải ngân, quyết toán không cộng với nhau. Ô giữ đủ từng đồng; Excel hiển thị "
            "theo triệu (tr), LibreOffice hiển thị đồng.",
            "Estimated, allocated, disbursed and settled are never added up. Cells keep every đồng; Excel shows "
            "millions (mn), LibreOffice đồng.",
        ),
        (("period", _NEWEST),),
    ),
    _Sheet(
        Text("Pivot kinh phí", "Pivot funding"),
        Text("Kinh phí giải ngân theo đơn vị và kỳ", "Funding disbursed by unit and period"),
        "funding", "pv_kinh_phi", ("unit34", "unit63"), ("amount", _AMOUNT, "millions"), "period",
        Text(
            "Tỉnh mới và các tỉnh cũ của nó; chọn từng loại số một. Ô giữ đủ từng đồng; Excel hiển thị theo "
            "triệu (tr), LibreOffice hiển thị đồng.",
            "Provinces of today and those they were made of; choose one kind at a time. Cells keep every đồng; Excel "
            "shows millions (mn), LibreOffice đồng.",
        ),
        (("funding_kind", "disbursed"),),
    ),
    _Sheet(
        Text("Pivot chỉ tiêu", "Pivot targets"),
        Text("Chỉ tiêu do các đơn vị báo cáo", "Targets stated by units"),
        "targets", "pv_chi_tieu", ("return_unit",),
        ("value", Text("Giá trị nêu trong báo cáo", "Value stated"), "decimal"),
        "stated_as",
        Text(
            "Chọn từng chỉ tiêu, từng giai đoạn một: các chỉ tiêu khác đơn vị tính không cộng với nhau.",
            "Choose one indicator and one period at a time: indicators are measured in different units.",
        ),
        (("indicator", _FIRST), ("period", _NEWEST)), total_row=False,
    ),
    _Sheet(
        Text("Pivot vướng mắc", "Pivot obstacles"),
        Text("Vướng mắc theo cấp giải quyết và loại", "Obstacles by deciding level and category"),
        "obstacles", "pv_vuong_mac", ("level", "category"),
        ("obstacles", Text("Số vướng mắc", "Obstacles"), "number"), "period",
        Text("Mỗi dòng của sheet VUONG_MAC là một vướng mắc.", "Every row of sheet VUONG_MAC is one obstacle."),
    ),
    _Sheet(
        Text("Pivot độ phủ", "Pivot coverage"),
        Text("Đơn vị phải báo cáo, theo kỳ và tình trạng", "Units expected, by round and state"),
        "coverage", "pv_do_phu", ("round", "unit_group"), ("units", Text("Số phải gửi", "Units expected"), "number"),
        "state",
        Text("Tên từng đơn vị ở trang Độ phủ.", "Units by name are on the sheet of coverage."),
        total_row=False, total_column=True,
    ),
)  # fmt: skip


_WIDTH, _WIDEST = 17, 60


def table_of(pivot: str) -> str | None:
    """Return the name of the table that our pivot of this name is over, None if we have none of that name."""
    over = next((sheet.table for sheet in SHEETS if sheet.name == pivot), None)
    return next((table.name for table in row_tables() if table.id == over), None)


def write_pivots(book: Workbook, look: Look, tables: Mapping[str, Rows]) -> list[Place]:
    """Write the sheets with the cells that their pivots show; return the pivots to be put there."""
    written = (_write(book, look, sheet, tables[sheet.table]) for sheet in SHEETS)
    return [place for place in written if place]


def _write(book: Workbook, look: Look, sheet: _Sheet, rows: Rows) -> Place | None:
    page = Page(book, look, rows.names.lang, sheet.tab, sheet.title)
    is_of_several = sheet.note is not _SUM_OVER_UNITS or rows.unit is None
    page.note(*([sheet.note] if is_of_several else []), _CHOOSE, *_left_out(rows))
    page.row += 1
    if not rows.frame.height:
        page.note(Text("Chưa có dữ liệu.", "No data yet."))
        return None
    pivot = _pivot(sheet, rows)
    corner = (page.row, 0)
    cells = list(shown_cells(pivot, rows.names.lang))
    for cell in cells:
        place = (corner[0] + cell.row, cell.column)
        _WRITE[cell.role](page, place, cell.value, sheet.measure[2])
    top = corner[0] + (len(sheet.filters) + 1 if sheet.filters else 0)
    page.sheet.repeat_rows(top, top + (sheet.across is not None))
    chosen = [len(str(cell.value)) for cell in cells if cell.role == "choice"]
    _set_widths(page, len(sheet.rows), max(chosen, default=0))
    return Place(pivot, page.sheet.get_name(), corner)


def _set_widths(page: Page, labels: int, chosen: int) -> None:
    """Let columns be wide enough for `labels` columns of them, values, and what is `chosen` in the filters, so long."""
    page.sheet.set_column(0, labels - 1, 44 if labels == 1 else 34)
    page.sheet.set_column(labels, labels + 12, _WIDTH)
    if labels == 1:
        page.sheet.set_column(1, 1, min(max(_WIDTH, chosen + 4), _WIDEST))


def _left_out(rows: Rows) -> Iterator[Text]:
    if rows.left_out:
        yield Text(
            f"{rows.left_out} dòng có số tiền quá 15 chữ số, Excel không giữ được dạng số: ghi dạng "
            "chữ, không nằm trong tổng.",
            f"{rows.left_out} rows have an amount of more than 15 digits, which Excel cannot hold as a number: they "
            "are written as text and are not part of the sums.",
        )


def _pivot(sheet: _Sheet, rows: Rows) -> Pivot:
    column, title, kind = sheet.measure
    return Pivot(
        name=sheet.name,
        table=rows.table,
        rows=tuple(rows.heading(one) for one in sheet.rows),
        measure=Measure(rows.heading(column), title.to(rows.names.lang), _FORMATS[kind].to(rows.names.lang)),
        across=rows.heading(sheet.across) if sheet.across else None,
        filters={rows.heading(one): _chosen(rows, one, choice) for one, choice in sheet.filters},
        total_row=sheet.total_row,
        total_column=sheet.total_column,
    )


def _chosen(rows: Rows, column: str, choice: str | None) -> str | None:
    """Return the text that a filter is set to at first: all, the newest, the first, or that of a code."""
    items = rows.table.items(rows.heading(column))
    if choice in (_NEWEST, _FIRST):
        return items[-1 if choice == _NEWEST else 0]
    named = rows.names.name(column, choice)
    return named if named in items else None


Writer = Callable[[Page, tuple[int, int], str | int | float | None, Kind], None]


def _plain(style: Callable[[Look], Format]) -> Writer:
    def write(page: Page, place: tuple[int, int], value: str | float | None, kind: Kind) -> None:  # noqa: ARG001
        if value is None:
            page.sheet.write_blank(*place, None, style(page.look))
        else:
            page.sheet.write_string(*place, str(value), style(page.look))

    return write


def _value(page: Page, place: tuple[int, int], value: str | float | None, kind: Kind) -> None:
    page.write(place, value, kind)


def _total(page: Page, place: tuple[int, int], value: str | float | None, kind: Kind) -> None:
    page.write(place, value, kind, bold=True)


_WRITE: Mapping[Role, Writer] = {
    "filter": _plain(lambda look: look.of(bold=True, indent=1)),
    "choice": _plain(lambda look: look.cell("text")),
    "heading": _plain(Look.head),
    "label": _plain(lambda look: look.cell("text")),
    "total label": _plain(lambda look: look.cell("text", bold=True)),
    "value": _value,
    "total": _total,
}
