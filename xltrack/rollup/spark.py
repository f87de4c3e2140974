"""The measures counted by Spark over an export, from the same SQL files: for more rows than one machine holds."""

import json
from collections.abc import Mapping, Sequence
from functools import partial, reduce
from pathlib import Path

import polars as pl
from pyspark.sql import DataFrame, SparkSession

from xltrack.errors import StoreError, StoreVersion
from xltrack.forms import PeriodKind, Schemas
from xltrack.language import Text
from xltrack.rollup.definitions import groups, measures
from xltrack.rollup.figures import query
from xltrack.rollup.grain import GRAINS, YEARS_ASKED, condensed, inputs
from xltrack.rollup.model import BOTH, View
from xltrack.store.backup import MANIFEST, STANDING, STANDING_TABLES, Manifest
from xltrack.store.current import sheet_view
from xltrack.store.schema import LINEAGE, STORE_VERSION, StoredSheet, stored_sheets

# As in DuckDB: a number that does not fit is an error, and "return" in quotes is a name.
_DIALECT = {"spark.sql.ansi.enabled": "true", "spark.sql.ansi.doubleQuotedIdentifiers": "true"}
_TYPES = {"VARCHAR": "STRING", "JSON": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ", "BLOB": "BINARY"}
_OF_FRAMES = {pl.String: "STRING", pl.Int64: "BIGINT", pl.Boolean: "BOOLEAN", pl.Date: "DATE"}


def count_with_spark(
    session: SparkSession,
    folder: Path | str,
    schemas: Schemas,
    period_kind: PeriodKind = "annual",
    views: Sequence[View] = BOTH,
) -> DataFrame:
    """Return what `make_figures` returns, counted by Spark over the export in `folder`, any place that Spark reads.

    `value` is a 64-bit integer; a sum beyond that is an error of Spark's, never a wrong figure. The grains are made at
    once and kept by the executors; the figures are counted when they are asked for. All names are those of a session
    beside `session`. Raises StoreVersion, and StoreError if the export was made with other schemas than `schemas`.
    """
    own = session.newSession()
    for name, value in _DIALECT.items():
        own.conf.set(name, value)
    own.sql("CREATE TEMPORARY FUNCTION rollup_number(code STRING) RETURNS STRING RETURN code")
    _read_export(own, folder.as_posix() if isinstance(folder, Path) else folder, schemas)
    years = [year for (year,) in own.sql(YEARS_ASKED, args=[period_kind]).collect()]
    for name, frame in inputs(years, schemas, period_kind, views).items():
        _spark_frame(own, frame).createOrReplaceTempView(f"rollup_{name}")
    for name in GRAINS:
        # Views upon views would be planned anew by each of those above them.
        own.sql(condensed(name)).localCheckpoint().createOrReplaceTempView(f"rollup_{name}")
    return _figures(own)


def _figures(session: SparkSession) -> DataFrame:
    units = _spark_frame(session, measures().select(measure="id", measure_unit="unit"))
    parts = [session.sql(query(group)) for group in groups()]
    made = reduce(partial(DataFrame.unionByName, allowMissingColumns=True), parts)
    return made.join(units, "measure", "left")


def _read_export(session: SparkSession, folder: str, schemas: Schemas) -> None:
    """Let SQL read what stands, and of every sheet that `schemas` declare the rows that count."""
    manifest = _manifest(session, folder, schemas)
    for name in STANDING_TABLES:
        session.read.parquet(f"{folder}/{STANDING}/{name}").createOrReplaceTempView(name)
    for sheet in stored_sheets(schemas).values():
        columns = {**LINEAGE, **sheet.stored, **manifest.columns.get(sheet.id, {})}
        _table(session, folder, sheet, columns, manifest).createOrReplaceTempView(sheet.id)
        session.sql(sheet_view(sheet, columns))


def _table(
    session: SparkSession, folder: str, sheet: StoredSheet, columns: Mapping[str, str], manifest: Manifest
) -> DataFrame:
    """Return the rows of `sheet`; a sheet of which nobody has sent a row has no files."""
    declared = ", ".join(f"`{name}` {_TYPES.get(kind, kind)}" for name, kind in columns.items())
    if any(file.startswith(f"{sheet.id}/") for file in manifest.files):
        return session.read.schema(declared).parquet(f"{folder}/{sheet.id}")
    return session.createDataFrame([], declared)


def _manifest(session: SparkSession, folder: str, schemas: Schemas) -> Manifest:
    ((text,),) = session.read.text(f"{folder}/{MANIFEST}", wholetext=True).collect()
    manifest = Manifest(**json.loads(text))
    if manifest.store_version != STORE_VERSION:
        raise StoreVersion(path=folder, found=manifest.store_version, expected=STORE_VERSION)
    if manifest.schemas_version != schemas.fingerprint:
        raise StoreError(reason=_other_schemas(folder))
    return manifest


def _spark_frame(session: SparkSession, frame: pl.DataFrame) -> DataFrame:
    declared = ", ".join(f"`{name}` {_OF_FRAMES[kind.base_type()]}" for name, kind in frame.schema.items())
    return session.createDataFrame(frame.rows(), declared)


def _other_schemas(folder: str) -> Text:
    return Text(
        f"Bản xuất `{folder}` được ghi với bộ lược đồ khác. Xuất lại kho, hoặc dùng đúng bộ lược đồ đó.",
        f"The export `{folder}` was made with other schemas. Export the store again, or give those schemas.",
    )
