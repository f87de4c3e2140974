"""Writes the national report for people to read: as a page for a browser."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from xltrack.documents.page import write_page
from xltrack.errors import UnknownName
from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.hanoi import until
from xltrack.language import Lang, Text
from xltrack.rollup import Rollup
from xltrack.rollup.compute import national
from xltrack.rollup.lineage import make_lineage
from xltrack.store import open_store

DOCUMENTS: Mapping[str, Callable[[Rollup, Schemas, Path, Lang], None]] = {".html": write_page}


def write_report(
    store: Path | str,
    output: Path | str,
    *,
    period: PeriodKind = "annual",
    lang: Lang = "vi",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> Rollup:
    """Write the report of the store at the path `store` to `output`, and return the figures that it tells.

    The ending of `output` says the form: .html, a page that holds all it needs. With `as_of`, a day (to its end in
    Hà Nội) or a moment, the figures are those of what had come by then. Raises UnknownName for another ending,
    StoreError, OutputError, and ProgramError naming the figure when sums do not reconcile: then nothing is written.
    """
    target = Path(output)
    write = _writer(target)
    declared = load_schemas(schemas)
    with (
        open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None) as opened,
        national(opened, declared, period) as made,
    ):
        result = replace(made, lineage=make_lineage(opened))
    write(result, declared, target, lang)
    return result


def _writer(output: Path) -> Callable[[Rollup, Schemas, Path, Lang], None]:
    found = DOCUMENTS.get(output.suffix.lower())
    if found is None:
        endings = ", ".join(DOCUMENTS)
        kind = Text("dạng báo cáo", "form of report")
        hint = Text(f"Dùng một trong: {endings}.", f"Use one of {endings}.")
        raise UnknownName(kind=kind, name=output.suffix or output.name, hint=hint)
    return found
