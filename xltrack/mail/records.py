"""Records of the inbox as JSON that people can read, and back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from xltrack.findings import Finding
from xltrack.language import Text
from xltrack.mail.model import Attachment, Decision, Letter, Look, Message


def as_json(record: Message | Look | Sequence[Decision]) -> bytes:
    """Return `record` as JSON with a line end, in UTF-8."""
    plain = [asdict(one) for one in record] if isinstance(record, Sequence) else asdict(record)
    if isinstance(record, Message):
        plain["letter"]["findings"] = [_finding_out(finding) for finding in record.letter.findings]  # type: ignore[call-overload]  # a dict
    return (
        json.dumps(plain, ensure_ascii=False, indent=1, default=_said).encode("utf-8", "backslashreplace")
        + b"\n"
    )


def message_of(content: bytes) -> Message:
    """Return the message that `content` records; raises ValueError, LookupError or TypeError if it records none."""
    plain = json.loads(content)
    return Message(**plain | {"letter": _letter(plain["letter"]), "arrival": _moment(plain["arrival"])})


def look_of(content: bytes) -> Look:
    """Return what `content` records of a workbook; raises as `message_of`."""
    return Look(**json.loads(content))


def decisions_of(content: bytes) -> tuple[Decision, ...]:
    """Return the decisions that `content` records, the last of them valid; raises as `message_of`."""
    return tuple(
        Decision(**plain | {"at": datetime.fromisoformat(plain["at"])}) for plain in json.loads(content)
    )


def _letter(plain: Mapping[str, Any]) -> Letter:
    changed = {
        "sent": _moment(plain["sent"]),
        "references": tuple(plain["references"]),
        "stamps": tuple(tuple(group) for group in plain["stamps"]),
        "attachments": tuple(Attachment(**one) for one in plain["attachments"]),
        "findings": tuple(_finding_in(one) for one in plain["findings"]),
    }
    return Letter(**{**plain, **changed})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _finding_out(finding: Finding) -> dict[str, object]:
    facts = {
        name: fact._asdict() if isinstance(fact, Text) else fact  # the public method of a NamedTuple
        for name, fact in finding.facts.items()
    }
    return {"code": finding.code, "facts": facts}


def _finding_in(plain: Mapping[str, Any]) -> Finding:
    facts = {name: _fact(fact) for name, fact in plain["facts"].items()}
    return Finding(plain["code"], facts=facts)


def _fact(plain: Any) -> object:
    if isinstance(plain, dict):
        return Text(**plain)
    return tuple(plain) if isinstance(plain, list) else plain


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
