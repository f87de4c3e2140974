"""Rolls the store up and writes the figures where they are wanted."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from xltrack.errors import UnknownName
from xltrack.excel.national import write_national
from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.hanoi import until
from xltrack.language import Lang, Text
from xltrack.pipeline.watching import Watch, silent
from xltrack.rollup import Rollup, write_csv, write_json, write_parquet
from xltrack.rollup.compute import roll_up as compute
from xltrack.store import open_store

WORKBOOK = ".xlsx"
DATA: Mapping[str, Callable[[Rollup, Path], None]] = {
    ".csv": write_csv,
    ".parquet": write_parquet,
    ".json": write_json,
}


def roll_up(
    store: Path | str,
    output: Path | str | None = None,
    *,
    period: PeriodKind = "annual",
    lang: Lang = "vi",
    schemas: Path | None = None,
    as_of: date | None = None,
    watch: Watch = silent,
) -> Rollup:
    """Return the national figures of the store at the path `store`; write them to `output` if it is named.

    The ending of `output` says the form: .xlsx (in the language `lang`), .csv, .parquet or .json.
    With `as_of`, a day (to its end in Hà Nội) or a moment, the figures are those of what had come by then. Raises
    UnknownName for another ending, StoreError, OutputError, and ProgramError when sums do not reconcile: then
    nothing is written.
    """
    if output:
        _check_ending(Path(output))
    declared = load_schemas(schemas)
    with open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None) as opened:
        result = compute(opened, declared, period)
    watch("rollup", 1, 2, "")
    if output:
        _write(result, Path(output), declared, lang)
    watch("rollup", 2, 2, str(output or ""))
    return result


def _write(rollup: Rollup, output: Path, schemas: Schemas, lang: Lang) -> None:
    if output.suffix.lower() == WORKBOOK:
        write_national(rollup, schemas, output, lang)
    else:
        DATA[output.suffix.lower()](rollup, output)


def _check_ending(output: Path) -> None:
    endings = (WORKBOOK, *DATA)
    if output.suffix.lower() not in endings:
        hint = Text(f"Dùng một trong: {', '.join(endings)}.", f"Use one of {', '.join(endings)}.")
        kind = Text("dạng kết quả", "form of result")
        raise UnknownName(kind=kind, name=output.suffix or output.name, hint=hint)
