"""Holds back what follows from a wrong cell of the cover: it is told once, at that cell, with what waits for it.

A wrong year makes every code out of force and every total another year's; a wrong money unit makes every amount
improbable. Only where the cover's own finding is an error, so that the file comes back, is anything held back.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from xltrack.checking.rule import Rule, rule_book
from xltrack.findings import Finding, severity
from xltrack.language import Text
from xltrack.reading.model import Table, Workbook

CURRENCY = "currency_unit"
_ROUND = frozenset({"year", "period_kind"})
_OF_AMOUNTS = frozenset({"XLT234", "XLT310", "XLT327", "XLT328", "XLT329", "XLT573"})
_LIMITS = frozenset({"size_limit", "support_ceiling"})
"""What rules may ask that is in đồng."""
_FEWEST = 2
_ROUND_SAID = Text("năm và kỳ báo cáo", "year and period")
_MONEY_SAID = Text("đơn vị tiền", "the money unit")


@dataclass(frozen=True)
class _Cause:
    """A wrong cell of the cover, what of it is `said`, and the findings that follow from it."""

    at: Finding
    said: Text
    following: Sequence[Finding]


def cover_first(findings: Iterable[Finding], workbook: Workbook) -> tuple[Finding, ...]:
    """Return the `findings` of a workbook without those that follow from a wrong round or money unit on its cover.

    Instead of them XLT133 counts them at the cell that is wrong; where all headings name another money unit than the
    cover, XLT132 says so there once, in place of XLT128 at each sheet.
    """
    found = tuple(findings)
    cover = workbook.tables.get(workbook.form.cover.id) if workbook.form else None
    if cover is None:
        return found
    unit = _unit_against_all(found, workbook, cover)
    if unit:
        found = (unit, *(finding for finding in found if finding.code != "XLT128"))
    for cause in (*_of_round(found, cover), *_of_money(found, workbook, cover, unit)):
        if cause.following:
            gone = set(map(id, cause.following))
            found = (*(finding for finding in found if id(finding) not in gone), _waiting(cause))
    return found


def _unit_against_all(found: Sequence[Finding], workbook: Workbook, cover: Table) -> Finding | None:
    """Return XLT132 where the money headings of all sheets, and of more than one, name one unit, not the cover's."""
    told = {finding.sheet: finding for finding in found if finding.code == "XLT128"}
    tables = [table for table in workbook.tables.values() if table is not cover]
    with_money = {table.tab for table in tables if any(column.money for column in table.sheet.columns)}
    named = {finding.facts["heading"] for finding in told.values()}
    if len(told) < _FEWEST or told.keys() != with_money or len(named) > 1 or CURRENCY not in cover.frame:
        return None
    one = next(iter(told.values()))
    places = ", ".join(f"{finding.sheet}!{finding.cell}" for finding in told.values())
    row, cell = cover.place(CURRENCY, 0)
    facts = {"heading": one.facts["heading"], "cover": one.facts["cover"], "places": places}
    return Finding("XLT132", cover.tab, row, cell, CURRENCY, cover.raw.at(CURRENCY, 0), facts)


def _of_round(found: Sequence[Finding], cover: Table) -> list[_Cause]:
    wrong = [finding for finding in found if _is_wrong(finding, cover, _ROUND)]
    if not wrong:
        return []
    asking = {"XLT407"} | {rule.code for rule in rule_book().rules if _asks_round(rule)}
    codes = {finding.code for finding in found}
    # A unit that may send in the round its file was made for is wrong for no fault of its own.
    asking |= {"XLT122"} if "XLT125" in codes and "XLT124" not in codes else set()
    following = [finding for finding in found if finding.code in asking and finding not in wrong]
    return [_Cause(wrong[0], _ROUND_SAID, following)]


def _of_money(
    found: Sequence[Finding], workbook: Workbook, cover: Table, unit: Finding | None
) -> list[_Cause]:
    """Return the money unit of the cover if it is wrong; if it is only unknown, the cover's amounts alone follow."""
    wrong = [unit] if unit else [finding for finding in found if _is_wrong(finding, cover, {CURRENCY})]
    if not wrong:
        return []
    asking = _OF_AMOUNTS | {rule.code for rule in rule_book().rules if _asks_amounts(rule, cover)}
    tabs = {finding.sheet for finding in found} if unit else {cover.tab}
    following = [
        one
        for one in found
        if (one.code in asking or _is_beyond(one, workbook)) and one.sheet in tabs and one not in wrong
    ]
    return [_Cause(wrong[0], _MONEY_SAID, following)]


def _is_beyond(finding: Finding, workbook: Workbook) -> bool:
    """Return whether the finding says of an amount that it is too large."""
    if finding.code != "XLT404":
        return False
    tables = (table for table in workbook.tables.values() if table.tab == finding.sheet)
    return any(
        finding.column == column.id and column.money for table in tables for column in table.sheet.columns
    )


def _is_wrong(finding: Finding, cover: Table, columns: Collection[str]) -> bool:
    is_there = finding.sheet == cover.tab and finding.column is not None and finding.column in columns
    return is_there and severity(finding) == "error"


def _asks_round(rule: Rule) -> bool:
    return rule.asks_round or not _ROUND.isdisjoint(rule.needs.get("cover", ()))


def _asks_amounts(rule: Rule, cover: Table) -> bool:
    """Return whether the rule holds amounts against limits in đồng, or those of the cover against others."""
    totals = {column.id for column in cover.sheet.columns if column.money}
    return not rule.tables.isdisjoint(_LIMITS) or not totals.isdisjoint(rule.needs.get("cover", ()))


def _waiting(cause: _Cause) -> Finding:
    codes = ", ".join(sorted({finding.code for finding in cause.following}))
    facts = {"said": cause.said, "count": len(cause.following), "codes": codes}
    at = cause.at
    return Finding("XLT133", at.sheet, at.row, at.cell, at.column, at.value, facts)
