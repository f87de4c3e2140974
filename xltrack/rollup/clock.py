"""Arrivals as a clock on a wall in Hà Nội shows them."""

from datetime import datetime

from xltrack.hanoi import in_hanoi


def wall_clock(moment: datetime | None) -> datetime | None:
    """Return the time in Hà Nội at `moment`, without a zone; None stays None."""
    return in_hanoi(moment).replace(tzinfo=None) if moment else None
