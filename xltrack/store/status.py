"""Who has reported in a round, on time or late, who has not, and which files wait for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from xltrack.forms import Round
from xltrack.language import Text
from xltrack.store.connection import Store
from xltrack.store.schema import statement
from xltrack.store.submission import State, Verdict

UnitState = Literal["on_time", "late", "received", "incomplete", "held", "rejected", "missing"]
NOTHING = Text("", "")
_REPORTED = frozenset({"on_time", "late", "received"})


@dataclass(frozen=True, slots=True)
class UnitStatus:
    """One unit expected in the round.

    `state`: a return stands, on_time or late (received: its arrival is not known); incomplete: only some of the
    provinces it was made of have sent; held or rejected: files came but none counts; missing: nothing came.
    `first_received_at` is when its first accepted submission was complete, by which on_time and late are told, and
    `received_at` when the last of what counts came, corrections too. `senders` are the units whose returns stand for it
    (itself, or its predecessors), `submissions` the SHA-256 of the files that `errors` and `warnings` are counted in:
    those that stand, else those held, else the last rejected. `held_back` counts the rows of these files that
    are not in the figures (`merge --partial`, XLT625); `held` and `rejected` count its files of these kinds.
    `focal_programmes` are the programmes for which it has named a focal agency; empty: none.
    """

    unit_code: str
    name: Text
    kind: str
    state: UnitState
    nil_report: bool
    first_received_at: datetime | None
    received_at: datetime | None
    senders: tuple[str, ...]
    submissions: tuple[str, ...]
    errors: int
    warnings: int
    held_back: int
    held: int
    rejected: int
    focal_programmes: tuple[str, ...]

    @property
    def is_province(self) -> bool:
        """Return whether the unit is a province; ministries and agencies are counted apart."""
        return self.kind == "province"

    @property
    def reported(self) -> bool:
        """Return whether a return of the unit stands."""
        return self.state in _REPORTED


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file that needs a person's eye.

    `state` and `reason` are those of the view `submission_state`. `expected` is False where neither its unit nor
    that unit's successor was expected, `known` where no unit of the schemas has its code (or it has none). `codes` are
    those of its errors, each once, and `said` what the first of them says; empty where it has none.
    """

    sha256: str
    file_name: str
    unit_code: str | None
    verdict: Verdict
    state: State
    reason: str | None
    received_at: datetime | None
    expected: bool
    known: bool
    codes: tuple[str, ...] = ()
    said: Text = NOTHING


@dataclass(frozen=True, slots=True)
class DoubleCover:
    """A province and one of those it was made of, both with a current return in the round."""

    successor: str
    predecessor: str


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """The state of one round: its expected units in official order, files to look at, territory reported twice."""

    round: Round
    units: tuple[UnitStatus, ...]
    files: tuple[ListedFile, ...]
    double_cover: tuple[DoubleCover, ...]

    @property
    def provinces(self) -> tuple[UnitStatus, ...]:
        """Return the provinces among the units."""
        return tuple(unit for unit in self.units if unit.is_province)

    @property
    def others(self) -> tuple[UnitStatus, ...]:
        """Return the ministries and agencies among the units."""
        return tuple(unit for unit in self.units if not unit.is_province)

    @property
    def without_focal_agency(self) -> tuple[UnitStatus, ...]:
        """Return the units that have reported and named no focal agency (letter 332/BKHCN-TĐC of 23/02/2021).

        Of a unit that has sent nothing that counts this is not known; it is missing, which is said of it elsewhere.
        """
        return tuple(unit for unit in self.units if unit.senders and not unit.focal_programmes)


def round_status(store: Store, round_: Round) -> RoundStatus:
    """Return the state of `round_`, which is one of the rounds of the store's schemas; raises StoreDamaged."""
    asked = {"year": round_.year, "period": round_.period_kind}
    focal = dict(store.rows(statement("focal_programmes"), asked))
    units = store.facts(statement("status"), asked)
    files = store.facts(statement("status_files"), asked)
    in_round = "year = $year AND period_kind = $period"
    cover = store.rows(
        f"SELECT successor, predecessor FROM double_cover WHERE {in_round} ORDER BY ALL", asked
    )
    return RoundStatus(
        round_,
        tuple(_unit(row, tuple(focal.get(row["unit_code"], ()))) for row in units),
        tuple(_file(row) for row in files),
        tuple(DoubleCover(*pair) for pair in cover),
    )


def _unit(row: Mapping[str, Any], focal_programmes: tuple[str, ...]) -> UnitStatus:
    facts = {name: value for name, value in row.items() if name not in ("name_vi", "name_en")}
    return UnitStatus(
        **facts
        | {
            "name": Text(row["name_vi"], row["name_en"]),
            "first_received_at": _zoned(row["first_received_at"]),
            "received_at": _zoned(row["received_at"]),
            "senders": tuple(row["senders"]),
            "submissions": tuple(row["submissions"]),
            "focal_programmes": focal_programmes,
        }
    )


def _file(row: Mapping[str, Any]) -> ListedFile:
    facts = {name: value for name, value in row.items() if name not in ("said_vi", "said_en")}
    return ListedFile(
        **facts
        | {
            "received_at": _zoned(row["received_at"]),
            "codes": tuple(row["codes"]),
            "said": Text(row["said_vi"], row["said_en"]),
        }
    )


def _zoned(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
