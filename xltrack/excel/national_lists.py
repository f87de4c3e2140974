"""The sheets of what was aimed at and what stands in the way: targets, Plan 36, obstacles."""

from collections.abc import Iterator, Mapping
from typing import Any

from xlsxwriter import Workbook

from xltrack.excel.heads import Cell, Head
from xltrack.excel.national_page import Look, Page
from xltrack.excel.national_source import Source
from xltrack.language import Text
from xltrack.rollup.plan36 import TITLES
from xltrack.rollup.summary import target_of, target_text

TARGETS = Text("Chỉ tiêu", "Targets")
PLAN36 = Text("Kế hoạch 36", "Plan 36")
OBSTACLES = Text("Vướng mắc", "Obstacles")
_UNIT = Head(Text("Đơn vị", "Unit"), width=28)


def write_targets(book: Workbook, look: Look, source: Source) -> None:
    """Write the programmes' targets beside what was counted, then the targets that units stated."""
    page = Page(book, look, source.lang, TARGETS, Text("Chỉ tiêu và kết quả", "Targets and results"))
    if source.rollup.unit is None:
        _write_national_targets(page, source)
    page.section(Text("Chỉ tiêu do các đơn vị báo cáo", "Targets stated by units"))
    heads = [
        Head(Text("Chỉ tiêu", "Indicator"), "long", 40), Head(Text("Kỳ", "Period"), width=13),
        Head(Text("Đơn vị tính", "Measured in"), width=15), Head(Text("Mục tiêu", "Target"), "decimal", 11),
        Head(Text("Thực hiện", "Actual"), "decimal", 11),
        Head(Text("Ước thực hiện", "Estimate"), "decimal", 13),
        Head(Text("Đơn vị báo cáo", "Unit"), width=28), Head(Text("Văn bản giao", "Document"), "long", 30),
    ]  # fmt: skip
    page.table(heads, [_unit_target(source, row) for row in source.rollup.unit_targets.to_dicts()])
    page.close()


def _write_national_targets(page: Page, source: Source) -> None:
    page.section(Text("Chỉ tiêu quốc gia", "National targets"))
    heads = [
        Head(Text("Chỉ tiêu", "Indicator"), "long", 40), Head(Text("Giai đoạn", "Period"), width=13),
        Head(Text("Đơn vị tính", "Measured in"), width=15), Head(Text("Mục tiêu", "Target"), width=11),
        Head(Text("Kết quả", "Result"), "decimal", 13), Head(Text("Loại số liệu", "Figures"), width=18),
        Head(Text("Cách tính", "How it was counted"), "long", 44),
        Head(Text("Nguồn của chỉ tiêu", "Source"), "long", 44),
    ]  # fmt: skip
    page.table(heads, [_target(source, row) for row in source.rollup.national_targets.to_dicts()])
    page.print_no_rows(heads)


def _target(source: Source, row: Mapping[str, Any]) -> list[Cell]:
    checked = "" if row["verified"] else Text(" (chưa kiểm chứng)", " (unverified)").to(source.lang)
    target = target_text(row["target_low"], row["target_high"], source.lang) or "–"
    return [
        source.named(row, "indicator"), str(row["period"]).replace("-", "–"), _measured_in(source, row),
        target, _number(row["value"]), source.label("figures_kinds", _text(row["figures_kind"])),
        source.named(row, "detail"), f"{row['source_vi' if source.lang == 'vi' else 'source']}{checked}",
    ]  # fmt: skip


def _measured_in(source: Source, row: Mapping[str, Any]) -> str | None:
    entry = source.schemas.code_lists["indicators"].by_code.get(str(row["indicator_code"]))
    translated = entry.extra.get("unit_en") if entry and source.lang == "en" else None
    return translated or _text(row["measured_in"])


def _unit_target(source: Source, row: Mapping[str, Any]) -> list[Cell]:
    values = (row[name] for name in ("target_value", "actual_value", "estimate_value"))
    return [
        source.named(row, "indicator"), str(row["period"]).replace("-", "–"), _text(row["measured_in"]),
        *(_number(value) for value in values), source.named(row), _text(row["document_no"]),
    ]  # fmt: skip


