"""The measures as they are declared beside their SQL: groups with their cuts, titles and definitions."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

_PLACED = """SELECT r.*, o.return_year AS year, o.figures_kind, o.return_unit, p.unit63, p.unit34
FROM (
{rows}
) AS r
JOIN rollup_report AS o ON o.return_no = r.return_no
JOIN rollup_site AS p ON p.spot_no = r.spot_no"""
_IN_WORDS = """SELECT
    r.*, coalesce(l.size, w.none) AS size, coalesce(l.size_sector, w.none) AS size_sector,
    coalesce(l.sector, w.none) AS sector
FROM (
{rows}
) AS r
CROSS JOIN rollup_word AS w
LEFT JOIN rollup_look AS l ON l.look_no = r.look_no"""


@dataclass(frozen=True, slots=True)
class Group:
    """The measures of one SQL file, and along which sets of dimensions they are cut.

    What the other fields mean is said in `definitions.toml`.
    """

    file: str
    measures: tuple[str, ...]
    aggregate: str
    scoped: bool
    spans: str
    looks_back: tuple[str, ...]
    dated: bool
    always: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]
    cuts: tuple[tuple[str, ...], ...]
    nation_cuts: tuple[tuple[str, ...], ...]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Return every dimension that some cut uses, each once."""
        return tuple(
            dict.fromkeys((*self.always, *(name for cut in (*self.cuts, *self.nation_cuts) for name in cut)))
        )


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups in their declared order."""
    return tuple(_group(entry) for entry in _declared()["group"])


@cache
def measures() -> pl.DataFrame:
    """Return the measures: id, sheet and column that they count, unit, additive, titles and definitions."""
    return pl.DataFrame(_declared()["measure"])


def statement(folder: str, name: str) -> str:
    """Return the text of the SQL file `name` in `folder` ("grains", "measures", "lists") of this package."""
    return files("xltrack.rollup").joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")


def rows_of(group: Group) -> str:
    """Return the SQL of the rows that `group` counts, with their year, kind of figures, units and dimensions."""
    rows = statement("measures", group.file)
    if group.aggregate == "distinct":
        return _PLACED.format(rows=rows)
    return in_words(rows) if group.together else rows


def in_words(rows: str) -> str:
    """Return `rows` (SQL) with what the numbers of their return, place and look stand for."""
    return _IN_WORDS.format(rows=_PLACED.format(rows=rows))


def _declared() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return tomllib.loads(
        files("xltrack.rollup").joinpath("measures", "definitions.toml").read_text(encoding="utf-8")
    )


def _group(entry: Mapping[str, Any]) -> Group:
    return Group(
        file=entry["file"],
        measures=tuple(entry["measures"]),
        aggregate=entry["aggregate"],
        scoped=entry.get("scoped", False),
        spans=entry.get("spans", "all"),
        looks_back=tuple(entry.get("looks_back", ())),
        dated=entry.get("dated", False),
        always=tuple(entry.get("always", ())),
        together=tuple(tuple(names) for names in entry.get("together", ())),
        cuts=tuple(tuple(cut) for cut in entry["cuts"]),
        nation_cuts=tuple(tuple(cut) for cut in entry["nation_cuts"]),
    )
