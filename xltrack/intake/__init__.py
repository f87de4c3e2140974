"""From a file that arrived to bytes that may be read."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.intake.gate import inspect, inspect_file
    from xltrack.intake.leftovers import is_lock
    from xltrack.intake.model import Facts, Intake, Received, SheetFacts
    from xltrack.intake.receiving import receive

__all__ = ["Facts", "Intake", "Received", "SheetFacts", "inspect", "inspect_file", "is_lock", "receive"]

__getattr__ = offered(
    __name__,
    gate=("inspect", "inspect_file"),
    leftovers=("is_lock",),
    model=("Facts", "Intake", "Received", "SheetFacts"),
    receiving=("receive",),
)
