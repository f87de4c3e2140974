"""Traces for people and programs: text, CSV, JSON."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal

from xltrack.excel.status_words import REASONS, state_name
from xltrack.findings.masking import masked, visible
from xltrack.forms import Schemas
from xltrack.hanoi import clock, in_hanoi
from xltrack.language import Lang, Text
from xltrack.report.csv_result import safe
from xltrack.rollup import DIMENSIONS
from xltrack.rollup.backward import Parts
from xltrack.rollup.definitions import measures
from xltrack.rollup.labels import cut
from xltrack.rollup.summary import KINDS, number
from xltrack.rollup.trace import Trace, adds_up, group_of

Form = Literal["text", "csv", "json"]
SCHEMA_VERSION = "1.0"
_MOST_RANGES = 12
"""So many ranges of cells are listed for one file; CSV and JSON have every cell."""


def told(found: Trace | Parts, form: Form, schemas: Schemas, lang: Lang) -> bytes:
    """Return a trace in either direction in the form that was asked for."""
    if form == "csv":
        return trace_csv(found) if isinstance(found, Trace) else parts_csv(found)
    if form == "json":
        return f"{trace_json(found) if isinstance(found, Trace) else parts_json(found)}\n".encode()
    if isinstance(found, Trace):
        return f"{trace_text(found, schemas, lang)}\n".encode()
    return f"{parts_text(found, schemas, lang)}\n".encode()


def trace_text(found: Trace, schemas: Schemas, lang: Lang) -> str:
    """Return the figure, how its cells make it up, and file by file where they stand."""
    lines = [_title(found, schemas).to(lang), *(line.to(lang) for line in _in_workbook(found))]
    lines += [line.to(lang) for line in _kinds(found)]
    lines += [line.to(lang) for line in _silent(found, schemas)]
    lines += [_made_of(found, schemas).to(lang), ""]
    for _, rows in groupby(found.rows.to_dicts(), key=lambda row: row["sha256"]):
        lines += _file(list(rows), schemas, lang)
    return "\n".join(lines).rstrip()


def trace_csv(found: Trace) -> bytes:
    """Return a line for each cell: UTF-8 with the mark of Excel, RFC 4180; no text becomes a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(found.rows.columns)
    writer.writerows([safe(_shown(value)) for value in row] for row in found.rows.iter_rows())
    return text.getvalue().encode("utf-8-sig")


def trace_json(found: Trace) -> str:
    """Return the figure and its cells as JSON."""
    figure = {
        **vars(found.figure),
        "cut": dict(found.figure.cut),
        "value": found.value,
        "kinds": list(found.kinds),
    }
    figure["silent"] = [{"year": year, "unit_code": code} for year, code in found.silent]
    said = found.in_workbook
    as_of = said.as_of.isoformat() if said and said.as_of else None
    figure["in_workbook"] = {"value": said.value, "as_of": as_of} if said else None
    cells = [{name: _shown(value) for name, value in row.items()} for row in found.rows.to_dicts()]
    return json.dumps(
        {"schema_version": SCHEMA_VERSION, "figure": figure, "cells": cells}, ensure_ascii=False, indent=1
    )


def parts_text(found: Parts, schemas: Schemas, lang: Lang) -> str:
    """Return what stands in the cell, and measure by measure the figures that its row is counted in."""
    cell = found.cell
    place = f"{cell.file_name} · {cell.tab}!{cell.cell}"
    value = "" if cell.value is None else f": {_shown(cell.value)}"
    lines = [f"{visible(place)}{value}", _standing(found).to(lang), ""]
    for (measure, kind), rows in groupby(
        found.figures.to_dicts(), key=lambda row: (row["measure"], row["figures_kind"])
    ):
        lines += _measure(measure, kind, list(rows), schemas, lang)
    return "\n".join(lines).rstrip()


def parts_json(found: Parts) -> str:
    """Return the cell and the figures as JSON; a null unit is the nation, a null dimension all of it."""
    cell = {name: _shown(value) for name, value in vars(found.cell).items()}
    figures = [{name: _shown(value) for name, value in row.items()} for row in found.figures.to_dicts()]
    return json.dumps(
        {"schema_version": SCHEMA_VERSION, "cell": cell, "figures": figures}, ensure_ascii=False, indent=1
    )


