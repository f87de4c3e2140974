"""Makes rounds of workbooks whose content is known: filled forms, by two writers."""

import datetime as dt
import hashlib
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from xltrack.demo.tax_codes import invented_codes
from xltrack.forms import Column, Schemas, Sheet, load_schemas

CACHE = Path(tempfile.gettempdir()) / "xltrack-benchmarks"
_MILLION = 1_000_000
_MONEY = ("revenue", "amount")

Value = str | int | float | bool | dt.date
Row = Mapping[str, Value]
Lines = list[list[Value | None]]


@dataclass(frozen=True)
class Content:
    """What was written: cells with content, rows of data, and the sum of `revenue` and `amount` in đồng."""

    cells: int = 0
    rows: int = 0
    money: int = 0

    def __add__(self, other: "Content") -> "Content":
        """Return the content of both."""
        return Content(self.cells + other.cells, self.rows + other.rows, self.money + other.money)


@dataclass(frozen=True)
class Order:
    """A round of `workbooks`, each with `rows` rows in each of four sheets, written by "xlsxwriter" or "openpyxl".

    Up to 34 are the returns of the 34 provinces for 2025, more those of the 63 for 2024, each for as long as there are
    units; further ones replace the first.
    """

    workbooks: int
    rows: int
    writer: str = "xlsxwriter"

    @property
    def year(self) -> int:
        """Return the year that is reported on."""
        return 2025 if self.workbooks <= len(_units("34")) else 2024

    def unit(self, number: int) -> str:
        """Return the code of the unit that sends the workbook `number`."""
        units = self._senders
        return units[number % len(units)]

    def submission(self, number: int) -> int:
        """Return the number of the submission that the workbook `number` is for its unit."""
        return number // len(self._senders) + 1

    @property
    def _senders(self) -> list[str]:
        return _units("34" if self.year == 2025 else "63")


@dataclass(frozen=True)
class Round:
    """The workbooks of an order where they lie, and what all of them hold together."""

    paths: tuple[Path, ...]
    content: Content


def make_round(order: Order) -> Round:
    """Return the workbooks of `order`, made if they do not lie in the cache yet."""
    folder = CACHE / _name(order)
    made = CACHE / f"{folder.name}.json"
    if not made.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            contents = pool.map(partial(_write, order, folder), range(order.workbooks))
            made.write_text(json.dumps(asdict(sum(contents, Content()))), encoding="utf-8")
    content = Content(**json.loads(made.read_text(encoding="utf-8")))
    return Round(tuple(sorted(folder.glob("*.xlsx"))), content)


def content_of(order: Order, number: int) -> Content:
    """Return what the workbook `number` of `order` holds."""
    lines, tables = lines_of(order, number), tables_of(order, number)
    cells = sum(1 for rows in lines.values() for row in rows for value in row if value is not None)
    written = [row for rows in tables.values() for row in rows]
    money = sum(int(str(row[column])) for row in written for column in _MONEY if column in row)
    return Content(cells, len(written), money * _MILLION)


def write_workbook(order: Order, number: int, path: Path) -> Path:
    """Write the workbook `number` of `order` to `path`."""
    _WRITERS[order.writer](path, lines_of(order, number))
    return path


def lines_of(order: Order, number: int) -> dict[str, Lines]:
    """Return the cells of the workbook `number`, tab by tab: titles, ids, headings, rows."""
    schemas = load_schemas()
    form = schemas.form()
    tables = tables_of(order, number)
    found = {form.cover.tab: _cover(form.cover, schemas, _cover_values(order, number, tables["funding"]))}
    for sheet in form.tables:
        found[sheet.tab] = [*_head(sheet), *_body(sheet, tables.get(sheet.id, ()), schemas)]
    return found


