"""What became of each message, derived from what was recorded: exactly one state each, so that sums are equal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from xltrack.findings import Finding
from xltrack.hanoi import in_hanoi
from xltrack.mail.inbox import Inbox
from xltrack.mail.model import Attachment, Decision, Look, Message, State
from xltrack.mail.senders import Trust

Verdict = Literal["accepted", "partial", "held", "rejected", "quarantined", "unreadable", "duplicate"]
"""What the store says of a workbook."""
_AS_STATES: Final[Mapping[str, State]] = {"partial": "accepted", "unreadable": "rejected"}
# A message with several workbooks is what is most urgent among them.
_URGENT: Final[tuple[State, ...]] = ("quarantined", "rejected", "held", "waiting", "accepted", "duplicate")
_HOSTILE: Final = frozenset({"XLT703", "XLT705"})
_REFUSED: Final = frozenset({"XLT702", "XLT704"})


@dataclass(frozen=True, slots=True)
class Standing:
    """One message and its state.

    `findings` are those about the message and its sender; `units` the codes for which the sender may send, None where
    nobody is asked (an operator handed the file over, or decided). `workbooks` gives, for each workbook that counts
    for this message, what the store says of it, None if it was not merged yet; `decision` is the last one;
    `is_looked_at` whether it is known of every workbook whose it is.
    """

    message: Message
    state: State
    findings: tuple[Finding, ...] = ()
    units: frozenset[str] | None = None
    workbooks: tuple[tuple[Attachment, Verdict | None], ...] = ()
    decision: Decision | None = None
    is_looked_at: bool = True

    @property
    def is_ready(self) -> bool:
        """Return whether its workbooks may be merged: they wait for it, or were merged before."""
        refused = self.decision is not None and self.decision.word == "refuse"
        return bool(self.workbooks) and self.is_looked_at and not refused and not self.is_held_back

    @property
    def is_held_back(self) -> bool:
        """Return whether a person must decide before the workbooks may be merged."""
        return self.decision is None and any(finding.code in HOLDING for finding in self.findings)


HOLDING: Final = frozenset({"XLT706", "XLT707", "XLT708", "XLT709"})
"""Findings for which a message is held until a person decides."""


@dataclass
class _Seen:
    """What came before the message that is looked at, of all that counts."""

    workbooks: set[str] = field(default_factory=set)
    ids: dict[str, set[str]] = field(default_factory=dict)


def standings(inbox: Inbox, trust: Trust, verdicts: Mapping[str, Verdict]) -> tuple[Standing, ...]:
    """Return every message of `inbox` with its state, in the order in which they came; raises MailError.

    `verdicts` is what the store says of workbooks, by their SHA-256.
    """
    seen = _Seen()
    return tuple(_standing(inbox, message, trust, verdicts, seen) for message in inbox.messages())


def _standing(
    inbox: Inbox, message: Message, trust: Trust, verdicts: Mapping[str, Verdict], seen: _Seen
) -> Standing:
    looks = {one.sha256: inbox.look(one.sha256) for one in message.letter.workbooks}
    workbooks = tuple(one for one in message.letter.workbooks if not _is_passed_over(looks[one.sha256]))
    units = _units(message, trust)
    new = tuple(one for one in workbooks if one.sha256 not in seen.workbooks)
    plain = Standing(
        message=message,
        state="waiting",
        findings=(*message.letter.findings, *_doubts(message, trust, units, looks, seen)),
        units=units,
        workbooks=tuple((one, verdicts.get(one.sha256)) for one in new),
        decision=next(reversed(inbox.decisions(message.sha256)), None),
        is_looked_at=None not in looks.values(),
    )
    if plain.is_ready:
        seen.workbooks.update(one.sha256 for one in new)
        seen.ids.setdefault(message.letter.message_id, set()).update(one.sha256 for one in workbooks)
    return replace(plain, state=_state(plain, workbooks))


def _is_passed_over(look: Look | None) -> bool:
    return look is not None and look.is_passed_over


def _units(message: Message, trust: Trust) -> frozenset[str] | None:
    if message.kind == "file":
        return None
    day = in_hanoi(message.arrival).date() if message.arrival else None
    return trust.senders.units_of(message.letter.sender, day)


def _doubts(
    message: Message,
    trust: Trust,
    units: frozenset[str] | None,
    looks: Mapping[str, Look | None],
    seen: _Seen,
) -> Iterator[Finding]:
    """Yield why the workbooks of `message` may not count before a person has looked at it."""
    letter = message.letter
    if units is None or not letter.workbooks:
        return
    if not units:
        yield Finding("XLT706", facts={"sender": letter.sender})
    elif not trust.believes(letter):
        yield Finding("XLT707", facts={"sender": letter.sender})
    for one in letter.workbooks if units else ():
        look = looks[one.sha256]
        if look is not None and look.unit is not None and look.unit not in units:
            yield Finding(
                "XLT708", facts={"file": one.name, "unit": look.unit, "units": tuple(sorted(units))}
            )
    known = seen.ids.get(letter.message_id) if letter.message_id else None
    if known is not None and not known.issuperset(one.sha256 for one in letter.workbooks):
        yield Finding("XLT709")


def _state(plain: Standing, workbooks: tuple[Attachment, ...]) -> State:
    if any(finding.code in _HOSTILE for finding in plain.message.letter.findings):
        return "quarantined"
    if not workbooks:
        return "rejected" if any(finding.code in _REFUSED for finding in plain.findings) else "nothing_in_it"
    if plain.decision is not None and plain.decision.word == "refuse":
        return "rejected"
    if not plain.workbooks:
        return "duplicate"
    if plain.is_held_back:
        return "held"
    states = {_as_state(verdict) for _, verdict in plain.workbooks}
    return next(state for state in _URGENT if state in states)


def _as_state(verdict: Verdict | None) -> State:
    return "waiting" if verdict is None else _AS_STATES.get(verdict, verdict)  # type: ignore[arg-type]  # the others are states
