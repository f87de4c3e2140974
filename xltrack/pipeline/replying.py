"""Answers the mail of an inbox: each message once what became of its workbooks is known, and each at most once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

from xltrack.errors import StoreMissing
from xltrack.forms import Schemas, load_schemas
from xltrack.hanoi import HANOI
from xltrack.mail import Attachment, Inbox, Standing
from xltrack.mail.lock import alone
from xltrack.mail.names import safe_name
from xltrack.mail.outbox import Outbox
from xltrack.mail.outgoing import Enclosure, Outgoing, Thread, answering, identity
from xltrack.mail.standing import HOLDING
from xltrack.pipeline.mailing import inbox_standings, trust_of
from xltrack.pipeline.marking import Marked, Marking, mark
from xltrack.pipeline.model import FileResult, unread
from xltrack.pipeline.posting import Mailing, Posted, post
from xltrack.pipeline.returning import SUFFIX
from xltrack.pipeline.waiving import with_waivers
from xltrack.pipeline.watching import Watch, silent
from xltrack.report.answer import Post, answer_to
from xltrack.report.reply import BACK, AnsweredFile, AnsweredMail, reply_filling, wants_mending
from xltrack.report.writing import read_template, write
from xltrack.store import Recorded, open_store, recorded, waivers
from xltrack.store import Standing as Waiving

MOST_BYTES: Final = 15 * 2**20
"""Of marked workbooks in one letter: mail servers take 20 to 25 MB, and a letter grows by a third on its way."""

_MARKED: Final = ("accepted", "partial", "rejected")
"""Workbooks of these verdicts are marked, if there is something to look at; for the others nothing is to be mended."""

Stage = Literal["held", "result"]
"""A message whose workbooks wait for a person is told so, and told the result later."""
Unanswered = Literal[
    "file", "waiting", "unknown", "unverified", "refused", "automatic", "no_address", "again"
]
"""Why a message has no answer: it was no mail; its workbooks are not merged yet; nobody who may send, or not surely,
sent it, and no person has decided; a person refused it, who says why; a program wrote it; it names no one sender; it is
an earlier message once more."""


@dataclass(frozen=True)
class Replied:
    """What `reply` did: letters `posted`, how many messages had been `answered` before, and why others are not."""

    posted: Posted
    answered: int
    unanswered: Mapping[Unanswered, int]


@dataclass(frozen=True)
class _Due:
    """One message to be answered now."""

    standing: Standing
    stage: Stage
    id: str


@dataclass(frozen=True)
class _Told:
    """One workbook of a message: what became of it, and its record; `path` is where it lies if it is to be marked."""

    result: FileResult
    record: Recorded | None
    path: Path | None


def reply(
    inbox: Path | str,
    store: Path | str,
    mailing: Mailing,
    *,
    schemas: Path | None = None,
    watch: Watch = silent,
) -> Replied:
    """Write an answer to every message of the `inbox` that has none yet, by what the `store` says of its workbooks.

    Those are answered whose sender may send and was verified, or whom a person accepted; never a program. Running it
    again answers nothing twice. Raises MailError, UnknownName for a name in a template that nothing stands for,
    SchemaError, StoreError and OutputError.
    """
    declared = load_schemas(schemas)
    box = Inbox(Path(inbox)).require()
    with alone(mailing.outbox, "reply"):
        outbox = Outbox(mailing.outbox)
        found = _sorted(box, store, outbox, schemas)
        letters = _letters(box, Path(store), found.due, mailing, declared, watch)
        posted = post(letters, outbox, mailing, {one.id for one in (*found.due, *found.answered)})
        return Replied(posted, len(found.answered), found.unanswered)


@dataclass(frozen=True)
class _Sorted:
    """The messages of an inbox: those to be answered now, those answered before, and how many are not."""

    due: Sequence[_Due]
    answered: Sequence[_Due]
    unanswered: Mapping[Unanswered, int]


def _sorted(box: Inbox, store: Path | str, outbox: Outbox, schemas: Path | None) -> _Sorted:
    trust, known = trust_of(box, schemas), outbox.known()
    unanswered: Counter[Unanswered] = Counter()
    asked: list[_Due] = []
    for standing in inbox_standings(box.path, store, schemas=schemas):
        reason = _unanswered(standing, believed=trust.believes(standing.message.letter))
        if reason is None:
            asked.append(_due(standing))
        else:
            unanswered[reason] += 1
    answered = [one for one in asked if one.id in known or _identity(one.standing, "result") in known]
    due = list(_new(asked, answered))
    unanswered.update({"again": len(asked) - len(answered) - len(due)})
    for one in due:
        if _identity(one.standing, "held") in known:
            outbox.withdraw(_identity(one.standing, "held"))
    return _Sorted(due, answered, +unanswered)


def _new(asked: Sequence[_Due], answered: Sequence[_Due]) -> Iterator[_Due]:
    """Yield those of `asked` that are not `answered`, but for a message that only came once more.

    Copies of a message have the same id and other bytes, because each server on the way adds headers.
    """
    before = {one.id for one in answered}
    ids = {one.standing.message.letter.message_id for one in answered} - {""}
    for one in asked:
        message_id = one.standing.message.letter.message_id
        if one.id not in before and (one.standing.workbooks or message_id not in ids):
            yield one
            ids |= {message_id} - {""}


def _due(standing: Standing) -> _Due:
    """Return what is to be answered; that a message was held until a person accepted it is no news to its sender."""
    if standing.decision is not None and standing.decision.word == "accept":
        left = tuple(one for one in standing.findings if one.code not in HOLDING)
        standing = replace(standing, findings=left)
    stage: Stage = "held" if standing.state == "held" else "result"
    return _Due(standing, stage, _identity(standing, stage))


def _identity(standing: Standing, stage: Stage) -> str:
    return identity("reply", standing.message.sha256, stage)


def _unanswered(standing: Standing, *, believed: bool) -> Unanswered | None:
    letter, decision = standing.message.letter, standing.decision
    reasons: Sequence[tuple[Unanswered, bool]] = (
        ("file", standing.message.kind == "file"),
        ("automatic", bool(letter.automatic)),
        ("no_address", not letter.sender),
        ("refused", decision is not None and decision.word == "refuse"),
        ("unknown", decision is None and not standing.units),
        ("unverified", decision is None and not believed),
        ("waiting", _is_unfinished(standing)),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _is_unfinished(standing: Standing) -> bool:
    """Return whether a workbook of a message that may be merged has not been merged yet."""
    apart = standing.state in ("held", "quarantined")
    return not apart and any(verdict is None for _, verdict in standing.workbooks)


def _letters(
    box: Inbox, store: Path, due: Sequence[_Due], mailing: Mailing, schemas: Schemas, watch: Watch
) -> Iterator[Outgoing]:
    if not due:
        return
    template = read_template("reply", mailing.templates)
    told = _told(box, store, due, schemas)
    marked = mark([_marking(one, schemas) for each in told for one in each if one.path])
    for number, (one, files) in enumerate(zip(due, told, strict=True), start=1):
        copies = [next(marked) if file.path else None for file in files]
        mail, enclosures = _mail(one.standing, files, copies)
        fillings = {
            lang: reply_filling(mail, schemas, lang, _today(), mailing.office) for lang in ("vi", "en")
        }
        written = write(template, fillings)  # type: ignore[arg-type]  # the two languages
        letter = one.standing.message.letter
        thread = Thread(letter.message_id, letter.references, letter.subject)
        yield Outgoing(
            id=one.id,
            label="_".join(filter(None, ("tra-loi", mail.unit, _round_of(files)))),
            to=letter.sender,
            subject=written.subject or answering(letter.subject),
            text=written.text,
            html=written.html,
            automatic="auto-replied",
            enclosures=enclosures,
            thread=thread,
        )
        watch("reply", number, len(due), one.id)


def _told(box: Inbox, store: Path, due: Sequence[_Due], schemas: Schemas) -> list[list[_Told]]:
    """Return the workbooks of each message that is due, in the order in which they were attached."""
    asked = {one.sha256 for each in due for one in each.standing.message.letter.workbooks}
    known, standing = _known(store, sorted(asked), schemas)
    return [
        [
            _Told(with_waivers(one.result, standing), one.record, one.path)
            for one in _workbooks(box, each.standing, known)
        ]
        for each in due
    ]


def _known(
    store: Path, files: Sequence[str], schemas: Schemas
) -> tuple[Mapping[str, Recorded], Sequence[Waiving]]:
    """Return what the store knows of `files`, and its waivers; before there is a store, nothing."""
    try:
        with open_store(store, schemas, read_only=True) as opened:
            return recorded(opened, files), waivers(opened)
    except StoreMissing:
        return {}, ()


def _workbooks(box: Inbox, standing: Standing, known: Mapping[str, Recorded]) -> Iterator[_Told]:
    own = {one.sha256 for one, _ in standing.workbooks}
    for one in standing.message.letter.workbooks:
        look = box.look(one.sha256)
        if look is not None and look.is_passed_over:
            continue
        record = known.get(one.sha256)
        result = _result(one, record, is_own=one.sha256 in own)
        to_mark = result.verdict in _MARKED and wants_mending(result)
        yield _Told(result, record, box.workbook(one.sha256) if to_mark else None)


def _result(attachment: Attachment, record: Recorded | None, *, is_own: bool) -> FileResult:
    """Return what became of an attached workbook: what came before in another message is a duplicate in this one."""
    path = Path(safe_name(attachment.name))
    if record is None:
        return unread(path, attachment.sha256, (), "held")
    return FileResult(
        path,
        attachment.sha256,
        record.outcome.verdict if is_own else "duplicate",
        record.form,
        record.unit,
        record.round,
        record.findings if is_own else (),
        record.ledger,
    )


def _marking(one: _Told, schemas: Schemas) -> Marking:
    assert one.path is not None  # noqa: S101  # asked of those alone
    answer = answer_to(one.result, Post(schemas, "vi", BACK.vi))
    return Marking(one.path, one.result.sha256, answer)


def _mail(
    standing: Standing, files: Sequence[_Told], copies: Sequence[Marked | None]
) -> tuple[AnsweredMail, tuple[Enclosure, ...]]:
    enclosures: list[Enclosure] = []
    answered = []
    for file, copy in zip(files, copies, strict=True):
        content = copy.content if copy else None
        fits = content is not None and sum(len(e.content) for e in enclosures) + len(content) <= MOST_BYTES
        name = _free_name(file.result.path.stem, {one.name for one in enclosures}) if fits else None
        if name and content is not None:
            enclosures.append(Enclosure(name, content))
        receipt = file.record.receipt if file.record else None
        answered.append(
            AnsweredFile(
                file.result,
                receipt.chain_no if receipt else None,
                receipt.hash if receipt else None,
                name,
                too_large=content is not None and not fits,
            )
        )
    letter = standing.message.letter
    unit = _unit(standing, files)
    mail = AnsweredMail(letter.subject, standing.message.arrival, unit, tuple(answered), standing.findings)
    return mail, tuple(enclosures)


def _free_name(stem: str, taken: set[str]) -> str:
    base = f"{stem.removesuffix(SUFFIX.vi)}{SUFFIX.vi}"
    names = (f"{base}{number}.xlsx" for number in ("", *(f" ({n})" for n in range(2, len(taken) + 3))))
    return next(name for name in names if name not in taken)


def _unit(standing: Standing, files: Sequence[_Told]) -> str | None:
    """Return the code of the unit answered: that of its workbooks, else the only one for which its sender may send."""
    units = {one.result.unit for one in files if one.result.unit} or set(standing.units or ())
    return units.pop() if len(units) == 1 else None


def _round_of(files: Sequence[_Told]) -> str | None:
    return next((one.result.round for one in files if one.result.round), None)


def _today() -> date:
    return datetime.now(HANOI).date()