def tables_of(order: Order, number: int) -> dict[str, list[Row]]:
    """Return the rows of the workbook `number` by sheet: codes, and money in million đồng."""
    chance = random.Random(number)
    enterprises = list(_enterprises(order, number, chance))
    applications = list(_applications(enterprises, order.year, chance))
    return {
        "enterprises": enterprises,
        "applications": applications,
        "funding": list(_funding(applications, order.year, chance)),
        "training": list(_training(order, chance)),
    }


def _enterprises(order: Order, number: int, chance: random.Random) -> Iterator[Row]:
    codes = islice(invented_codes(), number * order.rows, None)
    for at, code in enumerate(islice(codes, order.rows)):
        workers = chance.randint(3, 190)
        yield {
            "tax_code": code,
            "enterprise_name": f"Công ty TNHH Sản xuất và Thương mại Ví Dụ {number}-{at}",
            "legal_form": "enterprise",
            "province_code": order.unit(number),
            "address": f"Lô {chance.choice('ABCDE')}{chance.randint(1, 30)}, Cụm công nghiệp Dựng Thử",
            "main_activity": chance.choice(
                ("Chế biến nông sản", "Cơ khí chính xác", "Dệt may", "Gỗ và đồ nội thất")
            ),
            "insured_workers": workers,
            "women_workers": workers // chance.randint(1, 5),
            "revenue": chance.randint(900, 250_000),
            "women_led": chance.random() < 0.3,
            "exporter": chance.random() < 0.2,
        }


def _applications(enterprises: Sequence[Row], year: int, chance: random.Random) -> Iterator[Row]:
    for at, enterprise in enumerate(enterprises):
        start = dt.date(year, 1, 6) + dt.timedelta(chance.randint(0, 200))
        tool = chance.choice(("ISO-9001", "5S", "KAIZEN", "TPM"))
        yield {
            "application_id": f"HT{at:05}",
            "programme": "1322",
            "tax_code": enterprise["tax_code"],
            "tool_code": tool,
            "consultant": "Trung tâm Kỹ thuật Ví Dụ",
            "start_date": start,
            "end_date": start + dt.timedelta(chance.randint(20, 90)),
            "status": "completed",
            "pilot_model": chance.random() < 0.02,
            "result_indicator": "Tỷ lệ sản phẩm lỗi",
            "value_before": chance.randint(60, 99) / 10,
            "value_after": chance.randint(10, 59) / 10,
            "result_unit": "%",
            **(_certificate(start, at) if tool == "ISO-9001" else {}),
        }


def _certificate(start: dt.date, at: int) -> Row:
    issued = start + dt.timedelta(100)
    return {
        "certificate_no": f"QMS-{at:05}",
        "certification_body": "Trung tâm Chứng nhận Ví Dụ",
        "issued_on": issued,
        "expires_on": issued + dt.timedelta(3 * 365),
    }


def _funding(applications: Sequence[Row], year: int, chance: random.Random) -> Iterator[Row]:
    for application in applications:
        yield {
            "subject_kind": "application",
            "subject_id": application["application_id"],
            "programme": "1322",
            "year": year,
            "source": chance.choice(("central_budget", "local_budget", "enterprise")),
            "figure_kind": "disbursed",
            "spending_item": "consulting",
            "amount": chance.randint(5, 50),
            "legal_basis": f"{chance.randint(100, 999)}/QĐ-UBND",
        }


def _training(order: Order, chance: random.Random) -> Iterator[Row]:
    for at in range(order.rows):
        start = dt.date(order.year, 2, 3) + dt.timedelta(chance.randint(0, 200))
        participants = chance.randint(20, 80)
        yield {
            "course_id": f"DT{at:05}",
            "kind": "workshop",
            "title": f"Tập huấn áp dụng 5S và Kaizen, khóa {at}",
            "organiser": "Chi cục Tiêu chuẩn Đo lường Chất lượng",
            "start_date": start,
            "end_date": start + dt.timedelta(2),
            "sessions": 3,
            "participants": participants,
            "women": participants // 2,
            "enterprises": participants // 3,
        }


@cache
def _units(scheme: str) -> list[str]:
    return [unit.code for unit in load_schemas().units.by_code.values() if unit.scheme == scheme]


