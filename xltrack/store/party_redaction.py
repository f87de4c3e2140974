"""Takes out of the store what is personal of one enterprise or household; what is counted stays as it is."""

import secrets
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from xltrack.findings.masking import masked
from xltrack.forms import Column, Schemas, Sheet
from xltrack.reading.identifiers import PERSONAL, is_identifier
from xltrack.store.chain import Event, append, digest
from xltrack.store.connection import Store
from xltrack.store.frames import registered
from xltrack.store.originals import remove_originals
from xltrack.store.schema import present_columns, quoted
from xltrack.store.totals import stored_totals

_STAND_IN = "x"
_MASK = "•" * PERSONAL
_MINE = "if(length({column}) = 12, {column}, substr({column}, 1, 10)) = $code"
_QUOTED = """
UPDATE finding
SET value = NULL, message_vi = $vi, message_en = $en, hint_vi = '', hint_en = ''
WHERE list_contains(CAST($files AS VARCHAR[]), submission)
    AND regexp_matches(
        concat_ws(' ', value, message_vi, message_en, hint_vi, hint_en), '(^|[^0-9])0*' || $code || '([^0-9]|$)'
    )
"""
_FINDINGS = """
UPDATE finding
SET value = NULL, message_vi = $vi, message_en = $en, hint_vi = '', hint_en = ''
FROM incoming
WHERE finding.submission = incoming.submission AND finding.sheet = incoming.tab AND finding."row" = incoming."row"
"""
_SAID = {"vi": "Nội dung đã được xóa theo yêu cầu.", "en": "What it said was removed on request."}
_ROWS = {"submission": pl.String(), "tab": pl.String(), "row": pl.Int64(), "cells": pl.Int64()}


def redact_party(
    store: Store, code: str, holding: Collection[str] = (), *, reason: str, by: str
) -> Mapping[str, int]:
    """Remove what is personal of the enterprise or household with the tax code `code` (ten or twelve digits).

    Returns the files (SHA-256) from which something was removed, in the order of the chain, and how many cells of each
    were changed: those whose rows of it held something personal, and those `holding` the code elsewhere, as a rejected
    file does of which no row is in the store. In the rows contacts are emptied, and mobile numbers, mailboxes and
    personal identification numbers in free texts masked. The twelve digits of a household are a personal identification
    number: an arbitrary code of that length stands for them afterwards, the same in all files, so that every count
    stays; the free texts of the row that describes it, its name and address among them, are emptied, and in those of
    other rows the number is masked. What findings said
    of the rows, and of the code in the files `holding` it, and the received files go too; a file that held nothing
    personal keeps them. The chain records of each file what its rows add up to since, and why and for whom as a hash.
    Raises StoreError.
    """
    stand_in = f"{_STAND_IN}{secrets.token_hex(PERSONAL)[: PERSONAL - 1]}"
    with store.transaction():
        redacted = [
            _redact_rows(store, sheet, column, code, stand_in)
            for sheet, column in code_columns(store.schemas)
        ]
        if len(code) == PERSONAL:
            redacted += [
                _mask(store, sheet, code) for form in store.schemas.forms.values() for sheet in form.tables
            ]
        rows = pl.concat([pl.DataFrame(schema=_ROWS), *redacted])
        files = _in_order(store, {*rows["submission"], *holding})
        with registered(store.connection, {"incoming": rows}):
            store.rows(_FINDINGS, _SAID)
        store.rows(_QUOTED, {**_SAID, "files": sorted(holding), "code": code.lstrip("0")})
        remove_originals(store.connection, files)
        append(store.connection, list(_events(store, files, digest([reason, by]))))
    cells = dict(rows.group_by("submission").agg(pl.col("cells").sum()).iter_rows())
    return {sha256: cells.get(sha256, 0) for sha256 in files}


def files_of(store: Store, code: str) -> tuple[str, ...]:
    """Return the files (SHA-256) with rows of the enterprise or household `code`, in the order of the chain."""
    present = present_columns(store.connection)
    found: set[str] = set()
    for sheet, column in code_columns(store.schemas):
        if column.id in present.get(sheet.id, {}):
            query = f"SELECT DISTINCT _submission FROM {quoted(sheet.id)} WHERE {_mine(column)}"
            found.update(sha256 for (sha256,) in store.rows(query, {"code": code}))
    return _in_order(store, found)


def is_stand_in(code: object) -> bool:
    """Return whether `code` stands where the number of a household was."""
    return isinstance(code, str) and len(code) == PERSONAL and code.startswith(_STAND_IN)


def code_columns(schemas: Schemas) -> Iterator[tuple[Sheet, Column]]:
    """Yield the sheets whose rows are of an enterprise, each with the column of its tax code."""
    for form in schemas.forms.values():
        for sheet in form.sheets:
            for column in sheet.columns:
                if column.checksum or _leads_to_code(column, schemas):
                    yield sheet, column


