"""Decides whether a file that arrived may be given to a reader."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from xltrack.findings import Finding
from xltrack.findings.outputs import workbook_output
from xltrack.intake.active import find_active, linked_files
from xltrack.intake.annotations import Annotations, Reader
from xltrack.intake.archive import Parts, unpack
from xltrack.intake.kinds import require_zip
from xltrack.intake.leftovers import is_leftover
from xltrack.intake.markup import parse, require_harmless
from xltrack.intake.model import Facts, Intake, Received, Refused, SheetFacts, State, refused
from xltrack.intake.naming import name_of, named, sheet
from xltrack.intake.opened import Contents, Opened
from xltrack.intake.package import Structure, read_structure
from xltrack.intake.proof import read_plain_strings, scan_plain
from xltrack.intake.properties import custom_properties
from xltrack.intake.receiving import FILE_BYTES, receive
from xltrack.intake.strings import Strings, read_strings
from xltrack.intake.styles import Format, read_styles
from xltrack.intake.values import Values
from xltrack.intake.walk import RECORDS, require_few_cells
from xltrack.intake.worksheet import Vocabulary, scan_worksheet


def inspect_file(path: Path) -> Intake:
    """Return what lies at `path`, and whether it may be read; see `inspect`. Raises OSError."""
    return inspect(receive(path))


def inspect(received: Received) -> Intake:
    """Return what was `received` with what was found in it, and whether it may be read: its verdict says so.

    The name of the file counts only where it is that of a lock or of the system, and the content agrees.
    """
    arrived = Intake(received.path, received.content, received.sha256)
    try:
        _require_workbook(received)
        facts, contents = _open(received.content)
    except Refused as refusal:
        return replace(arrived, findings=refusal.findings)
    findings = (Finding("XLT112", facts={"files": facts.links}),) if facts.links else ()
    opened = Opened(contents, lambda: _open(received.content)[1])
    return replace(arrived, findings=findings, facts=facts, opened=opened)


def _require_workbook(received: Received) -> None:
    content = received.content
    if is_leftover(received.path.name, content, received.size):
        raise refused("XLT109")
    if received.size > FILE_BYTES:
        raise refused("XLT105", size=_megabytes(received.size), limit=_megabytes(FILE_BYTES))
    require_zip(content)


def _open(content: bytes) -> tuple[Facts, Contents]:
    """Return the facts and the contents of the workbook `content`; raises Refused."""
    parts = unpack(content)
    try:
        facts, contents = _read(parts, _structure(parts))
        if output := workbook_output(facts.properties):
            raise refused("XLT148", kind=output)
    except Refused as refusal:
        raise refusal.naming(parts.written) from refusal
    return facts, contents


def _read(parts: Parts, structure: Structure) -> tuple[Facts, Contents]:
    markup = parts.markup
    if parts.tags > RECORDS:
        require_few_cells(markup[part] for part in structure.worksheets.values())
    vocabulary = _vocabulary(parts, structure)
    sheets, values = _read_worksheets(parts, structure, vocabulary)
    seen = {*structure.worksheets.values(), structure.strings, structure.styles}
    for part, xml in markup.items():
        if part not in seen:
            with named(name_of(part)):
                (require_harmless if part in structure.attached else parse)(xml)
    facts = Facts(sheets, custom_properties(markup), structure.date_1904, linked_files(markup))
    return facts, Contents(parts, structure, vocabulary, values)


def _structure(parts: Parts) -> Structure:
    if active := find_active(parts):
        raise Refused(*active)
    return read_structure(parts)


def _vocabulary(parts: Parts, structure: Structure) -> Vocabulary:
    strings, formats = Strings(), tuple[Format, ...]()
    if structure.strings:
        with named(name_of(structure.strings)):
            xml = parts.markup[structure.strings]
            strings = read_plain_strings(xml) or read_strings(xml)
    if structure.styles:
        with named(name_of(structure.styles)):
            formats = read_styles(parts.markup[structure.styles])
    return Vocabulary(strings, formats, structure.recalculates, structure.date_1904)


def _read_worksheets(
    parts: Parts, structure: Structure, vocabulary: Vocabulary
) -> tuple[Mapping[str, SheetFacts], Mapping[str, Values]]:
    """Return the facts of each worksheet, and the values of those of which they were taken on the way."""
    reader = Reader(parts.markup)
    sheets: dict[str, SheetFacts] = {}
    values: dict[str, Values] = {}
    for tab, part in structure.worksheets.items():
        with named(sheet(tab)):
            xml = parts.markup[part]
            plain = scan_plain(xml, vocabulary)
            facts = plain.facts if plain else scan_worksheet(xml, vocabulary)
            sheets[tab] = _with_all(facts, reader.read(part), structure.states[tab])
        if plain and plain.values is not None:
            values[tab] = plain.values
    return sheets, values


def _with_all(facts: SheetFacts, beside: Annotations, state: State) -> SheetFacts:
    return replace(
        facts,
        state=state,
        is_filtered=facts.is_filtered or (beside.is_filtered and bool(facts.hidden_rows)),
        tables=beside.tables,
        comments=beside.comments,
        answered=beside.answered,
        explained=beside.explained,
        drawings=beside.drawings,
    )


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}".replace(".0", "") + " MB"
