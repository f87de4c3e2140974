"""Rolls the store up and writes the figures where they are wanted."""

from collections.abc import Callable, Mapping
from pathlib import Path

from xltrack.errors import UnknownName
from xltrack.excel.national import write_national
from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.language import Text
from xltrack.pipeline.watching import Watch, silent
from xltrack.rollup import Rollup, write_csv, write_json, write_parquet
from xltrack.rollup.compute import roll_up as compute
from xltrack.store import open_store

WRITERS: Mapping[str, Callable[[Rollup, Schemas, Path], None]] = {
    ".xlsx": write_national,
    ".csv": lambda rollup, _, path: write_csv(rollup, path),
    ".parquet": lambda rollup, _, path: write_parquet(rollup, path),
    ".json": lambda rollup, _, path: write_json(rollup, path),
}


def roll_up(
    store: Path | str,
    output: Path | str | None = None,
    *,
    period: PeriodKind = "annual",
    schemas: Path | None = None,
    watch: Watch = silent,
) -> Rollup:
    """Return the national figures of the store at the path `store`; write them to `output` if it is named.

    The ending of `output` says the form: .xlsx, .csv, .parquet or .json. Raises UnknownName for another ending,
    StoreError, OutputError, and ProgramError when sums do not reconcile: then nothing is written.
    """
    writer = _writer(Path(output)) if output else None
    declared = load_schemas(schemas)
    with open_store(Path(store), declared, read_only=True) as opened:
        result = compute(opened, declared, period)
    watch("rollup", 1, 2, "")
    if writer and output:
        writer(result, declared, Path(output))
        watch("rollup", 2, 2, str(output))
    return result


def _writer(output: Path) -> Callable[[Rollup, Schemas, Path], None]:
    if output.suffix.lower() not in WRITERS:
        hint = Text(f"Dùng một trong: {', '.join(WRITERS)}.", f"Use one of {', '.join(WRITERS)}.")
        raise UnknownName(
            kind=Text("dạng kết quả", "form of result"), name=output.suffix or output.name, hint=hint
        )
    return WRITERS[output.suffix.lower()]
