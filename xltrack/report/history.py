"""The history of a unit or an enterprise, for people and programs."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import StringIO
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from xltrack.excel.status_words import REASONS, REMEDIES, state_name
from xltrack.findings.masking import masked, visible
from xltrack.forms import Schemas, Unit
from xltrack.hanoi import clock, in_hanoi, known_until
from xltrack.language import Lang, Text
from xltrack.rollup.summary import number
from xltrack.store.known import EnterpriseHistory, UnitHistory, aware

SCHEMA_VERSION = "1.0"
_TITLES = {
    "submissions": Text("Các lần gửi", "Submissions"),
    "focal_agencies": Text("Cơ quan đầu mối", "Focal agencies"),
    "waivers": Text("Miễn trừ", "Waivers"),
    "enterprises": Text("Tên, quy mô, đơn vị báo cáo", "Names, sizes, units"),
    "applications": Text("Các lượt áp dụng", "Applications"),
}
_HEADS = {
    "year": Text("Năm", "Year"), "period_kind": Text("Kỳ", "Period"), "unit_code": Text("Đơn vị", "Unit"),
    "submission_no": Text("Lần", "No."), "submission_kind": Text("Loại", "Kind"), "part": Text("Phần", "Part"),
    "figures_kind": Text("Số liệu", "Figures"), "received_at": Text("Nhận lúc (Hà Nội)", "Received (Hà Nội)"),
    "state": Text("Tình trạng", "State"), "errors": Text("Lỗi", "Errors"), "warnings": Text("Cảnh báo", "Warnings"),
    "held_back": Text("Dòng giữ lại", "Rows held back"),
    "file_name": Text("Tệp", "File"), "sha256": Text("SHA-256", "SHA-256"), "programme": Text("CT", "Prog."),
    "agency_name": Text("Cơ quan", "Agency"), "designation_no": Text("Văn bản", "Document"),
    "designated_on": Text("Ngày", "Dated"), "valid_from": Text("Từ", "From"), "valid_to": Text("Đến", "Until"),
    "number": Text("Số", "No."), "code": Text("Mã", "Code"), "reason": Text("Lý do", "Reason"),
    "by": Text("Người quyết định", "By"), "until": Text("Đến hết", "Until"), "tax_code": Text("Mã số thuế", "Tax code"),
    "enterprise_name": Text("Tên", "Name"), "legal_form": Text("Loại hình", "Legal form"),
    "former_province_code": Text("Tỉnh cũ", "Former province"), "declared_size": Text("Quy mô khai", "Declared size"),
    "insured_workers": Text("Lao động", "Workers"), "revenue": Text("Doanh thu (đồng)", "Revenue (VND)"),
    "total_capital": Text("Nguồn vốn (đồng)", "Capital (VND)"),
    "first_supported_year": Text("Hỗ trợ từ", "Supported since"), "application_id": Text("Mã áp dụng", "Application"),
    "tool": Text("Công cụ", "Tool"), "status": Text("Trạng thái", "Status"), "start_date": Text("Bắt đầu", "Start"),
    "end_date": Text("Kết thúc", "End"), "certificate_no": Text("Giấy chứng nhận", "Certificate"),
    "pilot_model": Text("Mô hình điểm", "Pilot model"), "place": Text("Ở", "Where"),
}  # fmt: skip
_LISTS = {
    "period_kind": "period_kinds", "submission_kind": "submission_kinds", "figures_kind": "figures_kinds",
    "legal_form": "legal_forms", "declared_size": "sizes", "status": "application_statuses",
}  # fmt: skip

_UNBROKEN = 100_000
"""A width in characters that no row reaches."""
_IN_PART = Text("Được tính một phần", "Counts in part")

Found = UnitHistory | EnterpriseHistory


def history_text(found: Found, schemas: Schemas, lang: Lang, width: int | None = None) -> str:
    """Return who it is, and a table for each thing known, at most `width` characters wide (None: as wide as it is)."""
    lines = [line.to(lang) for line in _who(found)]
    lines += [known_until(found.as_of).to(lang)] if found.as_of else []
    for name, frame in _sections(found).items():
        if frame.height:
            lines += ["", _TITLES[name].to(lang), _table(frame, schemas, lang, width)]
            lines += [line.to(lang) for line in _to_do(frame)]
    return "\n".join(line.rstrip() for line in lines).rstrip()


def history_json(found: Found) -> str:
    """Return the same as JSON, codes as the store has them."""
    document: dict[str, object] = {"schema_version": SCHEMA_VERSION, "as_of": found.as_of}
    if isinstance(found, UnitHistory):
        document["units"] = [{"code": unit.code, "name": unit.name.vi} for unit in found.related]
    else:
        document["tax_codes"] = [masked(code) for code in found.codes]
    for name, frame in _sections(found).items():
        document[name] = [{key: _plain(value) for key, value in row.items()} for row in frame.to_dicts()]
    return json.dumps(document, ensure_ascii=False, indent=1, default=_plain)


def _who(found: Found) -> Iterator[Text]:
    if isinstance(found, EnterpriseHistory):
        code = masked(found.tax_code)
        yield Text(f"Mã số thuế {code}", f"Tax code {code}")
        if len(found.codes) > 1:
            former = ", ".join(map(masked, found.codes[1:]))
            yield Text(f"Mã trước đây: {former}", f"Former codes: {former}")
        return
    yield _named(found.unit)
    for unit in found.related[1:]:
        before = unit.valid_to is not None and found.unit.valid_to is None
        named = _named(unit)
        word = Text("được lập từ", "made of") if before else Text("nay thuộc", "now part of")
        yield Text(f"  {word.vi} {named.vi}", f"  {word.en} {named.en}")


def _named(unit: Unit) -> Text:
    first, last = (f"{day:%d/%m/%Y}" if day else "" for day in (unit.valid_from, unit.valid_to))
    span = Text(f" (từ {first})" if first else "", f" (since {first})" if first else "")
    if last:
        span = Text(f" (đến {last})", f" (until {last})")
    return Text(f"{unit.name.vi} ({unit.code}){span.vi}", f"{unit.name.en} ({unit.code}){span.en}")


def _sections(found: Found) -> Mapping[str, pl.DataFrame]:
    if isinstance(found, EnterpriseHistory):
        return {"enterprises": _placed(found.enterprises), "applications": _placed(found.applications)}
    part = pl.concat_str("part_no", "part_count", separator="/").alias("part")
    submissions = found.submissions.with_columns(
        pl.when(pl.col("part_count") > 1).then(part).alias("part")
    ).drop("part_no", "part_count")
    rows = [
        (w.number, m.code, m.unit, m.year, w.reason, w.by, w.until)
        for w, m in ((one.waiver, one.meant) for one in found.waivers)
    ]
    names = ("number", "code", "unit_code", "year", "reason", "by", "until")
    return {
        "submissions": submissions,
        "focal_agencies": found.focal_agencies,
        "waivers": pl.DataFrame(rows, schema=names, orient="row"),
    }


def _to_do(frame: pl.DataFrame) -> Iterator[Text]:
    """Yield once for each reason why a file of `frame` is held what has to be done about it."""
    reasons = frame["reason"].unique(maintain_order=True) if "state" in frame.columns else ()
    for reason in reasons:
        if remedy := REMEDIES.get(reason or ""):
            why = REASONS[reason]
            yield Text(f"  {why.vi}: {remedy.vi}.", f"  {why.en}: {remedy.en}.")


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with where each row stands in one column."""
    place = pl.format("{}!{}:{}", "tab", "row", "row").alias("place")
    return frame.with_columns(place).drop("tab", "row")


