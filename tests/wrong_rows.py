"""Workbooks with randomly wrong rows, and whether what a workbook says of itself is what `validate` says of it.

A workbook is a template with good rows in which some cells were made wrong, each in a way that people make: left blank,
another type, out of limits, not in the list, a code that is nowhere, a row twice. It is written by openpyxl and worked
out by LibreOffice. Both verdicts are told by sheet, column and finding code: how many cells, and the first of them.
"""

import csv
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from stdnum.vn import mst

from tests.office import Office
from xltrack.checking import check_workbook
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.excel.template_check import FIRST, TAB
from xltrack.findings import in_use
from xltrack.forms import Column, Sheet, load_schemas
from xltrack.intake import Received, receive
from xltrack.pipeline.examining import read

SCHEMAS = load_schemas()
FORM = SCHEMAS.form()
UNIT = SCHEMAS.units.by_code["T34-24"]
ROUND = next(one for one in SCHEMAS.units.rounds if one.name == "2025-annual")
WRONG = 0.06
"""The share of cells made wrong."""
SAME: Mapping[str, frozenset[str]] = {
    "number": frozenset({"XLT301", "XLT302", "XLT304", "XLT310", "XLT312", "XLT313", "XLT315", "XLT352"}),
    "day": frozenset({"XLT303", "XLT316", "XLT317", "XLT318", "XLT332", "XLT350"}),
    "entry of a list": frozenset({"XLT227", "XLT305", "XLT306", "XLT307", "XLT321", "XLT323", "XLT407"}),
}
"""Codes between which the two may differ: all say that a cell holds no number, no day, no entry of its list."""
GROUPED = frozenset({"XLT539", "XLT540", "XLT569"})
"""Rules that validate tells once for several rows; the workbook counts each of them."""
BETWEEN_SHEETS = frozenset({"XLT411", "XLT502", "XLT503", "XLT505", "XLT539", "XLT540", "XLT569"})
"""Findings for which cells of other sheets or rows count."""
_KIND = {code: kind for kind, codes in SAME.items() for code in codes}


@dataclass
class Compared:
    """What came of comparing, in cells: found wrong by both, minded only by the workbook, and where the two disagree.

    `followed` are places where they differ because of a cell in the row that only validate understands.
    """

    workbooks: int = 0
    rows: int = 0
    cells: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    stricter: Counter[str] = field(default_factory=Counter)
    followed: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)


Place = tuple[str, str, str]
"""A sheet's id, a column's id, and what is wrong: a finding code, or a key of SAME."""


def write_wrong(path: Path, seed: int, rows: int) -> int:
    """Write a workbook with `rows` rows in all, of which some cells are wrong; return how many cells were filled."""
    chance = random.Random(seed)
    write_template(path, FORM, SCHEMAS, TemplateOptions(unit=UNIT, round=ROUND))
    book = openpyxl.load_workbook(path)
    share = 0.0 if seed % 10 == 0 else WRONG
    numbers = _numbers(chance, rows)
    filled = 0
    funding: list[dict[str, Any]] = []
    for sheet in FORM.tables:
        made = [_row(sheet, number, chance) for number in range(numbers[sheet.id])]
        spoilt = list(_spoilt(sheet, made, chance, share))
        funding = spoilt if sheet.id == "funding" else funding
        for row, values in enumerate(spoilt, 5):
            filled += _write_row(book[sheet.tab], sheet, row, values)
    filled += _write_cover(book, _cover(chance, share, funding))
    book.save(path)
    return filled


def _numbers(chance: random.Random, rows: int) -> Mapping[str, int]:
    names = [sheet.id for sheet in FORM.tables]
    return Counter(chance.choices(names, k=rows))


