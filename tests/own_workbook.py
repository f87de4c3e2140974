"""A workbook that an analyst made for himself, over a table that xltrack fills."""

import io

import polars as pl
from xlsxwriter import Workbook

from xltrack.excel.opc import Package
from xltrack.excel.pivot import Measure, Pivot, Place, Table, add_pivots, shown_cells

CACHE = "xl/pivotCache/pivotCacheDefinition1.xml"
HEADINGS = ("Đơn vị", "Kỳ", "Số tiền")
OLD = pl.DataFrame([("Hà Nội", "2024", 5), ("Mật", "2024", 7), ("Huế", "2024", 1)], HEADINGS, orient="row")


class Own:
    """An analyst's workbook: a pivot, a chart, a sparkline, a comment, a list, and more that nobody may touch."""

    def __init__(self):
        self.content = io.BytesIO()
        self.book = Workbook(self.content, {"in_memory": True})
        self.report = self.book.add_worksheet("Báo cáo")
        self.data = self.book.add_worksheet("Số liệu")
        self.money = self.book.add_format({"num_format": "#,##0"})
        self.options = {}

    def table(self, rows=OLD, first=(2, 1), **more):
        headings = [{"header": name} for name in rows.columns]
        last = (first[0] + rows.height + bool(more.get("total_row")), first[1] + rows.width - 1)
        for place, heading in enumerate(more.pop("headings", ())):
            headings[place] |= heading
        self.data.add_table(*first, *last, {"name": "dl_thu", "columns": headings, **more})
        for number, row in enumerate(rows.rows(), first[0] + 1):
            self.data.write_row(number, first[1], row, self.money)
        return self

    def bells_and_whistles(self):
        chart = self.book.add_chart({"type": "column"})
        chart.add_series({"values": "='Báo cáo'!$B$6:$B$8"})
        self.report.insert_chart("H2", chart)
        self.report.add_sparkline("K1", {"range": "'Báo cáo'!B6:D6"})
        self.report.write_comment("A20", "Ghi chú của tôi")
        self.report.insert_button("M2", {"caption": "Nút"})
        self.report.write_formula("A22", "=SUM(dl_thu[Số tiền])", None, 13)
        self.report.data_validation("B25", {"validate": "list", "source": ["a", "b"]})
        self.data.conditional_format("D4:D6", {"type": "data_bar"})
        self.data.write("F4", "bên cạnh")
        self.book.define_name("vung", "='Số liệu'!$D$4:$D$6")
        return self

    def saved(self, author="An"):
        table = Table("dl_thu", OLD)
        pivot = Pivot("pv", table, ("Kỳ",), Measure("Số tiền", "Cộng", "#,##0"))
        for cell in shown_cells(pivot, "vi"):
            self.report.write(3 + cell.row, cell.column, cell.value)
        self.book.close()
        package = Package(self.content.getvalue())
        add_pivots(package, [Place(pivot, "Báo cáo", (3, 0))], "vi")
        cache = package.read(CACHE)
        package.write(CACHE, cache.replace(b'refreshedBy="xltrack"', f'refreshedBy="{author}"'.encode()))
        return package.to_bytes()
