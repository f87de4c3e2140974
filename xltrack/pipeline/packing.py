"""Writes for each unit the workbook of its own figures, to be sent to it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xltrack.excel.national import write_national
from xltrack.excel.template import plain_name
from xltrack.files import make_folder
from xltrack.forms import PeriodKind, Unit, load_schemas
from xltrack.hanoi import until
from xltrack.language import Lang
from xltrack.pipeline.naming import one_unit
from xltrack.rollup.packs import roll_up_units
from xltrack.store import open_store

PACKS = "tong-hop_*.xlsx"
"""What the files of units are called."""


def write_packs(
    store: Path | str,
    directory: Path | str = ".",
    units: Sequence[str] = (),
    *,
    period: PeriodKind = "annual",
    lang: Lang = "vi",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> tuple[Path, ...]:
    """Write a workbook for each of `units` (codes or names; none: all units that have figures); return their paths.

    Each is built like the national one and has the figures and rows of its unit alone, of a province also those of the
    provinces it was made of. A file of the same name is replaced. Raises UnknownName, StoreError, OutputError, and
    ProgramError when sums do not reconcile.
    """
    declared = load_schemas(schemas)
    chosen = [one_unit(name, declared) for name in units]
    folder = make_folder(Path(directory))
    paths: list[Path] = []
    with open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None) as opened:
        for rollup in roll_up_units(opened, declared, period, chosen):
            path = folder / _name(declared.units.by_code[rollup.unit or ""])
            write_national(rollup, declared, path, lang)
            paths.append(path)
    return tuple(paths)


def _name(unit: Unit) -> str:
    """Return the file name, as "tong-hop_T34-24_Bac-Ninh.xlsx"."""
    return PACKS.replace("*", f"{unit.code}_{plain_name(unit.name.vi)}")
