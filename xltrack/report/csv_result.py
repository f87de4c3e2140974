"""The findings as CSV, for those who sort and filter them in a spreadsheet program."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from xltrack.findings import Finding, hint, message, severity
from xltrack.language import Lang
from xltrack.report.received import ReceivedFile

FIELDS = (
    "path",
    "verdict",
    "form",
    "unit",
    "round",
    "severity",
    "code",
    "sheet",
    "row",
    "cell",
    "column",
    "value",
    "message",
    "hint",
    "waiver",
)
"""The columns: those of a finding in the JSON, after those of its file; of a waiver its number."""

# What Excel and LibreOffice take for the beginning of a formula, in full width too; white space does not stop them.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def as_csv(files: Iterable[ReceivedFile], lang: Lang) -> bytes:
    """Return a line for each finding of `files` below the names of FIELDS: RFC 4180, UTF-8 with the mark of Excel.

    Text that a spreadsheet program would take for a formula gets an apostrophe before it. A file in which nothing was
    found has no line.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(FIELDS)
    writer.writerows(row for file in files for row in _rows(file, lang))
    return text.getvalue().encode("utf-8-sig")


def _rows(file: ReceivedFile, lang: Lang) -> Iterator[list[str]]:
    about = (str(file.path), file.verdict, file.form, file.unit, file.round)
    for finding in file.findings:
        yield [safe(value) for value in (*about, *_of_finding(finding, lang))]


def _of_finding(finding: Finding, lang: Lang) -> tuple[object, ...]:
    place = (finding.sheet, finding.row, finding.cell, finding.column, finding.value)
    waiver = finding.waiver.number if finding.waiver else None
    return (severity(finding), finding.code, *place, message(finding, lang), hint(finding, lang), waiver)


def safe(value: object) -> str:
    """Return `value` as the text of a cell that no spreadsheet program takes for a formula or writes backwards."""
    text = "" if value is None else _TURNING.sub("\N{REPLACEMENT CHARACTER}", str(value))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
