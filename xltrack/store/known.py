"""Everything that the store knows of one unit or one enterprise, through the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from xltrack.forms import Unit
from xltrack.store.connection import Store
from xltrack.store.schema import statement
from xltrack.store.waiving import Standing, waivers


@dataclass(frozen=True)
class UnitHistory:
    """A unit with those it was made of and the one that it became part of (`related`, itself first).

    `submissions`: year, period_kind, unit_code, submission_no, submission_kind, part_no, part_count, figures_kind,
    received_at (UTC), verdict, state, reason, errors, warnings, held_back (rows that are not in the figures),
    file_name, sha256; `focal_agencies`: year, unit_code, programme, agency_name, designation_no, designated_on,
    valid_from, valid_to; both of all `related` units. `waivers` are those meant for one of them or for one of their
    files. `as_of` is the moment of which it tells, None: now.
    """

    unit: Unit
    related: tuple[Unit, ...]
    submissions: pl.DataFrame
    focal_agencies: pl.DataFrame
    waivers: tuple[Standing, ...]
    as_of: datetime | None


@dataclass(frozen=True)
class EnterpriseHistory:
    """An enterprise by its code of today, with its former `codes`, the one asked for among them.

    `enterprises`: what returns that count say of it (year, period_kind, unit_code, tax_code, enterprise_name,
    legal_form, former_province_code, declared_size, insured_workers, revenue, total_capital,
    first_supported_year, file_name, tab, row); `applications`: what it applied (year, period_kind, unit_code, tax_code,
    application_id, programme, tool, status, start_date, end_date, certificate_no, pilot_model, file_name, tab, row).
    Money is in đồng.
    """

    tax_code: str
    codes: tuple[str, ...]
    enterprises: pl.DataFrame
    applications: pl.DataFrame
    as_of: datetime | None


def unit_history(store: Store, unit: Unit) -> UnitHistory:
    """Return what the store knows of `unit`; raises StoreDamaged."""
    units = store.schemas.units
    codes = [
        unit.code,
        *units.predecessors.get(unit.code, ()),
        *filter(None, [units.successor.get(unit.code)]),
    ]
    submissions = store.frame(statement("unit_submissions"), {"units": codes})
    files = set(submissions["sha256"])
    return UnitHistory(
        unit,
        tuple(units.by_code[code] for code in codes),
        submissions,
        store.frame(statement("unit_focal_agencies"), {"units": codes}),
        tuple(one for one in waivers(store) if one.meant.unit in codes or one.meant.submission in files),
        store.as_of,
    )


def enterprise_history(store: Store, tax_code: str) -> EnterpriseHistory:
    """Return what the store knows of the enterprise `tax_code`: ten digits, or twelve of a household.

    Codes that became one are looked up together. Raises StoreDamaged.
    """
    changed: Mapping[str, str] = dict(store.rows("SELECT predecessor, successor FROM tax_code_change"))
    today = changed.get(tax_code, tax_code)
    codes: Sequence[str] = [today, *sorted(before for before, after in changed.items() if after == today)]
    return EnterpriseHistory(
        today,
        tuple(codes),
        store.frame(statement("party_enterprises"), {"codes": codes}),
        store.frame(statement("party_applications"), {"codes": codes}),
        store.as_of,
    )


def aware(moment: datetime | None) -> datetime | None:
    """Return a time of the store, UTC without a zone, with its zone."""
    return moment.replace(tzinfo=UTC) if moment else None
