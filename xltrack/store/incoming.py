"""The rows of files that come into the store: by sheet one frame, and of each file what they say."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import polars as pl

from xltrack.forms import Reference
from xltrack.intake.sandbox import cores
from xltrack.store.connection import Store
from xltrack.store.frames import registered
from xltrack.store.schema import StoredSheet
from xltrack.store.submission import Submission
from xltrack.store.totals import SheetTotals, incoming_totals

Said = Mapping[str, dict[str, Any]]
"""By SHA-256 what the rows of a file say: `content_sha256` and `control_totals`, as the store has them.

That hash is over the typed rows of every sheet, the cover among them: neither the order of rows and columns, nor
their place in the file, nor columns left empty count.
"""
_Totals = list[tuple[str, Sequence[int], SheetTotals]]


def rows_said(store: Store, submissions: Sequence[Submission]) -> Said:
    """Return what the rows of `submissions` say; none of them is inserted."""
    with adding_up(store, submissions, incoming_rows(store, submissions)) as said:
        return said()


def incoming_rows(
    store: Store, submissions: Sequence[Submission], entries: Mapping[str, int] | None = None
) -> Mapping[str, pl.DataFrame]:
    """Return by sheet the rows of all `submissions`, each with its file, tab, and the number of its file in `entries`.

    Sheets and columns without a value are left out.
    """
    frames = {name: _rows(submissions, name, entries or {}) for name in sorted(store.sheets)}
    return {name: frame for name, frame in frames.items() if frame is not None}


def with_links(
    frames: Mapping[str, pl.DataFrame], sheets: Mapping[str, StoredSheet]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the `frames` of `incoming_rows`, numbered, by sheet, each with its `StoredSheet.links`."""
    for name, frame in frames.items():
        sheet = sheets[name]
        links = {
            link: _pointed_to(frame, column, sheet.references[column], frames)
            for column, link in sheet.links.items()
        }
        yield name, frame.with_columns(rows.alias(link) for link, rows in links.items() if rows is not None)


def _pointed_to(
    frame: pl.DataFrame, column: str, reference: Reference, frames: Mapping[str, pl.DataFrame]
) -> pl.Series | None:
    """Return the rows that `column` of `frame` points to; None where nothing can point to any."""
    by = [reference.by] if reference.by else []
    targets = [
        frames[sheet].select(
            "_entry", "_row", pl.col(target).alias(column), *(pl.lit(value).alias(name) for name in by)
        )
        for value, (sheet, target) in reference.targets.items()
        if sheet in frames and target in frames[sheet].columns
    ]
    keys = ["_entry", column, *by]
    if not targets or not set(keys) <= set(frame.columns):
        return None
    firsts = pl.concat(targets).sort("_row").unique(keys, keep="first")
    return frame.select(keys).join(firsts, on=keys, how="left", maintain_order="left")["_row"]


@contextmanager
def adding_up(
    store: Store, submissions: Sequence[Submission], frames: Mapping[str, pl.DataFrame]
) -> Iterator[Callable[[], Said]]:
    """Add up what the `frames` of `submissions` say while other things are done within this.

    It takes three times as long as inserting them, and needs no more of the store than a connection. What is given
    waits for the sums and returns them; it raises duckdb.Error.
    """
    with ThreadPoolExecutor(cores()) as beside:
        found = beside.map(partial(_totals, store), frames.items())
        yield lambda: _said(submissions, dict(zip(frames, found, strict=True)))


def _totals(store: Store, rows: tuple[str, pl.DataFrame]) -> _Totals:
    name, frame = rows
    with store.beside() as connection, registered(connection, {"incoming": frame}):
        return list(incoming_totals(connection, store.sheets[name], "incoming", frame.columns))


def _said(submissions: Sequence[Submission], found: Mapping[str, _Totals]) -> Said:
    contents = {entry.workbook.sha256: hashlib.sha256() for entry in submissions}
    totals: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, files in found.items():
        for sha256, said, total in files:
            contents[sha256].update(f"{name} {list(said)}\n".encode())
            totals[sha256][name] = total.plain
    return {
        sha256: {
            "content_sha256": content.hexdigest(),
            "control_totals": json.dumps(totals[sha256], sort_keys=True),
        }
        for sha256, content in contents.items()
    }


def _rows(submissions: Sequence[Submission], name: str, entries: Mapping[str, int]) -> pl.DataFrame | None:
    filled = [
        table.frame.with_columns(
            pl.lit(entry.workbook.sha256).alias("_submission"),
            pl.lit(table.tab).alias("_sheet"),
            pl.lit(entries.get(entry.workbook.sha256), pl.Int32()).alias("_entry"),
        )
        for entry in submissions
        if (table := entry.workbook.tables.get(name)) is not None and table.frame.height
    ]
    return _without_empty_columns(pl.concat(filled, how="diagonal", rechunk=False)) if filled else None


def _without_empty_columns(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(column.name for column in frame if column.null_count() < frame.height)
