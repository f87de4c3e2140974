"""What workers are that examine received files, and how a first one starts before there is anything to read."""

from contextlib import AbstractContextManager
from pathlib import Path

from xltrack.forms.location import schemas_directory
from xltrack.intake.sandbox import Limits, Order, starting

EXAMINER = "xltrack.pipeline.examining:examiner"
LIMITS = Limits()


def order(schemas: Path | None) -> Order:
    """Return what workers are for that examine received files by the `schemas`, by default those in use."""
    return Order(EXAMINER, {"schemas": schemas_directory(schemas).resolve()}, LIMITS)


def examiner_starting(schemas: Path | None) -> AbstractContextManager[None]:
    """Have a worker for such an order start, while within this modules are imported, stores opened, folders listed."""
    return starting(order(schemas))
