"""Mistakes that are seeded: what is typed where, and which finding says so. Written down here, asked of no checker."""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

from benchmarks.dirty.grid import Cell, Fault, Formula, Label, Typed
from xltrack.demo.tax_codes import invented_codes

Record = dict[str, Cell]
Records = Mapping[str, list[Record]]
Others = Sequence[Label]
SHARE = 0.02
"""The share of rows with a mistake."""


@dataclass(frozen=True)
class Mistake:
    """One kind: where it is made, what is typed there instead, the finding codes of which one must say so.

    Without `codes` no rule of xltrack can know it. `cells` are the columns of which one must be named: the first is the
    one that is typed over. `typed` is given the record and a source of chance; `follows` makes what goes with the
    mistake, and returns which other rows of the workbook are thereby wrong as well.
    """

    kind: str
    sheet: str
    cells: tuple[str, ...]
    typed: Callable[[Record, random.Random], Typed | None]
    codes: tuple[str, ...] = ()
    follows: Callable[[Records, int], Others] = lambda _records, _at: ()
    only: Callable[[Record], bool] = lambda _record: True


@dataclass(frozen=True)
class Seed:
    """A mistake that was made: the value that is wrong, the columns and rows that may be named, and the codes."""

    kind: str
    label: Label
    columns: tuple[str, ...]
    codes: tuple[str, ...]
    others: tuple[Label, ...] = ()


def _always(typed: Typed | None) -> Callable[[Record, random.Random], Typed | None]:
    return lambda _record, _chance: typed


def _day(record: Record, column: str) -> dt.date:
    found = record[column].meaning
    assert isinstance(found, dt.date)
    return found


def _number(record: Record, column: str) -> int:
    found = record[column].meaning
    assert isinstance(found, int)
    return found


def _users(records: Records, tax_code: Any) -> Others:
    """Return the applications of an enterprise: what is wrong with its code is wrong there as well."""
    return [
        Label("applications", at, "tax_code")
        for at, record in enumerate(records["applications"])
        if record["tax_code"].meaning == tax_code
    ]


def _orphaned(records: Records, at: int) -> Others:
    return _users(records, records["enterprises"][at]["tax_code"].meaning)


def _alike(records: Records, at: int) -> Others:
    """Type the same tax code on the sheet of applications, as one who copies it does."""
    record = records["enterprises"][at]
    users = _users(records, record["tax_code"].meaning)
    for user in users:
        cell = records["applications"][user.row]["tax_code"]
        wrong = _mistyped(record, random.Random(0))
        records["applications"][user.row]["tax_code"] = replace(cell, typed=wrong, meaning=wrong, spoilt=True)
    return users


def _mistyped(record: Record, _: random.Random) -> str:
    code = str(record["tax_code"].meaning)
    return f"{code[:9]}{(int(code[9]) + 1) % 10}"


def _row_above(_records: Records, at: int) -> Others:
    return [Label("training", at - 1, "course_id")]


def _copy_above(records: Records, at: int) -> Others:
    """Let the course be the one above once more, under another id."""
    above, record = records["training"][at - 1], records["training"][at]
    for column, cell in above.items():
        if column != "course_id" and column in record:
            record[column] = replace(record[column], typed=cell.typed, meaning=cell.meaning)
    return [Label("training", at - 1, "title")]


def _id_above(record: Record, _: random.Random) -> str:
    """Return the id of the course above: they are numbered."""
    return f"DT{int(str(record['course_id'].meaning)[2:]) - 1:05}"


def _has_one_above(record: Record) -> bool:
    return record["course_id"].meaning != "DT00000"


def _swapped(record: Record, _: random.Random) -> int:
    return int(str(_number(record, "insured_workers") + 100)[::-1])


@cache
def _strangers() -> list[str]:
    """Return tax codes of enterprises that no workbook of an ordinary round lists."""
    return list(islice(invented_codes(), 80_000, 90_000))


def _is_certified(record: Record) -> bool:
    return "issued_on" in record


