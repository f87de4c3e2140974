"""The chain: what was recorded and decided, each record sealed with the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from duckdb import DuckDBPyConnection

from xltrack.store.plain import plain_rows

Kind = Literal["submission", "waiver", "redaction", "decision"]
_CHAIN = {
    "chain_no": "BIGINT", "recorded_at": "TIMESTAMP", "kind": "VARCHAR", "subject": "VARCHAR", "facts": "VARCHAR",
    "hash": "VARCHAR",
}  # fmt: skip
_STANDING = """
SELECT kind, subject, max(chain_no), max_by(facts, chain_no)
FROM chain
WHERE subject IN (SELECT unnest(CAST(? AS VARCHAR[])))
GROUP BY kind, subject
"""
_HEAD = "SELECT chain_no, hash FROM chain ORDER BY chain_no DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be recorded: of which `kind`, about what (`subject`: a SHA-256, a number), and its `facts`.

    Facts are values that JSON has. They are sealed, so that nothing may be among them that has to be removable.
    """

    kind: Kind
    subject: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record of a chain, by its number and hash; number 0 is that of an empty chain."""

    chain_no: int
    hash: str


EMPTY = Head(0, "")


def head(connection: DuckDBPyConnection) -> Head:
    """Return the head of the chain in the store."""
    found = connection.execute(_HEAD).fetchall()
    return Head(*found[0]) if found else EMPTY


def record(connection: DuckDBPyConnection, events: Sequence[Event]) -> list[int]:
    """Return the numbers of the records that say what `events` say; what the newest on a subject says stands."""
    stood = _standing(connection, [event.subject for event in events])
    facts = [as_text(event.facts) for event in events]
    said = [stood.get((e.kind, e.subject)) for e in events]
    new = [
        e for e, text, before in zip(events, facts, said, strict=True) if before is None or before[1] != text
    ]
    numbers = iter(append(connection, new))
    return [
        next(numbers) if before is None or before[1] != text else before[0]
        for text, before in zip(facts, said, strict=True)
    ]


def _standing(
    connection: DuckDBPyConnection, subjects: Sequence[str]
) -> Mapping[tuple[str, str], tuple[int, str]]:
    rows = connection.execute(_STANDING, [list(subjects)]).fetchall()
    return {(kind, subject): (number, facts) for kind, subject, number, facts in rows}


def append(connection: DuckDBPyConnection, events: Iterable[Event]) -> list[int]:
    """Record `events` in their order, within the transaction that is open, and return their numbers."""
    at = datetime.now(UTC).replace(tzinfo=None)
    records = list(_sealed(head(connection), [(at, e.kind, e.subject, as_text(e.facts)) for e in events]))
    if records:
        query, parameters = plain_rows(_CHAIN, records)
        connection.execute(f"INSERT INTO chain BY NAME {query}", parameters)
    return [number for number, *_ in records]


def broken_at(connection: DuckDBPyConnection) -> int | None:
    """Return the number of the first record that is not what was sealed, None if the whole chain holds."""
    stored = connection.execute("SELECT * FROM chain ORDER BY chain_no").fetchall()
    sealed = _sealed(EMPTY, [(at, kind, subject, facts) for _, at, kind, subject, facts, _ in stored])
    return next((place[0] for place, found in zip(sealed, stored, strict=True) if place != found), None)


def as_text(facts: Mapping[str, Any]) -> str:
    """Return `facts` as the one text that says them: JSON by name, moments in ISO form."""
    return json.dumps(dict(facts), ensure_ascii=False, sort_keys=True, default=_plain)


def digest(value: object) -> str:
    """Return the SHA-256 (hex) of `value`, which JSON has, as the chain knows what it does not tell."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, default=_plain).encode()).hexdigest()


def _sealed(before: Head, records: Sequence[tuple[datetime, str, str, str]]) -> Iterator[tuple[Any, ...]]:
    previous = before.hash
    for number, record in enumerate(records, before.chain_no + 1):
        previous = digest([previous, number, *record])
        yield (number, *record, previous)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
