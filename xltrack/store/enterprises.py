"""One identity per enterprise: what a person decided about two tax codes, and which others ought to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from xltrack.store.chain import Event, append, digest
from xltrack.store.connection import Store
from xltrack.store.identities import load_identities

_INSERT = """
INSERT INTO enterprise_decision
SELECT coalesce(max(number), 0) + 1, $former, $code, $is_same, $reason, $by, $at FROM enterprise_decision
"""
_STANDING = """
SELECT former_code, code, is_same, reason, decided_by
FROM enterprise_decision
QUALIFY row_number() OVER (PARTITION BY least(former_code, code), greatest(former_code, code) ORDER BY number DESC) = 1
ORDER BY number
"""


_RECORDED = """
SELECT former_code, code, is_same, reason, decided_by
FROM enterprise_decision
QUALIFY row_number() OVER (PARTITION BY former_code, code ORDER BY number DESC) = 1
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (`by`) decided and why: that both tax codes (ten digits) are of one enterprise, or of two.

    Of one, `code` is what it has today.
    """

    former_code: str
    code: str
    is_same: bool
    reason: str
    by: str


def decisions(store: Store) -> tuple[Decision, ...]:
    """Return the decisions that hold, the last one about each pair of tax codes, in their order."""
    return tuple(Decision(*row) for row in store.rows(_STANDING))


def recorded_decisions(store: Store) -> tuple[Decision, ...]:
    """Return the last decision about each former and new code, also those that a later word on the pair took back."""
    return tuple(Decision(*row) for row in store.rows(_RECORDED))


def decide(store: Store, made: Sequence[Decision]) -> int:
    """Record those of `made` that do not hold already, and return how many; from then on every figure follows them.

    Each is sealed in the chain, why and by whom as a hash. Raises StoreError.
    """
    new = [one for one in made if one not in decisions(store)]
    at = datetime.now(UTC).replace(tzinfo=None)
    with store.transaction():
        for one in new:
            asked = {"former": one.former_code, "code": one.code, "is_same": one.is_same}
            store.rows(_INSERT, {**asked, "reason": one.reason, "by": one.by, "at": at})
        append(store.connection, map(decision_event, new))
    load_identities(store.connection, store.schemas, store.as_of)
    return len(new)


def decision_event(one: Decision) -> Event:
    """Return what the chain records of a decision."""
    facts = {"is_same": one.is_same, "said_sha256": digest([one.reason, one.by])}
    return Event("decision", f"{one.former_code} {one.code}", facts)
