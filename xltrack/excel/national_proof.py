"""The sheets that figures rest on: coverage, reconciliation, the long table, definitions."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl
from xlsxwriter import Workbook

from xltrack.excel.age import RECEIVED
from xltrack.excel.heads import Cell, Head
from xltrack.excel.national_page import Look, Page
from xltrack.excel.national_source import Source
from xltrack.excel.states import STATE_COLOURS, STATES
from xltrack.hanoi import clock
from xltrack.language import Text
from xltrack.rollup.definitions import groups
from xltrack.rollup.labels import TITLES
from xltrack.rollup.summary import as_of_lines
from xltrack.rollup.years import lacking_years

COVERAGE = Text("Độ phủ", "Coverage")
RECONCILIATION = Text("Đối chiếu", "Reconciliation")
DATA = Text("Số liệu", "Data")
NOTES = Text("Ghi chú", "Notes")

_UNIT = Head(Text("Đơn vị", "Unit"), width=36)
_YES_NO = {True: Text("có", "yes"), False: Text("không", "no")}
_GROUPS = {
    "province": Text("Tỉnh, thành phố", "Provinces"),
    "other": Text("Bộ, ngành", "Ministries, agencies"),
}


_GROWTH = Text(
    "Mức tăng so với năm trước (trang Tổng quan): số doanh nghiệp được hỗ trợ trong năm, đếm không trùng, so với năm "
    "trước; chỉ tính các đơn vị (theo 34 tỉnh) có báo cáo của cả hai năm, năm trước theo số thực hiện.",
    "Growth on the year before (page Overview): enterprises supported in the year, counted once each, against the year "
    "before; only units (by 34 provinces) that reported both years, the year before by actual figures.",
)


def write_coverage(book: Workbook, look: Look, source: Source) -> None:
    """Write who has reported: per round and by name."""
    page = Page(book, look, source.lang, COVERAGE, Text("Độ phủ báo cáo", "Coverage"))
    page.note(*lacking_years(source.rollup))
    page.section(Text("Theo kỳ", "By round"))
    states = ("on_time", "late", "incomplete", "held", "rejected", "missing")
    heads = [
        Head(Text("Kỳ", "Round"), width=16),
        Head(Text("Nhóm", "Group"), width=28),
        Head(Text("Phải gửi", "Expected"), "number", 20),
        Head(Text("Đã báo cáo", "Reported"), "number", 11), *(Head(STATES[name], "number", 11) for name in states),
        Head(Text("Tên đơn vị chưa báo cáo", "Who has not reported"), "long", 70),
        Head(Text("Tên đơn vị đã gửi, chưa được tính", "Who sent, but nothing counts"), "long", 40),
        Head(Text("Tên đơn vị mới báo cáo một phần", "Who has reported in part"), "long", 40),
        Head(Text("Dòng giữ lại vì có lỗi", "Rows held back"), "number", 12),
    ]  # fmt: skip
    rows = [
        [
            _round(source, row), _GROUPS[row["unit_group"]].to(source.lang), row["expected"], row["reported"],
            *(row[name] for name in states), source.named(row, "absent") or None,
            source.named(row, "not_counted") or None, source.named(row, "partial") or None, row["held_back"],
        ]
        for row in _newest_first(source.rollup.coverage_rounds)
    ]  # fmt: skip
    page.table(heads, rows)
    if source.rollup.double_cover.height:
        page.section(
            Text("Báo cáo trùng địa bàn: số cộng được có thể tính hai lần", "Territory reported twice")
        )
        heads = [
            Head(Text("Kỳ", "Round")),
            Head(Text("Tỉnh mới", "Successor")),
            Head(Text("Tỉnh cũ", "Predecessor")),
        ]
        rows = [
            [_round(source, row), source.named(row, "successor_name"), source.named(row, "predecessor_name")]
            for row in source.rollup.double_cover.to_dicts()
        ]
        page.table(heads, rows)
    page.section(Text("Từng đơn vị", "Unit by unit"))
    heads = [
        Head(Text("Kỳ", "Round"), width=16), _UNIT, Head(Text("Nhóm", "Group"), width=20),
        Head(Text("Tình trạng", "State"), width=15),
        Head(Text("Nhận lúc (Hà Nội)", "Received (Hà Nội)"), "time", 18), Head(Text("Hạn", "Due"), "date", 12),
        Head(Text("Bản được tính, nhận lúc", "What counts, received"), "time", 18),
        Head(Text("Loại số liệu", "Figures"), width=18), Head(Text("Không phát sinh", "Nil"), width=10),
        Head(Text("Báo cáo thay bởi", "Reported by"), width=24),
        Head(Text("Còn thiếu", "Still missing"), width=24),
        Head(Text("Dòng giữ lại", "Rows held back"), "number", 10),
    ]  # fmt: skip
    listed = page.table(heads, [_coverage_row(source, row) for row in _newest_first(source.rollup.coverage)])
    page.mark(3, listed, {STATES[state].to(source.lang): colour for state, colour in STATE_COLOURS.items()})
    page.close()


def _newest_first(coverage: pl.DataFrame) -> list[dict[str, Any]]:
    return coverage.sort("year", "period_kind", descending=[True, False], maintain_order=True).to_dicts()


def _coverage_row(source: Source, row: Mapping[str, Any]) -> list[Cell]:
    nil = Text("có", "yes").to(source.lang) if row["nil_report"] else None
    return [
        _round(source, row), source.named(row), _GROUPS[str(row["unit_group"])].to(source.lang),
        STATES[str(row["state"])].to(source.lang), row["first_received_at"], row["on_time_until"], _replaced_at(row),
        source.label("figures_kinds", _text(row["figures_kind"])), nil, source.named(row, "reported_by"),
        source.named(row, "not_reported"), row["held_back"] or None,
    ]  # fmt: skip


def _replaced_at(row: Mapping[str, Any]) -> Cell:
    """Return when what counts came, where it is not what came first."""
    moment: datetime | None = row["received_at"]
    return moment if moment != row["first_received_at"] else None


def write_reconciliation(book: Workbook, look: Look, source: Source) -> None:
    """Write what adds up to what."""
    page = Page(book, look, source.lang, RECONCILIATION, Text("Đối chiếu số liệu", "Reconciliation"))
    page.note(
        Text(
            "Ở mọi dòng: cộng các đơn vị − trùng giữa các đơn vị = cả nước = đếm riêng. Số đếm lấy thẳng từ các dòng "
            "của tệp; kinh phí cộng từ các dòng hiện hành và cộng lại từ các dòng của tệp. Không khớp thì bảng này "
            "không được xuất ra.",
            "In every line: sum over units − counted in several units = nation = counted apart. Counts are taken "
            "straight from the rows of the files; funding is added up from the current rows and again from the rows "
            "of the files. Where they do not agree, no workbook is written.",
        )
    )
    page.row += 1
    heads = [
        Head(Text("Chỉ số", "Measure"), width=32), Head(Text("Kỳ", "Period"), width=13),
        Head(Text("Loại số liệu", "Figures"), width=18), Head(Text("Cách nhìn", "View"), width=12),
        Head(Text("Loại số kinh phí", "Kind of funding"), width=17),
        Head(Text("Cộng các đơn vị", "Sum over units"), "number", 21),
        Head(Text("Trùng giữa các đơn vị", "In several units"), "number", 16),
        Head(Text("Cả nước", "Nation"), "number", 21),
        Head(Text("Đếm riêng", "Counted apart"), "number", 21),
        Head(Text("Dòng của các tệp", "Rows of the files"), "number", 21),
    ]  # fmt: skip
    rows = [
        [
            source.measure(row["measure"]).to(source.lang), row["period"].replace("-", "–"),
            source.label("figures_kinds", row["figures_kind"]), row["view"],
            source.name("funding_kind", row["funding_kind"]), row["sum_over_units"], row["counted_in_several"],
            row["national"], row["counted_apart"], row["submitted"],
        ]
        for row in source.rollup.reconciliation.to_dicts()
    ]  # fmt: skip
    page.table(heads, rows, freeze=True)
    page.close()


def write_data(book: Workbook, look: Look, source: Source) -> None:
    """Write the headings of the long table of codes, under which its rows are put afterwards."""
    page = Page(book, look, source.lang, DATA, Text("Bảng số liệu dài", "The long table of figures"))
    page.note(
        Text(
            "Mã như trong danh mục; ô trống nghĩa là tất cả. Số của từng đơn vị theo công cụ, quy mô, ngành có "
            "trong bản .csv và .parquet.",
            "Codes as in the code lists; blank means all. Figures of units by tool, size and sector are in the "
            ".csv and .parquet.",
        )
    )
    heads = [
        Head(Text(name, name), "number" if name == "value" else "text", 20 if name == "value" else 15)
        for name in source.long_table.columns
    ]
    page.print_no_rows(heads)
    page.table(heads, [[None] * len(heads)], freeze=True)
    page.close()


def write_notes(book: Workbook, look: Look, source: Source) -> None:
    """Write what each figure means and which cuts exist."""
    page = Page(book, look, source.lang, NOTES, Text("Định nghĩa và cách đọc", "Definitions"))
    page.section(Text("Chỉ số", "Measures"))
    if source.rollup.unit is None:
        page.note(_GROWTH)
    heads = [
        Head(Text("Mã", "Id"), width=30), Head(Text("Tên", "Name"), "long", 36),
        Head(Text("Cộng được giữa các đơn vị", "Adds up over units"), width=16),
        Head(Text("Định nghĩa", "Definition"), "long", 110),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            row["id"], row[f"title_{source.lang}"], _YES_NO[row["additive"]].to(source.lang),
            row[f"definition_{source.lang}"],
        ]
        for row in source.rollup.measures.to_dicts()
    ]  # fmt: skip
    page.table(heads, rows)
    page.section(Text("Cách chia có sẵn", "Cuts that exist"))
    page.table(_CUT_HEADS, list(_cuts(source)))
    page.section(Text("Dữ liệu", "Data"))
    newest = source.rollup.received_until
    page.note(
        Text(*(text.format(day=clock(newest) if newest else "–") for text in RECEIVED)),
        *as_of_lines(source.rollup),
        Text(
            f"Phiên bản lược đồ, danh mục: {source.rollup.schemas_version}",
            f"Version of schemas and code lists: {source.rollup.schemas_version}",
        ),
    )
    page.close()


_CUT_HEADS = [
    Head(Text("Chiều, tên cột trong .csv", "Dimensions, columns of .csv"), width=30),
    Head(Text("Chia theo", "Cut by"), "long", 36),
    Head(Text("Có theo đơn vị", "By unit"), width=16),
    Head(Text("Chỉ số", "Measures"), "long", 110),
]


def _cuts(source: Source) -> Iterator[list[Cell]]:
    """Yield for each cut what it is called, and which measures have it."""
    measures = {group.file: group.measures for group in groups()}
    total = Text("(tổng số)", "(total)").to(source.lang)
    for row in source.rollup.dimensions.to_dicts():
        names = [TITLES[name].to(source.lang) for name in row["dimensions"].split(" × ") if name]
        counted = "; ".join(source.measure(one).to(source.lang) for one in measures[row["file"]])
        by_unit = _YES_NO[row["by_unit"]].to(source.lang)
        yield [row["dimensions"] or None, " × ".join(names) or total, by_unit, counted]


def _round(source: Source, row: Mapping[str, Any]) -> str:
    kind = source.label("period_kinds", str(row["period_kind"]))
    return f"{row['year']} · {kind}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
