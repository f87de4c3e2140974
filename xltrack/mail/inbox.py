"""The inbox on disk: a folder in which every file is written whole, and named by what it holds.

    xltrack-inbox.json        says that the folder is one, and by what senders are believed
    senders.csv               who may send for which unit
    log.txt                   what was done and when, without a name or an address
    messages/SHA256.eml       a message as received (.msg as Outlook saved it)
    messages/SHA256.json      what it says, and what was attached: its record, written after the message itself
    files/SHA256/NAME.xlsx    each workbook once, as it was attached
    workbooks/SHA256.json     whose it is by its cover
    decisions/SHA256.json     what people decided about the message

Nothing is ever changed but decisions, so two runs at once, or one killed and repeated, end with the same folder.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TypeVar

from xltrack.errors import MailError
from xltrack.files import reason_not_read, replace_file
from xltrack.language import Text
from xltrack.mail.mark import MARK, is_inbox
from xltrack.mail.model import Attachment, Decision, Look, Message
from xltrack.mail.names import safe_name
from xltrack.mail.records import as_json, decisions_of, look_of, message_of
from xltrack.mail.senders import COLUMNS

Record = TypeVar("Record")
_VERSION: Final = 1
_NO_SENDERS: Final = f"{','.join(COLUMNS)}\r\n".encode("utf-8-sig")
_MINE_ALONE: Final = 0o700
_ENDINGS: Final = (".eml", ".msg")


@dataclass(frozen=True, slots=True)
class Settings:
    """By what senders are believed; see `Trust`."""

    verified_by: str | None = None
    unverified: bool = False


class Inbox:
    """An inbox folder; reading raises MailError for records that are damaged, writing OutputError."""

    def __init__(self, path: Path) -> None:
        """Use the folder `path`; nothing is made before something is written."""
        self.path = path

    @property
    def senders(self) -> Path:
        """Return where the list of senders lies."""
        return self.path / "senders.csv"

    @property
    def settings(self) -> Settings:
        """Return by what senders are believed."""
        plain = _read(self.path / MARK, json.loads)
        return Settings(plain.get("verified_by"), bool(plain.get("unverified")))

    def make(self, settings: Settings | None = None) -> "Inbox":
        """Make the folder if it is missing, for its owner alone (on Windows with the rights of the folder around it).

        With `settings` these rule from now on.
        """
        is_new = not is_inbox(self.path)
        if is_new or settings is not None:
            plain = {"inbox_version": _VERSION} | asdict(settings or Settings())
            replace_file(self.path / MARK, json.dumps(plain).encode() + b"\n")
        if is_new:
            self.path.chmod(_MINE_ALONE)
            _add(self.senders, _NO_SENDERS)
        return self

    def require(self) -> "Inbox":
        """Return this inbox; raises MailError if there is none at its path."""
        if not is_inbox(self.path):
            reason = Text(
                "không phải hộp thư của xltrack; chạy `xltrack fetch` trước",
                "it is no inbox of xltrack; run `xltrack fetch` first",
            )
            raise MailError(place=self.path, reason=reason)
        return self

    def keep_raw(self, sha256: str, content: bytes, ending: str = ".eml") -> None:
        """Keep the bytes of a message before anything else is done with it."""
        _add(self._message(sha256, ending), content)

    def raw(self, sha256: str) -> bytes | None:
        """Return the bytes of a message, None of a workbook that came without one."""
        paths = [self._message(sha256, ending) for ending in _ENDINGS]
        found = next((path for path in paths if path.is_file()), None)
        return found.read_bytes() if found else None

    def unread(self) -> tuple[Path, ...]:
        """Return where messages lie that were kept but have no record yet: a run was cut off between the two."""
        kept = (path for ending in _ENDINGS for path in _whole(self._messages, ending))
        return tuple(path for path in kept if not path.with_suffix(".json").is_file())

    def keep_workbook(self, attachment: Attachment, content: bytes) -> Path:
        """Keep the bytes of an attached workbook, once, and return where."""
        path = self.workbook(attachment.sha256) or self.path / "files" / attachment.sha256 / safe_name(
            attachment.name
        )
        _add(path, content)
        return path

    def workbook(self, sha256: str) -> Path | None:
        """Return where the workbook lies, None if it was not kept."""
        folder = self.path / "files" / sha256
        return next(iter(_whole(folder, "")), None)

    def keep(self, message: Message) -> None:
        """Record a message, whose bytes and workbooks have been kept."""
        replace_file(self._message(message.sha256, ".json"), as_json(message))

    def has(self, sha256: str) -> bool:
        """Return whether the message with these bytes is recorded."""
        return self._message(sha256, ".json").is_file()

    def messages(self) -> tuple[Message, ...]:
        """Return every message in the order in which they came; those without an arrival last."""
        found = [_read(path, message_of) for path in _whole(self._messages, ".json")]
        return tuple(sorted(found, key=_place))

    def keep_look(self, sha256: str, look: Look) -> None:
        """Record whose a workbook is."""
        replace_file(self._look(sha256), as_json(look))

    def look(self, sha256: str) -> Look | None:
        """Return whose a workbook is, None if nobody has looked yet."""
        path = self._look(sha256)
        return _read(path, look_of) if path.is_file() else None

    def decide(self, sha256: str, decision: Decision) -> None:
        """Record a decision about a message; it stands in place of those before it, which are kept."""
        replace_file(self._decisions(sha256), as_json((*self.decisions(sha256), decision)))

    def decisions(self, sha256: str) -> Sequence[Decision]:
        """Return what was decided about a message, the last valid."""
        path = self._decisions(sha256)
        return _read(path, decisions_of) if path.is_file() else ()

    @property
    def _messages(self) -> Path:
        return self.path / "messages"

    def _message(self, sha256: str, ending: str) -> Path:
        return self._messages / f"{sha256}{ending}"

    def _look(self, sha256: str) -> Path:
        return self.path / "workbooks" / f"{sha256}.json"

    def _decisions(self, sha256: str) -> Path:
        return self.path / "decisions" / f"{sha256}.json"


def _whole(folder: Path, ending: str) -> Sequence[Path]:
    """Return the files of a folder; one whose name begins with a dot was being written when a run was cut off."""
    return sorted(path for path in folder.glob(f"*{ending}") if not path.name.startswith("."))


def _add(path: Path, content: bytes) -> None:
    if not path.is_file():
        replace_file(path, content)


def _place(message: Message) -> tuple[bool, float, str]:
    arrival = message.arrival
    return arrival is None, arrival.timestamp() if arrival else 0, message.sha256


def _read(path: Path, parse: Callable[[bytes], Record]) -> Record:
    try:
        return parse(path.read_bytes())
    except OSError as failure:
        raise MailError(place=path, reason=reason_not_read(failure)) from failure
    except (ValueError, LookupError, TypeError) as failure:
        reason = Text(f"bản ghi bị hỏng ({failure})", f"the record is damaged ({failure})")
        raise MailError(place=path, reason=reason) from failure
