"""Who may send for which unit, and whether an address is really the sender's."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from xltrack.errors import MailError
from xltrack.files import reason_not_read, separator_of
from xltrack.forms import Units
from xltrack.language import Text
from xltrack.mail.model import Letter

COLUMNS: Final = ("unit_code", "sender", "valid_from", "valid_to", "note")
_DAY: Final = Text(" (ghi 31/12/2025 hoặc 2025-12-31)", " (write 31/12/2025 or 2025-12-31)")
_VERIFIED: Final[Mapping[str, str]] = {"dkim": r"header\.[di]", "spf": r"smtp\.mailfrom"}
_OUTSIDE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[()]|[^"\\()]+', re.DOTALL)
_IN_COMMENT: Final = re.compile(r"\\.|[()]|[^\\()]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sender:
    """One row of the list: an address, or a domain with "@" before it, and the days on which it may send for a unit."""

    unit: str
    address: str
    valid_from: date | None = None
    valid_to: date | None = None

    def may_send(self, address: str, day: date | None) -> bool:
        """Return whether `address` is meant, on that `day` (None: any)."""
        is_meant = address == self.address or (
            self.address.startswith("@") and address.partition("@")[2] == self.address[1:]
        )
        return is_meant and (day is None or ((self.valid_from or day) <= day <= (self.valid_to or day)))


@dataclass(frozen=True, slots=True)
class Senders:
    """The whole list."""

    rows: tuple[Sender, ...] = ()

    def units_of(self, address: str, day: date | None) -> frozenset[str]:
        """Return the codes of the units for which `address` may send on that `day`."""
        return frozenset(row.unit for row in self.rows if address and row.may_send(address, day))

    def addresses_of(self, unit: str, day: date | None) -> tuple[str, ...]:
        """Return the addresses (no domains) that may send for the unit with this code on that `day`, as listed."""
        return tuple(
            row.address
            for row in self.rows
            if row.unit == unit and not row.address.startswith("@") and row.may_send(row.address, day)
        )


@dataclass(frozen=True, slots=True)
class Trust:
    """By what a sender is believed.

    `verified_by` is the name (authserv-id) under which one's own mail server writes its Authentication-Results (RFC
    8601). Without it no address is believed, unless `unverified` says that From is taken at its word.
    """

    senders: Senders
    verified_by: str | None = None
    unverified: bool = False

    def believes(self, letter: Letter) -> bool:
        """Return whether the letter came from the domain of its sender, by what one's own server says of it."""
        if self.unverified:
            return True
        results = _own_results(letter, self.verified_by.lower()) if self.verified_by else []
        return _is_verified(results, letter.sender.partition("@")[2])


