"""The measures as they are declared beside their SQL: groups with their cuts, titles and definitions."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl


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
        cuts=tuple(tuple(cut) for cut in entry["cuts"]),
        nation_cuts=tuple(tuple(cut) for cut in entry["nation_cuts"]),
    )
