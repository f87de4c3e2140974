"""What the chain says of submissions and waivers: all that is stored of them but what may have to be removed."""

from collections.abc import Iterable, Mapping
from typing import Any

from xltrack.store.chain import digest

# When and where in the chain it was recorded, the record itself says; where its rows stand is no fact about it.
_NOT_STATED = {"merged_at", "chain_no", "entry_no"}
# What stood in a cell may have to be removed later, and messages quote it.
_FINDING = ("number", "code", "severity", "sheet", "row", "cell", "column_id")


def stated(submission: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of the row `submission` of that table which are sealed in the chain.

    The bytes and the rows are there by their hashes and totals, the findings by theirs (`findings_digest`). What is
    null is left out, so that a column which later versions add says nothing of earlier records.
    """
    return {
        name: value for name, value in submission.items() if value is not None and name not in _NOT_STATED
    }


def stated_waiver(waiver: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of the row `waiver` of that table which are sealed; why and by whom, by a hash."""
    said = {"said_sha256": digest([waiver["reason"], waiver["waived_by"]])}
    return said | {name: value for name, value in waiver.items() if name not in ("reason", "waived_by")}


def findings_digest(findings: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 (hex) over rows of the table `finding` in their order, without the values that cells have."""
    return digest([[finding[name] for name in _FINDING] for finding in findings])
