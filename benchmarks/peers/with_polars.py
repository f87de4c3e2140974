"""The script of an analyst who knows polars: read with calamine, concat, group, write. Nothing is checked."""

import json
import logging
import sys
import tempfile
from pathlib import Path

import openpyxl
import polars as pl
from telling import Tally, line_of_ids

logging.disable(logging.WARNING)
task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
tabs = {name: sheet["tab"] for name, sheet in task["sheets"].items()}
below = {"header_row": 2, "skip_rows": 1}
tally, read = Tally(task), []


known = {name: list(sheet["schema"]["properties"]) for name, sheet in task["sheets"].items()}


def _read(path):
    book = pl.read_excel(path, sheet_name=list(tabs.values()), engine="calamine", read_options=below)
    read.append((path, {name: _table(path, tab, known[name], book[tab]) for name, tab in tabs.items()}))


def _table(path, tab, ids, frame):
    """Return the columns of the form; where they are not under the third row, look for the row that holds their ids."""
    if not set(ids) <= set(frame.columns):
        beginning = {"header_row": None, "n_rows": 20}
        raw = pl.read_excel(path, sheet_name=tab, engine="calamine", has_header=False, read_options=beginning)
        options = {"header_row": line_of_ids(raw.rows(), ids), "skip_rows": 1}
        frame = pl.read_excel(path, sheet_name=tab, engine="calamine", read_options=options)
    return frame.select(ids)


def _number(column):
    return pl.col(column).cast(pl.Float64, strict=False)


tally.each(task["paths"], _read)
tables = {name: pl.concat([book[name] for _, book in read], how="vertical_relaxed") for name in tabs}
by_source = tables["funding"].group_by("programme", "source").agg(_number("amount").sum())
by_province = (
    tables["enterprises"]
    .group_by("province_code")
    .agg(_number("insured_workers").sum(), _number("revenue").sum())
)
with tempfile.TemporaryDirectory() as folder:
    book = openpyxl.Workbook(write_only=True)
    for name, table in {"funding": by_source, "enterprises": by_province}.items():
        sheet = book.create_sheet(name)
        for row in [table.columns, *table.rows()]:
            sheet.append(row)
    book.save(Path(folder) / "national.xlsx")
for path, sheets in read:
    for name, frame in sheets.items():
        tally.keep(path, name, frame.to_dicts() if task["out"] else range(frame.height))
money = int(by_source["amount"].sum() + by_province["revenue"].sum())
tally.tell(money=money * 1_000_000, funding=int(by_source["amount"].sum()) * 1_000_000)
