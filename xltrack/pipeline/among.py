"""What shows only among the files of one call: an enterprise that two units support, a tool for which two pay.

Each file's worker says what its return claims of enterprises (`claims_of`); rows stay where they are. The store says
the same of all returns that it holds, once they are merged (`xltrack.store.history`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import Final

from xltrack.checking.wording import joined
from xltrack.findings import Finding
from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.pipeline.condensing import condensed
from xltrack.pipeline.model import Claims, FileResult

_STEM = 10
SUPPORTED: Final = "XLT616"
PAID: Final = "XLT624"
PLACES = {SUPPORTED: ("enterprises", "tax_code"), PAID: ("funding", "subject_id")}
"""The sheet and column where a file says so."""

_Thing = tuple[str, str, str]
_Things = Callable[[Claims], Iterator[_Thing]]
_Shared = Mapping[str | None, Mapping[_Thing, set[str]]]


def compared(results: Sequence[FileResult], schemas: Schemas) -> tuple[FileResult, ...]:
    """Return `results` without their claims, each with XLT616 and XLT624 where another unit claims the same.

    A province and the one it became are no two units; that both report is said when they are merged.
    """
    today = {row["predecessor"]: row["successor"] for row in schemas.table("tax_code_changes")}

    def things(claims: Claims) -> Iterator[_Thing]:
        for tax_code, tool in zip(claims.tax_codes, claims.tools or repeat(""), strict=False):
            stem = tax_code[:_STEM]
            yield claims.code, today.get(stem, stem), tool

    shared = _shared(results, things)
    return tuple(_told(result, tuple(_findings(result, shared, things, schemas))) for result in results)


def _shared(results: Sequence[FileResult], things: _Things) -> _Shared:
    """Return by round what several units claim, and which."""
    first: dict[str | None, dict[_Thing, str]] = defaultdict(dict)
    shared: dict[str | None, dict[_Thing, set[str]]] = defaultdict(dict)
    for result in results:
        unit, known, several = result.unit, first[result.round], shared[result.round]
        for one in chain.from_iterable(map(things, result.claims or ())) if unit else ():
            if known.setdefault(one, str(unit)) != unit:
                several.setdefault(one, {known[one]}).add(str(unit))
    return shared


def _findings(result: FileResult, shared: _Shared, things: _Things, schemas: Schemas) -> Iterator[Finding]:
    form, several = schemas.forms.get(result.form or ""), shared[result.round]
    for claims in (result.claims or ()) if form and result.unit and several else ():
        for place, one in enumerate(things(claims)):
            units = several.get(one)
            if units and (others := _others(str(result.unit), units, schemas)):
                yield _finding(result, claims, place, others, schemas)


def _finding(
    result: FileResult, claims: Claims, place: int, others: Sequence[str], schemas: Schemas
) -> Finding:
    """Return what is said of the claim at `place`, which `others` make too."""
    sheet, column = PLACES[claims.code]
    facts = {
        "title": schemas.forms[str(result.form)].by_id[sheet].by_id[column].title,
        "units": joined(schemas.units.by_code[unit].name for unit in others),
        "year": int((result.round or "0")[:4]),
        "tool": _label(claims.tools[place] if claims.tools else "", schemas),
    }
    row, value = claims.rows[place], (claims.values or claims.tax_codes)[place]
    return Finding(claims.code, claims.tab, row, f"{claims.letter}{row}", column, value, facts)


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