def _table(frame: pl.DataFrame, schemas: Schemas, lang: Lang, width: int | None) -> str:
    """Return the table of `frame` without the columns in which nothing stands."""
    kept = [name for name in frame.columns if _is_shown(name, frame)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in kept:
        table.add_column(
            _HEADS[name].to(lang),
            justify="right" if frame[name].dtype.is_integer() else "left",
            overflow="fold",
        )
    for row in frame.to_dicts():
        table.add_row(*(_cell(name, row, schemas, lang) for name in kept))
    console = Console(
        file=StringIO(), width=width or _UNBROKEN, color_system=None, markup=False, highlight=False
    )
    with console.capture() as shown:
        console.print(table)
    return "\n".join(line.rstrip() for line in shown.get().splitlines())


def _is_shown(name: str, frame: pl.DataFrame) -> bool:
    """Return whether a column says anything of its own; why a file stands as it does is told with how it stands."""
    told_elsewhere = name == "reason" and "state" in frame.columns
    return name in _HEADS and not told_elsewhere and any(value not in (None, 0) for value in frame[name])


def _cell(name: str, row: Mapping[str, Any], schemas: Schemas, lang: Lang) -> str:
    value = row[name]
    if value is None:
        return ""
    if name == "state":
        reason = REASONS.get(row.get("reason") or "")
        in_part = value == "current" and row.get("held_back")
        state = (_IN_PART if in_part else state_name(value, row.get("reason"))).to(lang)
        return f"{state}: {reason.to(lang)}" if reason else state
    if name == "sha256":
        return str(value)[:12]
    if name in _LISTS:
        entry = schemas.code_lists[_LISTS[name]].by_code.get(value)
        return entry.label.to(lang) if entry else str(value)
    return _said(value, lang)


def _said(value: Any, lang: Lang) -> str:
    if isinstance(value, datetime):
        moment = aware(value)
        return clock(moment) if moment else ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return (Text("có", "yes") if value else Text("không", "no")).to(lang)
    if isinstance(value, int) and value > 9999:
        return number(value, lang)
    return visible(masked(str(value)))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return in_hanoi(aware(value) if value.tzinfo is None else value).isoformat()  # type: ignore[arg-type]
    if isinstance(value, date):
        return value.isoformat()
    return masked(value) if isinstance(value, str) and len(value) < 64 else value
