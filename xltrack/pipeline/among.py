"""What shows only among the files of one call: an enterprise that two units support, a tool for which two pay.

Each file's worker says what its return claims of enterprises; rows stay where they are. The store says the same of all
returns that it holds, once they are merged (`xltrack.store.history`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from xltrack.checking.reference import state_sources
from xltrack.checking.wording import joined
from xltrack.findings import Finding
from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.pipeline.condensing import condensed
from xltrack.pipeline.model import Claim, Claims, FileResult
from xltrack.reading import ROW, Workbook

_STEM = 10
_SUPPORTED, _PAID = "XLT616", "XLT624"
_PLACES = {_SUPPORTED: ("enterprises", "tax_code"), _PAID: ("funding", "subject_id")}

_Thing = tuple[str, str, str]
_Key = Callable[[Claim], _Thing]
_Shared = Mapping[str | None, Mapping[_Thing, set[str]]]


def claims_of(workbook: Workbook, schemas: Schemas) -> Claims | None:
    """Return what `workbook` claims, None where unit and round are not known or a sheet or column is missing.

    An enterprise is supported if an application of it is under way or completed and overlaps the years of the return.
    A tool is paid for if state budget of the year was disbursed or settled for it; only annual returns say so.
    """
    cover, tables = workbook.cover, workbook.tables
    if cover is None or not {"enterprises", "applications", "funding"} <= tables.keys():
        return None
    at = {
        code: (tables[sheet].tab, tables[sheet].addresses.get(column, ""))
        for code, (sheet, column) in _PLACES.items()
    }
    year, is_annual = cover.round.year, cover.round.period_kind == "annual"
    first = year - 4 if cover.round.period_kind == "five_year" else year
    enterprises, applied, money = (tables[name].frame for name in ("enterprises", "applications", "funding"))
    paid = _paid(money, applied, year, schemas) if is_annual else ()
    if not all(letter for _, letter in at.values()):
        return None
    return Claims((*_supported(enterprises, applied, first, year), *paid), at)


def _supported(enterprises: pl.DataFrame, applied: pl.DataFrame, first: int, last: int) -> Iterator[Claim]:
    begun, ended = (pl.col(name).dt.year().fill_null(last) for name in ("start_date", "end_date"))
    active = applied.filter(pl.col("status").is_in(["doing", "completed"]), begun <= last, ended >= first)
    listed = enterprises.join(active.select("tax_code").unique(), on="tax_code", how="semi").filter(
        pl.col("legal_form").fill_null("enterprise") == "enterprise"
    )
    for code, row in (
        listed.unique("tax_code", keep="first", maintain_order=True).select("tax_code", ROW).iter_rows()
    ):
        yield Claim(_SUPPORTED, code, "", row, code)


def _paid(money: pl.DataFrame, applied: pl.DataFrame, year: int, schemas: Schemas) -> Iterator[Claim]:
    paid = money.filter(
        pl.col("subject_kind") == "application",
        pl.col("figure_kind").is_in(["disbursed", "settled"]),
        pl.col("source").is_in(state_sources(schemas)["code"].to_list()),
        pl.col("year") == year,
        pl.col("amount") > 0,
    ).select(ROW, pl.col("subject_id").alias("application_id"))
    tools = applied.filter(~pl.col("tool_code").str.starts_with("OTHER-")).select(
        "application_id", "tax_code", "tool_code"
    )
    joint = paid.join(tools, on="application_id").drop_nulls().sort(ROW)
    first = joint.unique(["tax_code", "tool_code"], keep="first", maintain_order=True)
    for code, tool, subject, row in first.select("tax_code", "tool_code", "application_id", ROW).iter_rows():
        yield Claim(_PAID, code, tool, row, subject)


def compared(results: Sequence[FileResult], schemas: Schemas) -> tuple[FileResult, ...]:
    """Return `results` without their claims, each with XLT616 and XLT624 where another unit claims the same.

    A province and the one it became are no two units; that both report is said when they are merged.
    """
    today = {row["predecessor"]: row["successor"] for row in schemas.table("tax_code_changes")}

    def thing(claim: Claim) -> _Thing:
        stem = claim.tax_code[:_STEM]
        return claim.code, today.get(stem, stem), claim.tool

    shared = _shared(results, thing)
    return tuple(_told(result, tuple(_findings(result, shared, thing, schemas))) for result in results)


def _shared(results: Sequence[FileResult], thing: _Key) -> _Shared:
    """Return by round what several units claim, and which."""
    first: dict[str | None, dict[_Thing, str]] = defaultdict(dict)
    shared: dict[str | None, dict[_Thing, set[str]]] = defaultdict(dict)
    for result in results:
        unit, known, several = result.unit, first[result.round], shared[result.round]
        for claim in result.claims.each if result.claims and unit else ():
            one = thing(claim)
            if known.setdefault(one, str(unit)) != unit:
                several.setdefault(one, {known[one]}).add(str(unit))
    return shared


def _findings(result: FileResult, shared: _Shared, thing: _Key, schemas: Schemas) -> Iterator[Finding]:
    claims, form, several = result.claims, schemas.forms.get(result.form or ""), shared[result.round]
    for claim in claims.each if claims and form and result.unit and several else ():
        units = several.get(thing(claim))
        others = _others(str(result.unit), units, schemas) if units else ()
        if claims and form and others:
            (sheet, column), (tab, letter) = _PLACES[claim.code], claims.at[claim.code]
            facts = {
                "title": form.by_id[sheet].by_id[column].title,
                "units": joined(schemas.units.by_code[unit].name for unit in others),
                "year": int((result.round or "0")[:4]),
                "tool": _label(claim.tool, schemas),
            }
            yield Finding(claim.code, tab, claim.row, f"{letter}{claim.row}", column, claim.value, facts)


def _others(unit: str, units: set[str], schemas: Schemas) -> list[str]:
    """Return those of `units` that are not `unit`, what it became, or what it was made of."""
    became = schemas.units.successor
    return sorted(
        other for other in units - {unit} if became.get(unit) != other and became.get(other) != unit
    )


def _label(tool: str, schemas: Schemas) -> Text:
    known = schemas.code_lists["tools"].by_code
    return known[tool].label if tool in known else Text(tool, tool)


def _told(result: FileResult, found: tuple[Finding, ...]) -> FileResult:
    return replace(
        result, claims=None, findings=condensed((*result.findings, *found)) if found else result.findings
    )
