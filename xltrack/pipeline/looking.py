"""What a worker of the sandbox does to find out whose a workbook is: reads it, and checks nothing."""

from collections.abc import Callable
from pathlib import Path

from xltrack.forms import load_schemas
from xltrack.intake import Received, inspect
from xltrack.intake.sandbox import Parcel, pack
from xltrack.mail.model import Look
from xltrack.reading import read_workbook


def looker(*, schemas: Path) -> Callable[[Received], Parcel]:
    """Return the function that looks at one workbook, by the `schemas`."""
    declared = load_schemas(schemas)

    def look(file: Received) -> Parcel:
        intake = inspect(file)
        if intake.verdict != "passed":
            return pack(Look(None, None, intake.verdict == "passed_over"), Look)
        cover = read_workbook(intake, declared).cover
        return pack(Look(cover.unit.code, cover.round.name) if cover else Look(None, None), Look)

    return look
