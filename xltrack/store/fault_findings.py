"""Says what is wrong with files put together, to each of those that were merged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

from xltrack.checking.wording import Wording, number, said_key
from xltrack.findings import Finding
from xltrack.forms import Column, Form
from xltrack.language import Text
from xltrack.reading.model import Table
from xltrack.reading.privacy import sayable
from xltrack.store.connection import Store
from xltrack.store.faults import corrected_faults_query
from xltrack.store.schema import quoted, statement

_MOST_ROWS = 10
_PARTS = {"repeat": "XLT609", "dangle": "XLT610", "total": "XLT611"}
_CORRECTED = {"dangle": "XLT612", "total": "XLT613"}
_OF_SETS = "SELECT * FROM set_fault WHERE set_id IN (SELECT unnest($asked))"

_Fault = Mapping[str, Any]
"""A row of `fault_summary`: what is wrong with one column of one sheet of one file."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One merged file: its form and its sheets, of which only the addresses are asked.

    `held_set` names its set of parts if it is held for what stands in it, `corrected_return` its return if corrections
    are laid over that.
    """

    sha256: str
    form: Form
    tables: Mapping[str, Table]
    held_set: str | None
    corrected_return: str | None


def fault_findings(store: Store, files: Sequence[Asking]) -> Mapping[str, list[Finding]]:
    """Return by SHA-256 what is wrong once each of `files` is put together with what else came for its return.

    Of a held set of parts every file is told, at its own row where it has one. Of a corrected return the file that has
    the row is told, or those that were merged if it is not among them. Raises StoreDamaged.
    """
    sets = _summary(store, _OF_SETS, [file.held_set for file in files if file.held_set])
    corrected = [file.sha256 for file in files if file.corrected_return]
    returns = _summary(store, corrected_faults_query(store.sheets), corrected) if corrected else {}
    found: dict[str, list[Finding]] = defaultdict(list)
    for file in files:
        of_set = sets.get(file.held_set or "", [])
        found[file.sha256] += [_finding(store, file, fault, _PARTS) for fault in _to_tell(of_set, file)]
        of_return = [
            fault
            for fault in returns.get(file.corrected_return or "", [])
            if fault["sha256"] == file.sha256 or fault["sha256"] not in corrected
        ]
        found[file.sha256] += [
            _finding(store, file, fault, _CORRECTED) for fault in _to_tell(of_return, file)
        ]
    return found


def _summary(store: Store, faults: str, asked: Iterable[str]) -> Mapping[str, list[_Fault]]:
    found: dict[str, list[_Fault]] = defaultdict(list)
    if wanted := sorted(set(asked)):
        query = Template(statement("fault_summary")).safe_substitute(faults=faults, most=_MOST_ROWS + 1)
        for row in store.facts(query, {"asked": wanted}):
            found[row["set_id"]].append(row)
    return found


def _to_tell(faults: Iterable[_Fault], file: Asking) -> Iterator[_Fault]:
    """Yield for each sheet and column the fault in `file` itself, else the first one in another file."""
    chosen: dict[tuple[str, str, str | None, str | None], _Fault] = {}
    for fault in faults:
        place = fault["kind"], fault["sheet"], fault["column_id"], fault["target"]
        if place not in chosen or fault["sha256"] == file.sha256:
            chosen[place] = fault
    yield from chosen.values()


def _finding(store: Store, file: Asking, fault: _Fault, codes: Mapping[str, str]) -> Finding:
    sheet = file.form.by_id[fault["sheet"]]
    column = sheet.by_id[fault["column_id"] or sheet.key[0]]
    facts = {"title": column.title, "tab": sheet.tab, **_facts(store, file.form, fault, column)}
    table = file.tables.get(sheet.id) if fault["sha256"] == file.sha256 else None
    if table is None:
        return Finding(codes[fault["kind"]], facts={**facts, **_whose_cover(fault)})
    row, cell = table.place(column.id, fault["rows"][0])
    value = sayable(column, fault["alike"]) if fault["kind"] == "dangle" else None
    return Finding(codes[fault["kind"]], table.tab, row, cell, column.id, value, facts)


def _facts(store: Store, form: Form, fault: _Fault, column: Column) -> Mapping[str, object]:
    if fault["kind"] == "repeat":
        places = [_place(place["file_name"], [place["row"]]) for place in fault["places"]]
        return {"key": _key(store, form, fault), "places": _listed(places), "keys": fault["number"]}
    if fault["kind"] == "total":
        stated, added = fault["stated"], fault["added"]
        totals = {"cover_total": stated, "sheet_total": added, "difference": abs(stated - added)}
        return {name: number(total) for name, total in totals.items()}
    target_sheet, target_column = fault["target"].split(".")
    target = form.by_id[target_sheet]
    return {
        "lost": sayable(column, fault["alike"]),
        "place": _place(fault["file_name"], fault["rows"]),
        "target_tab": target.tab,
        "target_title": target.by_id[target_column].title,
    }


def _whose_cover(fault: _Fault) -> Mapping[str, object]:
    """Return the file whose cover states the total, for whoever is told it of another file."""
    return {"file": fault["file_name"]} if fault["kind"] == "total" else {}


def _key(store: Store, form: Form, fault: _Fault) -> Text:
    """Return the first key of a file that another file repeats."""
    sheet = form.by_id[fault["sheet"]]
    columns = ", ".join(map(quoted, sheet.key))
    query = f"SELECT {columns} FROM {quoted(sheet.id)} WHERE _submission = ? AND _row = ?"
    values = store.rows(query, [fault["sha256"], fault["rows"][0]])[0]
    return said_key(dict(zip(sheet.key, values, strict=True)), Wording(sheet, store.schemas))


def _place(file_name: str, rows: Sequence[int]) -> Text:
    listed = _listed([Text(str(row), str(row)) for row in rows])
    return Text(f"{file_name} (dòng {listed.vi})", f"{file_name} (row {listed.en})")


def _listed(texts: Sequence[Text]) -> Text:
    """Return the texts one after another, at most as many as a reader wants to see."""
    shown = [*texts[:_MOST_ROWS], *([Text("…", "…")] if len(texts) > _MOST_ROWS else [])]
    return Text(", ".join(text.vi for text in shown), ", ".join(text.en for text in shown))