def write_plan36(book: Workbook, look: Look, source: Source) -> None:
    """Write how many provinces stand where, in both views, and every unit by name."""
    page = Page(
        book,
        look,
        source.lang,
        PLAN36,
        Text("Kế hoạch 36: tiến độ của các địa phương", "Plan 36: progress of provinces"),
    )
    if source.rollup.unit is None:
        page.note(_steps_note(source))
    page.note(
        Text(
            "Cách nhìn 34: tỉnh hợp nhất lấy bước xa nhất của các tỉnh cũ cho đến khi tự báo cáo tiến độ của "
            "mình. Cách nhìn 63: kế hoạch của tỉnh hợp nhất đứng riêng, không tính.",
            "View 34: a merged province has the furthest step of those it was made of until it reports its own. "
            "View 63: the plan of a merged province stands apart and is not counted.",
        ),
    )
    if source.rollup.unit is None:
        _write_steps(page, source)
    page.section(Text("Từng đơn vị", "Unit by unit"))
    heads = [
        Head(Text("Đơn vị", "Unit"), width=28), Head(Text("Cách nhìn", "View"), "text", 14),
        Head(Text("Bước", "Step"), width=16), Head(Text("Số văn bản", "Document"), width=18),
        Head(Text("Ngày văn bản", "Dated"), "date", 14),
        Head(Text("Theo báo cáo của", "As reported by"), width=24),
        Head(Text("Lưu ý", "Remark"), "long", 50),
    ]  # fmt: skip
    page.table(heads, [_plan36_row(source, row) for row in source.rollup.plan36.to_dicts()])
    page.close()


def _steps_note(source: Source) -> Text:
    by_2025, by_2030 = (
        target_of(source.rollup, "PROVINCES-PLAN36", period, source.lang) or "–"
        for period in ("2021-2025", "2026-2030")
    )
    return Text(
        f"“Đã ban hành” cần số văn bản; bước sau chỉ tính khi đã ban hành. Mục tiêu: {by_2025} tỉnh đến 2025, "
        f"{by_2030} tỉnh đến 2030 (đặt ra khi có 63 tỉnh).",
        f"“Issued” needs the number of the document; later steps count only once issued. Targets: {by_2025} "
        f"provinces by 2025, {by_2030} by 2030 (set for 63 provinces).",
    )


def _write_steps(page: Page, source: Source) -> None:
    page.section(Text("Số tỉnh theo bước", "Provinces by step"))
    heads = [
        Head(Text("Bước", "Step"), width=28),
        Head(Text("63 tỉnh: ở bước này", "63: at this step"), "number", 14),
        Head(Text("63 tỉnh: từ bước này trở lên", "63: this step or beyond"), "number", 16),
        Head(Text("34 tỉnh: ở bước này", "34: at this step"), "number", 14),
        Head(Text("34 tỉnh: từ bước này trở lên", "34: this step or beyond"), "number", 16),
    ]  # fmt: skip
    page.table(heads, list(_plan36_counts(source)))


def _plan36_counts(source: Source) -> Iterator[list[Cell]]:
    counts = {(row["view"], row["status"]): row for row in source.rollup.plan36_counts.to_dicts()}
    for status, title in TITLES.items():
        numbers = [counts[view, status][name] for view in ("63", "34") for name in ("at_stage", "reached")]
        yield [title.to(source.lang), *numbers]


def _plan36_row(source: Source, row: Mapping[str, Any]) -> list[Cell]:
    units = source.schemas.units.by_code
    by = units[str(row["reported_by"])] if row["reported_by"] else None
    remarks = []
    if row["number_missing"]:
        remarks.append(
            Text(
                "đã thực hiện nhưng thiếu số văn bản ban hành", "carried out, but the document has no number"
            )
        )
    if not row["counted"]:
        remarks.append(Text("không tính vào số tỉnh", "not counted among the provinces"))
    reported_by = (
        None
        if by is None or by.code == row["unit_code"]
        else f"{by.name.to(source.lang)} ({by.scheme or '–'})"
    )
    day = row["document_date"]
    return [
        source.named(row), f"{row['view']}", TITLES[str(row["status"])].to(source.lang), _text(row["document_no"]),
        day if not isinstance(day, str | int | float) else None, reported_by,
        "; ".join(remark.to(source.lang) for remark in remarks) or None,
    ]  # fmt: skip


def write_obstacles(book: Workbook, look: Look, source: Source) -> None:
    """Write the obstacles, newest year first, the Prime Minister's first."""
    page = Page(
        book,
        look,
        source.lang,
        OBSTACLES,
        Text("Khó khăn, vướng mắc và kiến nghị", "Obstacles and proposals"),
    )
    heads = [
        Head(Text("Năm", "Year"), width=9), Head(Text("Cấp giải quyết", "Level"), width=24), _UNIT,
        Head(Text("Loại", "Category"), "long", 22), Head(Text("Khó khăn, vướng mắc", "Obstacle"), "long", 48),
        Head(Text("Nguyên nhân", "Cause"), "long", 30),
        Head(Text("Đề xuất, kiến nghị", "Proposal"), "long", 48),
        Head(Text("Trạng thái", "Status"), width=16),
    ]  # fmt: skip
    rows = [
        [
            str(row["year"]), source.label("deciding_levels", row["level"]), source.named(row),
            source.label("obstacle_categories", row["category"]), row["obstacle"], row["cause"], row["proposal"],
            source.label("obstacle_statuses", row["status"]),
        ]
        for row in source.rollup.obstacles.to_dicts()
    ]  # fmt: skip
    page.row += 1
    page.table(heads, rows, freeze=True)
    page.close()


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