def read_senders(path: Path, units: Units) -> Senders:
    """Return the list at `path`, CSV in UTF-8 (commas or semicolons) with the columns `COLUMNS`; raises MailError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise MailError(place=path, reason=reason_not_read(failure)) from failure
    except UnicodeDecodeError as failure:
        raise MailError(place=path, reason=Text("tệp không phải UTF-8", "it is not UTF-8")) from failure
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    if missing := sorted({"unit_code", "sender"} - set(reader.fieldnames or ())):
        named = ", ".join(missing)
        raise MailError(place=path, reason=Text(f"thiếu cột {named}", f"it lacks the columns {named}"))
    return Senders(tuple(_sender(path, line, row, units) for line, row in enumerate(reader, start=2)))


def _sender(path: Path, line: int, row: Mapping[str, str | None], units: Units) -> Sender:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if said["unit_code"] not in units.by_code:
        raise _wrong(path, line, "unit_code", said)
    if not re.fullmatch(r"[^@\s]*@[^@\s]+", said["sender"]):
        raise _wrong(path, line, "sender", said)
    first, last = (_day(path, line, name, said) for name in ("valid_from", "valid_to"))
    return Sender(said["unit_code"], said["sender"].lower(), first, last)


def _day(path: Path, line: int, name: str, said: Mapping[str, str]) -> date | None:
    """Return the day said, as 2025-12-31 or as Vietnamese spreadsheets write it, 31/12/2025; None where none is."""
    if not said[name]:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(said[name], form).replace(tzinfo=UTC).date()
    raise _wrong(path, line, name, said)


def _wrong(path: Path, line: int, column: str, said: Mapping[str, str]) -> MailError:
    vi, en = f"dòng {line}, cột {column}: `{said[column]}`", f"line {line}, column {column}: `{said[column]}`"
    form = _DAY if column.startswith("valid") else Text("", "")
    return MailError(place=path, reason=Text(f"{vi}{form.vi}", f"{en}{form.en}"))


def _own_results(letter: Letter, server: str) -> list[str]:
    """Return what one's own server found, which it wrote above everything that came with the letter.

    Whoever sends can write such headers too, but only below the first that is one's own: what stands there, beyond the
    next Received, is not looked at (RFC 8601, 1.6 and 5).
    """
    for group in letter.stamps:
        own = [
            plain
            for plain in map(_uncommented, group)
            if re.match(rf"\s*{re.escape(server)}(?=[\s;]|\Z)", plain)
        ]
        if own:
            return own
    return []


def _is_verified(results: list[str], domain: str) -> bool:
    """Return whether the results speak for `domain`: DMARC, where there is a result of it, else DKIM or SPF of it."""
    found = [one for result in results for one in _results(result)]
    policies = [(verdict, properties) for method, verdict, properties in found if method == "dmarc"]
    if any(verdict != "none" for verdict, _ in policies):
        return all(verdict == "pass" and _is_from(domain, properties) for verdict, properties in policies)
    return any(
        verdict == "pass" and _is_of(domain, method, properties) for method, verdict, properties in found
    )


def _results(result: str) -> Iterator[tuple[str, str, str]]:
    """Yield method, verdict and properties of each part of an Authentication-Results header without its comments."""
    for part in result.split(";")[1:]:
        if found := re.match(r"\s*([\w-]+)(?:\s*/\s*\d+)?\s*=\s*(\w+)(.*)", part, re.DOTALL):
            yield found[1], found[2], found[3]


def _is_from(domain: str, properties: str) -> bool:
    """Return whether the server found the sender in From that was found here."""
    named = re.findall(r"(?:^|\s)header\.from\s*=\s*(\S+)", properties)
    return all(one.rpartition("@")[2] == domain for one in named)


def _is_of(domain: str, method: str, properties: str) -> bool:
    """Return whether what `method` verified is `domain` itself, or of that domain."""
    verified = _VERIFIED.get(method)
    named = re.findall(rf"(?:^|\s){verified}\s*=\s*(?:[^\s@]*@)?(\S+)", properties) if verified else []
    return bool(domain) and domain in named


def _uncommented(header: str) -> str:
    """Return `header` in lower case without comments, and without quoted text that is more than a plain address.

    Whoever sends chooses part of what a server writes there, `"a; dkim=pass"@evil.example` for one. Where it makes a
    difference whether quotes count within comments, nobody knows what the server said: it has said nothing then.
    """
    plain = header.lower()
    one, other = (_outside(plain, tokens) for tokens in (_IN_COMMENT, _OUTSIDE))
    return one if one and one == other else plain.partition(";")[0]


def _outside(header: str, in_comment: "re.Pattern[str]") -> str:
    """Return what of `header` stands outside comments, which may be within one another; "" if they do not end."""
    plain, depth, at = "", 0, 0
    while at < len(header) and depth >= 0:
        found = (in_comment if depth else _OUTSIDE).match(header, at)
        piece = found[0] if found else header[at]
        at += len(piece)
        depth += (piece == "(") - (piece == ")")
        if not depth:
            plain += " " if piece == ")" else _unquoted(piece)
    return "" if depth else plain


def _unquoted(piece: str) -> str:
    if len(piece) < 2 or not piece.startswith('"'):
        return piece
    return piece[1:-1] if re.fullmatch(r"[\w.@+-]*", piece[1:-1]) else ""
