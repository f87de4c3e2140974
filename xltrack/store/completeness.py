"""What a round still lacks: the state of its units, and the sheets in which nobody wrote a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from xltrack.forms import Round
from xltrack.store.connection import Store
from xltrack.store.schema import quoted
from xltrack.store.status import RoundStatus, UnitStatus, round_status


@dataclass(frozen=True, slots=True)
class Completeness:
    """A round: `status`, and by expected unit that has reported the ids of the sheets without any row.

    `as_of` is the moment of which it tells, None: of all that the store holds.
    A unit whose returns are nil reports is not in `empty_sheets`: it said that there is nothing. Nor is a sheet whose
    rows are all held back (`merge --partial`).
    """

    status: RoundStatus
    empty_sheets: Mapping[str, tuple[str, ...]]
    as_of: datetime | None = None


def round_completeness(store: Store, round_: Round) -> Completeness:
    """Return what `round_`, one of the store's rounds, has and lacks; raises StoreDamaged."""
    status = round_status(store, round_)
    forms = dict(store.rows(f'SELECT unit_code, form FROM "return" WHERE {_ROUND}', _asked(round_)))
    filled = set(store.rows(_filled(store), _asked(round_)))
    return Completeness(
        status,
        {
            unit.unit_code: _empty(unit, forms, filled, store)
            for unit in status.units
            if unit.senders and not unit.nil_report
        },
        store.as_of,
    )


_HELD = "SELECT DISTINCT sheet FROM finding WHERE code = 'XLT625' AND list_contains($files, submission)"
_ROUND = "year = $year AND period_kind = $period"


def _asked(round_: Round) -> dict[str, object]:
    return {"year": round_.year, "period": round_.period_kind}


def _filled(store: Store) -> str:
    """Return a query of the pairs of unit and sheet in which a row stands."""
    return " UNION ALL ".join(
        f"SELECT DISTINCT return_unit, '{name}' FROM {quoted(f'current_{name}')} "
        "WHERE return_year = $year AND return_period = $period"
        for name, sheet in store.sheets.items()
        if sheet.layout == "table"
    )


def _empty(
    unit: UnitStatus, forms: Mapping[str, str], filled: set[tuple[str, str]], store: Store
) -> tuple[str, ...]:
    form = store.schemas.forms[forms[unit.senders[0]]]
    written = {name for sender, name in filled if sender in unit.senders}
    held = (
        {tab for (tab,) in store.rows(_HELD, {"files": list(unit.submissions)})} if unit.held_back else set()
    )
    return tuple(sheet.id for sheet in form.tables if sheet.id not in written and sheet.tab not in held)
