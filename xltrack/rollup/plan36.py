"""How far provinces are with their Plan 36 plans, on 63 and on 34 units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from xltrack.forms import Schemas, Unit
from xltrack.language import Text
from xltrack.rollup.definitions import statement
from xltrack.store import Store

STAGES = ("none", "registered", "focal_agency", "drafting", "issued", "under_way", "completed")
NO_REPORT = "no_report"
"""The status, at stage -1, of a unit of which no return has ever come: what it has is not known."""
TITLES = {
    NO_REPORT: Text("Chưa có báo cáo", "No report yet"),
    "none": Text("Chưa đăng ký", "Not registered"),
    "registered": Text("Đã đăng ký", "Registered"),
    "focal_agency": Text("Đã giao đầu mối", "Focal agency designated"),
    "drafting": Text("Đang xây dựng", "Drafting"),
    "issued": Text("Đã ban hành", "Issued"),
    "under_way": Text("Đang thực hiện", "Under way"),
    "completed": Text("Hoàn thành", "Completed"),
}
_SCHEMA = {
    "view": pl.String, "unit_code": pl.String, "unit_name": pl.String, "unit_name_en": pl.String,
    "unit_group": pl.String, "stage": pl.Int64, "status": pl.String, "reported_by": pl.String,
    "document_no": pl.String, "document_date": pl.Date, "number_missing": pl.Boolean, "counted": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one unit itself reported of its plan."""

    unit_code: str
    has_plan: bool = False
    stage: int = 0
    document_no: str | None = None
    document_date: date | None = None
    number_missing: bool = False


def make_plan36(store: Store, schemas: Schemas) -> pl.DataFrame:
    """Return view, unit, stage (-1 to 6), status, reported_by, document, number_missing, counted; in official order.

    Stage -1 ("no_report") is that of a province of which no return has come, whether its own, those of the provinces it
    was made of, or that of the one it became.

    In the 34 view a merged province has the stage it reported itself once it reports milestones of a plan; until
    then the furthest stage among the provinces it was made of. In the 63 view a merged province that reports a plan
    stands beside the provinces it was made of and is not counted: whose plan it continues is not known.
    """
    own = {row[0]: _Plan(*row) for row in store.rows(statement("lists", "plan36"))}
    units = schemas.units
    provinces = sorted((u for u in units.all if u.is_province), key=lambda unit: unit.order)
    others = sorted(
        (u for u in units.all if not u.is_province and u.code in own), key=lambda unit: unit.order
    )
    heard = _heard_of(store, schemas)
    rows = [
        _row("34", u, _joined(u, own, units.predecessors), heard=u.code in heard)
        for u in provinces
        if u.scheme == "34"
    ]
    rows += [_row("34", unit, own[unit.code], counted=False) for unit in others]
    merged = {u.code for u in provinces if u.scheme == "34" and len(units.predecessors[u.code]) > 1}
    rows += [
        _row("63", u, _continued(u, own, merged, units.successor), heard=u.code in heard)
        for u in provinces
        if u.scheme == "63"
    ]
    beside = [u for u in provinces if u.code in merged and u.code in own]
    rows += [_row("63", unit, own[unit.code], counted=False) for unit in (*beside, *others)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def make_counts(plan36: pl.DataFrame) -> pl.DataFrame:
    """Return per view and status: how many provinces stand there, how many reached at least that, of how many."""
    rows = []
    for view in ("63", "34"):
        stages = plan36.filter((pl.col("view") == view) & pl.col("counted"))["stage"].to_list()
        rows += [
            (view, name, number, stages.count(number), sum(stage >= number for stage in stages), len(stages))
            for number, name in enumerate((NO_REPORT, *STAGES), -1)
        ]
    numbers = {name: pl.Int64() for name in ("stage", "at_stage", "reached", "provinces")}
    return pl.DataFrame(rows, schema={"view": pl.String(), "status": pl.String(), **numbers}, orient="row")


def _heard_of(store: Store, schemas: Schemas) -> set[str]:
    """Return the units of which a return has come: their own, of one they were made of, or of the one they became."""
    units = schemas.units
    sent = {code for (code,) in store.rows('SELECT DISTINCT unit_code FROM "return"')}
    after = {units.successor[code] for code in sent if code in units.successor}
    before = {former for code in sent for former in units.predecessors.get(code, ())}
    return sent | after | before


def _joined(unit: Unit, own: Mapping[str, _Plan], predecessors: Mapping[str, tuple[str, ...]]) -> _Plan:
    former = [own[code] for code in predecessors[unit.code] if code in own]
    mine = own.get(unit.code)
    if mine and mine.has_plan and len(predecessors[unit.code]) > 1:
        return mine
    return _furthest([mine, *former] if mine else former)


def _continued(unit: Unit, own: Mapping[str, _Plan], merged: set[str], successor: Mapping[str, str]) -> _Plan:
    """Return the plan of a province of the 63; an unmerged one has gone on reporting under its new code."""
    after = successor[unit.code]
    codes = (unit.code,) if after in merged else (unit.code, after)
    return _furthest([own[code] for code in codes if code in own])


def _furthest(plans: Iterable[_Plan]) -> _Plan:
    known = sorted(plans, key=lambda plan: -plan.stage)
    if not known:
        return _Plan("")
    best = known[0]
    document = next((plan for plan in known if plan.document_no), best)
    return replace(best, document_no=document.document_no, document_date=document.document_date)


def _row(
    view: str, unit: Unit, plan: _Plan, *, counted: bool = True, heard: bool = True
) -> tuple[object, ...]:
    group = "province" if unit.is_province else "other"
    stage, status = (plan.stage, STAGES[plan.stage]) if heard else (-1, NO_REPORT)
    return (
        view, unit.code, unit.name.vi, unit.name.en, group, stage, status, plan.unit_code or None,
        plan.document_no, plan.document_date, plan.number_missing, counted,
    )  # fmt: skip
