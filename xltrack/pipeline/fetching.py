"""Brings mail in: each message kept before anything is done with it, looked into in the sandbox, sorted, told."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from xltrack.findings import Finding
from xltrack.forms import load_schemas
from xltrack.intake import receive
from xltrack.intake.sandbox import Ask, Garbled, Order, Parcel, Stopped, run_all, unpack
from xltrack.language import Text
from xltrack.mail import Inbox, Letter, Look, Message, Standing
from xltrack.mail.inbox import Settings
from xltrack.mail.log import note
from xltrack.mail.opening import HEADER_BYTES, LIMITS, MESSAGE_BYTES, Opened, Raw
from xltrack.mail.sources import Incoming, incoming
from xltrack.pipeline.mailing import inbox_standings
from xltrack.pipeline.watching import Watch, silent

_OPENER = Order("xltrack.mail.opening:opener", {}, LIMITS)
# So much is taken before it is looked into and recorded: what is not recorded yet is in memory.
_BATCH = 50
_BATCH_BYTES = 64 * 2**20
_STOPPED = {
    "died": Text("thư làm hỏng chương trình đọc", "it ended the program that read it"),
    "slow": Text("đọc quá lâu", "reading it took too long"),
    "late": Text("đọc quá lâu", "reading it took too long"),
    "memory": Text("đọc tốn quá nhiều bộ nhớ", "reading it took too much memory"),
}


@dataclass(frozen=True)
class Wanted:
    """How mail is to be fetched.

    `received` is when files arrived that are no mail; `settings` rule, from now on, by what senders are believed (None:
    as before). Messages on a server are moved into the folder `processed`, or `quarantine` if they are held or
    hostile; with `leave` they stay where they are.
    """

    received: datetime | None = None
    settings: Settings | None = None
    leave: bool = False
    processed: str = "Processed"
    quarantine: str = "Quarantine"


@dataclass(frozen=True)
class Fetched:
    """What a run found: how many messages were `seen`, and the standings of all that came, new ones and known ones.

    A message that lies there twice, byte for byte, is seen twice and stands once.
    """

    seen: int
    new: frozenset[str]
    standings: tuple[Standing, ...]


@dataclass
class _Run:
    """One run over a source: what was seen so far, as (SHA-256, UID on the server)."""

    box: Inbox
    received: datetime | None
    seen: list[tuple[str, str]] = field(default_factory=list)
    new: set[str] = field(default_factory=set)

    def take(self, messages: Iterable[tuple[Incoming, str]]) -> None:
        """Keep, look into and record all `messages` that are not known yet, a batch at a time."""
        batch: dict[str, Incoming] = {}
        for one, uid in messages:
            sha256 = hashlib.sha256(one.content).hexdigest()
            self.seen.append((sha256, uid))
            if not self.box.has(sha256):
                if one.name is None:
                    self.box.keep_raw(sha256, one.content, one.ending)
                batch[sha256] = one
            if (
                len(batch) >= _BATCH
                or sum(len(waiting.content) for waiting in batch.values()) >= _BATCH_BYTES
            ):
                self._record(batch)
                batch = {}
        self._record(batch)

    def take_unread(self) -> None:
        """Record the messages that an earlier run kept before it was cut off, and that have gone from their source."""
        kept = ((path, path.read_bytes()) for path in self.box.unread())
        self.take((Incoming(content, len(content), path.name), "") for path, content in kept)

    def _record(self, batch: Mapping[str, Incoming]) -> None:
        opened = run_all(_OPENER, _open, tuple(batch.values()))
        for (sha256, one), found in zip(batch.items(), opened, strict=True):
            for attachment, content in zip(found.letter.workbooks, found.contents, strict=True):
                self.box.keep_workbook(attachment, content)
            self.box.keep(self._message(sha256, one, found))
            self.new.add(sha256)

    def _message(self, sha256: str, one: Incoming, found: Opened) -> Message:
        is_mail = one.name is None
        arrival = one.arrival or (found.arrival if is_mail else self.received)
        return Message(sha256, "mail" if is_mail else "file", found.letter, arrival, one.source, one.size)


def fetch(
    source: str | Path,
    inbox: Path | str,
    *,
    wanted: Wanted | None = None,
    schemas: Path | None = None,
    watch: Watch = silent,
) -> Fetched:
    """Bring every message at `source` into the `inbox`, made if missing, and return what is known of each.

    `source` is the address of a mailbox (imaps://USER@HOST/FOLDER), a folder, a mailbox file (.mbox), a message (.eml,
    .msg), an archive or a workbook. A message is kept before anything else, so a run that is cut off is repeated and
    loses nothing; fetching again changes nothing. Raises MailError, OutputError and SchemaError; never for what a
    sender sent.
    """
    # The library for servers is imported for servers alone.
    from xltrack.mail.server import is_address

    wanted = wanted or Wanted()
    run = _Run(Inbox(Path(inbox)).make(wanted.settings), wanted.received)
    if is_address(str(source)):
        _from_server(str(source), run, wanted, schemas, watch)
    else:
        run.take((one, "") for one in _watched(incoming(Path(source)), watch))
        run.take_unread()
        _look(run.box, schemas, watch)
    found = _told(run, schemas)
    states = {
        state: sum(one.state == state for one in found) for state in sorted({one.state for one in found})
    }
    note(run.box, "fetch", seen=len(run.seen), new=len(run.new), **states)
    return Fetched(len(run.seen), frozenset(run.new), found)


def _from_server(source: str, run: _Run, wanted: Wanted, schemas: Path | None, watch: Watch) -> None:
    from xltrack.mail.server import address_of, connected

    with connected(address_of(source)) as server:
        known = {one.source for one in run.box.messages()} if wanted.leave else set()
        uids = [uid for uid in server.uids() if server.source(uid) not in known]
        letters = ((server.read(uid), uid) for uid in uids)
        run.take(_counted(((one, uid) for one, uid in letters if one is not None), len(uids), watch))
        run.take_unread()
        _look(run.box, schemas, watch)
        if not wanted.leave:
            apart = {
                one.message.sha256 for one in _told(run, schemas) if one.state in ("held", "quarantined")
            }
            lying = [(sha256, uid) for sha256, uid in run.seen if uid]
            server.move([uid for sha256, uid in lying if sha256 in apart], wanted.quarantine)
            server.move([uid for sha256, uid in lying if sha256 not in apart], wanted.processed)


def _told(run: _Run, schemas: Path | None) -> tuple[Standing, ...]:
    seen = {sha256 for sha256, _ in run.seen}
    return tuple(one for one in inbox_standings(run.box.path, schemas=schemas) if one.message.sha256 in seen)


def _watched(messages: Iterable[Incoming], watch: Watch) -> Iterator[Incoming]:
    for number, one in enumerate(messages, start=1):
        watch("fetch", number, number, one.source)
        yield one


def _counted(
    messages: Iterable[tuple[Incoming, str]], total: int, watch: Watch
) -> Iterator[tuple[Incoming, str]]:
    for number, (one, uid) in enumerate(messages, start=1):
        watch("fetch", number, total, one.source)
        yield one, uid


def _open(one: Incoming, ask: Ask) -> Opened:
    """Have one message looked into; what the worker does not survive is told, with what its headers say."""
    try:
        return ask(Raw(one.content, one.size, one.name), _accepted)
    except Stopped as stopped:
        own = stopped.words.partition("\n")[0]
        finding = Finding("XLT705", facts={"reason": _STOPPED.get(stopped.reason, Text(own, own))})
    blank = Opened(Letter("", "", "", ""), (), None)
    if one.name is not None:
        return replace(blank, letter=replace(blank.letter, findings=(finding,)))
    try:
        closed = ask(Raw(one.content[:HEADER_BYTES], MESSAGE_BYTES + 1), _accepted)
    except Stopped:
        closed = blank
    return replace(closed, letter=replace(closed.letter, findings=(finding,)))


def _accepted(parcel: Parcel) -> Opened:
    """Return what a worker found, if its parts fit; raises Garbled."""
    opened: Opened = unpack(parcel, Opened)
    hashes = [hashlib.sha256(content).hexdigest() for content in opened.contents]
    if hashes != [one.sha256 for one in opened.letter.workbooks]:
        raise Garbled("the contents are not those of the attachments")
    return opened


def _look(box: Inbox, schemas: Path | None, watch: Watch) -> None:
    """Find out of every workbook at which nobody has looked whose it is."""
    wanted = dict.fromkeys(one.sha256 for message in box.messages() for one in message.letter.workbooks)
    paths = {box.workbook(sha256): sha256 for sha256 in wanted if box.look(sha256) is None}
    files = [path for path in paths if path is not None]
    order = Order("xltrack.pipeline.looking:looker", {"schemas": load_schemas(schemas).directory}, LIMITS)
    for number, (path, look) in enumerate(zip(files, run_all(order, _look_at, files), strict=True), start=1):
        watch("look", number, len(files), path.name)
        box.keep_look(paths[path], look)


def _look_at(path: Path, ask: Ask) -> Look:
    """Have one workbook looked at; one that cannot be read is nobody's, and `merge` says why."""
    try:
        return ask(receive(path), _look_of)
    except Stopped:
        return Look(None, None)


def _look_of(parcel: Parcel) -> Look:
    look: Look = unpack(parcel, Look)
    return look
