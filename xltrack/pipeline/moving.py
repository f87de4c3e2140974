"""What a worker of the sandbox does to move one received workbook: it says what each cell holds and where it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xltrack.forms import load_schemas
from xltrack.intake import Received, inspect
from xltrack.intake.sandbox import Parcel, pack
from xltrack.pipeline.examining import judged, refused
from xltrack.pipeline.model import FileResult
from xltrack.reading.moves import Moved, Stayed, find_moves


@dataclass(frozen=True)
class Moving:
    """One file read in order to be moved; `currency` is the code of its money unit. A refused file has no cells."""

    result: FileResult
    currency: str | None = None
    moved: tuple[Moved, ...] = ()
    stayed: tuple[Stayed, ...] = ()


def mover(*, schemas: Path) -> Callable[[Received], Parcel]:
    """Return the function that reads one file by the `schemas` and says where its cells go."""
    declared = load_schemas(schemas)

    def move(file: Received) -> Parcel:
        intake = inspect(file)
        if intake.verdict != "passed":
            return pack(Moving(refused(intake).result), Moving)
        moves = find_moves(intake, declared)
        book = moves.workbook
        return pack(Moving(judged(book, book.findings), book.currency, moves.moved, moves.stayed), Moving)

    return move
