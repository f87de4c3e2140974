"""Puts a unit's return together: the cover and every sheet, as plain rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xltrack.demo.activities import focal_agency_rows, obstacle_rows, target_rows, training_rows
from xltrack.demo.applications import application_rows
from xltrack.demo.enterprises import enterprise_rows, product_rows
from xltrack.demo.funding import control_totals, funding_rows
from xltrack.demo.names import agency
from xltrack.demo.occasion import MADE_UP, Occasion, Row, Value, occasion
from xltrack.demo.plans import milestone_rows, task_rows
from xltrack.demo.programme import Programme, Support
from xltrack.demo.scale import MISSING_UNIT, MISSING_YEAR, YEARS
from xltrack.forms import Round, Schemas, Unit


@dataclass(frozen=True)
class Return:
    """What one unit reports in one round: `rows` by sheet id, the cover as a sheet of one row; money in đồng."""

    unit: Unit
    round: Round
    rows: Mapping[str, Sequence[Row]]

    @property
    def cover(self) -> Row:
        """Return the cover."""
        return self.rows["cover"][0]

    def with_cover(self, **changes: Value) -> "Return":
        """Return the same return under a cover changed so."""
        return replace(self, rows={**self.rows, "cover": [self.cover | changes]})


def occasions_of(round_: Round, schemas: Schemas) -> list[Occasion]:
    """Return every province of the round that sends a return: all but the missing one."""
    absent = MISSING_UNIT if round_.year == MISSING_YEAR else ""
    provinces = [unit for unit in schemas.units.expected(round_) if unit.is_province and unit.code != absent]
    return [occasion(unit, round_, schemas) for unit in provinces]


def build_return(about: Occasion, programme: Programme, leaving_out: int = 0) -> Return:
    """Return a unit's return; the last `leaving_out` enterprises are forgotten, as in a first hurried sending."""
    supports = about.supports(programme)
    supports = supports[: len(supports) - leaving_out]
    rows: dict[str, list[Row]] = {
        "focal_agency": focal_agency_rows(about),
        "enterprises": enterprise_rows(about, supports),
        "key_products": product_rows(about, supports),
        "applications": application_rows(about, supports, programme),
        "training": training_rows(about),
        "tasks": task_rows(about),
        "milestones": milestone_rows(about),
        "obstacles": obstacle_rows(about),
    }
    rows["funding"] = funding_rows(about, rows["applications"], rows["training"], rows["tasks"])
    counted = {year: _counted(about, programme, year) for year in YEARS if year <= about.year}
    rows["targets"] = target_rows(about, counted | {about.year: _distinct(supports)}, rows)
    rows["cover"] = [_cover(about) | control_totals(about, rows["funding"])]
    return Return(about.unit, about.round, rows)


def _counted(about: Occasion, programme: Programme, year: int) -> int:
    return _distinct([support for part in about.parts for support in programme.get((part.code, year), ())])


def _distinct(supports: Sequence[Support]) -> int:
    return len({support.tax_code[:10] for support in supports if support.counts})


def _cover(about: Occasion) -> Row:
    form = about.schemas.form()
    return {
        "form_id": form.id,
        "form_version": form.version,
        "unit_code": about.unit.code,
        "unit_name": about.unit.name.vi,
        "period_kind": about.round.period_kind,
        "year": about.year,
        "data_from": about.round.data_from,
        "cut_off_date": about.cut_off,
        "figures_kind": "actual",
        "submission_no": 1,
        "submission_kind": "full",
        "part_no": 1,
        "part_count": 1,
        "currency_unit": "million",
        "nil_report": False,
        "reporting_agency": f"{agency(about.title)} {MADE_UP}",
        "prepared_by_position": "Chuyên viên",
        "signed_on": date(about.year, 11, 20),
        "document_no": f"{200 + int(about.unit.bare_code)}/BC-SKHCN (dựng thử)",
    }
