"""Checks codes against their lists: in force (XLT407), under their parent (XLT408), check digit (XLT411)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial

import polars as pl
from stdnum.vn import mst

from xltrack.checking.questions import Question
from xltrack.checking.rows import AT, FILE, Located, Rows
from xltrack.checking.wording import Wording, day
from xltrack.forms import Code, CodeList, Column, Reference, Round, Schemas
from xltrack.language import Text

_SEPARATOR = "\x1f"
WEIGHTS = tuple(10 - int(mst.calc_check_digit("1".rjust(place, "0").ljust(9, "0"))) for place in range(1, 10))
"""What each digit of a tax code weighs modulo 11, asked of stdnum digit by digit: ten less the check digit of a 1."""
_ALWAYS = Text("đầu", "the beginning")
_STILL = Text("nay", "now")


def check_codes_in_force(rows: Rows, rounds: Mapping[int, Round], schemas: Schemas) -> Iterator[Question]:
    """Ask for codes (XLT407) not in force on any day of the data period of the workbook's round.

    A column whose list has no code in force at all asks for former codes (the province before a merger) and is
    left alone.
    """
    for column in rows.sheet.columns:
        listed = schemas.codes_of(column)
        if listed is None:
            continue
        for first, last in dict.fromkeys((r.data_from, r.cut_off) for r in rounds.values()):
            stale = _out_of_force(listed, first, last)
            if not stale or len(stale) == len(listed.codes):
                continue
            files = [file for file, r in rounds.items() if (r.data_from, r.cut_off) == (first, last)]
            yield _in_force(rows, column, stale, files)


def _out_of_force(listed: CodeList, first: date, last: date) -> tuple[Code, ...]:
    return tuple(entry for entry in listed.codes if not entry.valid_during(first, last))


def _in_force(rows: Rows, column: Column, stale: Sequence[Code], files: list[int]) -> Question:
    keyed = {_pair(column, entry.parent, entry.code): entry for entry in stale}
    key = _pair_column(column) if column.code_parent else pl.col(column.id)
    flag = pl.col(FILE).is_in(files) & key.is_in(list(keyed))
    found = rows.frame.lazy().filter(flag).select(AT, key.alias("key"))
    return Question(flag, partial(_stale, rows, column, keyed, found))


def _stale(rows: Rows, column: Column, keyed: Mapping[str, Code], wanted: pl.LazyFrame) -> Iterator[Located]:
    for at, found in wanted.collect().iter_rows():
        if rows.unread(at, column.id):
            continue
        entry = keyed[found]
        first = _ALWAYS if entry.valid_from is None else day(entry.valid_from)
        last = _STILL if entry.valid_to is None else day(entry.valid_to)
        facts = {"code": entry.code, "first": first, "last": last}
        yield rows.places[at][0], rows.finding("XLT407", at, column.id, facts)


def _pair(column: Column, parent: str, code: str) -> str:
    return f"{parent}{_SEPARATOR}{code}" if column.code_parent else code


def _pair_column(column: Column) -> pl.Expr:
    parent = pl.col(str(column.code_parent)).cast(pl.String)
    return pl.concat_str([parent, pl.col(column.id)], separator=_SEPARATOR)


def check_code_parents(rows: Rows, schemas: Schemas) -> Iterator[Question]:
    """Ask where a code (XLT408) does not belong to the value of the column it depends on.

    An entry without a parent belongs everywhere, and a unit belongs to itself (a former province that still
    reports under its own code).
    """
    for column in rows.sheet.columns:
        listed = schemas.codes_of(column)
        if listed is None or column.code_parent is None:
            continue
        pairs = [_pair(column, entry.parent, entry.code) for entry in listed.codes]
        free = [entry.code for entry in listed.codes if not entry.parent]
        code, parent = pl.col(column.id), pl.col(column.code_parent).cast(pl.String)
        dependent = code.is_in(list(listed.by_code)) & ~code.is_in(free) & (code != parent)
        flag = dependent & ~_pair_column(column).is_in(pairs)
        yield Question(flag, partial(_strays, rows, column, flag, schemas))


def _strays(rows: Rows, column: Column, flag: pl.Expr, schemas: Schemas) -> Iterator[Located]:
    above = rows.sheet.by_id[str(column.code_parent)]
    wording = Wording(rows.sheet, schemas)
    for at, parent in rows.frame.filter(flag).select(AT, above.id).iter_rows():
        if not rows.unread(at, column.id) and not rows.unread(at, above.id):
            facts = {"parent_title": above.title, "parent": wording.value(above, parent)}
            yield rows.places[at][0], rows.finding("XLT408", at, column.id, facts)


def check_digits(rows: Rows, sheets: Mapping[str, Rows]) -> Iterator[Located]:
    """Yield XLT411 for tax codes whose check digit does not agree.

    Not asked of personal identification numbers (twelve digits: households), of codes that the sender confirmed,
    nor of references whose target has the code: that row answers for it.
    """
    for column in rows.sheet.columns:
        for at, file, code in _wrong(rows, column, _answering(column.references, sheets)):
            if not rows.unread(at, column.id):
                facts = {"expected": mst.calc_check_digit(code[:10])}
                yield file, rows.finding("XLT411", at, column.id, facts)


def wrong_codes(rows: Rows, column: Column) -> frozenset[tuple[int, object]]:
    """Return the (file number, code) of the tax codes in `column` whose check digit does not agree (XLT411)."""
    return frozenset((file, code) for _, file, code in _wrong(rows, column))


def _wrong(rows: Rows, column: Column, answered: pl.DataFrame | None = None) -> list[tuple[int, int, str]]:
    """Return position, file number and code of the tax codes that stdnum finds wrong, but for those `answered`."""
    if column.checksum != "vn-mst":
        return []
    code, is_confirmed = (
        pl.col(column.id),
        pl.col(column.confirmed_by) if column.confirmed_by else pl.lit(None),
    )
    asked = rows.frame.select(AT, FILE, code.alias("code"), is_confirmed.alias("is_confirmed"))
    if answered is not None:
        asked = asked.join(answered, on=[FILE, "code"], how="anti", maintain_order="left")
    if asked.is_empty():
        return []
    number = pl.col("code").str.slice(0, 10).cast(pl.Int64, strict=False)
    doubtful = asked.with_columns(number.alias("number")).filter(
        _is_doubtful(), ~pl.col("is_confirmed").fill_null(value=False)
    )
    found = doubtful.select(AT, FILE, "code").iter_rows()
    return [(at, file, code) for at, file, code in found if not mst.is_valid(code)]


@cache
def _is_doubtful() -> pl.Expr:
    """Return where stdnum may find a `code`, whose first ten digits are `number`, wrong: to ask it takes long.

    What is no tax code is another finding.
    """
    code, number = pl.col("code"), pl.col("number")
    total = pl.sum_horizontal(number // 10 ** (9 - i) % 10 * weight for i, weight in enumerate(WEIGHTS))
    wrong = ((10 - total % 11) != number % 10) | (number // 10 % 10**7 == 0)
    return code.str.contains(r"^[0-9]{10}(-?[0-9]{3})?$") & (wrong | (code.str.len_chars() > 10))


def _answering(reference: Reference | None, sheets: Mapping[str, Rows]) -> pl.DataFrame | None:
    """Return file number and code of the rows that answer for the codes that refer to them, None if no rows do."""
    if reference is None or reference.by is not None or reference.targets[""][0] not in sheets:
        return None
    sheet, column = reference.targets[""]
    return sheets[sheet].frame.select(FILE, pl.col(column).alias("code"))
