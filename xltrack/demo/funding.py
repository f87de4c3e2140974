"""Fills the sheet of money: what was planned, allotted, paid out and settled, by source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from xltrack.demo.names import decision
from xltrack.demo.occasion import Occasion, Row, chance
from xltrack.demo.trades import MILLION

HALF_MILLION = MILLION // 2
STATE_SOURCES = ("central_budget", "local_budget")
_ITEMS = {"N1": "standards", "N2": "communication", "N3": "training", "N5": "testing", "N6": "cooperation"}


def funding_rows(
    occasion: Occasion, applications: Sequence[Row], courses: Sequence[Row], tasks: Sequence[Row]
) -> list[Row]:
    """Return the money of the return. What an application or course was paid is not repeated under its task."""
    rows = [row for application in applications for row in _for_application(occasion, application)]
    rows += [row for course in courses for row in _for_course(occasion, course)]
    passed_on = _passed_on(tasks, rows, applications)
    rows += [
        row for task in tasks for row in _for_task(occasion, task, passed_on.get(str(task["task_id"]), 0))
    ]
    return [*rows, *_for_management(occasion)]


def control_totals(occasion: Occasion, rows: Sequence[Row]) -> Row:
    """Return the cover's totals, in đồng: what was disbursed in the year = state budget + other sources."""
    paid = [row for row in rows if row["figure_kind"] == "disbursed" and row["year"] == occasion.year]
    state = sum(_amount(row) for row in paid if row["source"] in STATE_SOURCES)
    other = sum(_amount(row) for row in paid if row["source"] not in STATE_SOURCES)
    return {
        "funding_kind": "disbursed",
        "funding_total": state + other,
        "funding_state": state,
        "funding_other": other,
    }


def _amount(row: Mapping[str, object]) -> int:
    amount = row["amount"]
    return amount if isinstance(amount, int) else 0


def _for_application(occasion: Occasion, application: Row) -> Iterator[Row]:
    """Yield the state's share, at most half the cost and 50 million đồng, and the enterprise's own."""
    if application["status"] == "stopped" or _before(occasion, application):
        return
    draw = chance("money", application["application_id"], occasion.year)
    state = draw.randint(24, 100) * HALF_MILLION
    own = state + draw.randint(0, 80) * HALF_MILLION
    kind = "estimated" if application["status"] == "planned" else "disbursed"
    item = "certification" if "certificate_no" in application else "consulting"
    subject: Row = {
        "subject_kind": "application",
        "subject_id": application["application_id"],
        "programme": "1322",
        "year": occasion.year,
    }
    source = "central_budget" if draw.random() < 0.12 else "local_budget"
    basis = decision(draw.randint(100, 2500), occasion.year)
    yield subject | _paid(source, kind, item, state) | {"legal_basis": basis}
    if draw.random() < 0.92:
        yield subject | _paid("enterprise", kind, item, own)


def _before(occasion: Occasion, application: Row) -> bool:
    """Return whether the application ended before the year: then nothing was paid for it in the year."""
    return str(application["end_date"]) < f"{occasion.year}-01-01"


def _paid(source: str, kind: str, item: str, amount: int) -> Row:
    return {"source": source, "figure_kind": kind, "spending_item": item, "amount": amount}


def _for_course(occasion: Occasion, course: Row) -> Iterator[Row]:
    draw = chance("money", course["course_id"])
    subject: Row = {
        "subject_kind": "training",
        "subject_id": course["course_id"],
        "programme": "1322",
        "year": occasion.year,
    }
    item = "communication" if course["kind"] in ("broadcast", "article") else "training"
    yield subject | _paid("local_budget", "disbursed", item, draw.randint(20, 160) * HALF_MILLION)
    if draw.random() < 0.15:
        yield subject | _paid("other", "disbursed", item, draw.randint(10, 60) * HALF_MILLION)


def _for_task(occasion: Occasion, task: Row, passed_on: int) -> Iterator[Row]:
    """Yield the year's estimate and allotment of a task.

    What a task has `passed_on` to enterprises and courses was paid to them; any other task has its payments itself.
    """
    draw = chance("money", task["task_id"], occasion.year)
    subject: Row = {
        "subject_kind": "task",
        "subject_id": task["task_id"],
        "programme": task["programme"],
        "year": occasion.year,
    }
    source = "central_budget" if task["level"] == "national" else "local_budget"
    group = str(task.get("task_group", ""))
    item = _ITEMS.get(group, "consulting" if group else "survey")
    paid = passed_on or draw.randint(150, 1200) * HALF_MILLION
    allotted = _rounded(paid * draw.uniform(1.0, 1.2))
    basis: Row = {"legal_basis": decision(draw.randint(100, 2500), occasion.year)}
    yield subject | _paid(source, "estimated", item, _rounded(allotted * draw.uniform(1.0, 1.3))) | basis
    yield subject | _paid(source, "allocated", item, allotted) | basis
    if not passed_on:
        yield subject | _paid(source, "disbursed", item, paid) | basis
    if not passed_on and task["status"] == "completed":
        yield subject | _paid(source, "settled", item, paid) | basis


def _passed_on(tasks: Sequence[Row], paid: Sequence[Row], applications: Sequence[Row]) -> Mapping[str, int]:
    """Return the state money that tasks passed on: to their applications, and alike to all courses."""
    task_of = {application["application_id"]: str(application["task_id"]) for application in applications}
    teaching = [str(task["task_id"]) for task in tasks if task.get("task_group") == "N3"]
    passed: Counter[str] = Counter()
    for row in paid:
        if row["source"] not in STATE_SOURCES or row["figure_kind"] != "disbursed":
            continue
        for task in [task_of[row["subject_id"]]] if row["subject_kind"] == "application" else teaching:
            passed[task] += (
                _amount(row) if row["subject_kind"] == "application" else _amount(row) // len(teaching)
            )
    return passed


def _rounded(amount: float) -> int:
    return round(amount / HALF_MILLION) * HALF_MILLION


def _for_management(occasion: Occasion) -> Iterator[Row]:
    """Yield the programme's own costs; some units also restate what they settled of the year before."""
    draw = occasion.random("management")
    subject: Row = {"subject_kind": "other", "programme": "1322", "year": occasion.year}
    paid = draw.randint(20, 120) * HALF_MILLION
    yield subject | _paid("local_budget", "allocated", "management", _rounded(paid * 1.1))
    yield subject | _paid("local_budget", "disbursed", "management", paid)
    if occasion.year > 2021 and draw.random() < 0.1:
        settled = _paid("local_budget", "settled", "management", draw.randint(20, 120) * HALF_MILLION)
        yield subject | settled | {"year": occasion.year - 1}
