"""From a file that arrived to bytes that may be read."""

from xltrack.intake.gate import inspect, inspect_file, receive
from xltrack.intake.leftovers import is_lock
from xltrack.intake.model import Facts, Intake, Received, SheetFacts

__all__ = ["Facts", "Intake", "Received", "SheetFacts", "inspect", "inspect_file", "is_lock", "receive"]
