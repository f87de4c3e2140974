"""Runs what reads hostile bytes in processes of its own, with limits; what it dies of is told, and others go on."""

from typing import TYPE_CHECKING

from xltrack.late import offered

if TYPE_CHECKING:
    from xltrack.intake.sandbox.kept import kept_workers, starting
    from xltrack.intake.sandbox.limits import Limits
    from xltrack.intake.sandbox.parcel import Garbled, Parcel
    from xltrack.intake.sandbox.plain import Passage, pack, unpack
    from xltrack.intake.sandbox.process import Ask, Order, Stopped
    from xltrack.intake.sandbox.round import at_work, cores, run_all

__all__ = [
    "Ask",
    "Garbled",
    "Limits",
    "Order",
    "Parcel",
    "Passage",
    "Stopped",
    "at_work",
    "cores",
    "kept_workers",
    "pack",
    "run_all",
    "starting",
    "unpack",
]

__getattr__ = offered(
    __name__,
    kept=("kept_workers", "starting"),
    limits=("Limits",),
    parcel=("Garbled", "Parcel"),
    plain=("Passage", "pack", "unpack"),
    process=("Ask", "Order", "Stopped"),
    round=("at_work", "cores", "run_all"),
)
