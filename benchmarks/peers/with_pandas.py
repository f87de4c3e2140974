"""The script that an analyst would write: read, concat, group, write. Nothing is checked but that columns are there."""

import json
import sys
import tempfile
from pathlib import Path

import pandas as pd
from telling import Tally, line_of_ids

task, engine = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]
tabs = {name: sheet["tab"] for name, sheet in task["sheets"].items()}
tally, read = Tally(task), []


known = {name: list(sheet["schema"]["properties"]) for name, sheet in task["sheets"].items()}


def _read(path):
    book = pd.read_excel(path, sheet_name=list(tabs.values()), header=2, skiprows=[3], engine=engine)
    read.append((path, {name: _table(path, tab, known[name], book[tab]) for name, tab in tabs.items()}))


def _table(path, tab, ids, frame):
    """Return the columns of the form; where they are not under the third row, look for the row that holds their ids."""
    if not set(ids) <= set(frame.columns):
        top = line_of_ids(
            pd.read_excel(path, sheet_name=tab, header=None, nrows=20, engine=engine).values, ids
        )
        frame = pd.read_excel(path, sheet_name=tab, header=top, skiprows=[top + 1], engine=engine)
    return frame[ids].dropna(how="all")


tally.each(task["paths"], _read)
tables = {name: pd.concat([book[name] for _, book in read], ignore_index=True) for name in tabs}
for table, column in (("funding", "amount"), ("enterprises", "insured_workers"), ("enterprises", "revenue")):
    tables[table][column] = pd.to_numeric(tables[table][column], errors="coerce")
by_source = tables["funding"].groupby(["programme", "source"], as_index=False)["amount"].sum()
by_province = (
    tables["enterprises"].groupby("province_code", as_index=False)[["insured_workers", "revenue"]].sum()
)
with (
    tempfile.TemporaryDirectory() as folder,
    pd.ExcelWriter(Path(folder) / "national.xlsx", engine="openpyxl") as book,
):
    by_source.to_excel(book, sheet_name="funding", index=False)
    by_province.to_excel(book, sheet_name="enterprises", index=False)
for path, sheets in read:
    for name, frame in sheets.items():
        tally.keep(path, name, frame.to_dict("records") if task["out"] else frame.index)
money = int(by_source["amount"].sum() + by_province["revenue"].sum())
tally.tell(money=money * 1_000_000, funding=int(by_source["amount"].sum()) * 1_000_000)