def _cover_values(order: Order, number: int, funding: Sequence[Row]) -> Row:
    form = load_schemas().form()
    other = sum(int(str(row["amount"])) for row in funding if row["source"] == "enterprise")
    total = sum(int(str(row["amount"])) for row in funding)
    return {
        "form_id": form.id,
        "form_version": form.version,
        "unit_code": order.unit(number),
        "period_kind": "annual",
        "year": order.year,
        "data_from": dt.date(order.year - 1, 12, 15),
        "cut_off_date": dt.date(order.year, 11, 15),
        "figures_kind": "actual",
        "submission_no": order.submission(number),
        "submission_kind": "full",
        "part_no": 1,
        "part_count": 1,
        "currency_unit": "million",
        "nil_report": False,
        "funding_kind": "disbursed",
        "funding_total": total,
        "funding_state": total - other,
        "funding_other": other,
    }


def _cover(sheet: Sheet, schemas: Schemas, values: Row) -> Lines:
    lines: Lines = [[None, sheet.title.vi], []]
    for column in sheet.columns:
        label = "\n".join(column.heading(_currency(schemas)))
        lines.append([column.id, label, _shown(column, values.get(column.id), schemas), column.help.vi])
    return lines


def _head(sheet: Sheet) -> Lines:
    headings = ["\n".join(column.heading(_currency(load_schemas()))) for column in sheet.columns]
    return [[sheet.title.vi], [sheet.help.vi], list(sheet.by_id), list(headings)]


def _body(sheet: Sheet, rows: Sequence[Row], schemas: Schemas) -> Lines:
    return [[_shown(column, row.get(column.id), schemas) for column in sheet.columns] for row in rows]


def _shown(column: Column, value: Value | None, schemas: Schemas) -> Value | None:
    """Return a value as it stands in the cell of a filled form."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    codes = schemas.codes_of(column)
    if value is None or codes is None:
        return value
    return _labels(column.id, codes)[str(value)]


_KNOWN: dict[str, dict[str, str]] = {}


def _labels(column: str, codes: Any) -> dict[str, str]:
    if column not in _KNOWN:
        _KNOWN[column] = {entry.code: codes.shown(entry) for entry in codes.codes}
    return _KNOWN[column]


def _currency(schemas: Schemas) -> Any:
    return next(code.label for code in schemas.code_lists["currency_units"].codes if code.code == "million")


def _by_xlsxwriter(path: Path, lines: Mapping[str, Lines]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        day, head = (
            book.add_format({"num_format": "dd/mm/yyyy"}),
            book.add_format({"bold": True, "text_wrap": True}),
        )
        for tab, rows in lines.items():
            sheet = book.add_worksheet(tab)
            sheet.set_column(0, 30, 18)
            sheet.merge_range(0, 3, 0, 6, "")
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(at, column, value, head if at < 4 else None)
                    elif isinstance(value, dt.date):
                        sheet.write_datetime(at, column, value, day)
                    elif value is not None:
                        sheet.write_number(at, column, value)


def _by_openpyxl(path: Path, lines: Mapping[str, Lines]) -> None:
    book = openpyxl.Workbook(write_only=True)
    for tab, rows in lines.items():
        sheet = book.create_sheet(tab)
        for row in rows:
            sheet.append(row)
    book.save(path)


_WRITERS: Mapping[str, Callable[[Path, Mapping[str, Lines]], None]] = {
    "xlsxwriter": _by_xlsxwriter,
    "openpyxl": _by_openpyxl,
}


def _write(order: Order, folder: Path, number: int) -> Content:
    write_workbook(order, number, folder / f"{number:04}.xlsx")
    return content_of(order, number)


def _name(order: Order) -> str:
    """Return a name that changes with what would be written."""
    source = hashlib.sha256(Path(__file__).read_bytes() + load_schemas().fingerprint.encode()).hexdigest()[:8]
    return "-".join([*map(str, asdict(order).values()), source])
