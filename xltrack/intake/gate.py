"""Decides whether a file that arrived may be given to a reader."""

from dataclasses import replace
from pathlib import Path

from xltrack.findings import Finding
from xltrack.findings.outputs import workbook_output
from xltrack.intake.active import find_active, linked_files
from xltrack.intake.annotations import Reader
from xltrack.intake.archive import Parts, unpack
from xltrack.intake.kinds import require_zip
from xltrack.intake.leftovers import is_leftover
from xltrack.intake.markup import parse, require_harmless
from xltrack.intake.model import Facts, Intake, Received, Refused, SheetFacts, refused
from xltrack.intake.naming import name_of, named, sheet
from xltrack.intake.package import Opened, Structure, read_structure
from xltrack.intake.proof import read_plain_strings, scan_plain
from xltrack.intake.properties import custom_properties
from xltrack.intake.receiving import FILE_BYTES, receive
from xltrack.intake.strings import Strings, read_strings
from xltrack.intake.styles import Format, read_styles
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
        facts, opened = _inspect(received)
    except Refused as refusal:
        return replace(arrived, findings=refusal.findings)
    findings = (Finding("XLT112", facts={"files": facts.links}),) if facts.links else ()
    return replace(arrived, findings=findings, facts=facts, opened=opened)


def read_facts(parts: Parts, structure: Structure) -> Facts:
    """Return the facts of the workbook made of `parts`; raises Refused for what no reader should see."""
    markup = parts.markup
    if parts.tags > RECORDS:
        require_few_cells(markup[part] for part in structure.worksheets.values())
    vocabulary = _vocabulary(parts, structure)
    reader = Reader(markup)
    sheets = {tab: _sheet_facts(parts, structure, tab, vocabulary, reader) for tab in structure.worksheets}
    seen = {*structure.worksheets.values(), structure.strings, structure.styles}
    for part, xml in markup.items():
        if part not in seen:
            with named(name_of(part)):
                (require_harmless if part in structure.attached else parse)(xml)
    return Facts(sheets, custom_properties(markup), structure.date_1904, linked_files(markup))


def _inspect(received: Received) -> tuple[Facts, Opened]:
    content = received.content
    if is_leftover(received.path.name, content, received.size):
        raise refused("XLT109")
    if received.size > FILE_BYTES:
        raise refused("XLT105", size=_megabytes(received.size), limit=_megabytes(FILE_BYTES))
    require_zip(content)
    parts = unpack(content)
    try:
        structure = _structure(parts)
        return _facts(parts, structure), Opened(content, parts, structure)
    except Refused as refusal:
        raise refusal.naming(parts.written) from refusal


def _structure(parts: Parts) -> Structure:
    if active := find_active(parts):
        raise Refused(*active)
    return read_structure(parts)


def _facts(parts: Parts, structure: Structure) -> Facts:
    facts = read_facts(parts, structure)
    if output := workbook_output(facts.properties):
        raise refused("XLT148", kind=output)
    return facts


def _vocabulary(parts: Parts, structure: Structure) -> Vocabulary:
    strings, formats = Strings(), tuple[Format, ...]()
    if structure.strings:
        with named(name_of(structure.strings)):
            xml = parts.markup[structure.strings]
            strings = read_plain_strings(xml) or read_strings(xml)
    if structure.styles:
        with named(name_of(structure.styles)):
            formats = read_styles(parts.markup[structure.styles])
    return Vocabulary(strings, formats, structure.recalculates)


def _sheet_facts(
    parts: Parts, structure: Structure, tab: str, vocabulary: Vocabulary, reader: Reader
) -> SheetFacts:
    part = structure.worksheets[tab]
    with named(sheet(tab)):
        xml = parts.markup[part]
        facts = scan_plain(xml, vocabulary) or scan_worksheet(xml, vocabulary)
        beside = reader.read(part)
    return replace(
        facts,
        state=structure.states[tab],
        is_filtered=facts.is_filtered or (beside.is_filtered and bool(facts.hidden_rows)),
        tables=beside.tables,
        comments=beside.comments,
        answered=beside.answered,
        drawings=beside.drawings,
    )


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}".replace(".0", "") + " MB"
