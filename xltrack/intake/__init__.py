"""From a file that arrived to bytes that may be read."""

from xltrack.intake.gate import inspect_file
from xltrack.intake.model import Facts, Intake, SheetFacts

__all__ = ["Facts", "Intake", "SheetFacts", "inspect_file"]
