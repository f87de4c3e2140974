"""Honest mistakes, typed the way people type them: each turns a right return into the one that was sent."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from xltrack.demo.occasion import Row, Value
from xltrack.demo.returns import Return
from xltrack.demo.tax_codes import mistyped
from xltrack.demo.trades import MILLION

Slip = Callable[[Return], Return]


def _typed(sent: Return, sheet: str, index: int, **cells: Value) -> Return:
    """Return `sent` with cells of one row (the `index`-th of its sheet) typed over; text stays text."""
    rows = list(sent.rows[sheet])
    rows[index] = rows[index] | cells
    return replace(sent, rows={**sent.rows, sheet: rows})


def text_in_money(sent: Return) -> Return:
    """Write words where an amount belongs."""
    return _typed(sent, "funding", 4, amount="chưa quyết toán")


def unit_in_cell(sent: Return) -> Return:
    """Write the unit behind the amount: understood, and noted."""
    amount = sent.rows["funding"][4]["amount"]
    assert isinstance(amount, int)  # noqa: S101  # the generator's own rows
    return _typed(sent, "funding", 4, amount=f"{amount / MILLION:g} triệu".replace(".", ","))


def missing_status(sent: Return) -> Return:
    """Leave a required cell blank."""
    rows = list(sent.rows["applications"])
    rows[2] = {name: value for name, value in rows[2].items() if name != "status"}
    return replace(sent, rows={**sent.rows, "applications": rows})


def dangling_tax_code(sent: Return) -> Return:
    """Report a tool applied by an enterprise that the sheet of enterprises lacks."""
    gone = sent.rows["applications"][1]["tax_code"]
    rows = [row for row in sent.rows["enterprises"] if row["tax_code"] != gone]
    return replace(sent, rows={**sent.rows, "enterprises": rows})


def two_tools_in_a_cell(sent: Return) -> Return:
    """Write two tools in one cell, which is no code."""
    return _typed(sent, "applications", 3, tool_code="ISO 9001 và 5S")


def impossible_date(sent: Return) -> Return:
    """Write a day that the calendar does not have."""
    return _typed(sent, "applications", 0, start_date=f"31/6/{sent.round.year}")


def wrong_total(sent: Return) -> Return:
    """Forget an amount in the cover's total."""
    total = sent.cover["funding_total"]
    assert isinstance(total, int)  # noqa: S101  # the generator's own rows
    return sent.with_cover(funding_total=total - 25 * MILLION)


def wrong_checksum(sent: Return) -> Return:
    """Mistype the last digit of an enterprise's tax code, alike on both sheets: doubted, not refused."""
    newcomer = next(row for row in sent.rows["enterprises"] if row["first_supported_year"] == sent.round.year)
    code = str(newcomer["tax_code"])

    def again(row: Row) -> Row:
        return row | {"tax_code": mistyped(code)} if row["tax_code"] == code else row

    sheets = {name: [again(row) for row in sent.rows[name]] for name in ("enterprises", "applications")}
    return replace(sent, rows={**sent.rows, **sheets})


def lost_zero(sent: Return) -> Return:
    """Let the spreadsheet program take a tax code for a number, so that its first zero is gone."""
    rows = sent.rows["enterprises"]
    index = next(i for i, row in enumerate(rows) if str(row["tax_code"]).startswith("0"))
    return _typed(sent, "enterprises", index, tax_code=int(str(rows[index]["tax_code"])[:10]))


REFUSED: Mapping[tuple[str, int], tuple[Slip, ...]] = {
    ("T63-30", 2021): (text_in_money,),
    ("T63-35", 2022): (missing_status,),
    ("T63-52", 2023): (dangling_tax_code,),
    ("T63-45", 2024): (two_tools_in_a_cell, wrong_total),
    ("T34-33", 2025): (text_in_money, impossible_date),
    ("T34-52", 2025): (missing_status, dangling_tax_code, wrong_total),
}
"""First sendings with errors: refused whole, and sent again, corrected, under number 2."""

DOUBTED: Mapping[tuple[str, int], Slip] = {
    ("T63-42", 2021): lost_zero,
    ("T63-33", 2023): unit_in_cell,
    ("T34-15", 2025): wrong_checksum,
}
"""Sendings with slips that are repaired with a note, or that leave a doubt: accepted."""

FORGOTTEN = {("T63-60", 2022): 3, ("T34-86", 2025): 4}
"""First sendings that forgot so many enterprises: accepted, and replaced by number 2."""

ESTIMATED = {("T63-86", 2024)}
"""First sendings that are an estimate of the whole year up to 14/12; the actual figures replace them."""

LATE = {("T63-14", 2021), ("T63-20", 2022), ("T63-96", 2023), ("T63-64", 2024), ("T34-20", 2025)}
"""Sendings that arrive after the last day."""

CURRENCIES = {"T63-31": "thousand", "T34-31": "thousand", "T63-79": "dong", "T34-79": "dong"}
"""Units that write money otherwise than in millions of đồng."""
