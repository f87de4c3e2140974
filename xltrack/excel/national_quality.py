"""The sheet of what is known to be wrong in the data: findings, waivers, files that do not count."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from xlsxwriter import Workbook

from xltrack.excel.heads import Cell, Head
from xltrack.excel.looks import LOOKS
from xltrack.excel.national_page import Look, Page
from xltrack.excel.national_source import Source
from xltrack.excel.states import STATES
from xltrack.findings import catalogue
from xltrack.findings.catalogue import plain
from xltrack.language import Text

QUALITY = Text("Chất lượng", "Quality")


def write_quality(book: Workbook, look: Look, source: Source) -> None:
    """Write by year and code what the returns that count were told, and the files whose rows do not count."""
    page = Page(book, look, source.lang, QUALITY, Text("Chất lượng số liệu", "Quality of the data"))
    page.note(
        Text(
            "Những điều đã báo cho các đơn vị về báo cáo đang được tính. Phát hiện được miễn trừ vẫn được nêu: có "
            "người đã xem và chịu trách nhiệm đến một ngày (`xltrack waive`).",
            "What units were told of the returns that count. A waived finding is still told: somebody looked at it and "
            "answers for it until a day (`xltrack waive`).",
        )
    )
    page.section(Text("Tệp đã nhận nhưng chưa được tính", "Files received that do not count"))
    heads = [
        Head(Text("Năm", "Year"), width=16), Head(Text("Tình trạng", "State"), width=18),
        Head(Text("Số tệp", "Files"), "number", 12), Head(Text("Số đơn vị", "Units"), "number", 12),
    ]  # fmt: skip
    held: list[list[Cell]] = [
        [_year(row, source), STATES[row["state"]].to(source.lang), row["files"], row["units"]]
        for row in _newest(source.rollup.held_back)
    ]
    page.table(heads, held)
    page.section(Text("Phát hiện trong các báo cáo được tính", "Findings in the returns that count"))
    heads = [
        Head(Text("Năm", "Year"), width=16), Head(Text("Mã", "Code"), width=18),
        Head(Text("Mức độ", "Severity"), width=12),
        Head(Text("Số phát hiện", "Findings"), "number", 12), Head(Text("Đã miễn trừ", "Waived"), "number", 12),
        Head(Text("Còn lại", "Left"), "number", 12), Head(Text("Số đơn vị", "Units"), "number", 12),
        Head(Text("Vấn đề", "Problem"), "long", 90),
    ]  # fmt: skip
    page.table(heads, [_told(source, row) for row in _newest(source.rollup.quality)])
    page.close()


def _newest(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.sort("year", descending=True, nulls_last=True, maintain_order=True).to_dicts()


def _year(row: Mapping[str, Any], source: Source) -> str:
    return str(row["year"] or Text("không đọc được", "not readable").to(source.lang))


def _told(source: Source, row: Mapping[str, Any]) -> list[Cell]:
    code = catalogue()[row["code"]]
    return [
        str(row["year"]), code.code, LOOKS[code.severity].name.to(source.lang), row["findings"], row["waived"],
        row["findings"] - row["waived"], row["units"], plain(code.message, source.lang),
    ]  # fmt: skip
