"""Runs every check over workbooks that were read, all of them at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from xltrack.checking.codes import check_code_parents, check_codes_in_force, check_digits
from xltrack.checking.constraints import check_constraints
from xltrack.checking.deadlines import Deadline, deadlines_on, on_arrival
from xltrack.checking.keys import check_keys, check_references
from xltrack.checking.money_units import check_money_units
from xltrack.checking.other_tables import rows_like_other_tables
from xltrack.checking.questions import answers
from xltrack.checking.relations import Sheets, is_whole
from xltrack.checking.rows import Located, gather
from xltrack.checking.rules import check_rules
from xltrack.findings import Finding, severity
from xltrack.forms import Form, Schemas
from xltrack.intake.places import NUMBER_OF, range_of
from xltrack.reading.model import Workbook
from xltrack.stages import stage

_OUT_OF_BOUNDS = ("XLT403", "XLT404")
_IMPROBABLE = "XLT573"


def check_workbook(
    workbook: Workbook, schemas: Schemas, received: datetime | None = None
) -> tuple[Finding, ...]:
    """Return what is wrong with the rows of one workbook: codes XLT4xx, XLT5xx, XLT126, XLT127, XLT235, XLT327–329.

    `received` is when it arrived; without it nothing is said about deadlines (`Deadline.on`). A workbook whose form
    is unknown has no rows to check.
    """
    (found,) = check_workbooks([workbook], schemas)
    return in_reading_order((*found, *on_arrival(deadlines_of(workbook), received)), workbook)


def deadlines_of(workbook: Workbook) -> tuple[Deadline, ...]:
    """Return what the arrival of `workbook` decides."""
    name = workbook.form.cover.id if workbook.form else ""
    if name not in workbook.tables:
        return ()
    rows = gather([replace(workbook, tables={name: workbook.tables[name]})])
    return tuple(deadlines_on(rows[name], workbook))


def check_workbooks(workbooks: Sequence[Workbook], schemas: Schemas) -> list[tuple[Finding, ...]]:
    """Return the findings of each workbook, in the order given; the same as asking for one at a time, but faster.

    Of deadlines nothing is said (`deadlines_of`).
    """
    found: list[tuple[Finding, ...]] = [()] * len(workbooks)
    for form in _forms(workbooks):
        numbers = [n for n, workbook in enumerate(workbooks) if workbook.form is form]
        batch = [workbooks[n] for n in numbers]
        per_file: list[list[Finding]] = [[] for _ in batch]
        with stage("constraints"):
            for file, finding in _findings(batch, form, schemas):
                per_file[file].append(finding)
        for number, findings in zip(numbers, per_file, strict=True):
            workbook = workbooks[number]
            tables = rows_like_other_tables((*workbook.findings, *findings), workbook)
            found[number] = in_reading_order((*_consistent(findings), *tables), workbook)
    return found


def _consistent(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings but for notes on a value that cannot be right, and that it is improbable.

    They would say that nothing need be done.
    """
    wrong = {(finding.sheet, finding.cell) for finding in findings if finding.code in _OUT_OF_BOUNDS}
    for finding in findings:
        is_idle = severity(finding) == "note" or finding.code == _IMPROBABLE
        if (finding.sheet, finding.cell) not in wrong or not is_idle:
            yield finding


def _forms(workbooks: Sequence[Workbook]) -> list[Form]:
    return list({id(w.form): w.form for w in workbooks if w.form is not None}.values())


def _findings(batch: Sequence[Workbook], form: Form, schemas: Schemas) -> Iterator[Located]:
    sheets = gather(batch)
    yield from _of_rows(batch, sheets, schemas)
    with stage("rules"):
        yield from check_rules(batch, sheets, form, schemas)
    yield from check_money_units(batch, sheets, schemas)


def _of_rows(batch: Sequence[Workbook], sheets: Sheets, schemas: Schemas) -> Iterator[Located]:
    rounds = {n: workbook.cover.round for n, workbook in enumerate(batch) if workbook.cover is not None}
    whole = [n for n, workbook in enumerate(batch) if is_whole(workbook)]
    for rows in (rows for rows in sheets.values() if not rows.frame.is_empty()):
        questions = (
            check_constraints(rows, schemas),
            check_codes_in_force(rows, rounds, schemas),
            check_code_parents(rows, schemas),
            check_keys(rows, schemas),
            check_references(rows, sheets, whole),
        )
        yield from answers(rows, chain.from_iterable(questions))
        yield from check_digits(rows, sheets)


def in_reading_order(findings: Iterable[Finding], workbook: Workbook) -> tuple[Finding, ...]:
    """Return the findings as a reader meets them: those of the whole file, then by sheet, row, column, code.

    Sheets stand as in the form, and those that were not read after them.
    """
    sheets = workbook.form.sheets if workbook.form else ()
    tabs = [workbook.tables[sheet.id].tab for sheet in sheets if sheet.id in workbook.tables]
    numbers = {tab: number for number, tab in enumerate(["", *tabs])}

    def place(finding: Finding) -> tuple[int, int, int, str]:
        sheet = numbers.get(finding.sheet or "", len(numbers))
        return sheet, finding.row or 0, _left(finding.cell or ""), finding.code

    return tuple(sorted(findings, key=place))


def _left(ref: str) -> int:
    """Return the number of the column at which the cell or range `ref` begins, 0 if there is none."""
    letters = ref.rstrip("0123456789")
    if letters in NUMBER_OF:
        return NUMBER_OF[letters]
    place = range_of(ref)
    return place.left if place else 0
