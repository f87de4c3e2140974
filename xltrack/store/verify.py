"""Holds a store against itself: its chain, the head outside, every record, every original, every row."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from xltrack.language import Text
from xltrack.store.chain import as_text, broken_at, head
from xltrack.store.connection import Store
from xltrack.store.enterprises import decision_event, recorded_decisions
from xltrack.store.head import head_path, read_head
from xltrack.store.links import strayed_links
from xltrack.store.originals import original_of
from xltrack.store.schema import present_columns, quoted
from xltrack.store.stated import findings_digest, stated, stated_waiver
from xltrack.store.totals import SheetTotals, sheet_totals

_NEWEST = """
SELECT subject, max_by(facts, chain_no), max(chain_no) FROM chain WHERE kind = ? GROUP BY subject ORDER BY max(chain_no)
"""
_FOUND = "SELECT * EXCLUDE (value, message_vi, message_en, hint_vi, hint_en) FROM finding ORDER BY submission, number"


def faults(store: Store) -> Iterator[Text]:
    """Yield what in the store is not as it was recorded, each fault in a sentence; nothing if all holds.

    Every page is read. Raises StoreDamaged where one fails its checksum.
    """
    yield from _chain(store)
    yield from _submissions(store)
    yield from _waivers(store)
    yield from _decisions(store)
    yield from _originals(store)
    yield from _rows(store)
    yield from _links(store)
    _read_all(store)


def removed(store: Store) -> frozenset[str]:
    """Return the files (SHA-256) of which something was removed on purpose: the chain says so."""
    rows = store.rows("SELECT subject FROM chain WHERE kind = 'redaction'")
    return frozenset(subject for (subject,) in rows)


def _chain(store: Store) -> Iterator[Text]:
    place = broken_at(store.connection)
    if place is not None:
        yield Text(
            f"Chuỗi bản ghi đứt ở bản ghi {place}: nội dung không khớp mã băm của nó.",
            f"The chain breaks at record {place}: it is not what was sealed.",
        )
    if head(store.connection).chain_no and read_head(store.path) is None:
        path = head_path(store.path)
        yield Text(
            f"Không có `{path}`, nên không biết kho có thiếu bản ghi cuối nào không.",
            f"There is no `{path}`, so nobody knows whether the last records of the store are missing.",
        )


def _submissions(store: Store) -> Iterator[Text]:
    recorded = {sha256: (facts, number) for sha256, facts, number in store.rows(_NEWEST, ["submission"])}
    digests = _findings_digests(store)
    for row in store.frame("FROM submission ORDER BY chain_no").to_dicts():
        facts, number = recorded.pop(row["sha256"], (None, None))
        if row["chain_no"] != number or as_text(stated(row)) != facts:
            yield _differs(row, "bản ghi về tệp", "what is stored of it")
        if row["findings_sha256"] != digests.get(row["sha256"], findings_digest([])):
            yield _differs(row, "các phát hiện", "its findings")
    for facts, _ in recorded.values():
        yield _differs(json.loads(facts), "mọi thứ (tệp không còn trong kho)", "everything: it is gone")


def _differs(row: Mapping[str, Any], vi: str, en: str) -> Text:
    name = f"`{row['file_name']}` ({row['sha256'][:12]})"
    return Text(
        f"{name}: {vi} không đúng như đã ghi trong chuỗi.",
        f"{name}: {en} differs from what the chain records.",
    )


def _findings_digests(store: Store) -> Mapping[str, str]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in store.frame(_FOUND).iter_rows(named=True):
        found.setdefault(row["submission"], []).append(row)
    return {sha256: findings_digest(rows) for sha256, rows in found.items()}


def _waivers(store: Store) -> Iterator[Text]:
    recorded = {number: facts for number, facts, _ in store.rows(_NEWEST, ["waiver"])}
    for row in store.frame("FROM waiver ORDER BY number").to_dicts():
        if recorded.pop(str(row["number"]), None) != as_text(stated_waiver(row)):
            yield _waiver_differs(str(row["number"]))
    yield from map(_waiver_differs, recorded)


def _waiver_differs(number: str) -> Text:
    return Text(
        f"Miễn trừ số {number} không đúng như đã ghi trong chuỗi.",
        f"Waiver number {number} differs from what the chain records.",
    )


def _decisions(store: Store) -> Iterator[Text]:
    recorded = {pair: facts for pair, facts, _ in store.rows(_NEWEST, ["decision"])}
    found = {one.subject: as_text(one.facts) for one in map(decision_event, recorded_decisions(store))}
    for pair in sorted(recorded.keys() | found.keys()):
        if recorded.get(pair) != found.get(pair):
            yield Text(
                f"Quyết định về hai mã số thuế {pair} không đúng như đã ghi trong chuỗi.",
                f"The decision about the tax codes {pair} differs from what the chain records.",
            )


def _originals(store: Store) -> Iterator[Text]:
    left_out = removed(store)
    rows = store.rows("SELECT sha256, file_name FROM submission ORDER BY chain_no")
    for sha256, file_name in rows:
        kept = original_of(store.connection, sha256)
        if kept is None or (sha256 not in left_out and hashlib.sha256(kept).hexdigest() != sha256):
            yield _differs({"sha256": sha256, "file_name": file_name}, "tệp gốc", "its original")
    more = store.rows("SELECT count(*) FROM original WHERE sha256 NOT IN (SELECT sha256 FROM submission)")
    if more != [(0,)]:
        yield Text(
            "Trong kho có tệp gốc không của bản ghi nào.", "The store has originals that no record names."
        )


def _rows(store: Store) -> Iterator[Text]:
    """Yield the files whose rows do not add up to their control totals, with the sheets."""
    found, since, strayed = _found(store), _totals_since(store), _strayed(store)
    places = {place[:2] for place in found}
    for sha256, file_name, totals in store.rows(
        "SELECT sha256, file_name, control_totals FROM submission ORDER BY chain_no"
    ):
        expected = since.get(sha256) or json.loads(totals)
        wrong = [
            name
            for name, one in expected.items()
            if (sha256, name) in strayed or not _agree(one, found.get(_place(sha256, name, one)))
        ]
        more = [name for file, name in places if file == sha256 and name not in expected]
        places -= {(sha256, name) for name in (*expected, *more)}
        if wrong or more:
            sheets = ", ".join(sorted((*wrong, *more)))
            row = {"sha256": sha256, "file_name": file_name}
            yield _differs(row, f"các dòng của {sheets}", f"the rows of {sheets}")
    if places:
        yield Text("Trong kho có dòng không của tệp nào.", "The store has rows of no file.")


def _strayed(store: Store) -> set[tuple[str, str]]:
    """Return the files (SHA-256) and sheets with rows that do not stand under the number of their file."""
    numbered = (
        "LEFT JOIN submission AS s ON s.entry_no = t._entry WHERE s.sha256 IS DISTINCT FROM t._submission"
    )
    return {
        (sha256, name)
        for name in store.sheets.keys() & present_columns(store.connection).keys()
        for (sha256,) in store.rows(f"SELECT DISTINCT t._submission FROM {quoted(name)} AS t {numbered}")
    }


def _links(store: Store) -> Iterator[Text]:
    """Yield the columns that do not point to the rows that are stored beside them."""
    present = present_columns(store.connection)
    for sheet, column, files in strayed_links(store.connection, store.sheets, present):
        yield Text(
            f"Các dòng mà `{sheet}.{column}` trỏ tới không đúng như số dòng ghi bên cạnh (số tệp: {files}).",
            f"The rows that `{sheet}.{column}` points to are not those stored beside it (files: {files}).",
        )


def _totals_since(store: Store) -> Mapping[str, Mapping[str, Any]]:
    """Return by file (SHA-256) what its rows add up to since something was removed that is counted by the digests."""
    rows = store.rows("SELECT subject, facts FROM chain WHERE kind = 'redaction' ORDER BY chain_no")
    facts = ((sha256, json.loads(said)) for sha256, said in rows)
    return {sha256: said["control_totals"] for sha256, said in facts if "control_totals" in said}


Place = tuple[str, str, tuple[str, ...]]
"""A file, a sheet, and the columns that its digest leaves out."""


def _found(store: Store) -> Mapping[Place, SheetTotals]:
    """Return what the rows that are stored add up to, in each way in which a record may have added them up."""
    present = present_columns(store.connection)
    ways = {name: {tuple(sorted(sheet.contacts))} for name, sheet in store.sheets.items() if name in present}
    recorded = [
        json.loads(totals) for (totals,) in store.rows("SELECT DISTINCT control_totals FROM submission")
    ]
    for totals in (*recorded, *_totals_since(store).values()):
        for name, one in totals.items():
            ways.setdefault(name, set()).add(tuple(one.get("without", ())))
    return {
        (sha256, name, way): totals
        for name, several in ways.items()
        for way in several
        for sha256, totals in sheet_totals(store.connection, store.sheets[name], name, present[name], way)
    }


def _place(sha256: str, sheet: str, expected: Mapping[str, Any]) -> Place:
    return sha256, sheet, tuple(expected.get("without", ()))


def _agree(expected: Mapping[str, Any], found: SheetTotals | None) -> bool:
    if found is None:
        return False
    shared = found.sums.keys() & expected["sums"].keys()
    return (expected["rows"], expected["digest"]) == (found.rows, found.digest) and all(
        found.sums[name] == expected["sums"][name] for name in shared
    )


def _read_all(store: Store) -> None:
    """Read every page: what no record speaks of, such as messages, has checksums too."""
    for table, columns in present_columns(store.connection).items():
        lengths = ", ".join(f"max(length(CAST({quoted(name)} AS VARCHAR)))" for name in columns)
        store.rows(f"SELECT {lengths} FROM {quoted(table)}")