def _cover(chance: random.Random, share: float, funding: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of the cover; its totals are mostly those of the rows."""
    kind = chance.choice(["Giải ngân", "Phân bổ", None])
    amounts: dict[bool, list[float]] = {True: [], False: []}
    for row in funding:
        if (
            row.get("figure_kind") == kind
            and row.get("year") == 2025
            and type(row.get("amount")) in (int, float)
        ):
            amounts[row.get("source") in ("Ngân sách trung ương", "Ngân sách địa phương")].append(
                row["amount"]
            )
    state, other = (round(sum(amounts[key]), 6) for key in (True, False))
    values = {
        "cut_off_date": date(2025, 11, 20),
        "figures_kind": "Số ước",
        "nil_report": "Không",
        "funding_kind": kind,
    }
    values |= {"signed_on": date(2025, 11, 25), "funding_state": state, "funding_other": other}
    values["funding_total"] = round(state + other + (1 if chance.random() < 3 * share else 0), 6)
    if chance.random() < 5 * share:
        values["figures_kind"] = chance.choice(["Số thực hiện", None, "thật"])
    if chance.random() < 3 * share:
        values["submission_kind"] = chance.choice(["Sửa đổi, bổ sung", "gửi lại"])
    return values


def _write_cover(book: Any, values: Mapping[str, Any]) -> int:
    cells = {row[0].value: row[2] for row in book[FORM.cover.tab].iter_rows()}
    for name, value in values.items():
        cells[name].value = value
    return len(values)


def _write_row(tab: Any, sheet: Sheet, row: int, values: Mapping[str, Any]) -> int:
    count = 0
    for number, column in enumerate(sheet.columns, 1):
        value = values.get(column.id)
        if value is not None:
            cell = tab.cell(row, number)
            cell.value = value
            if isinstance(value, str) and not value.startswith("#N"):
                cell.data_type = "s"
            if column.type == "date" and not isinstance(value, str):
                cell.number_format = "dd/mm/yyyy"
            count += 1
    return count


def _row(sheet: Sheet, number: int, chance: random.Random) -> dict[str, Any]:
    """Return a row with nothing wrong in itself."""
    row: dict[str, Any] = {}
    for column in sheet.columns:
        if column.required or column.id in sheet.key or chance.random() < 0.6:
            row[column.id] = _good(sheet, column, number, row, chance)
    for first, last in (("start_date", "end_date"), ("valid_from", "valid_to"), ("start_date", "due_date")):
        if isinstance(row.get(first), date) and isinstance(row.get(last), date) and row[first] > row[last]:
            row[first], row[last] = row[last], row[first]
    return row


def _good(sheet: Sheet, column: Column, number: int, row: Mapping[str, Any], chance: random.Random) -> Any:
    """Return a value with nothing wrong in itself; None where the row leaves nothing to choose."""
    if column.references is not None:
        return _reference(column, row, chance)
    if column.checksum:
        return tax_code(number)
    if column.code_list is not None:
        return _entry(column, row, chance)
    if column.id in sheet.key and column.type in ("string", "integer"):
        return _own_key(sheet, column, number)
    return _of_type(column, chance)


def _own_key(sheet: Sheet, column: Column, number: int) -> Any:
    if column.type == "integer":
        return number + 1 if column.id == "sequence" else 2025 - number
    return f"{2025 + number}" if column.id == "period" else f"{sheet.id[:2].upper()}{number:03}"


def _of_type(column: Column, chance: random.Random) -> Any:
    match column.type:
        case "boolean":
            return chance.choice(["Có", "Không"])
        case "date":
            return date(2025, 1, 1) + timedelta(days=chance.randrange(300))
        case "integer" if not column.money:
            low, high = column.schema.get("minimum", 0), column.schema.get("maximum", 400)
            return chance.randint(low, min(high, low + 300))
        case "integer" | "number":
            return chance.choice([chance.randrange(1, 500), round(chance.uniform(1, 500), 2)])
    return str(column.example or "Nội dung")


def tax_code(number: int) -> str:
    """Return a tax code with a right check digit; the same for the same number."""
    digits = str(10_100_000 + 7 * number).zfill(9)
    while not mst.is_valid(digits + mst.calc_check_digit(digits)):
        digits = str(int(digits) + 1).zfill(9)
    return digits + mst.calc_check_digit(digits)


def _reference(column: Column, row: Mapping[str, Any], chance: random.Random) -> Any:
    assert column.references is not None
    targets = column.references.targets
    if column.references.by is not None:
        by = FORM.by_id["funding"].by_id[column.references.by]
        shown = {_shown(by, value): value for value in targets}
        if row.get(by.id) not in shown:
            return None
        sheet, _ = targets[shown[row[by.id]]]
    else:
        sheet, _ = targets[""]
    number = chance.randrange(4)
    return tax_code(number) if sheet == "enterprises" else f"{sheet[:2].upper()}{number:03}"


def _shown(column: Column, code: str) -> str:
    codes = SCHEMAS.codes_of(column)
    assert codes is not None
    return codes.shown(codes.by_code[code])


def _entry(column: Column, row: Mapping[str, Any], chance: random.Random) -> str | None:
    codes = SCHEMAS.codes_of(column)
    assert codes is not None
    offered = [one for one in codes.codes if one.valid_during(ROUND.data_from, ROUND.cut_off)] or list(
        codes.codes
    )
    if column.id == "province_code":
        offered = [one for one in offered if one.code == UNIT.code]
    if column.code_parent:
        above = row.get(column.code_parent)
        offered = [one for one in offered if above and one.parent and _is_below(column, one.parent, above)]
    return codes.shown(chance.choice(offered)) if offered else None


def _is_below(column: Column, parent: str, above: str) -> bool:
    owner = next(s.by_id[column.code_parent or ""] for s in FORM.tables if column in s.columns)
    codes = SCHEMAS.codes_of(owner)
    return codes is not None and parent in codes.by_code and codes.shown(codes.by_code[parent]) == above


def _spoilt(
    sheet: Sheet, rows: Sequence[dict[str, Any]], chance: random.Random, share: float
) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows):
        if chance.random() < share / 2:
            yield says_nothing(sheet, chance)
            continue
        if number and chance.random() < share:
            row |= {name: rows[0].get(name) for name in sheet.key}
        for column in sheet.columns:
            if chance.random() < share:
                row[column.id] = _wrong(column, chance)
        yield row


def says_nothing(sheet: Sheet, chance: random.Random) -> dict[str, Any]:
    """Return a row in which nothing stands but words and signs for nothing; to a yes or no, "Không" is an answer."""
    asked = [column.id for column in sheet.columns if column.type != "boolean"]
    words = ("-", "Không", "không có", "N/A", "\u200b", "\u00a0", " ", "…")
    return {name: chance.choice(words) for name in chance.sample(asked, min(3, len(asked)))}


def _wrong(column: Column, chance: random.Random) -> Any:
    ways: list[Any] = [None, " ", "-", "Không có", "?", "#N/A"]
    if column.checksum:
        ways += [
            "0101248142",
            "101248141",
            "0101248141-001",
            "0101248141-000",
            "012345678901",
            "MST 0101248141",
        ]
    elif column.code_list or column.type == "boolean":
        ways += ["không rõ", "Tập đoàn", "T63-01 – Hà Nội", "DP-X1", "đúng", "x", "hoan thanh", 7]
    elif column.type == "date":
        ways += ["tháng 3", "31/02/2025", date(1905, 3, 1), "chưa rõ", date(2031, 5, 5), date(2024, 1, 1)]
        ways += ["05/03/2025", "5/3/25"]
    elif column.type in ("integer", "number"):
        ways += ["45", "1.250", "mười hai", -3, 1.5, 10**6, "12 người", 0, 5_000, 1e15]
        ways += [0.0000001] if column.money else []
    else:
        ways += ["x" * 2_001, "x" * 61, "ma-la", "2025-2030", "20255"]
    return chance.choice(ways)


def compare(path: Path, office: Office, total: Compared) -> None:
    """Add to `total` what both say of the workbook at `path`."""
    said = _of_workbook(path, office)
    both = _of_validate(path)
    for place in sorted({*said, *both.found, *both.mended}):
        _compare_place(path, place, said.get(place, []), both, total)


def _compare_place(path: Path, place: Place, said: Sequence[Any], both: "_Expected", total: Compared) -> None:
    found, stricter = both.found.get(place, set()), both.mended.get(place, set())
    expected = sorted(found | stricter, key=_row_of)
    count, first = said or (0, "")
    same_count = count == len(expected) or (place[2] in GROUPED and bool(count) == bool(expected))
    if same_count and first == (expected[0] if expected else ""):
        total.agreed[place[2]] += len(found)
        total.stricter[place[2]] += len(expected) - len(found)
    elif both.may_follow(place, count, expected):
        total.followed[place[2]] += 1
    else:
        total.disagreements.append(
            f"{path.name}: {'.'.join(place)}: the workbook {count} ({first}), validate {expected}"
        )


def _row_of(cell: str) -> int:
    return int(re.sub(r"\D", "", cell))


def worked_out(path: Path, office: Office) -> list[list[str]]:
    """Return what the sheet "Kiểm tra" of the workbook at `path` shows, once LibreOffice has opened it."""
    out = office.save_as(path, path.with_suffix(".csv"), TAB)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    out.unlink()
    return rows


def _of_workbook(path: Path, office: Office) -> dict[Place, list[Any]]:
    """Return what the sheet "Kiểm tra" says by place: the number of cells, and the first."""
    said: dict[Place, list[Any]] = {}
    for row in worked_out(path, office)[FIRST:]:
        tab, title, count, first, code = (row[at] for at in (13, 14, 15, 16, 19))
        if not code:
            break
        sheet = next(one for one in FORM.sheets if one.tab == tab)
        column = next(one for one in sheet.columns if one.title.vi == title)
        if not count.isdecimal():
            raise ValueError(f"{path.name}: {tab} {title} {code}: {count}")
        if int(count):
            place = (sheet.id, column.id, _KIND.get(code, code))
            before = said.get(place, [0, first])
            said[place] = [before[0] + int(count), min(before[1], first, key=_row_of)]
    return said


def checked_codes(book: Any) -> set[Place]:
    """Return the places that the workbook checks at all."""
    found = set()
    for row in book[TAB].iter_rows(min_row=FIRST + 1, values_only=True):
        if row[19]:
            sheet = next(one for one in FORM.sheets if one.tab == row[13])
            column = next(one for one in sheet.columns if one.title.vi == row[14])
            found.add((sheet.id, column.id, _KIND.get(row[19], row[19])))
    return found


@dataclass(frozen=True)
class _Expected:
    """What validate says by place: cells with findings, and cells that it understands, some with a note."""

    found: Mapping[Place, set[str]]
    mended: Mapping[Place, set[str]]
    passed_over: frozenset[str]

    def may_follow(self, place: Place, count: int, expected: Sequence[str]) -> bool:
        """Return whether the difference follows from a mended cell, which only validate knows the meaning of.

        Such a cell stands in the same row, or for what compares sheets anywhere. A sheet of which reading passed over
        rows (for remarks, totals and the like) has other rows than the workbook counts.
        """
        if place[0] in self.passed_over:
            return True
        if place[2] in BETWEEN_SHEETS and any(self.mended.values()):
            return True
        rows = {_row_of(cell) for at, cells in self.mended.items() if at[0] == place[0] for cell in cells}
        certain = [cell for cell in expected if _row_of(cell) not in rows]
        return len(certain) <= count <= len(certain) + len(rows) and bool(rows)


def _of_validate(path: Path) -> _Expected:
    """Return what validate knows of the workbook at `path`, also what it holds back for a wrong cover."""
    received = receive(path)
    assert isinstance(received, Received)
    reading = read(received, SCHEMAS)
    book = openpyxl.load_workbook(path)
    checked = checked_codes(book)
    tabs = {sheet.tab: sheet.id for sheet in FORM.sheets}
    found: dict[Place, set[str]] = defaultdict(set)
    known = in_use((*reading.workbook.findings, *check_workbook(reading.workbook, SCHEMAS)))
    for finding in known:
        place = (
            tabs.get(finding.sheet or "", ""),
            finding.column or "",
            _KIND.get(finding.code, finding.code),
        )
        if place in checked and finding.cell:
            found[place].add(finding.cell)
    passed_over = {tabs.get(one.sheet or "", "") for one in known if one.code == "XLT215"}
    return _Expected(found, _mended(reading.workbook, book, checked), frozenset(passed_over))


def _mended(workbook: Any, book: Any, checked: set[Place]) -> dict[Place, set[str]]:
    """Return the cells that reading understands although they are not as the workbook asks for them."""
    mended: dict[Place, set[str]] = defaultdict(set)
    for name, table in workbook.tables.items():
        for column in table.sheet.columns:
            place = (name, column.id, _kind(column))
            for at, typed in enumerate(table.frame[column.id]):
                cell = table.cell(column.id, table.frame["_row"][at])
                if (
                    typed is not None
                    and place in checked
                    and _is_mended(column, book[table.tab][cell].value, typed)
                ):
                    mended[place].add(cell)
    return mended


def _kind(column: Column) -> str:
    if column.type in ("integer", "number"):
        return "number"
    if column.type == "date":
        return "day"
    return (
        "entry of a list"
        if column.type == "boolean" or (column.code_list and not column.code_open)
        else "XLT402"
    )


def _is_mended(column: Column, value: Any, typed: Any) -> bool:
    if column.type in ("integer", "number", "date"):
        return isinstance(value, str)
    if column.type == "boolean":
        return value not in ("Có", "Không", "yes", "no")
    if column.code_list:
        is_offered = column.id != "province_code" or typed.startswith(f"T{UNIT.scheme}-")
        return not is_offered or str(value).strip() not in (typed, *_all_shown(column, typed))
    return "pattern" in column.schema and str(value) != typed


def _all_shown(column: Column, code: str) -> list[str]:
    codes = SCHEMAS.codes_of(column)
    return [codes.shown(one) for one in codes.codes if one.code == code] if codes else []
