"""What a return claims of enterprises that other returns may claim too."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from xltrack.checking.reference import state_sources
from xltrack.forms import Schemas
from xltrack.pipeline.among import PAID, PLACES, SUPPORTED
from xltrack.pipeline.model import Claims
from xltrack.reading import ROW, Workbook


def claims_of(workbook: Workbook, schemas: Schemas) -> tuple[Claims, ...] | None:
    """Return what `workbook` claims, None where unit and round are not known or a sheet or column is missing.

    An enterprise is supported if an application of it is under way or completed and overlaps the years of the return.
    A tool is paid for if state budget of the year was disbursed or settled for it; only annual returns say so.
    """
    cover, tables = workbook.cover, workbook.tables
    if cover is None or not {"enterprises", "applications", "funding"} <= tables.keys():
        return None
    year, is_annual = cover.round.year, cover.round.period_kind == "annual"
    first = year - 4 if cover.round.period_kind == "five_year" else year
    enterprises, applied, money = (tables[name].frame for name in ("enterprises", "applications", "funding"))
    at = {
        code: (tables[sheet].tab, tables[sheet].addresses.get(column, ""))
        for code, (sheet, column) in PLACES.items()
    }
    if not all(letter for _, letter in at.values()):
        return None
    supported = _columns(_supported(enterprises, applied, first, year), ROW, "tax_code")
    claims = (Claims(SUPPORTED, *at[SUPPORTED], *supported),)
    if not is_annual:
        return claims
    paid = _columns(_paid(money, applied, year, schemas), ROW, "tax_code", "tool_code", "application_id")
    return (*claims, Claims(PAID, *at[PAID], *paid))


def _columns(frame: pl.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    return (tuple(frame[name].to_list()) for name in names)


def _supported(enterprises: pl.DataFrame, applied: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    begun, ended = (pl.col(name).dt.year().fill_null(last) for name in ("start_date", "end_date"))
    active = applied.select("tax_code", "status", "start_date", "end_date").filter(
        pl.col("status").is_in(["doing", "completed"]), begun <= last, ended >= first
    )
    # Only what is asked for: rows of all columns would be copied each time.
    listed = enterprises.select(ROW, "tax_code", "legal_form").join(active, on="tax_code", how="semi")
    of_own = listed.filter(pl.col("legal_form").fill_null("enterprise") == "enterprise")
    return of_own.unique("tax_code", keep="first", maintain_order=True)


def _paid(money: pl.DataFrame, applied: pl.DataFrame, year: int, schemas: Schemas) -> pl.DataFrame:
    paid = (
        money.select(ROW, "subject_kind", "subject_id", "figure_kind", "source", "year", "amount")
        .filter(
            pl.col("subject_kind") == "application",
            pl.col("figure_kind").is_in(["disbursed", "settled"]),
            pl.col("source").is_in(state_sources(schemas)["code"].to_list()),
            pl.col("year") == year,
            pl.col("amount") > 0,
        )
        .select(ROW, pl.col("subject_id").alias("application_id"))
    )
    tools = applied.select("application_id", "tax_code", "tool_code").filter(
        ~pl.col("tool_code").str.starts_with("OTHER-")
    )
    joint = paid.sort(ROW).join(tools, on="application_id", maintain_order="left_right").drop_nulls()
    return joint.unique(["tax_code", "tool_code"], keep="first", maintain_order=True)
