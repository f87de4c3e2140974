"""What workers are that examine received files, how many there are, and how a first one starts before it is asked."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from xltrack.forms.location import digest_of, schemas_directory
from xltrack.intake.sandbox import Limits, Order, cores, starting

EXAMINER = "xltrack.pipeline.examining:examiner"
LIMITS = Limits()
MOST_EXAMINERS = 8
"""Each holds its libraries and a workbook, some 200 MB."""
BYTES_PER_EXAMINER = 300_000
"""Starting a worker costs as much as examining so much: four ordinary workbooks, half of a large one."""


def order(schemas: Path | None) -> Order:
    """Return what workers are for that examine files by the `schemas` as they are now, by default those in use.

    A worker that read them before somebody changed them is one for another order.
    """
    directory = schemas_directory(schemas).resolve()
    return Order(EXAMINER, {"schemas": directory, "version": _version(directory)}, LIMITS)


def _version(directory: Path) -> str:
    """Return the digest of the schemas, "" where they cannot be read: whoever loads them says why."""
    with suppress(OSError):
        return digest_of(directory)
    return ""


def examiner_starting(schemas: Path | None) -> AbstractContextManager[None]:
    """Have a worker for such an order start, while within this modules are imported, stores opened, folders listed."""
    return starting(order(schemas))


def examiners_for(files: Iterable[Path]) -> int:
    """Return how many workers are worth starting for `files`, at least one."""
    sizes = [_size(path) for path in files]
    return max(1, min(cores(), MOST_EXAMINERS, len(sizes), -(-sum(sizes) // BYTES_PER_EXAMINER)))


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
