"""Rolls the store up and writes the figures where they are wanted."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from xltrack.errors import UnknownName
from xltrack.forms import PeriodKind, Schemas, load_schemas
from xltrack.hanoi import until
from xltrack.language import Lang, Text
from xltrack.pipeline.naming import one_unit
from xltrack.rollup import BOTH, Rollup, View, write_csv, write_json, write_parquet
from xltrack.rollup.compute import roll_up as compute
from xltrack.rollup.packs import roll_up_units
from xltrack.stages import stage
from xltrack.store import Store, open_store

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from xltrack.excel.national import National

UnitsAt = date | Literal["current", "reported"]
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
    units: UnitsAt | None = None,
) -> Rollup:
    """Return the national figures of the store at the path `store`; write them to `output` if it is named.

    The ending of `output` says the form: .xlsx (in the language `lang`), .csv, .parquet or .json.
    With `units` the figures of units are those of the units as they are today ("current"), as they were on a day, or as
    they reported ("reported"), else those of the 63 and of the 34 provinces, as the workbook has them always.
    With `as_of`, a day (to its end in Hà Nội) or a moment, the figures are those of what had come by then. Raises
    UnknownName for another ending, StoreError, OutputError, and ProgramError when sums do not reconcile: then
    nothing is written.
    """
    if output:
        _check_ending(Path(output), WORKBOOK if units else None)
    declared = load_schemas(schemas)
    opening = partial(
        open_store, Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None
    )
    if output and Path(output).suffix.lower() == WORKBOOK:
        return _into_workbook(opening, declared, period, Path(output), lang)
    view = _view(declared, units) if units else None
    with opening() as opened:
        views = (*BOTH, view) if view == "reported" else BOTH
        result = compute(opened, declared, period, views, with_rows=not output)
    result = result.in_units(view) if view else result
    if output:
        _write(result, Path(output), declared, lang)
    return result


def _into_workbook(
    opening: Callable[[], Store], schemas: Schemas, period: PeriodKind, output: Path, lang: Lang
) -> Rollup:
    """Write the workbook: what makes it is imported while the store is read, its rows made while others count."""
    from xltrack.excel.threads import threads

    with threads(but=1) as workers:
        begun = workers.submit(_begin_workbook, schemas, lang, workers)
        with opening() as opened:
            result = compute(
                opened, schemas, period, take_rows=lambda rows, units: begun.result().take_rows(rows, units)
            )
        with stage("workbook"):
            begun.result().write(result, output)
    return result


def _begin_workbook(schemas: Schemas, lang: Lang, workers: Executor) -> "National":
    with stage("workbook"):
        from xltrack.excel.national import National

        return National(schemas, lang, workers)


def count_with_spark(
    session: "SparkSession",
    folder: Path | str,
    *,
    period: PeriodKind = "annual",
    views: Sequence[View] = BOTH,
    schemas: Path | None = None,
) -> "DataFrame":
    """Return the figures of the rounds of `period`, counted by Spark over the export (`xltrack.export`) in `folder`.

    `folder` is any place that the `session` reads: a path, `hdfs://…`, `s3a://…`. The columns are those of `figures` in
    `Rollup`, without names of units. Needs the extra `spark`. Raises StoreVersion, SchemaError, and StoreError if the
    export was made with other schemas.
    """
    from xltrack.rollup.spark import count_with_spark as count

    return count(session, folder, load_schemas(schemas), period, views)


def roll_up_unit(
    unit: str,
    store: Path | str,
    output: Path | str | None = None,
    *,
    period: PeriodKind = "annual",
    lang: Lang = "vi",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> Rollup:
    """Return the figures of `unit` (a code or name) alone, as the national roll-up has them; write them as `roll_up`.

    Of a province they are also those of the provinces it was made of; nothing of any other is in the result. Raises as
    `roll_up`, and UnknownName for a unit that does not exist, or a name that several have.
    """
    if output:
        _check_ending(Path(output))
    declared = load_schemas(schemas)
    alone = one_unit(unit, declared)
    with open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None) as opened:
        (result,) = roll_up_units(opened, declared, period, [alone])
    if output:
        _write(result, Path(output), declared, lang)
    return result


def _write(rollup: Rollup, output: Path, schemas: Schemas, lang: Lang) -> None:
    with stage("workbook"):
        if output.suffix.lower() == WORKBOOK:
            from xltrack.excel.national import write_national

            write_national(rollup, schemas, output, lang)
        else:
            DATA[output.suffix.lower()](rollup, output)


def _view(schemas: Schemas, units: UnitsAt) -> View:
    if units == "reported":
        return "reported"
    return "34" if units == "current" else schemas.units.province_scheme(units)


def _check_ending(output: Path, refused: str | None = None) -> None:
    """Raise UnknownName for an ending that is none, or `refused`: the workbook shows the units of both."""
    endings = [ending for ending in (WORKBOOK, *DATA) if ending != refused]
    if output.suffix.lower() not in endings:
        hint = Text(f"Dùng một trong: {', '.join(endings)}.", f"Use one of {', '.join(endings)}.")
        kind = Text("dạng kết quả", "form of result")
        raise UnknownName(kind=kind, name=output.suffix or output.name, hint=hint)
