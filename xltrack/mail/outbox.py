"""The outbox: a folder in which every letter lies in exactly one of four places.

drafts    written, and not sent by xltrack; a person may open, change, delete or send them
sending   handed to the server, which has not confirmed: nobody can know whether it went out
sent      taken by the server, or moved here by a person who sent it
failed    refused by the server for good; what it said stands in the message, at X-Xltrack-Refused

A letter goes from one place to the next by being renamed, which is done or not done. It is known by the id at the end
of its file name, so that the same letter is not written twice wherever it lies.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import parsedate_to_datetime
from itertools import takewhile
from pathlib import Path
from typing import Final, Literal, get_args

from xltrack.errors import OutputError
from xltrack.files import make_folder, reason_of, replace_file
from xltrack.mail.outgoing import Outgoing, as_draft

Place = Literal["drafts", "sending", "sent", "failed"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)
REFUSED: Final = "X-Xltrack-Refused"
"""The header of a letter that failed: what the server said."""
_NAME: Final = re.compile(r"(?:.*_)?([0-9a-f]{16})")
_LONGEST_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Delivery:
    """To whom a letter went, or may have gone, and when (None: the message does not say)."""

    to: str
    at: datetime | None


class Outbox:
    """The letters in the folder `folder`, which is made with its places if it is missing.

    One program at a time may use it. Raises OutputError where the machine does not let it read or write.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder and its places, for their owner only."""
        self.folder = make_folder(folder)
        for place in PLACES:
            make_folder(folder / place).chmod(0o700)

    def known(self) -> Mapping[str, Place]:
        """Return where each letter lies, by its id."""
        return {identity_of(path): place for place in PLACES for path in self.letters(place)}

    def letters(self, place: Place) -> list[Path]:
        """Return the letters at `place`, in the order of their names; what else lies there is not one."""
        return sorted(path for path in (self.folder / place).glob("*.eml") if _NAME.fullmatch(path.stem))

    def write(self, letter: Outgoing, sender: str | None) -> Path:
        """Put `letter` among the drafts, and return where it lies."""
        path = self.folder / "drafts" / f"{_label(letter.label)}_{letter.id}.eml"
        replace_file(path, as_draft(letter, sender))
        return path

    def move(self, letter: Path, place: Place) -> Path:
        """Move `letter` to `place`, and return where it lies then."""
        there = self.folder / place / letter.name
        try:
            return letter.replace(there)
        except OSError as failure:
            raise OutputError(path=there, reason=reason_of(failure)) from failure

    def withdraw(self, letter_id: str) -> None:
        """Delete a draft that says what is no longer so."""
        for path in self.letters("drafts"):
            if identity_of(path) == letter_id:
                path.unlink(missing_ok=True)

    def deliveries(self) -> Iterator[Delivery]:
        """Yield what went out or may have gone out."""
        for place in ("sending", "sent"):
            for path in self.letters(place):
                yield self.addressed(path)

    def addressed(self, letter: Path) -> Delivery:
        """Return to whom `letter` is addressed, and the time that it bears."""
        try:
            with letter.open("rb") as file:
                lines: Iterator[bytes] = takewhile(bytes.strip, file)
                head = b"".join(lines)
        except OSError as failure:
            raise OutputError(path=letter, reason=reason_of(failure)) from failure
        message = BytesHeaderParser(policy=SMTP).parsebytes(head)
        return Delivery(str(message["To"] or ""), _moment(str(message["Date"] or "")))


def identity_of(path: Path) -> str:
    """Return the id of the letter at `path`, which is one of those that an outbox lists."""
    found = _NAME.fullmatch(path.stem)
    assert found is not None  # noqa: S101  # letters() lists no others
    return found[1]


def _label(text: str) -> str:
    """Return `text` as every system takes it in the name of a file."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^A-Za-z0-9._-]+", "-", letters)[:_LONGEST_LABEL].strip("-.") or "thu"


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