def _leads_to_code(column: Column, schemas: Schemas) -> bool:
    targets = column.references.targets.values() if column.references else ()
    sheets = {sheet.id: sheet for form in schemas.forms.values() for sheet in form.sheets}
    return any(sheets[sheet].by_id[target].checksum for sheet, target in targets if sheet in sheets)


def _mine(column: Column) -> str:
    return _MINE.format(column=quoted(column.id))


def _redact_rows(store: Store, sheet: Sheet, column: Column, code: str, stand_in: str) -> pl.DataFrame:
    """Redact the rows of `sheet` that bear `code`; return those changed as `_ROWS`, with how many cells of each."""
    present = present_columns(store.connection).get(sheet.id, {})
    if column.id not in present:
        return pl.DataFrame(schema=_ROWS)
    query = f"SELECT rowid AS place, * FROM {quoted(sheet.id)} WHERE {_mine(column)}"
    frame = store.frame(query, {"code": code})
    after = frame.with_columns(_changes(sheet, column, frame, stand_in if len(code) == PERSONAL else None))
    changed = [name for name in frame.columns if not frame[name].equals(after[name])]
    if changed:
        values = ", ".join(f"{quoted(name)} = incoming.{quoted(name)}" for name in changed)
        with registered(store.connection, {"incoming": after.select("place", *changed)}):
            store.rows(
                f"UPDATE {quoted(sheet.id)} AS t SET {values} FROM incoming WHERE t.rowid = incoming.place"
            )
    differing = [frame[name].ne_missing(after[name]).cast(pl.Int64).alias(name) for name in changed]
    cells = pl.DataFrame(differing).sum_horizontal() if differing else pl.Series([0] * frame.height)
    rows = frame.select("_submission", "_sheet", "_row").with_columns(cells.alias("cells"))
    rows.columns = list(_ROWS)
    return rows.cast(_ROWS).filter(pl.col("cells") > 0)  # type: ignore[arg-type]


def _mask(store: Store, sheet: Sheet, code: str) -> pl.DataFrame:
    """Mask `code` in the free texts of `sheet`, whoever's rows they are; return the rows changed as `_ROWS`."""
    present = present_columns(store.connection).get(sheet.id, {})
    texts = [quoted(one.id) for one in sheet.columns if one.id in present and _is_free_text(one, sheet)]
    if not texts:
        return pl.DataFrame(schema=_ROWS)
    holding = [f"coalesce(contains({name}, $code), FALSE)" for name in texts]
    cells = " + ".join(f"CAST({one} AS BIGINT)" for one in holding)
    mine = f"FROM {quoted(sheet.id)} WHERE {' OR '.join(holding)}"
    rows = store.frame(
        f"SELECT _submission AS submission, _sheet AS tab, _row AS row, {cells} AS cells {mine}",
        {"code": code},
    )
    masking = ", ".join(f"{name} = replace({name}, $code, $mask)" for name in texts)
    if rows.height:
        store.rows(
            f"UPDATE {quoted(sheet.id)} SET {masking} WHERE {' OR '.join(holding)}",
            {"code": code, "mask": _MASK},
        )
    return rows.cast(_ROWS)  # type: ignore[arg-type]


def _changes(
    sheet: Sheet, code_column: Column, frame: pl.DataFrame, stand_in: str | None
) -> Iterator[pl.Expr]:
    """Yield what the columns of `frame` become; `stand_in` is given for a household."""
    for column in (column for column in sheet.columns if column.id in frame.columns):
        described = stand_in is not None and code_column.personal_id_where is not None
        if column.id == code_column.id and stand_in is not None:
            yield pl.lit(stand_in).alias(column.id)
        elif column.personal or (described and _is_free_text(column, sheet)):
            yield pl.lit(None, frame.schema[column.id]).alias(column.id)
        elif _is_free_text(column, sheet):
            yield pl.col(column.id).map_elements(_without_contacts, pl.String)


def _is_free_text(column: Column, sheet: Sheet) -> bool:
    return column.type == "string" and not is_identifier(column, sheet)


def _without_contacts(text: str) -> str:
    # A number alone is that of a document or certificate: these are counted.
    return masked(text) if " " in text or "@" in text else text


def _in_order(store: Store, files: set[str]) -> tuple[str, ...]:
    query = "SELECT sha256 FROM submission WHERE sha256 IN (SELECT unnest($files)) ORDER BY chain_no"
    return tuple(sha256 for (sha256,) in store.rows(query, {"files": sorted(files)}))


def _events(store: Store, files: tuple[str, ...], said: str) -> Iterator[Event]:
    without = {name: sorted(sheet.contacts) for name, sheet in store.sheets.items()}
    totals = stored_totals(store.connection, store.sheets, without) if files else {}
    for sha256 in files:
        added: Mapping[str, Any] = {name: one.plain for name, one in totals.get(sha256, {}).items()}
        yield Event("redaction", sha256, {"control_totals": added, "said_sha256": said})
