"""The findings in SARIF 2.1.0, the form in which build servers and viewers of checks take results.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 plus Errata 01, 28 August 2023.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xltrack.findings import Code, Finding, catalogue, hint, message, severity
from xltrack.findings.catalogue import plain
from xltrack.language import Lang
from xltrack.report.received import NOT_COMPARED, ReceivedFile
from xltrack.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_Json = dict[str, Any]
# Section 3.11.6: what looks like a link, "[…](1)", is one unless its bracket is escaped.
_LINK = re.compile(r"\[(?=.*\]\()", re.DOTALL)


def as_sarif(files: Sequence[ReceivedFile], lang: Lang) -> str:
    """Return the results of `files` as a SARIF log of one run, as a JSON text.

    Addresses of files are relative to the working directory, or to the folder that all of them share where one lies
    outside. A workbook has no lines, so a place in it is a logical location, "BIA!C7", and is named in the message.
    """
    found = {finding.code for file in files for finding in file.findings}
    codes = [code for name, code in catalogue().items() if name in found]
    uris = _uris([file.path for file in files])
    numbers = {code.code: number for number, code in enumerate(codes)}
    run = {
        "tool": {"driver": {"name": "xltrack", "version": VERSION, "rules": [_rule(c, lang) for c in codes]}},
        "language": lang,
        "invocations": [_invocation(lang)],
        "artifacts": [_artifact(file, uri) for file, uri in zip(files, uris, strict=True)],
        "results": [result for place in enumerate(files) for result in _results(*place, uris, numbers, lang)],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _invocation(lang: Lang) -> _Json:
    """Return that the run came to its end, and what it did not look at."""
    left_out = {"level": "note", "message": {"text": NOT_COMPARED.to(lang)}, "descriptor": {"id": "XLT6xx"}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [left_out]}


def _uris(paths: Sequence[Path]) -> list[str]:
    """Return the address of each of `paths`, relative to one folder for all; of another drive, the whole path."""
    absolute = [path.resolve() for path in paths]
    base = Path.cwd().resolve()
    if not all(path.is_relative_to(base) for path in absolute):
        try:
            base = Path(os.path.commonpath([path.parent for path in absolute]))
        except ValueError:
            return [quote(path.relative_to(path.anchor).as_posix()) for path in absolute]
    return [quote(path.relative_to(base).as_posix()) for path in absolute]


def _rule(code: Code, lang: Lang) -> _Json:
    text = plain(code.message, lang)
    help_text = f"{plain(code.hint, lang)}\n\n{code.explanation.to(lang)}\n\n{code.source}"
    return {
        "id": code.code,
        "name": code.name,
        "shortDescription": _message(text),
        "fullDescription": _message(code.explanation.to(lang)),
        "help": _message(help_text),
        "defaultConfiguration": {"level": code.severity},
        "properties": {"lifecycle": code.lifecycle, "since": code.since, "source": code.source},
    }


def _message(text: str) -> _Json:
    """Return `text` as a message that viewers show as it is, whatever a sender typed (sections 3.11.5 and 3.11.6)."""
    return {"text": _LINK.sub(r"\\[", text).replace("{", "{{").replace("}", "}}")}


def _artifact(file: ReceivedFile, uri: str) -> _Json:
    about = {"verdict": file.verdict, "form": file.form, "unit": file.unit, "round": file.round}
    return {
        "location": {"uri": uri},
        "roles": ["analysisTarget"],
        **({"hashes": {"sha-256": file.sha256}} if file.sha256 else {}),
        "properties": {name: value for name, value in about.items() if value is not None},
    }


def _results(
    at: int, file: ReceivedFile, uris: Sequence[str], numbers: Mapping[str, int], lang: Lang
) -> Iterator[_Json]:
    artifact = {"uri": uris[at], "index": at}
    for finding in file.findings:
        place = _place(finding)
        text = f"{message(finding, lang)} {hint(finding, lang)}"
        yield {
            "ruleId": finding.code,
            "ruleIndex": numbers[finding.code],
            "level": severity(finding),
            **_suppressed(finding, lang),
            "message": _message(f"{place['fullyQualifiedName']}: {text}" if place else text),
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": artifact},
                    **({"logicalLocations": [place]} if place else {}),
                }
            ],
            "properties": {
                name: value
                for name, value in {"column": finding.column, "value": finding.value}.items()
                if value is not None
            },
        }


def _suppressed(finding: Finding, lang: Lang) -> _Json:
    if finding.waiver is None:
        return {}
    why = {"kind": "external", "status": "accepted", "justification": hint(finding, lang)}
    return {"suppressions": [why]}


def _place(finding: Finding) -> _Json | None:
    """Return where in its workbook the finding is, as a formula would say it: "BIA!C7", "BIA!7:7", "BIA"."""
    if finding.sheet is None:
        return None
    inside = finding.cell or (f"{finding.row}:{finding.row}" if finding.row else None)
    if inside is None:
        return {"name": finding.sheet, "fullyQualifiedName": finding.sheet, "kind": "sheet"}
    kind = "cell" if finding.cell else "row"
    return {"name": inside, "fullyQualifiedName": f"{finding.sheet}!{inside}", "kind": kind}
