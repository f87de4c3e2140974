"""Decides whether a file that arrived may be given to a reader."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from xltrack.intake import markup
from xltrack.intake.annotations import read_annotations
from xltrack.intake.archive import read_parts
from xltrack.intake.kinds import require_zip
from xltrack.intake.model import Facts, Intake, Received, Refused, SheetFacts
from xltrack.intake.proof import read_plain_strings, scan_plain
from xltrack.intake.strings import Strings, read_strings
from xltrack.intake.styles import read_styles
from xltrack.intake.worksheet import Vocabulary, scan_worksheet

# Attachments above this are refused; the mail systems of offices rarely carry more.
FILE_BYTES = 25 * 2**20
_PROPERTIES = "docProps/custom.xml"


def receive(path: Path) -> Received:
    """Return what lies at `path`, read once; of a file that is too large, its beginning. Raises OSError."""
    with path.open("rb") as file:
        content = file.read(FILE_BYTES + 1)
        size = os.fstat(file.fileno()).st_size
    return Received(path, content, size, hashlib.sha256(content).hexdigest())


def inspect_file(path: Path) -> Intake:
    """Return the bytes of the file `path`, and whether they may be read; see `inspect`. Raises OSError."""
    return inspect(receive(path))


def inspect(received: Received) -> Intake:
    """Return the bytes `received`, and whether they may be read: `findings` is empty then.

    The name of the file is not trusted.
    """
    path, content, sha256 = received.path, received.content, received.sha256
    try:
        return Intake(path, content, sha256, facts=_inspect(received))
    except Refused as refused:
        return Intake(path, content, sha256, findings=(refused.finding,))


def _inspect(received: Received) -> Facts:
    if received.path.name.startswith(("~$", ".~lock.")):
        raise Refused("XLT109")
    if len(received.content) > FILE_BYTES:
        raise Refused("XLT105", size=_megabytes(received.size), limit=_megabytes(FILE_BYTES))
    require_zip(received.content)
    return read_facts(read_parts(received.content))


def read_facts(parts: Mapping[str, bytes]) -> Facts:
    """Return the facts of the workbook made of `parts`; raises Refused for what no reader should see."""
    structure = markup.read_structure(parts)
    vocabulary = Vocabulary(
        _strings(parts[structure.strings]) if structure.strings else Strings(),
        read_styles(parts[structure.styles]) if structure.styles else (),
    )
    sheets = {tab: _sheet_facts(parts, part, vocabulary) for tab, part in structure.worksheets.items()}
    sheets = {tab: replace(facts, state=structure.states[tab]) for tab, facts in sheets.items()}
    seen = {*structure.worksheets.values(), structure.strings, structure.styles}
    for part, xml in parts.items():
        if part not in seen:
            markup.parse(xml)
    properties = markup.custom_properties(parts[_PROPERTIES]) if _PROPERTIES in parts else {}
    return Facts(sheets, properties, structure.date_1904)


def _strings(xml: bytes) -> Strings:
    return read_plain_strings(xml) or read_strings(xml)


def _sheet_facts(parts: Mapping[str, bytes], part: str, vocabulary: Vocabulary) -> SheetFacts:
    facts = scan_plain(parts[part], vocabulary) or scan_worksheet(parts[part], vocabulary)
    beside = read_annotations(parts, part)
    return replace(
        facts,
        is_filtered=facts.is_filtered or (beside.is_filtered and bool(facts.hidden_rows)),
        tables=beside.tables,
        comments=beside.comments,
        drawings=beside.drawings,
    )


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}".replace(".0", "") + " MB"
