"""Reads `arrivals.toml` and writes its files: what goes wrong between workbooks, one case after the other."""

import shutil
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl

from tests.case_files import GOOD_COVER
from tests.rollup_stores import TAX_CODES, rows_of
from tests.sheets import cover_rows, table_rows, write_openpyxl, write_xlsxwriter
from xltrack.forms import load_schemas
from xltrack.intake import Received, receive
from xltrack.pipeline.dating import dated
from xltrack.pipeline.examining import Reading, read_together
from xltrack.pipeline.model import Asked, FileResult
from xltrack.store import Submission

ARRIVALS = Path(__file__).resolve().parent / "arrivals.toml"
SCHEMAS = load_schemas()
FORM = SCHEMAS.form()
MERGED_IN = 2025


@dataclass(frozen=True)
class Arrival:
    """One case as written; the words are explained in `arrivals.toml`."""

    name: str
    vi: str
    en: str
    files: str
    sheets: Mapping[str, str] = field(default_factory=dict)
    expect: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    as_of: Mapping[str, int] = field(default_factory=dict)
    status: Mapping[str, str] = field(default_factory=dict)
    note_vi: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class Sent:
    """One file as it was examined: the result, and what is merged of it."""

    result: FileResult
    submission: Submission


def arrivals() -> tuple[Arrival, ...]:
    """Return all cases."""
    return tuple(Arrival(**case) for case in tomllib.loads(ARRIVALS.read_text(encoding="utf-8"))["case"])


def written(case: Arrival, folder: Path) -> list[Path]:
    """Write the files of `case` into `folder` and return their paths, in their order."""
    return [_write(row, case, folder) for row in rows_of(case.files)]


def sent(case: Arrival, folder: Path) -> list[Sent]:
    """Write the files of `case` into `folder` and return them examined, in their order."""
    came = [_moment(row.get("received", "2025-11-20")) for row in rows_of(case.files)]
    files = [replace(receive(path), arrival=at) for path, at in zip(written(case, folder), came, strict=True)]
    readings = read_together([Asked(file) for file in files], SCHEMAS)
    return [_examined(*one) for one in zip(files, readings, strict=True)]


def _moment(received: str) -> datetime | None:
    return None if received == "-" else datetime.fromisoformat(f"{received}T09:00").replace(tzinfo=UTC)


def _examined(file: Received, reading: Reading) -> Sent:
    result = dated(reading.result, reading.deadlines, file.arrival)
    assert result.verdict != "passed_over"
    return Sent(
        result, Submission(reading.workbook, result.verdict, file.content, file.arrival, result.findings)
    )


def _write(row: Mapping[str, str], case: Arrival, folder: Path) -> Path:
    path = folder / row["file"]
    if "garbage" in row:
        path.write_text("Kính gửi: xem tệp đính kèm.", encoding="utf-8")
    elif "like" in row:
        _COPIES[row["how"]](folder / row["like"], path)
    else:
        writer = write_openpyxl if ".o." in path.name else write_xlsxwriter
        writer(path, dict(_tabs(row, case)))
    return path


def _tabs(row: Mapping[str, str], case: Arrival) -> Iterator[tuple[str, list[Any]]]:
    yield FORM.cover.tab, cover_rows(FORM.cover, _cover(row))
    for sheet in FORM.tables:
        typed = rows_of(case.sheets.get(sheet.id) or "file")
        lines = [line for line in typed if line["file"] == row["file"]]
        yield (
            sheet.tab,
            [*table_rows(sheet, "|".join(sheet.by_id)), *(_typed(sheet, line, row) for line in lines)],
        )


def _cover(row: Mapping[str, str]) -> dict[str, Any]:
    part, _, count = row.get("part", "1/1").partition("/")
    year = int(row["year"])
    stated: dict[str, Any] = {
        "unit_code": row["unit"],
        "year": year,
        "period_kind": row.get("period", "Năm"),
        "cut_off_date": f"{14}/{'06' if row.get('period') == '6 tháng' else '12'}/{year}",
        "figures_kind": row.get("figures", "Số ước thực hiện"),
        "submission_no": int(row.get("number", "1")),
        "submission_kind": row.get("kind", "full"),
        "part_no": int(part),
        "part_count": int(count),
        "nil_report": row.get("nil", "Không"),
    }
    others = {name: row[name] for name in row if name.startswith(("funding_", "signed_"))}
    return GOOD_COVER | {"currency_unit": "million"} | stated | others


def _typed(sheet: Any, line: Mapping[str, str], sender: Mapping[str, str]) -> list[Any]:
    usual: dict[str, str] = {
        "programme": "1322",
        "province_code": _province(sender["unit"], int(sender["year"])),
    }
    stated = usual | dict(line)
    if "tax_code" in stated:
        stated["tax_code"] = TAX_CODES.get(stated["tax_code"], stated["tax_code"])
    return [_cell(sheet.by_id[name].type, stated.get(name)) for name in sheet.by_id]


def _province(unit: str, year: int) -> str:
    """Return where the enterprises of `unit` are at the end of the data of `year`."""
    return unit if year < MERGED_IN else SCHEMAS.units.successor.get(unit, unit)


def _cell(kind: str, text: str | None) -> Any:
    return text if text is None or kind not in ("integer", "number") else float(text)


def _same(source: Path, path: Path) -> None:
    shutil.copyfile(source, path)


def _packed(source: Path, path: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))


def _saved(source: Path, path: Path) -> None:
    openpyxl.load_workbook(source).save(path)


_COPIES = {"same": _same, "packed": _packed, "saved": _saved}