def parts_csv(found: Parts) -> bytes:
    """Return a line for each figure."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(found.figures.columns)
    writer.writerows([safe(_shown(value)) for value in row] for row in found.figures.iter_rows())
    return text.getvalue().encode("utf-8-sig")


def _title(found: Trace, schemas: Schemas) -> Text:
    figure = found.figure
    measure, kind = _names(figure.measure), KINDS[figure.figures_kind]
    where = _where(figure.unit_code, figure.view, schemas)
    cuts = [cut(schemas, figure.measure, name, [code]) for name, code in figure.cut.items()]
    value = _amount(found.value, figure.measure)
    period = figure.period.replace("-", "–")
    return Text(
        f"{measure.vi} · {period} ({kind.vi}) · {' · '.join(one.vi for one in (where, *cuts))}: {value.vi}",
        f"{measure.en} · {period} ({kind.en}) · {' · '.join(one.en for one in (where, *cuts))}: {value.en}",
    )


def _in_workbook(found: Trace) -> Iterator[Text]:
    """Yield what stands in the workbook where the store counts otherwise, and which option brings that back."""
    said = found.in_workbook
    if said is None:
        return
    vi, en = _amount(said.value, found.figure.measure)
    if said.as_of is None:
        yield Text(
            f"Trong tệp, số này là {vi}: tệp được lập khi kho dữ liệu chưa như bây giờ, hoặc ô đã bị sửa.",
            f"In the workbook it is {en}: that was made when the store was not as it is now, or the cell was changed.",
        )
    else:
        option = f"--as-of {said.as_of.isoformat()}"
        yield Text(
            f"Trong tệp, số này là {vi}: tệp được lập trước khi kho dữ liệu có những báo cáo đến sau. Số ở trên và các "
            f"ô ở dưới là theo kho bây giờ; theo kho lúc ấy: {option}.",
            f"In the workbook it is {en}: that was made before the store had later returns. The figure above and the "
            f"cells below are those of the store now; those of then: {option}.",
        )


def _kinds(found: Trace) -> Iterator[Text]:
    """Yield that the returns have figures of another kind too, or only estimates."""
    shown = found.figure.figures_kind
    if found.kinds == ("estimate",) == (shown,):
        yield Text("Kỳ này chỉ có số ước thực hiện.", "This period has estimates only.")
    for kind in found.kinds:
        if kind != shown:
            yield Text(
                f"Kỳ này còn có số {KINDS[kind].vi}, không cộng ở đây: xem bằng --figures {kind}.",
                f"This period also has {KINDS[kind].en} figures, not added here: see them by --figures {kind}.",
            )


def _silent(found: Trace, schemas: Schemas) -> Iterator[Text]:
    """Yield that the figure is one of a part, and who has not reported."""
    units = [(year, schemas.units.by_code[code].name) for year, code in found.silent]
    if units:
        vi, en = (", ".join(f"{name.to(lang)} ({year})" for year, name in units) for lang in ("vi", "en"))
        yield Text(
            f"Mới có một phần, chưa có báo cáo của: {vi}.", f"In part only, without the returns of {en}."
        )


def _names(measure: str) -> Text:
    row = measures().filter(id=measure).row(0, named=True)
    return Text(row["title_vi"], row["title_en"])


def _amount(value: int, measure: str) -> Text:
    """Return the value of a measure, money with its unit."""
    row = measures().filter(id=measure).row(0, named=True)
    unit = Text(" đồng", " VND") if row["unit"] == "VND" else Text("", "")
    return Text(f"{number(value, 'vi')}{unit.vi}", f"{number(value, 'en')}{unit.en}")


def _where(code: str | None, view: str, schemas: Schemas) -> Text:
    if code is None:
        return Text("cả nước", "the nation")
    unit = schemas.units.by_code.get(code)
    side = Text(f"tính theo {view} tỉnh", f"by {view} provinces")
    if view == "reported":
        side = Text("theo đơn vị báo cáo", "as reported")
    if unit is None:
        return Text(f"chưa phân bổ ({side.vi})", f"not allocated ({side.en})")
    return Text(f"{unit.name.vi} ({code}, {side.vi})", f"{unit.name.en} ({code}, {side.en})")


def _made_of(found: Trace, schemas: Schemas) -> Text:
    """Return how the cells make the figure up; the trace has checked that they do."""
    files = found.rows["sha256"].n_unique()
    cells = [number(found.rows.height, lang) for lang in ("vi", "en")]
    group = group_of(found.figure)
    value = _amount(found.value, found.figure.measure)
    if group.scoped or group.aggregate == "distinct":
        made = Text(
            f"{value[0]} mã số thuế khác nhau (chi nhánh tính cùng doanh nghiệp)",
            f"{value[1]} different tax codes (a branch counts as its enterprise)",
        )
    elif adds_up(found.figure.measure, schemas):
        made = Text(f"cộng lại được {value[0]}", f"which add up to {value[1]}")
    else:
        made = Text(f"{value[0]} dòng", f"{value[1]} rows")
    return Text(
        f"Khớp: {cells[0]} ô trong {files} tệp, {made.vi}.",
        f"It agrees: {cells[1]} cell{_s(found.rows.height)} in {files} file{_s(files)}, {made.en}.",
    )


def _s(number_of_them: int) -> str:
    return "" if number_of_them == 1 else "s"


def _file(rows: Sequence[Mapping[str, Any]], schemas: Schemas, lang: Lang) -> Iterator[str]:
    first = rows[0]
    unit = schemas.units.by_code.get(first["unit_code"])
    arrival = clock(_local(first["received_at"])) if first["received_at"] else "–"
    received = Text(f"nhận {arrival}", f"received {arrival}").to(lang)
    # The path of a file ends with its name; what a message is called does not.
    source = "" if first["source"].endswith(first["file_name"]) else f" · {visible(first['source'])}"
    name = f"{unit.name.to(lang)} ({unit.code})" if unit else first["unit_code"]
    file = f"{visible(first['file_name'])}{source} · {received} · SHA-256 {first['sha256'][:12]}"
    yield f"{name} · {first['year']} · {file}"
    yield f"  {visible(first['tab'])}: {_ranges(rows, lang)}"


def _ranges(rows: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """Return the cells, those below each other as one range."""
    letters = rows[0]["cell"].rstrip("0123456789") if rows[0]["cell"] else ""
    runs: list[list[int]] = []
    for line in sorted({row["row"] for row in rows}):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    texts = [f"{letters}{a}" if a == b else f"{letters}{a}:{letters}{b}" for a, b in runs]
    word = "" if letters else Text("dòng ", "row ").to(lang)
    more = len(texts) - _MOST_RANGES
    tail = Text(f" … và {more} chỗ nữa", f" … and {more} more places").to(lang) if more > 0 else ""
    return f"{word}{', '.join(texts[:_MOST_RANGES])}{tail}"


def _standing(found: Parts) -> Text:
    cell = found.cell
    state = state_name(cell.state, cell.reason)
    reason = REASONS.get(cell.reason or "")
    why = Text(f"{state.vi} ({reason.vi})", f"{state.en} ({reason.en})") if reason else state
    if cell.file_no is None:
        return Text(f"Tệp không được tính: {why.vi}.", f"The file does not count: {why.en}.")
    if not cell.counts:
        return Text("Dòng này đã được một bản sửa đổi thay thế.", "A correction has replaced this row.")
    if found.figures.is_empty():
        return Text("Dòng này không có trong số liệu nào được tính.", "No figure is made of this row.")
    return Text("Dòng này được tính trong:", "This row is counted in:")


def _measure(
    measure: str, kind: str, rows: Sequence[Mapping[str, Any]], schemas: Schemas, lang: Lang
) -> Iterator[str]:
    periods = ", ".join(dict.fromkeys(row["period"].replace("-", "–") for row in rows))
    units = dict.fromkeys((row["unit_code"], row["view"]) for row in rows if row["unit_code"])
    nation = [Text("cả nước", "the nation").to(lang)] if any(row["unit_code"] is None for row in rows) else []
    places = [*nation, *(_where(code, view, schemas).to(lang) for code, view in units)]
    yield f"{_names(measure).to(lang)} ({KINDS[kind].to(lang)}): {periods}"
    yield f"  {'; '.join(places)}"
    for name in DIMENSIONS:
        codes = dict.fromkeys(row[name] for row in rows if row[name])
        if codes:
            yield f"  {cut(schemas, measure, name, codes).to(lang)}"


def _local(moment: datetime) -> datetime:
    return in_hanoi(moment.replace(tzinfo=UTC))


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return _local(value).isoformat()
    return visible(masked(value)) if isinstance(value, str) and not _is_hash(value) else value


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)