MISTAKES: tuple[Mistake, ...] = (
    Mistake("words for an amount", "funding", ("amount",), _always("chưa quyết toán"), ("XLT301",)),
    Mistake("a negative amount", "funding", ("amount",), lambda _, c: -c.randint(5, 50), ("XLT403",)),
    Mistake("an amount in đồng among millions", "funding", ("amount",), lambda r, _: _number(r, "amount") * 1_000_000,
            ("XLT328", "XLT573")),
    Mistake("a formula never worked out", "funding", ("amount",), _always(Formula("=40+5")), ("XLT309",)),
    Mistake("an error value", "enterprises", ("revenue",), _always(Fault("#REF!")), ("XLT308",)),
    Mistake("a fraction of a person", "enterprises", ("insured_workers",), _always(64.5), ("XLT302",)),
    Mistake("a number of sixteen digits", "enterprises", ("insured_workers",), _always(1234567890123450), ("XLT352",)),
    Mistake("about so many", "enterprises", ("insured_workers",), _always("khoảng 120"), ("XLT301",)),
    Mistake("more women than workers", "enterprises", ("women_workers", "insured_workers"),
            lambda r, _: _number(r, "insured_workers") + 7, ("XLT511",)),
    Mistake("no name", "enterprises", ("enterprise_name",), _always(None), ("XLT401",)),
    Mistake("a province that is none", "enterprises", ("province_code",), _always("Tỉnh Vĩnh Lạc"), ("XLT306",)),
    Mistake("neither yes nor no", "enterprises", ("exporter",), _always("tùy năm"), ("XLT305",)),
    Mistake("a personal id for a tax code", "enterprises", ("tax_code",), _always("001088012345"), ("XLT326",),
            _orphaned),
    Mistake("a mistyped tax code", "enterprises", ("tax_code",), _mistyped, ("XLT411",), _alike),
    Mistake("digits swapped", "enterprises", ("insured_workers",), _swapped),
    Mistake("a tax code of nobody listed", "applications", ("tax_code",), lambda _, c: c.choice(_strangers()),
            ("XLT502",)),
    Mistake("a tax code in scientific notation", "applications", ("tax_code",), _always("1,00686E+08"), ("XLT351",)),
    Mistake("no status", "applications", ("status",), _always(None), ("XLT401",)),
    Mistake("a status of one's own", "applications", ("status",), _always("Đã nghiệm thu xong đợt 1"), ("XLT306",)),
    Mistake("several tools in a cell", "applications", ("tool_code",), _always("ISO 9001, 5S, Lean"), ("XLT227",)),
    Mistake("as above", "applications", ("programme",), _always("như trên"), ("XLT322",)),
    Mistake("1.250: a thousand or one and a quarter", "applications", ("value_before",), _always("1.250"), ("XLT304",)),
    Mistake("expired before it was issued", "applications", ("expires_on", "issued_on"),
            lambda r, _: _day(r, "issued_on") - dt.timedelta(30), ("XLT528",), only=_is_certified),
    Mistake("completed without an end", "applications", ("end_date", "status"), _always(None), ("XLT522",)),
    Mistake("a year to come", "funding", ("year",), _always(2052), ("XLT404",)),
    Mistake("a source of money that is none", "funding", ("source",), _always("Vay ngân hàng"), ("XLT306",)),
    Mistake("no such day", "training", ("start_date",), lambda r, _: f"31/02/{_day(r, 'start_date').year}",
            ("XLT350",)),
    Mistake("no day at all", "training", ("start_date",), _always("sau Tết"), ("XLT303",)),
    Mistake("over before it began", "training", ("end_date", "start_date"),
            lambda r, _: _day(r, "start_date") - dt.timedelta(9), ("XLT520",)),
    Mistake("more women than people", "training", ("women", "participants"),
            lambda r, _: _number(r, "participants") + 5, ("XLT546",)),
    Mistake("a title too long", "training", ("title",), _always("Tập huấn áp dụng 5S và Kaizen " * 10), ("XLT405",)),
    Mistake("an id given twice", "training", ("course_id",), _id_above, ("XLT501",), _row_above, _has_one_above),
    Mistake("a course reported twice", "training", ("course_id", "title", "start_date"),
            lambda r, _: str(r["course_id"].meaning), ("XLT517", "XLT548"), _copy_above, _has_one_above),
)  # fmt: skip


def make_mistakes(records: Records, chance: random.Random) -> list[Seed]:
    """Make mistakes in SHARE of the rows of `records`, of each kind about as many, and return them.

    Rows that are wrong because of another are left alone.
    """
    rows = sum(map(len, records.values()))
    kinds = list(MISTAKES)
    chance.shuffle(kinds)
    taken: set[tuple[str, int]] = set()
    seeds: list[Seed] = []
    while len(seeds) < max(round(rows * SHARE), 1):
        mistake = kinds[len(seeds) % len(kinds)]
        if (seed := _make(mistake, records, taken, chance)) is None:
            kinds.remove(mistake)
            continue
        seeds.append(seed)
        taken |= {(label.sheet, label.row) for label in (seed.label, *seed.others)}
    return seeds


def _make(
    mistake: Mistake, records: Records, taken: set[tuple[str, int]], chance: random.Random
) -> Seed | None:
    places = _places(mistake, records, taken)
    if not places:
        return None
    at, column = chance.choice(places), mistake.cells[0]
    record = records[mistake.sheet][at]
    label = Label(mistake.sheet, at, column)
    typed = mistake.typed(record, chance)
    others = tuple(mistake.follows(records, at))
    meaning = None if isinstance(typed, Formula | Fault) else typed
    record[column] = Cell(typed, label, meaning, spoilt=True)
    return Seed(mistake.kind, label, mistake.cells, mistake.codes, others)


def _places(mistake: Mistake, records: Records, taken: set[tuple[str, int]]) -> list[int]:
    """Return the rows where `mistake` can be made: neither they nor their neighbours or kin have one."""
    free = [
        at
        for at, record in enumerate(records[mistake.sheet])
        if mistake.cells[0] in record and mistake.only(record)
        if not {(mistake.sheet, near) for near in (at - 1, at, at + 1)} & taken
    ]
    if mistake.sheet != "enterprises":
        return free
    wrong = {
        records["applications"][at]["tax_code"].meaning for sheet, at in taken if sheet == "applications"
    }
    return [at for at in free if records["enterprises"][at]["tax_code"].meaning not in wrong]
