"""The script that an analyst would write: read, concat, group, write. Nothing is checked."""

import json
import sys
import tempfile
from pathlib import Path

import pandas as pd

task, engine = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]
tabs = {name: sheet["tab"] for name, sheet in task["sheets"].items()}
read = [
    pd.read_excel(path, sheet_name=list(tabs.values()), header=2, skiprows=[3], engine=engine)
    for path in task["paths"]
]
tables = {name: pd.concat([book[tab] for book in read], ignore_index=True) for name, tab in tabs.items()}
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
money = int(by_source["amount"].sum() + by_province["revenue"].sum())
print(json.dumps({"rows": sum(map(len, tables.values())), "money": money * 1_000_000}))
