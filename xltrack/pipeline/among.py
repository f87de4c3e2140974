"""What shows only among the files of one call: an enterprise that two units support, a tool for which two pay.

Each file's worker says what its return claims of enterprises (`claims_of`); rows stay where they are. The store says
the same of all returns that it holds, once they are merged (`xltrack.store.history`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from xltrack.checking.wording import joined
from xltrack.findings import Finding
from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.pipeline.condensing import condensed
from xltrack.pipeline.model import Claim, FileResult

_STEM = 10
SUPPORTED, PAID = "XLT616", "XLT624"
PLACES = {SUPPORTED: ("enterprises", "tax_code"), PAID: ("funding", "subject_id")}
"""The sheet and column where a file says so."""

_Thing = tuple[str, str, str]
_Key = Callable[[Claim], _Thing]
_Shared = Mapping[str | None, Mapping[_Thing, set[str]]]


def compared(results: Sequence[FileResult], schemas: Schemas) -> tuple[FileResult, ...]:
    """Return `results` without their claims, each with XLT616 and XLT624 where another unit claims the same.

    A province and the one it became are no two units; that both report is said when they are merged.
    """
    today = {row["predecessor"]: row["successor"] for row in schemas.table("tax_code_changes")}

    def thing(claim: Claim) -> _Thing:
        stem = claim.tax_code[:_STEM]
        return claim.code, today.get(stem, stem), claim.tool

    shared = _shared(results, thing)
    return tuple(_told(result, tuple(_findings(result, shared, thing, schemas))) for result in results)


def _shared(results: Sequence[FileResult], thing: _Key) -> _Shared:
    """Return by round what several units claim, and which."""
    first: dict[str | None, dict[_Thing, str]] = defaultdict(dict)
    shared: dict[str | None, dict[_Thing, set[str]]] = defaultdict(dict)
    for result in results:
        unit, known, several = result.unit, first[result.round], shared[result.round]
        for claim in result.claims.each if result.claims and unit else ():
            one = thing(claim)
            if known.setdefault(one, str(unit)) != unit:
                several.setdefault(one, {known[one]}).add(str(unit))
    return shared


def _findings(result: FileResult, shared: _Shared, thing: _Key, schemas: Schemas) -> Iterator[Finding]:
    claims, form, several = result.claims, schemas.forms.get(result.form or ""), shared[result.round]
    for claim in claims.each if claims and form and result.unit and several else ():
        units = several.get(thing(claim))
        others = _others(str(result.unit), units, schemas) if units else ()
        if claims and form and others:
            (sheet, column), (tab, letter) = PLACES[claim.code], claims.at[claim.code]
            facts = {
                "title": form.by_id[sheet].by_id[column].title,
                "units": joined(schemas.units.by_code[unit].name for unit in others),
                "year": int((result.round or "0")[:4]),
                "tool": _label(claim.tool, schemas),
            }
            yield Finding(claim.code, tab, claim.row, f"{letter}{claim.row}", column, claim.value, facts)


def _others(unit: str, units: set[str], schemas: Schemas) -> list[str]:
    """Return those of `units` that are not `unit`, what it became, or what it was made of."""
    became = schemas.units.successor
    return sorted(
        other for other in units - {unit} if became.get(unit) != other and became.get(other) != unit
    )


def _label(tool: str, schemas: Schemas) -> Text:
    known = schemas.code_lists["tools"].by_code
    return known[tool].label if tool in known else Text(tool, tool)


def _told(result: FileResult, found: tuple[Finding, ...]) -> FileResult:
    return replace(
        result, claims=None, findings=condensed((*result.findings, *found)) if found else result.findings
    )
