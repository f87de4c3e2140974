"""Tells of files what was recorded when they were merged, and what became of them since, without reading them again."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from xltrack.findings import Finding, Said
from xltrack.forms import Form
from xltrack.language import Text
from xltrack.reading import Ledger, Table
from xltrack.reading.filled import Texts
from xltrack.store.connection import Store
from xltrack.store.outcome import MergeOutcome, Taken, outcomes
from xltrack.store.places import places_table
from xltrack.store.schema import quoted

_FILES = """
SELECT s.sha256, s.file_name, s.form, s.unit_code, s.year, s.period_kind, s.received_at, s.verdict, s.cells, s.mapped,
    s.ignored, chain.chain_no, chain.hash
FROM submission AS s
JOIN chain USING (chain_no)
WHERE s.sha256 IN (SELECT unnest(CAST(? AS VARCHAR[])))
"""
_FINDINGS = """
SELECT submission, code, sheet, "row", cell, column_id, "value", message_vi, message_en, hint_vi, hint_en
FROM finding
WHERE submission IN (SELECT unnest(CAST(? AS VARCHAR[])))
ORDER BY submission, number
"""
_BLANK = pl.DataFrame()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The record of a file in the chain: its number, and the hash that seals it and all before it."""

    chain_no: int
    hash: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One file as the store knows it now: what `merge` would say of it, were it merged for the first time.

    `outcome` has verdict, state and reason; `findings` are those recorded with the file, as they were said, and those
    that only the store can make. `round` is as "2025-annual", `received_at` has its zone.
    """

    sha256: str
    file_name: str
    form: str | None
    unit: str | None
    round: str | None
    received_at: datetime | None
    outcome: MergeOutcome
    findings: tuple[Finding, ...]
    ledger: Ledger
    receipt: Receipt


def recorded(store: Store, files: Sequence[str]) -> Mapping[str, Recorded]:
    """Return what is known of those of `files` (SHA-256) that the store holds; raises StoreDamaged."""
    rows = {row["sha256"]: row for row in store.frame(_FILES, [list(files)]).to_dicts()}
    found = _findings(store, list(rows))
    tables = _tables(store, {sha256: store.schemas.forms.get(row["form"]) for sha256, row in rows.items()})
    asked = [
        Taken(sha256, row["verdict"], store.schemas.forms.get(row["form"]), tables.get(sha256, {}), None)
        for sha256, row in rows.items()
    ]
    became = {outcome.sha256: outcome for outcome in outcomes(store, asked)} if asked else {}
    return {
        sha256: _recorded(row, became[sha256], (*found.get(sha256, ()), *became[sha256].findings))
        for sha256, row in rows.items()
    }


def _recorded(row: Mapping[str, Any], outcome: MergeOutcome, findings: tuple[Finding, ...]) -> Recorded:
    return Recorded(
        row["sha256"],
        row["file_name"],
        row["form"],
        row["unit_code"],
        f"{row['year']}-{row['period_kind']}" if row["year"] and row["period_kind"] else None,
        row["received_at"] and row["received_at"].replace(tzinfo=UTC),
        outcome,
        findings,
        Ledger(row["cells"], row["mapped"], json.loads(row["ignored"])),
        Receipt(row["chain_no"], row["hash"]),
    )


def _findings(store: Store, files: Sequence[str]) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for sha256, code, sheet, row, cell, column, value, *words in store.rows(_FINDINGS, [files]):
        said = Said(Text(words[0], words[1]), Text(words[2], words[3]))
        found[sha256].append(Finding(code, sheet, row, cell, column, value, said=said))
    return found


def _tables(store: Store, forms: Mapping[str, Form | None]) -> Mapping[str, Mapping[str, Table]]:
    """Return by file and sheet where its columns stand: tables without rows."""
    tables: dict[str, dict[str, Table]] = defaultdict(dict)
    query = f"SELECT submission, sheet, addresses FROM {places_table(store)} WHERE submission IN (SELECT unnest(?))"
    tabs = _tabs(store, list(forms))
    for sha256, name, addresses in store.rows(query, [list(forms)]):
        form = forms[sha256]
        if form is not None and name in form.by_id:
            sheet = form.by_id[name]
            tab = tabs.get((sha256, name), sheet.tab)
            tables[sha256][name] = Table(sheet, tab, _BLANK, Texts(), json.loads(addresses))
    return tables


def _tabs(store: Store, files: Sequence[str]) -> Mapping[tuple[str, str], str]:
    asked = "_submission IN (SELECT unnest(CAST($files AS VARCHAR[])))"
    query = " UNION ALL ".join(
        f"SELECT DISTINCT _submission, '{name}', _sheet FROM {quoted(name)} WHERE {asked}"
        for name in store.sheets
    )
    return {(sha256, name): tab for sha256, name, tab in store.rows(query, {"files": list(files)})}
